//! The pages of a case in English and German: no word of the law, no name of an office, a service or a registry is left
//! in Italian, unless it is marked as Italian.

use std::collections::BTreeSet;

use base::{Language, Translated};
use catalogue::{Declared, Offer, Service};
use scraper::{ElementRef, Html, Node, Selector};

use crate::{
    client::{Client, Page},
    world::{World, root},
};

/// Shorter words stand in sentences of every language: "ISEE".
const SHORTEST: usize = 8;

/// What officials wrote in Italian and in `language`: the Italian texts that differ.
fn italian_words(language: Language) -> BTreeSet<String> {
    let offer = Offer::read(&Declared::read(&root()).expect("the folders can be read"));
    let mut words = BTreeSet::new();
    let mut add = |text: &Translated| {
        let italian = text.get(Language::Italian);
        if text.get(language) != italian && italian.len() >= SHORTEST {
            words.insert(italian.to_owned());
        }
    };
    for office in offer.offices.values() {
        [&office.name, &office.administration, &office.substitute].into_iter().for_each(&mut add);
    }
    offer.life_events.iter().for_each(|event| add(&event.name));
    for registry in offer.registries.iter() {
        add(&registry.name);
        registry.data.iter().for_each(|datum| add(&datum.label));
    }
    for service in offer.services.values() {
        [&service.name, &service.summary, &service.process.responsible].into_iter().for_each(&mut add);
        service.form.questions().for_each(|(_, question)| add(&question.label));
    }
    words.extend(offer.services.values().flat_map(|service| law(service)));
    words
}

/// Titles of rules, what is said where they do not hold, and titles of data.
fn law(service: &Service) -> BTreeSet<String> {
    let Some(program) = &service.program else { return BTreeSet::new() };
    let versions = program.rules().iter().flat_map(|rule| &rule.versions);
    let said = versions.flat_map(|version| [Some(&version.title), version.otherwise.as_ref()]).flatten();
    let inputs = program.inputs().iter().map(|input| &input.label);
    said.chain(inputs).filter(|text| text.len() >= SHORTEST).cloned().collect()
}

/// The texts of a page that its reader takes for the page's language.
fn texts(page: &Page) -> Vec<String> {
    let html = Html::parse_document(&page.body);
    let body = html.select(&Selector::parse("body").expect("a selector")).next().expect("a body");
    let mut found = Vec::new();
    gather(body, &mut found);
    found
}

fn gather(element: ElementRef<'_>, found: &mut Vec<String>) {
    for child in element.children() {
        match (child.value(), ElementRef::wrap(child)) {
            (Node::Text(text), _) => found.push(text.split_whitespace().collect::<Vec<_>>().join(" ")),
            (_, Some(inner)) if inner.attr("lang") != Some("it") => gather(inner, found),
            _ => {}
        }
    }
}

/// The pages of a person's case, from the result before it is filed to the officer's desk.
fn pages(world: &World, person: &Client, officer: &Client, language: Language) -> Vec<Page> {
    let tag = language.tag();
    let summary = person.get(&format!("/servizi/assegno-unico/domanda/riepilogo?lingua={tag}"));
    let receipt = person.post(&summary.form("/domanda/invia"));
    let case = receipt.place.trim_end_matches("/ricevuta").to_owned();
    let id = case.trim_start_matches("/pratiche/").parse().expect("the case has an identifier");
    let acts = world.acts_of(id, 2);
    officer.get(&format!("/ufficio?lingua={tag}"));
    let desk = format!("/ufficio{case}");
    let paper = format!("/verifica/documento/{}", acts[1].text("document"));
    let places =
        [case.clone(), format!("{case}/ricevuta"), format!("{case}/comunicazioni/2"), format!("{case}/ritiro"), paper];
    let mut seen = vec![summary, receipt];
    seen.extend(places.iter().map(|place| person.get(place)));
    seen.extend(
        [desk.as_str(), "/ufficio/pratiche", "/ufficio/comunicazioni", "/ufficio/servizi"]
            .iter()
            .map(|one| officer.get(one)),
    );
    seen.extend(["/", "/pratiche", "/profilo/letture", "/servizi/assegno-unico"].map(|place| person.get(place)));
    seen
}

fn speaks(language: Language, handle: &str, said: &[&str]) {
    let world = World::new();
    let pages = pages(&world, &world.person(handle), &world.officer("anna.ferri"), language);
    let italian = italian_words(language);
    let mut wrong = Vec::new();
    for page in &pages {
        assert_eq!(page.status, 200, "{}", page.place);
        for text in texts(page) {
            let left = italian.iter().filter(|word| text.contains(word.as_str()));
            wrong.extend(left.map(|word| format!("{}: «{word}»", page.place)));
        }
    }
    assert!(wrong.is_empty(), "Italian on the pages in {}:\n{}", language.tag(), wrong.join("\n"));
    for words in said {
        assert!(pages[0].words().contains(words), "«{words}» is not in: {}", pages[0].words());
    }
}

#[test]
fn whoever_reads_english_reads_the_law_in_english() {
    let near = "With an ISEE of up to €17,468.51 the amount would be €477.40 a month.";
    speaks(Language::English, "paolo", &["Amount for a child under 18", "Art. 3(1)(a)", near]);
}

#[test]
fn whoever_reads_german_reads_the_law_in_german() {
    let near = "Mit einem ISEE-Wert bis 17.468,51 € läge der Betrag bei 477,40 € im Monat.";
    speaks(Language::German, "paolo", &["Betrag für ein minderjähriges Kind", "Art. 3 Abs. 1 Buchst. a", near]);
}

#[test]
fn whoever_is_not_entitled_reads_why_in_german() {
    speaks(Language::German, "luca", &["Keines der angegebenen Kinder gibt Anspruch auf das Kindergeld."]);
}
