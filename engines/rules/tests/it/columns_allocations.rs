//! Columns take memory for a batch, never for a row.

use rules::{
    Facts, Moment, Program,
    columns::{Batch, Plan, Worker},
};

use crate::{
    columns_programs::Draws,
    columns_services::{household, laws, moments},
};

/// Households of a law that columns compute, drawn.
fn ordinary(law: &Program, plan: &Plan<'_>, moment: Moment) -> Vec<Facts> {
    let mut draws = Draws(7);
    let all: Vec<Facts> = (0..200).map(|_| household(&mut draws, law, (moment.on, false))).collect();
    let outcomes = plan.run(&Batch::from_facts(law, &all), &mut Worker::default()).expect("made for it");
    let apart: Vec<usize> = outcomes.apart().collect();
    all.into_iter().enumerate().filter(|(place, _)| !apart.contains(place)).map(|(_, facts)| facts).collect()
}

#[test]
fn ten_times_the_households_take_as_many_allocations() {
    for (folder, law) in laws() {
        let moment = moments(&law).last().expect("a law has a beginning");
        let plan = Plan::compile(&law, moment, &[]).expect("no output was named");
        let households = ordinary(&law, &plan, moment);
        let mut worker = Worker::default();
        let mut allocations = |count: usize| {
            let batch = households.iter().cycle().take(count).cloned().collect::<Vec<Facts>>();
            let batch = Batch::from_facts(&law, &batch);
            // What a thread keeps from batch to batch is there from the second one on.
            plan.run(&batch, &mut worker).expect("made for it");
            let measured = allocation_counter::measure(|| {
                assert!(plan.run(&batch, &mut worker).expect("made for it").apart().next().is_none());
            });
            measured.count_total
        };
        let (few, many) = (allocations(1_100), allocations(11_000));
        assert_eq!(few, many, "{folder}");
        assert!(many < 200, "{folder}: {many} allocations");
    }
}
