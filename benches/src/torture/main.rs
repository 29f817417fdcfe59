//! Torture: faults at random moments under load, and after each the question whether anything was lost.
#![expect(clippy::print_stdout, reason = "it prints what it tried and found")]

use std::{process::ExitCode, time::Instant};

use benches::{
    program::Place,
    torture::{Campaign, Engine, Fault},
};
use clap::Parser;

/// Lets everything fail on which the program stands, and checks that nothing acknowledged is lost.
#[derive(Debug, Parser)]
struct Options {
    #[command(flatten)]
    place: Place,
    /// On what the program stands; both in turn where it is not said.
    #[arg(long, value_enum)]
    database: Option<Engine>,
    /// Of chance: the same seed gives the same faults in the same order.
    #[arg(long)]
    seed: Option<u64>,
    /// How many faults with each database.
    #[arg(long, default_value_t = 120)]
    faults: usize,
    /// Only these kinds of fault, separated by commas.
    #[arg(long, value_enum, value_delimiter = ',')]
    only: Vec<Fault>,
    /// Let the disk lie about `fsync`: now losses must be found, or the torture is worth nothing.
    #[arg(long)]
    weaken: bool,
}

fn main() -> anyhow::Result<ExitCode> {
    let options = Options::parse();
    let binary = options.place.binary()?;
    let seed = options.seed.unwrap_or_else(|| u64::from(std::process::id()));
    let engines = options.database.map_or_else(|| vec![Engine::Sqlite, Engine::Postgres], |engine| vec![engine]);
    let mut sound = true;
    for engine in engines {
        let campaign = Campaign {
            binary: binary.clone(),
            root: options.place.root.clone(),
            engine,
            seed,
            faults: options.faults,
            only: options.only.clone(),
            weaken: options.weaken,
        };
        let began = Instant::now();
        println!("{engine:?}, --seed {seed}");
        let report = campaign.run(&mut |line| println!("{line}"))?;
        let tried: Vec<_> = report.tried.iter().map(|(fault, many)| format!("{fault:?} {many}")).collect();
        println!("tried: {} faults ({})", report.tried.values().sum::<usize>(), tried.join(", "));
        println!(
            "receipts held at the end: {}; opened and verified: {}; whole book compared: {} times; {:.0} s",
            report.receipts,
            report.opened,
            report.compared,
            began.elapsed().as_secs_f32()
        );
        for finding in &report.findings {
            println!("✗ {finding}");
        }
        match &report.kept {
            Some(place) => println!("{} findings; everything is kept in {}", report.findings.len(), place.display()),
            None => println!("nothing is lost"),
        }
        sound &= report.findings.is_empty();
    }
    Ok(if sound { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
