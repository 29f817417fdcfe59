mod press;

use std::sync::Arc;

use acts::{Actor, AppendError, NewAct};
use async_trait::async_trait;
use background::{Interrupted, Round, RoundError};
use base::{Chance, Clock, Timestamp, Uuid};
use cases::{
    payload::{LetterIssued, Submitted, kind},
    registration,
};
use catalogue::Catalogue;
use database::{Database, Tx};
use jiff::SignedDuration;

use self::press::Trouble;
use crate::{
    compose::Composed,
    store::{self, Document, Due},
};

/// How long a letter waits that could not be stored: this, then twice as long each time, at most [`LONGEST_WAIT`].
const FIRST_WAIT: SignedDuration = SignedDuration::from_secs(30);
const LONGEST_WAIT: SignedDuration = SignedDuration::from_hours(1);

/// Composes the letters that are due, one after the other: reads in one transaction, composes outside any, and stores
/// the document with its act in another.
pub struct Composer {
    /// The database of the program.
    pub database: Database,
    /// Where the time comes from.
    pub clock: Arc<dyn Clock>,
    /// Where identifiers and salts come from.
    pub chance: Arc<dyn Chance>,
    /// The templates, and what letters say of services and offices.
    pub catalogue: Catalogue,
    /// How people reach the program, without a final slash.
    pub public_url: String,
}

/// Why no letter could be issued at all; what is wrong with a single letter is kept with it instead.
#[derive(Debug, thiserror::Error)]
pub enum IssueError {
    /// The database refused.
    #[error(transparent)]
    Database(#[from] database::Error),
    /// The act could not be appended.
    #[error(transparent)]
    Append(#[from] AppendError),
    /// The machine had no thread to compose on.
    #[error(transparent)]
    NoThread(Interrupted),
}

impl Composer {
    /// Composes all that is due and tells how many letters were issued.
    ///
    /// # Errors
    /// When the database cannot be used at all. A template that is wrong is noted ([`crate::failures`]) and passed over;
    /// a letter that alone cannot be stored waits for its next attempt, and those behind it do not wait for it.
    pub async fn compose_due(&self) -> Result<usize, IssueError> {
        let mut issued = 0;
        while let Some(due) = self.next().await? {
            match self.one(&due).await {
                Ok(made) => issued += usize::from(made),
                Err(error) => self.postpone(&due, &error).await?,
            }
        }
        Ok(issued)
    }

    async fn next(&self) -> Result<Option<Due>, IssueError> {
        let mut tx = self.database.read().await?;
        Ok(store::next_due(&mut tx, self.clock.now()).await?)
    }

    async fn one(&self, due: &Due) -> Result<bool, IssueError> {
        match self.make(due).await {
            Ok(Some((document, made, submitted))) => self.issue(due, document, (&made, &submitted)).await,
            Ok(None) => self.drop_due(due).await.map(|()| false),
            Err(Trouble::Passing(error)) => Err(error),
            Err(Trouble::Lasting(reason)) => self.fail(due, &reason).await.map(|()| false),
        }
    }

    async fn issue(
        &self,
        due: &Due,
        document: Document,
        (made, submitted): (&Composed, &Submitted),
    ) -> Result<bool, IssueError> {
        let mut tx = self.database.begin().await?;
        if !store::claim(&mut tx, due).await? {
            return Ok(false); // another process was faster
        }
        let issued = LetterIssued {
            letter: document.letter.clone(),
            title: document.title.clone(),
            file_name: document.file_name(),
            act_seq: document.act_seq,
            sha256: made.sha256.clone(),
            document: document.id.to_string(),
        };
        let mut payload = serde_json::to_value(issued).expect("the payload of an issued letter is texts and a number");
        let numbers = protocol::next_number(&mut tx, &document.office, self.clock.now()).await?;
        registration::number(&mut payload, &numbers);
        let act = NewAct { case: due.case, kind: kind::LETTER_ISSUED, actor: Actor::system(), payload };
        let written = acts::append(&mut tx, numbers.at, &*self.chance, None, &[act]).await?;
        let Some(act) = written.first() else { return Ok(false) };
        let document = Document { issued_seq: act.seq, created_at: act.at, sha256: made.sha256.clone(), ..document };
        protocol::register(&mut tx, &registration::of_letter(&self.catalogue, &numbers, act, submitted)).await?;
        store::keep(&mut tx, &document, made).await?;
        tx.commit().await?;
        Ok(true)
    }

    async fn fail(&self, due: &Due, reason: &str) -> Result<(), IssueError> {
        tracing::error!(case = %due.case, act = due.act_seq, letter = due.letter, reason, "a letter could not be composed");
        let mut tx = self.database.begin().await?;
        if store::claim(&mut tx, due).await? {
            let office = office(&mut tx, due.case).await?;
            store::fail(&mut tx, due, &office, (reason, self.clock.now())).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Tries this letter again later. If not even this can be written, the database is to blame and not the letter.
    async fn postpone(&self, due: &Due, error: &IssueError) -> Result<(), IssueError> {
        tracing::warn!(case = %due.case, act = due.act_seq, attempt = due.attempts + 1, %error, "a letter could not be stored, trying again later");
        let next_at = self.clock.now().saturating_add(wait(due.attempts)).unwrap_or(Timestamp::MAX);
        let mut tx = self.database.begin().await?;
        let office = office(&mut tx, due.case).await?;
        store::postpone(&mut tx, due, &office, (&error.to_string(), next_at)).await?;
        Ok(tx.commit().await?)
    }

    async fn drop_due(&self, due: &Due) -> Result<(), IssueError> {
        let mut tx = self.database.begin().await?;
        store::claim(&mut tx, due).await?;
        Ok(tx.commit().await?)
    }
}

/// The office that has a case; empty where there is none.
async fn office(tx: &mut Tx, case: Uuid) -> Result<String, IssueError> {
    Ok(cases::office_of(tx, case).await?.unwrap_or_default())
}

/// How long to wait after so many attempts in vain.
fn wait(attempts: i64) -> SignedDuration {
    let doublings = u32::try_from(attempts).unwrap_or(u32::MAX).min(16);
    FIRST_WAIT.saturating_mul(1 << doublings).min(LONGEST_WAIT)
}

#[async_trait]
impl Round for Composer {
    fn name(&self) -> &'static str {
        "composer"
    }

    async fn round(&self) -> Result<(), RoundError> {
        self.compose_due().await?;
        Ok(())
    }
}
