//! The examples of the specification, run as they stand there.

use std::{collections::BTreeMap, fs};

use rules::{Decision, Facts, Moment, Unit, Value};

use crate::laws::{law_of_child, law_with};

fn specification() -> String {
    fs::read_to_string(tidy::house().join("docs/language.md")).expect("the specification is there")
}

/// The lines of all blocks with this mark, cut at the arrow.
fn lines(mark: &str) -> Vec<(String, String)> {
    let text = specification();
    let blocks = text.split("```").skip(1).step_by(2).filter_map(|block| block.strip_prefix(mark)?.strip_prefix('\n'));
    let lines =
        blocks.flat_map(str::lines).map(|line| line.split_once(" → ").unwrap_or_else(|| panic!("no arrow: {line}")));
    lines.map(|(left, right)| (left.to_owned(), right.to_owned())).collect()
}

fn household() -> Facts {
    let dec = |text: &str| Value::Dec(text.parse().expect("a number"));
    let day = |text: &str| Value::Date(text.parse().expect("a day"));
    let named =
        |facts: &[(&str, Value)]| facts.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    let child = |age: i64, born: &str, disabled: bool, expense: Value| -> BTreeMap<String, Value> {
        named(&[("eta", age.into()), ("nato", day(born)), ("disabile", disabled.into()), ("spesa", expense)])
    };
    let values = named(&[
        ("isee", dec("12000")),
        ("mensile", dec("1000")),
        ("annuo", dec("12000")),
        ("sposato", true.into()),
        ("nato_il", day("2000-02-29")),
        ("comune", "roma".into()),
    ]);
    let children = vec![
        child(10, "2015-05-01", false, dec("100")),
        child(6, "2020-03-15", true, dec("40")),
        child(10, "2015-05-01", false, Value::Null),
    ];
    Facts { values, groups: BTreeMap::from([("figli".to_owned(), children)]) }
}

/// `100, NULL euro/mese`, `sì`, `2026-03-01 data` → texts of the values, and the unit.
fn expected(written: &str) -> (Vec<String>, Unit) {
    let (values, unit) = match written.rsplit_once(' ') {
        Some((values, unit)) if Unit::from_name(unit).is_some() => (values, Unit::from_name(unit)),
        _ => (written, Some(Unit::YesNo)),
    };
    (values.split(", ").map(str::to_owned).collect(), unit.expect("a unit"))
}

fn plain(value: &Value) -> String {
    match value {
        Value::Null => "NULL".to_owned(),
        Value::Dec(number) => number.normalize().to_string(),
        Value::Date(day) => day.to_string(),
        other => other.to_string(),
    }
}

#[test]
fn every_value_in_the_specification_is_right() {
    let lines = lines("valori");
    assert!(lines.len() > 50, "only {} examples were found", lines.len());
    let mut wrong = Vec::new();
    for (written, result) in lines {
        let (values, unit) = expected(&result);
        let law = match written.strip_prefix("figli: ") {
            Some(expression) => law_of_child(unit.name(), expression),
            None => law_with(unit.name(), &written),
        };
        let law = match law {
            Ok(law) => law,
            Err(told) => {
                wrong.push(format!("{written}\n{}", told[0]));
                continue;
            }
        };
        let decision: Decision = law
            .decide(&household(), Moment::at("2026-03-15".parse().expect("a day")))
            .expect("the examples can be computed");
        let found: Vec<String> =
            decision.trace.iter().filter(|step| step.rule == "prova").map(|step| plain(&step.value)).collect();
        if found != values {
            wrong.push(format!("{written} gives {found:?}, not {values:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_mistake_in_the_specification_is_told() {
    let mut wrong = Vec::new();
    for (written, message) in lines("errori") {
        match law_with("euro", &written) {
            Err(told) if told.len() == 1 && told[0].message.contains(&message) => {}
            Err(told) => wrong.push(told.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")),
            Ok(_) => wrong.push(format!("{written} is accepted")),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
