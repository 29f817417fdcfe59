use base::{Chance, Clock, Timestamp, Translated, Uuid, new_id};
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
    /// Fiscal code of the person or company whose data they are.
    pub subject: &'a str,
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

/// A reading that was written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// When.
    pub at: Timestamp,
    /// Who looked.
    pub reader_name: String,
    /// Their office, or by which title they looked.
    pub office: Translated,
    /// What was seen.
    pub what: Translated,
}

/// Who looked at the data of a person or company, latest first: for a page that shows it to whom it concerns.
///
/// # Errors
/// What the database refuses.
pub async fn readings_of(tx: &mut Tx, subject: &str, most: i64) -> database::Result<Vec<Reading>> {
    let reading = |row: store::reads::ReadRow| Reading {
        at: row.at,
        reader_name: row.reader_name,
        office: row.office,
        what: row.what,
    };
    Ok(store::reads::of_person(tx, subject, most, 0).await?.into_iter().map(reading).collect())
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
