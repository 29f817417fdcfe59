//! Who represents whom by law: parents their minor children, and whoever a court appointed.

use base::{Date, FiscalCode, age_on};
use database::{Result, Tx};
use jiff::ToSpan;
use population::{DecreeKind, Relation};

use crate::{entry::Resident, people::full_name, store};

/// Age from which nobody is represented by parents (art. 2 c.c.).
const OF_AGE: i16 = 18;

/// By which title somebody represents somebody by law.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PowerKind {
    /// Parents of a minor (art. 320 c.c.).
    Parent,
    /// A guardian (art. 357 and 424 c.c.).
    Guardian,
    /// An amministratore di sostegno (art. 404 c.c.).
    Administrator,
}

impl PowerKind {
    /// As acts name it, and the end of the keys of its words.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Parent => "parent",
            Self::Guardian => "guardian",
            Self::Administrator => "administrator",
        }
    }
}

impl From<DecreeKind> for PowerKind {
    fn from(kind: DecreeKind) -> Self {
        match kind {
            DecreeKind::Guardian => Self::Guardian,
            DecreeKind::Administrator => Self::Administrator,
        }
    }
}

/// A decree by which a court appointed somebody, as its registry holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decree {
    /// Names it, the same in every year.
    pub id: String,
    /// What it appoints to.
    pub kind: DecreeKind,
    /// Who is represented.
    pub represented: FiscalCode,
    /// Who represents.
    pub representative: FiscalCode,
    /// Its number: `412/2025 V.G.`
    pub number: String,
    /// The court.
    pub court: String,
    /// Its first day.
    pub from: Date,
    /// Its last day, where it has one.
    pub until: Option<Date>,
}

/// That somebody represents somebody by law on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LegalPower {
    /// Names it among those of the same representative.
    pub id: String,
    /// By which title.
    pub kind: PowerKind,
    /// Fiscal code of who is represented.
    pub represented: FiscalCode,
    /// Their name; of whom the register of residents does not know, the fiscal code.
    pub represented_name: String,
    /// The name of who represents.
    pub representative_name: String,
    /// Number of the decree; empty for parents.
    pub number: String,
    /// The court; empty for parents.
    pub court: String,
    /// The last day, where it is known.
    pub until: Option<Date>,
}

/// Writes decrees down; one that is known already is replaced.
///
/// # Errors
/// What the database refused.
pub async fn record_decrees(tx: &mut Tx, decrees: &[Decree]) -> Result<()> {
    for decree in decrees {
        store::powers::record(tx, decree).await?;
    }
    Ok(())
}

/// Whom a person represents by law on a day.
///
/// # Errors
/// What the database refused.
pub async fn powers_of(tx: &mut Tx, representative: &str, on: Date) -> Result<Vec<LegalPower>> {
    let residents = store::household_of(tx, representative, on).await?;
    let me = residents.iter().find(|one| one.person.fiscal_code.as_str() == representative);
    let parent = me.filter(|me| me.person.parent.is_some());
    let children = residents.iter().filter(|one| is_minor_child(one, on));
    let mut powers: Vec<_> = parent.map(|me| children.map(|child| of_parent(me, child)).collect()).unwrap_or_default();
    for decree in store::powers::by_representative(tx, representative, on).await? {
        powers.push(of_decree(tx, decree).await?);
    }
    Ok(powers)
}

/// Who represents a person by law on a day.
///
/// # Errors
/// What the database refused.
pub async fn representatives_of(tx: &mut Tx, represented: &str, on: Date) -> Result<Vec<LegalPower>> {
    let residents = store::household_of(tx, represented, on).await?;
    let me = residents.iter().find(|one| one.person.fiscal_code.as_str() == represented);
    let minor = me.filter(|me| is_minor_child(me, on));
    let parents = residents.iter().filter(|one| one.person.parent.is_some());
    let mut powers: Vec<_> = minor.map(|me| parents.map(|parent| of_parent(parent, me)).collect()).unwrap_or_default();
    for decree in store::powers::by_represented(tx, represented, on).await? {
        powers.push(of_decree(tx, decree).await?);
    }
    Ok(powers)
}

fn is_minor_child(one: &Resident, on: Date) -> bool {
    one.relation == Relation::Child && age_on(one.person.born, on) < OF_AGE
}

fn of_parent(parent: &Resident, child: &Resident) -> LegalPower {
    let adult = child.person.born.saturating_add(i32::from(OF_AGE).years());
    LegalPower {
        id: format!("figlio.{}", child.person.fiscal_code),
        kind: PowerKind::Parent,
        represented: child.person.fiscal_code.clone(),
        represented_name: full_name(&child.person),
        representative_name: full_name(&parent.person),
        number: String::new(),
        court: String::new(),
        until: adult.yesterday().ok(),
    }
}

async fn of_decree(tx: &mut Tx, decree: Decree) -> Result<LegalPower> {
    Ok(LegalPower {
        id: format!("decreto.{}", decree.id),
        kind: decree.kind.into(),
        represented_name: name_of(tx, &decree.represented).await?,
        representative_name: name_of(tx, &decree.representative).await?,
        represented: decree.represented,
        number: decree.number,
        court: decree.court,
        until: decree.until,
    })
}

async fn name_of(tx: &mut Tx, code: &FiscalCode) -> Result<String> {
    let known = store::resident_by_code(tx, code.as_str()).await?;
    Ok(known.map_or_else(|| code.to_string(), |one| full_name(&one.person)))
}
