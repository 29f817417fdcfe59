use std::collections::BTreeMap;

use crate::{
    Fault, Tree,
    manifest::{self, Dependency},
};

/// The spine of capabilities: each may know those before it.
const SPINE: [&str; 6] = ["identity", "registry", "catalogue", "mandates", "protocol", "cases"];

/// Which shelf each room stands on, from the folders.
fn shelves(tree: &Tree) -> BTreeMap<&str, &str> {
    let manifests = tree.ending("/Cargo.toml").filter_map(|(path, _)| path.strip_suffix("/Cargo.toml"));
    manifests.filter_map(|folder| folder.split_once('/')).map(|(shelf, room)| (room, shelf)).collect()
}

/// Engines → engines; platform → base and platform; capability → engines, platform, earlier spine; the app and what
/// proves it → all.
pub fn one_way(tree: &Tree) -> Vec<Fault> {
    let shelves = shelves(tree);
    let renamed = tree.0.get("Cargo.toml").map(|root| manifest::renamed(root)).unwrap_or_default();
    let mut faults = Vec::new();
    for (path, text) in tree.ending("/Cargo.toml") {
        let Some((shelf, room)) = path.strip_suffix("/Cargo.toml").and_then(|folder| folder.split_once('/')) else {
            continue;
        };
        for (line, known) in room_dependencies(text, &renamed, &shelves) {
            if !may_know(shelf, room, shelves[known], known) {
                let message =
                    format!("{shelf}/{room} may not know {known}: dependencies point one way (ARCHITECTURE.md)");
                faults.push(Fault::new(path, line, message));
            }
        }
    }
    faults
}

/// The rooms that a Cargo file names, not counting those that only its tests use; with the line of each.
fn room_dependencies<'a>(
    manifest: &str,
    renamed: &BTreeMap<String, String>,
    shelves: &BTreeMap<&'a str, &str>,
) -> Vec<(usize, &'a str)> {
    let known = |one: &Dependency| {
        let name = one.package.as_ref().or_else(|| renamed.get(&one.key)).unwrap_or(&one.key);
        shelves.get_key_value(name.as_str()).map(|(room, _)| (one.line, *room))
    };
    manifest::dependencies(manifest).iter().filter(|one| !one.dev).filter_map(known).collect()
}

fn may_know(shelf: &str, room: &str, known_shelf: &str, known: &str) -> bool {
    match (shelf, known_shelf) {
        ("engines", "engines") | ("platform", "platform") | ("capabilities", "engines" | "platform") => true,
        ("platform", "engines") => known == "base",
        // What proves the house, as the crate `stories` beside it.
        ("stories", _) => true,
        ("capabilities", "capabilities") => earlier_on_the_spine(room, known),
        _ => false,
    }
}

fn earlier_on_the_spine(room: &str, known: &str) -> bool {
    let place = |name| SPINE.iter().position(|spine| *spine == name);
    match (place(room), place(known)) {
        (_, None) => false,
        (None, Some(_)) => true,
        (Some(room), Some(known)) => known < room,
    }
}

/// Each dependency that is not a room of ours carries a comment where its version stands.
pub fn explained(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (path, text) in tree.ending("Cargo.toml") {
        let lines: Vec<&str> = text.lines().collect();
        for one in manifest::dependencies(text).iter().filter(|one| !one.own && !one.inherited) {
            if !lines.get(one.line - 1).is_some_and(|line| line.contains(" # ")) {
                faults.push(Fault::new(path, one.line, "say behind the dependency what it is for: `… # …`"));
            }
        }
    }
    faults
}
