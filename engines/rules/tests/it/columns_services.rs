//! Columns give what one household at a time gives, for every service folder and around every day on which its law changes.

use std::{collections::BTreeMap, fs};

use base::Date;
use rules::{Decimal, Facts, Input, InputType, Moment, Program, Sources, Value, columns::Plan};

use crate::{columns::same_values, columns_programs::Draws};

/// The laws of all service folders that have one.
pub fn laws() -> Vec<(String, Program)> {
    let services = tidy::house().join("services");
    let mut laws = Vec::new();
    for entry in fs::read_dir(services).expect("the folder of services") {
        let folder = entry.expect("a folder").path();
        let Ok(text) = fs::read_to_string(folder.join("rules.md")) else { continue };
        let mut tables = BTreeMap::new();
        for table in fs::read_dir(folder.join("tabelle")).into_iter().flatten() {
            let path = table.expect("a table").path();
            let name = format!("tabelle/{}", path.file_name().expect("it has a name").to_string_lossy());
            tables.insert(name, fs::read_to_string(path).expect("a text"));
        }
        let law = Program::parse(&Sources { file: "rules.md", text: &text, tables: &tables }).expect("a correct law");
        laws.push((folder.display().to_string(), law));
    }
    laws
}

/// Edges of brackets, thresholds and ages, one step on either side, NULL; and if `odd`, now and then what fits no column.
fn value(draws: &mut Draws, law: &Program, input: &Input, (on, odd): (Date, bool)) -> Option<Value> {
    if draws.below(12) == 0 {
        return (draws.below(2) == 0).then_some(Value::Null);
    }
    Some(match input.kind {
        InputType::Bool => Value::Bool(draws.below(4) > 0),
        InputType::Text if input.values.is_empty() => Value::from("testo"),
        InputType::Text if odd && draws.below(200) == 0 => Value::from("non ammesso"),
        InputType::Text => Value::Text(input.values[draws.below(input.values.len())].clone()),
        InputType::Integer => Value::Int(draws.one(&[0, 1, 2, 3, 6, 12, 17, 18, 24, 65, 67, 100])),
        InputType::Date => {
            let (years, days) = (draws.below(70), draws.below(3));
            let span = jiff::Span::new().years(-i64::try_from(years).expect("few"));
            let near = jiff::Span::new().days(i64::try_from(days).expect("few") - 1);
            Value::Date(on.saturating_add(span).saturating_add(near))
        }
        InputType::Decimal => {
            let parameters = law.parameters().iter().filter(|one| one.unit == input.unit);
            let known: Vec<Decimal> =
                parameters.flat_map(|one| &one.rows).filter_map(|row| row.value.as_decimal()).collect();
            let round = Decimal::from(draws.below(700) * 100);
            let near = if known.is_empty() || draws.below(2) == 0 { round } else { known[draws.below(known.len())] };
            let step = draws.one(&[(0, 0), (1, 2), (-1, 2)]);
            let step = if odd && draws.below(20) == 0 { draws.one(&[(1, 9), (i64::MAX, 2)]) } else { step };
            Value::Dec(near + Decimal::new(step.0, step.1))
        }
    })
}

/// Members without number, and facts of every kind.
pub fn household(draws: &mut Draws, law: &Program, how: (Date, bool)) -> Facts {
    let mut facts = Facts::default();
    for relation in law.relations() {
        facts.groups.insert(relation.clone(), vec![BTreeMap::new(); draws.below(6)]);
    }
    for input in law.inputs() {
        match &input.relation {
            None => facts.values.extend(value(draws, law, input, how).map(|value| (input.name.clone(), value))),
            Some(relation) => {
                for member in facts.groups.entry(relation.clone()).or_default() {
                    member.extend(value(draws, law, input, how).map(|value| (input.name.clone(), value)));
                }
            }
        }
    }
    facts
}

/// Every day on which a law changes, with what is known in the end.
pub fn moments(law: &Program) -> impl Iterator<Item = Moment> {
    law.changes().into_iter().map(|on| Moment { on, known: Date::MAX })
}

#[test]
fn every_rule_of_every_service_is_columnar() {
    for (folder, law) in laws() {
        let rules: Vec<&str> = law.rules().iter().map(|rule| rule.name.as_str()).collect();
        for moment in moments(&law) {
            let plan = Plan::compile(&law, moment, &rules).expect("rules of the law");
            assert!(plan.is_columnar(), "{folder} on {}", moment.on);
        }
    }
}

#[test]
fn every_service_gives_the_same_whenever_its_law_changes() {
    let laws = laws();
    assert!(!laws.is_empty(), "no service has rules");
    let mut draws = Draws(25);
    for (folder, law) in laws {
        for moment in moments(&law) {
            for odd in [false, true] {
                let households: Vec<Facts> = (0..40).map(|_| household(&mut draws, &law, (moment.on, odd))).collect();
                let same = same_values(&law, moment, &households);
                let apart = same.unwrap_or_else(|wrong| panic!("{folder} on {}: {wrong}", moment.on));
                assert!(odd || apart == 0, "{folder} on {}: {apart} ordinary households are slow", moment.on);
            }
        }
    }
}
