//! The register of messages that SPID wants kept for 24 months, and beside it what anybody may have sent.

use base::{Timestamp, new_id};
use jiff::SignedDuration;
use sha2::{Digest, Sha256};
use web::{Visit, Web};

use crate::{
    Identity,
    address::Address,
    store::{
        logins::{self, MessageRow},
        strays::{self, StrayRow},
    },
};

/// Strays that are kept of an hour.
const MOST: i64 = 500;
const HOUR: SignedDuration = SignedDuration::from_hours(1);
/// A reason is not longer.
const LONGEST: usize = 200;

/// What the register says of a message, beside its text.
pub(crate) struct Entry<'a> {
    /// `request`, `response`, and the same with `logout-` for single logout.
    pub(crate) direction: &'static str,
    pub(crate) provider: &'a str,
    pub(crate) request_id: &'a str,
    /// `sent`, `accepted`, or why it was refused.
    pub(crate) outcome: &'a str,
}

impl Entry<'_> {
    /// Writes it down, beside what the message did.
    pub(crate) async fn write(
        &self,
        tx: &mut database::Tx,
        identity: &Identity,
        visit: &Visit,
        address: &Address,
        message: &str,
    ) -> database::Result<()> {
        let row = MessageRow {
            id: new_id(visit.web.clock(), visit.web.chance()),
            at: visit.now,
            direction: self.direction,
            provider: self.provider,
            request_id: self.request_id,
            message,
            outcome: self.outcome,
            address: &address.digest(&identity.0.address_secret),
        };
        logins::register(tx, &row).await
    }
}

/// A refused answer for which nobody vouches but who brought it: anybody can make one, so no more is kept than it takes to see that it
/// came, for some days, and of each hour only some.
pub(crate) struct Stray<'a> {
    /// `saml`, `oidc` or `cns`.
    pub(crate) door: &'static str,
    /// The question of ours that it names; empty if it names none.
    pub(crate) request_id: &'a str,
    pub(crate) message: &'a [u8],
    /// Why it was refused.
    pub(crate) outcome: &'a str,
}

impl Stray<'_> {
    /// Writes it down, unless there were enough; who sends many does not keep others from writing.
    pub(crate) async fn note(&self, web: &Web, now: Timestamp) -> database::Result<()> {
        let hour = now.saturating_sub(HOUR).unwrap_or(Timestamp::MIN);
        if MOST <= strays::since(&mut web.database().read().await?, hour).await? {
            return Ok(());
        }
        let mut tx = web.database().begin().await?;
        let outcome: String = self.outcome.chars().take(LONGEST).collect();
        let row = StrayRow {
            id: new_id(web.clock(), web.chance()),
            at: now,
            door: self.door,
            request_id: self.request_id,
            digest: &hex::encode(Sha256::digest(self.message)),
            outcome: &outcome,
        };
        strays::put(&mut tx, &row).await?;
        tx.commit().await
    }
}
