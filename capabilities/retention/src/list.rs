use base::{Date, Timestamp, Uuid};
use catalogue::Retention as Schedule;
use identity::Power;
use protocol::Protocol;
use sha2::{Digest as _, Sha256};

/// Where a list stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    /// Its cases are being looked for.
    Gathering,
    /// Frozen: it waits for the authority and for two officials.
    Proposed,
    /// Approved by both: its cases are being destroyed.
    Approved,
    /// Done, with its certificate.
    Done,
    /// Nothing of it is destroyed.
    Rejected,
}

base::keyed!(pub(crate) State {
    Gathering => "gathering",
    Proposed => "proposed",
    Approved => "approved",
    Done => "done",
    Rejected => "rejected",
});

/// As what an official approves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// Who heads the office.
    Head,
    /// Who answers for its archive.
    Archivist,
}

base::keyed!(pub(crate) Role {
    Head => "head",
    Archivist => "archivist",
});

impl Role {
    /// What lets an official approve so.
    pub(crate) const fn power(self) -> Power {
        match self {
            Self::Head => Power::DestroyForOffice,
            Self::Archivist => Power::DestroyForArchive,
        }
    }
}

/// The approval of one of the two.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Approval {
    pub(crate) role: Role,
    pub(crate) officer: String,
    pub(crate) name: String,
    /// What was approved.
    pub(crate) digest: String,
    pub(crate) at: Timestamp,
}

/// The leave of the archival authority (art. 21 c. 1 lett. d d.lgs. 42/2004).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Authorisation {
    /// Who gave it.
    pub(crate) authority: String,
    /// Under which number.
    pub(crate) number: String,
    /// Of which day.
    pub(crate) on: Date,
}

/// A list of cases that an office is going to destroy (*elenco di scarto*).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct List {
    pub(crate) id: Uuid,
    pub(crate) office: String,
    pub(crate) year: i16,
    pub(crate) number: i64,
    pub(crate) service: String,
    /// Italian name of the service.
    pub(crate) service_name: String,
    /// How long its cases were to be kept when it was proposed.
    pub(crate) schedule: Schedule,
    /// The day on which that was over.
    pub(crate) as_of: Date,
    pub(crate) state: State,
    /// How many are on it, those struck left out.
    pub(crate) cases: i64,
    /// Between which days they were closed.
    pub(crate) closed: Option<(Date, Date)>,
    /// Hexadecimal; empty while gathering.
    pub(crate) digest: String,
    pub(crate) proposed_at: Timestamp,
    /// Account and name of who proposed it.
    pub(crate) proposed_by: (String, String),
    pub(crate) authorisation: Option<Authorisation>,
    /// When, by whom, why.
    pub(crate) rejected: Option<(Timestamp, String, String)>,
    pub(crate) began_at: Option<Timestamp>,
    pub(crate) ended_at: Option<Timestamp>,
    /// The registration of its certificate.
    pub(crate) registered: Option<Protocol>,
}

impl List {
    /// `3/2038`.
    pub(crate) fn shown(&self) -> String {
        format!("{}/{}", self.number, self.year)
    }
}

/// What became of a case on a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Taken off before anybody approved.
    Struck,
    /// Destroyed.
    Destroyed,
    /// Kept, because a hold stood when its turn came.
    Held,
    /// Kept, because its time is not over any more: closed anew meanwhile, or the law wants it longer.
    NotOver,
}

base::keyed!(pub(crate) Outcome {
    Struck => "struck",
    Destroyed => "destroyed",
    Held => "held",
    NotOver => "not_over",
});

/// One case on a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    /// From 1.
    pub(crate) place: i64,
    pub(crate) case: Uuid,
    pub(crate) protocol: Protocol,
    pub(crate) closed_on: Date,
    /// `None`: still to be destroyed.
    pub(crate) outcome: Option<Outcome>,
    /// Why it was struck.
    pub(crate) reason: String,
}

/// The digest of a list, line by line: what officials approve, and what can be computed again from the lines kept.
pub(crate) struct Digest(Sha256);

impl Digest {
    /// Of a list without lines.
    pub(crate) fn of(list: &List) -> Self {
        let head = format!("sportello/elenco-di-scarto/v1\n{}\n{}\n{}\n", list.office, list.shown(), list.service);
        Self(Sha256::new_with_prefix(head))
    }

    /// Takes in the next line that was not struck.
    pub(crate) fn take(&mut self, line: &Line) {
        let Line { place, case, protocol, closed_on, .. } = line;
        self.0.update(format!("{place} {case} {protocol} {closed_on}\n"));
    }

    /// Hexadecimal.
    pub(crate) fn end(self) -> String {
        hex::encode(self.0.finalize())
    }
}
