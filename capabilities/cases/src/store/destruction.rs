//! Cases whose time is over, and what is left of them.

use acts::{Actor, NewAct};
use base::{Chance, Date, Timestamp, Uuid, rome_date};
use catalogue::Horizons;
use database::{Result, Row, Tx, params};

use super::{lists::protocol, signings::forget_signing_of, worklist::MOST_COUNTED};
use crate::{
    case::State,
    payload::{Destroyed, Protocol, kind},
    search::keys,
};

/// A case that was closed and not destroyed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Identifier.
    pub id: Uuid,
    /// Slug of the service.
    pub service: String,
    /// Fiscal code of the applicant.
    pub applicant: String,
    /// Its number.
    pub protocol: Protocol,
    /// When it was closed.
    pub closed_on: Date,
    /// Whether what was asked for was granted.
    pub granted: bool,
}

impl Kept {
    /// Whether it has been kept long enough.
    #[must_use]
    pub fn is_over(&self, horizons: Horizons) -> bool {
        self.closed_on < if self.granted { horizons.granted } else { horizons.other }
    }
}

const OVER: &str = "FROM cases WHERE office = $1 AND service = $2 AND closed_on IS NOT NULL AND destroyed_on IS NULL \
    AND closed_on < $3 AND (closed_on < $4 OR state NOT IN ('granted', 'granted_by_silence'))";
const COLUMNS: &str = "id, service, applicant, protocol_office, protocol_year, protocol_number, closed_on, state";

/// At most `limit` of an office's cases of a service that have been kept long enough, those closed first first, from
/// behind `after` on.
///
/// # Errors
/// What the database refuses.
pub async fn over(
    tx: &mut Tx,
    (office, service): (&str, &str),
    horizons: Horizons,
    (after, limit): ((Date, Uuid), i64),
) -> Result<Vec<Kept>> {
    let sql = format!("SELECT {COLUMNS} {OVER} AND (closed_on, id) > ($5, $6) ORDER BY closed_on, id LIMIT $7");
    let params = params![office, service, horizons.other, horizons.granted, after.0, after.1, limit];
    tx.rows(&sql, params).await?.iter().map(kept).collect()
}

/// How many of an office's cases of a service have been kept long enough; counted up to a thousand, then only that there
/// are more.
///
/// # Errors
/// What the database refuses.
pub async fn count_over(tx: &mut Tx, (office, service): (&str, &str), horizons: Horizons) -> Result<i64> {
    let most = MOST_COUNTED + 1;
    let sql = format!("SELECT count(*) AS n FROM (SELECT 1 {OVER} LIMIT {most}) AS counted");
    tx.number(&sql, params![office, service, horizons.other, horizons.granted]).await
}

/// A case, if it is closed and was not destroyed.
///
/// # Errors
/// What the database refuses.
pub async fn find_kept(tx: &mut Tx, id: Uuid) -> Result<Option<Kept>> {
    let sql = format!("SELECT {COLUMNS} FROM cases WHERE id = $1 AND closed_on IS NOT NULL AND destroyed_on IS NULL");
    tx.row(&sql, params![id]).await?.map(|row| kept(&row)).transpose()
}

/// Which case of an office has a number, of its own register or of that of the office it was filed with, if it is not
/// destroyed.
///
/// # Errors
/// What the database refuses.
pub async fn numbered(tx: &mut Tx, protocol: &Protocol, office: &str) -> Result<Option<Uuid>> {
    let sql = "SELECT id FROM cases WHERE protocol_office = $1 AND protocol_year = $2 AND protocol_number = $3 \
               AND office = $4 AND destroyed_on IS NULL";
    let params = params![&protocol.office, i64::from(protocol.year), protocol.number, office];
    tx.row(sql, params).await?.map(|row| row.id("id")).transpose()
}

fn kept(row: &Row) -> Result<Kept> {
    Ok(Kept {
        id: row.id("id")?,
        service: row.text("service")?,
        applicant: row.text("applicant")?,
        protocol: protocol(row)?,
        closed_on: row.date("closed_on")?,
        granted: row.parsed("state").map(State::is_granted)?,
    })
}

/// Destroys what this room and the book hold of a case: what its acts say, its answers, files, keys of the search, and
/// whose it was. An act says so, behind which nothing was erased. Register, digests and a row for the figures stay.
///
/// # Errors
/// What the database refuses.
pub async fn destroy(
    tx: &mut Tx,
    (chance, at): (&dyn Chance, Timestamp),
    case: &Kept,
    why: &Destroyed,
) -> std::result::Result<(), acts::AppendError> {
    let payload = serde_json::to_value(why)?;
    let act = NewAct { case: case.id, kind: kind::DESTROYED, actor: Actor::system(), payload };
    let written = acts::append(tx, at, chance, None, &[act]).await?;
    let seq = written.first().map_or(0, |act| act.seq);
    acts::erase(tx, case.id, seq).await?;
    forget_person(tx, case).await?;
    forget_signing_of(tx, case.id).await?;
    let sql = "UPDATE cases SET applicant = '', applicant_name = '', search = '', rank = NULL, officer = NULL, \
               officer_name = NULL, destroyed_on = $2 WHERE id = $1";
    tx.execute(sql, params![case.id, rome_date(at)]).await?;
    Ok(())
}

async fn forget_person(tx: &mut Tx, case: &Kept) -> Result<()> {
    let sql = "SELECT office, applicant_name FROM cases WHERE id = $1";
    let Some(row) = tx.row(sql, params![case.id]).await? else { return Ok(()) };
    // By its keys, because their index begins with them.
    let keys = keys(&row.text("applicant_name")?, &case.applicant);
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    let sql = "DELETE FROM case_names WHERE office = $1 AND case_id = $2 AND key IN";
    tx.execute_in(sql, params![row.text("office")?, case.id], &keys).await?;
    // Why somebody opened it in an emergency speaks of the person.
    tx.execute("DELETE FROM case_emergencies WHERE case_id = $1", params![case.id]).await?;
    for table in ["submissions WHERE applicant", "uploads WHERE owner"] {
        let sql = format!("DELETE FROM {table} = $1 AND case_id = $2");
        tx.execute(&sql, params![&case.applicant, case.id]).await?;
    }
    Ok(())
}

/// What is left to say of a case that was destroyed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gone {
    /// The office whose it was.
    pub office: String,
    /// Its number in the register, which stays.
    pub protocol: Protocol,
    /// When.
    pub at: Timestamp,
    /// By which list, approved by whom.
    pub why: Destroyed,
}

/// What is left of a case, if it was destroyed.
///
/// # Errors
/// What the database refuses.
pub async fn gone(tx: &mut Tx, id: Uuid) -> Result<Option<Gone>> {
    let sql = "SELECT office, protocol_office, protocol_year, protocol_number FROM cases \
               WHERE id = $1 AND destroyed_on IS NOT NULL";
    let Some(row) = tx.row(sql, params![id]).await? else { return Ok(None) };
    let acts = acts::of_case(tx, id).await?;
    let told = acts.iter().rfind(|act| act.kind == kind::DESTROYED);
    let Some((at, why)) = told.and_then(|act| Some((act.at, act.payload()?))) else { return Ok(None) };
    Ok(Some(Gone { office: row.text("office")?, protocol: protocol(&row)?, at, why }))
}
