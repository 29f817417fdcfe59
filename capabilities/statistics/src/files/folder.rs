//! A folder of files as a population: streamed, block by block, in constant memory.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use rules::{Input, columns::Batch};

use super::{
    HOUSEHOLD_OF, HOUSEHOLDS, Kind, NAME, PEOPLE, PLACE, RANK, WEIGHT, Wanted, csv_table::CsvTable, find,
    growing::Growing, parquet_table::ParquetTable, wrong,
};
use crate::{
    beside::Beside,
    error::{FileError, SimulationError},
    run::{Pace, Population},
    study::Study,
};

/// Households that are read at once.
const BLOCK: usize = 8_192;

/// Files that were opened and found to answer the laws of a study.
pub struct Files {
    households: Households,
    relations: Vec<Members>,
    rank: String,
    read: Arc<AtomicU64>,
}

/// How far a folder has been read: what a simulation asks of a population.
pub struct Reading {
    read: Arc<AtomicU64>,
    of: u64,
}

/// The blocks of a folder, in order; the first mistake ends them.
pub struct Blocks(Option<Files>);

enum Table {
    Csv(Box<CsvTable>),
    Parquet(Box<ParquetTable>),
}

struct Households {
    table: Table,
    columns: Vec<(String, Growing)>,
    /// Which of the columns the law asks for.
    asked: BTreeSet<String>,
    /// How many came before the present block.
    before: u64,
}

struct Members {
    relation: String,
    path: PathBuf,
    table: Table,
    /// The first tells the household.
    columns: Vec<(String, Growing)>,
    /// Rows given away.
    given: u64,
    /// Household of the last row that was read.
    last: i64,
    ended: bool,
}

impl Files {
    /// Opens the files of a folder. `rank`: the column that ranks households; `isee` when absent.
    ///
    /// # Errors
    /// If a file or a column that the law uses is not there, or holds something else.
    pub fn open(study: &Study<'_>, folder: &Path, rank: Option<&str>) -> Result<Self, SimulationError> {
        let needed = study.needed()?;
        let rank = rank.unwrap_or(RANK).to_owned();
        let households = Households::open(folder, &needed, &rank)?;
        let relations: BTreeSet<&String> = study.laws().flat_map(|law| law.relations()).collect();
        let members = relations.into_iter().filter_map(|relation| {
            let own: Vec<&Input> =
                needed.iter().copied().filter(|one| one.relation.as_ref() == Some(relation)).collect();
            match find(folder, relation) {
                Some(path) => Some(Members::open(path, relation, &own)),
                None if own.is_empty() => None,
                None => Some(Err(no_file(folder, relation))),
            }
        });
        let relations = members.collect::<Result<_, _>>()?;
        Ok(Self { households, relations, rank, read: Arc::default() })
    }

    /// What a simulation takes: how far it is, and the blocks.
    #[must_use]
    pub fn stream(self) -> (Reading, Blocks) {
        let (_, of) = self.households.table.progress();
        (Reading { read: Arc::clone(&self.read), of }, Blocks(Some(self)))
    }

    /// The next block; `None` after the last.
    fn block(&mut self) -> Result<Option<Batch<'static>>, SimulationError> {
        let rows = self.households.read()?;
        let end = self.households.before + rows as u64;
        self.read.store(self.households.table.progress().0, Ordering::Relaxed);
        let mut batch = self.households.give(rows, &self.rank)?;
        for members in &mut self.relations {
            batch = members.give(batch, self.households.before, end, rows < BLOCK)?;
        }
        self.households.before = end;
        Ok((rows > 0).then_some(batch))
    }
}

impl Iterator for Blocks {
    type Item = Result<Batch<'static>, SimulationError>;

    fn next(&mut self) -> Option<Self::Item> {
        let block = self.0.as_mut()?.block().transpose();
        if !matches!(block, Some(Ok(_))) {
            self.0 = None;
        }
        block
    }
}

impl Population for Reading {
    type Block = Result<Batch<'static>, SimulationError>;

    fn batch(&self, block: Self::Block, _: Pace<'_>) -> Result<Batch<'static>, SimulationError> {
        block
    }

    fn progress(&self) -> (u64, u64) {
        (self.read.load(Ordering::Relaxed), self.of)
    }
}

impl Table {
    fn open(path: &Path, wanted: &[Wanted]) -> Result<Self, FileError> {
        if path.extension().is_some_and(|ending| ending == "csv") {
            CsvTable::open(path, wanted).map(|table| Self::Csv(Box::new(table)))
        } else {
            ParquetTable::open(path, wanted).map(|table| Self::Parquet(Box::new(table)))
        }
    }

    fn columns(&self) -> Vec<(String, Growing)> {
        match self {
            Self::Csv(table) => table.columns(),
            Self::Parquet(table) => table.columns(),
        }
    }

    fn read(&mut self, most: usize, into: &mut [(String, Growing)]) -> Result<usize, FileError> {
        match self {
            Self::Csv(table) => table.read(most, into),
            Self::Parquet(table) => table.read(most, into),
        }
    }

    fn progress(&self) -> (u64, u64) {
        match self {
            Self::Csv(table) => table.progress(),
            Self::Parquet(table) => table.progress(),
        }
    }
}

impl Households {
    fn open(folder: &Path, needed: &[&Input], rank: &str) -> Result<Self, SimulationError> {
        let path = find(folder, HOUSEHOLDS).ok_or_else(|| no_file(folder, HOUSEHOLDS))?;
        let own = needed.iter().filter(|input| input.relation.is_none());
        let mut wanted: Vec<Wanted> = own.map(|input| Wanted::input(input)).collect();
        let asked = wanted.iter().map(|one| one.name.clone()).collect();
        let further = [
            (NAME, Kind::Text),
            (PLACE, Kind::Text),
            (WEIGHT, Kind::Number(6)),
            (PEOPLE, Kind::Number(0)),
            (rank, Kind::Number(2)),
        ];
        for (name, kind) in further {
            if !wanted.iter().any(|one| one.name == name) {
                wanted.push(Wanted { name: name.to_owned(), kind, needed: false });
            }
        }
        let table = Table::open(&path, &wanted)?;
        Ok(Self { columns: table.columns(), table, asked, before: 0 })
    }

    fn read(&mut self) -> Result<usize, FileError> {
        self.table.read(BLOCK, &mut self.columns)
    }

    fn give(&mut self, rows: usize, rank: &str) -> Result<Batch<'static>, SimulationError> {
        let (mut batch, mut beside) = (Batch::of(rows), Beside::default());
        for (name, column) in &mut self.columns {
            let column = column.take(rows);
            if name == rank {
                beside.rank = Some(column.clone());
            }
            match name.as_str() {
                name if self.asked.contains(name) => batch = batch.column(name, column)?,
                NAME => beside.name = Some(column),
                PLACE => beside.place = Some(column),
                WEIGHT => beside.weight = Some(column),
                PEOPLE => beside.people = Some(column),
                _ => {}
            }
        }
        Ok(beside.join(batch)?)
    }
}

impl Members {
    fn open(path: PathBuf, relation: &str, needed: &[&Input]) -> Result<Self, SimulationError> {
        let key = Wanted { name: HOUSEHOLD_OF.to_owned(), kind: Kind::Number(0), needed: true };
        let wanted: Vec<Wanted> = std::iter::once(key).chain(needed.iter().map(|input| Wanted::input(input))).collect();
        let table = Table::open(&path, &wanted)?;
        let columns = table.columns();
        Ok(Self { relation: relation.to_owned(), path, table, columns, given: 0, last: 1, ended: false })
    }

    /// The members of the households after `before` up to `end`; `last`: no household comes after them.
    fn give(
        &mut self,
        batch: Batch<'static>,
        before: u64,
        end: u64,
        last: bool,
    ) -> Result<Batch<'static>, SimulationError> {
        let end = i64::try_from(end).unwrap_or(i64::MAX);
        while !self.ended && self.last <= end {
            self.read()?;
        }
        let keys = self.keys();
        let mine = keys.partition_point(|key| *key <= end);
        if last && mine < keys.len() {
            let what = format!("il nucleo {} non c'è: i nuclei sono {end}", keys[mine]);
            let row = self.given + mine as u64 + 1;
            let mend = "La colonna dice la riga del nucleo nel suo file, da 1";
            return Err(wrong(&self.path, Some(HOUSEHOLD_OF), Some(row), what, mend).into());
        }
        let first = i64::try_from(before).unwrap_or(i64::MAX);
        let ends = (first..=end).map(|household| keys.partition_point(|key| *key <= household));
        let offsets: Vec<u32> = ends.map(|place| u32::try_from(place).unwrap_or(u32::MAX)).collect();
        self.given += mine as u64;
        let mut batch = batch.relation(&self.relation, offsets)?;
        for (place, (name, column)) in self.columns.iter_mut().enumerate() {
            let column = column.take(mine);
            if place > 0 {
                batch = batch.member_column(&self.relation, name, column)?;
            }
        }
        Ok(batch)
    }

    /// Reads on, and checks that households come in their order.
    fn read(&mut self) -> Result<(), FileError> {
        let known = self.keys().len();
        self.ended = self.table.read(BLOCK, &mut self.columns)? < BLOCK;
        let mut previous = self.last;
        for (place, key) in self.keys().iter().enumerate().skip(known) {
            if *key < previous {
                let row = self.given + place as u64 + 1;
                let what = "non dice un nucleo, o lo dice fuori ordine";
                let mend = "Metti le righe in ordine di nucleo; la colonna dice la riga del nucleo nel suo file, da 1";
                return Err(wrong(&self.path, Some(HOUSEHOLD_OF), Some(row), what, mend));
            }
            previous = *key;
        }
        self.last = previous;
        Ok(())
    }

    fn keys(&self) -> &[i64] {
        match self.columns.first() {
            Some((_, Growing::Number { values, .. })) => values,
            _ => &[],
        }
    }
}

impl Wanted {
    fn input(input: &Input) -> Self {
        Self { name: input.name.clone(), kind: Kind::of(input), needed: true }
    }
}

fn no_file(folder: &Path, name: &str) -> SimulationError {
    let what = format!("non ci sono né {name}.parquet né {name}.csv");
    let mend = "«sportello simulate SERVIZIO --write-population CARTELLA» scrive file da cui prendere esempio";
    wrong(folder, None, None, what, mend).into()
}
