//! The desk of an office that has many cases: fills a book with them and measures its pages over HTTP.
#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

mod exports;
mod mass;
mod measure;

use std::{path::PathBuf, time::Instant};

use benches::{
    fill,
    program::{Place, Program, Start},
    world,
};
use clap::Parser;

/// How many people the sample world has, from which applications are copied.
const PEOPLE: u64 = 2000;

/// Measures lists, searches and pages of cases.
#[derive(Debug, Parser)]
struct Options {
    #[command(flatten)]
    place: Place,
    /// How many cases the book has when pages are measured.
    #[arg(long, default_value_t = 10_000)]
    cases: u64,
    /// How often each page is asked for.
    #[arg(long, default_value_t = 100)]
    requests: usize,
    /// A folder to keep the book in; one that has enough cases is not filled again.
    #[arg(long)]
    data: Option<PathBuf>,
}

fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    let (binary, root) = (options.place.binary()?, &options.place.root);
    let scratch = tempfile::tempdir()?;
    let data = options.data.clone().unwrap_or_else(|| scratch.path().to_owned());
    let url = world::database_url(&data);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;

    let start = || Start { binary: &binary, root, people: PEOPLE, database: None, data: None };
    let template = fill::template(start(), &runtime)?;
    drop(Program::start_in(start(), &data)?); // makes the book, and publishes the services

    let (began, before) = (Instant::now(), runtime.block_on(fill::count(&url))?);
    runtime.block_on(fill::fill(&url, root, template, options.cases))?;
    let cases = runtime.block_on(fill::count(&url))?;
    let took = began.elapsed();
    println!("{cases} cases in the book, {} of them written now in {:.0} s", cases - before, took.as_secs_f64());
    println!("the book: {} MB", std::fs::metadata(data.join("sportello.db"))?.len() / 1_000_000);

    let program = Program::start_in(start(), &data)?;
    println!("start to first page: {:.2} s", program.took.as_secs_f64());
    let began = Instant::now();
    runtime.block_on(fill::followed(&url))?;
    println!("the log has taken in what was written: {:.0} s", began.elapsed().as_secs_f64());
    let sample = runtime.block_on(measure::sample(&url, options.requests))?;
    measure::measure(&program, &sample)?;
    measure::citizens(&program, &sample, &runtime.block_on(measure::cookies(&program, &url, &sample))?)?;
    exports::measure(&program)?;
    mass::measure(&program, &url, &runtime, PEOPLE)?;
    println!("memory: {} MB", program.memory()? / 1_000_000);
    Ok(())
}
