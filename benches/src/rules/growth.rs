//! How time grows with households, rules and cores, and that memory does not.

use std::{collections::BTreeMap, fmt::Write, time::Instant};

use anyhow::{anyhow, ensure};
use rules::{
    Program, Sources,
    columns::{BatchError, Column, Plan, Values, Worker, stream},
};

use crate::{Options, clock, households::Households, law};

const BATCH: usize = 16_384;

pub fn with_households(options: &Options, plan: &Plan<'_>) -> anyhow::Result<()> {
    println!("\n| households of a batch | nanoseconds of a processor for each |\n|---|---|");
    for count in [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000] {
        let households = Households::drawn(7, count);
        let batch = households.batch()?;
        let mut worker = Worker::default();
        let rounds = (200_000 / count).max(1);
        let mut times = Vec::new();
        for _ in 0..options.times {
            times.push(clock::spent(|| (0..rounds).try_for_each(|_| plan.run(&batch, &mut worker).map(|_| ())))?);
        }
        println!("| {count} | {:.1} |", clock::median(&mut times) / rounds as f64 / count as f64 * 1e9);
    }
    Ok(())
}

/// A law of so many rules, each of which reads the one before.
fn chain(rules: usize) -> anyhow::Result<Program> {
    let mut text = String::from(
        "| dato | di | tipo | unità | titolo |\n|---|---|---|---|---|\n| isee | nucleo | decimale | euro | ISEE |\n\n# Art. 1, comma 1\n\n",
    );
    for rule in 0..rules {
        let before = if rule == 0 { "isee".to_owned() } else { format!("regola_{}", rule - 1) };
        let role = if rule + 1 == rules { "-- ruolo: importo\n" } else { "" };
        write!(
            text,
            "```sql\n-- regola: regola_{rule}\n-- titolo: Prova\n-- unità: euro\n-- dal: 2022-01-01\n{role}\
             CASE WHEN {before} > {rule}.50 THEN least({before} + {rule}.25, 90000.00) ELSE coalesce({before}, 10.00) END\n```\n\n"
        )?;
    }
    let sources = Sources { file: "rules.md", text: &text, tables: &BTreeMap::new() };
    Program::parse(&sources).map_err(|wrong| anyhow!("{}", wrong.iter().map(ToString::to_string).collect::<String>()))
}

pub fn with_rules(options: &Options) -> anyhow::Result<()> {
    println!(
        "\n| rules, each with a comparison, a sum, a minimum and a choice | nanoseconds for each household | for each rule |\n|---|---|---|"
    );
    let households = Households::drawn(7, 100_000);
    for rules in [1, 10, 100, 1_000] {
        let program = chain(rules)?;
        let plan = Plan::compile(&program, law::moment(), &[])?;
        ensure!(plan.is_columnar(), "the chain is not columnar");
        let isee = Column::Number { values: (&households.isee[..]).into(), scale: 2 };
        let batch = rules::columns::Batch::of(households.isee.len()).column("isee", isee)?;
        let mut worker = Worker::default();
        let rounds = 1_000 / rules + 1;
        let mut times = Vec::new();
        for _ in 0..options.times.min(5) {
            times.push(clock::spent(|| (0..rounds).try_for_each(|_| plan.run(&batch, &mut worker).map(|_| ())))?);
        }
        let each = clock::median(&mut times) / (rounds * batch.len()) as f64 * 1e9;
        println!("| {rules} | {each:.1} | {:.2} |", each / rules as f64);
    }
    Ok(())
}

pub fn with_cores(options: &Options, plan: &Plan<'_>) -> anyhow::Result<()> {
    println!(
        "\n| threads | seconds by the clock | seconds of processors | million households a processor second |\n|---|---|---|---|"
    );
    let households = Households::drawn(3, 1_000_000);
    let whole = households.batch()?;
    let rounds = 4 * options.times;
    let cores = std::thread::available_parallelism()?.get();
    for threads in 1..=cores {
        let parts = (0..rounds).flat_map(|_| (0..whole.len()).step_by(BATCH));
        let (began, before) = (Instant::now(), clock::process_seconds()?);
        stream(
            std::slice::from_ref(plan),
            threads,
            parts,
            |start| Ok::<_, BatchError>(whole.part(start..whole.len().min(start + BATCH))),
            |_, _| Ok(()),
        )?;
        let spent = clock::process_seconds()? - before;
        let rate = (rounds * whole.len()) as f64 / spent / 1e6;
        println!("| {threads} | {:.2} | {spent:.2} | {rate:.2} |", began.elapsed().as_secs_f64());
    }
    Ok(())
}

/// Households that are drawn, computed, summed and forgotten.
pub fn streamed(options: &Options, plan: &Plan<'_>) -> anyhow::Result<()> {
    let before = clock::most_memory()?;
    let (mut total, mut count, mut half) = (0i128, 0usize, 0u64);
    let threads = std::thread::available_parallelism()?.get();
    stream(
        std::slice::from_ref(plan),
        threads,
        (0..options.streamed).step_by(BATCH),
        |start| {
            let drawn = Households::drawn(start as u64, BATCH.min(options.streamed - start));
            drawn.into_batch().map_err(anyhow::Error::from)
        },
        |batch, outcomes| {
            count += batch.len();
            if let Values::Column(Column::Number { values, .. }) = outcomes[0].values(1) {
                total += values.iter().map(|value| i128::from(*value)).sum::<i128>();
            }
            if half == 0 && count >= options.streamed / 2 {
                half = clock::most_memory()?;
            }
            Ok::<_, anyhow::Error>(())
        },
    )?;
    let after = clock::most_memory()?;
    println!(
        "\nstreamed: {count} households, {} euro a month; most memory before {} MB, half way {} MB, at the end {} MB",
        total / 100,
        before / 1_000_000,
        half / 1_000_000,
        after / 1_000_000
    );
    Ok(())
}
