use std::collections::BTreeMap;

use base::{Date, nearest};
use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, de::Error as _};

use crate::{Decision, EvalError, Facts, InputType, Moment, Program, Value};

/// A worked case: persons, moment, expected outcome, and who published it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Example {
    /// What it shows.
    pub title: String,
    /// Who published the expected outcome, or how it was computed.
    pub source: String,
    /// The day whose law applies.
    #[serde(deserialize_with = "day")]
    pub on: Date,
    /// The day whose knowledge applies; the law as it is known for good if not written.
    #[serde(default, deserialize_with = "optional_day")]
    pub known: Option<Date>,
    /// Facts of the household; a list of tables is a relation.
    pub facts: toml::Table,
    /// Expected values by rule name; `rule = […]` for a member's rule lists one for each member; `diritto` and
    /// `importo` stand for the outcomes.
    pub expected: toml::Table,
}

/// What an example gave.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// Its title.
    pub title: String,
    /// The decision computed.
    pub decision: Decision,
    /// Where it differs from what was expected; empty: the example holds.
    pub mismatches: Vec<Mismatch>,
}

/// One value that is not as expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mismatch {
    /// Name of the rule, with the member's position if it is a member's.
    pub rule: String,
    /// What the example says.
    pub expected: String,
    /// What the law gives.
    pub found: String,
}

/// Why an example could not be run at all.
#[derive(Debug, thiserror::Error)]
pub enum ExampleError {
    /// Not the TOML of an example.
    #[error("esempio non leggibile: {0}")]
    Toml(#[from] toml::de::Error),
    /// A fact that the law does not ask for: its name, and what to write.
    #[error("la legge non chiede nessun dato «{0}»: {1}")]
    UnknownFact(String, String),
    /// A fact that is written otherwise than the law needs it: its name, and how to write it.
    #[error("il dato «{0}» vuole {1}")]
    WrongKind(String, &'static str),
    /// The law could not be computed.
    #[error(transparent)]
    Evaluation(#[from] EvalError),
}

/// Runs one example against a law.
///
/// # Errors
/// [`ExampleError`] if the example cannot be read, names facts that the law does not ask for, or cannot be computed.
/// A different outcome is not an error: it is told in [`Outcome::mismatches`].
pub fn run_example(program: &Program, text: &str) -> Result<Outcome, ExampleError> {
    let example: Example = toml::from_str(text)?;
    let facts = example.facts(program)?;
    let decision = program.decide(&facts, example.moment())?;
    let mismatches =
        example.expected.iter().flat_map(|(rule, expected)| differences(&decision, rule, expected)).collect();
    Ok(Outcome { title: example.title, decision, mismatches })
}

impl Example {
    /// The law that it is about.
    #[must_use]
    pub fn moment(&self) -> Moment {
        Moment { on: self.on, known: self.known.unwrap_or(Date::MAX) }
    }

    /// The facts, typed as the law declares them.
    ///
    /// # Errors
    /// [`ExampleError::UnknownFact`] or [`ExampleError::WrongKind`] for the first fact that does not fit.
    pub fn facts(&self, program: &Program) -> Result<Facts, ExampleError> {
        let mut facts = Facts::default();
        for (name, written) in &self.facts {
            match written {
                toml::Value::Array(members) if program.relations().contains(name) => {
                    let members = members.iter().map(|member| row(program, Some(name), member.as_table()));
                    facts.groups.insert(name.clone(), members.collect::<Result<_, _>>()?);
                }
                value => {
                    facts.values.insert(name.clone(), fact(program, None, name, value)?);
                }
            }
        }
        Ok(facts)
    }
}

/// A TOML date without time.
fn day<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Date, D::Error> {
    let written = toml::value::Datetime::deserialize(deserializer)?;
    written.to_string().parse().map_err(|_| D::Error::custom("una data senza ora: 2026-03-01"))
}

fn optional_day<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Date>, D::Error> {
    day(deserializer).map(Some)
}

fn row(
    program: &Program,
    relation: Option<&str>,
    table: Option<&toml::Table>,
) -> Result<BTreeMap<String, Value>, ExampleError> {
    let table = table.ok_or_else(|| ExampleError::WrongKind(relation.unwrap_or_default().to_owned(), EACH))?;
    table.iter().map(|(name, value)| Ok((name.clone(), fact(program, relation, name, value)?))).collect()
}

fn fact(program: &Program, relation: Option<&str>, name: &str, written: &toml::Value) -> Result<Value, ExampleError> {
    if relation.is_none() && program.relations().iter().any(|known| known == name) {
        return Err(ExampleError::WrongKind(name.to_owned(), EACH));
    }
    let input = program.inputs().iter().find(|input| input.name == name && input.relation.as_deref() == relation);
    let input = input.ok_or_else(|| unknown(program, relation, name))?;
    typed(input.kind, written).ok_or_else(|| ExampleError::WrongKind(name.to_owned(), how_written(input.kind)))
}

/// How a relation is written.
const EACH: &str = "una tabella per ciascuno: [[facts.nome]], e sotto i suoi dati";

/// How a fact of this kind is written.
const fn how_written(kind: InputType) -> &'static str {
    match kind {
        InputType::Bool => "true o false, senza virgolette",
        InputType::Integer => "un numero intero: 3",
        InputType::Decimal => "un importo fra virgolette, con il punto e senza migliaia: \"9000.50\"",
        InputType::Date => "una data: 2026-03-01",
        InputType::Text => "un testo fra virgolette: \"roma\"",
    }
}

/// With the nearest name there, or where else the law has this name.
fn unknown(program: &Program, relation: Option<&str>, name: &str) -> ExampleError {
    let elsewhere = program.inputs().iter().find(|input| input.name == name);
    let mend = match elsewhere.map(|input| input.relation.as_deref()) {
        Some(Some(other)) => format!("è di «{other}», sotto [[facts.{other}]]"),
        Some(None) => "sta in [facts], non qui".to_owned(),
        None => {
            let here = program.inputs().iter().filter(|input| input.relation.as_deref() == relation);
            let relations = program.relations().iter().filter(|_| relation.is_none()).map(String::as_str);
            let names: Vec<&str> = here.map(|input| input.name.as_str()).chain(relations).collect();
            nearest(name, names.iter().copied()).map_or_else(
                || format!("i dati qui sono {}", names.join(", ")),
                |near| format!("forse si voleva «{near}»"),
            )
        }
    };
    ExampleError::UnknownFact(name.to_owned(), mend)
}

/// Amounts are written in quotes (`"15000.00"`): TOML's own numbers with a point are binary fractions. The text
/// `"nessuno"` states that a number or a day does not exist.
fn typed(kind: InputType, written: &toml::Value) -> Option<Value> {
    match (kind, written) {
        (InputType::Bool, toml::Value::Boolean(value)) => Some(Value::Bool(*value)),
        (InputType::Integer | InputType::Decimal, toml::Value::Integer(value)) => Some(Value::Int(*value)),
        (InputType::Text, toml::Value::String(text)) => Some(Value::Text(text.clone())),
        (InputType::Bool | InputType::Text, _) => None,
        (_, toml::Value::String(text)) if text == "nessuno" => Some(Value::Null),
        (InputType::Integer | InputType::Decimal, toml::Value::String(text)) => {
            Decimal::from_str_exact(text).ok().map(Value::Dec)
        }
        (InputType::Date, toml::Value::Datetime(day)) => day.to_string().parse().ok().map(Value::Date),
        (InputType::Date, toml::Value::String(text)) => text.parse().ok().map(Value::Date),
        _ => None,
    }
}

fn differences(decision: &Decision, rule: &str, expected: &toml::Value) -> Vec<Mismatch> {
    if let ("diritto" | "importo", None) = (rule, decision.trace.iter().find(|step| step.rule == rule)) {
        let found = match rule {
            "diritto" => decision.entitled.map_or(Value::Null, Value::Bool),
            _ => decision.amount.map_or(Value::Null, Value::Dec),
        };
        return difference(rule.to_owned(), expected, Some(&found)).into_iter().collect();
    }
    let steps: Vec<_> = decision.trace.iter().filter(|step| step.rule == rule).collect();
    let toml::Value::Array(list) = expected else {
        return difference(rule.to_owned(), expected, steps.first().map(|step| &step.value)).into_iter().collect();
    };
    let longest = list.len().max(steps.len());
    let nothing = toml::Value::String("nessuno".into());
    (0..longest)
        .filter_map(|at| {
            let found = steps.get(at).map(|step| &step.value);
            difference(format!("{rule}[{at}]"), list.get(at).unwrap_or(&nothing), found)
        })
        .collect()
}

fn difference(rule: String, expected: &toml::Value, found: Option<&Value>) -> Option<Mismatch> {
    let same = match found {
        None => false,
        Some(Value::Bool(value)) => expected.as_bool() == Some(*value),
        Some(Value::Dec(value)) => typed(InputType::Decimal, expected).and_then(|v| v.as_decimal()) == Some(*value),
        Some(Value::Date(value)) => typed(InputType::Date, expected) == Some(Value::Date(*value)),
        Some(Value::Text(value)) => expected.as_str() == Some(value),
        Some(_) => expected.as_str() == Some("nessuno"),
    };
    let found = found.map_or_else(|| "regola non in vigore".to_owned(), ToString::to_string);
    (!same).then(|| Mismatch { rule, expected: shown(expected), found })
}

fn shown(expected: &toml::Value) -> String {
    expected.as_str().map_or_else(|| format!("{expected:?}"), str::to_owned)
}
