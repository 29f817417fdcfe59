use std::sync::Arc;

use async_trait::async_trait;
use base::Uuid;
use catalogue::Catalogue;
use database::{Result, Tx};
use proofs::{SignerKey, VerifierKey};
use web::{Failure, Web};

use crate::log::{LogError, Proven, prove};

/// Where the documents are that acts speak of. The app answers with the room of letters, which this room does not know.
#[async_trait]
pub trait Documents: Send + Sync {
    /// The PDF with this identifier, if it is (still) kept.
    ///
    /// # Errors
    /// What the database refuses.
    async fn pdf(&self, tx: &mut Tx, document: Uuid) -> Result<Option<Vec<u8>>>;

    /// The case of a document, and the `seq` of the act by which it was issued.
    ///
    /// # Errors
    /// What the database refuses.
    async fn issued_by(&self, tx: &mut Tx, document: Uuid) -> Result<Option<(Uuid, i64)>>;
}

/// What the pages of this room share, and the follower that grows the log. Cheap to clone.
#[derive(Clone)]
pub struct Notary {
    /// Database, clock, chance, words.
    pub web: Web,
    pub(crate) key: Arc<SignerKey>,
    pub(crate) documents: Arc<dyn Documents>,
    pub(crate) catalogue: Catalogue,
}

impl Notary {
    /// Brings them together. The catalogue names services and offices in the reader's language. The key's name is the log's origin; see [`crate::key::load_or_create`].
    #[must_use]
    pub fn new(web: Web, key: Arc<SignerKey>, documents: Arc<dyn Documents>, catalogue: Catalogue) -> Self {
        Self { web, key, documents, catalogue }
    }

    /// The name of the log, first line of its checkpoints: an address without scheme, such as
    /// `sportello.example/registro`.
    #[must_use]
    pub fn origin(&self) -> &str {
        self.key.verifier().name()
    }

    /// The key with which others check the log.
    #[must_use]
    pub fn verifier(&self) -> &VerifierKey {
        self.key.verifier()
    }

    /// Takes every act of the book into the log now, for a person who asks for a proof before the follower got there.
    ///
    /// # Errors
    /// [`Failure`] as for any write; [`Failure::Internal`] when the log refuses to grow (see [`LogError`]).
    pub async fn integrate_now(&self) -> std::result::Result<(), Failure> {
        match acts::catch_up(self.web.database(), self).await {
            Ok(_) => Ok(()),
            Err(acts::FollowError::Database(error)) => Err(error.into()),
            Err(error) => Err(Failure::internal(error)),
        }
    }

    /// Proves `positions` under the newest checkpoint; the log grows first if the follower has not come that far.
    pub(crate) async fn prove_now(&self, positions: &[u64]) -> std::result::Result<Proven, Failure> {
        let mut tx = self.web.database().read().await?;
        if let Some(proven) = prove(self, &mut tx, positions).await? {
            return Ok(proven);
        }
        drop(tx);
        self.integrate_now().await?;
        let mut tx = self.web.database().read().await?;
        prove(self, &mut tx, positions).await?.ok_or(Failure::Busy)
    }
}

impl From<LogError> for Failure {
    fn from(error: LogError) -> Self {
        match error {
            LogError::Database(error) => error.into(),
            other => Self::internal(other),
        }
    }
}
