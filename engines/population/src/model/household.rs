use base::{Date, FiscalCode};
use serde::{Deserialize, Serialize};

use super::{
    Account, Bereavement, Disability, Employer, IseeAttestation, Job, ParentalRole, Person, Study, YearIncome,
};

/// A household (*famiglia anagrafica*) and all that the registries hold about its members, each list as one registry
/// would give it. A person is named by fiscal code in every list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Household {
    /// Unique in a world: `F0000000042`, or `F-chiara` for a sample family.
    pub id: String,
    /// The holder first, then the partner, then the children from the eldest, then others.
    pub members: Vec<Member>,
    /// Register of ISEE attestations (INPS), oldest first, several years.
    pub isee: Vec<IseeAttestation>,
    /// Register of work contracts: present and past jobs.
    pub jobs: Vec<Job>,
    /// Register of firms: every employer named in `jobs`, once. The same employer comes back in other households
    /// with the same data.
    pub employers: Vec<Employer>,
    /// Register of certified disability (INPS).
    pub disabilities: Vec<Disability>,
    /// Registers of students (school and university).
    pub studies: Vec<Study>,
    /// Tax registry: taxable income by year.
    pub incomes: Vec<YearIncome>,
    /// Payment accounts that the administration already pays to.
    pub accounts: Vec<Account>,
    /// Spouses who died.
    pub bereavements: Vec<Bereavement>,
    /// What is true but a registry does not know.
    pub gaps: Vec<Gap>,
}

/// A person's place in a household.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Relation to the holder of the family sheet.
    pub relation: Relation,
    /// The person.
    pub person: Person,
}

/// Relation to the holder of the family sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Relation {
    /// Intestatario della scheda.
    Holder,
    /// Coniuge o unito civilmente.
    Spouse,
    /// Convivente.
    Partner,
    /// Figlio o figlia.
    Child,
    /// Altro.
    Other,
}

/// A datum that a registry lacks although the thing exists.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gap {
    /// Whose datum.
    pub person: FiscalCode,
    /// Which datum.
    pub missing: MissingDatum,
}

/// Which datum a registry lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MissingDatum {
    /// The birth is not yet in the register of residents: **no registry may be loaded with this person**, although the
    /// person is a member of the household. The parents will have to declare the child.
    RegistryEntry,
    /// An adult without a known account (there is then no entry in `accounts`).
    PaymentAccount,
}

impl Household {
    /// A household in which nobody lives yet.
    pub(crate) fn empty(id: String) -> Self {
        Self {
            id,
            members: Vec::new(),
            isee: Vec::new(),
            jobs: Vec::new(),
            employers: Vec::new(),
            disabilities: Vec::new(),
            studies: Vec::new(),
            incomes: Vec::new(),
            accounts: Vec::new(),
            bereavements: Vec::new(),
            gaps: Vec::new(),
        }
    }

    /// The attestation that counts on `day`: the last one registered among those valid then.
    #[must_use]
    pub fn isee_on(&self, day: Date) -> Option<&IseeAttestation> {
        self.isee.iter().rfind(|isee| isee.registered_on <= day && day <= isee.valid_to)
    }

    /// The members whom the register of residents knows: the ones that a loader puts into registries.
    pub fn registered_members(&self) -> impl Iterator<Item = &Member> {
        self.members.iter().filter(|member| {
            let code = &member.person.fiscal_code;
            !self.gaps.iter().any(|gap| gap.missing == MissingDatum::RegistryEntry && gap.person == *code)
        })
    }

    /// The persons with relation [`Relation::Child`], registered or not.
    pub fn children(&self) -> impl Iterator<Item = &Person> {
        self.members.iter().filter(|member| member.relation == Relation::Child).map(|member| &member.person)
    }

    /// The mother or the father of the children.
    #[must_use]
    pub fn parent(&self, role: ParentalRole) -> Option<&Person> {
        self.members.iter().map(|member| &member.person).find(|person| person.parent == Some(role))
    }
}
