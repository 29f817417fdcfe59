//! Decisions on many cases together, as they are kept.

use base::{Timestamp, Uuid};
use database::{Error, Result, Row, Tx, params};

use super::worklist::Place;

/// A decision on many cases together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MassDecision {
    /// Identifier.
    pub id: Uuid,
    /// Of which office.
    pub office: String,
    /// Slug of the service; there is one.
    pub service: String,
    /// Who heads the office and decides.
    pub officer: String,
    /// The name of who decides.
    pub officer_name: String,
    /// What was chosen: names and values of the worklist's form.
    pub wanted: Vec<(String, String)>,
    /// When the list was begun.
    pub began_at: Timestamp,
    /// How many cases were tried so far.
    pub listed: i64,
    /// Behind which case of the worklist the list goes on.
    pub place: Option<Place>,
    /// When the list was complete.
    pub listed_at: Option<Timestamp>,
    /// Why they are granted; empty until it is confirmed.
    pub motivation: String,
    /// When it was confirmed.
    pub confirmed_at: Option<Timestamp>,
    /// From when on it takes effect; until then it can be taken back.
    pub takes_effect_at: Option<Timestamp>,
    /// How many cases were granted.
    pub granted: i64,
    /// How many were left out after it was confirmed.
    pub left_out: i64,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// How it ended: the key of an [`Ending`](crate::mass::Ending).
    pub ending: Option<String>,
}

macro_rules! columns {
    ($rest:literal) => {
        concat!(
            "SELECT id, office, service, officer, officer_name, wanted, began_at, listed, place, listed_at, motivation, \
             confirmed_at, takes_effect_at, granted, left_out, ended_at, ending FROM mass_decisions ",
            $rest
        )
    };
}

/// Writes down that a list is begun.
///
/// # Errors
/// [`Error::Conflict`] where the office has one under way for this service.
pub async fn begin_mass(tx: &mut Tx, mass: &MassDecision) -> Result<()> {
    let sql = "INSERT INTO mass_decisions (id, office, service, officer, officer_name, wanted, began_at, listed, \
                 motivation, granted, left_out) VALUES ($1, $2, $3, $4, $5, $6, $7, 0, '', 0, 0)";
    let MassDecision { id, office, service, officer, officer_name, wanted, began_at, .. } = mass;
    let wanted = serde_json::json!(wanted).to_string();
    tx.execute(sql, params![*id, office, service, officer, officer_name, wanted, *began_at]).await.map(drop)
}

/// One of an office, for who heads it.
///
/// # Errors
/// What the database refuses.
pub async fn find_mass(tx: &mut Tx, id: Uuid) -> Result<Option<MassDecision>> {
    tx.row(columns!("WHERE id = $1"), params![id]).await?.map(|row| mass(&row)).transpose()
}

/// The one that an office has under way for a service.
///
/// # Errors
/// What the database refuses.
pub async fn open_mass(tx: &mut Tx, office: &str, service: &str) -> Result<Option<MassDecision>> {
    let sql = columns!("WHERE office = $1 AND service = $2 AND ended_at IS NULL");
    tx.row(sql, params![office, service]).await?.map(|row| mass(&row)).transpose()
}

/// The last ones of an office, latest first.
///
/// # Errors
/// What the database refuses.
pub async fn mass_decisions(tx: &mut Tx, office: &str) -> Result<Vec<MassDecision>> {
    let sql = columns!("WHERE office = $1 ORDER BY began_at DESC, id LIMIT 50");
    tx.rows(sql, params![office]).await?.iter().map(mass).collect()
}

/// Writes down how far the list is; with an instant, that it is complete.
///
/// # Errors
/// What the database refuses.
pub async fn note_listed(tx: &mut Tx, mass: &MassDecision) -> Result<()> {
    let sql = "UPDATE mass_decisions SET listed = $2, place = $3, listed_at = $4 WHERE id = $1";
    let place = mass.place.map(|place| place.to_string());
    tx.execute(sql, params![mass.id, mass.listed, place, mass.listed_at]).await.map(drop)
}

/// Writes down that it is confirmed, from when on it takes effect, and why.
///
/// # Errors
/// What the database refuses.
pub async fn confirm_mass(
    tx: &mut Tx,
    mass: &MassDecision,
    (now, takes_effect_at): (Timestamp, Timestamp),
    motivation: &str,
) -> Result<()> {
    let sql = "UPDATE mass_decisions SET officer = $2, officer_name = $3, motivation = $4, confirmed_at = $5, \
                 takes_effect_at = $6 WHERE id = $1 AND ended_at IS NULL AND confirmed_at IS NULL";
    let params = params![mass.id, &mass.officer, &mass.officer_name, motivation, now, takes_effect_at];
    tx.execute(sql, params).await.map(drop)
}

/// Writes down that it is over; what ended before stays as it is. Tells whether it did.
///
/// # Errors
/// What the database refuses.
pub async fn end_mass(tx: &mut Tx, id: Uuid, now: Timestamp, ending: &str) -> Result<bool> {
    let sql = "UPDATE mass_decisions SET ended_at = $2, ending = $3 WHERE id = $1 AND ended_at IS NULL";
    Ok(tx.execute(sql, params![id, now, ending]).await? > 0)
}

fn mass(row: &Row) -> Result<MassDecision> {
    let place = row.opt_text("place")?.map(|text| text.parse());
    let unreadable = |error: serde_json::Error| Error::Column("wanted", error.to_string());
    Ok(MassDecision {
        id: row.id("id")?,
        office: row.text("office")?,
        service: row.text("service")?,
        officer: row.text("officer")?,
        officer_name: row.text("officer_name")?,
        wanted: serde_json::from_str(&row.text("wanted")?).map_err(unreadable)?,
        began_at: row.instant("began_at")?,
        listed: row.int("listed")?,
        place: place.transpose().map_err(|()| Error::Column("place", "no place in a worklist".to_owned()))?,
        listed_at: row.opt_parsed("listed_at")?,
        motivation: row.text("motivation")?,
        confirmed_at: row.opt_parsed("confirmed_at")?,
        takes_effect_at: row.opt_parsed("takes_effect_at")?,
        granted: row.int("granted")?,
        left_out: row.int("left_out")?,
        ended_at: row.opt_parsed("ended_at")?,
        ending: row.opt_text("ending")?,
    })
}
