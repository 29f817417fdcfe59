//! Terms as rows keep them, and what the office's lists and figures ask about them.

use catalogue::Measured;
use database::{Result, Row, Tx, params};
use deadlines::{Cause, Silence};

const CAUSES: [(&str, Cause); 3] =
    [("integration", Cause::IntegrationRequest), ("notice", Cause::RefusalNotice), ("opinion", Cause::Opinion)];
const SILENCES: [(&str, Silence); 2] = [("consent", Silence::Consent), ("refusal", Silence::Refusal)];

/// Why a term stands still, as stored; `None` for what does not stop one.
pub(super) fn cause_key(cause: Cause) -> Option<&'static str> {
    CAUSES.iter().find(|(_, known)| *known == cause).map(|(key, _)| *key)
}

pub(super) fn cause_of(key: &str) -> Option<Cause> {
    CAUSES.iter().find(|(known, _)| *known == key).map(|(_, cause)| *cause)
}

/// What silence means, as stored; `None` where it decides nothing.
pub(super) fn silence_key(silence: Silence) -> Option<&'static str> {
    SILENCES.iter().find(|(_, known)| *known == silence).map(|(key, _)| *key)
}

pub(super) fn silence_of(key: &str) -> Option<Silence> {
    SILENCES.iter().find(|(known, _)| *known == key).map(|(_, silence)| *silence)
}

/// Below this nothing is published: an average would tell of single people.
const FEWEST: usize = 10;

/// Of the last thousand cases of a service that an act decided: the days from the receipt to the act, and whether it came
/// in the term. `None` below [`FEWEST`].
async fn times(tx: &mut Tx, service: &str) -> Result<Option<Vec<(i64, bool)>>> {
    let sql = "SELECT submitted_at, closed_on, due FROM cases WHERE service = $1 AND state IN ('granted', 'refused') \
               ORDER BY closed_on DESC LIMIT 1000";
    let time = |row: &Row| {
        let (filed, closed) = (base::rome_date(row.instant("submitted_at")?), row.date("closed_on")?);
        let days = filed.until(closed).map_or(0, |span| span.get_days());
        Ok((i64::from(days), closed <= row.date("due")?))
    };
    let times = tx.rows(sql, params![service]).await?.iter().map(time).collect::<Result<Vec<_>>>()?;
    Ok(Some(times).filter(|times| FEWEST <= times.len()))
}

/// How long a service took to decide (art. 2 c. 4-bis L. 241/1990); `None` below ten decided cases.
///
/// # Errors
/// What the database refuses.
pub async fn measured(tx: &mut Tx, service: &str) -> Result<Option<Measured>> {
    let Some(times) = times(tx, service).await? else { return Ok(None) };
    let cases = i64::try_from(times.len()).unwrap_or(i64::MAX);
    let days: i64 = times.iter().map(|(days, _)| days).sum();
    let in_time: i64 = times.iter().map(|(_, in_time)| i64::from(*in_time)).sum();
    Ok(Some(Measured { cases, average_days: (days + cases - 1) / cases, in_time_percent: in_time * 100 / cases }))
}

/// Within how many days nine tenths of a service's decided cases were decided; `None` below ten.
///
/// # Errors
/// What the database refuses.
pub async fn ninth_decile_days(tx: &mut Tx, service: &str) -> Result<Option<i64>> {
    let Some(times) = times(tx, service).await? else { return Ok(None) };
    let mut days: Vec<i64> = times.into_iter().map(|(days, _)| days).collect();
    days.sort_unstable();
    Ok(days.get((days.len() * 9).div_ceil(10) - 1).copied())
}
