//! What decides which side is computed, while a plan is made: columns compute every side, and count the faults only of
//! those that a household needs.

use crate::{Expr, Value, language::Comparison};

use super::{
    column::{NO, YES},
    graph::{Id, Level, Op},
    lower::Lowering,
    mistyped::Made,
    value::Val,
};

impl Lowering<'_> {
    /// What is made, and where it has no value.
    pub(super) fn apart<T>(&mut self, make: impl FnOnce(&mut Self) -> Made<T>) -> Made<(T, Option<Id>)> {
        let before = self.graph.fault.take();
        let made = make(self);
        let fault = std::mem::replace(&mut self.graph.fault, before);
        Ok((made?, fault))
    }

    /// What is made counts only where `needed`, which is never UNKNOWN, is YES.
    pub(super) fn only_where<T>(&mut self, needed: Id, make: impl FnOnce(&mut Self) -> Made<T>) -> Made<T> {
        let (made, fault) = self.apart(make)?;
        if let Some(fault) = fault {
            let fault = self.graph.and(needed, fault);
            self.graph.fails(fault);
        }
        Ok(made)
    }

    /// What is made of each member counts for the household.
    pub(super) fn of_members<T>(&mut self, relation: usize, make: impl FnOnce(&mut Self) -> Made<T>) -> Made<T> {
        let (made, fault) = self.apart(make)?;
        if let Some(fault) = fault {
            let somebody = self.somebody(relation, fault);
            self.graph.fails(somebody);
        }
        Ok(made)
    }

    /// Whether it is YES for a member of the household.
    pub(super) fn somebody(&mut self, relation: usize, truth: Id) -> Id {
        let count = if self.graph.known_truth(truth) == Some(YES) {
            Op::Members(relation)
        } else {
            Op::Count { include: self.graph.at(truth, Level::Members(relation)), relation }
        };
        let count = self.graph.add(count, super::graph::Lane::Int, Level::Household);
        self.graph.unary(super::graph::Lane::Truth, count, |count| Op::CompareConst(Comparison::Greater, count, 0))
    }

    /// AND (`decisive` NO) and OR (`decisive` YES): the right side counts where the left one does not decide.
    pub(super) fn logical(&mut self, left: &Expr, right: &Expr, decisive: u8) -> Made<Val> {
        let left = self.truth(left)?;
        if self.graph.known_truth(left) == Some(decisive) {
            return Ok(self.graph.truth_value(left));
        }
        let decides = if decisive == NO { self.graph.not(left) } else { left };
        let decides = self.graph.is_true(decides);
        let open = self.graph.not(decides);
        let right = self.only_where(open, |lowering| lowering.truth(right))?;
        let both = if decisive == NO { self.graph.and(left, right) } else { self.graph.or(left, right) };
        Ok(self.graph.truth_value(both))
    }

    pub(super) fn in_list(&mut self, operand: &Expr, list: &[Expr]) -> Made<Val> {
        let operand = self.value(operand)?;
        let mut found = self.graph.truth(NO);
        for item in list {
            let sure = self.graph.is_true(found);
            let open = self.graph.not(sure);
            let same = self.only_where(open, |lowering| {
                let item = lowering.value(item)?;
                lowering.compare(Comparison::Equal, &operand, &item)
            })?;
            let same = self.graph.truth_of(&same)?;
            found = self.graph.or(found, same);
        }
        Ok(self.graph.truth_value(found))
    }

    pub(super) fn case(&mut self, branches: &[(Expr, Expr)], otherwise: Option<&Expr>) -> Made<Val> {
        let mut taken = Vec::new();
        // Where no branch is taken yet.
        let mut open = self.graph.truth(YES);
        for (when, then) in branches {
            let condition = self.only_where(open, |lowering| lowering.truth(when))?;
            let condition = self.graph.is_true(condition);
            let here = self.graph.and(open, condition);
            if self.graph.known_truth(condition) != Some(NO) {
                taken.push((condition, self.only_where(here, |lowering| lowering.value(then))?));
            }
            let not = self.graph.not(condition);
            open = self.graph.and(open, not);
            if self.graph.known_truth(open) == Some(NO) {
                break;
            }
        }
        let mut result = match otherwise.filter(|_| self.graph.known_truth(open) != Some(NO)) {
            Some(otherwise) => self.only_where(open, |lowering| lowering.value(otherwise))?,
            None => Val::Known(Value::Null),
        };
        for (condition, then) in taken.into_iter().rev() {
            result = self.choose(condition, &then, &result)?;
        }
        Ok(result)
    }

    pub(super) fn coalesce(&mut self, arguments: &[Expr]) -> Made<Val> {
        let mut values = Vec::new();
        // Where all those before are NULL.
        let mut open = self.graph.truth(YES);
        for argument in arguments {
            let value = self.only_where(open, |lowering| lowering.value(argument))?;
            let null = self.graph.null_of(&value).unwrap_or_else(|| self.graph.truth(NO));
            values.push((null, value));
            open = self.graph.and(open, null);
            if self.graph.known_truth(open) == Some(NO) {
                break;
            }
        }
        let mut result = Val::Known(Value::Null);
        for (null, value) in values.into_iter().rev() {
            let there = self.graph.not(null);
            result = match self.graph.known_truth(there) {
                Some(YES) => value,
                Some(_) => result,
                None => self.choose(there, &value, &result)?,
            };
        }
        Ok(result)
    }
}
