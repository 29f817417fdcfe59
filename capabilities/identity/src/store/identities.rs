use base::Timestamp;
use database::{Error, Result, Row, Tx, params};

use crate::identities::{DigitalIdentity, SaidBy, Verdict};

/// Notes a login; whether the person never came with this identity before.
pub(crate) async fn note(tx: &mut Tx, person: &str, (provider, account): (&str, &str), now: Timestamp) -> Result<bool> {
    let sql = "INSERT INTO identity_pairs (fiscal_code, provider, spid_code, first_login_at, last_login_at)
               VALUES ($1, $2, $3, $4, $4) ON CONFLICT (fiscal_code, provider, spid_code) DO NOTHING";
    let fresh = tx.execute(sql, params![person, provider, account, now]).await? == 1;
    if !fresh {
        let sql = "UPDATE identity_pairs SET last_login_at = $4
                   WHERE fiscal_code = $1 AND provider = $2 AND spid_code = $3";
        tx.execute(sql, params![person, provider, account, now]).await?;
    }
    Ok(fresh)
}

/// Oldest first.
pub(crate) async fn of_person(tx: &mut Tx, person: &str) -> Result<Vec<DigitalIdentity>> {
    let sql = "SELECT provider, spid_code, first_login_at, last_login_at, verdict, said_by FROM identity_pairs
               WHERE fiscal_code = $1 ORDER BY first_login_at, provider, spid_code";
    tx.rows(sql, params![person]).await?.iter().map(identity).collect()
}

pub(crate) async fn say(
    tx: &mut Tx,
    person: &str,
    one: &DigitalIdentity,
    (verdict, by): (Verdict, SaidBy),
    now: Timestamp,
) -> Result<()> {
    let sql = "UPDATE identity_pairs SET verdict = $4, said_by = $5, said_at = $6
               WHERE fiscal_code = $1 AND provider = $2 AND spid_code = $3";
    let params = params![person, &one.provider, &one.account, verdict.as_str(), by.as_str(), now];
    tx.execute(sql, params).await.map(drop)
}

fn identity(row: &Row) -> Result<DigitalIdentity> {
    let verdict = match row.opt_text("verdict")? {
        Some(text) => {
            let verdict =
                Verdict::stored(&text).ok_or_else(|| Error::Column("verdict", format!("«{text}» is none")))?;
            let office = row.opt_text("said_by")?.as_deref() == Some(SaidBy::Office.as_str());
            Some((verdict, if office { SaidBy::Office } else { SaidBy::Person }))
        }
        None => None,
    };
    Ok(DigitalIdentity {
        provider: row.text("provider")?,
        account: row.text("spid_code")?,
        first_login_at: row.instant("first_login_at")?,
        last_login_at: row.opt_parsed("last_login_at")?,
        verdict,
    })
}
