//! What may be done to a consent, by whom: pure. Each gives the act, or says why not.

use acts::{Actor, NewAct};
use base::{Date, Language, Timestamp, Uuid, rome_date};
use catalogue::{ConsentAsked, Service};
use jiff::ToSpan;

use crate::{
    Consent,
    payload::{Given, kind},
};

/// From this age on somebody answers alone (art. 2 c.c.). The fourteen years of art. 2-quinquies d.lgs. 196/2003 are for services of
/// the information society alone, and what an office asks need not be one.
const OF_AGE: i64 = 18;

/// A question as somebody answers it.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// The service that asks.
    pub service: &'a Service,
    /// What it asks.
    pub asked: &'a ConsentAsked,
    /// The fingerprint of the sentence that the person read.
    pub read: &'a str,
    /// The language in which the person read it.
    pub language: Language,
}

/// Why an answer cannot be taken now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotNow {
    /// It stands already, or is taken back already: nothing is to be done.
    Already,
    /// The sentence was changed since the person read it.
    Changed,
    /// Somebody answers for another person.
    NotOneself,
    /// Who is under age does not answer alone.
    TooYoung,
}

impl NotNow {
    /// The key of the words for it.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Already => "consents.not_now.already",
            Self::Changed => "consents.not_now.changed",
            Self::NotOneself => "consents.not_now.not_oneself",
            Self::TooYoung => "consents.not_now.too_young",
        }
    }
}

/// Somebody agrees. `before` is the same person's earlier answer to the same question, `id` a new identifier for a first one.
///
/// # Errors
/// Why not.
pub fn give(
    before: Option<&Consent>,
    id: Uuid,
    question: Question<'_>,
    (who, born): (&Actor, Option<Date>),
    now: Timestamp,
) -> Result<NewAct, NotNow> {
    let Question { service, asked, read, language } = question;
    let today = rome_date(now);
    let fingerprint = asked.fingerprint();
    if who.on_behalf_of.is_some() || before.is_some_and(|before| before.person != who.subject) {
        return Err(NotNow::NotOneself);
    }
    if born.and_then(|day| day.checked_add(OF_AGE.years()).ok()).is_some_and(|of_age| today < of_age) {
        return Err(NotNow::TooYoung);
    }
    if fingerprint != read {
        return Err(NotNow::Changed);
    }
    if before.is_some_and(|before| before.covers(&fingerprint)) {
        return Err(NotNow::Already);
    }
    let given = Given {
        name: who.name.clone(),
        service: service.slug.clone(),
        version: service.version.clone(),
        consent: asked.id.clone(),
        title: asked.title.clone(),
        text: asked.text.clone(),
        fingerprint,
        language,
    };
    let payload = serde_json::to_value(given).expect("texts can be written");
    Ok(NewAct { case: before.map_or(id, |before| before.id), kind: kind::GIVEN, actor: who.clone(), payload })
}

/// Somebody takes it back: as easily as it was given, at any time, also where nobody asks any more (art. 7(3) GDPR).
///
/// # Errors
/// Why not.
pub fn withdraw(before: &Consent, who: &Actor) -> Result<NewAct, NotNow> {
    if who.on_behalf_of.is_some() || before.person != who.subject {
        return Err(NotNow::NotOneself);
    }
    if !before.stands() {
        return Err(NotNow::Already);
    }
    let payload = serde_json::Value::Object(serde_json::Map::new());
    Ok(NewAct { case: before.id, kind: kind::WITHDRAWN, actor: who.clone(), payload })
}
