//! The register of messages that SPID wants kept for 24 months.

use base::new_id;
use web::Visit;

use crate::{
    Identity,
    address::Address,
    store::logins::{self, MessageRow},
};

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
