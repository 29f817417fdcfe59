use std::path::PathBuf;

use base::Language;
use catalogue::{Automatic, Declared, Offer, check};

fn root() -> PathBuf {
    tidy::house()
}

pub fn real_offer() -> Offer {
    Offer::read(&Declared::read(&root()).unwrap())
}

#[test]
fn the_services_of_this_house_have_no_problems() {
    let offer = real_offer();
    let told: Vec<String> = offer.problems.values().flatten().map(ToString::to_string).collect();
    assert!(told.is_empty(), "{}", told.join("\n\n"));
    let slugs: Vec<&str> = offer.services.keys().map(String::as_str).collect();
    assert!(
        ["assegno-unico", "invalidita-civile", "istanza-generica", "naspi", "rettifica-dati"]
            .iter()
            .all(|slug| slugs.contains(slug)),
        "{slugs:?}"
    );
}

#[test]
fn they_pass_the_check_with_every_example() {
    let report = check(&root()).unwrap();
    assert!(report.passed(), "{report}");
    let least = [
        ("assegno-inclusione", 25),
        ("assegno-unico", 65),
        ("bonus-nido", 25),
        ("congedo-parentale", 25),
        ("invalidita-civile", 35),
        ("naspi", 45),
    ];
    for (slug, least) in least {
        let service = report.services.iter().find(|service| service.slug == slug).unwrap();
        assert!(service.examples >= least, "{report}");
    }
}

#[test]
fn the_assegno_unico_speaks_all_languages() {
    let offer = real_offer();
    let told: Vec<String> = offer.services["assegno-unico"].warnings.iter().map(ToString::to_string).collect();
    assert!(told.is_empty(), "{}", told.join("\n\n"));
}

#[test]
fn the_law_of_each_proceeding_is_the_one_declared() {
    let offer = real_offer();
    let rules = |slug: &str| offer.services[slug].process.rules.clone();
    // Art. 10-bis, last sentence: no notice before refusal for benefits of social-security bodies.
    let social_security =
        ["assegno-inclusione", "assegno-unico", "bonus-nido", "congedo-parentale", "invalidita-civile", "naspi"];
    for slug in social_security {
        assert!(!rules(slug).notice_before_refusal, "{slug}");
    }
    assert!(rules("istanza-generica").notice_before_refusal && rules("rettifica-dati").notice_before_refusal);
    assert_eq!(rules("istanza-generica").days, 30);
    assert_eq!(offer.services["assegno-unico"].process.automatic, Automatic::Propose);
    for service in offer.services.values() {
        assert!(
            Language::ALL.iter().all(|language| service.page.sections(*language).1 == *language),
            "{}",
            service.slug
        );
    }
}
