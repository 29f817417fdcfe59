//! A batch as a plan sees it: columns found, types checked, texts in the plan's codes.

use std::{borrow::Cow, collections::BTreeSet};

use crate::{Input, InputType};

use super::{
    batch::{Batch, BatchError},
    column::{Column, NO_NUMBER},
    lower::scale_of,
    lower_calls::MOST_MEMBERS,
    plan::Plan,
    words::{Others, Words},
};

/// A column that a plan reads.
#[derive(Debug)]
pub(super) enum BoundColumn<'b> {
    Truth(&'b [u8]),
    Day(&'b [i32]),
    Number {
        values: &'b [i64],
        /// The column's digits behind the point less the plan's.
        more_digits: i64,
    },
    Text {
        codes: &'b [u32],
        /// The plan's code of each word of the column.
        meaning: Vec<i32>,
    },
}

#[derive(Debug)]
pub(super) struct Bound<'b> {
    pub households: usize,
    /// By relation of the program.
    pub offsets: Vec<Cow<'b, [u32]>>,
    /// By input of the plan.
    pub columns: Vec<BoundColumn<'b>>,
    /// Texts that the law does not list, if it tells them apart.
    pub others: Others,
    /// Households that are computed by themselves.
    pub apart: BTreeSet<usize>,
}

impl<'b> Bound<'b> {
    pub fn new(plan: &Plan<'_>, batch: &'b Batch<'_>) -> Result<Self, BatchError> {
        let program = plan.exact.program;
        let mut bound = Self {
            households: batch.len(),
            offsets: program.relations.iter().map(|_| Cow::Borrowed(&[][..])).collect(),
            columns: Vec::new(),
            others: Others::default(),
            apart: batch.apart.keys().copied().collect(),
        };
        for (place, name) in program.relations.iter().enumerate() {
            let known = batch.relations.iter().find(|relation| relation.name == *name);
            bound.offsets[place] = match known {
                Some(relation) => Cow::Borrowed(&relation.offsets),
                None if plan.relations.contains(&place) => return Err(BatchError::Missing { column: name.clone() }),
                None => Cow::Owned(vec![0; batch.len() + 1]),
            };
        }
        bound.set_crowds_apart();
        for (slot, input) in program.inputs.iter().enumerate() {
            match batch.get(input.relation.as_deref(), &input.name) {
                Some(column) => bound.check(input, column)?,
                None if plan.needed.contains(&slot) => return Err(BatchError::Missing { column: full_name(input) }),
                None => {}
            }
        }
        if let Ok(kernel) = &plan.kernel {
            let inputs = kernel.inputs.iter().map(|slot| &program.inputs[*slot]);
            let columns = inputs.filter_map(|input| Some((input, batch.get(input.relation.as_deref(), &input.name)?)));
            let columns: Vec<(&Input, &'b Column<'_>)> = columns.collect();
            if kernel.free_texts {
                bound.tell_texts_apart(&plan.words, &columns);
            }
            let bind = |(input, column): &(&Input, &'b Column<'_>)| bind(input, column, &plan.words, &bound.others);
            bound.columns = columns.iter().map(bind).collect();
        }
        Ok(bound)
    }

    fn tell_texts_apart(&mut self, words: &Words, columns: &[(&Input, &Column<'_>)]) {
        let texts = columns.iter().filter_map(|(_, column)| match column {
            Column::Text { words, .. } => Some(words.iter()),
            _ => None,
        });
        match words.others(texts.flatten()) {
            Some(others) => self.others = others,
            // Millions of texts between two of the law: no column of 32 bits orders them.
            None => self.apart.extend(0..self.households),
        }
    }

    /// The household of a member.
    pub fn household_of(&self, relation: usize, member: usize) -> usize {
        self.offsets[relation].partition_point(|offset| *offset as usize <= member) - 1
    }

    fn set_crowds_apart(&mut self) {
        for offsets in &self.offsets {
            let crowds = offsets.windows(2).enumerate();
            let crowds = crowds.filter(|(_, pair)| i64::from(pair[1] - pair[0]) > MOST_MEMBERS);
            self.apart.extend(crowds.map(|(household, _)| household));
        }
    }

    /// Types; and rows whose value the law does not admit, whether or not a rule reads it.
    fn check(&mut self, input: &Input, column: &Column<'_>) -> Result<(), BatchError> {
        let wrong = || BatchError::Type { column: full_name(input), expected: input.kind.name(), found: column.name() };
        match (input.kind, column) {
            (InputType::Bool, Column::Truth(_))
            | (InputType::Date, Column::Day(_))
            | (InputType::Decimal, Column::Number { .. })
            | (InputType::Integer, Column::Number { scale: 0, .. }) => {}
            (InputType::Integer, Column::Number { values, scale }) => {
                let unit = 10i128.pow(*scale);
                self.set_apart(input, values, |value| value != NO_NUMBER && i128::from(value) % unit != 0);
            }
            (InputType::Text, Column::Text { codes, words }) => {
                let refused: Vec<bool> =
                    words.iter().map(|word| !input.values.is_empty() && !input.values.contains(word)).collect();
                if refused.contains(&true) {
                    self.set_apart(input, codes, |code| refused.get(code as usize) == Some(&true));
                }
            }
            _ => return Err(wrong()),
        }
        Ok(())
    }

    fn set_apart<T: Copy>(&mut self, input: &Input, rows: &[T], refused: impl Fn(T) -> bool) {
        for (row, _) in rows.iter().enumerate().filter(|(_, value)| refused(**value)) {
            let household = input.owner.map_or(row, |relation| self.household_of(relation, row));
            self.apart.insert(household);
        }
    }
}

fn bind<'b>(input: &Input, column: &'b Column<'_>, words: &Words, others: &Others) -> BoundColumn<'b> {
    match column {
        Column::Truth(values) => BoundColumn::Truth(values),
        Column::Day(days) => BoundColumn::Day(days),
        Column::Number { values, scale } => {
            BoundColumn::Number { values, more_digits: i64::from(*scale) - i64::from(scale_of(input)) }
        }
        Column::Text { codes, words: meant } => {
            BoundColumn::Text { codes, meaning: meant.iter().map(|word| words.code_of_any(word, others)).collect() }
        }
    }
}

fn full_name(input: &Input) -> String {
    input.relation.as_ref().map_or_else(|| input.name.clone(), |relation| format!("{relation}.{}", input.name))
}
