use std::{collections::BTreeMap, fs, path::Path};

use population::Household;
use rules::{
    Facts, Value,
    columns::{Batch, Column, Outcomes, stream},
};

use super::{HOUSEHOLD_OF, HOUSEHOLDS, Kind, NAME, PEOPLE, PLACE, RANK, growing::Growing, sheet::Sheet, wrong};
use crate::{
    beside,
    error::SimulationError,
    invented::Invented,
    run::{Pace, Population, Progress},
    study::Study,
};

/// What was written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Written {
    /// Households, or whoever makes an application.
    pub households: u64,
    /// Those among them with a value that the law does not admit: they are there with it, and go to an officer.
    pub apart: u64,
}

/// Writes invented households as the files that [`super::Files`] reads: the columns that the law uses, and those beside.
///
/// # Errors
/// If the folder cannot be written, a value has no place in its column, or it was stopped.
pub fn write_population(
    study: &Study<'_>,
    population: &Invented<'_>,
    blocks: impl Iterator<Item = Vec<Household>> + Send,
    folder: &Path,
    pace: Pace<'_>,
    mut progress: impl FnMut(Progress) + Send,
) -> Result<Written, SimulationError> {
    fs::create_dir_all(folder).map_err(|error| SimulationError::write(folder, &error))?;
    let mut pages = pages(study, folder)?;
    let mut written = Written::default();
    let prepare = |block| population.batch(block, pace);
    let sink = |batch: &Batch<'_>, _: &[Outcomes]| {
        pace.check()?;
        let apart: BTreeMap<usize, &Facts> = batch.apart().collect();
        pages.iter_mut().try_for_each(|page| page.add(batch, &apart, written.households))?;
        written.households += batch.len() as u64;
        written.apart += apart.len() as u64;
        let (read, of) = population.progress();
        progress(Progress { households: written.households, read, of });
        Ok(())
    };
    stream(&[], pace.threads, blocks, prepare, sink)?;
    pages.into_iter().try_for_each(Page::finish)?;
    Ok(written)
}

/// One file: that of the households, or of a relation.
struct Page {
    relation: Option<String>,
    columns: Vec<Source>,
    sheet: Sheet,
}

struct Source {
    /// In the file.
    name: String,
    from: From,
    growing: Growing,
}

/// Where a column comes from.
enum From {
    /// An input of the law.
    Law,
    /// What stands beside the law's inputs.
    Beside,
    /// The row of the member's household.
    Household,
}

fn pages(study: &Study<'_>, folder: &Path) -> Result<Vec<Page>, SimulationError> {
    let relations = study.widest().1.relations().iter().cloned().map(Some);
    let needed = study.needed()?;
    let page = |relation: Option<String>| {
        let own = needed.iter().filter(|input| input.relation == relation);
        let mut columns: Vec<(String, Kind, From)> =
            own.map(|input| (input.name.clone(), Kind::of(input), From::Law)).collect();
        if relation.is_some() {
            columns.insert(0, (HOUSEHOLD_OF.to_owned(), Kind::Number(0), From::Household));
        } else {
            let further = [(NAME, Kind::Text), (PLACE, Kind::Text), (PEOPLE, Kind::Number(0)), (RANK, Kind::Number(2))];
            let new = further.into_iter().filter(|(name, _)| !needed.iter().any(|input| is_own(input, name)));
            columns.extend(new.map(|(name, kind)| (name.to_owned(), kind, From::Beside)).collect::<Vec<_>>());
        }
        let path = folder.join(format!("{}.parquet", relation.as_deref().unwrap_or(HOUSEHOLDS)));
        let heads: Vec<(String, Kind)> = columns.iter().map(|(name, kind, _)| (name.clone(), *kind)).collect();
        let sheet = Sheet::create(&path, &heads)?;
        let source = |(name, kind, from)| Source { name, from, growing: Growing::of(kind) };
        Ok(Page { relation, columns: columns.into_iter().map(source).collect(), sheet })
    };
    std::iter::once(None).chain(relations).map(page).collect()
}

fn is_own(input: &rules::Input, name: &str) -> bool {
    input.relation.is_none() && input.name == name
}

impl Page {
    /// The rows of a batch, before which so many households came.
    fn add(&mut self, batch: &Batch<'_>, apart: &BTreeMap<usize, &Facts>, before: u64) -> Result<(), SimulationError> {
        let relation = self.relation.as_deref();
        for source in &mut self.columns {
            let column = match source.from {
                From::Law => batch.get(relation, &source.name),
                From::Beside => beside::named(batch).find(|(name, _)| *name == source.name).map(|(_, column)| column),
                From::Household => None,
            };
            for household in 0..batch.len() {
                let row = i64::try_from(before).unwrap_or(i64::MAX).saturating_add_unsigned(household as u64 + 1);
                let apart = Some(apart.get(&household)).filter(|_| !matches!(source.from, From::Beside)).flatten();
                let values = values(batch, apart.copied(), relation, household, &source.name, column);
                for value in values {
                    let value = if matches!(source.from, From::Household) { Value::Int(row) } else { value };
                    source.push(&value, row)?;
                }
            }
        }
        let rows = self.columns.first().map_or(0, |source| source.growing.len());
        if rows >= self.sheet.together() { self.write() } else { Ok(()) }
    }

    fn write(&mut self) -> Result<(), SimulationError> {
        let rows = self.columns.first().map_or(0, |source| source.growing.len());
        let columns: Vec<Column<'static>> = self.columns.iter_mut().map(|source| source.growing.take(rows)).collect();
        if rows > 0 { self.sheet.write(&columns) } else { Ok(()) }
    }

    fn finish(mut self) -> Result<(), SimulationError> {
        self.write()?;
        self.sheet.finish()
    }
}

/// The values of a column for one household: one, or one for each of its members.
fn values(
    batch: &Batch<'_>,
    apart: Option<&Facts>,
    relation: Option<&str>,
    household: usize,
    name: &str,
    column: Option<&Column<'_>>,
) -> Vec<Value> {
    let of_facts = |known: Option<&Value>| known.cloned().unwrap_or_default();
    let of_row = |row| column.map_or(Value::Null, |column| column.value(row));
    match (apart, relation) {
        (None, None) => vec![of_row(household)],
        (None, Some(relation)) => batch.members(relation, household).map(of_row).collect(),
        (Some(facts), None) => vec![of_facts(facts.values.get(name))],
        (Some(facts), Some(relation)) => {
            let members = facts.groups.get(relation).into_iter().flatten();
            members.map(|member| of_facts(member.get(name))).collect()
        }
    }
}

impl Source {
    fn push(&mut self, value: &Value, row: i64) -> Result<(), SimulationError> {
        self.growing.push(value).ok_or_else(|| {
            let what = format!("il valore «{value}» non entra nella colonna");
            let row = u64::try_from(row).ok();
            wrong(Path::new(HOUSEHOLDS), Some(&self.name), row, what, "Correggi il modulo o il dato della legge").into()
        })
    }
}
