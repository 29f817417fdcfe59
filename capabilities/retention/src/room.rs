use std::sync::Arc;

use async_trait::async_trait;
use base::Uuid;
use catalogue::Catalogue;
use database::Tx;
use protocol::Seal;
use web::Web;

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
