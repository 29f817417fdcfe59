//! The day when everybody comes: complete applications over HTTP, as many as the machine takes.
#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

mod load;
mod storage;

use std::path::{Path, PathBuf};

use anyhow::ensure;
use benches::{
    fill, person,
    program::{self, Place, Program, Start},
    world,
};
use clap::Parser;
use database::testing::Server;
use load::Everybody;

/// Measures how many complete applications a second are accepted.
#[derive(Debug, Parser)]
struct Options {
    /// Where program and declarations are.
    #[command(flatten)]
    place: Place,
    /// On a PostgreSQL of its own, on this machine's disk, instead of SQLite.
    #[arg(long)]
    postgres: bool,
    /// How many people fill in the form at once.
    #[arg(long, default_value_t = 64)]
    visitors: usize,
    /// How many people apply.
    #[arg(long, default_value_t = 5000)]
    applicants: usize,
    /// How many begin a second at most; without it, as many as the machine takes.
    #[arg(long)]
    rate: Option<f64>,
    /// How many cases the book has before anybody applies.
    #[arg(long, default_value_t = 0)]
    stored: u64,
    /// A folder with a book that `bench-cases --data` filled, on SQLite. Who applies is written into it: once.
    #[arg(long, conflicts_with_all = ["postgres", "stored"])]
    data: Option<PathBuf>,
    /// How many people live in the sample world.
    #[arg(long, default_value_t = 20_000)]
    people: u64,
}

fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    let binary = options.place.binary()?;
    let root = world::declarations(&options.place.root)?;
    let server = options.postgres.then(|| Server::start_in(&std::env::temp_dir(), &SETTINGS)).transpose()?;
    let database = server.as_ref().map(|server| server.url("postgres"));
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let start = |database, data| Start { binary: &binary, root: root.path(), people: options.people, database, data };
    let mut program = match &options.data {
        Some(folder) => Program::start_in(start(None, None), folder)?,
        None => Program::start(start(database.as_deref(), None))?,
    };
    let url = database.clone().unwrap_or_else(|| world::database_url(program.data()));
    if 0 < options.stored {
        let template = fill::template(start(None, None), &runtime)?;
        let data = program.stop();
        runtime.block_on(fill::fill(&url, root.path(), template, options.stored))?;
        program = Program::start(start(database.as_deref(), Some(data)))?;
        runtime.block_on(fill::followed(&url))?;
    }
    println!("cases in the book before: {}", runtime.block_on(fill::count(&url))?);
    let cookies = runtime.block_on(cookies(&program, &url, &options))?;
    let host = program.url.trim_start_matches("http://");

    println!("HTTP alone (/salute): {}", load::empty_answers(host, options.visitors, 20_000));
    let before = (program.processor_seconds()?, own_processor_seconds()?);
    let everybody = load::everybody(host, options.visitors, options.rate, &cookies);
    let used = (program.processor_seconds()? - before.0, own_processor_seconds()? - before.1);
    tell(&everybody, used);
    println!("memory: {} MB", program.memory()? / 1_000_000);
    let accepted = runtime.block_on(hold(&url, &everybody))?;
    let folder = program.data().to_owned();
    let _data = program.leave();
    println!("disk: {}", disk(&folder, server.as_ref(), accepted)?);
    let (rate, units) = runtime.block_on(storage::alone(&url))?;
    println!("storage alone: {rate:.0} applications a second; units of work: {units}");
    ensure!(everybody.errors.is_empty(), "not every application was accepted");
    Ok(())
}

/// What a PostgreSQL for one office on such a machine is given; the rest is as it comes, so every commit is durable.
const SETTINGS: [&str; 3] = ["max_connections=100", "shared_buffers=512MB", "max_wal_size=4GB"];

/// Everybody who applies, logged in.
async fn cookies(program: &Program, url: &str, options: &Options) -> anyhow::Result<Vec<String>> {
    let people = person::adults(options.people, options.applicants);
    ensure!(people.len() == options.applicants, "only {} adults: ask for more people", people.len());
    person::Visitor::new(&program.url).log_in(&people[0], "/")?;
    world::sessions(url, &people).await
}

/// `used`: seconds of processors of the program and of this one.
fn tell(everybody: &Everybody, used: (f64, f64)) {
    println!("complete applications: {}", everybody.whole);
    println!("the confirmation alone: {}", everybody.confirmation);
    println!("the slowest request of each: {}", everybody.slowest);
    println!("errors: {}", everybody.errors.len());
    for error in everybody.errors.iter().take(5) {
        println!("  {error}");
    }
    #[expect(clippy::cast_precision_loss, reason = "counts far below 2^52")]
    let many = everybody.whole.count().max(1) as f64;
    let (program, own) = (used.0 * 1e6 / many, used.1 * 1e6 / many);
    println!("processor time for each: program {program:.0} µs, load program {own:.0} µs");
}

/// Holds the book to what was accepted; gives how many that were.
async fn hold(url: &str, everybody: &Everybody) -> anyhow::Result<i64> {
    let book = world::book(url).await?;
    let (registrations, highest) = book.registrations;
    println!(
        "in the book: {} cases, {} acts that file, {registrations} registrations up to {highest}",
        book.cases, book.submitted
    );
    let accepted = i64::try_from(everybody.whole.count())?;
    ensure!(book.cases == accepted && book.submitted == accepted, "the book does not hold what was accepted");
    ensure!(registrations == highest, "the register has holes");
    Ok(accepted)
}

/// What the whole book takes on disk, with the sample world in it.
fn disk(data: &Path, server: Option<&Server>, accepted: i64) -> anyhow::Result<String> {
    let folder = server.map_or(data, Server::folder);
    let bytes = world::size(folder)?;
    Ok(format!("{} MB with the sample world and {accepted} applications", bytes / 1_000_000))
}

fn own_processor_seconds() -> anyhow::Result<f64> {
    program::processor_seconds("self")
}
