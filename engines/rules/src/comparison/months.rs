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

impl<'a> Pair<'a> {
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

    fn rules(&self) -> impl Iterator<Item = (Cause, Run<'a>)> {
        let taken_back = self.taken_back(
            (&self.then.versions, &self.now.versions),
            |run| &mut run.versions,
            |version| version.validity,
        );
        taken_back.map(|(slot, _, is, without)| {
            let name = &self.now.program.rules[slot].name;
            (cause(Subject::Rule, name, &is.title, &is.paragraph, is.validity), without)
        })
    }

    fn parameters(&self) -> impl Iterator<Item = (Cause, Run<'a>)> {
        let taken_back = self.taken_back(
            (&self.then.parameters, &self.now.parameters),
            |run| &mut run.parameters,
            |row| row.validity,
        );
        taken_back.map(|(slot, was, is, without)| {
            let name = &self.now.program.parameters[slot].name;
            let before = was.map_or(Value::Null, |was| was.value.clone());
            let cause = cause(Subject::Parameter, name, &name.replace('_', " "), &is.source, is.validity);
            (Cause { values: Some((before, is.value.clone())), ..cause }, without)
        })
    }

    fn tables(&self) -> impl Iterator<Item = (Cause, Run<'a>)> {
        let taken_back =
            self.taken_back((&self.then.tables, &self.now.tables), |run| &mut run.tables, |version| version.validity);
        taken_back.map(|(slot, _, is, without)| {
            let name = &self.now.program.tables[slot].name;
            let source = format!("tabelle/{name}.csv");
            (cause(Subject::Table, name, &name.replace('_', " "), &source, is.validity), without)
        })
    }

    /// For each text of a kind that governs now and did not then: its place, what governed then, it, and the evaluation in
    /// which what governed then is put back.
    fn taken_back<'s, T>(
        &'s self,
        (then, now): (&'s [Option<&'a T>], &'s [Option<&'a T>]),
        governing: InForce<'a, T>,
        validity: fn(&T) -> Validity,
    ) -> impl Iterator<Item = (usize, Option<&'a T>, &'a T, Run<'a>)> {
        then.iter().copied().zip(now).enumerate().filter_map(move |(slot, (was, is))| {
            let is = is.filter(|is| was.is_none_or(|was| validity(was) != validity(is)))?;
            let mut without = self.now.clone();
            governing(&mut without)[slot] = was;
            Some((slot, was, is, without.computed()))
        })
    }
}

/// Where an evaluation has what is in force of one kind of text.
type InForce<'a, T> = for<'r> fn(&'r mut Run<'a>) -> &'r mut Vec<Option<&'a T>>;

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
