//! A request that came to the wrong office, in the whole program: everything goes with it; the time spent there does not count
//! where silence decides.

use std::time::Duration;

use base::{Language, Uuid};

use crate::{
    backup::{shown, told},
    client::{Client, Form, Page},
    world::World,
};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// More than the five years of a general request.
const KEPT: Duration = Duration::from_secs(24 * 60 * 60 * (5 * 366 + 5));
const LIST: &str = "/ufficio/pratiche";
/// Where every case is.
const LIST_OF: &str = "href=\"/ufficio/pratiche/";
const WHY: &str = "Chiede della NASpI: è materia dell’altro ufficio.";

/// A request of somebody's at the office for relations with the public; its page on the desk.
fn request(world: &World, handle: &str, service: &str) -> (Uuid, String) {
    let person = world.person(handle);
    let mut page = person.get(&format!("/servizi/{service}/domanda"));
    while !page.has_form("/domanda/invia") {
        let form = page.form("/domanda/").with("oggetto", "La mia NASpI").with("testo", "Perché non arriva?");
        let form = form.with("documento", "Il verbale").with("interesse", "Devo fare ricorso.");
        page = person.post(&form.with("dichiara_veridicita", "si"));
        assert_eq!(page.status, 200, "{}", page.words());
    }
    assert!(person.post(&page.form("/domanda/invia")).place.ends_with("/ricevuta"));
    let case = world.book().iter().rev().find(|act| act.kind == "submitted").expect("a case").case;
    (case, format!("{LIST}/{case}"))
}

/// The form that passes a case on to the office for income support, filled in.
fn form(officer: &Client, place: &str) -> Form {
    let page = officer.get(&format!("{place}/trasmissione"));
    page.form("/trasmissione").with("ufficio", "lavoro").with("motivo", WHY)
}

fn press(officer: &Client, place: &str, what: &str) -> Page {
    officer.post(&Form { action: format!("{place}/{what}"), fields: Vec::new() })
}

fn faults(world: &World) -> Vec<String> {
    let audit = async {
        let mut tx = world.database().read().await?;
        notary::audit(&mut tx, world.log_key(), Language::Italian).await
    };
    world.block_on(audit).expect("the audit")
}

/// Every way of an officer to a case.
fn sees(officer: &Client, case: Uuid) -> [bool; 4] {
    let place = format!("{LIST}/{case}");
    let lists =
        ["", "?q=paolo", "?q=RELPUB+0000001%2F2026"].map(|q| officer.get(&format!("{LIST}{q}")).body.contains(&place));
    [officer.get(&place).status == 200, lists[0], lists[1], lists[2]]
}

#[test]
fn the_competent_office_has_all_of_it_and_the_person_is_told() {
    let mut world = World::new();
    let (case, place) = request(&world, "paolo", "istanza-generica");
    assert_eq!(world.acts_of(case, 2).len(), 2, "with its receipt");
    world.advance(DAY * 7);
    let (carla, furio) = (world.officer("carla.neri"), world.officer("furio.sala"));
    assert!(carla.get(&place).body.contains(&format!("{place}/trasmissione")), "the page of the case leads there");
    let asked = carla.get(&format!("{place}/trasmissione")).words();
    assert!(
        asked.contains("Ufficio Sostegno al Reddito") && asked.contains("Il termine non cambia: 21 dicembre 2026"),
        "{asked}"
    );
    assert_eq!((sees(&carla, case), sees(&furio, case)), ([true; 4], [false; 4]));

    let form = form(&carla, &place);
    let passed = carla.post(&form);
    assert_eq!((passed.status, passed.place.as_str()), (200, LIST), "{}", passed.words());
    assert!(passed.body.contains("Pratica trasmessa"), "{}", passed.words());
    let again = carla.post(&form);
    assert!(again.place == LIST && again.body.contains("Già fatto"), "{}", again.words());
    assert_eq!(carla.post(&form.with("ufficio", "famiglia")).status, 404, "it is not theirs any more");

    world.restart();
    let (carla, furio) = (world.officer("carla.neri"), world.officer("furio.sala"));
    assert_eq!((sees(&carla, case), sees(&furio, case)), ([false; 4], [true; 4]));
    let kinds: Vec<_> = world.acts_of(case, 4).into_iter().map(|act| act.kind).collect();
    assert_eq!(kinds, ["submitted", "letter-issued", "passed-on", "letter-issued"]);
    both_registers_say_it(&world, (&carla, &furio));
    the_person_reads_it(&world, case);
    for seq in [2, 4] {
        let letter = format!("{place}/comunicazioni/{seq}");
        assert_eq!((carla.get(&letter).status, furio.get(&letter).status), (404, 200), "{letter}");
    }
    let reads = world.person("paolo").get("/profilo/letture").words();
    let read = "Furio Sala, Ufficio Sostegno al Reddito";
    assert!(reads.contains(read) && reads.contains("Ufficio Relazioni con il Pubblico"), "who read it: {reads}");
    press(&furio, &place, "prendi");
    let granted = furio.post(&furio.get(&format!("{place}/accogli")).form("/accogli").with("motivo", "Arriva lunedì."));
    assert_eq!(granted.status, 200, "{}", granted.words());
    assert_eq!(faults(&world), Vec::<String>::new());
}

/// Out of the one and into the other; the first number of the second office.
fn both_registers_say_it(world: &World, (carla, furio): (&Client, &Client)) {
    let year = "/ufficio/protocollo/2026";
    let out = carla.get(&format!("{year}/3")).words();
    for part in ["Trasmissione per competenza: ", "Ufficio Sostegno al Reddito", "In uscita", "domanda.json"] {
        assert!(out.contains(part), "{part}: {out}");
    }
    let taken_in = furio.get(&format!("{year}/1")).words();
    for part in
        ["Trasmissione per competenza: ", "Ufficio Relazioni con il Pubblico", "In entrata", "RELPUB 0000003/2026"]
    {
        assert!(taken_in.contains(part), "{part}: {taken_in}");
    }
    let kept = carla.get(&format!("{year}/1"));
    assert!(
        kept.words().contains("La pratica ora è di un altro ufficio"),
        "what was registered stays: {}",
        kept.words()
    );
    assert!(!kept.body.contains(LIST_OF) && furio.get(&format!("{year}/1")).body.contains(LIST_OF), "who is led to it");
    let act = world.book().into_iter().find(|act| act.kind == "passed-on").expect("the act");
    assert_eq!((act.field("sent")["number"].as_i64(), act.field("received")["number"].as_i64()), (Some(3), Some(1)));
    let segnatura = furio.get(&format!("{year}/1/segnatura.xml"));
    assert!(segnatura.status == 200 && segnatura.body.contains("Trasmissione per competenza"), "{}", segnatura.body);
}

fn the_person_reads_it(world: &World, case: Uuid) {
    let paolo = world.person("paolo");
    let page = paolo.get(&format!("/pratiche/{case}")).words();
    for part in [
        "passata all’ufficio competente",
        "Ufficio Sostegno al Reddito",
        "Il termine non cambia: 21 dicembre 2026",
        WHY,
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    let receipt = paolo.get(&format!("/pratiche/{case}/ricevuta")).words();
    assert!(receipt.contains("RELPUB 0000001/2026") && receipt.contains("21 dicembre 2026"), "unchanged: {receipt}");
    let letter = paolo.get(&format!("/pratiche/{case}/comunicazioni/3")).words();
    for part in ["Ufficio Sostegno al Reddito", "21 dicembre 2026", WHY, "RELPUB 0000003/2026", "SOSRED 0000001/2026"] {
        assert!(letter.contains(part), "{part}: {letter}");
    }
    let proof = paolo.get(&format!("/pratiche/{case}/prova/3")).body;
    assert!(proofs::verify(proof.as_bytes(), Some(world.log_key())).is_ok(), "{proof}");
}

#[test]
fn silence_decides_by_the_term_of_the_competent_office() {
    let world = World::new();
    let (case, place) = request(&world, "paolo", "accesso-documenti");
    world.advance(DAY * 20);
    let carla = world.officer("carla.neri");
    carla.post(&form(&carla, &place));
    world.advance(DAY * 12);
    let refused = || world.book().into_iter().any(|act| act.case == case && act.kind == "silence-refusal");
    assert!(!refused(), "the days at the wrong office do not count: 23 December");
    let furio = world.officer("furio.sala").get(&place).words();
    assert!(furio.contains("11 gennaio 2027"), "30 days from 11 December, and a Sunday: {furio}");
    world.advance(DAY * 21);
    assert!(refused(), "13 January");
    assert_eq!(faults(&world), Vec::<String>::new());
}

#[test]
fn who_was_overtaken_or_forgot_something_reads_it_and_keeps_the_text() {
    let world = World::new();
    let (_, place) = request(&world, "paolo", "istanza-generica");
    let (carla, gaia) = (world.officer("carla.neri"), world.officer("gaia.longo"));
    let form = form(&carla, &place);
    let nowhere = carla.post(&form.clone().with("ufficio", ""));
    assert!(nowhere.status == 422 && nowhere.body.contains("Scegli l’ufficio competente"), "{}", nowhere.words());
    assert!(nowhere.body.contains("Chiede della NASpI"), "what was typed is kept");
    let silent = carla.post(&form.clone().with("motivo", " "));
    assert!(silent.status == 422 && silent.form("/trasmissione").fields.contains(&("ufficio".into(), "lavoro".into())));
    press(&gaia, &place, "prendi");
    let late = carla.post(&form);
    assert_eq!(late.status, 409);
    for part in ["in carico a un collega", "Gaia Longo", "Chiede della NASpI"] {
        assert!(late.body.contains(part), "{part}: {}", late.words());
    }
    let long = gaia.post(&form.made_up().with("motivo", &"a ".repeat(10_001)));
    assert_eq!(long.status, 422, "{}", long.words());
    let one_office = world.person("elena");
    one_office.apply("assegno-unico");
    let case = world.book().iter().rev().find(|act| act.kind == "submitted").expect("a case").case;
    let anna = world.officer("anna.ferri");
    assert!(!anna.get(&format!("{LIST}/{case}")).body.contains("/trasmissione"), "its office is the only one");
    let forced = Form { action: format!("{LIST}/{case}/trasmissione"), fields: Vec::new() };
    let forced = anna.post(&forced.with("ufficio", "lavoro").with("motivo", WHY));
    assert!(forced.status == 409 && forced.body.contains("nessun altro ufficio"), "{}", forced.words());
}

#[test]
fn the_competent_office_keeps_it_and_the_book_moves_whole() {
    let mut world = World::new();
    let (case, place) = request(&world, "paolo", "istanza-generica");
    let carla = world.officer("carla.neri");
    carla.post(&form(&carla, &place));
    let furio = world.officer("furio.sala");
    press(&furio, &place, "prendi");
    furio.post(&furio.get(&format!("{place}/accogli")).form("/accogli"));
    assert_eq!(world.acts_of(case, 7).len(), 7, "three letters");
    world.advance(KEPT);
    let (carla, furio) = (world.officer("carla.neri"), world.officer("furio.sala"));
    assert!(carla.get("/ufficio/scarto").words().contains("Nessuna pratica ha finito il suo tempo"));
    let holds = "/ufficio/scarto/sospensioni";
    let hold = |officer: &Client, number: &str| {
        let form = officer.get(holds).form("/sospensioni").with("che", "case").with("motivo", "Ricorso n. 12");
        officer.post(&form.with("numero", number)).status
    };
    assert_eq!((hold(&carla, "1/2026"), hold(&furio, "1/2026")), (422, 422), "whose it is, under its number");
    assert_eq!(hold(&furio, "RELPUB 1/2026"), 200);
    assert_eq!(hold(&furio, "RELPUB 1/2026"), 422, "the same stands already");
    let count = |officer: &Client| {
        officer.get("/ufficio/scarto").words().contains("Sospensioni della distruzione: 1 in vigore")
    };
    assert!(count(&furio) && !count(&carla), "the number is that of the list");
    let other = carla.get(holds).form("/sospensioni").with("che", "service").with("motivo", "Ricorso n. 12");
    let other = carla.post(&other.with("servizio", "naspi"));
    assert_eq!(other.status, 422, "of another office's service it would hold nothing: {}", other.words());
    assert!(furio.get(holds).words().contains("RELPUB 0000001/2026") && !carla.get(holds).words().contains("RELPUB"));

    let (data, url) = (shown(world.data()), world.database_url().to_owned());
    let copies = tempfile::tempdir().expect("a folder");
    let (copy, moved) = (shown(&copies.path().join("copia")), copies.path().join("altrove.db"));
    let (made, text) = told(&["backup", "--data", &data, "--database", &url, "--to", &copy]);
    assert!(made, "{text}");
    let folder = world.data().to_owned();
    world.crash();
    let to = format!("sqlite:{}", moved.display());
    let (transferred, text) = told(&["migrate", "--from", &url, "--to", &to]);
    assert!(transferred && text.contains("✓ Tutto è uguale"), "{text}");
    let (sound, text) = told(&["verify", "--book", "--data", &shown(&folder), "--database", &to]);
    assert!(sound, "{text}");
}

#[test]
fn who_is_overtaken_by_a_passage_keeps_what_was_typed() {
    let world = World::new();
    let (case, place) = request(&world, "paolo", "istanza-generica");
    let (carla, gaia) = (world.officer("carla.neri"), world.officer("gaia.longo"));
    let note = gaia.get(&place).form("/nota").with("testo", "Ha telefonato due volte: richiamare domani.");
    assert_eq!(carla.post(&form(&carla, &place)).place, LIST);
    let told = gaia.post(&note);
    assert_eq!(told.status, 409, "{}", told.words());
    assert!(told.body.contains("richiamare domani") && told.words().contains("l’ha trasmessa a un altro ufficio"));
    assert!(!told.body.contains("Paolo"), "the case itself is the other office's");
    assert_eq!(gaia.get(&format!("{LIST}/{case}")).status, 404);
    assert_eq!(world.officer("anna.ferri").post(&note.made_up()).status, 404, "nothing is told to who never had it");
}
