use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
};

use rust_decimal::Decimal;

use crate::{
    Value,
    evaluation::{EvalError, FactError},
};

use super::{
    batch::Batch,
    bind::Bound,
    column::{Column, NO_DAY, NO_NUMBER, NO_TEXT, UNKNOWN, YES},
    exact::Cells,
    graph::{Id, Lane},
    machine::{Block, cells},
    plan::{Plan, Source, SourceValue},
    registers::Registers,
    value::Kind,
    words::Words,
};

/// The values of one rule, by household or by member. Households apart hold NULL here.
#[derive(Debug, Clone, PartialEq)]
pub enum Values {
    /// Like a column of a batch.
    Column(Column<'static>),
    /// Numbers without a fixed scale; `None` is NULL.
    Decimals(Vec<Option<Decimal>>),
    /// The same everywhere.
    Same(Value),
}

impl Values {
    /// The value of a row.
    #[must_use]
    pub fn value(&self, row: usize) -> Value {
        match self {
            Self::Column(column) => column.value(row),
            Self::Decimals(values) => values.get(row).copied().flatten().map_or(Value::Null, Value::Dec),
            Self::Same(value) => value.clone(),
        }
    }

    fn forget(&mut self, row: usize) {
        match self {
            Self::Column(Column::Truth(values)) => values.to_mut()[row] = UNKNOWN,
            Self::Column(Column::Day(values)) => values.to_mut()[row] = NO_DAY,
            Self::Column(Column::Number { values, .. }) => values.to_mut()[row] = NO_NUMBER,
            Self::Column(Column::Text { codes, .. }) => codes.to_mut()[row] = NO_TEXT,
            Self::Decimals(values) => values[row] = None,
            Self::Same(_) => {}
        }
    }
}

/// What a plan computed for a batch.
#[derive(Debug, Clone)]
pub struct Outcomes {
    households: usize,
    /// Places among the outputs.
    entitlement: Option<usize>,
    amount: Option<usize>,
    outputs: Vec<Values>,
    /// By output: where the members of each household begin; empty for rules of the household.
    offsets: Vec<Vec<u32>>,
    apart: BTreeMap<usize, Result<Cells, FactError>>,
}

/// Entitlement and amount, as [`crate::Decision`] has them.
pub type Outcome = (Option<bool>, Option<Decimal>);

impl Outcomes {
    /// How many households.
    #[must_use]
    pub fn len(&self) -> usize {
        self.households
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.households == 0
    }

    /// Entitlement and amount of a household.
    ///
    /// # Errors
    /// As [`crate::Program::decide`]: its case goes to an officer.
    pub fn decision(&self, household: usize) -> Result<Outcome, EvalError> {
        let value = |output: Option<usize>| output.map_or(Ok(Value::Null), |output| self.value(output, household));
        let entitled = value(self.entitlement)?.as_bool();
        Ok((entitled, value(self.amount)?.as_decimal()))
    }

    /// The value of a rule of the household, by its place among [`Plan::outputs`].
    ///
    /// # Errors
    /// If it has none, or a fact is not what the law says.
    pub fn value(&self, output: usize, household: usize) -> Result<Value, EvalError> {
        self.member_value(output, household, 0)
    }

    /// The value of a member's rule, by its place among [`Plan::outputs`] and by the member's place in the household;
    /// NULL for a member who is not there.
    ///
    /// # Errors
    /// If it has none, or a fact is not what the law says.
    pub fn member_value(&self, output: usize, household: usize, member: usize) -> Result<Value, EvalError> {
        match self.apart.get(&household) {
            Some(Err(refused)) => Err(refused.clone().into()),
            Some(Ok(cells)) => Ok(cells[output].get(member).cloned().unwrap_or(Ok(Value::Null))?),
            None => {
                let row = self.offsets[output].get(household).map_or(household, |start| *start as usize + member);
                Ok(self.outputs[output].value(row))
            }
        }
    }

    /// The values of a rule, by its place among [`Plan::outputs`]: one for each household, or for each member in the
    /// order of the batch.
    #[must_use]
    pub fn values(&self, output: usize) -> &Values {
        &self.outputs[output]
    }

    /// Households that were computed by themselves, because of a fault or of a value beyond the columns. Their values
    /// are told by [`Outcomes::value`] only.
    pub fn apart(&self) -> impl Iterator<Item = usize> {
        self.apart.keys().copied()
    }
}

/// Outcomes under construction.
#[derive(Debug)]
pub(super) struct Gathering<'w> {
    words: &'w Words,
    outputs: Vec<Values>,
    offsets: Vec<Vec<u32>>,
}

impl<'w> Gathering<'w> {
    pub fn new(plan: &'w Plan<'_>, bound: &Bound<'_>) -> Self {
        let offsets = plan.outputs.iter().map(|slot| {
            let owner = plan.exact.program.rules[*slot].owner;
            owner.map_or_else(Vec::new, |relation| bound.offsets[relation].to_vec())
        });
        let offsets: Vec<Vec<u32>> = offsets.collect();
        let rows = |output: usize| offsets[output].last().map_or(bound.households, |end| *end as usize);
        let outputs = match &plan.kernel {
            Err(_) => plan.outputs.iter().map(|_| Values::Same(Value::Null)).collect(),
            Ok(kernel) => {
                let sources = kernel.outputs.iter().enumerate();
                sources.map(|(output, source)| empty(source, rows(output), || plan.words.with(&bound.others))).collect()
            }
        };
        Self { words: &plan.words, outputs, offsets }
    }

    /// Copies the outputs of a block.
    pub fn gather(&mut self, registers: &Registers, block: &Block<'_>) {
        for (values, source) in self.outputs.iter_mut().zip(&block.kernel.outputs) {
            let SourceValue::Column { data, null, .. } = &source.value else { continue };
            let n = block.rows(source.level).len();
            let null = null.map(|null| cells::<u8>(registers, block, null, n));
            match values {
                Values::Column(Column::Truth(out)) => out.to_mut().extend_from_slice(cells(registers, block, *data, n)),
                Values::Column(Column::Day(out)) => {
                    let days = cells::<i32>(registers, block, *data, n).iter().copied();
                    out.to_mut().extend(with_null(days, null, NO_DAY));
                }
                Values::Column(Column::Number { values, .. }) => {
                    numbers(values.to_mut(), registers, block, (*data, n), null)
                }
                Values::Column(Column::Text { codes, .. }) => {
                    let (words, others) = (self.words, &block.bound.others);
                    let places = cells::<i32>(registers, block, *data, n).iter().map(|code| words.place(*code, others));
                    codes.to_mut().extend(with_null(places, null, NO_TEXT));
                }
                Values::Decimals(out) => {
                    let numbers = cells::<Decimal>(registers, block, *data, n).iter().map(|number| Some(*number));
                    out.extend(with_null(numbers, null, None));
                }
                Values::Same(_) => {}
            }
        }
    }

    /// Computes the households apart.
    pub fn finish(mut self, plan: &Plan<'_>, batch: &Batch<'_>, apart: &BTreeSet<usize>) -> Outcomes {
        let mut told = BTreeMap::new();
        for household in apart {
            for (values, offsets) in self.outputs.iter_mut().zip(&self.offsets) {
                let rows = match offsets.get(*household..=household + 1) {
                    Some([start, end]) => *start as usize..*end as usize,
                    _ => *household..household + 1,
                };
                rows.for_each(|row| values.forget(row));
            }
            let facts = batch.facts(plan.exact.program, *household);
            told.insert(*household, plan.exact.cells(&facts, &plan.outputs));
        }
        let place = |rule: Option<usize>| rule.and_then(|rule| plan.outputs.iter().position(|slot| *slot == rule));
        Outcomes {
            households: batch.len(),
            entitlement: place(plan.exact.program.entitlement),
            amount: place(plan.exact.program.amount),
            outputs: self.outputs,
            offsets: self.offsets,
            apart: told,
        }
    }
}

fn empty(source: &Source, rows: usize, words: impl Fn() -> Vec<String>) -> Values {
    match &source.value {
        SourceValue::Known(value) => Values::Same(value.clone()),
        SourceValue::Column { kind, .. } => match kind {
            Kind::Truth => Values::Column(Column::Truth(Cow::Owned(Vec::with_capacity(rows)))),
            Kind::Day => Values::Column(Column::Day(Cow::Owned(Vec::with_capacity(rows)))),
            Kind::Text { .. } => {
                Values::Column(Column::Text { codes: Cow::Owned(Vec::with_capacity(rows)), words: Cow::Owned(words()) })
            }
            Kind::Number(range) => {
                Values::Column(Column::Number { values: Cow::Owned(Vec::with_capacity(rows)), scale: range.scale })
            }
            Kind::Decimal => Values::Decimals(Vec::with_capacity(rows)),
        },
    }
}

fn numbers(out: &mut Vec<i64>, registers: &Registers, block: &Block<'_>, (data, n): (Id, usize), null: Option<&[u8]>) {
    if block.kernel.nodes[data.place()].lane == Lane::Int {
        let values = cells::<i32>(registers, block, data, n).iter().map(|value| i64::from(*value));
        out.extend(with_null(values, null, NO_NUMBER));
    } else {
        let values = cells::<i64>(registers, block, data, n).iter().copied();
        out.extend(with_null(values, null, NO_NUMBER));
    }
}

fn with_null<T: Copy>(values: impl Iterator<Item = T>, null: Option<&[u8]>, nothing: T) -> impl Iterator<Item = T> {
    values.enumerate().map(move |(row, value)| match null {
        Some(null) if null[row] == YES => nothing,
        _ => value,
    })
}
