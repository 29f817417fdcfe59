//! Reproducible, valid, unique, and in constant memory.

use std::collections::{BTreeMap, HashSet};

use base::{FiscalCode, Iban, VatNumber};
use jiff::civil::date;
use population::{JobKind, World, WorldError};
use sha2::{Digest, Sha256};

use crate::{TODAY, world};

fn digest(seed: u64, persons: u64) -> String {
    let mut hash = Sha256::new();
    for household in world(seed, persons) {
        hash.update(serde_json::to_vec(&household).unwrap());
        hash.update(b"\n");
    }
    hex::encode(hash.finalize())
}

/// Changes only when somebody changes the model or its tables on purpose: then pin the new value.
#[test]
fn the_same_seed_gives_the_same_bytes() {
    assert_eq!(digest(1, 10_000), "469ce29376faa0d013a2f9821b89affb24daca04d0235189a3fe617beb17a5f7");
    assert_ne!(digest(1, 500), digest(2, 500));
}

#[test]
fn a_world_has_exactly_the_persons_asked_for() {
    for persons in [0, 1, 2, 7, 1_000] {
        let members: usize = world(5, persons).map(|household| household.members.len()).sum();
        assert_eq!(members as u64, persons);
    }
    assert_eq!(World::new(1, 100_000_001, TODAY).err(), Some(WorldError::TooLarge));
    assert_eq!(World::new(1, 10, date(1999, 12, 31)).err(), Some(WorldError::Today));
}

#[test]
fn codes_are_valid_and_belong_to_one_person() {
    let (mut codes, mut ibans, mut protocols) = (HashSet::new(), HashSet::new(), HashSet::new());
    let mut employers: BTreeMap<String, String> = BTreeMap::new();
    let mut ids = HashSet::new();
    for household in world(1, 100_000) {
        assert!(ids.insert(household.id.clone()));
        for person in household.members.iter().map(|member| &member.person) {
            let code = person.fiscal_code.as_str();
            assert_eq!(code.parse::<FiscalCode>().as_ref(), Ok(&person.fiscal_code));
            let encoded = FiscalCode::encode(&person.name, person.born, person.sex, &person.birthplace.code).unwrap();
            assert_eq!(person.fiscal_code.canonical(), encoded.as_str());
            assert!(codes.insert(code.to_owned()), "{code} twice");
        }
        for account in &household.accounts {
            let iban = account.iban.as_str();
            assert_eq!(iban.parse::<Iban>().as_ref(), Ok(&account.iban));
            assert!(ibans.insert(iban.to_owned()), "{iban} twice");
        }
        for employer in &household.employers {
            let vat = employer.vat.as_str();
            assert_eq!(vat.parse::<VatNumber>().as_ref(), Ok(&employer.vat));
            // One number always names the same employer.
            let known = employers.entry(vat.to_owned()).or_insert_with(|| employer.name.clone());
            assert_eq!(known, &employer.name);
        }
        for isee in household.isee {
            assert!(protocols.insert(isee.protocol.clone()), "{} twice", isee.protocol);
        }
    }
    assert_eq!(codes.len(), 100_000);
    assert!(employers.len() > 5_000, "{} employers", employers.len());
}

#[test]
fn records_are_consistent_with_the_people() {
    for today in [TODAY, date(2028, 2, 29), date(2027, 1, 1), date(2026, 12, 31)] {
        for household in World::new(3, 5_000, today).unwrap() {
            let codes: HashSet<_> = household.members.iter().map(|member| &member.person.fiscal_code).collect();
            for person in household.members.iter().map(|member| &member.person) {
                assert!(person.born <= person.resident_in_italy_since, "{person:?}");
                assert!(person.resident_in_italy_since <= person.residence.since && person.residence.since <= today);
            }
            for job in &household.jobs {
                assert!(codes.contains(&job.worker) && job.from <= today, "{job:?} {today}");
                assert!(job.to.is_none_or(|to| job.from < to));
                let over = job.to.is_some_and(|to| to <= today);
                assert_eq!(job.ended_because.is_some(), over && job.kind != JobKind::SelfEmployed, "{job:?}");
                assert!(household.employers.iter().any(|employer| employer.vat == job.employer));
            }
            for disability in &household.disabilities {
                let person = household.members.iter().find(|member| member.person.fiscal_code == disability.person);
                let adult = person.is_some_and(|member| base::age_on(member.person.born, today) >= 18);
                assert_eq!(disability.percent >= 67, adult, "{disability:?}");
                assert!(disability.percent <= 100);
            }
            for isee in &household.isee {
                assert!(isee.registered_on <= today && isee.registered_on <= isee.valid_to);
            }
            for loss in &household.bereavements {
                assert!(codes.contains(&loss.survivor) && loss.died_on <= today);
            }
            assert!(household.gaps.iter().all(|gap| codes.contains(&gap.person)));
        }
    }
}

#[test]
fn children_are_born_to_parents_of_plausible_age() {
    for household in world(4, 20_000) {
        let children: Vec<_> = household.children().collect();
        for role in [population::ParentalRole::Mother, population::ParentalRole::Father] {
            let Some(parent) = household.parent(role) else { continue };
            for child in &children {
                let years = base::age_on(parent.born, child.born);
                assert!((15..=70).contains(&years), "{role:?} at {years}: {}", household.id);
            }
        }
    }
}

/// The iterator keeps one boxed table of a fixed size and no list that could grow; a clone half-way is no larger.
#[test]
fn memory_does_not_depend_on_the_size_of_the_world() {
    let mut small = World::new(1, 100, TODAY).unwrap();
    let mut large = World::new(1, 100_000_000, TODAY).unwrap();
    assert_eq!(small.footprint(), large.footprint());
    let before = large.footprint();
    large.by_ref().take(2_000).for_each(drop);
    small.by_ref().for_each(drop);
    assert_eq!(large.footprint(), before);
    assert!(before < 8 << 20, "{before} bytes");
}
