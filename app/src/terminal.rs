//! What people read on the terminal.
#![expect(clippy::print_stderr, reason = "this module is the terminal")]

use std::{
    io::{IsTerminal, Write, stdout},
    process::ExitCode,
    time::Duration,
};

use telemetry::Telling;

use crate::arguments::Arguments;

/// Cells of a progress bar.
const BAR: u32 = 24;
/// Seconds: a remaining time beyond this says nothing.
const A_DAY: f64 = 86_400.0;

/// Starts log and traces: warnings and worse on standard error, more by `SPORTELLO_LOG`.
pub fn start_telling(arguments: &Arguments) -> anyhow::Result<Telling> {
    let filter = std::env::var("SPORTELLO_LOG").ok();
    let traces = arguments.traces.as_deref();
    Ok(Telling::start(arguments.log_json(), filter.as_deref(), traces, env!("CARGO_PKG_VERSION"))?)
}

/// A line. A reader who left (`sportello law show … | head`) is no reason to fail, nor for a server to stop.
pub fn say(line: impl AsRef<str>) {
    drop(writeln!(stdout(), "{}", line.as_ref()));
}

/// A step that begins: its line is finished by [`done`].
pub fn step(what: &str) {
    drop(write!(stdout(), "· {what} … "));
    drop(stdout().flush());
}

/// The end of a step.
pub fn done(took: Duration) {
    say(format!("fatto ({})", seconds(took)));
}

/// Progress of a long step, on the same line of a terminal; silent elsewhere.
pub fn progress(what: &str, so_far: u64, of: u64) {
    if stdout().is_terminal() {
        let percent = so_far.saturating_mul(100) / of.max(1);
        drop(write!(stdout(), "\r· {what} … {percent:>3} %  ({so_far} di {of}) "));
        drop(stdout().flush());
    }
}

/// Progress of a long computation: how much of it is done, how fast it is, and how long it will still take.
pub fn advance(what: &str, done: u64, share: f64, since: Duration) {
    if stdout().is_terminal() {
        drop(write!(stdout(), "\r{}   ", progress_line(what, done, share, since)));
        drop(stdout().flush());
    }
}

fn progress_line(what: &str, done: u64, share: f64, since: Duration) -> String {
    let passed = since.as_secs_f64();
    let bar: String = (1..=BAR).map(|cell| if f64::from(cell) <= share * f64::from(BAR) { '█' } else { '·' }).collect();
    let rate = if passed > 0.0 { done as f64 / passed } else { 0.0 };
    let left = if share > 0.0 { passed / share - passed } else { f64::INFINITY };
    let left =
        if left < A_DAY { format!("ancora {}", seconds(Duration::from_secs_f64(left.max(0.0)))) } else { "…".into() };
    format!("· {what} {bar} {:>3.0} %, {rate:.0} al secondo, {left}", share * 100.0)
}

/// How many of something are done, where nobody knows how many there will be.
pub fn counted(what: &str, so_far: u64) {
    if stdout().is_terminal() {
        drop(write!(stdout(), "\r\x1b[2K· {what} … {so_far} "));
        drop(stdout().flush());
    }
}

/// Takes the line of a progress away.
pub fn clear() {
    if stdout().is_terminal() {
        drop(write!(stdout(), "\r\x1b[2K"));
        drop(stdout().flush());
    }
}

/// `0,3 s`.
pub fn seconds(took: Duration) -> String {
    format!("{:.1} s", took.as_secs_f64()).replace('.', ",")
}

/// Why the program ends.
pub fn fail(error: &anyhow::Error) -> ExitCode {
    complain(&format!("{error:#}"));
    ExitCode::FAILURE
}

/// A line on standard error.
pub fn complain(what: &str) {
    eprintln!("sportello: {what}");
}
