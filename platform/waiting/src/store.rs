//! All the SQL of this room.

use base::Timestamp;
use database::{Result, Row, Tx, params};
use jiff::SignedDuration;

use crate::limit::Pace;

/// A door as the database has it. Instants are microseconds.
#[derive(Debug, Clone)]
pub struct Door {
    /// The key of its passes.
    pub secret: String,
    /// Up to which instant slots are given away.
    pub given_until: i64,
    /// The opening before which lots are drawn.
    pub draws_at: Option<i64>,
    /// How far turns were moved altogether; see [`put_off`].
    pub moved: i64,
}

/// The row of a place.
#[derive(Debug, Clone, Copy)]
pub struct Kept {
    pub came: i64,
    pub turn: Option<i64>,
}

pub async fn door(tx: &mut Tx, door: &str) -> Result<Option<Door>> {
    let sql = "SELECT secret, given_until, draws_at, moved FROM waiting_doors WHERE door = $1";
    tx.row(sql, params![door]).await?.map(|row| read_door(&row)).transpose()
}

/// Makes the door, if nobody has yet.
pub async fn make(tx: &mut Tx, door: &str, secret: &str) -> Result<()> {
    let sql = "INSERT INTO waiting_doors (door, secret, given_until) VALUES ($1, $2, 0) ON CONFLICT (door) DO NOTHING";
    tx.execute(sql, params![door, secret]).await.map(drop)
}

/// The door as it is now; whoever else writes about it waits for the commit.
pub async fn lock(tx: &mut Tx, door: &str) -> Result<Door> {
    let sql = "UPDATE waiting_doors SET secret = secret WHERE door = $1 RETURNING secret, given_until, draws_at, moved";
    made(tx.row(sql, params![door]).await?)
}

/// Gives away slots of this length altogether, from `since` on or behind those that are given; gives the door as it is now.
/// Whoever else writes about this door waits for the commit.
pub async fn give(tx: &mut Tx, door: &str, length: i64, since: i64) -> Result<Door> {
    let sql = "UPDATE waiting_doors SET given_until = $2 + CASE WHEN given_until < $3 THEN $3 ELSE given_until END \
               WHERE door = $1 RETURNING secret, given_until, draws_at, moved";
    made(tx.row(sql, params![door, length, since]).await?)
}

fn made(row: Option<Row>) -> Result<Door> {
    let never = || database::Error::Column("door", "the door was never made".to_owned());
    read_door(&row.ok_or_else(never)?)
}

fn read_door(row: &Row) -> Result<Door> {
    Ok(Door {
        secret: row.text("secret")?,
        given_until: row.int("given_until")?,
        draws_at: row.opt_int("draws_at")?,
        moved: row.int("moved")?,
    })
}

/// Lots are drawn for this opening.
pub async fn set_draw(tx: &mut Tx, door: &str, opens: i64) -> Result<()> {
    tx.execute("UPDATE waiting_doors SET draws_at = $2 WHERE door = $1", params![door, opens]).await.map(drop)
}

/// Gives those who came before the opening their turns, by lot, and everybody else what is behind them.
pub async fn draw(tx: &mut Tx, door: &str, (opens, given_until): (i64, i64), pace: &Pace) -> Result<()> {
    let first = given_until.max(opens);
    let turns = "UPDATE waiting_places SET turn = CASE WHEN $2 + drawn.nth * $3 < $4 THEN $4 ELSE $2 + drawn.nth * $3 END \
                 FROM (SELECT person AS drawn_person, row_number() OVER (ORDER BY lot, person) - 1 AS nth \
                       FROM waiting_places WHERE door = $1 AND turn IS NULL) AS drawn \
                 WHERE door = $1 AND person = drawn.drawn_person";
    let many = tx.execute(turns, params![door, pace.turn(first, i64::MIN), pace.step, opens]).await?;
    let many = i64::try_from(many).unwrap_or(i64::MAX);
    let done = "UPDATE waiting_doors SET draws_at = NULL, given_until = $2 WHERE door = $1";
    tx.execute(done, params![door, first.saturating_add(many.saturating_mul(pace.step))]).await.map(drop)
}

pub async fn place(tx: &mut Tx, door: &str, person: &str) -> Result<Option<Kept>> {
    let sql = "SELECT came, turn FROM waiting_places WHERE door = $1 AND person = $2";
    let row = tx.row(sql, params![door, person]).await?;
    row.map(|row| Ok(Kept { came: row.int("came")?, turn: row.opt_int("turn")? })).transpose()
}

/// Puts a person in their place, over one that is worth nothing any more.
pub async fn put(tx: &mut Tx, (door, person): (&str, &str), lot: i64, kept: Kept) -> Result<()> {
    let sql = "INSERT INTO waiting_places (door, person, came, lot, turn) VALUES ($1, $2, $3, $4, $5) \
               ON CONFLICT (door, person) DO UPDATE SET came = excluded.came, lot = excluded.lot, turn = excluded.turn";
    tx.execute(sql, params![door, person, kept.came, lot, kept.turn]).await.map(drop)
}

/// Nobody could come in from `since` until `now`: all turns are that much later, at every door, and an opening that passed
/// meanwhile is now. Nobody who waited comes too late because of it, and those whose turns passed do not come all at once.
///
/// # Errors
/// What the database refuses.
pub async fn put_off(tx: &mut Tx, since: Timestamp, now: Timestamp) -> Result<()> {
    let length = (now.as_microsecond() - since.as_microsecond()).max(0);
    let doors = "UPDATE waiting_doors SET given_until = given_until + $1, moved = moved + $1, \
                 draws_at = CASE WHEN draws_at < $2 THEN $2 ELSE draws_at END";
    tx.execute(doors, params![length, now.as_microsecond()]).await?;
    tx.execute("UPDATE waiting_places SET turn = turn + $1 WHERE turn IS NOT NULL", params![length]).await.map(drop)
}

/// Forgets places whose turn was more than a day ago, and those of openings that never came; gives their number.
///
/// # Errors
/// What the database refuses.
pub async fn forget_old(tx: &mut Tx, now: Timestamp) -> Result<u64> {
    let horizon = now.saturating_sub(SignedDuration::from_hours(24)).unwrap_or(Timestamp::MIN).as_microsecond();
    let sql = "DELETE FROM waiting_places WHERE turn < $1 OR (turn IS NULL AND came < $1)";
    tx.execute(sql, params![horizon]).await
}
