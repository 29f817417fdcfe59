//! People who do not exist, as a population: seen through the registries and the form, as the portal sees a person.

use std::{
    borrow::Cow,
    collections::HashMap,
    sync::atomic::{AtomicU64, Ordering},
};

use base::Date;
use population::{Household, Member, Relation};
use rules::{
    Facts, Moment,
    columns::{Batch, Column, NO_NUMBER, NO_TEXT},
};

use crate::{beside::Beside, error::SimulationError, run::Population, study::Study};

/// From this age one asks for oneself.
const OF_AGE: i16 = 18;

/// For whom a law is computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Each {
    /// Once for each household: a parent asks, or who heads the household.
    Household,
    /// For each adult.
    Adult,
}

/// Households, as the law meets them.
pub struct Invented<'s> {
    study: &'s Study<'s>,
    each: Each,
    /// The day on which registries are read.
    today: Date,
    /// Persons in all, and so far.
    persons: u64,
    seen: AtomicU64,
}

impl<'s> Invented<'s> {
    /// About `persons` persons, as they are on a day.
    #[must_use]
    pub fn new(study: &'s Study<'s>, each: Each, persons: u64, today: Date) -> Self {
        Self { study, each, today, persons, seen: AtomicU64::new(0) }
    }
}

/// Households in blocks of so many: none of a result depends on how many.
pub fn blocks<T>(households: impl Iterator<Item = T>, size: usize) -> impl Iterator<Item = Vec<T>> {
    let mut households = households.fuse();
    std::iter::from_fn(move || {
        let block: Vec<T> = households.by_ref().take(size.max(1)).collect();
        (!block.is_empty()).then_some(block)
    })
}

impl Each {
    /// What the law itself says: one that decides for a `persona` is computed for each adult.
    #[must_use]
    pub fn of(study: &Study<'_>) -> Self {
        if study.widest().1.subject() == "persona" { Self::Adult } else { Self::Household }
    }
}

impl Population for Invented<'_> {
    type Block = Vec<Household>;

    fn batch(&self, block: Self::Block) -> Result<Batch<'static>, SimulationError> {
        let rows: Vec<Row> = block.iter().flat_map(|household| self.rows(household)).collect();
        let facts: Vec<Facts> = rows.iter().map(|row| row.facts.clone()).collect();
        let batch = Batch::from_facts(self.study.widest().1, &facts);
        let persons: usize = block.iter().map(|household| household.members.len()).sum();
        self.seen.fetch_add(persons as u64, Ordering::Relaxed);
        Ok(beside(&rows).join(batch)?)
    }

    fn progress(&self) -> (u64, u64) {
        (self.seen.load(Ordering::Relaxed), self.persons)
    }
}

/// One application that could be made.
struct Row {
    facts: Facts,
    name: String,
    place: String,
    people: i64,
    /// In cents.
    isee: i64,
}

impl Invented<'_> {
    fn rows(&self, household: &Household) -> Vec<Row> {
        let asking: Vec<&Member> = match self.each {
            Each::Household => applicant(household).into_iter().collect(),
            Each::Adult => household
                .registered_members()
                .filter(|member| base::age_on(member.person.born, self.today) >= OF_AGE)
                .collect(),
        };
        asking.into_iter().map(|member| self.row(household, member)).collect()
    }

    fn row(&self, household: &Household, member: &Member) -> Row {
        let person = &member.person;
        let known = registry::known_of(household, &person.fiscal_code, Moment::at(self.today), &[]);
        let form = &self.study.widest().0.form;
        let facts = form.submission(&form.prefill(&known, self.today).facts, self.today);
        let isee = household.isee_on(self.today).map_or(NO_NUMBER, |isee| isee.value.0);
        let name = match self.each {
            Each::Household => household.id.clone(),
            Each::Adult => format!("{}/{}", household.id, person.fiscal_code.as_str()),
        };
        let people = i64::try_from(household.members.len()).unwrap_or(i64::MAX);
        Row { facts, name, place: person.residence.region.clone(), people, isee }
    }
}

/// Who asks for a household: a parent, first the one whose family sheet it is; without children, who heads it.
fn applicant(household: &Household) -> Option<&Member> {
    let holder = |member: &&Member| member.relation == Relation::Holder;
    let parents = household.registered_members().filter(|member| member.person.parent.is_some());
    let parent = parents.min_by_key(|member| member.relation != Relation::Holder);
    parent.or_else(|| household.registered_members().find(holder))
}

fn beside(rows: &[Row]) -> Beside {
    let numbers = |number: fn(&Row) -> i64, scale| Column::Number { values: rows.iter().map(number).collect(), scale };
    Beside {
        weight: None,
        people: Some(numbers(|row| row.people, 0)),
        place: Some(texts(rows.iter().map(|row| row.place.as_str()))),
        name: Some(texts(rows.iter().map(|row| row.name.as_str()))),
        rank: Some(numbers(|row| row.isee, 2)),
    }
}

fn texts<'t>(rows: impl Iterator<Item = &'t str>) -> Column<'static> {
    let (mut places, mut words) = (HashMap::new(), Vec::new());
    let codes = rows.map(|text| {
        *places.entry(text).or_insert_with(|| {
            words.push(text.to_owned());
            u32::try_from(words.len() - 1).unwrap_or(NO_TEXT)
        })
    });
    let codes: Vec<u32> = codes.collect();
    Column::Text { codes: Cow::Owned(codes), words: Cow::Owned(words) }
}
