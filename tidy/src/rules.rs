//! One file per rule. Each rule reads the tree and tells every place that breaks it.

mod clones;
mod decisions;
mod dependencies;
mod engines;
mod forms;
mod leftovers;
mod map;
mod migrations;
mod size;
mod sql;
mod words;

use crate::{Fault, Tree};

/// A rule's name and its check.
pub type Rule = (&'static str, fn(&Tree) -> Vec<Fault>);

/// All rules of the house.
pub const ALL: &[Rule] = &[
    ("dependencies point one way", dependencies::one_way),
    ("every dependency has its sentence", dependencies::explained),
    ("engines do no input or output", engines::pure),
    ("SQL lives in store.rs", sql::in_stores),
    ("a migration speaks both dialects", migrations::both_dialects),
    ("a migration leaves the version before at work", migrations::expand_then_contract),
    ("files stay short", size::files),
    ("functions stay short", size::functions),
    ("decision numbers are unique", decisions::unique),
    ("every room is on the map", map::rooms),
    ("forms say who opened them", forms::named),
    ("who answers a form reads it", forms::read),
    ("nothing is left over", leftovers::none),
    ("the languages say the same", words::same_keys),
    ("tests read the clone that they stand in", clones::asked_at_run_time),
];
