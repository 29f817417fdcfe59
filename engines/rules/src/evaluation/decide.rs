//! From a finished evaluation to a decision that can be told to a person.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use crate::{Facts, Moment, Program, Role, Telling, Unit, Value, language::Reference};

use super::{
    Decision, EvalError, Frame, MissingFact, Reason, Run, Step, UsedValue, near_misses::near_misses, run::Read,
};

impl Program {
    /// Decides for one household, with every reason.
    ///
    /// # Errors
    /// [`EvalError::Fact`] if a fact does not hold what the law says; [`EvalError::Rule`] if the outcome depends on a
    /// rule that overflows, divides by zero, or is not in force at `moment`.
    pub fn decide(&self, facts: &Facts, moment: Moment) -> Result<Decision, EvalError> {
        let frame = Frame::load(self, facts, true)?;
        let run = Run::new(self, &frame, moment).traced();
        let (entitled, amount) = run.outcome().map_err(|origin| run.explain(origin))?;
        let decisive = run.decisive();
        Ok(Decision {
            moment,
            entitled,
            amount,
            reasons: run.reasons(&decisive),
            near_misses: near_misses(&run, (entitled, amount)),
            missing: run.missing(&decisive, facts),
            unverified: run.unverified(&decisive),
            trace: run.steps(&decisive),
        })
    }
}

/// Rules and entities that the outcome depends on in this case.
pub(super) struct Decisive {
    /// By cell.
    reached: Vec<bool>,
    /// Rules in the order of the document, and their entities.
    pub list: Vec<(usize, usize)>,
}

impl Run<'_> {
    /// Entitlement and amount.
    pub(crate) fn outcome(&self) -> Result<(Option<bool>, Option<Decimal>), super::run::Origin> {
        let value = |slot: Option<usize>| slot.map_or(Ok(Value::Null), |slot| self.value(slot, 0).clone());
        let entitled = value(self.program.entitlement)?.as_bool();
        Ok((entitled, value(self.program.amount)?.as_decimal()))
    }

    /// All entities of a rule.
    pub(super) fn members(&self, slot: usize) -> std::ops::Range<usize> {
        0..self.frame.count(self.program.rules[slot].owner)
    }

    /// What the household's outcomes and requirements read, directly or through other rules.
    fn decisive(&self) -> Decisive {
        let roots =
            self.program.rules.iter().enumerate().filter(|(_, rule)| rule.role.is_some() && rule.owner.is_none());
        let mut open: Vec<(usize, usize)> = roots.map(|(slot, _)| (slot, 0)).collect();
        let (mut reached, mut list) = (vec![false; self.cells.len()], Vec::new());
        while let Some((slot, member)) = open.pop() {
            let cell = self.cell(slot, member);
            if !std::mem::replace(&mut reached[cell], true) {
                list.push((slot, member));
                open.extend(self.reads[cell].iter().filter_map(|read| match read.reference {
                    Reference::Rule(used) => Some((used, read.member)),
                    _ => None,
                }));
            }
        }
        list.sort_unstable();
        Decisive { reached, list }
    }

    fn reasons(&self, decisive: &Decisive) -> Vec<Reason> {
        let unit = self.program.amount.map(|slot| self.program.rules[slot].unit);
        let told = |slot: usize| {
            let rule = &self.program.rules[slot];
            let always = self.versions[slot].is_some_and(|version| version.telling == Telling::Always);
            always || rule.role == Some(Role::Requirement) || Some(rule.unit) == unit
        };
        decisive
            .list
            .iter()
            .filter(|(slot, _)| told(*slot))
            .filter_map(|(slot, member)| self.reason(*slot, *member))
            .collect()
    }

    fn reason(&self, slot: usize, member: usize) -> Option<Reason> {
        let (rule, version) = (&self.program.rules[slot], self.versions[slot]?);
        let value = self.value(slot, member).clone().unwrap_or_default();
        let satisfied = match &value {
            Value::Bool(truth) => Some(*truth),
            Value::Dec(amount) => Some(!amount.is_zero()),
            _ => None,
        };
        let told = match version.telling {
            Telling::Usual | Telling::Always => true,
            Telling::IfDue => satisfied != Some(false),
            Telling::Never => false,
        };
        if !told {
            return None;
        }
        let values_used = self.used(slot, member);
        let note =
            (satisfied == Some(false)).then(|| version.otherwise.clone().or_else(|| against(&values_used))).flatten();
        Some(Reason {
            rule: rule.name.clone(),
            label: version.title.clone(),
            paragraph: version.paragraph.clone(),
            member: self.member(rule.owner, member),
            value,
            unit: rule.unit,
            requirement: rule.role == Some(Role::Requirement),
            satisfied,
            note,
            unverified: version.unverified.clone(),
            values_used,
        })
    }

    fn steps(&self, decisive: &Decisive) -> Vec<Step> {
        let all = (0..self.program.rules.len()).flat_map(|slot| self.members(slot).map(move |member| (slot, member)));
        all.filter_map(|(slot, member)| self.step(slot, member, decisive.reached[self.cell(slot, member)])).collect()
    }

    fn step(&self, slot: usize, member: usize, decisive: bool) -> Option<Step> {
        let (rule, version) = (&self.program.rules[slot], self.versions[slot]?);
        let cell = self.value(slot, member);
        Some(Step {
            rule: rule.name.clone(),
            label: version.title.clone(),
            paragraph: version.paragraph.clone(),
            member: self.member(rule.owner, member),
            value: cell.clone().unwrap_or_default(),
            unit: rule.unit,
            decisive,
            fault: cell.as_ref().err().map(|origin| origin.fault),
            values_used: self.used(slot, member),
        })
    }

    fn used(&self, slot: usize, member: usize) -> Vec<UsedValue> {
        self.reads[self.cell(slot, member)].iter().map(|read| self.used_value(*read)).collect()
    }

    fn used_value(&self, read: Read) -> UsedValue {
        let (name, label, owner, value, unit) = match read.reference {
            Reference::Input(slot) => {
                let input = &self.program.inputs[slot];
                (&input.name, input.label.clone(), input.owner, self.input(slot, read.member).clone(), input.unit)
            }
            Reference::Rule(slot) => {
                let (rule, version) = (&self.program.rules[slot], self.versions[slot]);
                let label = version.map_or_else(String::new, |version| version.title.clone());
                (&rule.name, label, rule.owner, self.value(slot, read.member).clone().unwrap_or_default(), rule.unit)
            }
            Reference::Parameter(slot) => {
                let parameter = &self.program.parameters[slot];
                (&parameter.name, parameter.name.replace('_', " "), None, self.parameter(slot), parameter.unit)
            }
            // Tables are read through a column, which is not a value of its own.
            Reference::Table(slot) => {
                let table = &self.program.tables[slot];
                (&table.name, table.name.clone(), None, Value::Null, Unit::Number)
            }
        };
        UsedValue { name: name.clone(), label, member: self.member(owner, read.member), value, unit }
    }

    /// Inputs that a decisive rule read and that are not there: a required one without value, an optional one that was
    /// neither given nor stated as not existing.
    fn missing(&self, decisive: &Decisive, facts: &Facts) -> Vec<MissingFact> {
        let reads = decisive.list.iter().flat_map(|(slot, member)| &self.reads[self.cell(*slot, *member)]);
        let inputs: BTreeSet<(usize, usize)> = reads
            .filter_map(
                |read| if let Reference::Input(slot) = read.reference { Some((slot, read.member)) } else { None },
            )
            .filter(|(slot, member)| self.input(*slot, *member).is_null())
            .collect();
        inputs.into_iter().filter_map(|(slot, member)| self.missing_fact(slot, member, facts)).collect()
    }

    fn missing_fact(&self, slot: usize, member: usize, facts: &Facts) -> Option<MissingFact> {
        let input = &self.program.inputs[slot];
        let holder = match &input.relation {
            None => Some(&facts.values),
            Some(relation) => facts.groups.get(relation).and_then(|members| members.get(member)),
        };
        let stated = holder.is_some_and(|values| values.contains_key(&input.name));
        (input.required || !stated).then(|| MissingFact {
            name: input.name.clone(),
            label: input.label.clone(),
            member: self.member(input.owner, member),
            kind: input.kind,
            unit: input.unit,
            required: input.required,
        })
    }
}

/// What stood against an amount: the conditions read that are not true.
fn against(used: &[UsedValue]) -> Option<String> {
    let labels: Vec<&str> =
        used.iter().filter(|used| used.value == Value::Bool(false)).map(|used| used.label.as_str()).collect();
    let unmet = if labels.len() == 1 { "Condizione non soddisfatta" } else { "Condizioni non soddisfatte" };
    (!labels.is_empty()).then(|| format!("{unmet}: {}.", labels.join("; ")))
}
