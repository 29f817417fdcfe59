//! All SQL of this room.

pub(crate) mod companies;
pub(crate) mod powers;

use base::{Date, FiscalCode};
use database::{Error, Param, Result, Row, Tx, params};
use population::Relation;
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    entry::{Content, Entry, Resident},
    load::World,
};

/// The household of a person as the register of residents knew it on a day; empty if it did not know the person.
pub(crate) async fn household_of(tx: &mut Tx, fiscal_code: &str, known: Date) -> Result<Vec<Resident>> {
    let sql = "SELECT them.household, them.place, them.relation, them.entry, them.recorded_on \
               FROM registry_people me JOIN registry_people them ON them.household = me.household \
               WHERE me.fiscal_code = $1 AND me.recorded_on <= $2 AND them.recorded_on <= $2 ORDER BY them.place";
    tx.rows(sql, params![fiscal_code, known]).await?.iter().map(resident).collect()
}

/// Entries about a household and its members that were recorded by a day, oldest first.
pub(crate) async fn entries_of(tx: &mut Tx, household: &str, known: Date) -> Result<Vec<Entry>> {
    let sql = "SELECT household, subject, entry, recorded_on FROM registry_entries \
               WHERE household = $1 AND recorded_on <= $2 ORDER BY recorded_on";
    tx.rows(sql, params![household, known]).await?.iter().map(entry).collect()
}

/// One person.
pub(crate) async fn resident_by_code(tx: &mut Tx, fiscal_code: &str) -> Result<Option<Resident>> {
    let sql = "SELECT household, place, relation, entry, recorded_on FROM registry_people WHERE fiscal_code = $1";
    tx.row(sql, params![fiscal_code]).await?.as_ref().map(resident).transpose()
}

/// People whose search text holds every one of the beginnings of words, by surname.
pub(crate) async fn search(tx: &mut Tx, beginnings: &[&str], limit: i64) -> Result<Vec<Resident>> {
    let conditions: Vec<String> = (2..beginnings.len() + 2).map(|n| format!("search LIKE ${n}")).collect();
    let sql = format!(
        "SELECT household, place, relation, entry, recorded_on FROM registry_people \
         WHERE {} ORDER BY search, fiscal_code LIMIT $1",
        conditions.join(" AND ")
    );
    let mut values = vec![Param::from(limit)];
    values.extend(beginnings.iter().map(|beginning| Param::from(format!("% {beginning}%"))));
    tx.rows(&sql, &values).await?.iter().map(resident).collect()
}

/// Adds people; `searches` are their search texts.
pub(crate) async fn insert_people(tx: &mut Tx, people: &[(Resident, String)]) -> Result<()> {
    let into = "INSERT INTO registry_people (fiscal_code, household, place, relation, search, entry, recorded_on)";
    let row = |(resident, search): &(Resident, String)| {
        params![
            &resident.person.fiscal_code,
            &resident.household,
            resident.place,
            text_of(resident.relation),
            search,
            to_json(&resident.person),
            resident.recorded_on,
        ]
        .to_vec()
    };
    tx.insert_all(into, &people.iter().map(row).collect::<Vec<_>>(), "").await
}

/// Adds entries.
pub(crate) async fn insert_entries(tx: &mut Tx, entries: &[Entry]) -> Result<()> {
    let into = "INSERT INTO registry_entries (household, subject, entry, recorded_on)";
    let row = |entry: &Entry| {
        let subject = entry.subject.as_ref().map_or("", FiscalCode::as_str);
        params![&entry.household, subject, to_json(&entry.content), entry.recorded_on].to_vec()
    };
    tx.insert_all(into, &entries.iter().map(row).collect::<Vec<_>>(), "").await
}

/// The world that was loaded to the end.
pub(crate) async fn world(tx: &mut Tx) -> Result<Option<World>> {
    let row = tx.row("SELECT seed, persons, today, loaded_at FROM registry_world", &[]).await?;
    row.map(|row| {
        Ok(World {
            seed: row.int("seed")?.cast_unsigned(),
            persons: row.int("persons")?.cast_unsigned(),
            today: row.date("today")?,
            loaded_at: row.instant("loaded_at")?,
        })
    })
    .transpose()
}

/// Marks that the world is complete.
pub(crate) async fn insert_world(tx: &mut Tx, world: &World) -> Result<()> {
    let sql = "INSERT INTO registry_world (seed, persons, today, loaded_at) VALUES ($1, $2, $3, $4)";
    let (seed, persons) = (world.seed.cast_signed(), world.persons.cast_signed());
    tx.execute(sql, params![seed, persons, world.today, world.loaded_at]).await?;
    Ok(())
}

/// Forgets everybody.
pub(crate) async fn wipe(tx: &mut Tx) -> Result<()> {
    for sql in ["DELETE FROM registry_world", "DELETE FROM registry_entries", "DELETE FROM registry_people"] {
        tx.execute(sql, &[]).await?;
    }
    Ok(())
}

fn resident(row: &Row) -> Result<Resident> {
    Ok(Resident {
        household: row.text("household")?,
        place: row.int("place")?,
        relation: relation_of(&row.text("relation")?)?,
        person: json(row, "entry")?,
        recorded_on: row.date("recorded_on")?,
    })
}

fn entry(row: &Row) -> Result<Entry> {
    let subject = row.text("subject")?;
    Ok(Entry {
        household: row.text("household")?,
        subject: if subject.is_empty() { None } else { Some(row.parsed("subject")?) },
        content: json::<Content>(row, "entry")?,
        recorded_on: row.date("recorded_on")?,
    })
}

fn json<T: DeserializeOwned>(row: &Row, column: &'static str) -> Result<T> {
    serde_json::from_str(&row.text(column)?).map_err(|error| Error::Column(column, error.to_string()))
}

fn to_json<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("our own types have text keys and no failing serializers")
}

const RELATIONS: [(&str, Relation); 5] = [
    ("holder", Relation::Holder),
    ("spouse", Relation::Spouse),
    ("partner", Relation::Partner),
    ("child", Relation::Child),
    ("other", Relation::Other),
];

fn text_of(relation: Relation) -> &'static str {
    RELATIONS.iter().find(|(_, known)| *known == relation).map_or("other", |(text, _)| text)
}

fn relation_of(text: &str) -> Result<Relation> {
    let found = RELATIONS.iter().find(|(known, _)| *known == text).map(|(_, relation)| *relation);
    found.ok_or_else(|| Error::Column("relation", format!("`{text}` is no relation")))
}
