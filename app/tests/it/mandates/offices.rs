//! Mandates that people give to an office of an intermediary: whoever works there at that moment acts, and nobody else.

use std::fs;

use background::Round;
use catalogue::{Intermediary, read_intermediaries};
use mandates::IntermediaryList;

use super::{ALL, USUAL, act_for, form, give, identity, press, submitted};
use crate::{
    client::{Client, Page},
    world::{World, root},
};

const ROME: &str = "/deleghe/uffici/patronato-esempi-roma";
const MILAN: &str = "/deleghe/uffici/caf-prove-milano";

/// Silvia gives the office of Rome a mandate; gives its identifier.
fn proposed(giver: &Client, services: &[&str], verbs: &[&str]) -> String {
    let page = giver.get("/deleghe/nuova/ufficio");
    let mut filled = form(giver, ("", ""), services, verbs);
    filled.action = page.form("/deleghe/nuova/ufficio").action;
    filled.fields.retain(|(name, _)| name != "codice_fiscale" && name != "cognome");
    let page = giver.post(&filled.with("ufficio", "patronato-esempi-roma"));
    assert!(page.status == 200 && page.words().contains("Patronato degli Esempi, ufficio di Roma"), "{}", page.words());
    page.place.trim_start_matches("/deleghe/").split('?').next().unwrap_or_default().to_owned()
}

/// The same, accepted by Rosa.
fn given(giver: &Client, rosa: &Client, services: &[&str], verbs: &[&str]) -> String {
    let id = proposed(giver, services, verbs);
    let page = press(rosa, &format!("{ROME}/{id}"), "accetta");
    assert!(page.words().contains("in vigore"), "{}", page.words());
    id
}

fn act(who: &Client, id: &str) -> Page {
    let page = press(who, &format!("{ROME}/{id}"), "agisci");
    assert!(page.place == "/pratiche" && page.body.contains("Stai agendo per"), "{} {}", page.place, page.words());
    page
}

fn listed() -> Vec<Intermediary> {
    let text = fs::read_to_string(root().join("content/intermediaries.toml")).expect("the file");
    read_intermediaries("content/intermediaries.toml", &text).expect("no mistakes")
}

/// Somebody is on the list no more.
fn strike(world: &World, name: &str) {
    let mut list = listed();
    list.iter_mut().for_each(|office| office.operators.retain(|(_, operator)| operator != name));
    enrol(world, &list);
}

fn enrol(world: &World, list: &[Intermediary]) {
    let done = async {
        let mut tx = world.database().begin().await?;
        assert!(mandates::enrol(&mut tx, list).await?);
        anyhow::Ok(tx.commit().await?)
    };
    world.block_on(done).expect("the list");
}

#[test]
fn whoever_works_at_the_office_acts_and_each_act_says_who_and_for_which_office() {
    let world = World::new();
    let (silvia, rosa, omar) = (world.person("silvia"), world.person("rosa"), world.person("omar"));
    let id = proposed(&silvia, &["istanza-generica"], USUAL);
    assert!(omar.get("/deleghe").words().contains("0 in vigore, 1 da accettare"), "{}", omar.get("/deleghe").words());
    assert!(!press(&rosa, &format!("{ROME}/{id}"), "agisci").body.contains("Stai agendo"), "nobody has accepted it");
    let accepted = press(&rosa, &format!("{ROME}/{id}"), "accetta").words();
    assert!(accepted.contains("Accettata da Rosa Prova (Patronato degli Esempi, ufficio di Roma)"), "{accepted}");
    act(&rosa, &id);
    let banner = rosa.get("/pratiche");
    assert!(banner.body.contains("Patronato degli Esempi, ufficio di Roma, con la delega n. 1/2026, fino al"));
    let receipt = rosa.request("Una copia", "Chiedo una copia dei miei atti.");
    let told = "Rosa Prova, Patronato degli Esempi, ufficio di Roma, per conto di Silvia Abbienti (delega n. 1/2026)";
    assert!(receipt.words().contains(told), "{}", receipt.words());
    let filed = submitted(&world).remove(0);
    let body = filed.body.as_ref().expect("what it says");
    let authority = body.actor.authority.as_ref().expect("by which authority");
    assert_eq!((authority.kind.as_str(), authority.number.as_str()), ("office", "1/2026"));
    assert_eq!(authority.office.as_deref(), Some("Patronato degli Esempi, ufficio di Roma"));
    assert_eq!(body.actor.subject, identity(&rosa).0);
    assert_eq!(body.actor.on_behalf_of.as_deref(), Some(identity(&silvia).0.as_str()));
    // A colleague goes on with it.
    let case = format!("/pratiche/{}", filed.case);
    assert_eq!(omar.get(&case).status, 404);
    act(&omar, &id);
    assert!(omar.get(&case).words().contains(told), "{}", omar.get(&case).words());
    world.acts_of(filed.case, 2);
    let letter = silvia.get(&case).links().into_iter().find(|link| link.contains("/comunicazioni/")).expect("a letter");
    let letter = silvia.get(&letter).words();
    assert!(letter.contains("(Patronato degli Esempi, ufficio di Roma, delega n. 1/2026)"), "{letter}");
    // Silvia sees who read, of which office; the page of the mandate, who did what.
    let reads = silvia.get("/profilo/letture").words();
    for who in ["Rosa Prova", "Omar Modello", "Patronato degli Esempi, ufficio di Roma, con la delega n. 1/2026"] {
        assert!(reads.contains(who), "{who}: {reads}");
    }
    // Their own things stay apart.
    press(&omar, "/deleghe", "torna");
    assert!(!omar.get("/pratiche").body.contains(&case) && omar.get(&case).status == 404);
    assert_eq!(omar.get(&format!("/deleghe/{id}")).status, 404, "it is not his, but the office's");
    assert!(!omar.get("/deleghe").words().contains("Silvia Abbienti"));
}

#[test]
fn other_offices_and_strangers_see_nothing_and_own_mandates_stay_apart() {
    let world = World::new();
    let (silvia, elena) = (world.person("silvia"), world.person("elena"));
    let (rosa, pina, luca) = (world.person("rosa"), world.person("pina"), world.person("luca"));
    let id = given(&silvia, &rosa, &["tutti"], ALL);
    for who in [&pina, &luca] {
        for place in [ROME.to_owned(), format!("{ROME}/{id}"), format!("{MILAN}/{id}")] {
            assert_eq!(who.get(&place).status, 404, "{place}");
        }
        for what in ["accetta", "rifiuta", "rinuncia", "agisci"] {
            for office in [ROME, MILAN] {
                assert_eq!(press(who, &format!("{office}/{id}"), what).status, 404, "{office} {what}");
            }
        }
        for what in ["accetta", "rifiuta", "rinuncia", "revoca", "agisci"] {
            assert_eq!(press(who, &format!("/deleghe/{id}"), what).status, 404, "{what}");
        }
    }
    assert_eq!(pina.get(MILAN).status, 200);
    assert!(!pina.get(MILAN).words().contains("Silvia"));
    // Rosa ends it for the office, but does not revoke it for Silvia; what Elena gave Rosa is Rosa's alone.
    assert_eq!(press(&rosa, &format!("/deleghe/{id}"), "revoca").status, 404);
    let own = give(&elena, &rosa, &["tutti"], USUAL);
    let office = rosa.get(ROME).words();
    assert!(office.contains("Silvia Abbienti") && !office.contains("Elena Inventati"), "{office}");
    assert_eq!(rosa.get(&format!("{ROME}/{}", own.trim_start_matches("/deleghe/"))).status, 404);
    // The office's choice of a person is not the one of a mandate of one's own.
    act_for(&rosa, &own);
    let page = rosa.get("/servizi/istanza-generica/domanda");
    let elenas = page.form("/domanda/").with("oggetto", "Per Elena").with("testo", "Un testo per Elena.");
    act(&rosa, &id);
    let refused = rosa.post(&elenas);
    assert!(refused.status == 409 && refused.body.contains("Un testo per Elena."), "{}", refused.words());
    assert!(press(&rosa, &format!("{ROME}/{id}"), "rinuncia").words().contains("rinunciata"));
    assert_eq!(rosa.get("/pratiche").status, 404);
}

#[test]
fn who_leaves_the_list_loses_it_at_once_and_colleagues_go_on() {
    let world = World::new();
    let (silvia, rosa, omar) = (world.person("silvia"), world.person("rosa"), world.person("omar"));
    let id = given(&silvia, &rosa, &["tutti"], ALL);
    act(&rosa, &id);
    act(&omar, &id);
    rosa.request("Prima", "La prima richiesta.");
    let case = format!("/pratiche/{}", submitted(&world)[0].case);
    let page = rosa.get("/servizi/istanza-generica/domanda");
    let typed = page.form("/domanda/").with("oggetto", "Seconda").with("testo", "Un testo lungo, scritto con cura.");
    strike(&world, "Rosa Prova");
    for place in [case.as_str(), "/pratiche", ROME, &format!("{ROME}/{id}")] {
        assert_eq!(rosa.get(place).status, 404, "{place}");
    }
    let refused = rosa.post(&typed);
    assert_eq!((refused.status, refused.title().as_str()), (409, "Non puoi più agire per questa persona"));
    assert!(refused.body.contains("scritto con cura"), "{}", refused.words());
    assert!(!rosa.get("/deleghe").words().contains("Patronato"));
    assert_eq!(press(&rosa, &format!("{ROME}/{id}"), "agisci").status, 404);
    assert_eq!(omar.get(&case).status, 200);
    omar.request("Terza", "Un’altra richiesta.");
    assert_eq!(submitted(&world).len(), 2);
    // Of an office that is not on the list any more Silvia reads that nobody can act.
    let unlisted = "Questo ufficio non è più nell’elenco";
    assert!(!silvia.get(&format!("/deleghe/{id}")).words().contains(unlisted));
    enrol(&world, &listed()[1..]);
    assert!(silvia.get(&format!("/deleghe/{id}")).words().contains(unlisted));
    assert_eq!(omar.get(&case).status, 404);
    enrol(&world, &listed());
    assert_eq!(omar.get(&case).status, 200, "back on the list, the mandate holds again");
    // A mandate that is taken back in the middle is over for everybody there.
    let typed = omar.get("/servizi/istanza-generica/domanda").form("/domanda/").with("testo", "Scritto prima.");
    assert!(press(&silvia, &format!("/deleghe/{id}"), "revoca").words().contains("revocata"));
    let refused = omar.post(&typed);
    assert!(refused.status == 409 && refused.body.contains("Scritto prima."), "{}", refused.words());
    assert_eq!(omar.get(&case).status, 404);
    assert!(!press(&omar, &format!("{ROME}/{id}"), "agisci").body.contains("Stai agendo"));
}

#[test]
fn an_office_is_chosen_from_the_list_and_nothing_else() {
    let world = World::new();
    let silvia = world.person("silvia");
    let shown = silvia.get("/deleghe/nuova/ufficio").words();
    assert!(shown.contains("CAF delle Prove, ufficio di Milano") && !shown.contains("Pina"), "{shown}");
    assert!(!shown.contains("Rapporto sul personale"), "what only companies ask for is not a person’s to give");
    for (name, office) in [("ufficio", "altro-ufficio"), ("ufficio", ""), ("codice_fiscale", "CMPPNI79H61F205F")] {
        let mut filled = form(&silvia, ("", ""), &["tutti"], USUAL);
        "/deleghe/nuova/ufficio".clone_into(&mut filled.action);
        filled.fields.retain(|(field, _)| field != "codice_fiscale" && field != "cognome");
        let page = silvia.post(&filled.with(name, office));
        assert!(page.status == 422 && page.words().contains("Scegli un ufficio."), "{}", page.words());
    }
    // Nobody is an office by typing its key as a person's code.
    let typed = form(&silvia, ("ufficio:caf-prove-milano", "CAF delle Prove"), &["tutti"], USUAL);
    assert_eq!(silvia.post(&typed).status, 422);
    assert!(world.book().is_empty());
}

#[test]
fn the_file_is_followed_and_a_broken_one_changes_nothing() {
    let world = World::new();
    let rosa = world.person("rosa");
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("intermediaries.toml");
    let list = IntermediaryList::new(world.database().clone(), file.clone());
    let whole = fs::read_to_string(root().join("content/intermediaries.toml")).expect("the file");
    let follow = |text: &str| {
        fs::write(&file, text).expect("the file");
        world.block_on(list.round()).expect("a round");
        rosa.get(ROME).status
    };
    assert_eq!(follow(&whole), 200);
    assert_eq!(follow(&whole.replace("    { fiscal_code = \"PRVRSO84C55H501J\", name = \"Rosa Prova\" },\n", "")), 404);
    assert_eq!(follow(&whole), 200);
    assert_eq!(follow("[[intermediaries]]\nid = \"rotto\""), 200, "what cannot be read changes nothing");
    fs::remove_file(&file).expect("the file");
    world.block_on(list.round()).expect("a round");
    assert_eq!(rosa.get(ROME).status, 404);
}

#[test]
fn nobody_buries_what_others_gave_an_office_under_proposals_of_their_own() {
    let world = World::new();
    let (silvia, luca, rosa) = (world.person("silvia"), world.person("luca"), world.person("rosa"));
    given(&silvia, &rosa, &["istanza-generica"], USUAL);
    for _ in 0..20 {
        let id = proposed(&luca, &["istanza-generica"], USUAL);
        press(&luca, &format!("/deleghe/{id}"), "revoca");
    }
    let mut filled = form(&luca, ("", ""), &["istanza-generica"], USUAL);
    filled.action = luca.get("/deleghe/nuova/ufficio").form("/deleghe/nuova/ufficio").action;
    filled.fields.retain(|(name, _)| name != "codice_fiscale" && name != "cognome");
    let refused = luca.post(&filled.with("ufficio", "patronato-esempi-roma"));
    assert!(refused.status == 422 && refused.words().contains("20"), "{}", refused.words());
    let page = rosa.get(ROME);
    assert!(page.words().contains("Silvia"), "{}", page.words());
    world.advance(std::time::Duration::from_secs(25 * 60 * 60));
    proposed(&world.person("luca"), &["istanza-generica"], USUAL);
}
