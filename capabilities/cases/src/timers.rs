//! What a case waits for, as jobs of the queue. They are derived from the case like its row, and written in the same
//! transaction: when an act moves a day, its job moves with it.

use base::{Date, rome_midnight};
use database::{Result, Tx};
use deadlines::State as Term;
use serde_json::json;

use crate::case::Case;

/// The job that ends a request which nobody answered.
pub const LAPSE: &str = "cases/integration-lapse";
/// The job that writes down the effect of silence.
pub const SILENCE: &str = "cases/silence";
/// The job that reminds of an opinion.
pub const OPINION: &str = "cases/opinion-reminder";

/// One piece of work for the day after `last`, when that day has passed in Italy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timer {
    /// Which job.
    pub kind: &'static str,
    /// The act that it is about, where a case can have several.
    pub seq: Option<i64>,
    /// The last day on which it must not fire.
    pub last: Date,
}

/// Everything that an open case waits for; nothing once it is closed.
#[must_use]
pub fn timers(case: &Case, term: &Term) -> Vec<Timer> {
    if case.state.is_closed() {
        return Vec::new();
    }
    let lapse = case.open_request.as_ref();
    let lapse = lapse.map(|open| Timer { kind: LAPSE, seq: Some(open.seq), last: open.request.deadline });
    let silence = term.silence.map(|silence| Timer { kind: SILENCE, seq: None, last: silence.on });
    let awaited = case.opinions.iter().filter(|opinion| opinion.given.is_none() && !opinion.reminded);
    let opinions =
        awaited.map(|opinion| Timer { kind: OPINION, seq: Some(opinion.seq), last: opinion.request.answer_by });
    lapse.into_iter().chain(silence).chain(opinions).collect()
}

/// Sets every timer of the case. One that is no longer needed finds nothing to do, except for silence, which is taken
/// back: the queue then shows nothing that will not happen.
///
/// # Errors
/// What the database refuses.
pub async fn set(tx: &mut Tx, case: &Case, term: &Term) -> Result<()> {
    for timer in timers(case, term) {
        let day_after = timer.last.tomorrow().unwrap_or(timer.last);
        let payload = json!({ "case": case.id, "seq": timer.seq });
        queue::enqueue(tx, timer.kind, &key(case, &timer), &payload, rome_midnight(day_after)).await?;
    }
    if term.silence.is_some() && case.state.is_closed() {
        queue::cancel(tx, &key(case, &Timer { kind: SILENCE, seq: None, last: term.due })).await?;
    }
    Ok(())
}

fn key(case: &Case, timer: &Timer) -> String {
    let seq = timer.seq.map(|seq| format!("/{seq}")).unwrap_or_default();
    format!("{}/{}{seq}", timer.kind, case.id)
}
