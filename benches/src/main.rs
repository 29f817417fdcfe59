//! The program measured: `make bench`.
#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

mod pieces;

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::{Duration, Instant},
};

use benches::{
    figures::Times,
    person::{self, Visitor},
    program::{Place, Program, Start},
};
use clap::Parser;

/// Measures the whole program.
#[derive(Debug, Parser)]
struct Options {
    /// Where program and declarations are.
    #[command(flatten)]
    place: Place,
    /// How many visitors at once.
    #[arg(long, default_value_t = 8)]
    visitors: usize,
    /// How many requests of each page.
    #[arg(long, default_value_t = 2000)]
    requests: usize,
    /// How many people file an application.
    #[arg(long, default_value_t = 200)]
    applicants: usize,
    /// How many letters are set.
    #[arg(long, default_value_t = 50)]
    letters: usize,
    /// How many people live in the sample world.
    #[arg(long, default_value_t = 10_000)]
    people: u64,
}

fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    println!("one decision, four children: {}", pieces::decisions(&options.place.root, options.requests)?);
    let (letters, bytes) = pieces::compositions(options.letters)?;
    println!("one letter of two to three pages ({} kB): {letters}", bytes / 1000);
    let binary = options.place.binary()?;
    let size = std::fs::metadata(&binary)?.len();
    println!("program: {} MB", size / 1_000_000);

    let start =
        |data| Start { binary: &binary, root: &options.place.root, people: options.people, database: None, data };
    let first = Program::start(start(None))?;
    println!("first start with {} people loaded: {:.2} s", options.people, first.took.as_secs_f64());
    let data = first.stop();
    let program = Program::start(start(Some(data)))?;
    println!("start to first page: {:.3} s", program.took.as_secs_f64());
    thread::sleep(Duration::from_secs(2));
    println!("memory at rest: {} MB", program.memory()? / 1_000_000);
    match program.whole_page_size() {
        Ok(whole) => println!("first page: {} bytes of HTML as sent, {whole} in all", program.page_size("/")?),
        Err(error) => println!("first page: not measured, the program was built without `make assets` ({error})"),
    }

    let limit = pages(&program, &options, "/salute")?;
    println!("/salute (limit of HTTP): {limit}");
    let service = pages(&program, &options, "/servizi/assegno-unico")?;
    println!("/servizi/assegno-unico: {service}  ({:.0} % of the limit)", 100.0 * service.rate() / limit.rate());
    let (whole, confirmations) = applications(&program, &options)?;
    println!("login, page, confirmation, receipt: {whole}");
    println!("confirmation alone: {confirmations}");
    println!("memory after the load: {} MB", program.memory()? / 1_000_000);
    Ok(())
}

/// Many requests of one page, by several visitors at once.
fn pages(program: &Program, options: &Options, path: &str) -> anyhow::Result<Times> {
    let (left, began) = (AtomicUsize::new(options.requests), Instant::now());
    let visitor = || -> anyhow::Result<Vec<Duration>> {
        let agent = person::agent();
        let mut times = Vec::new();
        while take(&left) {
            let start = Instant::now();
            agent.get(format!("{}{path}", program.url)).call()?.body_mut().read_to_vec()?;
            times.push(start.elapsed());
        }
        Ok(times)
    };
    let times = together(options.visitors, visitor)?;
    Ok(Times::new(times, began.elapsed()))
}

/// Whole applications by people of the generated world, each with a session of their own.
fn applications(program: &Program, options: &Options) -> anyhow::Result<(Times, Times)> {
    let people = person::parents(options.people, options.applicants * 4);
    let (next, done, began) = (AtomicUsize::new(0), AtomicUsize::new(0), Instant::now());
    let visitor = || -> anyhow::Result<Vec<(Duration, Duration)>> {
        let mut times = Vec::new();
        while done.load(Ordering::Relaxed) < options.applicants {
            let Some(code) = people.get(next.fetch_add(1, Ordering::Relaxed)) else { break };
            let start = Instant::now();
            // People of whom something is unknown are asked for it: they are not part of this figure.
            if let Some(confirmation) = Visitor::new(&program.url).apply(code)? {
                done.fetch_add(1, Ordering::Relaxed);
                times.push((start.elapsed(), confirmation));
            }
        }
        Ok(times)
    };
    let times = together(options.visitors, visitor)?;
    let (whole, confirmations): (Vec<_>, Vec<_>) = times.into_iter().unzip();
    let took = began.elapsed();
    Ok((Times::new(whole, took), Times::new(confirmations, took)))
}

fn take(left: &AtomicUsize) -> bool {
    left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).is_ok()
}

fn together<T: Send>(many: usize, work: impl Fn() -> anyhow::Result<Vec<T>> + Sync) -> anyhow::Result<Vec<T>> {
    let parts = thread::scope(|scope| {
        let running: Vec<_> = (0..many).map(|_| scope.spawn(&work)).collect();
        running
            .into_iter()
            .map(|one| one.join().map_err(|_| anyhow::anyhow!("a visitor panicked"))?)
            .collect::<Vec<_>>()
    });
    Ok(parts.into_iter().collect::<anyhow::Result<Vec<_>>>()?.into_iter().flatten().collect())
}
