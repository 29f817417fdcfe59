//! What each kind of act of a consent says. Fields are added, never renamed or removed.

use base::{Language, Translated};
use serde::{Deserialize, Serialize};

/// Kinds of act, as they stand in the book. Their subject is the consent: one person's answer to one question.
pub mod kind {
    /// The person agrees.
    pub const GIVEN: &str = "consent-given";
    /// The person takes it back (art. 7(3) GDPR).
    pub const WITHDRAWN: &str = "consent-withdrawn";
}

/// `consent-given`: to what, word for word, so that it can be shown in ten years (art. 7(1) GDPR).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Given {
    /// Given name and surname of who agrees, by the e-ID.
    pub name: String,
    /// The service that asks.
    pub service: String,
    /// The version of the service in which the question stood.
    pub version: String,
    /// Which question of the service.
    pub consent: String,
    /// What the question is called.
    pub title: Translated,
    /// The sentence to which the person agrees.
    pub text: Translated,
    /// Names the sentence: see [`catalogue::ConsentAsked::fingerprint`].
    pub fingerprint: String,
    /// In which language the person read it.
    pub language: Language,
}
