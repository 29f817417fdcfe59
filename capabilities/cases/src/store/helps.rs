use base::{Timestamp, Uuid};
use database::{Result, Row, Tx, params};

/// Help with filling in, that a person asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Help {
    /// Identifier.
    pub id: Uuid,
    /// Fiscal code of the person.
    pub applicant: String,
    /// Name of the person.
    pub applicant_name: String,
    /// Slug of the service.
    pub service: String,
    /// The pages of the form that are shared, by identifier.
    pub pages: Vec<String>,
    /// From when on nothing can be seen any more.
    pub expires_at: Timestamp,
    /// Who helps, by account and name, and since when; `None`: the code was not used yet.
    pub helper: Option<(String, String, Timestamp)>,
    /// When it was ended before its time.
    pub ended_at: Option<Timestamp>,
}

impl Help {
    /// Whether it goes on at an instant.
    #[must_use]
    pub fn is_open(&self, now: Timestamp) -> bool {
        self.ended_at.is_none() && now < self.expires_at
    }
}

/// What a helper did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HelpDeed {
    /// When.
    pub at: Timestamp,
    /// On which page of the form.
    pub page: String,
    /// Whether something was written, and not only seen.
    pub wrote: bool,
}

const COLUMNS: &str =
    "id, applicant, applicant_name, service, pages, expires_at, helper, helper_name, taken_at, ended_at";

/// Begins help under the digest of a code; what this person had open for the service ends.
///
/// # Errors
/// What the database refuses.
pub async fn begin_help(tx: &mut Tx, help: &Help, digest: &str, now: Timestamp) -> Result<()> {
    end_helps(tx, &help.applicant, &help.service, now).await?;
    let sql = "INSERT INTO helps (id, digest, applicant, applicant_name, service, pages, begun_at, expires_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    let who = params![help.id, digest, &help.applicant, &help.applicant_name, &help.service];
    let rest = params![help.pages.join(" "), now, help.expires_at];
    tx.execute(sql, &[who.as_slice(), rest.as_slice()].concat()).await.map(drop)
}

/// Whether this help was begun before.
///
/// # Errors
/// What the database refuses.
pub async fn help_begun(tx: &mut Tx, id: Uuid) -> Result<bool> {
    Ok(tx.number("SELECT count(*) AS n FROM helps WHERE id = $1", params![id]).await? > 0)
}

/// Another code for a help of this person that waits for somebody. `false`: nobody can begin it any more, or it is another's.
///
/// # Errors
/// What the database refuses.
pub async fn renew_help(tx: &mut Tx, help: &Help, digest: &str, now: Timestamp) -> Result<bool> {
    let sql = "UPDATE helps SET digest = $4 WHERE id = $1 AND applicant = $2 AND service = $3 AND helper IS NULL \
               AND ended_at IS NULL AND expires_at > $5";
    Ok(tx.execute(sql, params![help.id, &help.applicant, &help.service, digest, now]).await? == 1)
}

/// Gives the help of this code, which nobody has used, to a helper until an instant. `None`: there is none such.
///
/// # Errors
/// What the database refuses.
pub async fn take_help(
    tx: &mut Tx,
    digest: &str,
    (helper, name): (&str, &str),
    (now, until): (Timestamp, Timestamp),
) -> Result<Option<Uuid>> {
    let sql = "UPDATE helps SET helper = $2, helper_name = $3, taken_at = $4, expires_at = $5 \
               WHERE digest = $1 AND helper IS NULL AND ended_at IS NULL AND expires_at > $4";
    if tx.execute(sql, params![digest, helper, name, now, until]).await? == 0 {
        return Ok(None);
    }
    tx.row("SELECT id FROM helps WHERE digest = $1", params![digest]).await?.map(|row| row.id("id")).transpose()
}

/// The help that this helper gives, open or ended. Somebody else's and none look the same.
///
/// # Errors
/// What the database refuses.
pub async fn find_help(tx: &mut Tx, id: Uuid, helper: &str) -> Result<Option<Help>> {
    let sql = format!("SELECT {COLUMNS} FROM helps WHERE id = $1 AND helper = $2");
    tx.row(&sql, params![id, helper]).await?.map(|row| help(&row)).transpose()
}

/// The helps that this helper gives now.
///
/// # Errors
/// What the database refuses.
pub async fn helps_of(tx: &mut Tx, helper: &str, now: Timestamp) -> Result<Vec<Help>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM helps WHERE helper = $1 AND expires_at > $2 AND ended_at IS NULL ORDER BY expires_at"
    );
    tx.rows(&sql, params![helper, now]).await?.iter().map(help).collect()
}

/// The last help that a person asked for with a service.
///
/// # Errors
/// What the database refuses.
pub async fn last_help(tx: &mut Tx, applicant: &str, service: &str) -> Result<Option<Help>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM helps WHERE applicant = $1 AND service = $2 ORDER BY begun_at DESC, id DESC LIMIT 1"
    );
    tx.row(&sql, params![applicant, service]).await?.map(|row| help(&row)).transpose()
}

/// All help that a person asked for, latest first.
///
/// # Errors
/// What the database refuses.
pub async fn helps_for(tx: &mut Tx, applicant: &str) -> Result<Vec<Help>> {
    let sql = format!("SELECT {COLUMNS} FROM helps WHERE applicant = $1 ORDER BY begun_at DESC, id DESC");
    tx.rows(&sql, params![applicant]).await?.iter().map(help).collect()
}

/// Ends what help a person has with a service.
///
/// # Errors
/// What the database refuses.
pub async fn end_helps(tx: &mut Tx, applicant: &str, service: &str, now: Timestamp) -> Result<()> {
    let sql = "UPDATE helps SET ended_at = $3 WHERE applicant = $1 AND service = $2 AND ended_at IS NULL";
    tx.execute(sql, params![applicant, service, now]).await.map(drop)
}

/// The helper has done.
///
/// # Errors
/// What the database refuses.
pub async fn end_help(tx: &mut Tx, id: Uuid, helper: &str, now: Timestamp) -> Result<()> {
    let sql = "UPDATE helps SET ended_at = $3 WHERE id = $1 AND helper = $2 AND ended_at IS NULL";
    tx.execute(sql, params![id, helper, now]).await.map(drop)
}

/// Notes what the helper does, where the help goes on: held until the end of the unit of work, so that it does not end
/// meanwhile. `false`: it has ended.
///
/// # Errors
/// What the database refuses.
pub async fn note_help(tx: &mut Tx, help: &Help, deed: &HelpDeed) -> Result<bool> {
    let sql = "UPDATE helps SET ended_at = NULL WHERE id = $1 AND ended_at IS NULL AND expires_at > $2";
    if tx.execute(sql, params![help.id, deed.at]).await? == 0 {
        return Ok(false);
    }
    let word = if deed.wrote { "wrote" } else { "saw" };
    let sql = "INSERT INTO help_deeds (help, at, page, deed) VALUES ($1, $2, $3, $4)";
    tx.execute(sql, params![help.id, deed.at, &deed.page, word]).await?;
    Ok(true)
}

/// What the helper did, latest first.
///
/// # Errors
/// What the database refuses.
pub async fn help_deeds(tx: &mut Tx, id: Uuid) -> Result<Vec<HelpDeed>> {
    let sql = "SELECT at, page, deed FROM help_deeds WHERE help = $1 ORDER BY at DESC LIMIT 100";
    let deed = |row: &Row| {
        Ok(HelpDeed { at: row.instant("at")?, page: row.text("page")?, wrote: row.text("deed")? == "wrote" })
    };
    tx.rows(sql, params![id]).await?.iter().map(deed).collect()
}

/// Forgets helps that began before an instant: that somebody read stays among the readings.
///
/// # Errors
/// What the database refuses.
pub async fn forget_old_helps(tx: &mut Tx, before: Timestamp) -> Result<()> {
    let deeds = "DELETE FROM help_deeds WHERE help IN (SELECT id FROM helps WHERE begun_at < $1)";
    tx.execute(deeds, params![before]).await?;
    tx.execute("DELETE FROM helps WHERE begun_at < $1", params![before]).await.map(drop)
}

fn help(row: &Row) -> Result<Help> {
    let (helper, name) = (row.opt_text("helper")?, row.opt_text("helper_name")?);
    let since: Option<Timestamp> = row.opt_parsed("taken_at")?;
    Ok(Help {
        id: row.id("id")?,
        applicant: row.text("applicant")?,
        applicant_name: row.text("applicant_name")?,
        service: row.text("service")?,
        pages: row.text("pages")?.split(' ').map(str::to_owned).collect(),
        expires_at: row.instant("expires_at")?,
        helper: helper.zip(name).zip(since).map(|((id, name), since)| (id, name, since)),
        ended_at: row.opt_parsed("ended_at")?,
    })
}
