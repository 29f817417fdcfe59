//! What a law says of one household, as a simulation counts it.

use rules::{EvalError, Program, Role, Unit, columns::Outcome};
use rust_decimal::Decimal;

/// What a law says of one household.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    /// Entitled, to this amount; 0 where the law computes no amount.
    Due(Decimal),
    /// Not entitled, or to nothing.
    NotDue,
    /// Facts are missing.
    Unknown,
    /// The law cannot be computed for it: its case goes to an officer. Which rule or fact, and why.
    Officer(String),
}

impl Verdict {
    /// The amount, where the law could be computed.
    #[must_use]
    pub fn amount(&self) -> Option<Decimal> {
        match self {
            Self::Due(amount) => Some(*amount),
            Self::NotDue => Some(Decimal::ZERO),
            Self::Unknown | Self::Officer(_) => None,
        }
    }
}

/// What a law answers with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answer {
    /// Whether a rule says if the benefit is due.
    entitlement: bool,
    /// In what the amount is measured; `None` if the law computes none.
    pub amount: Option<Unit>,
}

impl Answer {
    /// What the law of a program answers with.
    #[must_use]
    pub fn of(program: &Program) -> Self {
        let rule = |role| program.rules().iter().find(|rule| rule.role == Some(role));
        Self { entitlement: rule(Role::Entitlement).is_some(), amount: rule(Role::Amount).map(|rule| rule.unit) }
    }

    /// The verdict in an outcome.
    #[must_use]
    pub fn verdict(self, outcome: Result<Outcome, EvalError>) -> Verdict {
        let (entitled, amount) = match outcome {
            Ok(outcome) => outcome,
            Err(fault) => return Verdict::Officer(named(&fault)),
        };
        let due = if self.entitlement { entitled } else { Some(true) };
        match (due, self.amount, amount) {
            (Some(false), ..) => Verdict::NotDue,
            (None, ..) | (Some(true), Some(_), None) => Verdict::Unknown,
            (Some(true), None, _) => Verdict::Due(Decimal::ZERO),
            (Some(true), Some(_), Some(amount)) if amount.is_zero() => Verdict::NotDue,
            (Some(true), Some(_), Some(amount)) => Verdict::Due(amount),
        }
    }
}

/// The fault by rule or fact, without whose it is: so that equal faults are counted together.
fn named(fault: &EvalError) -> String {
    match fault {
        EvalError::Fact(fact) => format!("dato «{}» non ammesso", fact.name),
        EvalError::Rule(rule) => format!("regola «{}»: {}", rule.rule, rule.fault),
    }
}
