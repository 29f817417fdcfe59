//! What was declared, as rows of a table: name, value, where it comes from.

use std::collections::BTreeMap;

use base::{Iban, short_date};
use rules::{Facts, Value as Answer};
use serde_json::Value;

use super::words::euro;
use crate::folders::{QuestionFacts, ServiceFacts, Shape};

/// Rows of three cells, for the filter `tabella_dati`, in the order of the form.
pub(super) fn rows(answers: &Value, sources: &Value, service: &ServiceFacts) -> Vec<[String; 3]> {
    let Ok(facts) = serde_json::from_value::<Facts>(answers.clone()) else { return Vec::new() };
    let writer = Writer { service, sources };
    let mut rows = writer.rows(&facts.values, None);
    for (group, members) in &facts.groups {
        for (index, values) in members.iter().enumerate() {
            let name = owner(values).unwrap_or_else(|| format!("{} {}", readable(group), index + 1));
            rows.extend(writer.rows(values, Some(&Member { group, index, name })));
        }
    }
    rows.sort_by_key(|row| (row.member, row.place));
    rows.into_iter().map(|row| row.cells).collect()
}

/// What a member of a group is called, if its answers say so.
fn owner(values: &BTreeMap<String, Answer>) -> Option<String> {
    let name = values.get("nome").and_then(Answer::as_text)?.trim();
    (!name.is_empty()).then(|| name.to_owned())
}

/// One of the members of a group of answers.
struct Member<'a> {
    group: &'a str,
    index: usize,
    name: String,
}

struct Row {
    /// Answers of the person come first, then those of each member.
    member: Option<usize>,
    /// Place of the question in the form; answers to questions that are no longer there come last.
    place: usize,
    cells: [String; 3],
}

struct Writer<'a> {
    service: &'a ServiceFacts,
    sources: &'a Value,
}

impl Writer<'_> {
    fn rows(&self, values: &BTreeMap<String, Answer>, member: Option<&Member<'_>>) -> Vec<Row> {
        let known = values.iter().filter(|(_, value)| !value.is_null());
        known.filter_map(|(name, value)| self.row(name, value, member)).collect()
    }

    fn row(&self, name: &str, value: &Answer, member: Option<&Member<'_>>) -> Option<Row> {
        let question = member.map_or_else(|| name.to_owned(), |member| format!("{}.{name}", member.group));
        let path = member.map_or_else(|| name.to_owned(), |member| format!("{}.{}.{name}", member.group, member.index));
        let place = self.service.questions.iter().position(|known| known.name == question);
        let known = place.map(|place| &self.service.questions[place]);
        let label = known.map_or_else(|| readable(name), |known| known.label.clone());
        let label = member.map_or_else(|| label.clone(), |member| format!("{}: {label}", member.name));
        let cells = [label, shown(known, value)?, self.source(&path)];
        Some(Row { member: member.map(|member| member.index), place: place.unwrap_or(usize::MAX), cells })
    }

    fn source(&self, path: &str) -> String {
        let Some(source) = self.sources.get(path) else { return "dichiarato da te".to_owned() };
        let name = source.get("registry_name").and_then(Value::as_str).unwrap_or("banca dati");
        let day = source.get("recorded_on").and_then(Value::as_str).and_then(|day| day.parse().ok());
        day.map_or_else(|| name.to_owned(), |day| format!("{name}, {}", short_date(day)))
    }
}

/// An answer as the person gave it; `None` for files, which are told by name elsewhere.
fn shown(question: Option<&QuestionFacts>, value: &Answer) -> Option<String> {
    let text = value.to_string();
    Some(match question.map(|question| &question.shape) {
        Some(Shape::Files) => return None,
        Some(Shape::Money) => value.as_decimal().map_or(text, euro),
        Some(Shape::Choice(labels)) => {
            let label = |one: &str| labels.get(one).cloned().unwrap_or_else(|| one.to_owned());
            text.split(',').map(|one| label(one.trim())).collect::<Vec<_>>().join(", ")
        }
        _ => text.parse::<Iban>().map_or(text, |iban| iban.to_string()),
    })
}

/// `data_nascita` → `Data nascita`: for a question that the form does not have.
fn readable(name: &str) -> String {
    let name = name.replace('_', " ");
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
