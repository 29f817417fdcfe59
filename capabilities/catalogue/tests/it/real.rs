use std::path::PathBuf;

use base::Language;
use catalogue::{Declared, Offer, check};

fn root() -> PathBuf {
    tidy::house()
}

pub fn real_offer() -> Offer {
    Offer::read(&Declared::read(&root()).unwrap())
}

#[test]
fn the_services_of_this_house_have_no_problems() {
    let declared = Declared::read(&root()).unwrap();
    let offer = Offer::read(&declared);
    let told: Vec<String> = offer.problems.values().flatten().map(ToString::to_string).collect();
    assert!(told.is_empty(), "{}", told.join("\n\n"));
    let folders: Vec<&String> = declared.folders.iter().map(|folder| &folder.slug).collect();
    assert!(!folders.is_empty());
    assert_eq!(offer.services.keys().collect::<Vec<_>>(), folders);
}

#[test]
fn what_all_services_write_stands_once() {
    for folder in Declared::read(&root()).unwrap().folders {
        for (path, text) in folder.files.iter().filter(|(path, _)| !folder.common.contains_key(*path)) {
            let common = std::fs::read_to_string(root().join("content").join(path)).unwrap_or_default();
            assert!(common != *text, "{}/{path} is the one common to all services", folder.label);
        }
    }
}

#[test]
fn they_pass_the_check_with_every_example() {
    let report = check(&Declared::read(&root()).unwrap());
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
    for service in offer.services.values() {
        assert!(
            Language::ALL.iter().all(|language| service.page.sections(*language).1 == *language),
            "{}",
            service.slug
        );
    }
}

/// A receipt that says of a child at nursery that a serious illness is attested would be a false official statement.
#[test]
fn of_every_child_only_the_requirements_of_what_is_asked_for_are_told() {
    let offer = real_offer();
    let law = offer.services["bonus-nido"].program.as_ref().expect("its rules");
    let told = |example: &str| -> Vec<String> {
        let path = tidy::house().join("services/bonus-nido/examples").join(example);
        let outcome = rules::run_example(law, &std::fs::read_to_string(path).expect("the example")).expect("it runs");
        outcome.decision.reasons.into_iter().filter(|reason| reason.member.is_some()).map(|one| one.rule).collect()
    };
    let nursery = ["mese_cominciato", "eta", "nido", "entro_le_mensilita"];
    let mut at_nursery = told("caso-2025-mese-di-marzo.toml");
    at_nursery.retain(|rule| rule != "inizio_del_mese" && rule != "contributo_nido");
    let mut expected = nursery.map(str::to_owned);
    at_nursery.sort_unstable();
    expected.sort_unstable();
    assert_eq!(at_nursery, expected);
    let at_home = told("caso-2025-assistenza-in-casa.toml");
    assert!(at_home.contains(&"assistenza".to_owned()), "{at_home:?}");
    assert!(!at_home.iter().any(|rule| rule == "nido" || rule == "entro_le_mensilita"), "{at_home:?}");
    assert_eq!(told("caso-2025-niente-chiesto.toml"), [] as [&str; 0], "nothing is asked for: nothing is told");
}
