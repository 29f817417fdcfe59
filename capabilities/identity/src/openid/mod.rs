//! OpenID Connect behind OpenID Federation 1.0, as SPID and CIE profile it: what we publish, what we ask, what we believe.
//!
//! Whom to believe comes from a chain of signed statements that ends at an anchor whose keys are declared
//! (`trust/`); it is walked beside the pages, never in a person's request. What a provider then says is checked in a fixed
//! order: bound the size, read the header strictly, find the key by its name among the provider's own, verify, compare every
//! claim with what was asked. Keys that a message brings along are refused, not ignored. The cryptography is aws-lc's.

mod endpoint;
mod enter;
pub(crate) mod entity;
pub(crate) mod federation;
mod id_token;
pub(crate) mod jose;
pub(crate) mod member;
pub(crate) mod provider;
pub(crate) mod request;
pub(crate) mod staff;
pub(crate) mod tokens;
pub(crate) mod trust;
mod wire;

pub(crate) use enter::{Around, enter};
pub(crate) use federation::{OpenFederation, Sought};
pub(crate) use member::Member;
pub(crate) use provider::OpenProvider;
pub use wire::{Call, HttpWire, Reach, Reply, Wire, WireError};

use base::Timestamp;
use jiff::SignedDuration;

/// Where answers of providers arrive.
pub(crate) const CALLBACK: &str = "/accesso/oidc/ritorno";
/// Where we tell what we know of others; every entity of SPID and CIE does.
pub(crate) const RESOLVE: &str = "/accesso/oidc/risolvi";
/// Where an entity of a federation says who it is, behind its name (OpenID Federation 1.0, 9).
pub(crate) const WELL_KNOWN: &str = "/.well-known/openid-federation";

/// Why an answer of a provider is not believed. Kept in the register of messages; a person reads that the login failed, and
/// what can be done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refusal {
    #[error("no such request, or it expired or was answered before")]
    UnknownRequest,
    #[error("the browser is not the one that began")]
    Browser,
    #[error("comes from another provider")]
    Issuer,
    #[error("the provider did not identify the person: {0}")]
    Told(String),
    #[error("neither a code nor an error")]
    Empty,
    #[error("the {0} endpoint: {1}")]
    Endpoint(&'static str, String),
    #[error("the {0}: {1}")]
    Token(&'static str, jose::JoseError),
    #[error("the {0} says something else than expected: {1}")]
    Claim(&'static str, &'static str),
    #[error("the level of the e-ID is lower than asked or unknown")]
    Level,
    #[error("the attribute {0} is missing or malformed")]
    Attribute(&'static str),
    #[error("the person has no Italian fiscal code")]
    NoFiscalCode,
}

/// When it is, and how far clocks may differ.
#[derive(Debug, Clone, Copy)]
pub(crate) struct When {
    pub(crate) now: Timestamp,
    pub(crate) skew: SignedDuration,
}

impl When {
    fn second(self) -> i64 {
        self.now.as_second()
    }

    /// Whether something that ends at `end` (seconds since 1970) still holds.
    pub(crate) fn is_before(self, end: i64) -> bool {
        self.second() < end.saturating_add(self.skew.as_secs())
    }

    /// Whether something that was made at `begin` was made already.
    pub(crate) fn is_after(self, begin: i64) -> bool {
        begin <= self.second().saturating_add(self.skew.as_secs())
    }
}

/// A number of seconds since 1970 in a claim; fractions are allowed there (RFC 7519, 2) and cut off.
pub(crate) fn seconds(claims: &serde_json::Map<String, serde_json::Value>, name: &str) -> Option<i64> {
    let value = claims.get(name)?;
    #[expect(clippy::cast_possible_truncation, reason = "a saturating cut is what is wanted of an absurd number")]
    value.as_i64().or_else(|| value.as_f64().map(|fraction| fraction as i64))
}
