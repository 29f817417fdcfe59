//! An officer files for who stands at the counter.

use std::time::Duration;

use super::{identity, parts, press, submitted};
use crate::{
    client::{Client, Form},
    world::World,
};

/// Nora's form for Silvia, who stands before her.
fn counter_form(nora: &Client, (code, surname): (&str, &str)) -> Form {
    let form = nora.get("/ufficio/sportello").form("/ufficio/sportello");
    let form = form.with("codice_fiscale", code).with("nome", "Silvia").with("cognome", surname);
    let form = form.with("documento", "passport").with("numero", "YA0000000");
    form.with("motivo", "Non ha un’identità digitale.")
}

#[test]
fn an_officer_files_for_who_is_present_and_the_person_is_told_and_can_contest() {
    let world = World::new();
    let (silvia, nora) = (world.person("silvia"), world.officer("nora.piani"));
    silvia.request("Di Silvia", "Una richiesta fatta da casa.");
    let home = format!("/pratiche/{}", submitted(&world)[0].case);
    assert_eq!(world.officer("carla.neri").get("/ufficio/sportello").status, 403);
    let who = identity(&silvia);
    let faulty = nora.post(&counter_form(&nora, (&who.0, "Altrui")).with("numero", ""));
    assert!(faulty.status == 422 && !faulty.body.contains("Stai agendo"), "{}", faulty.words());
    let page = nora.post(&counter_form(&nora, parts(&who)));
    assert!(page.place == "/servizi" && page.body.contains("Stai agendo per Silvia"), "{}", page.words());
    let receipt = nora.request("Allo sportello", "Una richiesta fatta allo sportello.");
    let told = "Nora Piani allo sportello, con Silvia";
    assert!(receipt.words().contains(told), "{}", receipt.words());
    let filed = submitted(&world).remove(1);
    let actor = filed.body.as_ref().expect("what it says").actor.clone();
    assert_eq!(
        (actor.subject.as_str(), actor.door, actor.on_behalf_of.as_deref()),
        ("nora.piani", acts::Door::Staff, Some(who.0.as_str()))
    );
    let opened = world.book().into_iter().find(|act| act.kind == "counter-opened").expect("the visit");
    assert_eq!((opened.text("document"), opened.text("document_number")), ("passport", "YA0000000"));
    assert_eq!(actor.authority.expect("the visit").id, opened.case.to_string());
    // What Silvia did at home is none of the counter's business.
    assert_eq!(nora.get(&home).status, 404);
    assert!(!nora.get("/pratiche").body.contains("Di Silvia") && !nora.get("/pratiche").body.contains(&home));
    let case = format!("/pratiche/{}", filed.case);
    assert_eq!(nora.get(&case).status, 200);
    press(&nora, "/deleghe", "torna");
    assert!(nora.get(&case).place.starts_with("/accesso"));
    assert!(world.book().iter().any(|act| act.kind == "counter-closed"));
    // Silvia is told, and contests.
    assert!(silvia.get("/profilo/letture").words().contains("allo sportello"));
    let seen = silvia.get(&case);
    assert!(
        seen.words().contains(told) && seen.words().contains("Domanda presentata allo sportello"),
        "{}",
        seen.words()
    );
    world.acts_of(filed.case, 2);
    let form = silvia.get(&format!("{case}/contestazione")).form("/contestazione");
    assert_eq!(silvia.post(&form).status, 422);
    let form = form.with("contestazione", "Quel giorno ero all’estero.");
    assert!(silvia.post(&form).words().contains("Contestata") || silvia.get(&case).words().contains("contestata"));
    silvia.post(&form);
    assert_eq!(world.book().iter().filter(|act| act.kind == "filing-contested").count(), 1);
    let desk = world.officer("carla.neri").get(&format!("/ufficio{case}"));
    assert!(desk.words().contains("Quel giorno ero all’estero."), "{}", desk.words());
    // Nothing to contest where nobody filed for her; and nobody else can.
    assert!(!silvia.get(&format!("{home}/contestazione")).has_form("/contestazione"));
    assert_eq!(world.person("luca").get(&format!("{case}/contestazione")).status, 404);
}

#[test]
fn a_visit_to_the_counter_lasts_an_hour_and_belongs_to_one_officer() {
    let world = World::new();
    let (silvia, nora) = (world.person("silvia"), world.officer("nora.piani"));
    nora.post(&counter_form(&nora, parts(&identity(&silvia))));
    let page = nora.get("/servizi/istanza-generica/domanda");
    let typed = page.form("/domanda/").with("oggetto", "Tardi").with("testo", "Un testo lungo, scritto con cura.");
    for _ in 0..3 {
        world.advance(Duration::from_secs(21 * 60));
        nora.get("/ufficio/pratiche");
    }
    assert_eq!(nora.get("/servizi/istanza-generica/domanda").status, 404);
    let late = nora.post(&typed);
    assert!(late.status == 409 && submitted(&world).is_empty(), "{} {}", late.status, late.words());
    assert!(late.body.contains("Un testo lungo, scritto con cura."), "{}", late.words());
    // An officer without somebody at the counter has no business on people's pages.
    press(&nora, "/deleghe", "torna");
    assert!(nora.get("/servizi/istanza-generica/domanda").place.starts_with("/accesso"));
    // Another officer's visit is nobody else's: a session says only what its own officer began.
    assert_eq!(world.book().iter().filter(|act| act.kind.starts_with("counter")).count(), 2);
}

#[test]
fn what_somebody_began_at_home_stays_theirs_at_the_counter() {
    let world = World::new();
    let (silvia, nora) = (world.person("silvia"), world.officer("nora.piani"));
    let typed = |who: &Client, subject: &str| {
        let page = who.get("/servizi/istanza-generica/domanda/richiesta");
        who.post(&page.form("/domanda/richiesta").with("oggetto", subject))
    };
    typed(&silvia, "Cominciata a casa");
    nora.post(&counter_form(&nora, parts(&identity(&silvia))));
    let page = nora.get("/servizi/istanza-generica/domanda/richiesta?modifica=1");
    assert!(page.status == 200 && !page.body.contains("Cominciata a casa"), "{}", page.words());
    typed(&nora, "Cominciata allo sportello");
    assert!(
        nora.get("/servizi/istanza-generica/domanda/richiesta?modifica=1").body.contains("Cominciata allo sportello")
    );
    press(&nora, "/servizi/istanza-generica/domanda", "annulla");
    let home = || silvia.get("/servizi/istanza-generica/domanda/richiesta?modifica=1");
    assert!(home().body.contains("Cominciata a casa"), "nobody threw it away: {}", home().words());
    nora.request("Allo sportello", "Una richiesta fatta allo sportello.");
    assert!(home().body.contains("Cominciata a casa"), "filing there takes nothing from here: {}", home().words());
}

#[test]
fn nobody_serves_themselves_at_the_counter() {
    let world = World::new();
    let silvia = world.person("silvia");
    let who = identity(&silvia);
    world.note_who("nora.piani", &who.0);
    let nora = world.officer("nora.piani");
    let refused = nora.post(&counter_form(&nora, parts(&who)));
    assert!(refused.status == 422 && refused.body.contains("È il tuo codice fiscale"), "{}", refused.words());
    assert_eq!(world.book().iter().filter(|act| act.kind.starts_with("counter")).count(), 0);
}
