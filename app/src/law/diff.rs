//! `sportello law diff A B`.

use std::process::ExitCode;

use base::{Language, short_date};
use catalogue::{Change, ChangeKind, Service, diff};
use rules::{Decision, Example, Subject};

use super::explain::in_a_line;
use crate::terminal::say;

/// Prints what `after` changes of `before`, kind by kind, and what becomes of the examples of `before`.
pub fn run(before: &Service, after: &Service, (from, to): (&str, &str)) -> anyhow::Result<ExitCode> {
    say(format!("{}: che cosa cambia da «{from}» a «{to}»", before.name.get(Language::Italian)));
    let changes = diff(before, after);
    if changes.is_empty() {
        say("\nNon cambia nulla.");
        return Ok(ExitCode::SUCCESS);
    }
    changes.chunk_by(|a, b| a.kind == b.kind).for_each(section);
    if changes.iter().any(|change| change.kind == ChangeKind::Rules) {
        examples(before, after)?;
    }
    Ok(ExitCode::SUCCESS)
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

/// For whom: the examples of the law before, decided by both.
fn examples(before: &Service, after: &Service) -> anyhow::Result<()> {
    let (Some(old), Some(new)) = (&before.program, &after.program) else { return Ok(()) };
    let mut changed = Vec::new();
    for (file, text) in &before.examples {
        let example: Example = toml::from_str(text)?;
        let was = outcome(old, &example).unwrap_or_else(|error| error.to_string());
        let is = outcome(new, &example).unwrap_or_else(|error| error.to_string());
        if was != is {
            changed.push((file, example, was, is));
        }
    }
    let cases = before.examples.len();
    say(format!("\nPER CHI: ESEMPI DELLA CARTELLA CHE CAMBIANO ({} su {cases})", changed.len()));
    for (file, example, was, is) in changed {
        say(format!("  {} ({}, {file})\n      {was} → {is}", example.title, short_date(example.on)));
    }
    Ok(())
}

fn outcome(program: &rules::Program, example: &Example) -> anyhow::Result<String> {
    let decision: Decision = program.decide(&example.facts(program)?, example.moment())?;
    Ok(in_a_line(&decision))
}
