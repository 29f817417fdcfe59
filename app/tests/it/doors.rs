//! Who may not come in learns nothing: not even that there is a door.

use std::{collections::BTreeSet, thread, time::Duration};

use base::Uuid;

use crate::{client::Page, world::World};

/// Somebody's case with its receipt issued.
fn filed(world: &World, handle: &str) -> Uuid {
    world.person(handle).apply("assegno-unico");
    let case = world.book()[0].case;
    world.acts_of(case, 2);
    case
}

/// The page without its reference number.
fn without_reference(page: &Page) -> String {
    let reference = page.header("x-request-id");
    assert!(!reference.is_empty());
    format!("{} {}", page.status, page.words().replace(reference, "…"))
}

fn one_answer(pages: &[(String, Page)]) {
    let told: BTreeSet<_> = pages.iter().map(|(_, page)| without_reference(page)).collect();
    assert_eq!(
        told.len(),
        1,
        "{:#?}",
        pages.iter().map(|(place, page)| (place, without_reference(page))).collect::<Vec<_>>()
    );
    assert!(told.iter().all(|text| text.starts_with("404 Pagina non trovata")), "{told:?}");
}

#[test]
fn what_is_not_there_and_what_is_not_yours_look_alike() {
    let world = World::new();
    let case = filed(&world, "elena");
    let paolo = world.person("paolo");
    let nobody = Uuid::nil();
    let places = [
        "",
        "/ricevuta",
        "/ritiro",
        "/integrazione",
        "/osservazioni",
        "/prova/1",
        "/comunicazioni/2",
        "/comunicazioni/2.pdf",
    ];
    let mut asked: Vec<String> = Vec::new();
    for id in ["xyz".to_owned(), "0".to_owned(), nobody.to_string(), case.to_string()] {
        asked.extend(places.iter().map(|rest| format!("/pratiche/{id}{rest}")));
    }
    asked.extend(
        ["/servizi/non-esiste", "/servizi/non-esiste/domanda", "/servizi/assegno-unico/domanda/non-esiste"]
            .map(str::to_owned),
    );
    asked.extend([
        format!("/pratiche/{case}/allegati/{nobody}"),
        format!("/pratiche/{case}/prova/xyz"),
        "/niente/di/niente".to_owned(),
    ]);
    one_answer(&asked.into_iter().map(|place| (place.clone(), paolo.get(&place))).collect::<Vec<_>>());

    let code = world.book()[0].field("applicant")["fiscal_code"].as_str().expect("an applicant").to_owned();
    let refusals = |subject: String| {
        world.block_on(async {
            identity::refusals_since(&mut world.database().read().await?, &subject, base::Timestamp::MIN).await
        })
    };
    assert_eq!(refusals(code).expect("they are counted"), 0, "who opens an own case is not suspected");
}

#[test]
fn an_attempt_on_a_case_of_another_person_is_written_down() {
    let world = World::new();
    let case = filed(&world, "elena");
    let paolo = world.person("paolo");
    assert_eq!(paolo.get(&format!("/pratiche/{case}")).status, 404);
    let profile = paolo.get("/profilo").words();
    let code =
        profile.split_whitespace().find(|word| word.parse::<base::FiscalCode>().is_ok()).expect("his code").to_owned();
    let written = (0..50).any(|_| {
        thread::sleep(Duration::from_millis(40));
        let count = world.block_on(async {
            identity::refusals_since(&mut world.database().read().await?, &code, base::Timestamp::MIN).await
        });
        count.expect("they are counted") == 1
    });
    assert!(written, "nobody would ever know");
}

#[test]
fn officers_of_another_office_find_nothing_and_can_do_nothing() {
    let world = World::new();
    let case = filed(&world, "elena");
    let (anna, carla) = (world.officer("anna.ferri"), world.officer("carla.neri"));
    let desk = format!("/ufficio/pratiche/{case}");
    assert_eq!(anna.get(&desk).status, 200);
    let absent = format!("/ufficio/pratiche/{}", Uuid::nil());
    let rest = ["", "/accogli", "/rigetta", "/integrazione", "/comunicazioni/2"];
    let asked = rest
        .iter()
        .flat_map(|rest| [format!("{desk}{rest}"), format!("{absent}{rest}"), format!("/ufficio/pratiche/xyz{rest}")]);
    one_answer(&asked.map(|place| (place.clone(), carla.get(&place))).collect::<Vec<_>>());

    let before = world.book().len();
    for act in ["prendi", "rilascia", "nota", "integrazione", "accogli", "rigetta"] {
        let form = crate::client::Form { action: format!("{desk}/{act}"), fields: Vec::new() };
        assert_eq!(carla.post(&form.with("testo", "Una prova").with("motivi", "Una prova")).status, 404, "{act}");
    }
    assert_eq!(world.book().len(), before);
    assert!(!carla.get("/ufficio/pratiche").words().contains("Elena"));
}

#[test]
fn each_door_leads_to_its_own_rooms() {
    let world = World::new();
    let (chiara, anna, nobody) = (world.person("chiara"), world.officer("anna.ferri"), world.visitor());
    for place in ["/ufficio", "/ufficio/pratiche", "/ufficio/servizi"] {
        let door = chiara.get(place);
        assert!(door.place.starts_with("/ufficio/accesso?ritorno="), "{place} leads a citizen to {}", door.place);
    }
    for place in ["/pratiche", "/profilo", "/profilo/dati", "/profilo/letture", "/servizi/assegno-unico/domanda"] {
        for visitor in [&anna, &nobody] {
            let door = visitor.get(place);
            assert!(door.place.starts_with("/accesso?ritorno="), "{place} leads to {}", door.place);
        }
    }
}

#[test]
fn a_login_leads_back_to_this_site_only() {
    let world = World::new();
    let own = world.visitor().log_in_at("/accesso?ritorno=/profilo/dati", "chiara");
    assert_eq!(own.place, "/profilo/dati");
    for elsewhere in ["//altrove.example", "https://altrove.example/", "/\\altrove.example"] {
        let home = world.visitor().log_in_at(&format!("/accesso?ritorno={elsewhere}"), "chiara");
        assert!(home.has_form("/esci") && !home.place.contains("altrove"), "{elsewhere} leads to {}", home.place);
    }
}

#[test]
fn a_form_of_another_site_cannot_act_in_somebodys_name() {
    let world = World::new();
    let chiara = world.person("chiara");
    let form = chiara.confirmation("assegno-unico");
    let refused = chiara.post_from("https://altrove.example", &form);
    assert_eq!(refused.status, 403, "{}", refused.words());
    assert!(world.book().is_empty());
}
