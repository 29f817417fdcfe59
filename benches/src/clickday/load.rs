//! Everybody at once, over HTTP.

use std::{
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use benches::{applicant, client::Client, figures::Times};

/// What came of it.
pub struct Everybody {
    /// Whole applications.
    pub whole: Times,
    /// Their confirmations alone.
    pub confirmation: Times,
    /// The slowest request of each.
    pub slowest: Times,
    /// What went wrong.
    pub errors: Vec<String>,
}

/// Whoever has a cookie applies, `visitors` at a time; with `rate`, so many begin a second at most.
pub fn everybody(host: &str, visitors: usize, rate: Option<f64>, cookies: &[String]) -> Everybody {
    let (next, began) = (AtomicUsize::new(0), Instant::now());
    let (times, errors) = (Mutex::new(Vec::new()), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        for _ in 0..visitors {
            scope.spawn(|| {
                let (mut client, mut mine, mut wrong) = (Client::new(host), Vec::new(), Vec::new());
                loop {
                    let place = next.fetch_add(1, Ordering::Relaxed);
                    let Some(cookie) = cookies.get(place) else { break };
                    let due = rate.map(|rate| begins_after(place, rate)).unwrap_or_default();
                    thread::sleep(due.saturating_sub(began.elapsed()));
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
    let errors = errors.into_inner().unwrap_or_default();
    Everybody { whole: of(|t| t.whole), confirmation: of(|t| t.confirmation), slowest: of(|t| t.slowest), errors }
}

#[expect(clippy::cast_precision_loss, reason = "counts far below 2^52")]
fn begins_after(place: usize, rate: f64) -> Duration {
    Duration::from_secs_f64(place as f64 / rate)
}

/// What HTTP alone takes: a handler that does next to nothing, asked `many` times.
pub fn empty_answers(host: &str, visitors: usize, many: usize) -> Times {
    let (left, began) = (AtomicUsize::new(many), Instant::now());
    let times = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..visitors {
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
    Times::new(times.into_inner().unwrap_or_default(), began.elapsed())
}

fn keep<T>(all: &Mutex<Vec<T>>, mine: Vec<T>) {
    if let Ok(mut all) = all.lock() {
        all.extend(mine);
    }
}
