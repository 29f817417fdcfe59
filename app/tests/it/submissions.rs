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
