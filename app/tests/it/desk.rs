//! The officers' desk: what is sent twice, what was overtaken, who holds what, what the person sees of it.

use std::time::Duration;

use base::Uuid;

use crate::{
    client::{Client, Form, Page},
    world::World,
};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Somebody's case; its page on the desk.
fn filed(world: &World, handle: &str, service: &str) -> (Uuid, String) {
    world.person(handle).apply(service);
    let case = world.book().iter().rev().find(|act| act.kind == "submitted").expect("a case").case;
    (case, format!("/ufficio/pratiche/{case}"))
}

/// A case of Elena's that Anna has taken; its page on the desk.
fn taken(world: &World) -> (Uuid, String, Client) {
    let (case, place) = filed(world, "elena", "assegno-unico");
    let anna = world.officer("anna.ferri");
    press(&anna, &place, "prendi");
    (case, place, anna)
}

/// A case of the service that foresees the notice before refusal.
fn request(world: &World, handle: &str) -> (Uuid, String) {
    world.person(handle).request("Una copia dei miei atti", "Chiedo una copia dei miei atti.");
    let case = world.book().iter().rev().find(|act| act.kind == "submitted").expect("a case").case;
    (case, format!("/ufficio/pratiche/{case}"))
}

fn kinds(world: &World, case: Uuid) -> Vec<String> {
    let acts = world.book().into_iter().filter(|act| act.case == case && act.kind != "letter-issued");
    acts.map(|act| act.kind).collect()
}

fn press(officer: &Client, place: &str, what: &str) -> Page {
    officer.post(&Form { action: format!("{place}/{what}"), fields: Vec::new() })
}

/// Sends a form twice, and expects the second to lead to the same page as the first.
fn twice(officer: &Client, form: &Form) -> Page {
    let first = officer.post(form);
    assert_eq!(first.status, 200, "{}", first.words());
    let second = officer.post(form);
    assert_eq!((second.status, &second.place), (200, &first.place), "{}", second.words());
    assert!(second.body.contains("Già fatto"), "{}", second.words());
    first
}

#[test]
fn every_deed_sent_twice_is_done_once() {
    let world = World::new();
    let (case, place) = filed(&world, "elena", "assegno-unico");
    let anna = world.officer("anna.ferri");
    let button = |what: &str| Form { action: format!("{place}/{what}"), fields: Vec::new() };
    twice(&anna, &button("prendi"));
    twice(&anna, &button("rilascia"));
    twice(&anna, &button("prendi"));
    twice(&anna, &anna.get(&place).form("/nota").with("testo", "Sentita la signora al telefono."));
    let ask = anna.get(&format!("{place}/integrazione")).form("/integrazione");
    twice(&anna, &ask.with("campi", "iban").with("motivo.iban", "Il conto risulta chiuso."));
    twice(&anna, &anna.get(&format!("{place}/accogli")).form("/accogli"));
    let done = ["submitted", "taken", "released", "taken", "note-added", "integration-requested", "granted"];
    assert_eq!(kinds(&world, case), done);
}

#[test]
fn a_notice_and_a_refusal_sent_twice_are_sent_once() {
    let world = World::new();
    let (case, place) = request(&world, "paolo");
    let carla = world.officer("carla.neri");
    press(&carla, &place, "prendi");
    let notice = carla.get(&format!("{place}/rigetta")).form("/rigetta").with("motivi", "Manca la firma.");
    twice(&carla, &notice);
    let other = carla.post(&notice.clone().with("motivi", "Un altro motivo, scritto per bene."));
    assert_eq!(other.status, 409);
    assert!(other.body.contains("se ne manda uno solo"), "{}", other.words());
    assert!(other.body.contains("Un altro motivo, scritto per bene."), "what was typed is kept");
    world.advance(DAY * 12);
    let carla = world.officer("carla.neri");
    twice(&carla, &carla.get(&format!("{place}/rigetta")).form("/rigetta").with("motivi", "Manca la firma."));
    assert_eq!(kinds(&world, case), ["submitted", "taken", "refusal-proposed", "refused"]);
}

#[test]
fn who_was_overtaken_reads_by_whom_and_keeps_the_text() {
    let world = World::new();
    let (case, place) = filed(&world, "elena", "assegno-unico");
    let (anna, bruno) = (world.officer("anna.ferri"), world.officer("bruno.conti"));
    press(&bruno, &place, "prendi");
    let late = press(&anna, &place, "prendi");
    assert_eq!(late.status, 409);
    assert!(
        late.words().contains("Presa in carico da un operatore: Bruno Conti, 21 novembre 2026"),
        "{}",
        late.words()
    );
    let granting = bruno.get(&format!("{place}/accogli")).form("/accogli").with("motivo", "Parole lunghe e pensate.");
    let chosen = anna.get(&format!("{place}/assegna")).form("/assegna").with("operatore", "anna.ferri");
    assert_eq!(anna.post(&chosen).status, 200);
    let overtaken = bruno.post(&granting);
    assert_eq!(overtaken.status, 409);
    for part in ["non è in carico a te", "Assegnata a un altro operatore: Anna Ferri", "Parole lunghe e pensate."] {
        assert!(overtaken.body.contains(part), "{part}: {}", overtaken.words());
    }
    assert_eq!(kinds(&world, case), ["submitted", "taken", "assigned"]);
}

#[test]
fn names_in_lists_and_searches_are_seen_by_the_person_once_a_day() {
    let world = World::new();
    filed(&world, "elena", "assegno-unico");
    let elena = world.person("elena");
    let told = |part: &str| elena.get("/profilo/letture").body.matches(part).count();
    let (list, search) = ("Visto nell’elenco delle pratiche dell’ufficio", "Trovato con una ricerca per nome");
    assert_eq!((told(list), told(search)), (0, 0));
    let (anna, carla) = (world.officer("anna.ferri"), world.officer("carla.neri"));
    for _ in 0..3 {
        assert!(anna.get("/ufficio/pratiche").body.contains("Elena"));
    }
    assert_eq!((told(list), told(search)), (1, 0), "once a day, however often");
    assert!(anna.get("/ufficio/pratiche?q=elena").body.contains("Elena"));
    assert!(!carla.get("/ufficio/pratiche?q=elena").body.contains("Elena"), "another office sees nobody of this one");
    assert_eq!((told(list), told(search)), (1, 1));
    world.advance(DAY);
    world.officer("anna.ferri").get("/ufficio/pratiche");
    let page = world.person("elena").get("/profilo/letture");
    assert_eq!(page.body.matches(list).count(), 2, "another day is another reading");
    assert!(page.words().contains("Anna Ferri, Ufficio Famiglia e Genitorialità"), "{}", page.words());
}

#[test]
fn who_heads_the_office_reassigns_and_the_person_sees_who_is_in_charge() {
    let world = World::new();
    let (_, place) = filed(&world, "elena", "assegno-unico");
    let (anna, bruno) = (world.officer("anna.ferri"), world.officer("bruno.conti"));
    press(&bruno, &place, "prendi");
    assert_eq!(bruno.get(&format!("{place}/assegna")).status, 403, "only who heads the office");
    assert_eq!(bruno.get("/ufficio/carichi").status, 403);
    assert!(
        anna.get("/ufficio/carichi").words().contains("Bruno Conti 1 0"),
        "{}",
        anna.get("/ufficio/carichi").words()
    );
    assert!(anna.get("/ufficio/pratiche?chi=bruno.conti").body.contains("Elena"));
    let form = anna.get(&format!("{place}/assegna")).form("/assegna");
    let nobody = anna.post(&form.clone().with("motivo", "Bruno è assente"));
    assert_eq!(nobody.status, 422);
    assert!(nobody.body.contains("Bruno è assente"), "what was typed is kept");
    let foreign = anna.post(&form.clone().with("operatore", "carla.neri"));
    assert_eq!(foreign.status, 422, "nobody of another office");
    assert_eq!(anna.post(&form.with("operatore", "anna.ferri").with("motivo", "Bruno è assente")).status, 200);
    let elena = world.person("elena");
    let case = elena.get(&place.replace("/ufficio", ""));
    assert!(case.words().contains("Se ne occupa Anna Ferri"), "{}", case.words());
    assert!(!case.body.contains("Bruno è assente"), "the reason is the office's");
    press(&anna, &place, "rilascia");
    assert!(elena.get("/pratiche").words().contains("Presentata"), "given back, nobody works on it");
    assert!(anna.get("/ufficio/pratiche?chi=libere").body.contains("Elena"));
}

#[test]
fn a_clock_that_stood_still_for_the_notice_runs_again_by_itself_in_lists() {
    let world = World::new();
    let (_, place) = request(&world, "paolo");
    let carla = world.officer("carla.neri");
    press(&carla, &place, "prendi");
    carla.post(&carla.get(&format!("{place}/rigetta")).form("/rigetta").with("motivi", "Manca la firma."));
    assert!(carla.get("/ufficio/pratiche").words().contains("sospesa"));
    world.advance(DAY * 11);
    let carla = world.officer("carla.neri");
    let list = carla.get("/ufficio/pratiche").words();
    assert!(!list.contains("sospesa") && list.contains("giorni"), "{list}");
    world.advance(DAY * 60);
    let carla = world.officer("carla.neri");
    assert!(carla.get("/ufficio/pratiche?scadenza=passata").words().contains("in ritardo di"), "late cases are found");
    let case = carla.get(&place).words();
    assert!(case.contains("Direzione generale") && case.contains("9-bis"), "who has the substitute power: {case}");
}

#[test]
fn everything_wrong_with_a_request_is_said_at_once_and_nothing_typed_is_lost() {
    let world = World::new();
    let (_, place, anna) = taken(&world);
    let shown = anna.get(&format!("{place}/integrazione"));
    assert!(!shown.words().contains("scrivi perché: «IBAN del conto su cui ricevere l’assegno» (facoltativo)"));
    let form = shown.form("/integrazione").with("campi", "iban").with("messaggio", "Ci serve il conto.");
    let wrong = anna.post(&form.with("scadenza.anno", "2031"));
    assert_eq!(wrong.status, 422);
    for part in ["Scrivi perché chiedi di nuovo «IBAN", "Scegli una scadenza", "Ci serve il conto.", "2031"] {
        assert!(wrong.body.contains(part), "{part}: {}", wrong.words());
    }
    let again = wrong.form("/integrazione");
    assert!(again.fields.contains(&("campi".to_owned(), "iban".to_owned())), "the tick is kept");
    let none = anna.post(&shown.form("/integrazione"));
    assert!(none.status == 422 && none.body.contains("Scegli almeno un dato"), "{}", none.words());
    let empty = anna.post(&anna.get(&place).form("/nota"));
    assert!(empty.status == 422 && empty.body.contains("Scrivi la nota"), "{}", empty.words());
}

#[test]
fn who_has_three_children_is_told_which_one_is_meant() {
    let world = World::new();
    let (_, place) = filed(&world, "chiara", "assegno-unico");
    let (anna, chiara) = (world.officer("anna.ferri"), world.person("chiara"));
    press(&anna, &place, "prendi");
    let ask = anna.get(&format!("{place}/integrazione")).form("/integrazione");
    anna.post(&ask.with("campi", "figli.1.a_carico").with("motivo.figli.1.a_carico", "Il reddito è un altro."));
    let own = place.replace("/ufficio", "");
    let told = chiara.get(&own).words();
    let (before, _) = told.split_once("Il reddito è un altro.").expect("what is asked, and why");
    let (_, name) = before.rsplit_once("– ").expect("the child stands after the question");
    let name = name.trim_end_matches([' ', ':']);
    assert!(name.ends_with("Dimostrativi"), "{before}");
    let form = chiara.get(&format!("{own}/integrazione")).words();
    assert!(form.contains(&format!("Figlio 2 {name}")), "and over the question: {form}");
}

#[test]
fn what_the_person_types_in_the_place_of_a_registry_is_shown_as_their_own() {
    let world = World::new();
    let (case, place, anna) = taken(&world);
    let own = place.replace("/ufficio", "");
    let elena = world.person("elena");
    let sources = |page: &Page| page.words().matches("Da Banca dati ISEE, ").count();
    let (theirs, hers) = (sources(&anna.get(&place)), sources(&elena.get(&own)));
    assert!(theirs > 1 && theirs == hers, "{}", anna.get(&place).words());
    let ask = anna.get(&format!("{place}/integrazione")).form("/integrazione");
    anna.post(&ask.with("campi", "isee").with("motivo.isee", "L’attestazione è stata rettificata."));
    let answer = elena.get(&format!("{own}/integrazione")).form("/integrazione").with("isee", "9.000,00");
    assert_eq!(elena.post(&answer).place, own);
    for page in [anna.get(&place), world.person("elena").get(&own)] {
        let words = page.words();
        assert!(words.contains("9.000,00"), "{words}");
        assert_eq!(sources(&page), theirs - 1, "the registry said nothing of the kind: {words}");
        assert!(words.contains("al posto di quello che risulta in «Banca dati ISEE»"), "{words}");
    }
    let supplied = world.book().into_iter().find(|act| act.case == case && act.kind == "integration-supplied");
    assert_eq!(supplied.expect("the answer").field("paths"), &serde_json::json!(["isee"]));
}

/// What does not fit is refused whole: nothing is written, and nobody's words are cut.
fn does_not_fit(person: &Client, form: &Form, field: &str, most: usize) {
    let text = format!("{}fine.", "a ".repeat(most / 2));
    let told = person.post(&form.clone().with(field, &text));
    assert_eq!(told.status, 422, "{}: {}", form.action, told.words());
    let length = format!("Il testo è di {} caratteri e qui ne entrano al massimo {most}", text.len());
    assert!(told.words().contains(&length), "{}: {length}", form.action);
    assert!(told.body.contains(&text), "{} gives the text back", form.action);
}

#[test]
fn a_text_that_does_not_fit_is_given_back_whole() {
    let world = World::new();
    let (case, place) = request(&world, "paolo");
    let (paolo, carla) = (world.person("paolo"), world.officer("carla.neri"));
    press(&carla, &place, "prendi");
    does_not_fit(&carla, &carla.get(&place).form("/nota"), "testo", 20_000);
    does_not_fit(&carla, &carla.get(&format!("{place}/accogli")).form("/accogli"), "motivo", 20_000);
    does_not_fit(&carla, &carla.get(&format!("{place}/integrazione")).form("/integrazione"), "messaggio", 20_000);
    let notice = carla.get(&format!("{place}/rigetta")).form("/rigetta");
    does_not_fit(&carla, &notice, "motivi", 20_000);
    let own = place.replace("/ufficio", "");
    does_not_fit(&paolo, &paolo.get(&format!("{own}/ritiro")).form("/ritiro"), "motivo", 4_000);
    assert_eq!(kinds(&world, case), ["submitted", "taken"]);
    carla.post(&notice.with("motivi", "Manca la firma."));
    does_not_fit(&paolo, &paolo.get(&format!("{own}/osservazioni")).form("/osservazioni"), "osservazioni", 10_000);
    let anna = world.officer("anna.ferri");
    let (_, place) = filed(&world, "elena", "assegno-unico");
    let assign = anna.get(&format!("{place}/assegna")).form("/assegna").with("operatore", "anna.ferri");
    does_not_fit(&anna, &assign, "motivo", 20_000);
    assert_eq!(kinds(&world, case), ["submitted", "taken", "refusal-proposed"]);
}

#[test]
fn a_form_that_comes_back_with_faults_is_a_reading_too() {
    let world = World::new();
    let (case, place, anna) = taken(&world);
    let count = "SELECT count(*) AS n FROM data_reads";
    let told = || world.block_on(async { world.database().read().await?.number(count, &[]).await }).expect("readings");
    let typed = |what: &str, field: &str, text: &str| Form {
        action: format!("{place}/{what}"),
        fields: vec![(field.to_owned(), text.to_owned())],
    };
    for (what, field) in [("proroga", "motivo"), ("parere", "quesito")] {
        let before = told();
        let answer = anna.post(&typed(what, field, &"a ".repeat(10_001)));
        assert_eq!((answer.status, told()), (422, before + 1), "{what}");
    }
    assert_eq!(anna.post(&typed("parere", "quesito", "È tutto?").with("collega", "bruno.conti")).status, 200);
    let asked = world.book().into_iter().find(|act| act.case == case && act.kind == "opinion-requested");
    let answer = typed(&format!("parere/{}", asked.expect("the question").seq), "parere", "");
    assert_eq!(anna.post(&answer).status, 404, "the form of an answer is the expert's");
    assert_eq!(world.officer("bruno.conti").post(&answer).status, 422);
}

#[test]
fn a_term_that_is_over_is_told_as_such() {
    let world = World::new();
    let (_, place, anna) = taken(&world);
    let form = anna.get(&format!("{place}/integrazione")).form("/integrazione");
    world.advance(DAY * 90);
    let anna = world.officer("anna.ferri");
    let form = form.with("campi", "iban").with("motivo.iban", "Conto chiuso.");
    let form = form.with("scadenza.giorno", "25").with("scadenza.mese", "2").with("scadenza.anno", "2027");
    let told = anna.post(&form);
    assert_eq!(told.status, 409);
    assert!(
        told.words().contains("Il termine è già scaduto") && told.body.contains("Conto chiuso."),
        "{}",
        told.words()
    );
}

#[test]
fn a_receipt_says_that_its_registration_was_annulled() {
    let world = World::new();
    let (case, _) = filed(&world, "elena", "assegno-unico");
    let (anna, elena) = (world.officer("anna.ferri"), world.person("elena"));
    let receipt = format!("/pratiche/{case}/ricevuta");
    let shown = elena.get(&receipt);
    assert!(!shown.words().contains("Registrazione annullata"), "{}", shown.words());
    let annul = anna.get(&format!("/ufficio/protocollo/2026/{}/annulla", shown.number())).form("/annulla");
    let annul = annul.with("motivo", "Registrata due volte").with("provvedimento", "Determina 1");
    assert_eq!(anna.post(&annul).status, 200);
    let told = elena.get(&receipt).words();
    assert!(told.contains("Registrazione annullata") && told.contains("Registrata due volte"), "{told}");
}

/// Many proceedings that an office concluded late, as rows that lists read.
const LATE: &str = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1) \
    INSERT INTO cases (id, service, service_version, service_name, office, applicant, applicant_name, state, \
        submitted_at, protocol_office, protocol_year, protocol_number, due, closed_on, search) \
    SELECT '00000000-0000-4000-8000-' || CAST(100000000000 + i AS TEXT), 'istanza-generica', '1', 'Istanza', \
        'relazioni', 'DMSMRA80A41H501R', 'Maria', 'granted', '2026-03-02T09:00:00Z', 'prova', 2026, i, '2026-04-01', \
        '2026-04-20', 'maria' FROM n";

#[test]
fn the_report_of_late_proceedings_holds_all_of_them() {
    let world = World::new();
    let written = world.block_on(async {
        let mut tx = world.database().begin().await?;
        tx.execute(LATE, database::params![2_001_i64]).await?;
        tx.commit().await
    });
    written.expect("the rows");
    let carla = world.officer("carla.neri");
    let (mut page, mut shown) = (carla.get("/ufficio/ritardi"), 0);
    assert!(page.words().contains("2001") || page.words().contains("2.001"), "{}", &page.words()[..400]);
    loop {
        shown += page.body.matches("/ufficio/pratiche/00000000-").count();
        let Some(next) = page.next() else { break };
        page = carla.get(&next);
        assert!(page.body.matches("/ufficio/pratiche/00000000-").count() <= 100, "one page is not too long to be read");
    }
    assert_eq!(shown, 2_001, "page by page, each of them once");
    let file = carla.get("/ufficio/ritardi/elenco?anno=2026&formato=csv");
    assert_eq!((file.status, file.body.lines().count()), (200, 2_002), "the file has them all, below its head");
    let sheet = carla.get("/ufficio/ritardi/elenco?anno=2026&formato=ods");
    assert_eq!(sheet.header("content-type"), "application/vnd.oasis.opendocument.spreadsheet");
    assert_eq!(carla.get("/ufficio/ritardi/elenco?anno=2026&formato=exe").status, 404);
    assert_eq!(world.officer("bruno.conti").get("/ufficio/ritardi/elenco?formato=csv").status, 403);
}

#[test]
fn what_the_sources_leave_uncertain_is_told_to_officers_and_not_to_the_person() {
    let world = World::new();
    let (case, place) = filed(&world, "paolo", "assegno-unico");
    let desk = world.officer("anna.ferri").get(&format!("{place}?lingua=en"));
    for words in ["To be verified before deciding", "arrotondata al centesimo per difetto"] {
        assert!(desk.words().contains(words), "«{words}» is not in {}", desk.words());
    }
    let own = world.person("paolo").get(&format!("/pratiche/{case}"));
    assert!(own.status == 200 && !own.words().contains("arrotondata al centesimo"), "{}", own.words());
}

#[test]
fn whoever_is_named_in_a_case_leaves_it_to_others() {
    let world = World::new();
    let (case, place) = filed(&world, "chiara", "assegno-unico");
    let anna = world.officer("anna.ferri");
    assert!(anna.get(&place).has_form("/prendi"));
    // The child whom the application speaks of, or the applicant: an interest is an interest.
    for person in people_of(&world, case) {
        world.note_who("bruno.conti", &person);
        let bruno = world.officer("bruno.conti");
        let page = bruno.get(&place);
        assert!(page.body.contains("Questa pratica non la tratti tu") && !page.has_form("/prendi"), "{}", page.words());
        let refused = press(&bruno, &place, "prendi");
        assert!(refused.status == 409 && refused.body.contains("art. 6-bis"), "{}", refused.words());
    }
    let assign = anna.get(&format!("{place}/assegna")).form("/assegna");
    let refused = anna.post(&assign.clone().with("operatore", "bruno.conti"));
    assert!(refused.status == 422 && refused.body.contains("art. 6-bis"), "{}", refused.words());
    press(&anna, &place, "prendi");
    assert_eq!(kinds(&world, case), ["submitted", "taken"], "a colleague goes on");
}

/// The fiscal codes that an application names.
fn people_of(world: &World, case: Uuid) -> Vec<String> {
    let act = world.book().into_iter().find(|act| act.case == case && act.kind == "submitted").expect("a case");
    let text = act.body.expect("a body").payload.text().to_owned();
    let words = text.split(|c: char| !c.is_ascii_alphanumeric());
    let codes: std::collections::BTreeSet<_> = words.filter_map(|word| word.parse::<base::FiscalCode>().ok()).collect();
    assert!(codes.len() > 1, "{codes:?}");
    codes.into_iter().map(|code| code.to_string()).collect()
}

#[test]
fn a_case_is_given_to_who_may_handle_it() {
    let world = World::new();
    let (_, place) = request(&world, "silvia");
    let carla = world.officer("carla.neri");
    let page = carla.get(&format!("{place}/assegna"));
    assert!(page.body.contains("Gaia Longo") && !page.body.contains("Nino Guida"), "{}", page.words());
    let refused = carla.post(&page.form("/assegna").with("operatore", "nino.guida"));
    assert_eq!(refused.status, 422, "{}", refused.words());
}

#[test]
fn a_decision_is_news_at_home() {
    let world = World::new();
    let (case, place) = filed(&world, "chiara", "assegno-unico");
    let anna = world.officer("anna.ferri");
    press(&anna, &place, "prendi");
    anna.post(&anna.get(&format!("{place}/accogli")).form("/accogli"));
    let chiara = world.person("chiara");
    let home = chiara.get("/");
    assert!(
        home.body.contains("Decise da poco") && home.body.contains(&format!("/pratiche/{case}")),
        "{}",
        home.words()
    );
    world.advance(61 * DAY);
    let later = world.person("chiara").get("/");
    assert!(!later.body.contains("Decise da poco"), "{}", later.words());
}
