//! New payment accounts wait while a second digital identity came in a person's name, and the office settles it.

use base::Timestamp;
use jiff::SignedDuration;

use crate::{
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
