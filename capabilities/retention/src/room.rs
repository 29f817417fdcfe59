use std::sync::Arc;

use async_trait::async_trait;
use base::{Timestamp, Uuid};
use catalogue::Catalogue;
use database::Tx;
use protocol::Seal;
use web::Web;

use crate::store;

/// What other branches hold of a case. This room may not know them: the app says who they are.
#[async_trait]
pub trait Branches: Send + Sync {
    /// Erases it, in the transaction that destroys the case.
    async fn erase(&self, tx: &mut Tx, case: Uuid) -> database::Result<()>;
}

/// What pages and jobs of this room share. Cheap to clone.
#[derive(Clone)]
pub struct Retention {
    /// Database, clock, chance, words.
    pub(crate) web: Web,
    /// Services with how long their cases are kept; offices with their plans of classification.
    pub(crate) catalogue: Catalogue,
    /// What seals the certificates.
    pub(crate) seal: Seal,
    /// Letters and whoever else holds something of a case.
    pub(crate) branches: Arc<dyn Branches>,
}

impl Retention {
    /// Brings them together.
    #[must_use]
    pub fn new(web: Web, catalogue: Catalogue, seal: Seal, branches: Arc<dyn Branches>) -> Self {
        Self { web, catalogue, seal, branches }
    }
}

/// Forgets whom holds were about that ended more than 24 months ago (art. 5 par. 1 e GDPR), and tells of how many. That
/// something was held, from when and by whom, stays.
///
/// # Errors
/// What the database refuses.
pub async fn forget_old(tx: &mut Tx, now: Timestamp) -> database::Result<u64> {
    store::forget_holds(tx, now.saturating_sub(identity::REGISTER).unwrap_or(Timestamp::MIN)).await
}
