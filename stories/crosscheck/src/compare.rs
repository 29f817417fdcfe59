use std::fmt;

use rules::{Decimal, Decision, Step, Value};

/// What a database said: rows of text, one for each entity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Names of the rules, in the order of the columns after the keys.
    pub rules: Vec<String>,
    /// Whether a row is a member, with its position.
    pub members: bool,
    /// Household, position if a member, then values; empty: NULL.
    pub rows: Vec<Vec<String>>,
}

/// A value on which a database and this house disagree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Number of the household.
    pub household: usize,
    /// Position of the member, if it is a member's.
    pub member: Option<usize>,
    /// Name of the rule.
    pub rule: String,
    /// What the engine says.
    pub ours: String,
    /// What the database says.
    pub theirs: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { household, member, rule, ours, theirs } = self;
        write!(f, "household {household}, member {member:?}, rule {rule}: ours {ours}, theirs «{theirs}»")
    }
}

/// Far less than a cent, far more than the digits that a database may drop from a long quotient.
const NOTHING: Decimal = Decimal::from_parts(1, 0, 0, false, 7);

/// Where answers differ from the decisions on the same households. A household without a decision (a named fault) and
/// a rule with a fault are left out: databases have no such outcome.
#[must_use]
pub fn differences(decisions: &[Option<Decision>], answers: &[Answer]) -> Vec<Difference> {
    answers.iter().flat_map(|answer| answer.rows.iter().flat_map(|row| of_row(decisions, answer, row))).collect()
}

fn of_row(decisions: &[Option<Decision>], answer: &Answer, row: &[String]) -> Vec<Difference> {
    let keys = 1 + usize::from(answer.members);
    let number = |place: usize| row.get(place).and_then(|text| text.parse::<usize>().ok());
    let Some(household) = number(0) else { return Vec::new() };
    let member = if answer.members { number(1) } else { None };
    let Some(Some(decision)) = decisions.get(household) else { return Vec::new() };
    let differs = |(rule, theirs): (&String, &String)| {
        let step = step(decision, rule, member)?;
        if step.fault.is_some() || same(&step.value, theirs) {
            return None;
        }
        let (rule, ours, theirs) = (rule.clone(), step.value.to_string(), theirs.clone());
        Some(Difference { household, member, rule, ours, theirs })
    };
    answer.rules.iter().zip(&row[keys..]).filter_map(differs).collect()
}

fn step<'d>(decision: &'d Decision, rule: &str, member: Option<usize>) -> Option<&'d Step> {
    decision.trace.iter().find(|step| step.rule == rule && step.member.as_ref().map(|one| one.index) == member)
}

fn same(ours: &Value, theirs: &str) -> bool {
    match ours {
        Value::Null => theirs.is_empty(),
        Value::Bool(truth) => theirs == if *truth { "t" } else { "f" } || theirs == truth.to_string(),
        Value::Int(_) | Value::Dec(_) => {
            let theirs = theirs.parse::<Decimal>().or_else(|_| Decimal::from_scientific(theirs));
            ours.as_decimal().zip(theirs.ok()).is_some_and(|(ours, theirs)| (ours - theirs).abs() <= NOTHING)
        }
        Value::Date(day) => theirs == day.to_string(),
        Value::Text(text) => theirs == text,
    }
}
