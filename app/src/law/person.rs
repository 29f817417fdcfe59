use std::{fs, path::Path, process::ExitCode};

use anyhow::Context;
use base::Date;
use catalogue::Service;
use rules::{Example, Facts, Input, InputType, Program};
use toml::value::Datetime;

use super::program;
use crate::terminal::say;

/// A household read from a file, with the day written in it, if any.
pub struct Household {
    /// Its facts, typed as the law declares them.
    pub facts: Facts,
    /// The day whose law applies.
    pub on: Option<Date>,
    /// The day whose knowledge applies.
    pub known: Option<Date>,
}

/// Stands in for a day that the file does not say; it is never used as one.
const NO_DAY: Datetime =
    Datetime { date: Some(toml::value::Date { year: 2000, month: 1, day: 1 }), time: None, offset: None };

/// Reads a household. A worked example of the folder will do: what it expects is left aside.
pub fn read(path: &Path, program: &Program) -> anyhow::Result<Household> {
    let place = path.display();
    let text = fs::read_to_string(path).with_context(|| format!("non si legge il file {place}"))?;
    let mut written: toml::Table = text.parse().with_context(|| format!("{place} non è TOML"))?;
    let dated = written.contains_key("on");
    for (key, value) in [("title", ""), ("source", "")] {
        written.entry(key).or_insert_with(|| value.into());
    }
    written.entry("on").or_insert(toml::Value::Datetime(NO_DAY));
    written.entry("expected").or_insert_with(|| toml::Table::new().into());
    let example: Example = written.try_into().with_context(|| format!("{place} non è un file di dati"))?;
    let facts = example.facts(program).with_context(|| place.to_string())?;
    Ok(Household { facts, on: dated.then_some(example.on), known: example.known })
}

/// Prints a file of facts to fill in.
pub fn blank(service: &Service) -> anyhow::Result<ExitCode> {
    let program = program(service)?;
    say(format!("# Dati per «sportello law explain {} FILE». Le righe con # sono facoltative.", service.slug));
    say("# on = 2026-03-01        # il giorno di cui vale la legge; oggi se manca\n\n[facts]");
    program.inputs().iter().filter(|input| input.relation.is_none()).for_each(print);
    for relation in program.relations() {
        say(format!("\n# Uno per ciascuno: si ripete\n[[facts.{relation}]]"));
        program.inputs().iter().filter(|input| input.relation.as_ref() == Some(relation)).for_each(print);
    }
    Ok(ExitCode::SUCCESS)
}

fn print(input: &Input) {
    let optional = if input.required { "" } else { "# " };
    say(format!("{optional}{} = {}    # {}", input.name, sample(input), input.label));
}

/// How a value of this kind is written.
fn sample(input: &Input) -> String {
    match input.kind {
        InputType::Bool => "true".into(),
        InputType::Integer => "1".into(),
        InputType::Decimal => "\"1000.00\"".into(),
        InputType::Date => "2015-05-20".into(),
        InputType::Text => format!("\"{}\"", input.values.first().map_or("…", String::as_str)),
    }
}
