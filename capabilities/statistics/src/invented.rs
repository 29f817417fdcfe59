//! People who do not exist, as a population: seen through the registries and the form, as the portal sees a person.

use std::{
    borrow::Cow,
    collections::{BTreeSet, HashMap},
    sync::atomic::{AtomicU64, Ordering},
};

use base::Date;
use catalogue::{Simulation, SimulationUnit};
use population::{Household, Member, Relation};
use registry::Registries;
use rules::{
    Facts, Input, Moment,
    columns::{Batch, Column, NO_NUMBER, NO_TEXT, from_truth},
};

use crate::{
    beside::Beside,
    error::SimulationError,
    files::{RANK as ISEE, scaled},
    run::{Pace, Population},
    study::Study,
};

/// From this age one asks for oneself.
const OF_AGE: i16 = 18;

/// Households as the law meets them: one application for each, or one for each adult, as the service says.
pub struct Invented<'s> {
    study: &'s Study<'s>,
    simulation: Simulation,
    /// Names of the inputs that tell who a member is.
    identifying: Vec<&'s Input>,
    /// The day on which registries are read.
    today: Date,
    /// Persons in all, and so far.
    persons: u64,
    seen: AtomicU64,
    /// Fiscal codes of who asked for the service, where that is known.
    applicants: Option<BTreeSet<String>>,
}

impl<'s> Invented<'s> {
    /// About `persons` persons, as they are on a day.
    #[must_use]
    pub fn new(study: &'s Study<'s>, persons: u64, today: Date) -> Self {
        let (service, law) = study.widest();
        let identifying = law.inputs().iter().filter(|input| input.identification && input.relation.is_some());
        let simulation = service.decl.simulation;
        let (identifying, seen) = (identifying.collect(), AtomicU64::new(0));
        Self { study, simulation, identifying, today, persons, seen, applicants: None }
    }

    /// With the fiscal codes of who asked for the service: what is not claimed is counted.
    #[must_use]
    pub fn with_applicants(mut self, applicants: BTreeSet<String>) -> Self {
        self.applicants = Some(applicants);
        self
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

impl Population for Invented<'_> {
    type Block = Vec<Household>;

    fn batch(&self, block: Self::Block, pace: Pace<'_>) -> Result<Batch<'static>, SimulationError> {
        let mut rows = Vec::with_capacity(block.len());
        for household in &block {
            pace.check()?;
            rows.extend(self.rows(household));
            self.seen.fetch_add(household.members.len() as u64, Ordering::Relaxed);
        }
        let beside = beside(&rows);
        let facts: Vec<Facts> = rows.into_iter().map(|row| row.facts).collect();
        Ok(beside.join(Batch::from_facts(self.study.widest().1, &facts))?)
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
    applied: Option<bool>,
}

impl Invented<'_> {
    fn rows(&self, household: &Household) -> Vec<Row> {
        let first = applicant(household);
        let asking: Vec<&Member> = match self.simulation.of {
            SimulationUnit::Household => first.into_iter().collect(),
            SimulationUnit::Person => {
                let code = first.map(|member| &member.person.fiscal_code);
                let adult = |member: &&Member| base::age_on(member.person.born, self.today) >= OF_AGE;
                let others = household.registered_members().filter(|member| Some(&member.person.fiscal_code) != code);
                first.into_iter().chain(others).filter(adult).collect()
            }
        };
        let mut rows: Vec<Row> = asking.into_iter().map(|member| self.row(household, member)).collect();
        if self.simulation.members_once {
            self.list_once(&mut rows);
        }
        rows
    }

    /// Leaves out of each application whom an earlier one of the same household lists.
    fn list_once(&self, rows: &mut [Row]) {
        let mut listed = BTreeSet::new();
        for row in rows {
            for (relation, members) in &mut row.facts.groups {
                members.retain(|member| {
                    let own = self.identifying.iter().filter(|input| input.relation.as_ref() == Some(relation));
                    let who: Vec<String> =
                        own.filter_map(|input| Some(member.get(&input.name)?.as_text()?.to_owned())).collect();
                    who.is_empty() || listed.insert((relation.clone(), who))
                });
            }
        }
    }

    fn row(&self, household: &Household, member: &Member) -> Row {
        let person = &member.person;
        let known = registry::known_of(household, &person.fiscal_code, Moment::at(self.today), &Registries::default());
        let form = &self.study.widest().0.form;
        let facts = form.submission(&form.prefill(&known, self.today).facts, self.today);
        let isee = self.isee(&facts, household).unwrap_or(NO_NUMBER);
        let name = match self.simulation.of {
            SimulationUnit::Household => household.id.clone(),
            SimulationUnit::Person => format!("{}/{}", household.id, person.fiscal_code.as_str()),
        };
        let people = match self.simulation.of {
            SimulationUnit::Household => i64::try_from(household.members.len()).unwrap_or(i64::MAX),
            SimulationUnit::Person => 1,
        };
        let applied = self.applied(household, member);
        Row { facts, name, place: person.residence.region.clone(), people, isee, applied }
    }

    /// For a household, anybody who lives in it may have asked.
    fn applied(&self, household: &Household, member: &Member) -> Option<bool> {
        let applicants = self.applicants.as_ref()?;
        let asked = |member: &Member| applicants.contains(member.person.fiscal_code.as_str());
        Some(match self.simulation.of {
            SimulationUnit::Household => household.registered_members().any(asked),
            SimulationUnit::Person => asked(member),
        })
    }
}

impl Invented<'_> {
    /// The ISEE that the law looks at; where it looks at none, the household's. In cents.
    fn isee(&self, facts: &Facts, household: &Household) -> Option<i64> {
        let asked = self.study.widest().1.inputs().iter().any(|input| input.relation.is_none() && input.name == ISEE);
        if !asked {
            return household.isee_on(self.today).map(|isee| isee.value.0);
        }
        scaled(facts.values.get(ISEE)?.as_decimal()?, 2)
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
        applied: Some(Column::Truth(rows.iter().map(|row| from_truth(row.applied)).collect())),
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
