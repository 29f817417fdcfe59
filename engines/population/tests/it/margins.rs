//! The population has the margins that its tables declare, within what chance explains.

use std::collections::BTreeMap;

use base::{Cents, Sex, age_on};
use population::{Household, Person, Relation};

use crate::{TODAY, world};

/// Counts what is true of how many.
#[derive(Default)]
struct Shares(BTreeMap<&'static str, (u64, u64)>);

impl Shares {
    fn count(&mut self, what: &'static str, holds: bool) {
        let entry = self.0.entry(what).or_default();
        *entry = (entry.0 + u64::from(holds), entry.1 + 1);
    }

    /// Asserts all shares at once: (what, expected per mille, tolerance in points per mille).
    fn near(&self, margins: &[(&str, u64, u64)]) {
        let off = margins.iter().filter_map(|(what, expected, tolerance)| {
            let (yes, all) = self.0[what];
            let found = yes * 1000 / all;
            let line = format!("{what}: {found} per mille of {all}, expected {expected} ± {tolerance}");
            (found.abs_diff(*expected) > *tolerance).then_some(line)
        });
        let off: Vec<String> = off.collect();
        assert!(off.is_empty(), "{off:#?}");
    }
}

const PERSONS: u64 = 60_000;

fn age(person: &Person) -> i16 {
    age_on(person.born, TODAY)
}

#[test]
fn households_and_ages() {
    let mut shares = Shares::default();
    for household in world(11, PERSONS) {
        let size = household.members.len();
        shares.count("one person", size == 1);
        shares.count("two persons", size == 2);
        shares.count("five or more", size >= 5);
        for member in &household.members {
            let age = age(&member.person);
            shares.count("under 15", age < 15);
            shares.count("15 to 64", (15..65).contains(&age));
            shares.count("from 65", age >= 65);
            shares.count("women", member.person.sex == Sex::F);
            shares.count("foreign", member.person.citizenship.country != "IT");
        }
    }
    shares.near(&[
        ("one person", 360, 12),
        ("two persons", 280, 12),
        ("five or more", 41, 6),
        ("under 15", 122, 12),
        ("15 to 64", 635, 15),
        ("from 65", 243, 15),
        ("women", 511, 12),
        ("foreign", 90, 10),
    ]);
}

#[test]
fn work_school_and_disability() {
    let mut shares = Shares::default();
    for household in world(12, PERSONS) {
        for person in household.members.iter().map(|member| &member.person) {
            count_person(&mut shares, &household, person);
        }
    }
    shares.near(&[
        ("women 35-44 at work", 650, 25),
        ("men 35-44 at work", 870, 20),
        ("enrolled 6-15", 1000, 0),
        ("enrolled 19-20", 560, 50),
        ("disabled 6-17", 28, 8),
        ("disabled from 80", 320, 30),
        ("adults without account", 110, 8),
    ]);
}

fn count_person(shares: &mut Shares, household: &Household, person: &Person) {
    let (age, code) = (age(person), &person.fiscal_code);
    let works = household.jobs.iter().any(|job| job.worker == *code && job.runs_on(TODAY));
    let studies = household.studies.iter().any(|study| study.person == *code);
    let disabled = household.disabilities.iter().any(|disability| disability.person == *code);
    match age {
        6..=15 => shares.count("enrolled 6-15", studies),
        19..=20 => shares.count("enrolled 19-20", studies),
        35..=44 if person.sex == Sex::F && !studies => shares.count("women 35-44 at work", works),
        35..=44 if !studies => shares.count("men 35-44 at work", works),
        _ => {}
    }
    match age {
        6..=17 => shares.count("disabled 6-17", disabled),
        80.. => shares.count("disabled from 80", disabled),
        _ => {}
    }
    if age >= 18 {
        let account = household.accounts.iter().any(|account| account.holder == *code);
        shares.count("adults without account", !account);
    }
}

/// July 2025 (domain facts, section 4): of 9,360,240 children 4,713,914 in the lowest band, 1,819,527 without ISEE.
#[test]
fn isee_of_children_by_band() {
    let mut shares = Shares::default();
    for household in world(13, 2 * PERSONS) {
        let isee = household.isee_on(TODAY).map(|isee| isee.value);
        let children = household.members.iter().filter(|member| member.relation == Relation::Child);
        for _ in children.filter(|member| age(&member.person) < 21) {
            shares.count("lowest band", isee.is_some_and(|value| value <= Cents(1_746_851)));
            shares.count("no ISEE", isee.is_none());
            shares.count("above the threshold", isee.is_some_and(|value| value >= Cents(4_658_271)));
        }
    }
    shares.near(&[("lowest band", 504, 30), ("no ISEE", 194, 20), ("above the threshold", 40, 30)]);
}

#[test]
fn what_a_registry_lacks_is_told() {
    let (mut unregistered, mut newborns, mut widowed) = (0, 0, 0);
    for household in world(14, PERSONS) {
        let unknown = household.members.len() - household.registered_members().count();
        unregistered += unknown;
        newborns += household.children().filter(|child| age(child) == 0).count();
        widowed += household.bereavements.len();
    }
    assert!(unregistered > 5 && unregistered < newborns / 6, "{unregistered} of {newborns}");
    assert!(widowed > 100, "{widowed}");
}
