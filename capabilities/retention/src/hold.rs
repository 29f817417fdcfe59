use std::collections::BTreeSet;

use base::{Date, Timestamp, Uuid};
use cases::Kept;

/// What a hold is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// One case.
    Case,
    /// Every case of a person.
    Person,
    /// Every case of a service.
    Service,
}

base::keyed!(pub(crate) Kind {
    Case => "case",
    Person => "person",
    Service => "service",
});

/// Something of an office that may not be destroyed although its time is over: because of a lawsuit, an inspection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Hold {
    pub(crate) id: Uuid,
    pub(crate) office: String,
    pub(crate) kind: Kind,
    /// Identifier of the case, fiscal code, slug.
    pub(crate) target: String,
    /// How people call it.
    pub(crate) shown: String,
    pub(crate) reason: String,
    /// The last day, if it has one.
    pub(crate) until: Option<Date>,
    pub(crate) placed_at: Timestamp,
    /// Account and name of who placed it.
    pub(crate) placed_by: (String, String),
    /// When it was lifted, by whom, why.
    pub(crate) lifted: Option<(Timestamp, String, String)>,
}

impl Hold {
    /// Whether it holds as long as one until that day, or without end.
    pub(crate) fn lasts(&self, until: Option<Date>) -> bool {
        self.until.is_none_or(|own| until.is_some_and(|until| until <= own))
    }

    /// Whether it holds on a day.
    pub(crate) fn stands(&self, today: Date) -> bool {
        self.lifted.is_none() && self.until.is_none_or(|until| today <= until)
    }
}

/// All that is held in an office on one day.
#[derive(Debug, Default)]
pub(crate) struct Held(BTreeSet<(&'static str, String)>);

impl Held {
    /// What these holds, all of which stand, are about.
    pub(crate) fn of(standing: &[Hold]) -> Self {
        Self(standing.iter().map(|hold| (hold.kind.key(), hold.target.clone())).collect())
    }

    /// Whether one of them is about this case.
    pub(crate) fn has(&self, case: &Kept) -> bool {
        let about = [
            (Kind::Case.key(), case.id.to_string()),
            (Kind::Person.key(), case.applicant.clone()),
            (Kind::Service.key(), case.service.clone()),
        ];
        about.iter().any(|one| self.0.contains(one))
    }
}
