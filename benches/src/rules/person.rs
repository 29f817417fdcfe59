//! One person with every reason.

use std::collections::BTreeMap;

use rules::{Facts, Moment, Program, columns::Plan, columns::Worker};

use crate::{clock, households::Households};

/// Decisions with trace, reasons and near misses, household by household.
pub fn traced(law: &Program, moment: Moment) -> anyhow::Result<()> {
    let households = Households::drawn(5, 2_000);
    let batch = households.batch()?;
    let facts: Vec<Facts> = (0..batch.len()).map(|household| batch.facts(law, household)).collect();
    let outcomes = Plan::compile(law, moment, &[])?.run(&batch, &mut Worker::default())?;
    let mut by_children: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (place, facts) in facts.iter().enumerate() {
        let decision = law.decide(facts, moment)?;
        let told = (decision.entitled, decision.amount);
        anyhow::ensure!(told == outcomes.decision(place)?, "household {place} is decided otherwise");
        by_children.entry(batch.members("figli", place).len()).or_default().push(place);
    }
    println!(
        "\n| children | one decision with reasons, near misses and trace, microseconds of a processor |\n|---|---|"
    );
    for (children, places) in by_children {
        // Long enough for the clock of the processor, which the system moves on in steps.
        let rounds = 4_000 / places.len() + 1;
        let took = clock::spent(|| {
            let mut all = (0..rounds).flat_map(|_| &places);
            all.try_for_each(|place| law.decide(&facts[*place], moment).map(|one| drop(std::hint::black_box(one))))
        })?;
        println!("| {children} | {:.0} |", took / (rounds * places.len()) as f64 * 1e6);
    }
    Ok(())
}
