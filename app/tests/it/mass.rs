//! A mass decision in the whole program: from the worklist to the letters, over a crash, with everybody who gets to know.

use std::time::Duration;

use base::Uuid;

use crate::{
    client::{Form, Page},
    world::World,
};

const LIST: &str = "/ufficio/pratiche?servizio=assegno-unico";
const MINUTE: Duration = Duration::from_secs(60);
const PEOPLE: [&str; 3] = ["elena", "chiara", "maria"];

/// The cases of [`PEOPLE`], and the page of a mass decision whose list is complete.
fn proposed(world: &World) -> (Vec<Uuid>, Page) {
    for handle in PEOPLE {
        world.person(handle).apply("assegno-unico");
    }
    let filed = world.book().into_iter().filter(|act| act.kind == "submitted").map(|act| act.case).collect();
    let anna = world.officer("anna.ferri");
    let page = anna.post(&anna.get(LIST).form("/ufficio/decisioni-collettive"));
    world.advance(Duration::from_secs(1));
    (filed, anna.get(&page.place))
}

/// The confirmation for all of them.
fn confirmation(page: &Page, motivation: &str) -> Form {
    let form = Form { action: page.place.clone(), fields: Vec::new() };
    form.with("conteggio", "3").with("motivo", motivation)
}

#[test]
fn from_the_list_to_the_letters_over_a_crash_each_case_is_granted_once() {
    let mut world = World::new();
    let (filed, page) = proposed(&world);
    assert!(page.words().contains("Pratiche da accogliere: 3."), "{}", page.words());
    let place = page.place.clone();
    let form = confirmation(&page, "Requisiti verificati d’ufficio.");
    let anna = world.officer("anna.ferri");
    assert_eq!(anna.post(&form).status, 422, "the points of the law are to be read");
    let confirmed = anna.post(&form.with("verificati", "si"));
    assert!(confirmed.words().contains("fino ad allora non succede niente"), "{}", confirmed.words());
    let case = anna.get(&format!("/ufficio/pratiche/{}", filed[0])).words();
    assert!(case.contains("In una decisione collettiva Sarà accolta dal 21 novembre 2026, ore 11:15"), "{case}");
    assert!(world.book().iter().all(|act| act.kind != "granted"), "the book says nothing of it yet");

    world.restart();
    world.advance(MINUTE * 16);
    for id in filed {
        let kinds: Vec<_> = world.acts_of(id, 4).into_iter().map(|act| act.kind).collect();
        let times = |kind: &str| kinds.iter().filter(|own| *own == kind).count();
        assert_eq!((times("submitted"), times("granted"), times("letter-issued")), (1, 1, 2), "{kinds:?}");
    }
    let done = world.officer("anna.ferri").get(&place).words();
    assert!(done.contains("Accolte: 3. Rimaste fuori dopo la conferma: 0."), "{done}");
    let elena = world.person("elena");
    assert!(elena.get("/pratiche").words().contains("Accolta"), "{}", elena.get("/pratiche").words());
    let reads = elena.get("/profilo/letture").words();
    assert!(reads.contains("Visto in una decisione collettiva dell’ufficio"), "{reads}");
}

#[test]
fn a_session_that_ends_while_one_writes_the_motivation_loses_nothing_of_it() {
    let world = World::new();
    let (_, page) = proposed(&world);
    let form = confirmation(&page, "Parole lunghe e pensate.");
    let anna = world.officer("anna.ferri");
    world.advance(MINUTE * 60 * 9);
    anna.post(&form);
    let again = world.officer("anna.ferri").get(&page.place);
    assert!(again.body.contains("Parole lunghe e pensate."), "{}", again.words());
}
