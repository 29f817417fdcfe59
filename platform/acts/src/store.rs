mod erase;

use base::{Chance, Timestamp, Uuid};
use database::{Error, Result, Row, Tx, params};

use crate::{
    Payload,
    act::{Act, Body, Content, NewAct, digest},
    follow::Cursor,
};

pub use erase::{erase, erased};

/// Why acts could not be appended.
#[derive(Debug, thiserror::Error)]
pub enum AppendError {
    /// Somebody else wrote to the case since it was read: read it again and decide anew.
    #[error("the case changed meanwhile: expected {expected} acts, found {found}")]
    Stale {
        /// How many acts the writer had seen.
        expected: i64,
        /// How many there are.
        found: i64,
    },
    /// The content could not be written as JSON: a defect of ours.
    #[error(transparent)]
    Content(#[from] serde_json::Error),
    /// The database refused.
    #[error(transparent)]
    Database(#[from] Error),
}

impl AppendError {
    /// The same for who answers a person: `stale` where somebody else wrote meanwhile, which each room says in its own words.
    #[must_use]
    pub fn or<F: From<Error> + From<serde_json::Error>>(self, stale: F) -> F {
        match self {
            Self::Stale { .. } => stale,
            Self::Content(error) => error.into(),
            Self::Database(error) => error.into(),
        }
    }
}

/// Appends acts of one case, all at the instant `at`.
///
/// `seen` is the last `seq` that the writer has read (0 for a new case); `None` appends whatever is there, for acts
/// that contradict nothing, such as a letter issued.
///
/// # Errors
/// [`AppendError::Stale`] when the case has moved on since `seen`.
pub async fn append(
    tx: &mut Tx,
    at: Timestamp,
    chance: &dyn Chance,
    seen: Option<i64>,
    acts: &[NewAct],
) -> std::result::Result<Vec<Act>, AppendError> {
    let Some(first) = acts.first() else { return Ok(Vec::new()) };
    debug_assert!(acts.iter().all(|act| act.case == first.case), "one call appends to one case");
    let start = reserve(tx, acts.len()).await?;
    let found = last_seq(tx, first.case).await?;
    if let Some(expected) = seen.filter(|seen| *seen != found) {
        return Err(AppendError::Stale { expected, found });
    }
    let mut written = Vec::with_capacity(acts.len());
    for (act, step) in acts.iter().zip(0i64..) {
        let sealed = seal(act, at, found + 1 + step, chance.bytes())?;
        written.push(Act { position: start + step, ..sealed });
    }
    insert(tx, &written).await?;
    Ok(written)
}

/// Appends the first act of each of many new cases, all at the same instant, in few statements: what comes in when many
/// people send at the same moment.
///
/// # Errors
/// [`Error::Conflict`] when one of the cases has an act already: nothing of it may be committed then.
pub async fn open_all(
    tx: &mut Tx,
    at: Timestamp,
    chance: &dyn Chance,
    acts: &[NewAct],
) -> std::result::Result<Vec<Act>, AppendError> {
    let start = reserve(tx, acts.len()).await?;
    let mut written = Vec::with_capacity(acts.len());
    for (act, position) in acts.iter().zip(start..) {
        written.push(Act { position, ..seal(act, at, 1, chance.bytes())? });
    }
    insert(tx, &written).await?;
    Ok(written)
}

fn seal(act: &NewAct, at: Timestamp, seq: i64, salt: [u8; 32]) -> std::result::Result<Act, serde_json::Error> {
    let (actor, payload) = (act.actor.clone(), Payload::from(&act.payload));
    let content = Content { actor, at, case: act.case, kind: act.kind.to_owned(), payload, seq };
    let text = serde_json::to_string(&content)?;
    let Content { actor, case, payload, kind, .. } = content;
    let digest = digest(&salt, &text);
    Ok(Act { position: 0, case, seq, kind, at, digest, body: Some(Body { actor, payload, content: text, salt }) })
}

/// Takes the next positions. The counter's row stays locked until the transaction ends, so that nobody else can take
/// a later position and commit first: the book has no holes and its order is the order of commits.
async fn reserve(tx: &mut Tx, many: usize) -> Result<i64> {
    let many = i64::try_from(many).unwrap_or(i64::MAX);
    let sql = "UPDATE act_counter SET next = next + $1 WHERE one = 1 RETURNING next - $1 AS start";
    tx.row(sql, params![many]).await?.map_or(Ok(0), |row| row.int("start"))
}

async fn last_seq(tx: &mut Tx, case: Uuid) -> Result<i64> {
    tx.number("SELECT max(seq) AS n FROM acts WHERE case_id = $1", params![case]).await
}

async fn insert(tx: &mut Tx, acts: &[Act]) -> Result<()> {
    let row = |act: &Act| params![act.position, act.case, act.seq, &act.kind, act.at, &act.digest].to_vec();
    let rows: Vec<_> = acts.iter().map(row).collect();
    tx.insert_all("INSERT INTO acts (position, case_id, seq, kind, at, digest)", &rows, "").await?;
    let body = |act: &Act| Some(params![act.position, &act.body.as_ref()?.content, &act.body.as_ref()?.salt].to_vec());
    let bodies: Vec<_> = acts.iter().filter_map(body).collect();
    tx.insert_all("INSERT INTO act_contents (position, content, salt)", &bodies, "").await
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT a.position, a.case_id, a.seq, a.kind, a.at, a.digest, c.content, c.salt \
             FROM acts a LEFT JOIN act_contents c ON c.position = a.position ",
            $rest
        )
    };
}

/// All acts of a case, in order.
///
/// # Errors
/// What the database refuses.
pub async fn of_case(tx: &mut Tx, case: Uuid) -> Result<Vec<Act>> {
    read(tx.rows(select!("WHERE a.case_id = $1 ORDER BY a.seq"), params![case]).await?)
}

/// One act of a case.
///
/// # Errors
/// What the database refuses.
pub async fn one(tx: &mut Tx, case: Uuid, seq: i64) -> Result<Option<Act>> {
    let row = tx.row(select!("WHERE a.case_id = $1 AND a.seq = $2"), params![case, seq]).await?;
    row.map(|row| act(&row)).transpose()
}

/// At most `limit` acts from `position` on, in order.
///
/// # Errors
/// What the database refuses.
pub async fn after(tx: &mut Tx, position: i64, limit: i64) -> Result<Vec<Act>> {
    read(tx.rows(select!("WHERE a.position >= $1 ORDER BY a.position LIMIT $2"), params![position, limit]).await?)
}

/// The digests of positions `from` (included) to `to` (excluded): leaves of the log.
///
/// # Errors
/// What the database refuses.
pub async fn digests(tx: &mut Tx, from: i64, to: i64) -> Result<Vec<[u8; 32]>> {
    let sql = "SELECT digest FROM acts WHERE position >= $1 AND position < $2 ORDER BY position";
    let rows = tx.rows(sql, params![from, to]).await?;
    rows.iter().map(|row| bytes(row.blob("digest")?, "digest")).collect()
}

/// How many acts there are.
///
/// # Errors
/// What the database refuses.
pub async fn count(tx: &mut Tx) -> Result<i64> {
    tx.number("SELECT next AS n FROM act_counter", params![]).await
}

/// How many acts of each kind there are from one position up to another.
///
/// # Errors
/// What the database refuses.
pub async fn kinds_between(tx: &mut Tx, from: i64, until: i64) -> Result<Vec<(String, i64)>> {
    let sql = "SELECT kind, count(*) AS n FROM acts WHERE position >= $1 AND position < $2 GROUP BY kind";
    let rows = tx.rows(sql, params![from, until]).await?;
    rows.iter().map(|row| Ok((row.text("kind")?, row.int("n")?))).collect()
}

/// Where in the book an act of a case stands.
///
/// # Errors
/// What the database refuses.
pub async fn position_of(tx: &mut Tx, case: Uuid, seq: i64) -> Result<Option<i64>> {
    let sql = "SELECT position FROM acts WHERE case_id = $1 AND seq = $2";
    tx.row(sql, params![case, seq]).await?.map(|row| row.int("position")).transpose()
}

pub(crate) async fn cursor(tx: &mut Tx, name: &'static str) -> Result<Cursor> {
    let sql = "SELECT next AS n FROM act_followers WHERE name = $1";
    Ok(Cursor { name, next: tx.number(sql, params![name]).await? })
}

/// Every follower that has begun, with the next position it wants.
///
/// # Errors
/// What the database refuses.
pub async fn cursors(tx: &mut Tx) -> Result<Vec<(String, i64)>> {
    let rows = tx.rows("SELECT name, next FROM act_followers ORDER BY name", params![]).await?;
    rows.iter().map(|row| Ok((row.text("name")?, row.int("next")?))).collect()
}

pub(crate) async fn move_cursor(tx: &mut Tx, cursor: &Cursor) -> Result<()> {
    let sql = "INSERT INTO act_followers (name, next) VALUES ($1, $2) \
               ON CONFLICT (name) DO UPDATE SET next = excluded.next";
    tx.execute(sql, params![cursor.name, cursor.next]).await.map(drop)
}

fn read(rows: Vec<Row>) -> Result<Vec<Act>> {
    rows.iter().map(act).collect()
}

fn act(row: &Row) -> Result<Act> {
    let salt = row.opt_blob("salt")?.map(|salt| bytes(salt, "salt")).transpose()?;
    let body = row.opt_text("content")?.zip(salt).map(|(content, salt)| body(content, salt)).transpose()?;
    Ok(Act {
        position: row.int("position")?,
        case: row.id("case_id")?,
        seq: row.int("seq")?,
        kind: row.text("kind")?,
        at: row.instant("at")?,
        digest: bytes(row.blob("digest")?, "digest")?,
        body,
    })
}

fn body(content: String, salt: [u8; 32]) -> Result<Body> {
    let parsed: Content =
        serde_json::from_str(&content).map_err(|error| Error::Column("content", error.to_string()))?;
    Ok(Body { actor: parsed.actor, payload: parsed.payload, content, salt })
}

fn bytes(blob: Vec<u8>, column: &'static str) -> Result<[u8; 32]> {
    blob.try_into().map_err(|blob: Vec<u8>| Error::Column(column, format!("{} bytes instead of 32", blob.len())))
}
