//! The keys by which names are found.

use base::Uuid;
use database::{Param, Result, Tx, params};

use crate::search::keys;

/// How many cases get their keys in one unit of work.
const MOST: i64 = 500;

/// Somebody who asked: office, identifier of the case, name and fiscal code.
pub(super) type Asker<'a> = (&'a str, Uuid, &'a str, &'a str);

/// Writes the keys of cases.
pub(super) async fn insert_names<'a>(tx: &mut Tx, cases: impl Iterator<Item = Asker<'a>>) -> Result<()> {
    let mut rows: Vec<Vec<Param>> = Vec::new();
    for (office, case, name, code) in cases {
        rows.extend(keys(name, code).into_iter().map(|key| params![office, key, case].to_vec()));
    }
    tx.insert_all("INSERT INTO case_names (office, key, case_id)", &rows, "").await
}

/// Lets another office than the one before find a case, and that one no more. By its keys, because their index begins with
/// them.
pub(super) async fn move_names(tx: &mut Tx, before: &str, (office, case, name, code): Asker<'_>) -> Result<()> {
    let keys = keys(name, code);
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    let sql = "UPDATE case_names SET office = $1 WHERE office = $2 AND case_id = $3 AND key IN";
    tx.execute_in(sql, params![office, before, case], &keys).await.map(drop)
}

/// Gives keys to cases that the version before wrote; tells whether there may be more.
///
/// # Errors
/// What the database refuses.
pub async fn name_old(tx: &mut Tx) -> Result<bool> {
    let sql = "SELECT id, office, applicant_name, applicant FROM cases WHERE named IS NULL LIMIT $1";
    let mut found = Vec::new();
    for row in tx.rows(sql, params![MOST]).await? {
        found.push((row.id("id")?, row.text("office")?, row.text("applicant_name")?, row.text("applicant")?));
    }
    insert_names(tx, found.iter().map(|(id, office, name, code)| (&**office, *id, &**name, &**code))).await?;
    let ids: Vec<String> = found.iter().map(|(id, ..)| id.to_string()).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    tx.execute_in("UPDATE cases SET named = 1 WHERE id IN", params![], &ids).await?;
    Ok(!ids.is_empty())
}
