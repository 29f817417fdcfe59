//! Households given one by one, as columns.

use std::{borrow::Cow, collections::BTreeMap};

use crate::{Facts, Input, InputType, Program, Value};

use super::{
    batch::{Batch, Held, Relation},
    calendar,
    column::{Column, NO_DAY, NO_NUMBER, NO_TEXT, UNKNOWN, from_truth, scaled},
    lower::scale_of,
};

impl Batch<'static> {
    /// Households as columns of the inputs of a law. Facts that fit no column (a number with too many digits, a value of
    /// another type) are kept as they are, so that the outcome is that of [`Program::decide`] for them too.
    #[must_use]
    pub fn from_facts(program: &Program, households: &[Facts]) -> Self {
        let apart: BTreeMap<usize, Facts> = households
            .iter()
            .enumerate()
            .filter(|(_, facts)| !fits(program, facts))
            .map(|(row, facts)| (row, facts.clone()))
            .collect();
        let nobody = Facts::default();
        let rows: Vec<&Facts> = households
            .iter()
            .enumerate()
            .map(|(row, facts)| if apart.contains_key(&row) { &nobody } else { facts })
            .collect();
        let relations =
            program.relations.iter().map(|name| Relation { name: name.clone(), offsets: offsets(&rows, name) });
        let columns = program.inputs.iter().map(|input| Held {
            owner: input.owner,
            name: input.name.clone(),
            column: column(input, &rows),
        });
        Self { households: households.len(), relations: relations.collect(), columns: columns.collect(), apart }
    }
}

fn offsets(rows: &[&Facts], relation: &str) -> Cow<'static, [u32]> {
    let mut offsets = vec![0u32];
    let mut end = 0u32;
    for facts in rows {
        let members = facts.groups.get(relation).map_or(0, Vec::len);
        end = end.saturating_add(u32::try_from(members).unwrap_or(u32::MAX));
        offsets.push(end);
    }
    Cow::Owned(offsets)
}

fn entities<'f>(input: &Input, facts: &'f Facts) -> Vec<&'f BTreeMap<String, Value>> {
    match &input.relation {
        None => vec![&facts.values],
        Some(relation) => facts.groups.get(relation).map_or_else(Vec::new, |members| members.iter().collect()),
    }
}

fn fits(program: &Program, facts: &Facts) -> bool {
    program.inputs.iter().all(|input| {
        entities(input, facts).into_iter().filter_map(|values| values.get(&input.name)).all(|value| {
            match (value, input.kind) {
                (Value::Null, _) | (Value::Bool(_), InputType::Bool) | (Value::Date(_), InputType::Date) => true,
                (Value::Text(text), InputType::Text) => input.values.is_empty() || input.values.contains(text),
                (number, InputType::Integer | InputType::Decimal) => {
                    number.as_decimal().is_some_and(|number| scaled(number, scale_of(input)).is_some())
                }
                _ => false,
            }
        })
    })
}

fn column(input: &Input, rows: &[&Facts]) -> Column<'static> {
    let values = || {
        rows.iter()
            .flat_map(|facts| entities(input, facts))
            .map(|values| values.get(&input.name).unwrap_or(&Value::Null))
    };
    match input.kind {
        InputType::Bool => Column::Truth(
            values().map(|value| if value.is_null() { UNKNOWN } else { from_truth(value.as_bool()) }).collect(),
        ),
        InputType::Date => {
            Column::Day(values().map(|value| value.as_date().map_or(NO_DAY, calendar::day_number)).collect())
        }
        InputType::Integer | InputType::Decimal => {
            let scale = scale_of(input);
            let value =
                |value: &Value| value.as_decimal().and_then(|number| scaled(number, scale)).unwrap_or(NO_NUMBER);
            Column::Number { values: values().map(value).collect(), scale }
        }
        InputType::Text => {
            let mut places: BTreeMap<String, u32> = BTreeMap::new();
            let mut words = Vec::new();
            let mut code = |value: &Value| {
                let Some(text) = value.as_text() else { return NO_TEXT };
                *places.entry(text.to_owned()).or_insert_with(|| {
                    words.push(text.to_owned());
                    u32::try_from(words.len() - 1).unwrap_or(NO_TEXT)
                })
            };
            let codes: Vec<u32> = values().map(&mut code).collect();
            Column::Text { codes: Cow::Owned(codes), words: Cow::Owned(words) }
        }
    }
}
