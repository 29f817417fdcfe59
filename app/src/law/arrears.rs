//! `sportello law arrears`: past months as they were decided and as they would be decided now.

use std::{path::Path, process::ExitCode};

use anyhow::Context;
use base::{Date, Language, short_date};
use catalogue::Service;
use jiff::{Span, civil::date};
use rules::{Cause, MonthDifference, MonthOutcome, Unit, compare};
use rust_decimal::Decimal;

use super::{
    explain::{euro, measured},
    person, program,
};
use crate::terminal::say;

/// Most months in one list.
const MOST: usize = 600;

/// The months asked for: one day of the first, one of the last.
#[derive(Debug, Clone, Copy)]
pub struct Months {
    pub from: Date,
    pub until: Option<Date>,
}

/// The two days of knowledge.
#[derive(Debug, Clone, Copy)]
pub struct Known {
    pub then: Date,
    pub now: Date,
}

/// Prints, month by month, what differs and why, and the sum.
pub fn run(service: &Service, path: &Path, months: Months, known: Known) -> anyhow::Result<ExitCode> {
    let program = program(service)?;
    let household = person::read(path, program)?;
    let months = months.list()?;
    let compared = compare(program, &household.facts, &months, known.then, known.now)?;
    let now = if known.now == Date::MAX { "oggi".to_owned() } else { format!("il {}", short_date(known.now)) };
    let name = service.name.get(Language::Italian);
    say(format!("{name}: mesi come noti il {} e come noti {now}\n", short_date(known.then)));
    let unit = service.pays().unwrap_or(Unit::Euro);
    for month in compared.iter().filter(|month| month.differs()) {
        print(month, unit);
    }
    conclude(&compared);
    Ok(ExitCode::SUCCESS)
}

impl Months {
    fn list(self) -> anyhow::Result<Vec<Date>> {
        let first = |day: Date| date(day.year(), day.month(), 1);
        let (from, until) = (first(self.from), first(self.until.unwrap_or(self.from)));
        anyhow::ensure!(from <= until, "il mese di --until viene prima di quello di --from");
        let months: Vec<Date> =
            std::iter::successors(Some(from), |month| month.checked_add(Span::new().months(1)).ok())
                .take_while(|month| *month <= until)
                .take(MOST + 1)
                .collect();
        anyhow::ensure!(months.len() <= MOST, "al massimo {MOST} mesi per volta: avvicinare --until a --from");
        Ok(months)
    }
}

fn print(month: &MonthDifference, unit: Unit) {
    let day = month.on;
    let sum = month.difference.map(|sum| format!(": {}", signed(sum))).unwrap_or_default();
    say(format!("{:02}/{}  {} → {}{sum}", day.month(), day.year(), told(&month.then, unit), told(&month.now, unit)));
    month.causes.iter().for_each(cause);
}

fn told(outcome: &MonthOutcome, unit: Unit) -> String {
    match (outcome.entitled, outcome.amount) {
        (Some(false), _) => "non spetta".to_owned(),
        (_, Some(amount)) => format!("{} {unit}", euro(amount)),
        (Some(true), None) => "spetta".to_owned(),
        (None, None) => "non si può dire".to_owned(),
    }
}

/// `arretrati di 12,00 euro` or `debito di 3,50 euro`.
fn signed(sum: Decimal) -> String {
    let what = if sum.is_sign_negative() { "debito" } else { "arretrati" };
    format!("{what} di {} euro", euro(sum.abs()))
}

fn cause(cause: &Cause) {
    let values = cause.values.as_ref().map(|(was, is)| {
        let shown = |value| measured(value, Unit::Number);
        format!(": {} → {}", shown(was), shown(is))
    });
    let effect = cause.effect.map(|effect| format!(" ({})", signed(effect))).unwrap_or_default();
    let known = short_date(cause.known_from);
    say(format!("      «{}»{}, noto dal {known} [{}]{effect}", cause.label, values.unwrap_or_default(), cause.source));
}

fn conclude(compared: &[MonthDifference]) {
    let differing: Vec<_> = compared.iter().filter(|month| month.differs()).collect();
    if differing.is_empty() {
        say(format!("Nessuna differenza in {} mesi.", compared.len()));
        return;
    }
    let sum: Option<Decimal> =
        differing.iter().try_fold(Decimal::ZERO, |sum, month| sum.checked_add(month.difference.unwrap_or_default()));
    let told = sum.context("somma troppo grande").map_or_else(|error| error.to_string(), signed);
    say(format!("\nIn tutto: {told} in {} mesi su {}.", differing.len(), compared.len()));
    let unsaid = differing.iter().filter(|month| month.difference.is_none()).count();
    if unsaid > 0 {
        say(format!("Di {unsaid} mesi la differenza non si può dire: va vista da una persona."));
    }
}
