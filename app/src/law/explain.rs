use std::{path::Path, process::ExitCode};

use base::Language;
use catalogue::Service;
use rules::{Decision, MemberRef, MissingFact, Moment, NearMiss, Reason, Step, Unit, Unverified, Value};
use rust_decimal::Decimal;

use super::{not_in_force, person, program, show::moment_in_words};
use crate::{arguments::When, terminal::say};

/// Decides for the household of a file and prints outcome, reasons, near misses, and on request the whole trace.
pub fn run(service: &Service, path: &Path, when: &When, trace: bool) -> anyhow::Result<ExitCode> {
    let program = program(service)?;
    let household = person::read(path, program)?;
    let asked = When { on: when.on.or(household.on), known: when.known.or(household.known) };
    let moment: Moment = asked.moment();
    let decision = program.decide(&household.facts, moment).map_err(|error| not_in_force(program, moment, error))?;
    say(format!("{}\n{}\n", service.name.get(Language::Italian), moment_in_words(moment)));
    say(in_a_line(&decision));
    list("Perché:", decision.reasons.iter().map(reason));
    let pays = service.pays().unwrap_or(Unit::Euro);
    list("Che cosa cambierebbe l'esito:", decision.near_misses.iter().map(|miss| near_miss(miss, pays)));
    list("Dati che mancano:", decision.missing.iter().map(missing));
    list("Da verificare sui testi ufficiali:", decision.unverified.iter().map(unverified));
    if trace {
        list("Tutte le regole, con i valori che hanno letto:", decision.trace.iter().map(step));
    }
    Ok(ExitCode::SUCCESS)
}

fn list(heading: &str, lines: impl Iterator<Item = String>) {
    let mut lines = lines.peekable();
    if lines.peek().is_some() {
        say(format!("\n{heading}"));
        lines.for_each(|line| say(format!("  {line}")));
    }
}

/// `SPETTA: 914,30 euro/mese`, `NON SPETTA`, or that data are missing.
pub fn in_a_line(decision: &Decision) -> String {
    let unit =
        decision.reasons.iter().rev().find(|reason| !reason.requirement).map_or(Unit::Euro, |reason| reason.unit);
    let amount = decision.amount.map(|amount| format!(": {} {unit}", euro(amount))).unwrap_or_default();
    match decision.entitled {
        Some(true) => format!("SPETTA{amount}"),
        Some(false) => "NON SPETTA".to_owned(),
        None => "NON SI PUÒ DIRE: mancano dati".to_owned(),
    }
}

/// `figli 2`, for the second child.
fn of(member: Option<&MemberRef>) -> String {
    member.map(|member| format!(" ({} {})", member.relation, member.index + 1)).unwrap_or_default()
}

/// A value with its unit, where saying the unit helps; money to the cent at least.
pub fn measured(value: &Value, unit: Unit) -> String {
    match unit {
        unit if unit.is_money() && value.as_decimal().is_some_and(|amount| amount.scale() < 2) => {
            format!("{} {unit}", euro(value.as_decimal().unwrap_or_default()))
        }
        Unit::YesNo | Unit::Date | Unit::Text | Unit::Number => value.to_string(),
        unit if value.is_null() => format!("{value} ({unit})"),
        unit => format!("{value} {unit}"),
    }
}

/// An amount with at least two decimals.
pub fn euro(mut amount: Decimal) -> Value {
    amount.rescale(amount.scale().max(2));
    Value::Dec(amount)
}

fn reason(reason: &Reason) -> String {
    let sign = match reason.satisfied {
        Some(true) => '✓',
        Some(false) => '✗',
        None if reason.requirement || reason.value.is_null() => '?',
        // A day among the reasons: there is nothing to be met.
        None => '·',
    };
    let note = reason.note.as_ref().map(|note| format!(" – {note}")).unwrap_or_default();
    let value = measured(&reason.value, reason.unit);
    format!("{sign} {}{}: {value} [{}]{note}", reason.label, of(reason.member.as_ref()), reason.paragraph)
}

fn near_miss(miss: &NearMiss, pays: Unit) -> String {
    let unit = miss.unit.unwrap_or(Unit::Text);
    let far = if unit == Unit::Date { Unit::Days } else { unit };
    let needed = miss.needed.as_ref().map(|needed| format!(", servirebbe {}", measured(needed, unit)));
    let distance = miss.distance.map(|distance| format!(" (differenza {})", measured(&Value::Dec(distance), far)));
    let (needed, distance) = (needed.unwrap_or_default(), distance.unwrap_or_default());
    let (now, then) = (measured(&miss.now, unit), then(miss, pays));
    format!("{}{}: ora {now}{needed}{distance} → {then}", miss.label, of(miss.member.as_ref()))
}

/// The outcome then. An amount of nought is not promised: another condition may still stand against it.
fn then(miss: &NearMiss, pays: Unit) -> String {
    match (miss.entitled_then, miss.amount_then) {
        (Some(false), _) => "non spetterebbe".to_owned(),
        (_, Some(amount)) if !amount.is_zero() => format!("spetterebbero {} {pays}", euro(amount)),
        (Some(true), _) if miss.improves => "spetterebbe".to_owned(),
        (Some(true), Some(_)) => "spetterebbe, senza importo".to_owned(),
        _ => "l'esito cambierebbe".to_owned(),
    }
}

fn unverified(point: &Unverified) -> String {
    format!("{} [{}]: {}", point.label, point.paragraph, point.text)
}

fn missing(fact: &MissingFact) -> String {
    let need = if fact.required { "necessario" } else { "facoltativo" };
    format!("{}{} [{}] – {need}", fact.label, of(fact.member.as_ref()), fact.name)
}

fn step(step: &Step) -> String {
    let read: Vec<String> = step
        .values_used
        .iter()
        .map(|used| format!("{}{} = {}", used.name, of(used.member.as_ref()), measured(&used.value, used.unit)))
        .collect();
    let fault = step.fault.map(|fault| format!(" – {fault}")).unwrap_or_default();
    let from = if read.is_empty() { String::new() } else { format!(" ← {}", read.join(", ")) };
    let value = measured(&step.value, step.unit);
    format!("{}{} = {value}{from} [{}]{fault}", step.rule, of(step.member.as_ref()), step.paragraph)
}
