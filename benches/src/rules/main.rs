//! How fast the law is over columns, beside the practical limit and beside a peer, on the same households in one run.

#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

mod by_hand;
mod clock;
mod growth;
mod households;
mod law;
mod peer;
mod person;

use std::path::PathBuf;

use anyhow::{Context, ensure};
use clap::Parser;
use rules::columns::{Batch, Plan, Worker};

use households::Households;

/// Measures the law over columns.
#[derive(Debug, Parser)]
struct Options {
    /// The folder with services/.
    #[arg(long, default_value = ".")]
    root: PathBuf,
    /// How many households are computed again and again.
    #[arg(long, default_value_t = 500_000)]
    households: usize,
    /// How many households the peer computes.
    #[arg(long, default_value_t = 200_000)]
    peer_households: usize,
    /// How many households are streamed.
    #[arg(long, default_value_t = 10_000_000)]
    streamed: usize,
    /// How often each figure is taken; the median counts.
    #[arg(long, default_value_t = 9)]
    times: usize,
    /// Where the peer's environment is made; it is kept for the next time.
    #[arg(long)]
    environment: Option<PathBuf>,
    /// Without the peer: it needs the network once.
    #[arg(long)]
    without_peer: bool,
}

fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    let law = law::read(&options.root)?;
    let moment = law::moment();
    let plan = Plan::compile(&law, moment, &[])?;
    ensure!(plan.is_columnar(), "the assegno unico is not columnar");

    let households = Households::drawn(1, options.households);
    let batch = households.batch()?;
    println!(
        "households: {}, children: {}; {} bytes resident for each household",
        batch.len(),
        households.children(),
        batch.bytes() / batch.len()
    );
    against_the_limit(&options, &plan, &households, &batch)?;
    if !options.without_peer {
        peer::compare(&options, &plan)?;
    }
    growth::with_households(&options, &plan)?;
    growth::with_rules(&options)?;
    growth::with_cores(&options, &plan)?;
    growth::streamed(&options, &plan)?;
    person::traced(&law, moment)
}

/// The same columns through the plan and through a loop written by hand for this one law.
fn against_the_limit(
    options: &Options,
    plan: &Plan<'_>,
    households: &Households,
    batch: &Batch<'_>,
) -> anyhow::Result<()> {
    let by_hand = by_hand::Law::read(&options.root)?;
    let mut worker = Worker::default();
    let outcomes = plan.run(batch, &mut worker)?;
    let limit = by_hand.amounts(households);
    for (row, amount) in limit.iter().enumerate() {
        let ours = outcomes.decision(row)?.1;
        ensure!(ours == amount.map(law::cents), "household {row}: {ours:?}, by hand {amount:?}");
    }
    let (mut plans, mut hands) = (Vec::new(), Vec::new());
    // In turns, so that whatever else the machine does meets both.
    for _ in 0..options.times {
        plans.push(clock::spent(|| plan.run(batch, &mut worker).map(|_| ()))?);
        hands.push(clock::spent(|| {
            drop(std::hint::black_box(by_hand.amounts(households)));
            Ok::<_, anyhow::Error>(())
        })?);
    }
    let (plan, hand) = (clock::median(&mut plans), clock::median(&mut hands));
    let rate = |seconds: f64| batch.len() as f64 / seconds / 1e6;
    println!("plan: {:.2} million households a CPU second; equal on all of them", rate(plan));
    println!("by hand: {:.2} million; the plan takes {:.2} times as long", rate(hand), plan / hand);
    Ok(())
}

/// A path inside the cache of the user, outside the tree.
fn cache() -> anyhow::Result<PathBuf> {
    let home = std::env::var_os("HOME").context("HOME is not set: name --environment")?;
    Ok(PathBuf::from(home).join(".cache/sportello"))
}
