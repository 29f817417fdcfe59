use std::collections::BTreeSet;

use base::FiscalCode;
use serde_json::{Map, Value};

use super::{Arrived, StaffProvider};
use crate::staff::fit_id;

/// Longer names are cut.
const LONGEST_NAME: usize = 120;

/// An official as the provider and `identity.toml` together say it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Employee {
    pub(crate) account: String,
    pub(crate) name: String,
    pub(crate) office: String,
    pub(crate) roles: Vec<String>,
    pub(crate) fiscal_code: Option<FiscalCode>,
}

/// Why somebody whom the provider knows does no work here.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NotPlaced {
    #[error("the claim {0} is missing or cannot be used")]
    Untold(String),
    #[error("in none of the groups that are declared")]
    Nowhere,
    #[error("in groups of more than one office: {0}")]
    Torn(String),
}

impl StaffProvider {
    /// Whether everything that we need to know is among these claims.
    pub(super) fn is_told(&self, said: &Map<String, Value>) -> bool {
        let claims = &self.claims;
        let named = [&claims.account, &claims.name, &claims.groups].into_iter().chain(&claims.fiscal_code);
        named.into_iter().all(|name| at(said, name).is_some())
    }

    /// Whether the provider says that somebody proved twice who they are.
    pub(super) fn vouches_twice(&self, said: &Map<String, Value>) -> bool {
        let among = |values: &[String], name: &str| words(said.get(name)).iter().any(|word| values.contains(word));
        among(&self.two_proofs.acr, "acr") || among(&self.two_proofs.amr, "amr")
    }

    /// Who it is here: account, office and roles.
    ///
    /// # Errors
    /// [`NotPlaced`].
    pub(crate) fn employee(&self, arrived: &Arrived) -> Result<Employee, NotPlaced> {
        let (said, claims) = (&arrived.said, &self.claims);
        let text = |name: &str| {
            let text = at(said, name).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty());
            text.ok_or_else(|| NotPlaced::Untold(name.to_owned()))
        };
        let account = text(&claims.account)?.to_lowercase();
        if !fit_id(&account) {
            return Err(NotPlaced::Untold(claims.account.clone()));
        }
        let untold = |name: &String| NotPlaced::Untold(name.clone());
        let fiscal_code = match &claims.fiscal_code {
            // Who is told without one is taken; a wrong one would hide whose cases are their own.
            Some(name) if at(said, name).is_some() => {
                let text = text(name)?.to_uppercase();
                Some(text.trim_start_matches("TINIT-").parse().map_err(|_| untold(name))?)
            }
            _ => None,
        };
        let (office, roles) = self.placed(&words(at(said, &claims.groups)))?;
        let name = text(&claims.name)?.split_whitespace().collect::<Vec<_>>().join(" ");
        Ok(Employee { account, name: name.chars().take(LONGEST_NAME).collect(), office, roles, fiscal_code })
    }

    /// The one office to which the groups lead, and what they bring there.
    fn placed(&self, groups: &[String]) -> Result<(String, Vec<String>), NotPlaced> {
        let own: Vec<_> = self.groups.iter().filter(|one| groups.contains(&one.group)).collect();
        let offices: BTreeSet<_> = own.iter().map(|one| one.office.as_str()).collect();
        let mut offices = offices.into_iter();
        let office = offices.next().ok_or(NotPlaced::Nowhere)?;
        if offices.next().is_some() {
            let all: BTreeSet<_> = own.iter().map(|one| one.office.as_str()).collect();
            return Err(NotPlaced::Torn(all.into_iter().collect::<Vec<_>>().join(", ")));
        }
        let roles: BTreeSet<_> = own.iter().flat_map(|one| one.roles.clone()).collect();
        Ok((office.to_owned(), roles.into_iter().collect()))
    }
}

/// A claim by its name, or by a way into a claim: `realm_access.roles`.
fn at<'a>(said: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    let within = || {
        let (first, rest) = name.split_once('.')?;
        at(said.get(first)?.as_object()?, rest)
    };
    said.get(name).or_else(within).filter(|value| !value.is_null())
}

/// A list of words, or one.
fn words(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::String(one)) => vec![one.clone()],
        Some(Value::Array(all)) => all.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}
