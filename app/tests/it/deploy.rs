//! What operators install: every name in it is one that the program knows, every file one that is there.

use std::{collections::BTreeSet, fs};

use clap::CommandFactory;
use sportello::Arguments;

use crate::world::root;

fn text(place: &str) -> String {
    fs::read_to_string(root().join(place)).unwrap_or_else(|error| panic!("{place}: {error}"))
}

/// Every variable that the program reads.
fn known() -> BTreeSet<String> {
    let command = Arguments::command();
    let commands = command.get_subcommands().flat_map(clap::Command::get_arguments);
    let names = command.get_arguments().chain(commands).filter_map(|argument| argument.get_env());
    let mut known: BTreeSet<_> = names.map(|name| name.to_string_lossy().into_owned()).collect();
    known.insert("SPORTELLO_LOG".to_owned());
    known
}

#[test]
fn every_variable_that_is_told_to_operators_is_read_by_the_program() {
    let known = known();
    for place in [
        "deploy/sportello.service",
        "deploy/sportello-backup.service",
        "deploy/Containerfile",
        "docs/operations/run.md",
        "docs/operations/monitoring.md",
    ] {
        let text = text(place);
        let starts = text.match_indices("SPORTELLO_").map(|(at, _)| &text[at..]);
        let names: BTreeSet<_> = starts
            .map(|rest| rest.split(|c: char| !c.is_ascii_uppercase() && c != '_').next().unwrap_or(rest).to_owned())
            .collect();
        assert!(!names.is_empty(), "{place} names some");
        assert!(names.is_subset(&known), "{place}: {:?}", names.difference(&known).collect::<Vec<_>>());
    }
}

#[test]
fn the_image_copies_what_is_there_runs_as_nobody_special_and_holds_no_secret() {
    let file = text("deploy/Containerfile");
    let (_, last) = file.rsplit_once("FROM ").expect("stages");
    for line in last.lines().filter_map(|line| line.strip_prefix("COPY ")).filter(|line| !line.starts_with("--from")) {
        let source = line.split(' ').next().expect("a source");
        assert!(root().join(source).exists(), "{source}");
    }
    let (user, entry) = (last.find("\nUSER sportello"), last.find("\nENTRYPOINT"));
    assert!(user.is_some() && user < entry, "{last}");
    let secret = |word: &&str| ["PASSWORD", "SECRET", "TOKEN", "DATABASE"].iter().any(|own| word.contains(own));
    let set = file.lines().filter(|line| line.starts_with("ENV ") || line.starts_with("ARG "));
    assert_eq!(set.flat_map(str::split_whitespace).find(secret), None);
    let left_out = text(".containerignore");
    assert!(["data", "**/keys"].iter().all(|place| left_out.lines().any(|line| line == *place)), "{left_out}");
}

#[test]
fn every_figure_of_an_alert_is_described() {
    let (alerts, page) = (text("deploy/alerts.yml"), text("docs/operations/monitoring.md"));
    let starts = alerts.match_indices("sportello_").map(|(at, _)| &alerts[at..]);
    for name in starts.map(|rest| rest.split(|c: char| !c.is_ascii_lowercase() && c != '_').next().unwrap_or(rest)) {
        let name = name.trim_end_matches("_bucket");
        assert!(page.contains(&format!("`{name}`")) || page.contains(&format!("`{name}{{")), "{name}");
    }
}
