use base::{Chance, Clock, FiscalCode, Timestamp, Translated, Uuid, new_id};
use database::Tx;

use crate::{Officer, store};

/// Who looked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reader {
    /// Identifier of the official, or of the institution that asked by program.
    pub id: String,
    /// As the person reads it.
    pub name: String,
    /// The office, as the person reads it.
    pub office: Translated,
}

impl Reader {
    /// An official; `office` is the name of the office as people know it.
    #[must_use]
    pub fn officer(officer: &Officer, office: Translated) -> Self {
        Self { id: officer.id.clone(), name: officer.name.clone(), office }
    }
}

/// One reading of a person's data by somebody else.
#[derive(Debug, Clone)]
pub struct DataRead<'a> {
    /// Who looked.
    pub reader: &'a Reader,
    /// Why, in plain words: "istruttoria della domanda di assegno unico".
    pub purpose: &'a Translated,
    /// Whose data they are.
    pub subject: &'a FiscalCode,
    /// What was seen: "domanda, nucleo familiare, ISEE".
    pub what: &'a Translated,
    /// The case in whose course it happened.
    pub case: Option<Uuid>,
}

/// Writes a reading down, in the transaction that reads: who cannot be recorded sees nothing. The person finds it
/// under `/profilo/letture` (design.md, section 4; art. 15 GDPR, recipients).
///
/// # Errors
/// When the database refuses the write (a transaction made with `Database::read` always does).
pub async fn record_read(
    tx: &mut Tx,
    clock: &dyn Clock,
    chance: &dyn Chance,
    read: &DataRead<'_>,
) -> database::Result<()> {
    store::reads::insert(tx, new_id(clock, chance), clock.now(), read).await
}

/// The case was destroyed at `now`: readings in its course stay for the time that they have of their own (24 months, as the
/// register of logins), those that had it already are forgotten.
///
/// # Errors
/// What the database refuses.
pub async fn release_reads(tx: &mut Tx, case: Uuid, now: Timestamp) -> database::Result<()> {
    let span = crate::rooms::REGISTER;
    let (horizon, until) = (now.saturating_sub(span), now.saturating_add(span));
    store::reads::release(tx, case, horizon.unwrap_or(Timestamp::MIN), until.unwrap_or(Timestamp::MAX)).await
}
