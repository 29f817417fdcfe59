//! What a simulation says in the end: figures that people read, and programs as JSON.

use std::collections::BTreeMap;

use base::{Date, Language};
use catalogue::SimulationUnit;
use rules::Unit;
use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Serialize, Serializer};

use crate::{
    run::Counted,
    study::Study,
    sum::{Count, TooGreat},
    tally::{Effect, Tally},
};

const MONTHS: Decimal = Decimal::from_parts(12, 0, 0, false, 0);

/// The result of a simulation.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Summary {
    /// The service: its folder.
    pub service: String,
    /// Its name in Italian.
    pub name: String,
    /// The version of the law in force.
    pub version: String,
    /// The version of the draft, if there is one.
    pub draft: Option<String>,
    /// Which day's law.
    pub on: Date,
    /// As it was known on which day; absent: as it is known now.
    pub known: Option<Date>,
    /// In what the amount of the law is measured.
    pub unit: Option<Unit>,
    /// Who makes an application: what is called household here is a person where each adult asks.
    #[serde(serialize_with = "unit_name")]
    pub of: SimulationUnit,
    /// Everybody.
    pub all: Figures,
    /// By ISEE, or the column that was asked for: tenths of the households that have it, from the lowest.
    pub deciles: Vec<Band>,
    /// The households without it.
    pub without: Figures,
    /// How exact the borders of the tenths are, in euro.
    pub grain: Decimal,
    /// By territory, in order of name; those without one under an empty name.
    pub territories: BTreeMap<String, Figures>,
    /// Households that go to an officer under the law in force, by why.
    pub faults: BTreeMap<String, Decimal>,
    /// The same under the draft.
    pub draft_faults: BTreeMap<String, Decimal>,
}

/// A tenth of the households.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Band {
    /// From 1.
    pub decile: u32,
    /// From this value (included), in euro.
    pub from: Decimal,
    /// To this value (excluded), in euro.
    pub to: Decimal,
    /// Its figures.
    #[serde(flatten)]
    pub figures: Figures,
}

/// The figures of a group.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Figures {
    /// Rows of the population: those that are counted for the protection of the few.
    pub rows: u64,
    /// Households that they stand for.
    pub households: Decimal,
    /// People who live in them.
    pub people: Decimal,
    /// The law in force.
    pub law: Given,
    /// The draft, if there is one.
    pub draft: Option<Given>,
    /// What the draft changes.
    pub change: Option<Changed>,
    /// Who is entitled by the law in force and did not ask, where it is known who asked.
    pub unclaimed: Option<Unclaimed>,
}

/// What is due and was not asked for.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Unclaimed {
    /// Rows.
    pub rows: u64,
    /// Households.
    pub households: Decimal,
    /// What they would get.
    pub cost: Cost,
}

/// What one law gives to a group.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Given {
    /// Rows entitled.
    pub rows: u64,
    /// Households entitled.
    pub households: Decimal,
    /// People who live in them.
    pub people: Decimal,
    /// What it costs.
    pub cost: Cost,
    /// Households of which a needed fact is not known.
    pub unknown: Decimal,
    /// Households whose case goes to an officer.
    pub officer: Decimal,
}

/// A cost, in euro. An amount that is due once has neither month nor year.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Cost {
    /// In a month.
    pub month: Option<Decimal>,
    /// In twelve months like that one.
    pub year: Option<Decimal>,
    /// Once.
    pub once: Option<Decimal>,
}

/// What a draft changes for a group.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Changed {
    /// The cost of the draft less that of the law in force.
    pub cost: Cost,
    /// Who gets more.
    pub winners: Moved,
    /// Who gets less.
    pub losers: Moved,
    /// Households for which nothing changes.
    pub unchanged: Decimal,
    /// Households of which one of the two laws says nothing.
    pub incomparable: Decimal,
}

/// Households whose amount changes in one direction.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Moved {
    /// Rows.
    pub rows: u64,
    /// Households.
    pub households: Decimal,
    /// By how much on average, in the unit of the law's amount; absent where there is none.
    pub mean: Option<Decimal>,
}

impl Summary {
    /// What was counted, in figures.
    ///
    /// # Errors
    /// If a sum is beyond 38 digits.
    pub fn new(study: &Study<'_>, counted: &Counted) -> Result<Self, TooGreat> {
        let unit = study.answer().amount;
        let figures = |tally: &Tally| Figures {
            unclaimed: counted.applications.then(|| unclaimed(tally, unit)),
            ..figures(tally, unit, study.draft.is_some())
        };
        let deciles = counted.bands.deciles()?;
        let bands = deciles.iter().map(|decile| Band {
            decile: decile.place,
            from: decile.from,
            to: decile.to,
            figures: figures(&decile.tally),
        });
        let territories = counted.territories.iter();
        let faults = |faults: &BTreeMap<String, Count>| {
            faults.iter().map(|(why, count)| (why.clone(), count.weight.total())).collect()
        };
        Ok(Self {
            service: study.service.slug.clone(),
            name: study.service.name.get(Language::Italian).to_owned(),
            version: study.service.version.clone(),
            draft: study.draft.map(|draft| draft.version.clone()),
            on: study.moment.on,
            known: Some(study.moment.known).filter(|known| *known != Date::MAX),
            unit,
            of: study.widest().0.decl.simulation.of,
            all: figures(&counted.all),
            deciles: bands.collect(),
            without: figures(counted.bands.without()),
            grain: counted.bands.grain(),
            territories: territories.map(|(place, tally)| (place.clone(), figures(tally))).collect(),
            faults: faults(&counted.faults),
            draft_faults: faults(&counted.draft_faults),
        })
    }

    /// The summary as JSON, with a line for each figure, so that two of them can be compared line by line.
    #[must_use]
    pub fn json(&self) -> String {
        serde_json::to_string_pretty(self).expect("its keys are texts and its numbers are written as texts")
    }
}

fn figures(tally: &Tally, unit: Option<Unit>, drafted: bool) -> Figures {
    Figures {
        rows: tally.households.rows,
        households: tally.households.weight.total(),
        people: tally.people.total(),
        law: given(&tally.law, unit),
        draft: drafted.then(|| given(&tally.draft, unit)),
        change: drafted.then(|| changed(tally, unit)),
        unclaimed: None,
    }
}

fn unclaimed(tally: &Tally, unit: Option<Unit>) -> Unclaimed {
    let (count, sum) = &tally.unclaimed;
    Unclaimed { rows: count.rows, households: count.weight.total(), cost: cost(sum.total(), unit) }
}

fn unit_name<S: Serializer>(unit: &SimulationUnit, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(match unit {
        SimulationUnit::Household => "household",
        SimulationUnit::Person => "person",
    })
}

fn given(effect: &Effect, unit: Option<Unit>) -> Given {
    Given {
        rows: effect.entitled.rows,
        households: effect.entitled.weight.total(),
        people: effect.people.total(),
        cost: cost(effect.cost.total(), unit),
        unknown: effect.unknown.weight.total(),
        officer: effect.officer.weight.total(),
    }
}

fn changed(tally: &Tally, unit: Option<Unit>) -> Changed {
    let change = &tally.change;
    let moved = |(count, sum): &(Count, crate::sum::Sum)| {
        let households = count.weight.total();
        Moved { rows: count.rows, households, mean: sum.total().checked_div(households).map(cents) }
    };
    Changed {
        cost: cost(tally.draft.cost.total() - tally.law.cost.total(), unit),
        winners: moved(&change.winners),
        losers: moved(&change.losers),
        unchanged: change.unchanged.weight.total(),
        incomparable: change.incomparable.weight.total(),
    }
}

fn cost(sum: Decimal, unit: Option<Unit>) -> Cost {
    let none = Cost { month: None, year: None, once: None };
    match unit {
        Some(Unit::EuroPerMonth) => Cost { month: Some(cents(sum)), year: sum.checked_mul(MONTHS).map(cents), ..none },
        Some(Unit::EuroPerYear) => Cost { month: Some(cents(sum / MONTHS)), year: Some(cents(sum)), ..none },
        Some(_) => Cost { once: Some(cents(sum)), ..none },
        None => none,
    }
}

fn cents(mut amount: Decimal) -> Decimal {
    amount = amount.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero);
    amount.rescale(2);
    amount
}
