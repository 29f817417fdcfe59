use base::{Date, Timestamp, Uuid};
use database::{Result, Row, Tx, params};

use super::staff;
use crate::{Absence, Colleague, Officer};

const COLUMNS: &str = "id, office, absent, absent_name, substitute, substitute_name, first_day, last_day, declared_by";

pub(crate) async fn insert(tx: &mut Tx, new: &Absence, now: Timestamp) -> Result<()> {
    let sql = "INSERT INTO identity_absences (id, office, absent, absent_name, substitute, substitute_name, first_day, \
               last_day, declared_by, declared_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    let who = params![new.id, &new.office, &new.absent.id, &new.absent.name, &new.substitute.id, &new.substitute.name];
    let when = params![new.first, new.last, &new.declared_by, now];
    tx.execute(sql, &[who.as_slice(), when.as_slice()].concat()).await.map(drop)
}

pub(crate) async fn end(tx: &mut Tx, id: Uuid, (office, by): (&str, &str), now: Timestamp) -> Result<bool> {
    let sql = "UPDATE identity_absences SET ended_by = $3, ended_at = $4 \
               WHERE id = $1 AND office = $2 AND ended_at IS NULL";
    Ok(tx.execute(sql, params![id, office, by, now]).await? == 1)
}

/// Those that are not over on this day, first ones first.
pub(crate) async fn of_office(tx: &mut Tx, office: &str, today: Date) -> Result<Vec<Absence>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM identity_absences WHERE office = $1 AND last_day >= $2 AND ended_at IS NULL \
         ORDER BY first_day, absent_name, id"
    );
    tx.rows(&sql, params![office, today]).await?.iter().map(absence).collect()
}

/// Those whose work an official does on this day, as their own accounts are now: of the same office, and not disabled.
pub(crate) async fn stood_in_for(tx: &mut Tx, officer: &Officer, today: Date) -> Result<Vec<(Officer, Date)>> {
    let sql = "SELECT absent, MAX(last_day) AS last_day FROM identity_absences \
               WHERE substitute = $1 AND office = $2 AND first_day <= $3 AND last_day >= $3 AND ended_at IS NULL \
               GROUP BY absent ORDER BY absent";
    let mut found = Vec::new();
    for row in tx.rows(sql, params![&officer.id, &officer.office, today]).await? {
        let absent = staff::active(tx, &row.text("absent")?).await?;
        if let Some(absent) = absent.filter(|absent| absent.office == officer.office) {
            found.push((absent, row.date("last_day")?));
        }
    }
    Ok(found)
}

fn absence(row: &Row) -> Result<Absence> {
    let colleague = |id: &'static str, name: &'static str| -> Result<Colleague> {
        Ok(Colleague { id: row.text(id)?, name: row.text(name)? })
    };
    Ok(Absence {
        id: row.id("id")?,
        office: row.text("office")?,
        absent: colleague("absent", "absent_name")?,
        substitute: colleague("substitute", "substitute_name")?,
        first: row.date("first_day")?,
        last: row.date("last_day")?,
        declared_by: row.text("declared_by")?,
    })
}
