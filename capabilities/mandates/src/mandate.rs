use acts::Act;
use base::{Date, Timestamp, Uuid, rome_date};

use crate::{
    Services, Verb, Verbs,
    payload::{Accepted, Giver, Proposed, Proposee, kind},
};

/// A mandate as its acts tell it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mandate {
    /// Identifier: the subject of its acts.
    pub id: Uuid,
    /// Its number as people know it: `3/2026`.
    pub number: String,
    /// For whom things are done.
    pub principal: Giver,
    /// Who does them, as the principal wrote it.
    pub delegate: Proposee,
    /// Their name by the e-ID, once they accepted.
    pub delegate_name: Option<String>,
    /// For which services.
    pub services: Services,
    /// What may be done.
    pub verbs: Verbs,
    /// When it was proposed.
    pub proposed_at: Timestamp,
    /// The last day on which it can be accepted.
    pub answer_by: Date,
    /// The last day on which it holds.
    pub until: Date,
    /// Since when it holds.
    pub accepted_at: Option<Timestamp>,
    /// Before its time: when, and how.
    pub ended: Option<(Timestamp, Ending)>,
    /// How many acts tell all this.
    pub last_seq: i64,
}

/// How a mandate ends before its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// The other person did not want it.
    Declined,
    /// Who gave it took it back.
    Revoked,
    /// Who had accepted it gave it up.
    Renounced,
}

/// Where a mandate stands at an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Waits for the other person.
    Proposed,
    /// Nobody accepted it in time.
    Lapsed,
    /// Holds.
    Live,
    /// Its last day has passed.
    Expired,
    /// Somebody ended it.
    Ended(Ending),
}

impl Standing {
    /// The end of the key of its words.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::Lapsed => "lapsed",
            Self::Live => "live",
            Self::Expired => "expired",
            Self::Ended(Ending::Declined) => "declined",
            Self::Ended(Ending::Revoked) => "revoked",
            Self::Ended(Ending::Renounced) => "renounced",
        }
    }

    /// Whether nothing comes any more.
    #[must_use]
    pub const fn is_over(self) -> bool {
        !matches!(self, Self::Proposed | Self::Live)
    }
}

impl Mandate {
    /// Derives a mandate from its acts. `None` when they are not those of a mandate.
    #[must_use]
    pub fn from_acts(acts: &[Act]) -> Option<Self> {
        let (first, rest) = acts.split_first()?;
        let opened = Self::opened(first)?;
        Some(rest.iter().fold(opened, Self::after))
    }

    fn opened(act: &Act) -> Option<Self> {
        let said = act.payload_of::<Proposed>(kind::PROPOSED)?;
        Some(Self {
            id: act.case,
            number: said.number,
            principal: said.principal,
            delegate: said.delegate,
            delegate_name: None,
            services: said.services,
            verbs: said.verbs,
            proposed_at: act.at,
            answer_by: said.answer_by,
            until: said.until,
            accepted_at: None,
            ended: None,
            last_seq: act.seq,
        })
    }

    /// The mandate after one more act.
    #[must_use]
    pub fn after(mut self, act: &Act) -> Self {
        self.last_seq = act.seq;
        let mut end = |how| self.ended = self.ended.or(Some((act.at, how)));
        match act.kind.as_str() {
            kind::DECLINED => end(Ending::Declined),
            kind::REVOKED => end(Ending::Revoked),
            kind::RENOUNCED => end(Ending::Renounced),
            kind::ACCEPTED => {
                self.accepted_at = Some(act.at);
                self.delegate_name = act.payload::<Accepted>().map(|accepted| accepted.name);
            }
            _ => {}
        }
        self
    }

    /// Where it stands.
    #[must_use]
    pub fn standing(&self, now: Timestamp) -> Standing {
        let today = rome_date(now);
        match (self.ended, self.accepted_at) {
            (Some((_, how)), _) => Standing::Ended(how),
            (None, None) if self.answer_by < today => Standing::Lapsed,
            (None, None) => Standing::Proposed,
            (None, Some(_)) if self.until < today => Standing::Expired,
            (None, Some(_)) => Standing::Live,
        }
    }

    /// Whether it lets the delegate do this for this service at an instant. The one sentence on which all else rests.
    #[must_use]
    pub fn may(&self, service: &str, verb: Verb, now: Timestamp) -> bool {
        self.standing(now) == Standing::Live && self.services.has(service) && self.verbs.has(verb)
    }

    /// The intermediary's office to which it was given, if it was given to one.
    #[must_use]
    pub fn office(&self) -> Option<&str> {
        self.delegate.office()
    }

    /// The delegate's name so far as it is known.
    #[must_use]
    pub fn delegate_shown(&self) -> &str {
        self.delegate_name.as_deref().unwrap_or(&self.delegate.surname)
    }

    /// Whether this person gave it or was asked to accept it.
    #[must_use]
    pub fn is_of(&self, fiscal_code: &str) -> bool {
        self.principal.fiscal_code == fiscal_code || self.delegate.fiscal_code == fiscal_code
    }
}
