//! Lists as files: who may take what out, and who gets to know.

use crate::{
    client::{Client, Page},
    world::World,
};

const PLACE: &str = "/ufficio/pratiche/esporta";

fn exported(officer: &Client, query: &str, format: &str, further: &[(&str, &str)]) -> Page {
    let mut form = officer.get(&format!("{PLACE}{query}")).form("/esporta").with("formato", format);
    for (name, value) in further {
        form = form.with(name, value);
    }
    officer.post(&form)
}

#[test]
fn a_list_is_a_file_without_names_for_every_officer() {
    let world = World::new();
    world.person("elena").apply("assegno-unico");
    let (bruno, carla) = (world.officer("bruno.conti"), world.officer("carla.neri"));
    assert!(bruno.get("/ufficio/pratiche").body.contains(PLACE), "the list leads to it");
    let csv = exported(&bruno, "", "csv", &[]);
    assert_eq!((csv.status, csv.header("content-type")), (200, "text/csv; charset=utf-8"));
    assert!(csv.header("content-disposition").contains(".csv"), "{}", csv.header("content-disposition"));
    assert_eq!(csv.header("cache-control"), "no-store");
    let lines: Vec<_> = csv.body.lines().collect();
    assert_eq!(lines.len(), 2, "{}", csv.body);
    assert!(lines[0].starts_with("\u{feff}Protocollo;Servizio;Stato;"), "{}", lines[0]);
    assert!(lines[1].starts_with("FAMGEN 0000001/2026;"), "with its register: {}", lines[1]);
    assert!(lines[1].contains("Assegno unico") && !csv.body.contains("Elena"), "{}", lines[1]);
    assert_eq!(exported(&carla, "", "csv", &[]).body.lines().count(), 1, "another office's list");
    let none = exported(&bruno, "?stato=granted", "csv", &[]);
    assert_eq!(none.body.lines().count(), 1, "the filters of the list hold");
    assert_eq!(exported(&bruno, "?chi=mie", "csv", &[]).body.lines().count(), 1);
    for (format, begins) in [("ods", "PK"), ("xlsx", "PK")] {
        assert!(exported(&bruno, "", format, &[]).body.starts_with(begins));
    }
    let told = bruno.get(PLACE).words();
    assert!(told.contains("Bruno Conti CSV 1 Senza nomi Completa"), "{told}");
    assert!(!world.person("elena").get("/profilo/letture").body.contains("Esportato"));
}

#[test]
fn names_are_for_who_heads_the_office_with_a_reason_and_the_person_gets_to_know() {
    let world = World::new();
    world.person("elena").apply("assegno-unico");
    let (anna, bruno) = (world.officer("anna.ferri"), world.officer("bruno.conti"));
    assert_eq!(exported(&bruno, "", "csv", &[("che_cosa", "nomi"), ("motivo", "Controllo")]).status, 403);
    let wrong = exported(&anna, "", "csv", &[("che_cosa", "nomi")]);
    assert_eq!(wrong.status, 422);
    assert!(wrong.words().contains("Scrivi perché servono i nomi"), "{}", wrong.words());
    let csv = exported(&anna, "", "csv", &[("che_cosa", "nomi"), ("motivo", "Controllo a campione")]);
    assert!(csv.body.contains("Elena"), "{}", csv.body);
    let told = anna.get(PLACE).words();
    assert!(told.contains("Anna Ferri CSV 1 Con i nomi: Controllo a campione Completa"), "{told}");
    assert!(!bruno.get(PLACE).words().contains("Controllo a campione"), "others see only their own");
    let reads = world.person("elena").get("/profilo/letture").words();
    assert!(reads.contains("Esportato dall’elenco delle pratiche dell’ufficio"), "{reads}");
    assert!(reads.contains("Anna Ferri, Ufficio Famiglia e Genitorialità"), "{reads}");
}
