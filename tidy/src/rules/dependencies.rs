use std::collections::BTreeMap;

use crate::{Fault, Tree};

/// The spine of capabilities: each may know those before it.
const SPINE: [&str; 4] = ["identity", "registry", "catalogue", "cases"];

/// Which shelf each room stands on, from the folders.
fn shelves(tree: &Tree) -> BTreeMap<&str, &str> {
    let manifests = tree.ending("/Cargo.toml").filter_map(|(path, _)| path.strip_suffix("/Cargo.toml"));
    manifests.filter_map(|folder| folder.split_once('/')).map(|(shelf, room)| (room, shelf)).collect()
}

/// Engines → engines; platform → base and platform; capability → engines, platform, earlier spine; the app and what
/// proves it → all.
pub fn one_way(tree: &Tree) -> Vec<Fault> {
    let shelves = shelves(tree);
    let mut faults = Vec::new();
    for (path, text) in tree.ending("/Cargo.toml") {
        let Some((shelf, room)) = path.strip_suffix("/Cargo.toml").and_then(|folder| folder.split_once('/')) else {
            continue;
        };
        for (line, known) in room_dependencies(text, &shelves) {
            if !may_know(shelf, room, shelves[known], known) {
                let message =
                    format!("{shelf}/{room} may not know {known}: dependencies point one way (ARCHITECTURE.md)");
                faults.push(Fault::new(path, line, message));
            }
        }
    }
    faults
}

/// Lines of `[dependencies]` (not of tests) that name a room.
fn room_dependencies<'a>(manifest: &'a str, shelves: &BTreeMap<&'a str, &str>) -> Vec<(usize, &'a str)> {
    let mut section = "";
    let mut found = Vec::new();
    for (line, number) in manifest.lines().zip(1..) {
        if line.starts_with('[') {
            section = line;
        } else if section == "[dependencies]" {
            let name = line.split(['.', '=', ' ']).next().unwrap_or("");
            found.extend(shelves.get_key_value(name).map(|(room, _)| (number, *room)));
        }
    }
    found
}

fn may_know(shelf: &str, room: &str, known_shelf: &str, known: &str) -> bool {
    match (shelf, known_shelf) {
        ("engines", "engines") | ("platform", "platform") | ("capabilities", "engines" | "platform") => true,
        ("platform", "engines") => known == "base",
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

/// Each line of `[workspace.dependencies]` carries a comment, unless it is a room of ours.
pub fn explained(tree: &Tree) -> Vec<Fault> {
    let Some(manifest) = tree.0.get("Cargo.toml") else { return Vec::new() };
    let mut inside = false;
    let mut faults = Vec::new();
    for (line, number) in manifest.lines().zip(1..) {
        if line.starts_with('[') {
            inside = line == "[workspace.dependencies]";
        } else if inside && line.contains('=') && !line.contains("path = ") && !line.contains(" # ") {
            faults.push(Fault::new("Cargo.toml", number, "say behind the dependency what it is for: `… # …`"));
        }
    }
    faults
}
