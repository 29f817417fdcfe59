use std::{fs, path::Path};

use population::Household;
use rules::columns::{Batch, Column};

use super::{HOUSEHOLD_OF, HOUSEHOLDS, Kind, sheet::Sheet};
use crate::{beside, error::SimulationError, invented::Invented, run::Population, study::Study};

/// Writes invented households as the files that [`super::Files`] reads: the columns that the law uses, and those beside.
///
/// # Errors
/// If the folder cannot be written.
pub fn write_population(
    study: &Study<'_>,
    population: &Invented<'_>,
    blocks: impl Iterator<Item = Vec<Household>>,
    folder: &Path,
) -> Result<(), SimulationError> {
    fs::create_dir_all(folder).map_err(|error| SimulationError::write(folder, &error))?;
    let mut pages = Pages::new(study)?;
    for block in blocks {
        pages.write(folder, &population.batch(block)?)?;
    }
    pages.finish()
}

/// One file for the households, and one for each relation.
struct Pages {
    relations: Vec<Option<String>>,
    /// For each, the columns of the law.
    columns: Vec<Vec<String>>,
    sheets: Vec<Sheet>,
    households: i64,
}

impl Pages {
    fn new(study: &Study<'_>) -> Result<Self, SimulationError> {
        let mut relations: Vec<Option<String>> = vec![None];
        relations.extend(study.widest().1.relations().iter().cloned().map(Some));
        let needed = study.needed()?;
        let own = |relation: &Option<String>| {
            needed.iter().filter(|input| input.relation == *relation).map(|input| input.name.clone()).collect()
        };
        Ok(Self { columns: relations.iter().map(own).collect(), relations, sheets: Vec::new(), households: 0 })
    }

    fn write(&mut self, folder: &Path, batch: &Batch<'_>) -> Result<(), SimulationError> {
        for place in 0..self.relations.len() {
            let columns = self.page(place, batch);
            if self.sheets.len() == place {
                let kinds: Vec<(String, Kind)> =
                    columns.iter().map(|(name, column)| (name.clone(), Kind::of_column(column))).collect();
                let name = self.relations[place].as_deref().unwrap_or(HOUSEHOLDS);
                self.sheets.push(Sheet::create(&folder.join(format!("{name}.parquet")), &kinds)?);
            }
            let columns: Vec<Column<'_>> = columns.into_iter().map(|(_, column)| column).collect();
            self.sheets[place].write(&columns)?;
        }
        self.households += i64::try_from(batch.len()).unwrap_or(i64::MAX);
        Ok(())
    }

    /// The columns of one file, for a block.
    fn page<'b>(&self, place: usize, batch: &'b Batch<'_>) -> Vec<(String, Column<'b>)> {
        let relation = self.relations[place].as_deref();
        let column = |name: &String| batch.get(relation, name).map(|column| (name.clone(), column.clone()));
        let mut columns: Vec<(String, Column<'b>)> = Vec::new();
        if let Some(relation) = relation {
            let members = (0..batch.len()).flat_map(|household| {
                let row = self.households + i64::try_from(household).unwrap_or(i64::MAX) + 1;
                batch.members(relation, household).map(move |_| row)
            });
            columns.push((HOUSEHOLD_OF.to_owned(), Column::Number { values: members.collect(), scale: 0 }));
        }
        columns.extend(self.columns[place].iter().filter_map(column));
        if relation.is_none() {
            let further = beside::named(batch).filter(|(name, _)| !self.columns[place].iter().any(|own| own == name));
            columns.extend(further.map(|(name, column)| (name.to_owned(), column.clone())));
        }
        columns
    }

    fn finish(self) -> Result<(), SimulationError> {
        self.sheets.into_iter().try_for_each(Sheet::finish)
    }
}
