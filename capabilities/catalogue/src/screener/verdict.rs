//! What is known of one service, and which questions could still change it.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use base::{Date, Translated};
use rules::{Decimal, Decision, Facts, Moment, Program, Role, Step, Unit};

use super::known::{Known, Told};
use crate::Service;

/// What is known of one service.
#[derive(Debug, Clone)]
pub struct Verdict {
    /// The service.
    pub service: Arc<Service>,
    /// How it stands.
    pub standing: Standing,
    /// What its rules say of the answers so far; `None` where they cannot be computed.
    pub decision: Option<Decision>,
    /// What the rules were given.
    pub facts: Facts,
    /// What was supposed, estimated or left out, among what the rules read.
    pub unverified: Vec<Translated>,
    /// The questions (pages) that could still change it.
    pub asks: BTreeSet<String>,
}

/// How a service stands for somebody. [`Standing::Due`] and [`Standing::NotDue`] do not change, whatever is answered to
/// the other questions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// It would be due, in this amount.
    Due(Decimal),
    /// An answer that would decide it is not there.
    Open,
    /// It would not be due.
    NotDue,
}

impl Verdict {
    pub(super) fn of(known: &Known<'_>, service: Arc<Service>) -> Self {
        let told = known.told(&service);
        let decision = service.program.as_ref().and_then(|program| program.decide(&told.facts, known.moment()).ok());
        let judged = match (&service.program, &decision) {
            (Some(program), Some(decision)) => Judgement { program, decision, told: &told }.judge(),
            _ => (Standing::Open, BTreeSet::new(), BTreeSet::new()),
        };
        let (standing, asks, read) = judged;
        let unverified = known.doubts(&service, &read);
        Self { service, standing, decision, facts: told.facts, unverified, asks }
    }

    /// The unit of what the service pays.
    #[must_use]
    pub fn unit(&self) -> Unit {
        let rules = self.service.program.as_ref().map_or(&[][..], |program| program.rules());
        rules.iter().find(|rule| rule.role == Some(Role::Amount)).map_or(Unit::Euro, |rule| rule.unit)
    }

    /// What is due first, by amount; then what is open, then what is not due; by name where nothing else tells.
    pub(super) fn rank(&self) -> (u8, Reverse<Decimal>, String) {
        let (group, amount) = match self.standing {
            Standing::Due(amount) => (0, amount),
            Standing::Open => (1, Decimal::ZERO),
            Standing::NotDue => (2, Decimal::ZERO),
        };
        // A month's twelfth of a yearly amount: amounts of different rhythms can only be compared roughly.
        let monthly = if self.unit() == Unit::EuroPerYear { amount / Decimal::from(12) } else { amount };
        (group, Reverse(monthly), self.service.slug.clone())
    }
}

impl Known<'_> {
    pub(super) const fn moment(&self) -> Moment {
        let day: Date = self.today;
        Moment { on: day, known: day }
    }

    /// What was not verified among the inputs read.
    fn doubts(&self, service: &Service, read: &BTreeSet<Input>) -> Vec<Translated> {
        let sources = self.screener.mapping.sources.iter().filter(|source| {
            source.inputs.iter().any(|input| {
                input.service == service.slug && read.contains(&(input.relation.clone(), input.name.clone()))
            })
        });
        sources.filter_map(|source| source.surety.doubt().cloned()).collect()
    }
}

/// An input, by relation and name.
type Input = (Option<String>, String);

/// A rule of one entity, as the trace names it.
type Cell<'d> = (&'d str, Option<(&'d str, usize)>);

struct Judgement<'d> {
    program: &'d Program,
    decision: &'d Decision,
    told: &'d Told,
}

impl<'d> Judgement<'d> {
    /// How it stands, the questions that could change it, and the inputs read.
    fn judge(&self) -> (Standing, BTreeSet<String>, BTreeSet<Input>) {
        let steps: BTreeMap<Cell<'d>, &'d Step> = self.decision.trace.iter().map(|step| (cell(step), step)).collect();
        let entitlement = self.read_by(Role::Entitlement, &steps);
        let amount = self.read_by(Role::Amount, &steps);
        let read: BTreeSet<Input> = entitlement.union(&amount).cloned().collect();
        if !self.told.lists.is_empty() {
            // How many rows there are decides what is read at all.
            return (Standing::Open, self.told.lists.clone(), read);
        }
        if self.decision.entitled == Some(false) && (self.a_requirement_fails(&steps) || self.knows(&entitlement)) {
            return (Standing::NotDue, BTreeSet::new(), read);
        }
        let open = self.questions(&entitlement);
        let open = if open.is_empty() { self.questions(&amount) } else { open };
        let standing = match self.decision.amount {
            _ if !self.knows(&read) => Standing::Open,
            Some(amount) if self.decision.entitled != Some(false) && !amount.is_zero() => Standing::Due(amount),
            Some(_) => Standing::NotDue,
            None => Standing::Open,
        };
        (standing, open, read)
    }

    /// Whether a condition of the household that every recipient must meet fails on known facts alone.
    fn a_requirement_fails(&self, steps: &BTreeMap<Cell<'d>, &'d Step>) -> bool {
        let requirements =
            self.program.rules().iter().filter(|rule| rule.role == Some(Role::Requirement) && rule.relation.is_none());
        requirements
            .filter_map(|rule| steps.get(&(rule.name.as_str(), None)))
            .any(|step| step.value.as_bool() == Some(false) && self.knows(&self.inputs_below(vec![step], steps)))
    }

    fn read_by(&self, role: Role, steps: &BTreeMap<Cell<'d>, &'d Step>) -> BTreeSet<Input> {
        let rules = self.program.rules().iter().filter(|rule| rule.role == Some(role) && rule.relation.is_none());
        self.inputs_below(rules.filter_map(|rule| steps.get(&(rule.name.as_str(), None)).copied()).collect(), steps)
    }

    /// Every input that these rules read, directly or through others.
    fn inputs_below(&self, mut open: Vec<&'d Step>, steps: &BTreeMap<Cell<'d>, &'d Step>) -> BTreeSet<Input> {
        let (mut seen, mut inputs) = (BTreeSet::new(), BTreeSet::new());
        while let Some(step) = open.pop() {
            if !seen.insert(cell(step)) {
                continue;
            }
            for used in &step.values_used {
                let member = used.member.as_ref().map(|member| (member.relation.as_str(), member.index));
                if let Some(below) = steps.get(&(used.name.as_str(), member)) {
                    open.push(below);
                } else {
                    inputs.insert((used.member.as_ref().map(|one| one.relation.clone()), used.name.clone()));
                }
            }
        }
        inputs
    }

    fn knows(&self, read: &BTreeSet<Input>) -> bool {
        read.iter().all(|input| !self.told.waiting.contains_key(input))
    }

    fn questions(&self, read: &BTreeSet<Input>) -> BTreeSet<String> {
        read.iter().filter_map(|input| self.told.waiting.get(input)).flatten().cloned().collect()
    }
}

fn cell(step: &Step) -> Cell<'_> {
    (&step.rule, step.member.as_ref().map(|member| (member.relation.as_str(), member.index)))
}
