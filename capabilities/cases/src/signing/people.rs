//! Who must sign, as the answers say.

use std::collections::BTreeSet;

use base::{Date, Language, age_on};
use catalogue::{Cosigner, Service, Signatures};
use forms::Path;
use rules::Facts;

/// From this age on somebody signs for themselves.
const OF_AGE: i16 = 18;

/// Somebody who must sign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Needed {
    /// Fiscal code.
    pub code: String,
    /// As what, in Italian.
    pub role: String,
    /// What they declare, in Italian.
    pub statement: String,
}

/// Why an application cannot go to those who must sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// The applicant named themselves in the place of another.
    Oneself,
    /// Of somebody who must sign there is no fiscal code.
    Nameless,
    /// Fewer people than must sign at least.
    TooFew,
}

impl Trouble {
    /// The key of what to say.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Oneself => "cases.signing.trouble.oneself",
            Self::Nameless => "cases.signing.trouble.nameless",
            Self::TooFew => "cases.signing.trouble.too_few",
        }
    }
}

/// Who must sign beside the applicant, each once, in the order of the answers; empty where nobody must.
///
/// # Errors
/// [`Trouble`] where the answers do not say it as the service demands.
pub fn needed(service: &Service, answers: &Facts, applicant: &str, today: Date) -> Result<Vec<Needed>, Trouble> {
    let Some(signatures) = &service.process.signatures else { return Ok(Vec::new()) };
    let mut found = Vec::new();
    for one in &signatures.people {
        match one.code.split_once('.') {
            None => found.extend(single(one, answers, applicant)?),
            Some((group, code)) => found.extend(members(one, (group, code), answers, (applicant, today))?),
        }
    }
    once(found, signatures)
}

fn single(one: &Cosigner, answers: &Facts, applicant: &str) -> Result<Option<Needed>, Trouble> {
    let code = Path::of(&one.code).get(answers).and_then(rules::Value::as_text);
    let Some(code) = code.filter(|code| !code.is_empty()) else { return Ok(None) };
    if code.eq_ignore_ascii_case(applicant) { Err(Trouble::Oneself) } else { Ok(Some(named(one, code))) }
}

/// Whose day of birth nobody knows counts as an adult: nobody is left out by mistake.
fn members(
    one: &Cosigner,
    (group, code): (&str, &str),
    answers: &Facts,
    (applicant, today): (&str, Date),
) -> Result<Vec<Needed>, Trouble> {
    let mut found = Vec::new();
    for row in answers.groups.get(group).into_iter().flatten() {
        let born = one.adults_by.as_deref().and_then(|by| row.get(by)).and_then(rules::Value::as_date);
        if born.is_some_and(|born| age_on(born, today) < OF_AGE) {
            continue;
        }
        let told = row.get(code).and_then(rules::Value::as_text).filter(|code| !code.is_empty());
        let code = told.ok_or(Trouble::Nameless)?;
        if code.eq_ignore_ascii_case(applicant) {
            return Err(Trouble::Oneself);
        }
        found.push(named(one, code));
    }
    Ok(found)
}

fn named(one: &Cosigner, code: &str) -> Needed {
    Needed {
        code: code.to_uppercase(),
        role: one.who.get(Language::Italian).to_owned(),
        statement: one.statement.get(Language::Italian).to_owned(),
    }
}

/// Nobody signs twice.
fn once(mut found: Vec<Needed>, signatures: &Signatures) -> Result<Vec<Needed>, Trouble> {
    let mut seen = BTreeSet::new();
    found.retain(|one| seen.insert(one.code.clone()));
    if found.len() < signatures.at_least { Err(Trouble::TooFew) } else { Ok(found) }
}
