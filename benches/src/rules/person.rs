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
    let mut by_children: BTreeMap<usize, Vec<f64>> = BTreeMap::new();
    for (place, facts) in facts.iter().enumerate() {
        let mut decision = None;
        let took = clock::spent(|| law.decide(facts, moment).map(|one| decision = Some(one)))?;
        let told = decision.map(|decision| (decision.entitled, decision.amount));
        anyhow::ensure!(told == Some(outcomes.decision(place)?), "household {place} is decided otherwise");
        by_children.entry(batch.members("figli", place).len()).or_default().push(took);
    }
    println!("\n| children | one decision with reasons, near misses and trace, microseconds |\n|---|---|");
    for (children, mut times) in by_children {
        println!("| {children} | {:.0} |", clock::median(&mut times) * 1e6);
    }
    Ok(())
}
