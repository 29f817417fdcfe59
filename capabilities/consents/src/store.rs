//! All the SQL of this room.

use acts::NewAct;
use base::{Chance, Language, Timestamp, Translated, Uuid};
use database::{Error, Result, Row, Tx, params};
use web::Failure;

use crate::{Consent, payload::Given};

const COLUMNS: &str = "SELECT id, person, person_name, service, consent, version, fingerprint, title, text, language, \
    given_at, withdrawn_at, last_seq FROM consents ";
/// Somebody answers in two windows at once.
const STALE: &str = "consents.failure.stale";
/// People of a list that are read at a time.
pub const STEP: i64 = 200;

/// Appends an act to the consent as it was read (its first one, where there is none) and writes the row from what the book
/// then says.
pub async fn write(
    tx: &mut Tx,
    chance: &dyn Chance,
    before: Option<&Consent>,
    (at, act): (Timestamp, NewAct),
) -> std::result::Result<(), Failure> {
    let id = act.case;
    let seen = before.map_or(0, |consent| consent.last_seq);
    let written = acts::append(tx, at, chance, Some(seen), &[act]).await;
    written.map_err(|error| error.or(Failure::Conflict(STALE)))?;
    let consent = Consent::from_acts(&acts::of_case(tx, id).await?);
    let consent = consent.ok_or_else(|| Failure::internal(anyhow::anyhow!("a consent begins with being given")))?;
    project(tx, &consent).await.map_err(|error| match error {
        // Given for the first time twice at once.
        Error::Conflict(_) => Failure::Conflict(STALE),
        error => error.into(),
    })
}

async fn project(tx: &mut Tx, consent: &Consent) -> Result<()> {
    let given = &consent.given;
    let who = params![consent.id, &consent.person, &given.name, &given.service, &given.consent];
    let what = params![
        &given.version,
        &given.fingerprint,
        written(&given.title),
        written(&given.text),
        given.language.tag(),
        consent.given_at,
        consent.withdrawn_at,
        consent.last_seq,
    ];
    let into = "INSERT INTO consents (id, person, person_name, service, consent, version, fingerprint, title, text, \
                language, given_at, withdrawn_at, last_seq)";
    let changed = "ON CONFLICT (id) DO UPDATE SET person_name = excluded.person_name, version = excluded.version, \
                   fingerprint = excluded.fingerprint, title = excluded.title, text = excluded.text, \
                   language = excluded.language, given_at = excluded.given_at, withdrawn_at = excluded.withdrawn_at, \
                   last_seq = excluded.last_seq";
    tx.insert_all(into, &[[who.as_slice(), what.as_slice()].concat()], changed).await
}

fn written(text: &Translated) -> String {
    serde_json::to_string(text).expect("texts can be written")
}

/// A person's answer to one question, if there was one.
pub async fn find(tx: &mut Tx, person: &str, (service, consent): (&str, &str)) -> Result<Option<Consent>> {
    let sql = format!("{COLUMNS} WHERE person = $1 AND service = $2 AND consent = $3");
    tx.row(&sql, params![person, service, consent]).await?.map(|row| read(&row)).transpose()
}

/// All answers of a person, latest first.
pub async fn of_person(tx: &mut Tx, person: &str) -> Result<Vec<Consent>> {
    let sql = format!("{COLUMNS} WHERE person = $1 ORDER BY given_at DESC, id");
    tx.rows(&sql, params![person]).await?.iter().map(read).collect()
}

/// How many stand for each sentence of each question of a service.
pub async fn standing(tx: &mut Tx, service: &str) -> Result<Vec<Standing>> {
    let sql = "SELECT consent, fingerprint, MIN(title) AS title, count(*) AS n, MIN(given_at) AS since FROM consents \
               WHERE service = $1 AND withdrawn_at IS NULL GROUP BY consent, fingerprint ORDER BY consent, since";
    let rows = tx.rows(sql, params![service]).await?;
    let standing = |row: &Row| {
        Ok(Standing {
            consent: row.text("consent")?,
            fingerprint: row.text("fingerprint")?,
            title: text(row, "title")?,
            people: row.int("n")?,
        })
    };
    rows.iter().map(standing).collect()
}

/// How many people agreed to a sentence and did not take it back.
#[derive(Debug, Clone)]
pub struct Standing {
    /// Which question of the service.
    pub consent: String,
    /// Which sentence of the question.
    pub fingerprint: String,
    /// What the question was called.
    pub title: Translated,
    /// How many.
    pub people: i64,
}

/// The next people who agreed to a sentence and did not take it back, in the order in which they did.
pub async fn people(
    tx: &mut Tx,
    (service, consent): (&str, &str),
    fingerprint: &str,
    after: Option<(Timestamp, Uuid)>,
) -> Result<Vec<Consent>> {
    let (at, id) = after.map_or((Timestamp::MIN, String::new()), |(at, id)| (at, id.to_string()));
    let sql = format!(
        "{COLUMNS} WHERE service = $1 AND consent = $2 AND withdrawn_at IS NULL \
         AND fingerprint = $3 AND (given_at > $4 OR (given_at = $4 AND id > $5)) ORDER BY given_at, id LIMIT {STEP}"
    );
    tx.rows(&sql, params![service, consent, fingerprint, at, id]).await?.iter().map(read).collect()
}

fn read(row: &Row) -> Result<Consent> {
    let language = row.text("language")?;
    Ok(Consent {
        id: row.id("id")?,
        person: row.text("person")?,
        given: Given {
            name: row.text("person_name")?,
            service: row.text("service")?,
            version: row.text("version")?,
            consent: row.text("consent")?,
            title: text(row, "title")?,
            text: text(row, "text")?,
            fingerprint: row.text("fingerprint")?,
            language: Language::from_tag(&language).ok_or(Error::Column("language", language))?,
        },
        given_at: row.instant("given_at")?,
        withdrawn_at: row.opt_parsed("withdrawn_at")?,
        last_seq: row.int("last_seq")?,
    })
}

fn text(row: &Row, column: &'static str) -> Result<Translated> {
    serde_json::from_str(&row.text(column)?).map_err(|error| Error::Column(column, error.to_string()))
}
