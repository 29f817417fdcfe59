//! Names that officials see in lists and searches: less than opening a case, and still a reading that the person sees.

use base::{Timestamp, Translated, rome_date};
use database::Database;

use crate::{Reader, store};

/// A list of people that an official is about to see.
#[derive(Debug, Clone)]
pub struct Listing<'a> {
    /// Who looks.
    pub reader: &'a Reader,
    /// What kind of list it is, in the program's words: `cases/worklist`, `cases/search`.
    pub kind: &'static str,
    /// Why, in plain words.
    pub purpose: &'a Translated,
    /// Fiscal codes of those whose names it shows.
    pub subjects: Vec<&'a str>,
}

/// Writes down who will be seen in a list, before it is shown: who cannot be recorded is not seen. One row for each
/// official, day, person and kind of list, all in one statement; a list that shows nobody new that day writes nothing,
/// so that leafing through one's own worklist costs a look-up.
///
/// # Errors
/// What the database refuses.
pub async fn record_listing(database: &Database, now: Timestamp, listing: &Listing<'_>) -> database::Result<()> {
    let day = rome_date(now);
    let mut tx = database.read().await?;
    let known = store::listings::known(&mut tx, day, listing).await?;
    drop(tx);
    // Of a case that was destroyed a list names nobody.
    let unknown = |subject: &&str| !subject.is_empty() && !known.contains(*subject);
    let mut new: Vec<&str> = listing.subjects.iter().copied().filter(unknown).collect();
    new.sort_unstable();
    new.dedup();
    if new.is_empty() {
        return Ok(());
    }
    let mut tx = database.begin().await?;
    store::listings::insert(&mut tx, (day, now), listing, &new).await?;
    tx.commit().await
}
