//! A law, perhaps beside the draft of a reform, ready to be applied to a population.

use catalogue::Service;
use rules::{Input, Moment, Program, columns::Plan};

use crate::{error::SimulationError, verdict::Answer};

/// A law, perhaps beside the draft of a reform, at a moment.
#[derive(Debug, Clone, Copy)]
pub struct Study<'s> {
    /// The service whose law is in force.
    pub service: &'s Service,
    /// A changed copy of its folder.
    pub draft: Option<&'s Service>,
    /// Which day's law.
    pub moment: Moment,
    law: &'s Program,
    draft_law: Option<&'s Program>,
}

impl<'s> Study<'s> {
    /// A study of a service, and of a draft beside it.
    ///
    /// # Errors
    /// If one of them computes nothing, or the two have no common measure.
    pub fn new(service: &'s Service, draft: Option<&'s Service>, moment: Moment) -> Result<Self, SimulationError> {
        let law = program(service)?;
        let draft_law = draft.map(program).transpose()?;
        if let Some(draft) = draft_law {
            comparable(law, draft)?;
        }
        Ok(Self { service, draft, moment, law, draft_law })
    }

    /// The laws: that in force, and the draft.
    pub fn laws(&self) -> impl Iterator<Item = &'s Program> {
        [Some(self.law), self.draft_law].into_iter().flatten()
    }

    /// Whose form and law ask for more: households are made to answer it, and so answer both.
    pub(crate) fn widest(&self) -> (&'s Service, &'s Program) {
        match (self.draft, self.draft_law) {
            (Some(draft), Some(program)) if lacking(program, self.law).is_none() => (draft, program),
            _ => (self.service, self.law),
        }
    }

    /// The plans of the laws, in their order.
    pub(crate) fn plans(&self) -> Result<Vec<Plan<'s>>, SimulationError> {
        self.laws().map(|law| Ok(Plan::compile(law, self.moment, &[])?)).collect()
    }

    /// The inputs that the outcome of one of the laws can depend on.
    pub(crate) fn needed(&self) -> Result<Vec<&'s Input>, SimulationError> {
        let mut needed: Vec<&'s Input> = Vec::new();
        for (law, plan) in self.laws().zip(&self.plans()?) {
            for (relation, name) in plan.columns() {
                let asked = |input: &&Input| input.relation.as_deref() == relation && input.name == name;
                let input = law.inputs().iter().find(asked);
                needed.extend(input.filter(|input| !needed.iter().any(|known| same(known, input))));
            }
        }
        Ok(needed)
    }

    pub(crate) fn answer(&self) -> Answer {
        Answer::of(self.law)
    }

    pub(crate) fn draft_answer(&self) -> Option<Answer> {
        self.draft_law.map(Answer::of)
    }
}

fn program(service: &Service) -> Result<&Program, SimulationError> {
    service.program.as_ref().ok_or_else(|| SimulationError::NoLaw(service.slug.clone()))
}

/// Same measure, inputs of the same name alike, and one of the two asks for all that the other asks for.
fn comparable(law: &Program, draft: &Program) -> Result<(), SimulationError> {
    let wrong = |told: String| Err(SimulationError::Incomparable(told));
    let (before, after) = (Answer::of(law).amount, Answer::of(draft).amount);
    if before != after {
        let name = |unit: Option<rules::Unit>| unit.map_or("niente", rules::Unit::name);
        return wrong(format!("l'importo era in {}, nella riforma è in {}", name(before), name(after)));
    }
    let twin = |input: &Input| draft.inputs().iter().find(|other| same(input, other)).map(|other| (input.kind, other));
    for (kind, other) in law.inputs().iter().filter_map(twin) {
        if kind != other.kind {
            return wrong(format!("il dato «{}» ha cambiato tipo", other.name));
        }
    }
    match (lacking(draft, law), lacking(law, draft)) {
        (Some(gone), Some(new)) => wrong(format!(
            "toglie il dato «{}» e aggiunge «{}». Lascia anche il primo nella tabella dei dati, con uso «identificazione»",
            gone.name, new.name
        )),
        _ => Ok(()),
    }
}

/// An input of `other` that `program` does not have.
fn lacking<'p>(program: &Program, other: &'p Program) -> Option<&'p Input> {
    other.inputs().iter().find(|input| !program.inputs().iter().any(|mine| same(mine, input)))
}

fn same(one: &Input, other: &Input) -> bool {
    one.name == other.name && one.relation == other.relation
}
