//! A case's past months, as the law was known then and as it is known now.

use base::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::{
    EvalError, Facts, Moment, Program, RuleFault, Validity, Value,
    evaluation::{Frame, Run},
    validity::in_force,
};

use super::Subject;

/// What one month gave as it was known then and as it is known now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MonthDifference {
    /// The day whose law was applied.
    pub on: Date,
    /// What was decided with the texts known then.
    pub then: MonthOutcome,
    /// What is decided with the texts known now.
    pub now: MonthOutcome,
    /// Amount now less amount then, in the unit of the amount: arrears above zero, a debt below. An amount that could
    /// not be said then counts as nothing paid; `None` if it cannot be said now.
    pub difference: Option<Decimal>,
    /// The changes that made the difference, the most effective first; empty if nothing differs.
    pub causes: Vec<Cause>,
}

impl MonthDifference {
    /// Whether entitlement or amount is another.
    #[must_use]
    pub fn differs(&self) -> bool {
        self.then != self.now
    }
}

/// Entitlement and amount, or why there are none.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MonthOutcome {
    /// Whether the benefit is due.
    pub entitled: Option<bool>,
    /// How much.
    pub amount: Option<Decimal>,
    /// Why nothing could be computed: for example, nothing was published yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fault: Option<RuleFault>,
}

/// A text that was published, or corrected, between the two days of knowledge.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Cause {
    /// What was changed.
    pub subject: Subject,
    /// Its name.
    pub name: String,
    /// Its title.
    pub label: String,
    /// Where the new text was published: the source of a parameter, the paragraph of a rule.
    pub source: String,
    /// First day that the new text governs.
    pub from: Date,
    /// Day of its publication.
    pub known_from: Date,
    /// Of a parameter: its value then, and now.
    pub values: Option<(Value, Value)>,
    /// By how much the amount differs because of this change alone, all others being as they are now; `None` if it
    /// cannot be said.
    pub effect: Option<Decimal>,
}

/// Decides each of `months` (any day of each: its law applies, and ages are counted on it) with what was known on two days.
///
/// # Errors
/// [`EvalError::Fact`] if a fact does not hold what the law says. A month that cannot be computed is not an error: its
/// outcome says why.
pub fn compare(
    program: &Program,
    facts: &Facts,
    months: &[Date],
    known_then: Date,
    known_now: Date,
) -> Result<Vec<MonthDifference>, EvalError> {
    let frame = Frame::load(program, facts, true)?;
    let month = |on: &Date| {
        let run = |known| Run::new(program, &frame, Moment { on: *on, known }).computed();
        Pair { then: run(known_then), now: run(known_now) }.difference(*on)
    };
    Ok(months.iter().map(month).collect())
}

/// The same month twice.
struct Pair<'a> {
    then: Run<'a>,
    now: Run<'a>,
}

impl Pair<'_> {
    fn difference(&self, on: Date) -> MonthDifference {
        let (then, now) = (outcome(&self.then), outcome(&self.now));
        let difference = now.amount.and_then(|now| now.checked_sub(then.amount.unwrap_or_default()));
        let mut causes = if then == now { Vec::new() } else { self.causes(&now) };
        causes.sort_by_key(|cause| std::cmp::Reverse(cause.effect.unwrap_or_default().abs()));
        MonthDifference { on, then, now, difference, causes }
    }

    /// Every text in force now that was not then, if taking it back changes the outcome. Should no single one do so,
    /// all of them: only together did they make the difference.
    fn causes(&self, now: &MonthOutcome) -> Vec<Cause> {
        let changed: Vec<(Cause, bool)> = self
            .rules()
            .chain(self.parameters())
            .chain(self.tables())
            .map(|(cause, without)| self.judged(cause, &without, now))
            .collect();
        let any = changed.iter().any(|(_, matters)| *matters);
        changed.into_iter().filter(|(_, matters)| *matters || !any).map(|(cause, _)| cause).collect()
    }

    fn judged(&self, cause: Cause, without: &Run<'_>, now: &MonthOutcome) -> (Cause, bool) {
        let other = outcome(without);
        let effect = now.amount.zip(other.amount).and_then(|(now, other)| now.checked_sub(other));
        (Cause { effect, ..cause }, other != *now)
    }

    fn rules(&self) -> impl Iterator<Item = (Cause, Run<'_>)> {
        let slots = 0..self.now.program.rules.len();
        slots.filter_map(|slot| {
            let (was, is) = (self.then.versions[slot], self.now.versions[slot]?);
            if was.is_some_and(|was| was.validity == is.validity) {
                return None;
            }
            let mut without = self.now.clone();
            without.versions[slot] = was;
            let name = &self.now.program.rules[slot].name;
            let cause = cause(Subject::Rule, name, &is.title, &is.paragraph, is.validity);
            Some((cause, without.computed()))
        })
    }

    fn parameters(&self) -> impl Iterator<Item = (Cause, Run<'_>)> {
        let slots = 0..self.now.program.parameters.len();
        slots.filter_map(|slot| {
            let (was, is) = (self.then.parameters[slot], self.now.parameters[slot]?);
            if was.is_some_and(|was| was.validity == is.validity) {
                return None;
            }
            let mut without = self.now.clone();
            without.parameters[slot] = was;
            let name = &self.now.program.parameters[slot].name;
            let before = was.map_or(Value::Null, |was| was.value.clone());
            let cause = Cause {
                values: Some((before, is.value.clone())),
                ..cause(Subject::Parameter, name, &name.replace('_', " "), &is.source, is.validity)
            };
            Some((cause, without.computed()))
        })
    }

    fn tables(&self) -> impl Iterator<Item = (Cause, Run<'_>)> {
        let slots = 0..self.now.program.tables.len();
        slots.filter_map(|slot| {
            let (was, is) = (self.then.tables[slot], self.now.tables[slot]?);
            if was.is_some_and(|was| was.validity == is.validity) {
                return None;
            }
            let mut without = self.now.clone();
            without.tables[slot] = was;
            let name = &self.now.program.tables[slot].name;
            Some((
                cause(Subject::Table, name, &name.replace('_', " "), &format!("tabelle/{name}.csv"), is.validity),
                without.computed(),
            ))
        })
    }
}

fn cause(subject: Subject, name: &str, label: &str, source: &str, validity: Validity) -> Cause {
    Cause {
        subject,
        name: name.to_owned(),
        label: label.to_owned(),
        source: source.to_owned(),
        from: validity.from,
        known_from: validity.known_from,
        values: None,
        effect: None,
    }
}

fn outcome(run: &Run<'_>) -> MonthOutcome {
    match run.outcome() {
        Ok((entitled, amount)) => MonthOutcome { entitled, amount, fault: None },
        Err(origin) => MonthOutcome { entitled: None, amount: None, fault: Some(run.explain(origin)) },
    }
}

impl Program {
    /// The value of a parameter at a moment; `None` if there is no such parameter, or nothing was in force or known.
    #[must_use]
    pub fn parameter_at(&self, name: &str, moment: Moment) -> Option<&Value> {
        let rows = &self.parameters.iter().find(|parameter| parameter.name == name)?.rows;
        in_force(rows.iter().map(|row| row.validity), moment).map(|at| &rows[at].value)
    }
}
