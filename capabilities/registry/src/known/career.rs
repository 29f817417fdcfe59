//! The working life of the person who asks, as benefits for the unemployed look at it: the last job that ended, and the
//! four years before its end.

use base::{Cents, Date};
use jiff::Span;
use population::{Job, JobEnd, JobKind};
use rules::Value;

use super::{
    family::{Family, Recorded},
    teller::{Teller, Told, euro},
};

/// Years before the end of a job in which contributions count (art. 3 c. 1 b d.lgs. 22/2015).
const YEARS: i64 = 4;
/// Weeks of contributions that [`YEARS`] can hold.
const MOST_WEEKS: i64 = 208;
/// Months in which an earlier resignation counts (art. 3 c. 1 c-bis d.lgs. 22/2015).
const MONTHS_OF_RESIGNATION: i64 = 12;
const DAYS_OF_WEEK: i64 = 7;
/// Pay is recorded for a whole year; a leap day is neither paid nor taken away.
const DAYS_OF_YEAR: i64 = 365;

pub(crate) fn tell(family: &Family, teller: &Teller, told: &mut Told) {
    let code = &family.me.person.fiscal_code;
    teller.answer(told, "anpr.eta", i64::from(family.age_of(family.me)));
    match family.job_of(code) {
        Some(job) => teller.tell(told, "inps-lavoro.lavora", true, job.on, Some(job.what.from)),
        None => teller.answer(told, "inps-lavoro.lavora", false),
    }
    let jobs: Vec<_> = family.jobs().filter(|job| job.what.0.worker == *code).collect();
    let jobs: Vec<_> = jobs.iter().map(|job| Recorded { what: job.what.0, on: job.on }).collect();
    let ended = jobs.iter().filter(|job| job.what.to.is_some_and(|last_day| last_day < family.moment.on));
    match ended.max_by_key(|job| job.what.to) {
        Some(last) => ended_job(last, &jobs, teller, told),
        None => teller.answer(told, "inps-lavoro.ultimo_giorno", Value::Null),
    }
}

/// The end of a job is reported by the employer within five days (art. 21 L. 264/1949); it is taken as known at once.
fn ended_job(last: &Recorded<&Job>, jobs: &[Recorded<&Job>], teller: &Teller, told: &mut Told) {
    let Some(last_day) = last.what.to else { return };
    let mut tell = |key: &str, value: Value| teller.tell(told, key, value, last_day, Some(last_day));
    tell("inps-lavoro.ultimo_giorno", last_day.into());
    tell("inps-lavoro.dipendente", (last.what.kind != JobKind::SelfEmployed).into());
    if let Some(end) = last.what.ended_because {
        tell("inps-lavoro.motivo_cessazione", end_code(end).into());
    }
    let employed: Vec<&Job> = jobs.iter().map(|job| job.what).filter(|job| job.kind != JobKind::SelfEmployed).collect();
    let since = last_day.saturating_sub(Span::new().years(YEARS));
    tell("inps-lavoro.settimane", weeks(&employed, since, last_day).into());
    tell("inps-lavoro.retribuzione_4_anni", euro(pay(&employed, since, last_day)));
    let resigned = resignation(&employed, last_day);
    tell("inps-lavoro.dimissioni_nei_12_mesi", resigned.is_some().into());
    if let Some(day) = resigned {
        tell("inps-lavoro.settimane_dopo_dimissioni", weeks(&employed, day, last_day).into());
    }
}

/// When the person left a permanent job in the months before, if so.
fn resignation(jobs: &[&Job], last_day: Date) -> Option<Date> {
    let since = last_day.saturating_sub(Span::new().months(MONTHS_OF_RESIGNATION));
    let left =
        jobs.iter().filter(|job| job.kind == JobKind::Permanent && job.ended_because == Some(JobEnd::Resignation));
    left.filter_map(|job| job.to).filter(|day| since <= *day && *day < last_day).max()
}

/// Weeks with contributions after `since` and up to `until`: begun weeks of the days worked, each day once however many
/// jobs it had.
fn weeks(jobs: &[&Job], since: Date, until: Date) -> i64 {
    let mut spans: Vec<_> = jobs.iter().map(|job| (job.from, job.to.unwrap_or(until))).collect();
    spans.sort_unstable();
    let (mut counted_to, mut days) = (since, 0);
    for (from, to) in spans {
        days += days_after(from, to.min(until), counted_to);
        counted_to = counted_to.max(to.min(until));
    }
    (days + DAYS_OF_WEEK - 1).div_euclid(DAYS_OF_WEEK).min(MOST_WEEKS)
}

/// Pay of the days after `since` and up to `until`.
fn pay(jobs: &[&Job], since: Date, until: Date) -> Cents {
    let earned = |job: &&Job| {
        let days = days_after(job.from, job.to.unwrap_or(until).min(until), since);
        Cents(job.yearly_pay.0.saturating_mul(days) / DAYS_OF_YEAR)
    };
    jobs.iter().map(earned).sum()
}

/// Days from `from` to `to`, both included, that lie after `since`.
fn days_after(from: Date, to: Date, since: Date) -> i64 {
    let first = from.max(since.saturating_add(Span::new().days(1)));
    (to.duration_since(first).as_hours() / 24 + 1).max(0)
}

/// The option of the forms for the end of a job.
fn end_code(end: JobEnd) -> &'static str {
    match end {
        JobEnd::Dismissal => "licenziamento",
        JobEnd::EndOfTerm => "scadenza",
        JobEnd::Resignation => "dimissioni",
        JobEnd::ResignationForCause => "giusta_causa",
    }
}
