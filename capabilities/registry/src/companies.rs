//! Companies, and who represents them: what the registry of companies says for a day.

use base::{Date, Timestamp, VatNumber};
use database::{Result, Tx};
use population::{Company, CompanyOffice, Signature};

use crate::store::companies as store;

/// The id of the registry of companies in `content/registries.toml`.
pub const COMPANY_REGISTRY: &str = "registro-imprese";

/// What a registry says when it is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked<T> {
    /// This.
    Answer(T),
    /// Nothing: it does not answer at present, and nobody knows.
    Silence,
}

impl<T> Asked<T> {
    /// What was answered, if anything was.
    pub fn answer(self) -> Option<T> {
        match self {
            Self::Answer(answer) => Some(answer),
            Self::Silence => None,
        }
    }

    /// The same with the answer made into something else.
    pub fn map<U>(self, make: impl FnOnce(T) -> U) -> Asked<U> {
        match self {
            Self::Answer(answer) => Asked::Answer(make(answer)),
            Self::Silence => Asked::Silence,
        }
    }
}

/// That somebody holds, on a day, an office with the power to represent a company.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Representation {
    /// Which one.
    pub office: CompanyOffice,
    /// Of which company.
    pub company: Company,
    /// Who must sign beside them; empty where they sign alone.
    pub with: Vec<CompanyOffice>,
    /// What stands against acting by it now.
    pub obstacle: Option<Obstacle>,
}

/// Why who represents a company cannot act for it here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Obstacle {
    /// The company was cancelled from the registry.
    Ceased,
    /// The others must sign, too (art. 2258 c.c.).
    Joint,
}

/// Writes companies and the offices in them down; what is known already is replaced.
///
/// # Errors
/// What the database refused.
pub async fn record_company(tx: &mut Tx, company: &Company, offices: &[CompanyOffice], on: Date) -> Result<()> {
    store::record(tx, company, on).await?;
    for office in offices {
        store::record_office(tx, office).await?;
    }
    Ok(())
}

/// A company by its fiscal code, as the registry holds it.
///
/// # Errors
/// What the database refused.
pub async fn company(tx: &mut Tx, fiscal_code: &VatNumber) -> Result<Asked<Option<Company>>> {
    if is_silent(tx, COMPANY_REGISTRY).await? {
        return Ok(Asked::Silence);
    }
    Ok(Asked::Answer(store::find(tx, fiscal_code.as_str()).await?.map(|found| found.company)))
}

/// Which companies a person represents on a day, those among them for which they cannot act here with what stands against
/// it.
///
/// # Errors
/// What the database refused.
pub async fn representations_of(tx: &mut Tx, person: &str, on: Date) -> Result<Asked<Vec<Representation>>> {
    if is_silent(tx, COMPANY_REGISTRY).await? {
        return Ok(Asked::Silence);
    }
    let mut found = Vec::new();
    for office in store::offices_of(tx, person).await?.into_iter().filter(|office| office.is_held(on)) {
        if let Some(recorded) = store::find(tx, office.company.as_str()).await? {
            let with = cosigners(tx, &office, on).await?;
            let obstacle = obstacle(&recorded.company, &office, on);
            found.push(Representation { office, company: recorded.company, with, obstacle });
        }
    }
    Ok(Asked::Answer(found))
}

/// Who represents a company on a day.
///
/// # Errors
/// What the database refused.
pub async fn representatives_in(tx: &mut Tx, company: &VatNumber, on: Date) -> Result<Asked<Vec<CompanyOffice>>> {
    if is_silent(tx, COMPANY_REGISTRY).await? {
        return Ok(Asked::Silence);
    }
    let offices = store::offices_in(tx, company.as_str()).await?;
    Ok(Asked::Answer(offices.into_iter().filter(|office| office.is_held(on)).collect()))
}

/// Who signs jointly signs with all who sign jointly.
async fn cosigners(tx: &mut Tx, office: &CompanyOffice, on: Date) -> Result<Vec<CompanyOffice>> {
    if office.signature == Signature::Disgiunta {
        return Ok(Vec::new());
    }
    let mut others = store::offices_in(tx, office.company.as_str()).await?;
    others.retain(|one| one.is_held(on) && one.signature == Signature::Congiunta && one.holder != office.holder);
    Ok(others)
}

fn obstacle(company: &Company, office: &CompanyOffice, on: Date) -> Option<Obstacle> {
    if !company.is_active(on) {
        return Some(Obstacle::Ceased);
    }
    (office.signature == Signature::Congiunta).then_some(Obstacle::Joint)
}

/// Since when a registry does not answer; `None` while it does.
///
/// # Errors
/// What the database refused.
pub async fn silent_since(tx: &mut Tx, registry: &str) -> Result<Option<Timestamp>> {
    store::silent_since(tx, registry).await
}

/// Whether a registry does not answer at present.
pub(crate) async fn is_silent(tx: &mut Tx, registry: &str) -> Result<bool> {
    Ok(store::silent_since(tx, registry).await?.is_some())
}

/// Notes that a registry does not answer: operators do (`sportello silence`), and whoever connects it when it cannot be reached.
///
/// # Errors
/// What the database refused.
pub async fn fall_silent(tx: &mut Tx, registry: &str, since: Timestamp) -> Result<()> {
    store::fall_silent(tx, registry, since).await
}

/// Notes that a registry answers again.
///
/// # Errors
/// What the database refused.
pub async fn answer_again(tx: &mut Tx, registry: &str) -> Result<()> {
    store::answer_again(tx, registry).await
}
