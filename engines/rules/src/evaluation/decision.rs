use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::{InputType, Moment, Unit, Value};

/// What the law gives to one household, and why. It is stored in acts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Decision {
    /// The day whose law, and the day whose knowledge, were applied.
    pub moment: Moment,
    /// Whether the benefit is due; `None` if it cannot be said, or if the law states no entitlement.
    pub entitled: Option<bool>,
    /// How much, in the unit of the amount rule; `None` if it cannot be said.
    pub amount: Option<Decimal>,
    /// Requirements and amounts behind the outcome, in the order of the law.
    pub reasons: Vec<Reason>,
    /// What would change the outcome if it were otherwise: improvements first, the nearest first.
    pub near_misses: Vec<NearMiss>,
    /// Facts that were needed and are not there.
    pub missing: Vec<MissingFact>,
    /// What the outcome depends on and the sources leave uncertain, for officers, in the order of the law.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unverified: Vec<Unverified>,
    /// Every rule in force, once for each entity, in the order of the law.
    pub trace: Vec<Step>,
}

/// A point of the law that nobody has checked against an official source yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unverified {
    /// Name of the rule, parameter or table.
    pub name: String,
    /// Its title.
    pub label: String,
    /// The law: `art. 4 c. 1`; of a parameter or table, that of the first rule that uses it.
    pub paragraph: String,
    /// What is uncertain; of a parameter, its source.
    pub text: String,
}

/// One member of a relation of the household: `figli`, 0.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberRef {
    /// The relation.
    pub relation: String,
    /// Position in the facts, from 0.
    pub index: usize,
}

/// A value that a rule read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct UsedValue {
    /// Name of the input, rule or parameter.
    pub name: String,
    /// Its title for people.
    pub label: String,
    /// Whose it is, if a member's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member: Option<MemberRef>,
    /// The value.
    pub value: Value,
    /// Its unit.
    pub unit: Unit,
}

/// A requirement, or an amount that makes up the outcome.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reason {
    /// Name of the rule.
    pub rule: String,
    /// Its title.
    pub label: String,
    /// The law: `art. 4 c. 1`.
    pub paragraph: String,
    /// Whose it is, if a member's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member: Option<MemberRef>,
    /// Its value.
    pub value: Value,
    /// Its unit.
    pub unit: Unit,
    /// Whether it is a requirement; otherwise an amount.
    pub requirement: bool,
    /// A requirement: whether it is met. An amount: whether it is due (not zero). `None`: not known.
    pub satisfied: Option<bool>,
    /// Where not satisfied: the law's own words for it, or what stood against it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// What in the rule itself is not certain in the sources, for officers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unverified: Vec<String>,
    /// The values read, in reading order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values_used: Vec<UsedValue>,
}

/// A condition that would change the outcome if it were otherwise.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NearMiss {
    /// Name of the rule, or of the input that is not there.
    pub rule: String,
    /// Its title.
    pub label: String,
    /// The law behind it.
    pub paragraph: String,
    /// Whose it is, if a member's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member: Option<MemberRef>,
    /// What is compared, if the rule is one comparison; otherwise the rule's own value.
    pub now: Value,
    /// The nearest value that turns the rule, if it is one comparison: the threshold, or the smallest step beyond it
    /// where the threshold itself does not turn it. Otherwise the value supposed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub needed: Option<Value>,
    /// How far `now` is from `needed`, in the unit of the comparison (days for dates).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub distance: Option<Decimal>,
    /// Unit of `now`, `needed` and `distance`, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<Unit>,
    /// Whether the change would be in the person's favour.
    pub improves: bool,
    /// The outcome then.
    pub entitled_then: Option<bool>,
    /// The amount then.
    pub amount_then: Option<Decimal>,
}

/// A fact that was needed and is not there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MissingFact {
    /// Name of the input.
    pub name: String,
    /// Its title.
    pub label: String,
    /// Whose it is, if a member's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member: Option<MemberRef>,
    /// What it should hold.
    pub kind: InputType,
    /// Its unit.
    pub unit: Unit,
    /// Whether a decision needs it; an optional fact may be stated as not existing.
    pub required: bool,
}

/// One rule computed for one entity.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// Name of the rule.
    pub rule: String,
    /// Its title.
    pub label: String,
    /// The law behind it.
    pub paragraph: String,
    /// Whose it is, if a member's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member: Option<MemberRef>,
    /// The value; NULL if it failed.
    pub value: Value,
    /// Its unit.
    pub unit: Unit,
    /// Whether the outcome depends on it in this case.
    pub decisive: bool,
    /// Why it has no value, in a rule whose value nobody needed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fault: Option<Fault>,
    /// The values read, in reading order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values_used: Vec<UsedValue>,
}

/// Why no decision could be computed. Such a case goes to an officer; it never becomes a silent number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum EvalError {
    /// A fact does not hold what the law says it holds.
    #[error(transparent)]
    Fact(#[from] FactError),
    /// A rule cannot be computed on these facts.
    #[error(transparent)]
    Rule(#[from] RuleFault),
}

/// A fact of the wrong type, or outside its list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("il dato «{name}» non è ammesso: atteso {expected}")]
pub struct FactError {
    /// Name of the input.
    pub name: String,
    /// Whose it is, if a member's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member: Option<MemberRef>,
    /// What it should have been.
    pub expected: String,
}

/// A rule that cannot be computed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("la regola «{rule}» non è calcolabile: {fault}")]
pub struct RuleFault {
    /// Name of the rule; empty in a form condition.
    pub rule: String,
    /// Whose it is, if a member's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member: Option<MemberRef>,
    /// Why.
    pub fault: Fault,
}

/// Why an expression has no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum Fault {
    /// A number beyond 28 digits.
    #[error("numero troppo grande")]
    Overflow,
    /// Division by zero.
    #[error("divisione per zero")]
    DivisionByZero,
    /// A fraction where only a whole number makes sense, as in months to add.
    #[error("numero non intero")]
    Fraction,
    /// A value of another type than its name promised (form conditions only).
    #[error("valore di un altro tipo")]
    WrongType,
    /// Nothing governs on the day, or nothing was known yet.
    #[error("nessuna versione in vigore, o nota, alla data")]
    NotInForce,
}
