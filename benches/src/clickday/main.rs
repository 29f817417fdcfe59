//! The day when everybody comes: complete applications over HTTP, as many as the machine takes.
#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

use std::{
    path::PathBuf,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use anyhow::ensure;
use benches::{
    applicant,
    client::Client,
    figures::Times,
    person,
    program::{self, Program},
    world,
};
use clap::Parser;

/// Measures how many complete applications a second are accepted.
#[derive(Debug, Parser)]
struct Options {
    /// The program; by default the one beside this benchmark.
    #[arg(long)]
    program: Option<PathBuf>,
    /// The folder with services/, law/ and content/.
    #[arg(long, default_value = ".")]
    root: PathBuf,
    /// How many people fill in the form at once.
    #[arg(long, default_value_t = 64)]
    visitors: usize,
    /// How many people apply.
    #[arg(long, default_value_t = 5000)]
    applicants: usize,
    /// How many people live in the sample world.
    #[arg(long, default_value_t = 20_000)]
    people: u64,
}

fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    let binary = world::program(options.program.as_ref())?;
    let root = world::declarations(&options.root)?;
    let program = Program::start(&binary, root.path(), options.people, None)?;
    let people = person::adults(options.people, options.applicants);
    ensure!(people.len() == options.applicants, "only {} adults: ask for more people", people.len());
    person::Visitor::new(&program.url).log_in(&people[0], "/")?;
    let url = world::database_url(program.data());
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let cookies = runtime.block_on(world::sessions(&url, &people))?;
    let host = program.url.trim_start_matches("http://").to_owned();

    println!("HTTP alone (/salute): {}", empty_answers(&host, &options)?);
    let before = program.processor_seconds()?;
    let own = own_processor_seconds()?;
    let (whole, confirmation, slowest, errors) = everybody(&host, &options, &cookies);
    let (used, own) = (program.processor_seconds()? - before, own_processor_seconds()? - own);
    println!("complete applications: {whole}");
    println!("the confirmation alone: {confirmation}");
    println!("the slowest request of each: {slowest}");
    println!("errors: {}", errors.len());
    for error in errors.iter().take(5) {
        println!("  {error}");
    }
    #[expect(clippy::cast_precision_loss, reason = "counts far below 2^52")]
    let many = whole.count().max(1) as f64;
    println!("processor time for each: program {:.0} µs, load program {:.0} µs", used * 1e6 / many, own * 1e6 / many);
    println!("memory: {} MB", program.memory()? / 1_000_000);
    let book = runtime.block_on(world::book(&url))?;
    let (registrations, highest) = book.registrations;
    println!(
        "in the book: {} cases, {} acts that file, {registrations} registrations up to {highest}",
        book.cases, book.submitted
    );
    let accepted = i64::try_from(whole.count())?;
    ensure!(book.cases == accepted && book.submitted == accepted, "the book does not hold what was accepted");
    ensure!(registrations == highest, "the register has holes");
    ensure!(errors.is_empty(), "not every application was accepted");
    Ok(())
}

fn empty_answers(host: &str, options: &Options) -> anyhow::Result<Times> {
    let (left, began) = (AtomicUsize::new(20_000), Instant::now());
    let times = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..options.visitors {
            scope.spawn(|| {
                let (mut client, mut mine) = (Client::new(host), Vec::new());
                while left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).is_ok() {
                    let at = Instant::now();
                    if client.get("/salute", "").is_ok() {
                        mine.push(at.elapsed());
                    }
                }
                keep(&times, mine);
            });
        }
    });
    Ok(Times::new(times.into_inner().unwrap_or_default(), began.elapsed()))
}

/// Times of whole applications, of the confirmation, of the slowest request of each; and what went wrong.
fn everybody(host: &str, options: &Options, cookies: &[String]) -> (Times, Times, Times, Vec<String>) {
    let (next, began) = (AtomicUsize::new(0), Instant::now());
    let (times, errors) = (Mutex::new(Vec::new()), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        for _ in 0..options.visitors {
            scope.spawn(|| {
                let (mut client, mut mine, mut wrong) = (Client::new(host), Vec::new(), Vec::new());
                while let Some(cookie) = cookies.get(next.fetch_add(1, Ordering::Relaxed)) {
                    match applicant::apply(&mut client, cookie) {
                        Ok((_, took)) => mine.push(took),
                        Err(error) => wrong.push(format!("{error:#}")),
                    }
                }
                keep(&times, mine);
                keep(&errors, wrong);
            });
        }
    });
    let took = began.elapsed();
    let times = times.into_inner().unwrap_or_default();
    let of = |which: fn(&applicant::Times) -> Duration| Times::new(times.iter().map(which).collect(), took);
    (of(|t| t.whole), of(|t| t.confirmation), of(|t| t.slowest), errors.into_inner().unwrap_or_default())
}

fn keep<T>(all: &Mutex<Vec<T>>, mine: Vec<T>) {
    if let Ok(mut all) = all.lock() {
        all.extend(mine);
    }
}

fn own_processor_seconds() -> anyhow::Result<f64> {
    program::processor_seconds("self")
}
