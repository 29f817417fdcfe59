use base::{Timestamp, rome_date, rome_midnight};
use database::{Error, Result, Tx, params};

use crate::protocol::{Numbers, Protocol};

/// Takes the next number of an office's register. The register's row stays locked until the transaction ends: a
/// number is taken if and only if what it registers is written, and numbers follow the order of commits.
///
/// # Errors
/// What the database refuses.
pub async fn next_number(tx: &mut Tx, office: &str, at: Timestamp) -> Result<Numbers> {
    next_numbers(tx, office, at, 1).await
}

/// Takes `many` consecutive numbers in one statement, all of one instant; as [`next_number`] otherwise.
///
/// # Errors
/// What the database refuses.
pub async fn next_numbers(tx: &mut Tx, office: &str, at: Timestamp, many: i64) -> Result<Numbers> {
    let (numbers, begins_later) = take(tx, office, at, many).await?;
    let Some(later) = begins_later else { return Ok(numbers) };
    // The last day of that year is closed: the clock was set back over New Year, or stood just before it when this
    // transaction began. Nothing is taken from the closed year.
    let sql = "UPDATE protocol_registers SET last = last - $3 WHERE office = $1 AND year = $2";
    tx.execute(sql, params![office, i64::from(numbers.first.year), many]).await?;
    let (numbers, closed) = take(tx, office, later, many).await?;
    match closed {
        None => Ok(numbers),
        Some(_) => Err(Error::Conflict(format!("the protocol register of {office} is ahead of the clock by a year"))),
    }
}

/// The instant of something that is written about registrations (an annulment): like that of a registration, it is
/// never earlier than what the register holds, and never in a day that was closed.
///
/// # Errors
/// What the database refuses.
pub async fn stamp(tx: &mut Tx, office: &str, at: Timestamp) -> Result<Timestamp> {
    Ok(next_numbers(tx, office, at, 0).await?.at)
}

/// Sees to it that nothing is registered any more before `until`, in the register of that instant's year and in the
/// one of the moment before.
///
/// # Errors
/// What the database refuses.
pub async fn close_until(tx: &mut Tx, office: &str, until: Timestamp) -> Result<()> {
    let before = until.saturating_sub(jiff::SignedDuration::from_micros(1)).unwrap_or(until);
    for year in [rome_date(before).year(), rome_date(until).year()] {
        advance(tx, office, year, until, 0).await?;
    }
    Ok(())
}

/// Takes numbers from the register of the year of `at`; beside them, the beginning of the next year if that register
/// is already closed.
async fn take(tx: &mut Tx, office: &str, at: Timestamp, many: i64) -> Result<(Numbers, Option<Timestamp>)> {
    let year = rome_date(at).year();
    let (last, at) = advance(tx, office, year, at, many).await?;
    let first = Protocol { office: office.to_owned(), year, number: last - many + 1 };
    let closed = rome_date(at).year() > year;
    let next_year = base::Date::new(year.saturating_add(1), 1, 1).map(rome_midnight).ok();
    Ok((Numbers { first, at }, next_year.filter(|_| closed).map(|begins| begins.max(at))))
}

/// Moves a register on, and gives its last number and the instant of the last registration.
async fn advance(tx: &mut Tx, office: &str, year: i16, at: Timestamp, many: i64) -> Result<(i64, Timestamp)> {
    // Instants are texts of one length, so that their order is the order of time.
    let sql = "INSERT INTO protocol_registers (office, year, last, last_at) VALUES ($1, $2, $3, $4) \
               ON CONFLICT (office, year) DO UPDATE SET last = protocol_registers.last + excluded.last, \
                 last_at = CASE WHEN protocol_registers.last_at > excluded.last_at \
                   THEN protocol_registers.last_at ELSE excluded.last_at END \
               RETURNING last, last_at";
    let row = tx.row(sql, params![office, i64::from(year), many, at]).await?;
    let row = row.ok_or_else(|| Error::Conflict(format!("the protocol register of {office} gave no number")))?;
    Ok((row.int("last")?, row.instant("last_at")?))
}
