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

/// Prints, month by month, what differs and why, and the sum. An amount that is not due every month is compared on one
/// day, that of the facts or else the first asked for: months added up would count it more than once.
pub fn run(service: &Service, path: &Path, months: Months, known: Known) -> anyhow::Result<ExitCode> {
    let program = program(service)?;
    let household = person::read(path, program)?;
    let unit = service.pays().unwrap_or(Unit::Euro);
    let once = service.pays().is_some_and(|unit| unit != Unit::EuroPerMonth);
    let listed = months.list()?;
    let days = if once { vec![household.on.unwrap_or(months.from)] } else { listed };
    let compared = compare(program, &household.facts, &days, known.then, known.now)?;
    say(heading(service, known, once.then(|| days[0])));
    for month in compared.iter().filter(|month| month.differs()) {
        print(month, unit, once);
    }
    if once {
        conclude_once(&compared, unit)
    } else {
        conclude(&compared)
    }
    Ok(ExitCode::SUCCESS)
}

fn heading(service: &Service, known: Known, once: Option<Date>) -> String {
    let now = if known.now == Date::MAX { "oggi".to_owned() } else { format!("il {}", short_date(known.now)) };
    let (name, then) = (service.name.get(Language::Italian), short_date(known.then));
    match once {
        None => format!("{name}: mesi come noti il {then} e come noti {now}\n"),
        Some(day) => format!(
            "{name}: l'importo non è mensile, e i mesi non si sommano. Si guarda il {}, come noto il {then} e come noto {now}\n",
            short_date(day)
        ),
    }
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

fn print(month: &MonthDifference, unit: Unit, once: bool) {
    let day = month.on;
    let when = if once { short_date(day) } else { format!("{:02}/{}", day.month(), day.year()) };
    let sum = month.difference.map(|sum| format!(": {}", signed(sum))).unwrap_or_default();
    say(format!("{when}  {} → {}{sum}", told(&month.then, unit), told(&month.now, unit)));
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

fn conclude_once(compared: &[MonthDifference], unit: Unit) {
    let often = if unit == Unit::EuroPerYear { "per un anno" } else { "una volta sola" };
    for one in compared {
        say(match one.difference {
            _ if !one.differs() => "Nessuna differenza.".to_owned(),
            Some(sum) => format!("\nIn tutto: {}, {often}.", signed(sum)),
            None => "\nLa differenza non si può dire: va vista da una persona.".to_owned(),
        });
    }
}

fn conclude(compared: &[MonthDifference]) {
    let differing: Vec<_> = compared.iter().filter(|month| month.differs()).collect();
    if differing.is_empty() {
        say(format!("Nessuna differenza in {}.", counted(compared.len())));
        return;
    }
    let sum: Option<Decimal> =
        differing.iter().try_fold(Decimal::ZERO, |sum, month| sum.checked_add(month.difference.unwrap_or_default()));
    let told = sum.context("somma troppo grande").map_or_else(|error| error.to_string(), signed);
    say(format!("\nIn tutto: {told} in {} su {}.", counted(differing.len()), compared.len()));
    let unsaid = differing.iter().filter(|month| month.difference.is_none()).count();
    if unsaid > 0 {
        say(format!("Di {} la differenza non si può dire: va vista da una persona.", counted(unsaid)));
    }
}

fn counted(months: usize) -> String {
    format!("{months} {}", if months == 1 { "mese" } else { "mesi" })
}
