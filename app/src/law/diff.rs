//! `sportello law diff A B`.

use std::process::ExitCode;

use base::{Date, Language, short_date};
use catalogue::{Change, ChangeKind, Service, diff};
use rules::{Decision, Diagnostic, Example, Subject};

use super::explain::in_a_line;
use crate::terminal::{complain, say};

/// Prints what `after` changes of `before`, kind by kind, and what becomes of the examples. `refused`: what keeps either of
/// them from being offered; it is told, and the command then fails, although the laws could be compared.
pub fn run(
    (before, from): (&Service, &str),
    (after, to): (&Service, &str),
    refused: [Vec<Diagnostic>; 2],
) -> anyhow::Result<ExitCode> {
    for (name, told) in [from, to].into_iter().zip(&refused).filter(|(_, told)| !told.is_empty()) {
        let told: Vec<String> = told.iter().map(ToString::to_string).collect();
        complain(&format!(
            "«{name}» così non viene offerto; le leggi si confrontano lo stesso.\n\n{}\n",
            told.join("\n\n")
        ));
    }
    say(format!("{}: che cosa cambia da «{from}» a «{to}»", before.name.get(Language::Italian)));
    let changes = diff(before, after);
    if changes.is_empty() {
        say("\nNon cambia nulla.");
    }
    changes.chunk_by(|a, b| a.kind == b.kind).for_each(section);
    if changes.iter().any(|change| change.kind == ChangeKind::Rules) {
        let first = changes.iter().filter_map(|change| change.law.as_ref()?.from).min();
        examples((before, after), first)?;
    }
    Ok(ExitCode::from(u8::from(refused.iter().any(|told| !told.is_empty()))))
}

fn section(changes: &[Change]) {
    let heading = match changes[0].kind {
        ChangeKind::Words => "CHE COSA SI LEGGE",
        ChangeKind::Access => "CHI PUÒ CHIEDERE, E DOVE",
        ChangeKind::Form => "CHE COSA SI CHIEDE",
        ChangeKind::Process => "IL PROCEDIMENTO",
        ChangeKind::Rules => "CHE COSA DECIDE LA LEGGE",
    };
    say(format!("\n{heading}"));
    changes.iter().for_each(change);
}

fn change(change: &Change) {
    say(format!("  {}", change.sentence));
    let Some(law) = &change.law else { return };
    let (before, after) = match law.subject {
        Subject::Parameter => ("fonte prima", "fonte"),
        _ => ("prima", "dopo"),
    };
    if law.before != law.after {
        text(before, law.before.as_deref());
        text(after, law.after.as_deref());
    }
    if !law.touches.is_empty() {
        say(format!("      tocca: {}", law.touches.join("; ")));
    }
}

/// Texts of more than a line begin below their heading.
fn text(heading: &str, text: Option<&str>) {
    let Some(text) = text else { return };
    match text.trim_end().split_once('\n') {
        None => say(format!("      {heading}: {}", text.trim())),
        Some(_) => {
            say(format!("      {heading}:"));
            text.trim_end().lines().for_each(|line| say(format!("        {line}")));
        }
    }
}

/// For whom: the examples of both folders, decided by both laws. `first`: the day from which the reform has effect.
fn examples((before, after): (&Service, &Service), first: Option<Date>) -> anyhow::Result<()> {
    let (Some(old), Some(new)) = (&before.program, &after.program) else { return Ok(()) };
    let added = after.examples.iter().filter(|(file, _)| !before.examples.contains_key(*file));
    let (mut cases, mut changed, mut latest) = (0, Vec::new(), None);
    for (file, text) in before.examples.iter().chain(added) {
        let example: Example = toml::from_str(text)?;
        let was = outcome(old, &example).unwrap_or_else(|error| error.to_string());
        let is = outcome(new, &example).unwrap_or_else(|error| error.to_string());
        latest = latest.max(Some(example.on));
        cases += 1;
        if was != is {
            changed.push((file, example, was, is));
        }
    }
    say(format!("\nPER CHI: ESEMPI DELLE CARTELLE CHE CAMBIANO ({} su {cases})", changed.len()));
    for (file, example, was, is) in changed {
        say(format!("  {} ({}, {file})\n      {was} → {is}", example.title, short_date(example.on)));
    }
    if let Some(first) = first.filter(|first| latest < Some(*first)) {
        let day = short_date(first);
        say(format!(
            "  Nessun esempio è del {day}, primo giorno della riforma, o di dopo: aggiungerne uno per vederne l'effetto."
        ));
    }
    Ok(())
}

fn outcome(program: &rules::Program, example: &Example) -> anyhow::Result<String> {
    let decision: Decision = program.decide(&example.facts(program)?, example.moment())?;
    Ok(in_a_line(&decision))
}
