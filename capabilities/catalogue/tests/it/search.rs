use base::Language;
use catalogue::{HitKind, Offer};

use crate::{
    real::real_offer,
    world::{bent, folder, offer},
};

fn first(offer: &Offer, question: &str, language: Language) -> String {
    offer.search(question, language).first().map_or_else(String::new, |hit| hit.href.clone())
}

#[test]
fn endings_accents_case_and_order_do_not_matter() {
    let offer = offer(vec![folder("prova")]);
    for question in ["procedure telematiche", "telematica procedura", "PROCEDURA", "proced", "procedurra telematica"] {
        assert_eq!(first(&offer, question, Language::Italian), "/servizi/prova", "{question}");
    }
    let hit = &offer.search("procedure telematiche", Language::Italian)[0];
    let found: Vec<&str> =
        hit.snippet.iter().filter(|fragment| fragment.found).map(|fragment| fragment.text.as_str()).collect();
    assert_eq!(found, ["procedura", "telematica"]);
}

#[test]
fn nothing_is_found_by_nothing() {
    let offer = offer(vec![folder("prova")]);
    for question in ["", "   ", "di il la", "xyzzy", "%", "'; DROP TABLE"] {
        assert_eq!(offer.search(question, Language::Italian), [], "{question}");
    }
}

#[test]
fn a_draft_is_not_found() {
    let offer = offer(vec![bent("service.toml", "state = \"open\"", "state = \"draft\"")]);
    assert!(offer.services.contains_key("prova"));
    assert!(offer.search("bonus prova", Language::Italian).iter().all(|hit| hit.kind != HitKind::Service));
}

#[test]
fn people_find_the_real_services_by_their_own_words() {
    let offer = real_offer();
    for (question, language, href) in [
        ("assegno unico", Language::Italian, "/servizi/assegno-unico"),
        ("soldi per i figli", Language::Italian, "/servizi/assegno-unico"),
        ("assegni familiari", Language::Italian, "/servizi/assegno-unico"),
        ("disabilita figlio importo", Language::Italian, "/servizi/assegno-unico"),
        ("indennità di accompagnamento", Language::Italian, "/servizi/invalidita-civile"),
        ("mi hanno licenziato", Language::Italian, "/servizi/naspi"),
        ("unemployment", Language::English, "/servizi/naspi"),
        ("Invalidenrente", Language::German, "/servizi/invalidita-civile"),
        ("dati sbagliati", Language::Italian, "/servizi/rettifica-dati"),
        ("correggere un errore", Language::Italian, "/servizi/rettifica-dati"),
        ("scrivere una lettera", Language::Italian, "/servizi/istanza-generica"),
        ("retta del nido", Language::Italian, "/servizi/bonus-nido"),
        ("astensione facoltativa", Language::Italian, "/servizi/congedo-parentale"),
        ("reddito di cittadinanza", Language::Italian, "/servizi/assegno-inclusione"),
        ("nursery fees", Language::English, "/servizi/bonus-nido"),
        ("Elternzeit", Language::German, "/servizi/congedo-parentale"),
        ("child benefit", Language::English, "/servizi/assegno-unico"),
        ("Kindergeld", Language::German, "/servizi/assegno-unico"),
        ("Berichtigung", Language::German, "/servizi/rettifica-dati"),
        ("lettore di schermo", Language::Italian, "/accessibilita"),
    ] {
        assert_eq!(first(&offer, question, language), href, "{question}");
    }
}
