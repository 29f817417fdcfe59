//! What docs/operations/hardening.md calls evidence is in the sources, and its summary counts what its tables say.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use crate::world::root;

/// Where paths begin, from the root.
const SHELVES: [&str; 12] = [
    "app/",
    "benches/",
    "capabilities/",
    "content/",
    "deploy/",
    "docs/",
    "engines/",
    "law/",
    "platform/",
    "services/",
    "stories/",
    "tidy/",
];
const ANSWERS: [&str; 4] = ["holds", "in part", "does not hold", "does not apply"];
/// Of ASVS 5.0.0: 246 of levels 1 and 2 without chapter 17, and 17 of level 3.
const REQUIREMENTS: usize = 263;

fn page() -> String {
    fs::read_to_string(root().join("docs/operations/hardening.md")).expect("the page")
}

/// What stands outside samples of configuration.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.split("```").step_by(2).flat_map(str::lines)
}

/// What stands in the type of code.
fn named(text: &str) -> impl Iterator<Item = &str> {
    lines(text).flat_map(|line| line.split('`').skip(1).step_by(2))
}

fn is_path(name: &str) -> bool {
    let at_the_root =
        name.starts_with(char::is_uppercase) && [".md", ".toml", ".lock"].iter().any(|end| name.ends_with(end));
    at_the_root || SHELVES.iter().any(|shelf| name.starts_with(shelf))
}

/// Tests are sentences: three words or more.
fn is_test(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    name.chars().all(plain) && name.matches('_').count() >= 2
}

/// The functions of all sources.
fn functions() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for shelf in SHELVES {
        gather(&root().join(shelf), &mut found);
    }
    found
}

fn gather(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
        if entry.is_dir() && !entry.ends_with("node_modules") {
            gather(&entry, found);
        } else if entry.extension().is_some_and(|kind| kind == "rs") {
            let text = fs::read_to_string(&entry).expect("a source");
            found.extend(names(&text));
        }
    }
}

fn names(text: &str) -> impl Iterator<Item = String> {
    let plain = |c: &char| c.is_ascii_alphanumeric() || *c == '_';
    text.split("fn ").skip(1).map(move |rest| rest.chars().take_while(plain).collect())
}

/// Requirement and answer, from every row of the chapters' tables.
fn answers(text: &str) -> Vec<(&str, &str)> {
    let rows = lines(text).filter_map(|line| line.strip_prefix("| ")).map(|row| row.split(" | ").collect::<Vec<_>>());
    let of_chapters = rows.filter(|cells| cells.len() == 4 && cells[0].starts_with(|c: char| c.is_ascii_digit()));
    of_chapters.flat_map(|cells| cells[0].split(", ").map(move |number| (number, cells[2]))).collect()
}

fn chapter(number: &str) -> &str {
    number.split('.').next().unwrap_or_default()
}

#[test]
fn what_is_called_evidence_is_in_the_sources() {
    let (text, functions) = (page(), functions());
    let is_gone =
        |name: &&str| (is_path(name) && !root().join(name).exists()) || (is_test(name) && !functions.contains(*name));
    let gone: BTreeSet<_> = named(&text).filter(is_gone).collect();
    assert!(gone.is_empty(), "{gone:#?}");
    assert!(named(&text).filter(|name| is_test(name)).count() > 200, "the page is read");
    let branches: Vec<_> = lines(&text).filter(|line| line.contains("(branch ")).collect();
    assert!(branches.is_empty(), "evidence is in this tree or it is none: {branches:#?}");
}

#[test]
fn every_requirement_is_answered_once_and_the_summary_counts_the_answers() {
    let text = page();
    let answers = answers(&text);
    let mut counted: BTreeMap<&str, [usize; 4]> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    for (number, answer) in &answers {
        assert!(seen.insert(number), "{number} is answered twice");
        let place = ANSWERS.iter().position(|one| one == answer);
        let place = place.unwrap_or_else(|| panic!("{number}: «{answer}» is no answer"));
        counted.entry(chapter(number)).or_default()[place] += 1;
    }
    assert_eq!(answers.len(), REQUIREMENTS);
    let rows = lines(&text).filter_map(|line| line.strip_prefix("| V")?.strip_suffix(" |"));
    let mut summed = 0;
    for row in rows {
        let (name, figures) = row.split_once(" | ").expect("a chapter and its figures");
        let figures: Vec<usize> = figures.split(" | ").map(|figure| figure.parse().expect("a figure")).collect();
        let own = counted.get(name.split(' ').next().unwrap_or_default()).expect("a chapter that has a table");
        assert_eq!((&figures[..4], figures[4]), (&own[..], own.iter().sum::<usize>()), "V{name}");
        summed += figures[4];
    }
    assert_eq!(summed, REQUIREMENTS, "the summary has every chapter");
}

#[test]
fn what_does_not_hold_is_told_with_its_mend() {
    let text = page();
    let (_, rest) = text.split_once("## What does not hold").expect("the section");
    let told = rest.split("\n## ").next().unwrap_or_default();
    let numbers: BTreeSet<_> = told.split(|c: char| !c.is_ascii_digit() && c != '.').collect();
    let open = answers(&text).into_iter().filter(|(_, answer)| *answer == "does not hold");
    let untold: Vec<_> = open.map(|(number, _)| number).filter(|number| !numbers.contains(number)).collect();
    assert!(untold.is_empty(), "{untold:?}");
}
