use base::Date;
use serde::{Deserialize, Serialize};

/// Something that happened to a case and that its clock must know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// The day on which it happened, in Italy.
    pub on: Date,
    /// What happened.
    pub kind: EventKind,
}

impl Event {
    /// `kind` on the day `on`.
    #[must_use]
    pub const fn new(on: Date, kind: EventKind) -> Self {
        Self { on, kind }
    }
}

/// What can happen to a clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EventKind {
    /// The application arrived, or the office began on its own motion (art. 2 c. 6).
    Received,
    /// It had been sent to the wrong office; this is the day on which the right one received it. Only terms after which silence
    /// decides begin anew (art. 18-bis c. 2; art. 6 c. 4 D.P.R. 184/2006).
    ReceivedByCompetentOffice,
    /// Something that no administration holds was asked of the applicant: the term stops (art. 2 c. 7).
    IntegrationRequested {
        /// Last day for the answer, if the office set one shorter than the longest suspension.
        answer_by: Option<Date>,
    },
    /// The applicant answered: the term runs again.
    IntegrationSupplied,
    /// The applicant received the reasons why the application may be refused (art. 10-bis).
    RefusalNoticeReceived,
    /// The applicant answered those reasons.
    ObservationsFiled,
    /// The office extended its own term, where a law foresees it.
    Extended {
        /// By how many days, counted like the term.
        days: u16,
    },
    /// An opinion or a technical assessment was asked of somebody (art. 16 and 17). It counts in the term, unless the
    /// rules let it stop.
    OpinionAsked {
        /// Last day for the answer, if one was set.
        answer_by: Option<Date>,
    },
    /// The opinion arrived: a term that stood still runs again.
    OpinionGiven,
    /// Whoever holds the substitute power was asked to conclude, or began to on their own motion (art. 2 c. 9-ter).
    SubstituteCalled,
    /// Silence had its effect: the law granted or refused when the term passed (art. 20, art. 25 c. 4).
    SilenceTookEffect,
    /// The final act was adopted: granted or refused.
    Decided,
    /// The applicant withdrew.
    Withdrawn,
}
