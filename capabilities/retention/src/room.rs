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
    pub web: Web,
    /// Services with how long their cases are kept; offices with their plans of classification.
    pub catalogue: Catalogue,
    /// What seals the certificates.
    pub seal: Seal,
    /// Letters and whoever else holds something of a case.
    pub branches: Arc<dyn Branches>,
}
