//! What the columnar evaluator asks of this one: what governs at a moment, the value of a constant, and the rows that
//! do not fit its columns.

use crate::{RuleVersion, Value, program::TableVersion};

use super::{RuleFault, Run};

impl<'a> Run<'a> {
    /// The text of a rule that governs.
    pub fn governing(&self, rule: usize) -> Option<&'a RuleVersion> {
        self.versions[rule]
    }

    /// The brackets that govern.
    pub fn brackets(&self, table: usize) -> Option<&'a TableVersion> {
        self.tables[table]
    }

    /// The value of a computed rule for one entity, or why it has none.
    pub fn outcome_of(&self, rule: usize, member: usize) -> Result<Value, RuleFault> {
        self.value(rule, member).clone().map_err(|origin| self.explain(origin))
    }
}
