//! Who makes an application.

use std::collections::BTreeSet;

use population::World;
use statistics::{Invented, Summary, blocks, run};

use crate::world::{ON, of_people, pace, service, study};

#[test]
fn a_benefit_of_a_person_is_asked_for_by_each_adult() {
    let law = service("naspi");
    let seen = of_people(&study(&law, None), 4, 4_000, 2, 64);
    let adult = |member: &&population::Member| base::age_on(member.person.born, ON) >= 18;
    let households = World::new(4, 4_000, ON).expect("a world");
    let adults: usize = households.map(|household| household.registered_members().filter(adult).count()).sum();
    assert_eq!(seen.summary.all.rows, adults as u64);
    let names: BTreeSet<&str> = seen.outcomes.lines().skip(1).filter_map(|line| line.split(',').nth(1)).collect();
    assert_eq!(names.len(), adults, "everybody once");
    assert!(seen.summary.all.law.rows > 0);
}

#[test]
fn a_child_of_two_parents_stands_with_one_of_them() {
    let law = service("invalidita-civile");
    let study = study(&law, None);
    let mut once = law.clone();
    once.decl.simulation.members_once = false;
    let each = of_people(&crate::world::study(&once, None), 9, 3_000, 2, 64).summary.all.law;
    let counted = of_people(&study, 9, 3_000, 2, 64).summary.all.law;
    assert!(counted.cost.month < each.cost.month, "{:?} {:?}", counted.cost, each.cost);
    assert!(counted.rows > 0);
}

#[test]
fn who_asked_is_not_counted_among_those_who_did_not() {
    let law = service("assegno-unico");
    let study = study(&law, None);
    let world = || World::new(6, 800, ON).expect("a world");
    let count = |applicants: BTreeSet<String>| {
        let population = Invented::new(&study, 800, ON).with_applicants(applicants);
        let counted = run(&study, &population, blocks(world(), 90), pace(2), &mut (), |_| {}).expect("it is counted");
        Summary::new(&study, &counted).expect("a summary").all
    };
    let nobody = count(BTreeSet::new());
    let missing = nobody.unclaimed.expect("it is known who asked");
    assert_eq!((missing.rows, missing.cost), (nobody.law.rows, nobody.law.cost));
    let codes = world().flat_map(|household| household.members).map(|member| member.person.fiscal_code);
    let everybody = count(codes.map(|code| code.as_str().to_owned()).collect());
    assert_eq!(everybody.unclaimed.expect("it is known who asked").rows, 0);
    let seen = of_people(&study, 6, 800, 2, 90).summary.all;
    assert!(seen.unclaimed.is_none(), "where nobody knows who asked, nothing is said");
}
