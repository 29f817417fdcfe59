//! New payment accounts wait while a second digital identity came in a person's name, and the office settles it.

use base::Timestamp;
use jiff::SignedDuration;

use crate::{
    mandates::{ALL, act_for, form, give, identity as identity_of, press, propose},
    program::{run, stderr, stdout},
    world::{NOW, World, root},
};

const NOE: &str = "noe";
const MINUTE: SignedDuration = SignedDuration::from_mins(1);
const IBAN: &str = "IT60X0542811101000000123456";

/// Somebody comes as the person with another provider, a minute later.
fn second_identity(world: &World, person: &str) {
    let noted = async {
        let mut tx = world.database().begin().await?;
        let sql = "INSERT INTO identity_pairs (fiscal_code, provider, spid_code, first_login_at)
                   VALUES ($1, 'https://altro.example', 'ALTR01', $2)";
        tx.execute(sql, database::params![person, NOW.parse::<Timestamp>().expect("an instant") + MINUTE]).await?;
        tx.commit().await
    };
    world.block_on(noted).expect("a second identity");
}

fn fiscal_code(world: &World) -> String {
    let row = async {
        let mut tx = world.database().read().await?;
        tx.row("SELECT fiscal_code FROM identity_pairs", &[]).await
    };
    let row = world.block_on(row).expect("a table").expect("the person came in");
    row.text("fiscal_code").expect("a code")
}

fn identity(world: &World, arguments: &[&str]) -> std::process::Output {
    let (url, root) = (world.database_url(), root().display().to_string());
    run(&[&["identity"], arguments, &["--database", url, "--root", &root]].concat())
}

#[test]
fn a_new_account_waits_until_the_office_or_the_days_have_settled_it() {
    let world = World::new();
    let noe = world.person(NOE);
    let code = fiscal_code(&world);
    second_identity(&world, &code);
    let page = noe.get("/servizi/assegno-unico/domanda");
    let typed = page.form("/domanda/").with("iban", IBAN);
    let refused = noe.post(&typed);
    assert_eq!(refused.status, 422, "{}", refused.words());
    assert!(refused.words().contains("è comparsa un’altra identità digitale"), "{}", refused.words());
    assert!(refused.body.contains("IT60"), "what was typed stays");
    let summary = noe.get("/servizi/assegno-unico/domanda/riepilogo");
    assert!(!summary.has_form("/domanda/invia"), "it cannot be sent: {}", summary.words());

    let listed = stdout(&identity(&world, &["list", &code]));
    assert!(listed.contains("2  https://altro.example") && listed.contains("nessuno ha detto di chi è"), "{listed}");
    assert!(stderr(&identity(&world, &["settle", &code, "3", "own"])).contains("n. 3 non c’è"));
    assert!(identity(&world, &["settle", &code, "2", "own"]).status.success());
    let sent = noe.post(&noe.get("/servizi/assegno-unico/domanda").form("/domanda/invia"));
    assert!(sent.words().contains("Domanda inviata"), "{}", sent.words());
}

#[test]
fn nobody_is_let_in_by_a_person_of_whom_it_is_not_sure_that_they_are_the_person() {
    let world = World::new();
    let (noe, luca) = (world.person(NOE), world.person("luca"));
    let asked = propose(&luca, &noe, &["istanza-generica"], &["see"]);
    second_identity(&world, &identity_of(&noe).0);
    let (code, surname) = identity_of(&luca);
    let refused = noe.post(&form(&noe, (&code, &surname), &["istanza-generica"], &["see"]));
    let told = "ora non puoi dare né accettare deleghe";
    assert!(refused.status == 422 && refused.words().contains(told), "{} {}", refused.status, refused.words());
    assert!(refused.body.contains(&code), "what was typed stays");
    let accepted = press(&noe, &asked, "accetta");
    assert!(accepted.body.contains(told) && !accepted.words().contains("in vigore"), "{}", accepted.words());
    assert!(press(&noe, &asked, "rifiuta").words().contains("rifiutata"), "closing a door needs no certainty");
    // Of what was given before, the home page tells; and it can be taken back.
    let given = propose(&luca, &world.person("silvia"), &["istanza-generica"], &["see"]);
    let home = luca.get("/").words();
    assert!(home.contains("Deleghe date da poco a tuo nome"), "{home}");
    press(&luca, &given, "revoca");
    assert!(!luca.get("/").words().contains("Deleghe date da poco"), "what has ended is no news");
}

#[test]
fn who_came_with_a_new_identity_takes_no_copy_of_everything_along() {
    let world = World::new();
    let noe = world.person(NOE);
    let copy = |status: u16| {
        let (page, file) = (noe.get("/profilo/copia"), noe.get("/profilo/copia/dati.json"));
        assert_eq!((page.body.contains("dati.json"), file.status), (status == 200, status), "{}", page.words());
    };
    copy(200);
    let code = fiscal_code(&world);
    second_identity(&world, &code);
    copy(200); // who came first takes it
    let first = async {
        let mut tx = world.database().begin().await?;
        let sql = "UPDATE identity_pairs SET first_login_at = $1 WHERE provider = 'https://altro.example'";
        let before = NOW.parse::<Timestamp>().expect("an instant") - MINUTE;
        tx.execute(sql, database::params![before]).await?;
        tx.commit().await
    };
    world.block_on(first).expect("the other one is older");
    copy(409);
    assert!(identity(&world, &["settle", &code, "2", "own"]).status.success());
    copy(200);
}

#[test]
fn who_is_not_sure_to_be_who_they_are_leaves_no_account_in_somebody_elses_draft() {
    let world = World::new();
    let (noe, luca) = (world.person(NOE), world.person("luca"));
    let place = give(&noe, &luca, &["assegno-unico"], ALL);
    second_identity(&world, &identity_of(&luca).0);
    act_for(&luca, &place);
    let refused = luca.post(&luca.get("/servizi/assegno-unico/domanda").form("/domanda/").with("iban", IBAN));
    assert!(refused.status == 422 && refused.body.contains("IT60"), "{}", refused.words());
    assert!(refused.words().contains("è comparsa un’altra identità digitale"), "{}", refused.words());
    let own = noe.get("/servizi/assegno-unico/domanda");
    assert!(!own.body.contains("IT60") && !own.has_form("/domanda/invia"), "{}", own.words());
}
