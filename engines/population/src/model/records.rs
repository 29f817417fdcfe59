use base::{Cents, Date, FiscalCode, Iban, PersonName, VatNumber};
use serde::{Deserialize, Serialize};

/// An attestation of the household's economic situation (ISEE, DPCM 159/2013), as INPS issued it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IseeAttestation {
    /// Invented, in the shape of a real one: `SPORTELLO-ISEE-2026-000000042-1`; unique in a world.
    pub protocol: String,
    /// Which indicator `value` is.
    pub kind: IseeKind,
    /// The indicator that counts for family benefits (from 2026 the one of art. 1 c. 208 L. 199/2025).
    pub value: Cents,
    /// Day of issue; the attestation counts from here.
    pub registered_on: Date,
    /// Last day on which it counts (31 December; six months for [`IseeKind::Current`], art. 9 DPCM 159/2013).
    pub valid_to: Date,
    /// The earlier attestation that this one replaces from its day of issue, in the same year.
    pub supersedes: Option<String>,
}

/// Which indicator an attestation states.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum IseeKind {
    /// Ordinario (arts 2-6).
    Ordinary,
    /// Minorenni (art. 7).
    Minors,
    /// Corrente (art. 9): after a loss of income.
    Current,
}

/// A contract of work, or self-employment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    /// Who works.
    pub worker: FiscalCode,
    /// For whom; a self-employed person's own number.
    pub employer: VatNumber,
    /// Form of the contract.
    pub kind: JobKind,
    /// First day.
    pub from: Date,
    /// Last day, if it ended or has an end; a day after `today` is the end of a fixed term.
    pub to: Option<Date>,
    /// Gross pay for a whole year.
    pub yearly_pay: Cents,
    /// Why it ended or will end, as the employer reported it (art. 21 L. 264/1949); `None` where nothing was reported.
    #[serde(default)]
    pub ended_because: Option<JobEnd>,
}

/// Why a job ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum JobEnd {
    /// Licenziamento.
    Dismissal,
    /// Fine del contratto a tempo determinato.
    EndOfTerm,
    /// Dimissioni volontarie.
    Resignation,
    /// Dimissioni per giusta causa.
    ResignationForCause,
}

/// Form of a work contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum JobKind {
    /// Tempo indeterminato.
    Permanent,
    /// Tempo determinato.
    FixedTerm,
    /// Lavoro autonomo.
    SelfEmployed,
}

impl Job {
    /// Whether the job runs on `day`.
    #[must_use]
    pub fn runs_on(&self, day: Date) -> bool {
        self.from <= day && self.to.is_none_or(|last| day <= last)
    }
}

/// A firm or an administration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Employer {
    /// Valid check digit; the office code inside it (digits 8-10) belongs to no tax office.
    pub vat: VatNumber,
    /// Obviously invented.
    pub name: String,
    /// Letter of the ATECO section: `C` manufacturing, `G` trade.
    pub sector: String,
    /// Persons employed.
    pub size: u32,
}

/// A certified disability.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disability {
    /// Whose.
    pub person: FiscalCode,
    /// Degree for ISEE purposes (annex 3 DPCM 159/2013), which art. 4 cc. 4-6 d.lgs. 230/2021 uses.
    pub degree: DisabilityDegree,
    /// Reduction of the capacity to work in percent, 0 to 100 (L. 118/1971); 0 for minors, whose capacity is not
    /// measured, and where the certificate does not state it.
    #[serde(default)]
    pub percent: u8,
    /// Day of the certificate.
    pub since: Date,
}

/// Degree of disability.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DisabilityDegree {
    /// Media.
    Medium,
    /// Grave.
    Severe,
    /// Non autosufficienza.
    NotSelfSufficient,
}

/// An enrolment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Study {
    /// The pupil or student.
    pub person: FiscalCode,
    /// Level.
    pub level: StudyLevel,
    /// School or university; invented names.
    pub institution: String,
    /// First day of the school or academic year.
    pub from: Date,
    /// Last day of the school or academic year.
    pub to: Date,
}

/// Level of study.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StudyLevel {
    /// Scuola dell'infanzia (3-5).
    Nursery,
    /// Primo ciclo (6-13).
    FirstCycle,
    /// Secondo ciclo, school or vocational training (14-18).
    SecondCycle,
    /// Università, AFAM, ITS.
    Tertiary,
}

/// Taxable income of a person in a year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct YearIncome {
    /// Whose.
    pub person: FiscalCode,
    /// Tax year.
    pub year: i16,
    /// Total taxable income; work and pensions.
    pub amount: Cents,
}

/// An account to which an administration already pays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Holder.
    pub holder: FiscalCode,
    /// Valid coordinates of a bank that does not exist.
    pub iban: Iban,
}

/// The death of a spouse or partner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bereavement {
    /// Who survives.
    pub survivor: FiscalCode,
    /// Who died.
    pub deceased: PersonName,
    /// When.
    pub died_on: Date,
    /// Whether the one who died had an income from work (art. 4 c. 8 d.lgs. 230/2021).
    pub was_working: bool,
}
