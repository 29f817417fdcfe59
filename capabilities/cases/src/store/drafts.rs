use base::Timestamp;
use database::{Error, Result, Row, Tx, params};
use rules::Facts;

/// What a person has filled in so far of one application: one draft per person and service, on all devices.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// Slug of the service.
    pub service: String,
    /// The version of its folder with which the draft was begun.
    pub service_version: String,
    /// Makes sending twice harmless.
    pub idempotency_key: String,
    /// What was typed; what registries know is read afresh.
    pub answers: Facts,
    /// Grows with each saving: tells a device that another one saved meanwhile.
    pub revision: i64,
    /// Last saving.
    pub updated_at: Timestamp,
}

/// A person's draft of one service.
///
/// # Errors
/// What the database refuses.
pub async fn find_draft(tx: &mut Tx, fiscal_code: &str, service: &str) -> Result<Option<Draft>> {
    let sql = "SELECT service, service_version, idempotency_key, answers, revision, updated_at FROM drafts \
               WHERE applicant = $1 AND service = $2";
    tx.row(sql, params![fiscal_code, service]).await?.map(|row| draft(&row)).transpose()
}

/// All drafts of a person, last saved first.
///
/// # Errors
/// What the database refuses.
pub async fn drafts_of(tx: &mut Tx, fiscal_code: &str) -> Result<Vec<Draft>> {
    let sql = "SELECT service, service_version, idempotency_key, answers, revision, updated_at FROM drafts \
               WHERE applicant = $1 ORDER BY updated_at DESC";
    tx.rows(sql, params![fiscal_code]).await?.iter().map(draft).collect()
}

/// Saves a draft over the revision that the writer had read. `false`: another device saved meanwhile, nothing written.
///
/// # Errors
/// What the database refuses.
pub async fn save_draft(tx: &mut Tx, fiscal_code: &str, draft: &Draft) -> Result<bool> {
    let answers = serde_json::to_string(&draft.answers).map_err(|error| Error::Column("answers", error.to_string()))?;
    let sql = "INSERT INTO drafts (applicant, service, service_version, idempotency_key, answers, revision, updated_at) \
               VALUES ($1, $2, $3, $4, $5, $6 + 1, $7) \
               ON CONFLICT (applicant, service) DO UPDATE SET service_version = excluded.service_version, \
                 answers = excluded.answers, revision = excluded.revision, updated_at = excluded.updated_at \
               WHERE drafts.revision = $6";
    let key = params![fiscal_code, &draft.service, &draft.service_version, &draft.idempotency_key];
    let rest = params![answers, draft.revision, draft.updated_at];
    Ok(tx.execute(sql, &[key.as_slice(), rest.as_slice()].concat()).await? > 0)
}

/// Forgets a draft, once sent or when the person throws it away.
///
/// # Errors
/// What the database refuses.
pub async fn forget_draft(tx: &mut Tx, fiscal_code: &str, service: &str) -> Result<()> {
    forget_drafts(tx, &[fiscal_code], service).await
}

/// Forgets the drafts of several people for one service.
///
/// # Errors
/// What the database refuses.
pub async fn forget_drafts(tx: &mut Tx, applicants: &[&str], service: &str) -> Result<()> {
    tx.execute_in("DELETE FROM drafts WHERE service = $1 AND applicant IN", params![service], applicants).await
}

/// Forgets drafts whose owner begins with `prefix` and that nobody saved since `before`, and the files that only they name.
///
/// # Errors
/// What the database refuses.
pub async fn forget_drafts_of_visits(tx: &mut Tx, prefix: &str, before: Timestamp) -> Result<u64> {
    let files = "DELETE FROM uploads WHERE case_id IS NULL AND EXISTS (SELECT 1 FROM drafts \
                 WHERE applicant LIKE $1 || '%' AND updated_at < $2 AND answers LIKE '%' || uploads.id || '%')";
    tx.execute(files, params![prefix, before]).await?;
    let sql = "DELETE FROM drafts WHERE applicant LIKE $1 || '%' AND updated_at < $2";
    tx.execute(sql, params![prefix, before]).await
}

fn draft(row: &Row) -> Result<Draft> {
    let answers = row.text("answers")?;
    Ok(Draft {
        service: row.text("service")?,
        service_version: row.text("service_version")?,
        idempotency_key: row.text("idempotency_key")?,
        answers: serde_json::from_str(&answers).map_err(|error| Error::Column("answers", error.to_string()))?,
        revision: row.int("revision")?,
        updated_at: row.instant("updated_at")?,
    })
}
