//! What people agree to beside their applications, and how an office learns of it.

use crate::{
    client::{Client, Page},
    mandates,
    world::World,
};

const PLACE: &str = "/profilo/consensi";
const OFFICE: &str = "/ufficio/consensi";
const FILE: &str = "/ufficio/consensi/sala-civica/iniziative/elenco.csv";
const COPY: &str = "/profilo/copia/dati.json";

/// Answers the first question, which is about news.
fn agree(person: &Client) -> Page {
    person.post(&person.get(PLACE).form("/acconsento"))
}

#[test]
fn a_consent_is_given_kept_word_for_word_and_taken_back_with_one_button() {
    let world = World::new();
    let silvia = world.person("silvia");
    assert!(silvia.get("/servizi/sala-civica/informativa").words().contains("Solo se vuoi"));
    let before = silvia.get(PLACE);
    assert_eq!(before.status, 200);
    assert!(before.words().contains("Nessun consenso") && !before.has_form("/revoca"), "{}", before.words());
    let form = before.form("/acconsento");
    let given = silvia.post(&form);
    assert!(given.body.contains("Hai dato il consenso") && given.has_form("/revoca"), "{}", given.words());
    let again = world.book().len();
    let twice = silvia.post(&form);
    assert!(twice.body.contains("Era già così"), "{}", twice.words());
    assert_eq!(world.book().len(), again, "nothing was written twice");
    let act = world.book().into_iter().find(|act| act.kind == "consent-given").expect("an act");
    assert_eq!(act.field("service"), "sala-civica");
    assert!(act.field("text")["it"].as_str().is_some_and(|text| text.starts_with("Acconsento a che")));
    let back = silvia.post(&silvia.get(PLACE).form("/revoca"));
    assert!(back.body.contains("Hai revocato il consenso"), "{}", back.words());
    let told: serde_json::Value = serde_json::from_str(&silvia.get(COPY).body).expect("JSON");
    let history = told["consensi"][0]["storia"].as_array().expect("a history");
    assert_eq!((history.len(), &history[0]["che_cosa"]), (2, &"dato".into()), "{told}");
    assert!(history[0]["testo"].as_str().is_some_and(|text| text.contains("una volta al mese")));
}

#[test]
fn nobody_agrees_to_a_sentence_that_they_did_not_read() {
    let world = World::new();
    let silvia = world.person("silvia");
    let form = silvia.get(PLACE).form("/acconsento");
    let changed = silvia.post(&form.with("letto", "0000000000000000"));
    assert!(changed.body.contains("il testo è cambiato"), "{}", changed.words());
    let unknown = silvia.post_only(&silvia.get(PLACE).form("/acconsento").with("consenso", "altro"));
    assert_eq!(unknown.status, 404);
    assert!(world.book().iter().all(|act| act.kind != "consent-given"));
}

#[test]
fn who_acts_for_somebody_answers_for_themselves() {
    let world = World::new();
    let (silvia, elena) = (world.person("silvia"), world.person("elena"));
    let place = mandates::give(&silvia, &elena, &["tutti"], mandates::ALL);
    mandates::act_for(&elena, &place);
    assert!(elena.get(PLACE).words().contains("ciascuno decide per sé"));
    agree(&elena);
    let act = world.book().into_iter().find(|act| act.kind == "consent-given").expect("an act");
    let actor = act.body.expect("its content").actor;
    assert!(actor.on_behalf_of.is_none() && actor.name.contains("Elena"), "{actor:?}");
    assert!(silvia.get(PLACE).words().contains("Nessun consenso"));
}

#[test]
fn the_office_sees_who_agrees_today_and_they_see_that_it_did() {
    let world = World::new();
    let (silvia, luca) = (world.person("silvia"), world.person("luca"));
    agree(&silvia);
    agree(&luca);
    luca.post(&luca.get(PLACE).form("/revoca"));
    let carla = world.officer("carla.neri");
    let page = carla.get(OFFICE);
    assert!(page.words().contains("Notizie sulle iniziative"), "{}", page.words());
    let file = carla.get(FILE);
    assert_eq!((file.status, file.header("cache-control")), (200, "no-store"));
    assert!(file.body.contains("Silvia") && !file.body.contains("Luca"), "{}", file.body);
    assert!(silvia.get("/profilo/letture").words().contains("Elenco di chi ha dato il consenso"));
    assert!(!luca.get("/profilo/letture").words().contains("Elenco di chi ha dato il consenso"));
    for (who, status) in [("gaia.longo", 403), ("anna.ferri", 404)] {
        assert_eq!(world.officer(who).get(FILE).status, status, "{who}");
    }
}

#[test]
fn an_application_keeps_the_notice_under_which_it_was_filed() {
    let world = World::new();
    let silvia = world.person("silvia");
    silvia.request("Una prova", "Una prova");
    let case = world.book()[0].case;
    let links = silvia.get(&format!("/pratiche/{case}")).links();
    let notice = links.into_iter().find(|link| link.contains("/informativa/")).expect("a link to the notice");
    let page = silvia.get(&notice);
    assert!(
        page.words().contains("Perché possiamo usarli") && page.words().contains("I tuoi diritti"),
        "{}",
        page.words()
    );
    assert_eq!(silvia.get("/servizi/istanza-generica/informativa/0123456789ab").status, 404);
}
