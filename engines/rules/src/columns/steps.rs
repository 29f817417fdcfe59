//! Each operation on a block: the operands' lanes, and the loop over them.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use crate::language::Comparison;

use super::{
    bind::BoundColumn,
    calendar::{self, Age},
    column::{NO_NUMBER, NO_TEXT},
    graph::{Id, Lane, Level, Node, Op},
    kernels, kernels_checked as checked, kernels_places as places,
    machine::{Block, Machine, cells},
    plan::Kernel,
    registers::Cell,
};

impl Machine {
    pub(super) fn truths(&mut self, block: &Block<'_>, node: Node, out: &mut [u8]) {
        if self.common(block, node, out) {
            return;
        }
        let (r, n) = (&self.registers, out.len());
        let get = |id: Id| cells::<u8>(r, block, id, n);
        match node.op {
            Op::Failed(_) => kernels::failed(out, &self.failures),
            Op::InputNull(place) => input_null(block, place, node.level, out),
            Op::And(a, b) => kernels::zip(out, get(a), get(b), u8::min),
            Op::Or(a, b) => kernels::zip(out, get(a), get(b), u8::max),
            Op::Not(a) => kernels::not(out, get(a)),
            Op::IsTrue(a) => kernels::is_true(out, get(a)),
            Op::IsUnknown(a) => kernels::is_unknown(out, get(a)),
            Op::UnknownIf(a, null) => kernels::unknown_if(out, get(a), get(null)),
            Op::Compare(comparison, a, b) => match block.kernel.nodes[a.place()].lane {
                Lane::Truth => self.compare::<u8>(block, comparison, (a, b), out),
                Lane::Int => self.compare::<i32>(block, comparison, (a, b), out),
                Lane::Long => self.compare::<i64>(block, comparison, (a, b), out),
                Lane::Decimal => self.compare::<Decimal>(block, comparison, (a, b), out),
            },
            Op::CompareConst(comparison, a, bound) => match block.kernel.nodes[a.place()].lane {
                Lane::Truth => kernels::compare_const(comparison, out, get(a), u8::try_from(bound).unwrap_or(0)),
                Lane::Int => {
                    let bound = i32::try_from(bound).unwrap_or(0);
                    kernels::compare_const(comparison, out, cells::<i32>(r, block, a, n), bound);
                }
                Lane::Long | Lane::Decimal => {
                    kernels::compare_const(comparison, out, cells::<i64>(r, block, a, n), bound);
                }
            },
            _ => {}
        }
    }

    fn compare<T: Cell>(&self, block: &Block<'_>, comparison: Comparison, (a, b): (Id, Id), out: &mut [u8]) {
        let (r, n) = (&self.registers, out.len());
        kernels::compare(comparison, out, cells::<T>(r, block, a, n), cells::<T>(r, block, b, n));
    }

    pub(super) fn ints(&mut self, block: &Block<'_>, node: Node, out: &mut [i32]) {
        if self.common(block, node, out) {
            return;
        }
        let (r, n) = (&self.registers, out.len());
        let get = |id: Id| cells::<i32>(r, block, id, n);
        let tables = &block.kernel.tables;
        match node.op {
            Op::Text(place) => texts(block, place, node.level, out),
            Op::Least(a, b) => kernels::zip(out, get(a), get(b), i32::min),
            Op::Greatest(a, b) => kernels::zip(out, get(a), get(b), i32::max),
            Op::Add { left, right, .. } => kernels::zip(out, get(left), get(right), i32::wrapping_add),
            Op::Subtract { left, right, .. } => kernels::zip(out, get(left), get(right), i32::wrapping_sub),
            Op::Multiply { left, right, .. } => kernels::zip(out, get(left), get(right), i32::wrapping_mul),
            Op::Times { value, factor, .. } => {
                // The product fits, so the factor does, unless the other is zero everywhere.
                let factor = i32::try_from(factor).unwrap_or(0);
                kernels::map(out, get(value), |value| value.wrapping_mul(factor));
            }
            Op::Abs(a) => kernels::map(out, get(a), i32::wrapping_abs),
            Op::Shrink { value, digits, rounding } => kernels::shrink_ints(out, get(value), digits, rounding),
            Op::Bracket { table, key } => tables[table].find(cells(r, block, key, n), out),
            Op::BracketDecimal { table, key } => tables[table].find_decimals(cells(r, block, key, n), out),
            Op::Pick { amounts, bracket } => kernels::pick(out, get(bracket), &block.kernel.amounts[amounts].ints),
            Op::Age(age, born) => {
                let ages = block.kernel.ages(age);
                kernels::map(out, get(born), |born| ages.of(born));
            }
            Op::Elapsed(age, born, on) => kernels::zip(out, get(born), get(on), |born, on| age.elapsed(born, on)),
            Op::FirstOfMonth(day) => kernels::map(out, get(day), calendar::first_of_month),
            Op::Later { months, day, count } => {
                let (days, counts) = (cells::<i32>(r, block, day, n), cells::<i64>(r, block, count, n));
                let later = |day, count| calendar::later(months, day, count);
                checked::zip(out, days, counts, later, &mut self.failures);
            }
            Op::Group { .. } | Op::Order { .. } | Op::Place { .. } => self.places(block, node, out),
            Op::Members(relation) => kernels::sizes(out, block.offsets(relation)),
            Op::Count { .. } | Op::Sum { .. } => self.int_sums(block, node, out),
            _ => {}
        }
    }

    fn places(&self, block: &Block<'_>, node: Node, out: &mut [i32]) {
        let (r, n) = (&self.registers, out.len());
        let get = |id: Id| cells::<i32>(r, block, id, n);
        let Level::Members(relation) = node.level else { return };
        let offsets = block.offsets(relation);
        match node.op {
            Op::Group { before, key } => match block.kernel.nodes[key.place()].lane {
                Lane::Truth => places::group(out, (get(before), cells::<u8>(r, block, key, n)), offsets),
                Lane::Int => places::group(out, (get(before), get(key)), offsets),
                Lane::Long => places::group(out, (get(before), cells::<i64>(r, block, key, n)), offsets),
                Lane::Decimal => places::group(out, (get(before), cells::<Decimal>(r, block, key, n)), offsets),
            },
            Op::Order { before, key, falling } => match block.kernel.nodes[key.place()].lane {
                Lane::Truth => places::order(out, (get(before), cells::<u8>(r, block, key, n)), falling, offsets),
                Lane::Int => places::order(out, (get(before), get(key)), falling, offsets),
                Lane::Long => places::order(out, (get(before), cells::<i64>(r, block, key, n)), falling, offsets),
                Lane::Decimal => {
                    places::order(out, (get(before), cells::<Decimal>(r, block, key, n)), falling, offsets)
                }
            },
            Op::Place { group, order, ties } => places::place(out, (get(group), get(order)), ties, offsets),
            _ => {}
        }
    }

    fn int_sums(&mut self, block: &Block<'_>, node: Node, out: &mut [i32]) {
        let (r, running) = (&self.registers, &mut self.running_ints);
        let members = |relation: usize| block.members[relation].len();
        match node.op {
            Op::Count { include, relation } => {
                let include = cells::<u8>(r, block, include, members(relation));
                kernels::sums(out, include, block.offsets(relation), running, kernels::COUNTED);
            }
            Op::Sum { value, relation, .. } => {
                let values = cells::<i32>(r, block, value, members(relation));
                kernels::sums(out, values, block.offsets(relation), running, kernels::ADDED);
            }
            _ => {}
        }
    }

    pub(super) fn longs(&mut self, block: &Block<'_>, node: Node, out: &mut [i64]) {
        if self.common(block, node, out) || self.checked_longs(block, node, out) {
            return;
        }
        let (r, n) = (&self.registers, out.len());
        let get = |id: Id| cells::<i64>(r, block, id, n);
        match node.op {
            Op::Least(a, b) => kernels::zip(out, get(a), get(b), i64::min),
            Op::Greatest(a, b) => kernels::zip(out, get(a), get(b), i64::max),
            Op::Add { left, right, .. } => kernels::zip(out, get(left), get(right), i64::wrapping_add),
            Op::Subtract { left, right, .. } => kernels::zip(out, get(left), get(right), i64::wrapping_sub),
            Op::Multiply { left, right, .. } => kernels::zip(out, get(left), get(right), i64::wrapping_mul),
            Op::Times { value, factor, .. } => kernels::map(out, get(value), |value| value.wrapping_mul(factor)),
            Op::Widen(a) => kernels::map(out, cells::<i32>(r, block, a, n), i64::from),
            Op::Abs(a) => kernels::map(out, get(a), i64::wrapping_abs),
            Op::Shrink { value, digits, rounding } => kernels::shrink_longs(out, get(value), digits, rounding),
            Op::Pick { amounts, bracket } => {
                kernels::pick(out, cells(r, block, bracket, n), &block.kernel.amounts[amounts].longs);
            }
            Op::Sum { value, relation, .. } => {
                let values = cells::<i64>(r, block, value, block.members[relation].len());
                kernels::sums(out, values, block.offsets(relation), &mut self.running_longs, kernels::ADDED_LONGS);
            }
            _ => {}
        }
    }

    /// What may have no result; `false` if the operation is not among it.
    fn checked_longs(&mut self, block: &Block<'_>, node: Node, out: &mut [i64]) -> bool {
        let (r, n, failed, failures) = (&self.registers, out.len(), &mut self.failed, &mut self.failures);
        let get = |id: Id| cells::<i64>(r, block, id, n);
        match node.op {
            Op::Number(place) => {
                let fail = |lane: usize| fail(failed, block, node.level, lane);
                checked::numbers(&block.bound.columns[place], block.rows(node.level), out, fail);
            }
            Op::Add { left, right, checked: true } => {
                checked::zip(out, get(left), get(right), i64::checked_add, failures);
            }
            Op::Subtract { left, right, checked: true } => {
                checked::zip(out, get(left), get(right), i64::checked_sub, failures);
            }
            Op::Multiply { left, right, checked: true } => {
                checked::zip(out, get(left), get(right), i64::checked_mul, failures);
            }
            Op::Times { value, factor, checked: true } => {
                checked::map(out, get(value), |value| value.checked_mul(factor), failures);
            }
            Op::FromDecimal { value, scale } => {
                let values = cells::<Decimal>(r, block, value, n);
                checked::map(out, values, |number| checked::integer(number, scale), failures);
            }
            Op::Quotient { left, right, powers, rounding } => {
                let quotient = |left, right| checked::quotient(left, right, powers, rounding);
                checked::zip(out, get(left), get(right), quotient, failures);
            }
            Op::Sum { value, relation, checked: true } => {
                let values = cells::<i64>(r, block, value, block.members[relation].len());
                checked::sums(out, values, block.offsets(relation), failures);
            }
            _ => return false,
        }
        true
    }

    pub(super) fn decimals(&mut self, block: &Block<'_>, node: Node, out: &mut [Decimal]) {
        if self.common(block, node, out) {
            return;
        }
        let (r, n, failures) = (&self.registers, out.len(), &mut self.failures);
        let get = |id: Id| cells::<Decimal>(r, block, id, n);
        match node.op {
            Op::ToDecimal { value, scale } => {
                kernels::map(out, cells::<i64>(r, block, value, n), |value| Decimal::new(value, scale));
            }
            Op::Pick { amounts, bracket } => {
                kernels::pick(out, cells(r, block, bracket, n), &block.kernel.amounts[amounts].decimals);
            }
            Op::Abs(a) => kernels::map(out, get(a), |number| number.abs()),
            Op::Round { value, digits, rounding } => {
                kernels::map(out, get(value), |number| kernels::round_decimal(number, digits, rounding));
            }
            Op::Ratio(a, b) => {
                kernels::zip(out, get(a), get(b), |a, b| a.checked_div(b).unwrap_or_default());
            }
            Op::Decimal { operation, left, right, skip } => {
                let skip = skip.map(|skip| cells::<u8>(r, block, skip, n));
                checked::decimals(out, operation, (get(left), get(right)), skip, failures);
            }
            Op::SumDecimal { value, include, relation } => {
                let members = block.members[relation].len();
                let (values, include) = (cells::<Decimal>(r, block, value, members), cells(r, block, include, members));
                checked::decimal_sums(out, (values, include), block.offsets(relation), failures);
            }
            _ => {}
        }
    }
}

impl Kernel {
    fn ages(&self, age: Age) -> &super::calendar::Ages {
        match age {
            Age::Years => &self.years,
            Age::Months => &self.months,
        }
    }
}

/// Sets apart the household of a lane.
#[cold]
fn fail(failed: &mut BTreeSet<usize>, block: &Block<'_>, level: Level, lane: usize) {
    let row = block.rows(level).start + lane;
    failed.insert(match level {
        Level::Household => row,
        Level::Members(relation) => block.bound.household_of(relation, row),
    });
}

fn input_null(block: &Block<'_>, place: usize, level: Level, out: &mut [u8]) {
    let rows = block.rows(level);
    match &block.bound.columns[place] {
        BoundColumn::Number { values, .. } => {
            kernels::map(out, &values[rows], |value| kernels::byte(value == NO_NUMBER));
        }
        BoundColumn::Text { codes, .. } => kernels::map(out, &codes[rows], |code| kernels::byte(code == NO_TEXT)),
        BoundColumn::Truth(_) | BoundColumn::Day(_) => {}
    }
}

fn texts(block: &Block<'_>, place: usize, level: Level, out: &mut [i32]) {
    if let BoundColumn::Text { codes, meaning } = &block.bound.columns[place] {
        let codes = &codes[block.rows(level)];
        kernels::map(out, codes, |code| meaning.get(code as usize).copied().unwrap_or(0));
    }
}
