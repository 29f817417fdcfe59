//! The cases of a mass decision.

use base::{Cents, Timestamp, Uuid};
use database::{Param, Result, Row, Tx, params};

use super::lists::{CaseRow, case_row, columns};

/// Rows of a page.
const PAGE: usize = 25;
/// Cases to look at before confirming.
const SAMPLE: usize = 10;

/// What became of a case in a mass decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ItemState {
    /// It would be granted, or waits for it.
    Grantable,
    /// It cannot be granted together with others.
    Excluded,
    /// It was granted.
    Granted,
    /// It was left out after the confirmation.
    Left,
}

base::keyed!(pub ItemState {
    Grantable => "grantable",
    Excluded => "excluded",
    Granted => "granted",
    Left => "left",
});

/// A case in a mass decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Which decision.
    pub mass: Uuid,
    /// Which case.
    pub case: Uuid,
    /// Its place in the list, from 0.
    pub place: i64,
    /// By which the sample is drawn: nobody chooses it, and it is the same for everybody.
    pub draw: String,
    /// The last act of a person when it was tried.
    pub seen: i64,
    /// What it gives; `None` where nothing is paid or it gives nothing.
    pub cents: Option<Cents>,
    /// What became of it.
    pub state: ItemState,
    /// Why it is not granted, as a key of the words; empty otherwise.
    pub reason: String,
}

/// Puts cases on the list. One that moved in the worklist meanwhile stands on it already.
///
/// # Errors
/// What the database refuses.
pub async fn insert_items(tx: &mut Tx, items: &[Item]) -> Result<()> {
    let row = |item: &Item| -> Vec<Param> {
        let Item { mass, case, place, draw, seen, cents, state, reason } = item;
        params![*mass, *case, *place, draw, *seen, cents.map(|cents| cents.0), state.key(), reason].to_vec()
    };
    let rows: Vec<_> = items.iter().map(row).collect();
    let into = "INSERT INTO mass_items (mass, case_id, place, draw, seen, cents, state, reason)";
    tx.insert_all(into, &rows, "ON CONFLICT DO NOTHING").await
}

/// The next cases that wait to be granted, in the order of the list.
///
/// # Errors
/// What the database refuses.
pub async fn next_items(tx: &mut Tx, mass: Uuid, most: usize) -> Result<Vec<Item>> {
    let sql = format!(
        "SELECT mass, case_id, place, draw, seen, cents, state, reason FROM mass_items \
         WHERE mass = $1 AND state = 'grantable' AND reason = '' ORDER BY place LIMIT {most}"
    );
    tx.rows(&sql, params![mass]).await?.iter().map(item).collect()
}

/// Writes down what became of a case that waited, and counts it; tells whether it did wait.
///
/// # Errors
/// What the database refuses.
pub async fn settle_item(tx: &mut Tx, (mass, case): (Uuid, Uuid), state: ItemState, reason: &str) -> Result<bool> {
    let sql = "UPDATE mass_items SET state = $3, reason = $4 WHERE mass = $1 AND case_id = $2 AND state = 'grantable'";
    if tx.execute(sql, params![mass, case, state.key(), reason]).await? == 0 {
        return Ok(false);
    }
    let counted = match state {
        ItemState::Granted => "UPDATE mass_decisions SET granted = granted + 1 WHERE id = $1",
        _ => "UPDATE mass_decisions SET left_out = left_out + 1 WHERE id = $1",
    };
    tx.execute(counted, params![mass]).await?;
    Ok(true)
}

/// The confirmed mass decision in which a case waits to be granted: which one, from when on, and the last act of a
/// person that it counts on.
///
/// # Errors
/// What the database refuses.
pub async fn pending_of(tx: &mut Tx, case: Uuid) -> Result<Option<(Uuid, Timestamp, i64)>> {
    let sql = "SELECT mass_items.mass AS mass, takes_effect_at, seen FROM mass_items \
               JOIN mass_decisions ON mass_decisions.id = mass_items.mass \
               WHERE case_id = $1 AND state = 'grantable' AND ended_at IS NULL AND takes_effect_at IS NOT NULL";
    let found = tx.row(sql, params![case]).await?;
    found.map(|row| Ok((row.id("mass")?, row.instant("takes_effect_at")?, row.int("seen")?))).transpose()
}

/// Cases of a mass decision of which the same can be said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// What became of them.
    pub state: ItemState,
    /// Why they are not granted, as a key of the words.
    pub reason: String,
    /// How many.
    pub cases: i64,
    /// What they give together.
    pub cents: Cents,
}

/// All cases of a mass decision by what can be said of them, the most first.
///
/// # Errors
/// What the database refuses.
pub async fn groups(tx: &mut Tx, mass: Uuid) -> Result<Vec<Group>> {
    let sql = "SELECT state, reason, count(*) AS cases, CAST(COALESCE(sum(cents), 0) AS BIGINT) AS cents \
               FROM mass_items WHERE mass = $1 GROUP BY state, reason ORDER BY cases DESC, state, reason";
    let group = |row: &Row| {
        let (state, reason) = (row.parsed("state")?, row.text("reason")?);
        Ok(Group { state, reason, cases: row.int("cases")?, cents: Cents(row.int("cents")?) })
    };
    tx.rows(sql, params![mass]).await?.iter().map(group).collect()
}

/// A case of a mass decision, as a list shows it. One that its office passed on is not shown there any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemRow {
    /// Its place in the list.
    pub place: i64,
    /// What it gives.
    pub cents: Option<Cents>,
    /// The case.
    pub case: CaseRow,
}

macro_rules! rows {
    ($rest:literal) => {
        columns!(
            ", place, cents",
            "mass_items JOIN cases ON cases.id = mass_items.case_id WHERE mass = $1 \
             AND cases.office = (SELECT office FROM mass_decisions WHERE mass_decisions.id = $1) ",
            $rest
        )
    };
}

/// Some of those that would be granted, drawn by lot: the same whoever looks.
///
/// # Errors
/// What the database refuses.
pub async fn sample(tx: &mut Tx, mass: Uuid) -> Result<Vec<ItemRow>> {
    let sql = format!("{} LIMIT {SAMPLE}", rows!("AND mass_items.state = 'grantable' ORDER BY draw"));
    tx.rows(&sql, params![mass]).await?.iter().map(item_row).collect()
}

/// A page of those of which the same can be said, behind a place in the list; and whether more follow.
///
/// # Errors
/// What the database refuses.
pub async fn items_of(
    tx: &mut Tx,
    mass: Uuid,
    (state, reason): (ItemState, &str),
    behind: i64,
) -> Result<(Vec<ItemRow>, bool)> {
    let of = rows!("AND mass_items.state = $2 AND reason = $3 AND place > $4 ORDER BY place");
    let sql = format!("{of} LIMIT {}", PAGE + 1);
    let rows = tx.rows(&sql, params![mass, state.key(), reason, behind]).await?;
    let mut found: Vec<_> = rows.iter().map(item_row).collect::<Result<_>>()?;
    let more = found.len() > PAGE;
    found.truncate(PAGE);
    Ok((found, more))
}

fn item_row(row: &Row) -> Result<ItemRow> {
    Ok(ItemRow { place: row.int("place")?, cents: row.opt_int("cents")?.map(Cents), case: case_row(row)? })
}

fn item(row: &Row) -> Result<Item> {
    Ok(Item {
        mass: row.id("mass")?,
        case: row.id("case_id")?,
        place: row.int("place")?,
        draw: row.text("draw")?,
        seen: row.int("seen")?,
        cents: row.opt_int("cents")?.map(Cents),
        state: row.parsed("state")?,
        reason: row.text("reason")?,
    })
}
