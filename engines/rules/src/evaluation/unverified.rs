//! What was not checked: points of the law that the sources leave uncertain, and facts that the outcome rests on.

use std::collections::BTreeSet;

use crate::{Program, RuleVersion, language::Reference};

use super::{Decision, MemberRef, Run, Unverified, UsedValue, decide::Decisive};

impl Run<'_> {
    /// Of every rule that the outcome depends on: what it leaves uncertain itself, and what the parameters and tables
    /// that it uses do. Each once.
    pub(super) fn unverified(&self, decisive: &Decisive) -> Vec<Unverified> {
        let mut rules: Vec<usize> = decisive.list.iter().map(|(slot, _)| *slot).collect();
        rules.dedup();
        let mut told = BTreeSet::new();
        let mut found = Vec::new();
        for slot in rules {
            let Some(version) = self.versions[slot] else { continue };
            let own = version.unverified.iter().map(|text| Unverified {
                name: self.program.rules[slot].name.clone(),
                label: version.title.clone(),
                paragraph: version.paragraph.clone(),
                text: text.clone(),
            });
            found.extend(own);
            version.expr.references(&mut |used| {
                if told.insert(used) {
                    found.extend(self.uncertain(used, version));
                }
            });
        }
        found
    }

    fn uncertain(&self, used: Reference, by: &RuleVersion) -> Vec<Unverified> {
        let point = |name: &str, label: &str, text: &str| Unverified {
            name: name.to_owned(),
            label: label.to_owned(),
            paragraph: by.paragraph.clone(),
            text: text.to_owned(),
        };
        match used {
            Reference::Parameter(slot) => {
                let (name, row) = (&self.program.parameters[slot].name, self.parameters[slot]);
                let uncertain = row.filter(|row| row.is_unverified());
                uncertain.map(|row| point(name, &name.replace('_', " "), &row.source)).into_iter().collect()
            }
            Reference::Table(slot) => {
                let table = &self.program.tables[slot];
                table.unverified.iter().map(|text| point(&table.name, &table.name, text)).collect()
            }
            Reference::Input(_) | Reference::Rule(_) => Vec::new(),
        }
    }
}

impl Program {
    /// The facts that the outcome of a decision rests on, in the order of the law, each once. Who knows where a fact
    /// comes from can tell which of them were declared by the person and checked by nobody.
    #[must_use]
    pub fn facts_behind<'d>(&self, decision: &'d Decision) -> Vec<&'d UsedValue> {
        let mut told: BTreeSet<(&str, Option<(&str, usize)>)> = BTreeSet::new();
        let is_input = |used: &UsedValue| {
            let relation = used.member.as_ref().map(|member| member.relation.as_str());
            self.inputs.iter().any(|input| input.name == used.name && input.relation.as_deref() == relation)
        };
        let read = decision.trace.iter().filter(|step| step.decisive).flat_map(|step| &step.values_used);
        let member = |member: &'d MemberRef| (member.relation.as_str(), member.index);
        read.filter(|used| is_input(used) && told.insert((&used.name, used.member.as_ref().map(member)))).collect()
    }
}
