use base::{Timestamp, Uuid};
use database::{Result, Row, Tx, params};

/// A case of another office that somebody opened in an emergency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Emergency {
    /// Identifier.
    pub id: Uuid,
    /// The case.
    pub case: Uuid,
    /// Who opened it: account, name, office.
    pub officer: (String, String, String),
    /// Why, in their words.
    pub reason: String,
    /// When.
    pub opened_at: Timestamp,
    /// Until when it can be seen.
    pub until: Timestamp,
    /// What whoever reviewed it said.
    pub review: Option<Review>,
}

/// What came of a review.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    /// Who reviewed it, by name.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// Whether there was an emergency.
    pub justified: bool,
    /// In their words.
    pub text: String,
}

const COLUMNS: &str = "id, case_id, officer, officer_name, office, reason, opened_at, until, reviewed_by, reviewed_at, \
                       justified, verdict";
/// The longest list of what was reviewed.
const MOST: i64 = 200;

/// The case of this number of a register, if it is of this applicant.
///
/// # Errors
/// What the database refuses.
pub async fn find_numbered(
    tx: &mut Tx,
    offices: &[String],
    (number, year): (i64, i64),
    applicant: &str,
) -> Result<Option<Uuid>> {
    let sql = "SELECT id FROM cases \
               WHERE applicant = $1 AND protocol_year = $2 AND protocol_number = $3 AND protocol_office = $4";
    for office in offices {
        if let Some(row) = tx.row(sql, params![applicant, year, number, office]).await? {
            return row.id("id").map(Some);
        }
    }
    Ok(None)
}

/// Writes that somebody opens a case in an emergency.
///
/// # Errors
/// What the database refuses.
pub async fn open_emergency(tx: &mut Tx, new: &Emergency) -> Result<()> {
    let sql = "INSERT INTO case_emergencies (id, case_id, officer, officer_name, office, reason, opened_at, until) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    let (officer, name, office) = &new.officer;
    let rest = params![&new.reason, new.opened_at, new.until];
    tx.execute(sql, &[params![new.id, new.case, officer, name, office].as_slice(), rest.as_slice()].concat())
        .await
        .map(drop)
}

/// One of this officer's.
///
/// # Errors
/// What the database refuses.
pub async fn find_emergency(tx: &mut Tx, id: Uuid, officer: &str) -> Result<Option<Emergency>> {
    let sql = format!("SELECT {COLUMNS} FROM case_emergencies WHERE id = $1 AND officer = $2");
    tx.row(&sql, params![id, officer]).await?.map(|row| emergency(&row)).transpose()
}

/// How many this officer opened since an instant.
///
/// # Errors
/// What the database refuses.
pub async fn emergencies_since(tx: &mut Tx, officer: &str, since: Timestamp) -> Result<i64> {
    let sql = "SELECT count(*) AS n FROM case_emergencies WHERE officer = $1 AND opened_at >= $2";
    tx.number(sql, params![officer, since]).await
}

/// Those that nobody has reviewed, oldest first, then the others, latest first.
///
/// # Errors
/// What the database refuses.
pub async fn emergencies(tx: &mut Tx) -> Result<Vec<Emergency>> {
    let open = format!("SELECT {COLUMNS} FROM case_emergencies WHERE reviewed_at IS NULL ORDER BY opened_at, id");
    let over = format!(
        "SELECT {COLUMNS} FROM case_emergencies WHERE reviewed_at IS NOT NULL ORDER BY opened_at DESC, id LIMIT {MOST}"
    );
    let mut rows = tx.rows(&open, &[]).await?;
    rows.extend(tx.rows(&over, &[]).await?);
    rows.iter().map(emergency).collect()
}

/// Those of a case, first ones first.
///
/// # Errors
/// What the database refuses.
pub async fn emergencies_of(tx: &mut Tx, case: Uuid) -> Result<Vec<Emergency>> {
    let sql = format!("SELECT {COLUMNS} FROM case_emergencies WHERE case_id = $1 ORDER BY opened_at, id");
    tx.rows(&sql, params![case]).await?.iter().map(emergency).collect()
}

/// Writes what came of a review, once, and not by who opened it. `false`: there is nothing to review.
///
/// # Errors
/// What the database refuses.
pub async fn review_emergency(tx: &mut Tx, id: Uuid, reviewer: &str, review: &Review) -> Result<bool> {
    let sql = "UPDATE case_emergencies SET reviewed_by = $3, reviewed_at = $4, justified = $5, verdict = $6 \
               WHERE id = $1 AND officer <> $2 AND reviewed_at IS NULL";
    let said = params![id, reviewer, &review.by, review.at, i64::from(review.justified), &review.text];
    Ok(tx.execute(sql, said).await? == 1)
}

fn emergency(row: &Row) -> Result<Emergency> {
    let review = match row.opt_parsed::<Timestamp>("reviewed_at")? {
        None => None,
        Some(at) => Some(Review {
            by: row.text("reviewed_by")?,
            at,
            justified: row.int("justified")? != 0,
            text: row.text("verdict")?,
        }),
    };
    Ok(Emergency {
        id: row.id("id")?,
        case: row.id("case_id")?,
        officer: (row.text("officer")?, row.text("officer_name")?, row.text("office")?),
        reason: row.text("reason")?,
        opened_at: row.instant("opened_at")?,
        until: row.instant("until")?,
        review,
    })
}
