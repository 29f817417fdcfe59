//! Earlier cases of a person that stand: what is open or granted is not asked for again where the service says that it
//! makes no sense, and nobody is told that it is due.

use std::collections::BTreeSet;

use base::Uuid;
use catalogue::{Again, Service};
use database::Tx;
use rules::{Facts, Value};
use web::Failure;

use crate::store::{self, CaseRow};

/// The cases of one person that are open or granted, latest first.
pub struct Earlier(Vec<CaseRow>);

impl From<Vec<CaseRow>> for Earlier {
    fn from(rows: Vec<CaseRow>) -> Self {
        Self(rows)
    }
}

impl Earlier {
    /// All that stand now.
    ///
    /// # Errors
    /// What the database refuses.
    pub async fn of(tx: &mut Tx, applicant: &str) -> Result<Self, Failure> {
        Ok(Self(store::standing_cases(tx, applicant).await?))
    }

    /// Those of which it was not known.
    #[must_use]
    pub fn without(mut self, known: &BTreeSet<Uuid>) -> Self {
        self.0.retain(|row| !known.contains(&row.id));
        self
    }

    /// Their identifiers.
    #[must_use]
    pub fn ids(&self) -> BTreeSet<Uuid> {
        self.0.iter().map(|row| row.id).collect()
    }

    /// Those on which somebody still works.
    pub fn open(&self) -> impl Iterator<Item = &CaseRow> {
        self.0.iter().filter(|row| !row.state.is_closed())
    }

    /// An open case of this service.
    #[must_use]
    pub fn open_of(&self, service: &str) -> Option<Uuid> {
        self.open().find(|row| row.service == service).map(|row| row.id)
    }

    /// The case because of which these answers cannot be sent now.
    ///
    /// # Errors
    /// What the database refuses.
    pub async fn against(&self, tx: &mut Tx, service: &Service, answers: &Facts) -> Result<Option<&CaseRow>, Failure> {
        let Again::NeverWhileOpen { about, .. } = &service.process.again else { return Ok(None) };
        for row in self.0.iter().filter(|row| row.service == service.slug) {
            let Some(about) = about else { return Ok(Some(row)) };
            let earlier = store::find(tx, row.id).await?.map(|case| case.answers).unwrap_or_default();
            let known = told(about, &earlier);
            if told(about, answers).iter().any(|value| known.contains(value)) {
                return Ok(Some(row));
            }
        }
        Ok(None)
    }

    /// Whether what these answers ask for is being asked for, or granted, already. Of a service that may be asked for
    /// again at any time every case counts.
    ///
    /// # Errors
    /// What the database refuses.
    pub async fn covers(&self, tx: &mut Tx, service: &Service, answers: &Facts) -> Result<bool, Failure> {
        match &service.process.again {
            Again::NeverWhileOpen { .. } => Ok(self.against(tx, service, answers).await?.is_some()),
            Again::Allowed => Ok(self.0.iter().any(|row| row.service == service.slug)),
        }
    }
}

/// Every answer to a question, `question` or `group.question`.
fn told<'f>(about: &str, answers: &'f Facts) -> Vec<&'f Value> {
    let found: Vec<Option<&Value>> = match about.split_once('.') {
        None => vec![answers.values.get(about)],
        Some((group, id)) => answers.groups.get(group).into_iter().flatten().map(|row| row.get(id)).collect(),
    };
    found.into_iter().flatten().filter(|value| !value.is_null()).collect()
}
