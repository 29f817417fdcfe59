use std::process::ExitCode;

use base::{Date, Language, short_date};
use catalogue::Service;
use rules::{Input, Moment, Program, Rule, RuleVersion, Validity};

use super::program;
use crate::terminal::say;

/// Prints the law in force: what it asks, its rules by paragraph, its numbers with their sources.
pub fn run(service: &Service, moment: Moment) -> anyhow::Result<ExitCode> {
    let program = program(service)?;
    say(format!("{}\n{}", service.name.get(Language::Italian), moment_in_words(moment)));
    inputs(program);
    rules(program, moment);
    parameters(program, moment);
    tables(program, moment);
    Ok(ExitCode::SUCCESS)
}

/// Which law is shown: `Legge in vigore il 01/03/2026, come era nota il 01/02/2026`.
pub fn moment_in_words(moment: Moment) -> String {
    let known = match moment.known {
        Date::MAX => "come la si conosce oggi".to_owned(),
        day => format!("come era nota il {}", short_date(day)),
    };
    format!("Legge in vigore il {}, {known}", short_date(moment.on))
}

fn inputs(program: &Program) {
    say("\nDATI CHE LA LEGGE CHIEDE");
    for input in program.inputs() {
        let mut what = vec![input.unit.name().to_owned()];
        what.extend(input.relation.as_ref().map(|relation| format!("per ciascuno di «{relation}»")));
        what.extend((!input.required).then(|| "facoltativo".to_owned()));
        what.extend((!input.values.is_empty()).then(|| format!("uno fra: {}", input.values.join(", "))));
        say(format!("  {:<30} {} ({})", qualified(input), input.label, what.join("; ")));
    }
}

/// `figli.data_nascita`, or `isee` for the household.
pub fn qualified(input: &Input) -> String {
    input.relation.as_ref().map_or_else(|| input.name.clone(), |relation| format!("{relation}.{}", input.name))
}

fn rules(program: &Program, moment: Moment) {
    say("\nREGOLE");
    let mut paragraph = "";
    let first = program.rules().iter().flat_map(|rule| &rule.versions).map(|version| version.validity.from).min();
    if let Some(first) = first.filter(|first| moment.on < *first) {
        say(format!("  Nessuna: la prima vale dal {}.", short_date(first)));
    }
    let in_force = |rule| Rule::in_force(rule, moment).map(|version| (rule, version));
    for (rule, version) in program.rules().iter().filter_map(in_force) {
        if version.paragraph != paragraph {
            paragraph = &version.paragraph;
            say(format!("\n{paragraph}"));
        }
        print_rule(rule, version);
        version.source.lines().for_each(|line| say(format!("      {line}")));
    }
}

fn print_rule(rule: &Rule, version: &RuleVersion) {
    let mut what = vec![rule.unit.name().to_owned()];
    what.extend(rule.relation.as_ref().map(|relation| format!("per ciascuno di «{relation}»")));
    what.push(governs(version.validity));
    say(format!("  {} – {} ({})", rule.name, version.title, what.join("; ")));
}

/// `dal 01/01/2026, noto dal 30/01/2026`.
fn governs(validity: Validity) -> String {
    let mut text = format!("dal {}", short_date(validity.from));
    if let Some(last) = validity.until {
        text.push_str(&format!(" al {}", short_date(last)));
    }
    if validity.known_from != Date::MIN {
        text.push_str(&format!(", noto dal {}", short_date(validity.known_from)));
    }
    text
}

fn parameters(program: &Program, moment: Moment) {
    if program.parameters().is_empty() {
        return;
    }
    say("\nPARAMETRI");
    for parameter in program.parameters() {
        match parameter.in_force(moment) {
            Some(row) => {
                let (value, unit) = (&row.value, parameter.unit);
                say(format!("  {:<34} {value} {unit} ({}) – {}", parameter.name, governs(row.validity), row.source));
            }
            None => say(format!("  {:<34} non ha ancora un valore, o non era noto", parameter.name)),
        }
    }
}

fn tables(program: &Program, moment: Moment) {
    for table in program.tables() {
        let (takes, gives, columns) = (table.takes, table.gives, table.columns.join(", "));
        let state = table.in_force(moment).map_or_else(
            || "non in vigore".to_owned(),
            |(validity, rows)| format!("{rows} scaglioni, {}", governs(validity)),
        );
        say(format!("\nTABELLA {} – da {takes} a {gives}; colonne: {columns} ({state})", table.name));
    }
}
