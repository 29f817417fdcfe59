//! A mass decision on all that nobody has in hand: how fast cases are tried and granted, and what people who apply wait
//! meanwhile.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant},
};

use anyhow::Context;
use base::Timestamp;
use benches::{
    figures::Times,
    person::{self, Visitor},
    program::Program,
};
use database::{Database, params};
use tokio::runtime::Runtime;

use super::measure::Desk;

/// How often one looks whether it goes on.
const PAUSE: Duration = Duration::from_millis(100);
/// Who applies, at most.
const APPLICANTS: usize = 400;

/// Measures and prints.
pub fn measure(program: &Program, url: &str, runtime: &Runtime, people: u64) -> anyhow::Result<()> {
    let desk = Desk::log_in(program)?;
    // Those from the front have applied, for the book's first application.
    let applicants: Vec<_> = person::parents(people, APPLICANTS + 50).into_iter().skip(50).collect();
    let (before, after) = applicants.split_at(applicants.len() / 8);
    let began = Instant::now();
    let waits = before.iter().filter_map(|code| Visitor::new(&program.url).apply(code).ok().flatten()).collect();
    println!("applications before                {}", Times::new(waits, began.elapsed()).spread());

    let wanted = [("servizio", "assegno-unico"), ("chi", "libere")];
    let began = Instant::now();
    let (_, place) = desk.post("/ufficio/decisioni-collettive", &wanted)?;
    let page = until(&desk, &place, "Da confermare")?;
    tell("mass decision: cases tried", runtime.block_on(tried(url))?, began.elapsed());
    let cases = number(&page, "Pratiche da accogliere: ").context("the page says how many")?;

    let count = cases.to_string();
    let form = [("conteggio", count.as_str()), ("motivo", "Requisiti verificati."), ("verificati", "si")];
    desk.post(&place, &form)?;
    runtime.block_on(skip_the_window(url))?;
    let (began, over) = (Instant::now(), AtomicBool::new(false));
    let waits = thread::scope(|scope| {
        let applying = scope.spawn(|| {
            let going = after.iter().take_while(|_| !over.load(Ordering::Relaxed));
            going.filter_map(|code| Visitor::new(&program.url).apply(code).ok().flatten()).collect::<Vec<_>>()
        });
        let done = until(&desk, &place, "Conclusa");
        tell("mass decision: cases granted", cases, began.elapsed());
        over.store(true, Ordering::Relaxed);
        let waits = applying.join().unwrap_or_default();
        done.map(|_| waits)
    })?;
    println!("applications meanwhile             {}", Times::new(waits, began.elapsed()).spread());
    Ok(())
}

/// How many cases are on the list.
async fn tried(url: &str) -> anyhow::Result<u64> {
    let database = Database::open(url).await?;
    let tried = database.read().await?.number("SELECT max(listed) AS n FROM mass_decisions", params![]).await?;
    database.close().await;
    Ok(u64::try_from(tried)?)
}

/// Nobody measures the minutes in which it can be taken back.
#[expect(clippy::disallowed_methods, reason = "a benchmark reads the machine's clock")]
async fn skip_the_window(url: &str) -> anyhow::Result<()> {
    let database = Database::open(url).await?;
    let mut tx = database.begin().await?;
    let now = Timestamp::now();
    tx.execute("UPDATE mass_decisions SET takes_effect_at = $1 WHERE ended_at IS NULL", params![now]).await?;
    tx.execute("UPDATE jobs SET run_at = $1 WHERE kind = 'cases/mass-apply'", params![now]).await?;
    tx.commit().await?;
    database.close().await;
    Ok(())
}

/// Looks at a page until it says something.
fn until(desk: &Desk<'_>, place: &str, words: &str) -> anyhow::Result<String> {
    loop {
        let (page, _) = desk.get(place)?;
        if page.contains(words) {
            return Ok(page);
        }
        thread::sleep(PAUSE);
    }
}

/// The number behind these words.
fn number(page: &str, words: &str) -> Option<u64> {
    let (_, rest) = page.split_once(words)?;
    rest.split(|sign: char| !sign.is_ascii_digit()).next()?.parse().ok()
}

#[expect(clippy::cast_precision_loss, reason = "counts far below 2^52")]
fn tell(what: &str, cases: u64, took: Duration) {
    println!("{what:34} {cases} in {:.1} s, {:.0} a second", took.as_secs_f64(), cases as f64 / took.as_secs_f64());
}
