mod due;

use base::{ProtocolNumber, Timestamp, Uuid};
use database::{Result, Row, Tx, params};

pub use due::{Backlog, Failed, backlog, failures, retry_failed};
pub(crate) use due::{Due, Waiting, claim, fail, failures_of, hand_over, next_due, postpone, queue, retry, waiting_of};

use crate::compose::Composed;

/// A letter that was issued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Its identifier, also in the address for checking.
    pub id: Uuid,
    /// The case.
    pub case: Uuid,
    /// The act that it tells of.
    pub act_seq: i64,
    /// The act by which it was issued.
    pub issued_seq: i64,
    /// Name of the template.
    pub letter: String,
    /// Title.
    pub title: String,
    /// Fiscal code of the applicant: who may read it.
    pub applicant: String,
    /// Identifier of the office that issued it.
    pub office: String,
    /// Name of the office.
    pub office_name: String,
    /// Name of the service.
    pub service_name: String,
    /// Protocol number of the application.
    pub protocol: ProtocolNumber,
    /// SHA-256 of the PDF, hexadecimal.
    pub sha256: String,
    /// When it was issued.
    pub created_at: Timestamp,
    /// When the applicant first opened it.
    pub read_at: Option<Timestamp>,
}

impl Document {
    /// The name of the PDF as a person keeps it: `ricevuta-0000123-2026.pdf`.
    #[must_use]
    pub fn file_name(&self) -> String {
        format!("{}-{}.pdf", self.letter, self.protocol.in_file_name())
    }
}

/// Who asks for a letter: part of everything that reads one.
#[derive(Debug, Clone, Copy)]
pub enum Viewer<'a> {
    /// The applicant, by fiscal code.
    Applicant(&'a str),
    /// An official of an office, which must have the case now, whichever it was when the letter went out.
    Office(&'a str),
}

pub(crate) async fn keep(tx: &mut Tx, document: &Document, made: &Composed) -> Result<()> {
    let sql = "INSERT INTO documents (id, case_id, act_seq, issued_seq, letter, title, applicant, office, office_name, \
               service_name, protocol, sha256, pdf, html, created_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)";
    let Document { id, case, act_seq, issued_seq, letter, title, applicant, office, office_name, .. } = document;
    let Document { service_name, protocol, sha256, created_at, .. } = document;
    let values = params![
        *id,
        *case,
        *act_seq,
        *issued_seq,
        letter,
        title,
        applicant,
        office,
        office_name,
        service_name,
        protocol.to_string(),
        sha256,
        made.pdf.as_slice(),
        &made.html,
        *created_at
    ];
    tx.execute(sql, values).await.map(drop)
}

macro_rules! select {
    ($what:literal, $rest:expr) => {
        concat!(
            "SELECT ",
            $what,
            "id, case_id, act_seq, issued_seq, letter, title, applicant, office, office_name, \
             service_name, protocol, sha256, created_at, read_at FROM documents ",
            $rest
        )
    };
}

macro_rules! one {
    ($what:literal, $rest:literal) => {
        select!($what, concat!("WHERE case_id = $1 AND (issued_seq = $2 OR act_seq = $2)", $rest))
    };
}
/// A letter for its applicant, and for an official.
macro_rules! either {
    ($what:literal) => {
        (one!($what, " AND applicant = $3"), one!($what, ""))
    };
}

/// All letters of a case, oldest first.
///
/// # Errors
/// What the database refuses.
pub async fn of_case(tx: &mut Tx, case: Uuid) -> Result<Vec<Document>> {
    let rows = tx.rows(select!("", "WHERE case_id = $1 ORDER BY act_seq"), params![case]).await?;
    rows.iter().map(document).collect()
}

/// The letter with this identifier: what the address on the paper asks for.
///
/// # Errors
/// What the database refuses.
pub async fn by_id(tx: &mut Tx, id: Uuid) -> Result<Option<Document>> {
    tx.row(select!("", "WHERE id = $1"), params![id]).await?.map(|row| document(&row)).transpose()
}

/// A letter with its HTML, if the viewer may read it. `seq` is that of the act by which it was issued or of the act
/// that it tells of: no act is both.
///
/// # Errors
/// What the database refuses.
pub async fn html(tx: &mut Tx, case: Uuid, seq: i64, viewer: Viewer<'_>) -> Result<Option<(Document, String)>> {
    let row = viewer.one(tx, either!("html, "), (case, seq)).await?;
    row.map(|row| Ok((document(&row)?, row.text("html")?))).transpose()
}

/// A letter with its PDF; `seq` and viewer as for [`html`].
///
/// # Errors
/// What the database refuses.
pub async fn pdf(tx: &mut Tx, case: Uuid, seq: i64, viewer: Viewer<'_>) -> Result<Option<(Document, Vec<u8>)>> {
    let row = viewer.one(tx, either!("pdf, "), (case, seq)).await?;
    row.map(|row| Ok((document(&row)?, row.blob("pdf")?))).transpose()
}

impl Viewer<'_> {
    async fn one(self, tx: &mut Tx, (own, any): (&str, &str), (case, seq): (Uuid, i64)) -> Result<Option<Row>> {
        match self {
            Self::Applicant(code) => tx.row(own, params![case, seq, code]).await,
            Self::Office(office) if cases::office_of(tx, case).await?.as_deref() == Some(office) => {
                tx.row(any, params![case, seq]).await
            }
            Self::Office(_) => Ok(None),
        }
    }
}

/// Notes that the applicant has opened a letter; only the first time counts.
///
/// # Errors
/// What the database refuses.
pub async fn mark_read(tx: &mut Tx, id: Uuid, now: Timestamp) -> Result<bool> {
    let sql = "UPDATE documents SET read_at = $2 WHERE id = $1 AND read_at IS NULL";
    Ok(tx.execute(sql, params![id, now]).await? > 0)
}

fn document(row: &Row) -> Result<Document> {
    Ok(Document {
        id: row.id("id")?,
        case: row.id("case_id")?,
        act_seq: row.int("act_seq")?,
        issued_seq: row.int("issued_seq")?,
        letter: row.text("letter")?,
        title: row.text("title")?,
        applicant: row.text("applicant")?,
        office: row.text("office")?,
        office_name: row.text("office_name")?,
        service_name: row.text("service_name")?,
        protocol: row.parsed("protocol")?,
        sha256: row.text("sha256")?,
        created_at: row.instant("created_at")?,
        read_at: row.opt_parsed("read_at")?,
    })
}

/// The PDF with this identifier, for receipts that carry the document along. Who may have it was decided before.
///
/// # Errors
/// What the database refuses.
pub async fn pdf_by_id(tx: &mut Tx, id: Uuid) -> Result<Option<Vec<u8>>> {
    tx.row("SELECT pdf FROM documents WHERE id = $1", params![id]).await?.map(|row| row.blob("pdf")).transpose()
}

/// Erases every letter of a case, also those that were never composed; their registrations and acts stay.
///
/// # Errors
/// What the database refuses.
pub async fn erase_case(tx: &mut Tx, case: Uuid) -> Result<()> {
    for table in ["documents", "letters_due", "letters_failed"] {
        tx.execute(&format!("DELETE FROM {table} WHERE case_id = $1"), params![case]).await?;
    }
    Ok(())
}
