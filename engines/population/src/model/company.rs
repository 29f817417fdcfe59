use base::{Date, FiscalCode, VatNumber};
use serde::{Deserialize, Serialize};

/// A company, as the registry of companies holds it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Company {
    /// Eleven digits with a valid check digit: who is no natural person has such a fiscal code.
    pub fiscal_code: VatNumber,
    /// The same number for most companies, and another one for some.
    pub vat_number: VatNumber,
    /// As it is registered: `Alfa Prova S.r.l.`
    pub name: String,
    /// What kind of company it is.
    pub form: CompanyForm,
    /// Street, town and province of the registered seat.
    pub seat: String,
    /// Certified mail: its digital domicile (art. 6-bis CAD).
    pub certified_email: String,
    /// What it does, in words.
    pub activity: String,
    /// Persons employed.
    pub employees: u32,
    /// Number in the economic register of its chamber of commerce: `RM-900001`.
    pub register_number: String,
    /// Since when it is registered.
    pub since: Date,
    /// The day on which it was cancelled from the registry; `None` while it is active.
    pub ceased_on: Option<Date>,
}

impl Company {
    /// Whether it is in the registry on a day.
    #[must_use]
    pub fn is_active(&self, on: Date) -> bool {
        self.ceased_on.is_none_or(|ceased| on < ceased)
    }
}

/// What kind of company it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CompanyForm {
    /// Società a responsabilità limitata.
    Srl,
    /// Società per azioni.
    Spa,
    /// Società in nome collettivo.
    Snc,
    /// Società cooperativa.
    Cooperativa,
}

impl CompanyForm {
    /// As registries tell it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Srl => "srl",
            Self::Spa => "spa",
            Self::Snc => "snc",
            Self::Cooperativa => "cooperativa",
        }
    }
}

/// An office that somebody holds in a company, with the power to represent it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompanyOffice {
    /// Names it, the same in every year.
    pub id: String,
    /// Fiscal code of the company.
    pub company: VatNumber,
    /// Who holds it.
    pub holder: FiscalCode,
    /// Their given name and surname, as the registry writes them.
    pub holder_name: String,
    /// What they are in the company.
    pub role: CompanyRole,
    /// Whether they sign alone.
    pub signature: Signature,
    /// Its first day.
    pub from: Date,
    /// Its last day, where it has one.
    pub until: Option<Date>,
}

impl CompanyOffice {
    /// Whether it is held on a day.
    #[must_use]
    pub fn is_held(&self, on: Date) -> bool {
        self.from <= on && self.until.is_none_or(|last| on <= last)
    }
}

/// What a legal representative is in the company.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CompanyRole {
    /// Amministratore (art. 2475-bis and 2384 c.c.).
    Amministratore,
    /// A partner who administers (art. 2257, 2258 and 2298 c.c.).
    SocioAmministratore,
    /// Procuratore (art. 2209 and 2206 c.c.).
    Procuratore,
}

impl CompanyRole {
    /// The end of the key of its words.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Amministratore => "director",
            Self::SocioAmministratore => "partner",
            Self::Procuratore => "attorney",
        }
    }
}

/// Whether who represents a company signs alone (art. 2257 c.c.) or with the others (art. 2258 c.c.).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Signature {
    /// Firma disgiunta.
    Disgiunta,
    /// Firma congiunta.
    Congiunta,
}
