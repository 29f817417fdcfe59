use base::Uuid;
use database::{Result, Row, Tx, params};

use crate::list::Approval;

pub(crate) async fn approve(tx: &mut Tx, list: Uuid, approval: &Approval) -> Result<()> {
    let sql = "INSERT INTO retention_approvals (list, role, officer, officer_name, digest, at) VALUES ($1, $2, $3, $4, $5, $6)";
    let Approval { role, officer, name, digest, at } = approval;
    tx.execute(sql, params![list, role.key(), officer, name, digest, *at]).await.map(drop)
}

/// Who approved a list, first the first.
pub(crate) async fn approvals(tx: &mut Tx, list: Uuid) -> Result<Vec<Approval>> {
    let sql =
        "SELECT role, officer, officer_name, digest, at FROM retention_approvals WHERE list = $1 ORDER BY at, role";
    tx.rows(sql, params![list]).await?.iter().map(approval).collect()
}

fn approval(row: &Row) -> Result<Approval> {
    Ok(Approval {
        role: row.parsed("role")?,
        officer: row.text("officer")?,
        name: row.text("officer_name")?,
        digest: row.text("digest")?,
        at: row.instant("at")?,
    })
}
