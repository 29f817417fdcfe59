//! One household at a time, with the meaning of the other evaluator and without its reasons.

use crate::{
    Expr, Facts, Moment, Program, Value,
    evaluation::{FactError, Frame, RuleFault, Run},
    language::Reference,
    validity::in_force,
};

/// The values of each output for each of its entities.
pub(super) type Cells = Vec<Vec<Result<Value, RuleFault>>>;

/// A law at a moment, and the rules that the outputs need.
#[derive(Debug)]
pub(super) struct Exact<'p> {
    pub program: &'p Program,
    pub moment: Moment,
    /// In evaluation order.
    pub rules: Vec<usize>,
}

impl<'p> Exact<'p> {
    pub fn new(program: &'p Program, moment: Moment, outputs: &[usize]) -> Self {
        let mut exact = Self { program, moment, rules: Vec::new() };
        let mut reached = vec![false; program.rules.len()];
        let mut open = outputs.to_vec();
        while let Some(slot) = open.pop() {
            if std::mem::replace(&mut reached[slot], true) {
                continue;
            }
            if let Some(expr) = exact.text(slot) {
                expr.references(&mut |reference| {
                    if let Reference::Rule(used) = reference {
                        open.push(used);
                    }
                });
            }
        }
        exact.rules = program.order.iter().copied().filter(|slot| reached[*slot]).collect();
        exact
    }

    /// The text of a rule that governs.
    pub fn text(&self, slot: usize) -> Option<&'p Expr> {
        let versions = &self.program.rules[slot].versions;
        let place = in_force(versions.iter().map(|version| version.validity), self.moment)?;
        Some(&versions[place].expr)
    }

    /// The values of the outputs for one household.
    pub fn cells(&self, facts: &Facts, outputs: &[usize]) -> Result<Cells, FactError> {
        let frame = Frame::load(self.program, facts, true)?;
        let mut run = Run::new(self.program, &frame, self.moment);
        run.compute(&self.rules);
        let entities = |slot: usize| 0..frame.count(self.program.rules[slot].owner);
        Ok(outputs.iter().map(|slot| entities(*slot).map(|member| run.outcome_of(*slot, member)).collect()).collect())
    }
}
