//! Clicking twice, and everybody at once.

use std::{collections::BTreeSet, thread};

use crate::{
    client::{Client, Form, Page},
    world::World,
};

/// The same confirmation, eight times at the same moment.
fn hammer(client: &Client, form: &Form) -> Vec<Page> {
    let hands: Vec<_> = (0..8)
        .map(|_| {
            let (client, form) = (client.clone(), form.clone());
            thread::spawn(move || client.post(&form))
        })
        .collect();
    hands.into_iter().map(|hand| hand.join().expect("the click is answered")).collect()
}

fn submissions(world: &World) -> usize {
    world.book().iter().filter(|act| act.kind == "submitted").count()
}

fn one_receipt(world: &World, pages: &[Page]) {
    for page in pages {
        assert!(page.status == 200 && page.place.ends_with("/ricevuta"), "{} {}", page.status, page.place);
    }
    let places: BTreeSet<_> = pages.iter().map(|page| (&page.place, page.number())).collect();
    assert_eq!(places.len(), 1, "{places:?}");
    assert_eq!(submissions(world), 1);
}

#[test]
fn a_confirmation_sent_eight_times_at_once_files_one_case() {
    let world = World::new();
    let chiara = world.person("chiara");
    let form = chiara.confirmation("assegno-unico");
    one_receipt(&world, &hammer(&chiara, &form));
    assert_eq!(chiara.post(&form).number(), 1, "nor does it later");
}

#[test]
fn what_was_typed_into_a_draft_does_not_get_in_the_way_of_a_double_click() {
    let world = World::new();
    let noe = world.person("noe");
    let question = noe.get("/servizi/assegno-unico/domanda");
    let form = question.form("/domanda/").with("iban", "IT60X0542811101000000123456");
    let summary = noe.post(&form);
    assert_eq!(summary.title(), "Controlla e conferma");
    one_receipt(&world, &hammer(&noe, &summary.form("/domanda/invia")));
}

#[test]
fn two_tabs_that_confirm_at_once_file_one_case() {
    let world = World::new();
    let chiara = world.person("chiara");
    let tabs = [chiara.confirmation("assegno-unico"), chiara.confirmation("assegno-unico")];
    assert_ne!(tabs[0].fields, tabs[1].fields, "each tab has a key of its own");
    let hands = tabs.map(|form| {
        let client = chiara.clone();
        thread::spawn(move || client.post(&form))
    });
    let mut titles = hands.map(|hand| hand.join().expect("the click is answered").title());
    titles.sort();
    assert_eq!(titles, ["Domanda inviata", "L’hai già chiesto"]);
    assert_eq!(submissions(&world), 1);
}

/// Adds a child of whom only the name is known, and gives the page.
fn with_child(person: &Client, name: &str) -> Page {
    let page = person.get("/servizi/assegno-unico/domanda/figli?aggiungi=figli");
    let form = page.form("/domanda/figli");
    let field =
        form.fields.iter().rev().find(|(field, _)| field.ends_with(".nome")).expect("a child to name").0.clone();
    person.post(&form.with(&field, name));
    person.get("/servizi/assegno-unico/domanda/figli?modifica=1")
}

/// The forms that take out a child, one for each that can be.
fn takings_out(page: &Page) -> Vec<Form> {
    let named = page.body.split("name=\"riga\" value=\"").skip(1).filter_map(|rest| rest.split('"').next());
    let form = |row: &str| Form {
        action: "/servizi/assegno-unico/domanda/figli/togli".to_owned(),
        fields: vec![("riga".to_owned(), row.to_owned())],
    };
    named.map(form).collect()
}

#[test]
fn a_member_is_taken_out_by_what_it_says_and_not_by_its_place() {
    let world = World::new();
    let (phone, tablet) = (world.person("chiara"), world.person("chiara"));
    with_child(&phone, "Primo");
    let shown = takings_out(&with_child(&phone, "Secondo"));
    assert_eq!(shown.len(), 2);
    assert!(!phone.post(&shown[0]).body.contains("Primo"));
    let left = tablet.post(&shown[1]);
    assert!(!left.body.contains("Secondo"), "it stands in another place now: {}", left.words());
    with_child(&phone, "Terzo");
    assert!(tablet.post(&shown[1]).body.contains("Terzo"), "nobody else is taken out by a page that is old");
}

#[test]
fn a_member_is_taken_out_also_while_other_devices_save() {
    let world = World::new();
    let phone = world.person("chiara");
    for round in 0..4 {
        let page = with_child(&phone, "Primo");
        let (saving, taking_out) = (page.form("/domanda/figli"), takings_out(&page).remove(0));
        let saving = Form { action: "/servizi/assegno-unico/domanda/pagamento".to_owned(), ..saving };
        let saving = saving.with("iban", "IT60X0542811101000000123456");
        let hands: Vec<_> = (0..4)
            .map(|_| {
                let (client, form) = (phone.clone(), saving.clone());
                thread::spawn(move || client.post(&form))
            })
            .collect();
        let taken_out = phone.post(&taking_out);
        hands.into_iter().for_each(|hand| drop(hand.join().expect("the save is answered")));
        assert_eq!(taken_out.status, 200, "{}", taken_out.words());
        let page = phone.get("/servizi/assegno-unico/domanda/figli?modifica=1");
        assert!(takings_out(&page).is_empty(), "round {round}: {}", page.words());
    }
}

#[test]
fn what_was_refused_is_told_as_due_again_and_what_is_open_or_granted_is_not() {
    let world = World::new();
    let elena = world.person("elena");
    let told = || elena.get("/").words().contains("Ti spetta, e non l’hai ancora chiesto Assegno unico");
    assert!(told(), "{}", elena.get("/").words());
    for (outcome, field) in [("rigetta", "motivi"), ("accogli", "motivo")] {
        elena.apply("assegno-unico");
        assert!(!told(), "{}", elena.get("/").words());
        let case = world.book().iter().rev().find(|act| act.kind == "submitted").expect("a case").case;
        let (anna, place) = (world.officer("anna.ferri"), format!("/ufficio/pratiche/{case}"));
        anna.post(&Form { action: format!("{place}/prendi"), fields: Vec::new() });
        let form = anna.get(&format!("{place}/{outcome}")).form(outcome);
        if outcome == "rigetta" {
            let again = anna.post(&form.clone().with(field, "abc"));
            let told = ["Conferma che decidi contro il calcolo", "almeno 20 caratteri"];
            assert!(again.status == 422 && told.iter().all(|told| again.words().contains(told)), "{}", again.words());
            assert!(again.body.contains("abc"), "what was typed stays");
        }
        let form = form.with(field, "Così risulta dai documenti.");
        let done = anna.post(&if outcome == "rigetta" { form.with("contro", "si") } else { form });
        assert!(done.status == 200 && done.place == place, "{}", done.words());
        assert_eq!(told(), outcome == "rigetta", "{outcome}: {}", elena.get("/").words());
    }
}

#[test]
fn people_who_confirm_at_once_get_consecutive_numbers() {
    let world = World::new();
    let people = ["chiara", "elena", "giorgio", "francesca", "maria", "paolo"].map(|handle| world.person(handle));
    let forms: Vec<_> = people.into_iter().map(|person| (person.confirmation("assegno-unico"), person)).collect();
    let hands: Vec<_> =
        forms.into_iter().map(|(form, person)| thread::spawn(move || person.post(&form).number())).collect();
    let mut numbers: Vec<_> = hands.into_iter().map(|hand| hand.join().expect("a receipt")).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, [1, 2, 3, 4, 5, 6]);
    let book = world.book();
    let order: Vec<_> =
        book.iter().filter(|act| act.kind == "submitted").map(|act| act.field("protocol")["number"].as_u64()).collect();
    assert_eq!(order, (1..=6).map(Some).collect::<Vec<_>>(), "numbers follow the order of the book");
}

#[test]
fn what_one_person_opened_is_not_another_s_at_the_same_computer() {
    let world = World::new();
    let computer = world.visitor();
    computer.log_in("attilio");
    let request = computer.get("/servizi/istanza-generica/domanda").form("/istanza-generica");
    let (profile, mandate) =
        (computer.get("/profilo").form("/profilo"), computer.get("/deleghe/nuova").form("/deleghe"));
    let leave = |place: &str| computer.post(&Form { action: place.to_owned(), fields: Vec::new() });
    leave("/esci");
    computer.log_in("silvia");
    let typed = request.clone().with("oggetto", "Di Attilio").with("richiesta", "La richiesta di Attilio.");
    for form in [&typed, &profile.with("email", "attilio@prova.example"), &mandate] {
        let refused = computer.post(form);
        assert!(refused.status == 409 && refused.title().contains("aperta da un’altra persona"), "{}", refused.words());
        assert!(!refused.body.contains("Attilio") && !refused.body.contains("attilio"), "nor is it shown");
    }
    assert!(!computer.get("/servizi/istanza-generica/domanda").body.contains("Attilio"));
    assert!(!computer.get("/profilo").body.contains("attilio@prova.example"));
    leave("/esci");
    computer.log_in("attilio");
    let kept = computer.post(&typed);
    assert!(kept.status != 409 && kept.body.contains("Attilio"), "the same person goes on: {}", kept.words());
}

#[test]
fn what_one_person_typed_does_not_wait_for_another_whose_session_expired() {
    let world = World::new();
    let computer = world.visitor();
    computer.log_in("attilio");
    let typed = computer.get("/servizi/istanza-generica/domanda").form("/istanza-generica");
    let typed = typed.with("oggetto", "Di Attilio").with("richiesta", "La richiesta di Attilio.");
    computer.post(&Form { action: "/esci".to_owned(), fields: Vec::new() });
    computer.log_in("silvia");
    world.advance(std::time::Duration::from_secs(31 * 60));
    computer.post(&typed);
    computer.log_in("silvia");
    assert!(!computer.get("/servizi/istanza-generica/domanda").body.contains("Attilio"), "it does not wait for Silvia");
}

#[test]
fn a_button_of_one_person_does_nothing_for_another() {
    let world = World::new();
    let (silvia, attilio) = (world.person("silvia"), world.person("attilio"));
    let stamp = |client: &Client| {
        let form = client.get("/profilo").form("/profilo");
        form.fields.into_iter().find(|(name, _)| name == "sp.chi").expect("who opened it")
    };
    let others = world.person("silvia");
    let end = |fields| Form { action: "/profilo/altri".to_owned(), fields };
    assert_eq!(silvia.post(&end(vec![stamp(&attilio)])).status, 409);
    assert_eq!(others.get("/profilo").place, "/profilo", "the other session is open still");
    assert!(silvia.get("/profilo").words().contains("Sei entrato anche in un altro browser"));
    let ended = silvia.post(&end(vec![stamp(&silvia)]));
    assert!(ended.body.contains("Gli altri accessi sono chiusi"), "{}", ended.words());
    assert_ne!(others.get("/profilo").place, "/profilo");
    assert!(silvia.get("/profilo").words().contains("Sei entrato solo da qui"));
}
