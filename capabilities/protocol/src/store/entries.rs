use base::{Date, Timestamp, Uuid};
use database::{Error, Param, Result, Row, Tx, params};

use crate::{
    entry::{Correspondent, Document, EmergencyNumber, Entry, Received},
    protocol::Protocol,
};

/// The columns of a registration, in the order of [`values`].
const COLUMNS: &str = "office, year, number, registered_at, direction, correspondent, correspondent_code, subject, \
    document_name, document_type, fingerprint, attachments, means, classification, assigned_to, confidential, \
    received_protocol, received_on, emergency_id, emergency_number, emergency_at, case_id, act_seq";

/// Writes down what a number stands for.
///
/// # Errors
/// What the database refuses; [`Error::Conflict`] for a number that is taken.
pub async fn register(tx: &mut Tx, entry: &Entry) -> Result<()> {
    register_all(tx, std::slice::from_ref(entry)).await
}

/// Writes down what many numbers stand for, in few statements.
///
/// # Errors
/// See [`register`].
pub async fn register_all(tx: &mut Tx, entries: &[Entry]) -> Result<()> {
    let rows: Vec<_> = entries.iter().map(values).collect();
    tx.insert_all(&format!("INSERT INTO protocol_entries ({COLUMNS})"), &rows, "").await
}

fn values(entry: &Entry) -> Vec<Param> {
    let Entry { protocol, correspondent, document, received, emergency, .. } = entry;
    let attachments = serde_json::to_string(&entry.attachments).expect("documents are texts");
    vec![
        (&protocol.office).into(),
        i64::from(protocol.year).into(),
        protocol.number.into(),
        entry.registered_at.into(),
        entry.direction.key().into(),
        (&correspondent.name).into(),
        (&correspondent.code).into(),
        (&entry.subject).into(),
        (&document.name).into(),
        (&document.media_type).into(),
        (&document.sha256).into(),
        attachments.into(),
        entry.means.key().into(),
        (&entry.classification).into(),
        (&entry.assigned_to).into(),
        i64::from(entry.confidential).into(),
        received.as_ref().map(|received| &received.protocol).into(),
        received.as_ref().map(|received| received.on).into(),
        emergency.as_ref().map(|emergency| emergency.emergency).into(),
        emergency.as_ref().map(|emergency| emergency.number).into(),
        emergency.as_ref().map(|emergency| emergency.at).into(),
        entry.act.map_or_else(String::new, |(case, _)| case.to_string()).into(),
        entry.act.map_or(0, |(_, seq)| seq).into(),
    ]
}

/// Reads registrations; `rest` begins with `WHERE` and is one of our literals.
pub(super) async fn select(tx: &mut Tx, rest: &str, params: &[Param]) -> Result<Vec<Entry>> {
    let sql = format!("SELECT {COLUMNS}, annulled_at FROM protocol_entries {rest}");
    tx.rows(&sql, params).await?.iter().map(entry).collect()
}

/// The register of a year, in the order of numbers.
///
/// # Errors
/// What the database refuses.
pub async fn entries(tx: &mut Tx, office: &str, year: i16) -> Result<Vec<Entry>> {
    select(tx, "WHERE office = $1 AND year = $2 ORDER BY number", params![office, i64::from(year)]).await
}

/// The registration under a number.
///
/// # Errors
/// What the database refuses.
pub async fn find(tx: &mut Tx, protocol: &Protocol) -> Result<Option<Entry>> {
    let key = params![&protocol.office, i64::from(protocol.year), protocol.number];
    Ok(select(tx, "WHERE office = $1 AND year = $2 AND number = $3", key).await?.pop())
}

/// All registrations of a case, in the order of its acts.
///
/// # Errors
/// What the database refuses.
pub async fn of_case(tx: &mut Tx, case: Uuid) -> Result<Vec<Entry>> {
    select(tx, "WHERE case_id = $1 ORDER BY act_seq", params![case]).await
}

fn entry(row: &Row) -> Result<Entry> {
    let attachments = row.text("attachments")?;
    let attachments: Vec<Document> =
        serde_json::from_str(&attachments).map_err(|error| Error::Column("attachments", error.to_string()))?;
    let case = Some(row.text("case_id")?).filter(|case| !case.is_empty());
    let case: Option<Uuid> = case.map(|_| row.id("case_id")).transpose()?;
    let act_seq = row.int("act_seq")?;
    Ok(Entry {
        protocol: number(row)?,
        registered_at: row.instant("registered_at")?,
        direction: row.parsed("direction")?,
        means: row.parsed("means")?,
        correspondent: Correspondent { name: row.text("correspondent")?, code: row.text("correspondent_code")? },
        subject: row.text("subject")?,
        document: Document {
            name: row.text("document_name")?,
            media_type: row.text("document_type")?,
            sha256: row.text("fingerprint")?,
        },
        attachments,
        classification: row.text("classification")?,
        assigned_to: row.text("assigned_to")?,
        confidential: row.flag("confidential")?,
        received: received(row)?,
        emergency: emergency(row)?,
        act: case.map(|case| (case, act_seq)),
        annulled_at: row.opt_parsed("annulled_at")?,
    })
}

/// The number in a row of this room.
pub(super) fn number(row: &Row) -> Result<Protocol> {
    let year = i16::try_from(row.int("year")?).map_err(|error| Error::Column("year", error.to_string()))?;
    Ok(Protocol { office: row.text("office")?, year, number: row.int("number")? })
}

fn received(row: &Row) -> Result<Option<Received>> {
    let (protocol, on): (_, Option<Date>) = (row.opt_text("received_protocol")?, row.opt_parsed("received_on")?);
    Ok(protocol.zip(on).map(|(protocol, on)| Received { protocol, on }))
}

fn emergency(row: &Row) -> Result<Option<EmergencyNumber>> {
    let (id, at): (Option<Uuid>, Option<Timestamp>) =
        (row.opt_parsed("emergency_id")?, row.opt_parsed("emergency_at")?);
    let parts = id.zip(at).zip(row.opt_int("emergency_number")?);
    Ok(parts.map(|((emergency, at), number)| EmergencyNumber { emergency, number, at }))
}
