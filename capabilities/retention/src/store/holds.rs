use base::{Date, Timestamp, Uuid, rome_date};
use database::{Result, Row, Tx, params};
use identity::Officer;

use crate::hold::{Hold, Kind};

/// How many holds of an office a page shows, newest first; those that stand are read without end.
const MOST: i64 = 200;

const COLUMNS: &str = "SELECT id, office, kind, target, shown, reason, until, placed_at, placed_by, placed_by_name, lifted_at, \
    lifted_by_name, lift_reason FROM retention_holds WHERE";

pub(crate) async fn place(tx: &mut Tx, hold: &Hold) -> Result<()> {
    let sql = "INSERT INTO retention_holds (id, office, kind, target, shown, reason, until, placed_at, placed_by, \
               placed_by_name) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    let Hold { id, office, kind, target, shown, reason, until, placed_at, placed_by, .. } = hold;
    let what = params![*id, office, kind.key(), target, shown, reason, *until];
    let who = params![*placed_at, &placed_by.0, &placed_by.1];
    tx.execute(sql, &[what.as_slice(), who.as_slice()].concat()).await.map(drop)
}

/// Lifts a hold; false when somebody did already.
pub(crate) async fn lift(tx: &mut Tx, id: Uuid, by: &Officer, (reason, now): (&str, Timestamp)) -> Result<bool> {
    let sql = "UPDATE retention_holds SET lifted_at = $2, lifted_by = $3, lifted_by_name = $4, lift_reason = $5 \
               WHERE id = $1 AND lifted_at IS NULL";
    Ok(tx.execute(sql, params![id, now, &by.id, &by.name, reason]).await? == 1)
}

/// The holds of an office, newest first, before them those of cases that came to it from another office.
pub(crate) async fn holds(tx: &mut Tx, office: &str) -> Result<Vec<Hold>> {
    let sql = format!("{COLUMNS} kind = 'case' AND office <> $1 AND lifted_at IS NULL ORDER BY placed_at DESC, id");
    let mut holds = Vec::new();
    for hold in tx.rows(&sql, params![office]).await?.iter().map(hold) {
        let hold = hold?;
        holds.extend(is_of(tx, &hold, office).await?.then_some(hold));
    }
    let sql = format!("{COLUMNS} office = $1 ORDER BY placed_at DESC, id LIMIT {MOST}");
    holds.extend(tx.rows(&sql, params![office]).await?.iter().map(hold).collect::<Result<Vec<_>>>()?);
    Ok(holds)
}

/// A hold of an office, also of a case that came to it.
pub(crate) async fn find_hold(tx: &mut Tx, office: &str, id: Uuid) -> Result<Option<Hold>> {
    let Some(row) = tx.row(&format!("{COLUMNS} id = $1"), params![id]).await? else { return Ok(None) };
    let hold = hold(&row)?;
    Ok(is_of(tx, &hold, office).await?.then_some(hold))
}

/// Whether an office placed a hold, or has the case that it is about.
async fn is_of(tx: &mut Tx, hold: &Hold, office: &str) -> Result<bool> {
    if hold.office == office {
        return Ok(true);
    }
    match hold.target.parse() {
        Ok(case) if hold.kind == Kind::Case => Ok(cases::office_of(tx, case).await?.as_deref() == Some(office)),
        _ => Ok(false),
    }
}

/// The holds for an office that stand on a day: its own, and those of single cases, which stand wherever the case is.
pub(crate) async fn standing(tx: &mut Tx, office: &str, today: Date) -> Result<Vec<Hold>> {
    let sql = format!("{COLUMNS} (office = $1 OR kind = 'case') AND lifted_at IS NULL");
    let holds: Vec<Hold> = tx.rows(&sql, params![office]).await?.iter().map(hold).collect::<Result<_>>()?;
    Ok(holds.into_iter().filter(|hold| hold.stands(today)).collect())
}

/// How many of them are the office's, or of a case that it has.
pub(crate) async fn count_standing(tx: &mut Tx, office: &str, today: Date) -> Result<usize> {
    let mut count = 0;
    for hold in standing(tx, office, today).await? {
        count += usize::from(is_of(tx, &hold, office).await?);
    }
    Ok(count)
}

/// Of holds of a person that were lifted before a moment, or whose last day was before that day, whose they were and why is
/// forgotten; that there was one stays.
pub(crate) async fn forget_holds(tx: &mut Tx, before: Timestamp) -> Result<u64> {
    let sql = "UPDATE retention_holds SET target = '', shown = '', reason = '', \
               lift_reason = CASE WHEN lift_reason IS NULL THEN NULL ELSE '' END \
               WHERE kind = 'person' AND target <> '' AND (lifted_at < $1 OR until < $2)";
    tx.execute(sql, params![before, rome_date(before)]).await
}

fn hold(row: &Row) -> Result<Hold> {
    let lifted = match row.opt_parsed("lifted_at")? {
        Some(at) => Some((at, row.text("lifted_by_name")?, row.text("lift_reason")?)),
        None => None,
    };
    Ok(Hold {
        id: row.id("id")?,
        office: row.text("office")?,
        kind: row.parsed("kind")?,
        target: row.text("target")?,
        shown: row.text("shown")?,
        reason: row.text("reason")?,
        until: row.opt_parsed("until")?,
        placed_at: row.instant("placed_at")?,
        placed_by: (row.text("placed_by")?, row.text("placed_by_name")?),
        lifted,
    })
}
