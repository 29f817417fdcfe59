use base::{Timestamp, Uuid};
use database::{Error, Result, Row, Tx, params};

use crate::signing::{Answer, Answered, Kept, Person, Signing, State};

const COLUMNS: &str = "id, applicant, applicant_name, service, service_version, service_name, state, confirmed_at, \
    expires_at, digest, ended_at, asked_again_at, case_id";

/// Writes an application that waits from now on. `false`: another of this person and service does already.
///
/// # Errors
/// What the database refuses.
pub async fn insert_signing(tx: &mut Tx, signing: &Signing, kept: &Kept) -> Result<bool> {
    let content = serde_json::to_string(kept).map_err(|error| Error::Column("content", error.to_string()))?;
    let sql = "INSERT INTO signings (id, applicant, applicant_name, service, service_version, service_name, state, \
                 confirmed_at, expires_at, digest, content, touched) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0) \
               ON CONFLICT (applicant, service) WHERE state = 'waiting' DO NOTHING";
    let who = params![signing.id, &signing.applicant, &signing.applicant_name];
    let what = params![&signing.service, &signing.service_version, &signing.service_name, signing.state.key()];
    let rest = params![signing.confirmed_at, signing.expires_at, &signing.digest, content];
    if tx.execute(sql, &[who.as_slice(), what.as_slice(), rest.as_slice()].concat()).await? == 0 {
        return Ok(false);
    }
    let row = |(place, person): (i64, &Person)| {
        params![signing.id, &person.code, place, &person.role, "", 0_i64, "", ""].to_vec()
    };
    let rows: Vec<_> = (0..).zip(&signing.people).map(row).collect();
    let into = "INSERT INTO signing_people (signing, signer, place, role, name, level, digest, reason)";
    tx.insert_all(into, &rows, "").await?;
    Ok(true)
}

/// A signing to be changed: whoever else wants to change it waits until this unit of work is over.
///
/// # Errors
/// What the database refuses.
pub async fn hold_signing(tx: &mut Tx, id: Uuid) -> Result<Option<Signing>> {
    tx.execute("UPDATE signings SET touched = touched + 1 WHERE id = $1", params![id]).await?;
    find_signing(tx, id).await
}

/// A signing by identifier: whose it is the caller asks.
///
/// # Errors
/// What the database refuses.
pub async fn find_signing(tx: &mut Tx, id: Uuid) -> Result<Option<Signing>> {
    let sql = format!("SELECT {COLUMNS} FROM signings WHERE id = $1");
    match tx.row(&sql, params![id]).await? {
        Some(row) => whole(tx, &row).await.map(Some),
        None => Ok(None),
    }
}

/// A signing, if this person must sign it, or had to.
///
/// # Errors
/// What the database refuses.
pub async fn find_signing_of_signer(tx: &mut Tx, id: Uuid, signer: &str) -> Result<Option<Signing>> {
    let sql = "SELECT signing FROM signing_people WHERE signing = $1 AND signer = $2";
    match tx.row(sql, params![id, signer]).await? {
        Some(_) => find_signing(tx, id).await,
        None => Ok(None),
    }
}

/// The last signing of this person and service, waiting or ended.
///
/// # Errors
/// What the database refuses.
pub async fn last_signing(tx: &mut Tx, applicant: &str, service: &str) -> Result<Option<Signing>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM signings WHERE applicant = $1 AND service = $2 ORDER BY confirmed_at DESC, id DESC LIMIT 1"
    );
    match tx.row(&sql, params![applicant, service]).await? {
        Some(row) => whole(tx, &row).await.map(Some),
        None => Ok(None),
    }
}

/// Whether an application of this person to this service waits for signatures.
///
/// # Errors
/// What the database refuses.
pub async fn signing_waits(tx: &mut Tx, applicant: &str, service: &str, now: Timestamp) -> Result<bool> {
    let sql = "SELECT id FROM signings WHERE applicant = $1 AND service = $2 AND state = 'waiting' AND expires_at > $3";
    Ok(tx.row(sql, params![applicant, service, now]).await?.is_some())
}

/// Of each service the last signing of this person's, latest first.
///
/// # Errors
/// What the database refuses.
pub async fn signings_of_applicant(tx: &mut Tx, applicant: &str) -> Result<Vec<Signing>> {
    let sql =
        format!("SELECT {COLUMNS} FROM signings WHERE applicant = $1 ORDER BY confirmed_at DESC, id DESC LIMIT 100");
    let mut found: Vec<Signing> = Vec::new();
    for row in tx.rows(&sql, params![applicant]).await? {
        if !found.iter().any(|one| row.text("service").is_ok_and(|service| service == one.service)) {
            found.push(whole(tx, &row).await?);
        }
    }
    Ok(found)
}

/// All that this person must sign, or had to, latest first.
///
/// # Errors
/// What the database refuses.
pub async fn signings_of_signer(tx: &mut Tx, signer: &str) -> Result<Vec<Signing>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM signings WHERE id IN (SELECT signing FROM signing_people WHERE signer = $1) \
         ORDER BY confirmed_at DESC, id DESC LIMIT 100"
    );
    let mut found = Vec::new();
    for row in tx.rows(&sql, params![signer]).await? {
        found.push(whole(tx, &row).await?);
    }
    Ok(found)
}

/// What will be filed; `None` once it has ended.
///
/// # Errors
/// What the database refuses.
pub async fn kept_of_signing(tx: &mut Tx, id: Uuid) -> Result<Option<Kept>> {
    let Some(row) = tx.row("SELECT content FROM signings WHERE id = $1", params![id]).await? else { return Ok(None) };
    let content = row.text("content")?;
    if content.is_empty() {
        return Ok(None);
    }
    serde_json::from_str(&content).map(Some).map_err(|error| Error::Column("content", error.to_string()))
}

/// Writes where a signing stands. Of what has ended the content is forgotten: it is in the act, or in the draft.
///
/// # Errors
/// What the database refuses.
pub async fn update_signing(tx: &mut Tx, signing: &Signing) -> Result<()> {
    let sql = "UPDATE signings SET state = $2, ended_at = $3, asked_again_at = $4, case_id = $5, \
               content = CASE WHEN $2 = 'waiting' THEN content ELSE '' END WHERE id = $1";
    let row = params![signing.id, signing.state.key(), signing.ended_at, signing.asked_again_at, signing.case];
    tx.execute(sql, row).await.map(drop)
}

/// Writes the answer of somebody who must sign, where there is none yet. `false`: there is one.
///
/// # Errors
/// What the database refuses.
pub async fn answer_signing(tx: &mut Tx, id: Uuid, code: &str, answered: &Answered) -> Result<bool> {
    let sql = "UPDATE signing_people SET answer = $3, answered_at = $4, name = $5, level = $6, digest = $7, reason = $8 \
               WHERE signing = $1 AND signer = $2 AND answer IS NULL";
    let who = params![id, code, answer_key(answered.answer), answered.at, &answered.name];
    let rest = params![i64::from(answered.level), &answered.digest, &answered.reason];
    Ok(tx.execute(sql, &[who.as_slice(), rest.as_slice()].concat()).await? > 0)
}

/// Notes that all who have not answered were reminded.
///
/// # Errors
/// What the database refuses.
pub async fn remind_signers(tx: &mut Tx, id: Uuid, now: Timestamp) -> Result<()> {
    let sql = "UPDATE signing_people SET reminded_at = $2 WHERE signing = $1 AND answer IS NULL";
    tx.execute(sql, params![id, now]).await.map(drop)
}

/// Forgets signings that ended before an instant and came to nothing; gives their number.
///
/// # Errors
/// What the database refuses.
pub async fn forget_ended_signings(tx: &mut Tx, before: Timestamp) -> Result<u64> {
    let ended = "ended_at < $1 AND state <> 'waiting' AND case_id IS NULL";
    let people = format!("DELETE FROM signing_people WHERE signing IN (SELECT id FROM signings WHERE {ended})");
    tx.execute(&people, params![before]).await?;
    tx.execute(&format!("DELETE FROM signings WHERE {ended}"), params![before]).await
}

/// Forgets who signed a case that is destroyed.
///
/// # Errors
/// What the database refuses.
pub(super) async fn forget_signing_of(tx: &mut Tx, case: Uuid) -> Result<()> {
    let sql = "DELETE FROM signing_people WHERE signing IN (SELECT id FROM signings WHERE case_id = $1)";
    tx.execute(sql, params![case]).await?;
    tx.execute("DELETE FROM signings WHERE case_id = $1", params![case]).await.map(drop)
}

const fn answer_key(answer: Answer) -> &'static str {
    match answer {
        Answer::Signed => "signed",
        Answer::Declined => "declined",
    }
}

async fn whole(tx: &mut Tx, row: &Row) -> Result<Signing> {
    let (id, state) = (row.id("id")?, row.text("state")?);
    let sql = "SELECT signer, role, answer, answered_at, name, level, digest, reason, reminded_at FROM signing_people \
               WHERE signing = $1 ORDER BY place";
    let people = tx.rows(sql, params![id]).await?.iter().map(person).collect::<Result<_>>()?;
    Ok(Signing {
        id,
        applicant: row.text("applicant")?,
        applicant_name: row.text("applicant_name")?,
        service: row.text("service")?,
        service_version: row.text("service_version")?,
        service_name: row.text("service_name")?,
        state: State::of_key(&state).ok_or_else(|| Error::Column("state", state.clone()))?,
        confirmed_at: row.instant("confirmed_at")?,
        expires_at: row.instant("expires_at")?,
        digest: row.text("digest")?,
        ended_at: row.opt_parsed("ended_at")?,
        asked_again_at: row.opt_parsed("asked_again_at")?,
        case: row.opt_parsed("case_id")?,
        people,
    })
}

fn person(row: &Row) -> Result<Person> {
    let answer = match row.opt_text("answer")?.as_deref() {
        Some("signed") => Some(Answer::Signed),
        Some(_) => Some(Answer::Declined),
        None => None,
    };
    let at: Option<Timestamp> = row.opt_parsed("answered_at")?;
    let answered = match answer.zip(at) {
        Some((answer, at)) => Some(Answered {
            answer,
            at,
            name: row.text("name")?,
            level: u8::try_from(row.int("level")?).unwrap_or(0),
            digest: row.text("digest")?,
            reason: row.text("reason")?,
        }),
        None => None,
    };
    let (code, role) = (row.text("signer")?, row.text("role")?);
    Ok(Person { code, role, answered, reminded_at: row.opt_parsed("reminded_at")? })
}
