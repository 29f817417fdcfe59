//! Offices of intermediaries and who works there.

use catalogue::{Intermediary, IntermediaryKind};
use database::{Result, Row, Tx, params};

/// All offices with all who work there, in the order of the file.
pub(crate) async fn all(tx: &mut Tx) -> Result<Vec<Intermediary>> {
    let sql = "SELECT id, kind, name, seat FROM intermediary_offices ORDER BY position";
    let mut found = tx.rows(sql, &[]).await?.iter().map(office).collect::<Result<Vec<_>>>()?;
    let sql = "SELECT office, operator, name FROM intermediary_operators ORDER BY office, operator";
    for row in tx.rows(sql, &[]).await? {
        let of = row.text("office")?;
        if let Some(office) = found.iter_mut().find(|office| office.id == of) {
            office.operators.push((row.parsed("operator")?, row.text("name")?));
        }
    }
    Ok(found)
}

/// Puts this list in the place of the one there is.
pub(crate) async fn replace(tx: &mut Tx, offices: &[Intermediary]) -> Result<()> {
    tx.execute("DELETE FROM intermediary_operators", &[]).await?;
    tx.execute("DELETE FROM intermediary_offices", &[]).await?;
    for (office, position) in offices.iter().zip(0_i64..) {
        let sql = "INSERT INTO intermediary_offices (id, position, kind, name, seat) VALUES ($1, $2, $3, $4, $5)";
        let values = params![&office.id, position, office.kind.key(), &office.name, &office.seat];
        tx.execute(sql, values).await?;
        for (operator, name) in &office.operators {
            let sql = "INSERT INTO intermediary_operators (office, operator, name) VALUES ($1, $2, $3)";
            tx.execute(sql, params![&office.id, operator, name]).await?;
        }
    }
    Ok(())
}

/// The offices in which somebody works at present; of the others nothing.
pub(crate) async fn of_operator(tx: &mut Tx, operator: &str) -> Result<Vec<Intermediary>> {
    let sql = "SELECT o.id, o.kind, o.name, o.seat FROM intermediary_offices o \
               JOIN intermediary_operators p ON p.office = o.id WHERE p.operator = $1 ORDER BY o.position";
    tx.rows(sql, params![operator]).await?.iter().map(office).collect()
}

/// Without those who work there.
fn office(row: &Row) -> Result<Intermediary> {
    Ok(Intermediary {
        id: row.text("id")?,
        kind: row.parsed::<IntermediaryKind>("kind")?,
        name: row.text("name")?,
        seat: row.text("seat")?,
        operators: Vec::new(),
    })
}
