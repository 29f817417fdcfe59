//! The list of the offices of intermediaries: read from its file again and again, so that who leaves it loses everything at once.

use std::{
    fs, io,
    path::PathBuf,
    sync::{Mutex, PoisonError},
};

use async_trait::async_trait;
use background::{Round, RoundError};
use catalogue::{Intermediary, read_intermediaries};
use database::{Database, Tx};

use crate::store::offices;

/// How the file is called in messages.
const NAME: &str = "content/intermediaries.toml";

/// Makes this list the one that holds. Whether anything changed.
///
/// # Errors
/// What the database refuses.
pub async fn enrol(tx: &mut Tx, list: &[Intermediary]) -> database::Result<bool> {
    let mut wanted = list.to_vec();
    wanted.iter_mut().for_each(|office| office.operators.sort());
    if offices::all(tx).await? == wanted {
        return Ok(false);
    }
    offices::replace(tx, &wanted).await?;
    Ok(true)
}

/// Looks at the file every few seconds.
pub struct IntermediaryList {
    database: Database,
    file: PathBuf,
    /// The text that was read last.
    last: Mutex<Option<String>>,
}

impl IntermediaryList {
    /// Of this file; where there is none, nobody is on the list.
    #[must_use]
    pub const fn new(database: Database, file: PathBuf) -> Self {
        Self { database, file, last: Mutex::new(None) }
    }

    fn is_known(&self, text: &str) -> bool {
        self.last.lock().unwrap_or_else(PoisonError::into_inner).as_deref() == Some(text)
    }

    fn read(&self) -> io::Result<String> {
        match fs::read_to_string(&self.file) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(String::new()),
            read => read,
        }
    }
}

#[async_trait]
impl Round for IntermediaryList {
    fn name(&self) -> &'static str {
        "mandates-intermediaries"
    }

    /// With a mistake in the file the list stays as it was read last, and the mistake is told once.
    async fn round(&self) -> Result<(), RoundError> {
        let text = self.read()?;
        if self.is_known(&text) {
            return Ok(());
        }
        match read_intermediaries(NAME, &text) {
            Ok(list) => {
                let mut tx = self.database.begin().await?;
                enrol(&mut tx, &list).await?;
                tx.commit().await?;
            }
            Err(told) => {
                for diagnostic in told {
                    tracing::error!("l’elenco degli intermediari resta quello di prima:\n{diagnostic}");
                }
            }
        }
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(text);
        Ok(())
    }
}
