use std::{borrow::Cow, collections::BTreeMap, ops::Range};

use crate::{Facts, Program};

use super::column::Column;

/// The facts of many households, by column. Members of a relation follow one another, household by household.
#[derive(Debug, Clone, Default)]
pub struct Batch<'a> {
    pub(super) households: usize,
    pub(super) relations: Vec<Relation<'a>>,
    pub(super) columns: Vec<Held<'a>>,
    /// Households whose facts fit no column; they have no members here.
    pub(super) apart: BTreeMap<usize, Facts>,
}

/// Where the members of each household begin, and after the last where they end.
#[derive(Debug, Clone)]
pub(super) struct Relation<'a> {
    pub name: String,
    pub offsets: Cow<'a, [u32]>,
}

#[derive(Debug, Clone)]
pub(super) struct Held<'a> {
    /// Place among the relations, or the household.
    pub owner: Option<usize>,
    pub name: String,
    pub column: Column<'a>,
}

/// Columns that do not make a batch, or a batch that does not answer a law.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BatchError {
    /// A column has more or fewer rows than its entity.
    #[error("la colonna «{column}» ha {found} righe, ne servono {expected}")]
    Length {
        /// `isee`, or `figli.eta`.
        column: String,
        /// How many it should have.
        expected: usize,
        /// How many it has.
        found: usize,
    },
    /// Offsets are not one more than households, or do not rise.
    #[error("gli indici della relazione «{relation}» non sono validi alla posizione {position}")]
    Offsets {
        /// The relation.
        relation: String,
        /// The first that is wrong.
        position: usize,
    },
    /// The same column or relation twice.
    #[error("«{name}» è presente due volte")]
    Twice {
        /// Its name.
        name: String,
    },
    /// A column of members of a relation that was not given before it.
    #[error("la colonna «{column}» nomina una relazione che non c'è: «{relation}»")]
    Relation {
        /// The column.
        column: String,
        /// The relation.
        relation: String,
    },
    /// A row holds what no value is written as: a yes/no byte above 2, a day outside the calendar, a code without word.
    #[error("la colonna «{column}» ha un valore che non esiste alla riga {row}")]
    Value {
        /// The column.
        column: String,
        /// The first row that is wrong.
        row: usize,
    },
    /// The rules need a column that is not there.
    #[error("manca la colonna «{column}», che le regole usano")]
    Missing {
        /// The column.
        column: String,
    },
    /// A column holds another type than the law says.
    #[error("la colonna «{column}» contiene «{found}», le regole vogliono «{expected}»")]
    Type {
        /// The column.
        column: String,
        /// What the law says.
        expected: &'static str,
        /// What it holds.
        found: &'static str,
    },
}

impl<'a> Batch<'a> {
    /// A batch of so many households, without any column yet.
    #[must_use]
    pub fn of(households: usize) -> Self {
        Self { households, ..Self::default() }
    }

    /// With a relation: the members of household `i` are those from `offsets[i]` to before `offsets[i + 1]`.
    ///
    /// # Errors
    /// If the offsets are not one more than households, or fall.
    pub fn relation(mut self, name: &str, offsets: impl Into<Cow<'a, [u32]>>) -> Result<Self, BatchError> {
        let offsets = offsets.into();
        if self.relations.iter().any(|known| known.name == name) {
            return Err(BatchError::Twice { name: name.to_owned() });
        }
        let falls = offsets.windows(2).position(|pair| pair[0] > pair[1]).map(|place| place + 1);
        let short = (offsets.len() != self.households + 1).then_some(offsets.len().min(self.households + 1));
        if let Some(position) = falls.or(short) {
            return Err(BatchError::Offsets { relation: name.to_owned(), position });
        }
        self.relations.push(Relation { name: name.to_owned(), offsets });
        Ok(self)
    }

    /// With a column of the household.
    ///
    /// # Errors
    /// If its length is not the number of households, or a row holds what no value is written as.
    pub fn column(self, name: &str, column: Column<'a>) -> Result<Self, BatchError> {
        let expected = self.households;
        if column.len() != expected {
            return Err(BatchError::Length { column: name.to_owned(), expected, found: column.len() });
        }
        self.held(None, name, column)
    }

    /// With a column of the members of a relation that is already there.
    ///
    /// # Errors
    /// If there is no such relation, the column ends before the members do, or a row holds what no value is written as.
    pub fn member_column(self, relation: &str, name: &str, column: Column<'a>) -> Result<Self, BatchError> {
        let full = format!("{relation}.{name}");
        let Some(owner) = self.relations.iter().position(|known| known.name == relation) else {
            return Err(BatchError::Relation { column: full, relation: relation.to_owned() });
        };
        let expected = self.relations[owner].offsets.last().map_or(0, |end| *end as usize);
        if column.len() != expected {
            return Err(BatchError::Length { column: full, expected, found: column.len() });
        }
        self.held(Some(owner), name, column)
    }

    fn held(mut self, owner: Option<usize>, name: &str, column: Column<'a>) -> Result<Self, BatchError> {
        let full = self.full_name(owner, name);
        if self.find(owner, name).is_some() {
            return Err(BatchError::Twice { name: full });
        }
        if let Some(row) = column.first_wrong() {
            return Err(BatchError::Value { column: full, row });
        }
        self.columns.push(Held { owner, name: name.to_owned(), column });
        Ok(self)
    }

    /// How many households.
    #[must_use]
    pub fn len(&self) -> usize {
        self.households
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.households == 0
    }

    /// Households whose facts fit no column. Columns know nothing of them.
    pub fn apart(&self) -> impl Iterator<Item = (usize, &Facts)> {
        self.apart.iter().map(|(row, facts)| (*row, facts))
    }

    /// Bytes that its rows take.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let columns: usize = self.columns.iter().map(|held| held.column.bytes()).sum();
        columns + self.relations.iter().map(|relation| 4 * relation.offsets.len()).sum::<usize>()
    }

    /// The members of a household among the rows of the relation's columns; none of a relation that is not there.
    #[must_use]
    pub fn members(&self, relation: &str, household: usize) -> Range<usize> {
        let known = self.relations.iter().find(|known| known.name == relation);
        known.map_or(0..0, |known| known.offsets[household] as usize..known.offsets[household + 1] as usize)
    }

    /// A column by name: of the household, or of a relation.
    #[must_use]
    pub fn get(&self, relation: Option<&str>, name: &str) -> Option<&Column<'a>> {
        let owner = match relation {
            Some(relation) => Some(self.relations.iter().position(|known| known.name == relation)?),
            None => None,
        };
        self.find(owner, name)
    }

    pub(super) fn find(&self, owner: Option<usize>, name: &str) -> Option<&Column<'a>> {
        self.columns.iter().find(|held| held.owner == owner && held.name == name).map(|held| &held.column)
    }

    pub(super) fn full_name(&self, owner: Option<usize>, name: &str) -> String {
        owner.map_or_else(|| name.to_owned(), |owner| format!("{}.{name}", self.relations[owner].name))
    }

    /// The households of a range, without copying a column.
    ///
    /// # Panics
    /// If the range goes beyond the last household.
    #[must_use]
    pub fn part(&self, range: Range<usize>) -> Batch<'_> {
        let offsets = |relation: &Relation<'a>| relation.offsets[range.start]..=relation.offsets[range.end];
        let rebased = |relation: &'_ Relation<'a>| {
            let first = relation.offsets[range.start];
            let part = &relation.offsets[range.start..=range.end];
            if first == 0 { Vec::from(part) } else { part.iter().map(|offset| offset - first).collect() }
        };
        let relations = self.relations.iter();
        let relations =
            relations.map(|relation| Relation { name: relation.name.clone(), offsets: Cow::Owned(rebased(relation)) });
        let columns = self.columns.iter().map(|held| {
            let column = match held.owner {
                None => held.column.part(range.start, range.end),
                Some(owner) => {
                    let members = offsets(&self.relations[owner]);
                    held.column.part(*members.start() as usize, *members.end() as usize)
                }
            };
            Held { owner: held.owner, name: held.name.clone(), column }
        });
        let apart = self.apart.range(range.clone()).map(|(row, facts)| (row - range.start, facts.clone()));
        Batch {
            households: range.len(),
            relations: relations.collect(),
            columns: columns.collect(),
            apart: apart.collect(),
        }
    }

    /// The facts of one household that a law asks for.
    ///
    /// # Panics
    /// If there is no such household.
    #[must_use]
    pub fn facts(&self, program: &Program, household: usize) -> Facts {
        if let Some(facts) = self.apart.get(&household) {
            return facts.clone();
        }
        let mut facts = Facts::default();
        for relation in program.relations() {
            let members = self.members(relation, household);
            facts.groups.insert(relation.clone(), vec![BTreeMap::new(); members.len()]);
        }
        for input in program.inputs() {
            let Some(column) = self.get(input.relation.as_deref(), &input.name) else { continue };
            match &input.relation {
                None => {
                    facts.values.insert(input.name.clone(), column.value(household));
                }
                Some(relation) => {
                    let rows = self.members(relation, household);
                    for (row, member) in rows.zip(facts.groups.entry(relation.clone()).or_default()) {
                        member.insert(input.name.clone(), column.value(row));
                    }
                }
            }
        }
        facts
    }
}
