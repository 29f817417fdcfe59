//! Whose a case is among the offices.

use acts::Act;
use base::rome_date;
use deadlines::{Event, EventKind};

use super::Case;
use crate::payload::PassedOn;

/// An office that has a case, as acts name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AtOffice<'a> {
    /// Its identifier.
    pub id: &'a str,
    /// Its name.
    pub name: &'a str,
    /// Who answers there for the proceeding (art. 5 L. 241/1990).
    pub responsible: &'a str,
}

impl Case {
    /// The office that has it: the one it was filed with, until that passed it on. It is at one office only.
    #[must_use]
    pub fn office(&self) -> AtOffice<'_> {
        let filed = &self.submitted;
        self.passed_on.as_ref().map_or(
            AtOffice { id: &filed.office, name: &filed.office_name, responsible: &filed.responsible },
            |passed| AtOffice { id: &passed.to, name: &passed.to_name, responsible: &passed.responsible },
        )
    }

    /// It is in nobody's hands at the other office; whether its term runs from there the engine knows.
    pub(super) fn pass_on(&mut self, act: &Act) {
        let Some(passed) = act.payload::<PassedOn>() else { return };
        self.give_back();
        self.events.push(Event::new(rome_date(act.at), EventKind::ReceivedByCompetentOffice));
        self.passed_on = Some(passed);
    }
}
