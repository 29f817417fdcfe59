//! What is stored: the entries of registries, with the day on which each was recorded.

use base::{Date, FiscalCode};
use jiff::civil::date;
use population::{
    Account, Bereavement, Disability, Employer, Household, IseeAttestation, Job, Person, Relation, Study, YearIncome,
};
use serde::{Deserialize, Serialize};

/// Somebody in the register of residents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Resident {
    pub household: String,
    /// Place on the family sheet, from 0.
    pub place: i64,
    pub relation: Relation,
    pub person: Person,
    pub recorded_on: Date,
}

/// An entry of a registry other than that of residents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    pub household: String,
    /// Whom it concerns; `None` for the household as a whole.
    pub subject: Option<FiscalCode>,
    pub content: Content,
    pub recorded_on: Date,
}

/// What an entry says. Stored as JSON: the names of variants must not change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Content {
    Isee(IseeAttestation),
    Job { job: Job, employer: Option<Employer> },
    Disability(Disability),
    Study(Study),
    Income(YearIncome),
    Account(Account),
    Bereavement(Bereavement),
}

/// A household of the sample world as registries hold it. Whom the register of residents does not know, no registry
/// knows.
pub(crate) fn entries_of(household: &Household, today: Date) -> (Vec<Resident>, Vec<Entry>) {
    let residents: Vec<Resident> = (0..)
        .zip(household.registered_members())
        .map(|(place, member)| Resident {
            household: household.id.clone(),
            place,
            relation: member.relation,
            person: member.person.clone(),
            recorded_on: member.person.residence.since,
        })
        .collect();
    let mut entries = all_entries(household, today);
    entries.retain(|entry| {
        let known = |code: &FiscalCode| residents.iter().any(|resident| resident.person.fiscal_code == *code);
        entry.subject.as_ref().is_none_or(known)
    });
    (residents, entries)
}

fn all_entries(household: &Household, today: Date) -> Vec<Entry> {
    let entry = |subject: Option<&FiscalCode>, recorded_on, content| Entry {
        household: household.id.clone(),
        subject: subject.cloned(),
        content,
        recorded_on,
    };
    let mut entries = Vec::new();
    entries.extend(household.isee.iter().map(|isee| entry(None, isee.registered_on, Content::Isee(isee.clone()))));
    entries.extend(household.jobs.iter().map(|job| entry(Some(&job.worker), job.from, job_content(household, job))));
    entries.extend(household.disabilities.iter().map(|one| {
        entry(Some(&one.person), one.since, Content::Disability(one.clone())) //
    }));
    entries.extend(household.studies.iter().map(|one| entry(Some(&one.person), one.from, Content::Study(one.clone()))));
    entries.extend(household.incomes.iter().map(|one| {
        entry(Some(&one.person), declared_on(one.year).min(today), Content::Income(one.clone())) //
    }));
    entries.extend(household.accounts.iter().map(|one| entry(Some(&one.holder), today, Content::Account(one.clone()))));
    entries.extend(household.bereavements.iter().map(|one| {
        entry(Some(&one.survivor), one.died_on, Content::Bereavement(one.clone())) //
    }));
    entries
}

fn job_content(household: &Household, job: &Job) -> Content {
    let employer = household.employers.iter().find(|employer| employer.vat == job.employer);
    Content::Job { job: job.clone(), employer: employer.cloned() }
}

/// Income returns of a year are due by 31 October of the next (art. 2 DPR 322/1998). Who is in the world with an income
/// for a year whose term still runs has declared it early.
fn declared_on(year: i16) -> Date {
    date(year + 1, 10, 31)
}
