//! Looking at a case of another office in an emergency, and reviewing who did.

use std::time::Duration;

use crate::{
    client::{Client, Form, Page},
    world::World,
};

const PLACE: &str = "/ufficio/emergenza";
const REASON: &str = "La persona è in ospedale e serve sapere che cosa ha chiesto.";

/// A request of Silvia's at `relazioni`: number with its register, fiscal code, and how the case is named.
fn asked(world: &World) -> (Client, String, String, String) {
    let silvia = world.person("silvia");
    silvia.request("Ametista", "Vorrei sapere dell’ametista.");
    let act = world.book().remove(0);
    let number = format!("RELPUB {}/2026", act.field("protocol")["number"]);
    let code = act.field("applicant")["fiscal_code"].as_str().expect("a code").to_owned();
    (silvia, number, code, act.case.to_string())
}

fn open(officer: &Client, number: &str, code: &str, reason: &str) -> Page {
    let form = officer.get(PLACE).form(PLACE);
    officer.post(&form.with("protocollo", number).with("codice_fiscale", code).with("motivo", reason))
}

#[test]
fn another_offices_case_is_seen_for_an_hour_and_the_person_reads_why() {
    let world = World::new();
    let (silvia, number, code, case) = asked(&world);
    let anna = world.officer("anna.ferri");
    assert_eq!(anna.get(&format!("/ufficio/pratiche/{case}")).status, 404, "it is another office's");
    let seen = open(&anna, &number, &code, REASON);
    assert!(seen.words().contains("Vorrei sapere dell’ametista.") && seen.words().contains("Si guarda e basta"));
    assert!(!seen.body.contains("/prendi") && !seen.body.contains("/nota"), "nothing to do: {}", seen.words());
    assert_eq!(anna.get(&format!("/ufficio/pratiche/{case}")).status, 404, "and by no other way");
    let place = seen.place.clone();
    for other in ["bruno.conti", "carla.neri", "elsa.monti"] {
        assert!([403, 404].contains(&world.officer(other).get(&place).status), "{other}: it is hers alone");
    }
    let told = silvia.get("/profilo/letture").words();
    assert!(told.contains("Anna Ferri") && told.contains(&format!("Emergenza: {REASON}")), "{told}");
    let own = silvia.get(&format!("/pratiche/{case}")).words();
    assert!(own.contains("Aperta in emergenza") && own.contains("non ancora riesaminata"), "{own}");
    world.advance(Duration::from_secs(20 * 60));
    assert_eq!(anna.get(&place).status, 200);
    world.advance(Duration::from_secs(25 * 60));
    anna.get(PLACE);
    world.advance(Duration::from_secs(16 * 60));
    let over = anna.get(&place);
    assert!(over.status == 409 && !over.body.contains("ametista"), "{}", over.words());
}

#[test]
fn a_case_is_found_by_number_and_code_together_and_for_a_reason() {
    let world = World::new();
    let (_, number, code, _) = asked(&world);
    let anna = world.officer("anna.ferri");
    for (number, code, reason, told) in [
        (number.as_str(), "DMSMRA80A41H501R", REASON, "Non c’è una pratica con questo numero"),
        ("RELPUB 77/2026", code.as_str(), REASON, "Non c’è una pratica con questo numero"),
        ("FAMGEN 1/2026", code.as_str(), REASON, "Non c’è una pratica con questo numero"),
        ("", "", REASON, "Numero di protocollo: Serve per trovare la pratica"),
        (number.as_str(), code.as_str(), "Serve.", "almeno 20 caratteri"),
    ] {
        let again = open(&anna, number, code, reason);
        assert!(again.status == 422 && again.words().contains(told), "{number} {code}: {}", again.words());
        assert!(again.body.contains(reason), "what was typed stays");
    }
    for _ in 0..5 {
        assert_eq!(open(&anna, &number, &code, REASON).status, 200);
    }
    let sixth = open(&anna, &number, &code, REASON);
    assert!(sixth.status == 422 && sixth.words().contains("cinque pratiche"), "{}", sixth.words());
    assert_eq!(world.officer("bruno.conti").get(PLACE).status, 403, "not everybody's");
}

#[test]
fn somebody_else_reviews_it_without_reading_the_case() {
    let world = World::new();
    let (silvia, number, code, case) = asked(&world);
    let (anna, mara) = (world.officer("anna.ferri"), world.officer("mara.fede"));
    open(&anna, &number, &code, REASON);
    open(&mara, &number, &code, "Una prova di chi riesamina, abbastanza lunga.");
    let review = "/ufficio/emergenza/riesame";
    assert_eq!(anna.get(review).status, 403, "who opens does not review");
    let page = mara.get(review);
    assert!(page.words().contains(REASON) && !page.body.contains("ametista"), "{}", page.words());
    let forms = page.body.matches("/riesame\" novalidate").count();
    assert_eq!(forms, 1, "not one's own");
    let form = page.form("/riesame");
    let typed = |verdict: &str, text: &str| Form {
        action: form.action.clone(),
        fields: vec![("esito".to_owned(), verdict.to_owned()), ("motivo".to_owned(), text.to_owned())],
    };
    for (verdict, text) in [("no", " "), ("", "Verificato con il reparto."), ("forse", "Verificato con il reparto.")] {
        let again = mara.post(&typed(verdict, text));
        assert!(again.status == 422 && again.words().contains("Scrivi che cosa risulta"), "{}", again.words());
        assert!(again.body.contains("href=\"#text-"), "the summary leads there");
    }
    assert_eq!(anna.post(&typed("si", "Mi assolvo da sola.")).status, 403);
    let done = mara.post(&typed("no", "Nessuno era in ospedale."));
    assert!(done.words().contains("Nessuno era in ospedale. (Mara Fede"), "{}", done.words());
    assert!(done.words().contains("non era un’emergenza") && done.words().contains("RELPUB"), "whose case it was");
    let own = silvia.get(&format!("/pratiche/{case}")).words();
    assert!(own.contains("riesame: non era un’emergenza. Nessuno era in ospedale."), "{own}");
    let late = mara.post(&typed("si", "Ho cambiato idea."));
    assert!(
        late.status == 409 && late.words().contains("Ho cambiato idea."),
        "said once, and nothing is lost: {}",
        late.words()
    );
}
