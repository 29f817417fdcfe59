use std::sync::Arc;

use async_trait::async_trait;
use background::{Round, RoundError};
use base::Clock;
use database::{Database, Error};

use crate::store;

/// After a list is done: sees to it that the engine keeps nothing beside its tables of what was destroyed.
pub struct Sweep {
    /// The database of the program.
    pub database: Database,
    /// When it was done.
    pub clock: Arc<dyn Clock>,
}

#[async_trait]
impl Round for Sweep {
    fn name(&self) -> &'static str {
        "retention-sweep"
    }

    async fn round(&self) -> Result<(), RoundError> {
        let mut tx = self.database.read().await?;
        let began = self.clock.now();
        let unswept = store::any_unswept(&mut tx).await?;
        drop(tx);
        if !unswept {
            return Ok(());
        }
        match self.database.scrub().await {
            Err(Error::Busy) => return Ok(()), // somebody reads what is older: at the next round
            done => done?,
        }
        let mut tx = self.database.begin().await?;
        store::swept(&mut tx, began, self.clock.now()).await?;
        Ok(tx.commit().await?)
    }
}
