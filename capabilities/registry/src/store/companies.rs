//! The registry of companies.

use base::{Date, Timestamp};
use database::{Result, Row, Tx, params};
use population::{Company, CompanyOffice};

use super::{json, to_json};

/// A company as it was recorded.
pub(crate) struct RecordedCompany {
    pub(crate) company: Company,
    pub(crate) recorded_on: Date,
}

pub(crate) async fn record(tx: &mut Tx, company: &Company, on: Date) -> Result<()> {
    let sql = "INSERT INTO registry_companies (fiscal_code, entry, recorded_on) VALUES ($1, $2, $3) \
               ON CONFLICT (fiscal_code) DO UPDATE SET entry = excluded.entry, recorded_on = excluded.recorded_on";
    tx.execute(sql, params![company.fiscal_code.as_str(), to_json(company), on]).await.map(drop)
}

pub(crate) async fn record_office(tx: &mut Tx, office: &CompanyOffice) -> Result<()> {
    let sql = "INSERT INTO registry_company_offices (id, company, holder, entry) VALUES ($1, $2, $3, $4) \
               ON CONFLICT (id) DO UPDATE SET company = excluded.company, holder = excluded.holder, \
                 entry = excluded.entry";
    let values = params![&office.id, office.company.as_str(), &office.holder, to_json(office)];
    tx.execute(sql, values).await.map(drop)
}

pub(crate) async fn find(tx: &mut Tx, fiscal_code: &str) -> Result<Option<RecordedCompany>> {
    let sql = "SELECT entry, recorded_on FROM registry_companies WHERE fiscal_code = $1";
    let row = tx.row(sql, params![fiscal_code]).await?;
    row.map(|row| Ok(RecordedCompany { company: json(&row, "entry")?, recorded_on: row.date("recorded_on")? }))
        .transpose()
}

pub(crate) async fn offices_of(tx: &mut Tx, holder: &str) -> Result<Vec<CompanyOffice>> {
    let sql = "SELECT entry FROM registry_company_offices WHERE holder = $1 ORDER BY id";
    tx.rows(sql, params![holder]).await?.iter().map(office).collect()
}

pub(crate) async fn offices_in(tx: &mut Tx, company: &str) -> Result<Vec<CompanyOffice>> {
    let sql = "SELECT entry FROM registry_company_offices WHERE company = $1 ORDER BY id";
    tx.rows(sql, params![company]).await?.iter().map(office).collect()
}

fn office(row: &Row) -> Result<CompanyOffice> {
    json(row, "entry")
}

pub(crate) async fn silent_since(tx: &mut Tx, registry: &str) -> Result<Option<Timestamp>> {
    let row = tx.row("SELECT since FROM registry_silences WHERE registry = $1", params![registry]).await?;
    row.map(|row| row.instant("since")).transpose()
}

pub(crate) async fn fall_silent(tx: &mut Tx, registry: &str, since: Timestamp) -> Result<()> {
    let sql = "INSERT INTO registry_silences (registry, since) VALUES ($1, $2) ON CONFLICT (registry) DO NOTHING";
    tx.execute(sql, params![registry, since]).await.map(drop)
}

pub(crate) async fn answer_again(tx: &mut Tx, registry: &str) -> Result<()> {
    tx.execute("DELETE FROM registry_silences WHERE registry = $1", params![registry]).await.map(drop)
}
