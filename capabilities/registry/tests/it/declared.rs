use std::collections::BTreeSet;

use registry::Registries;

use crate::house::{REGISTRIES, form};

#[test]
fn all_registries_that_the_form_names_are_declared() {
    let registries = Registries::parse("registries.toml", REGISTRIES).unwrap();
    let declared: BTreeSet<&str> = registries.iter().map(|registry| registry.id.as_str()).collect();
    let form = form();
    let named: BTreeSet<&str> = form.sources().iter().filter_map(|key| key.split_once('.')).map(|(id, _)| id).collect();
    assert!(named.is_subset(&declared), "{named:?} {declared:?}");
}

#[test]
fn mistakes_are_told_with_their_place() {
    let broken = REGISTRIES.replacen("id = \"istruzione\"", "id = \"anpr\"", 1).replacen(
        "id = \"entrate\"",
        "id = \"Le Entrate\"",
        1,
    );
    let wrong = Registries::parse("registries.toml", &broken).unwrap_err();
    let told: Vec<_> = wrong.iter().take(2).map(|one| (one.message.as_str(), one.source.as_str())).collect();
    assert_eq!(
        told,
        [
            ("la banca dati «anpr» c’è già", "id = \"anpr\""),
            ("la banca dati non può chiamarsi «Le Entrate»", "id = \"Le Entrate\""),
        ]
    );
    let unknown = Registries::parse("registries.toml", &REGISTRIES.replacen("holds", "hold", 1)).unwrap_err();
    assert_eq!((unknown[0].line, unknown[0].column), (16, 1), "{}", unknown[0]);
    let mute = Registries::parse("registries.toml", &REGISTRIES.replacen("{ it = \"INPS\", ", "{ ", 1)).unwrap_err();
    assert_eq!(mute[0].message, "manca il testo italiano");
}

#[test]
fn data_are_declared_whole() {
    for (right, wrong, message) in [
        ("id = \"eta\"", "id = \"nome\"", "il dato «nome» c’è già"),
        ("named_by = \"anpr.nome\"", "named_by = \"anpr.nomme\"", "«anpr.nomme» non è un dato di queste banche dati"),
        (
            "kind = \"list\", named_by = \"anpr.nome\"",
            "kind = \"list\"",
            "il tipo di dato e named_by non vanno insieme",
        ),
        (
            "id = \"genitore\", kind = \"choice\"",
            "id = \"genitore\", kind = \"text\"",
            "il tipo di dato e i suoi valori",
        ),
        ("{ value = \"padre\"", "{ value = \"madre\"", "il valore «madre» c’è già"),
    ] {
        assert!(REGISTRIES.contains(right), "{right}");
        let told = Registries::parse("registries.toml", &REGISTRIES.replacen(right, wrong, 1)).unwrap_err();
        assert!(told[0].message.starts_with(message), "{}", told[0]);
    }
}
