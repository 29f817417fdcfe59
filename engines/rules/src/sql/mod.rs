//! The law at one moment as plain SQL: the same rules for a database that others wrote, as an independent check.
//!
//! One `SELECT` for each entity and each level of dependency, to be kept as a table before the next: written as one
//! query, a rule would be written again for each of its readers, and again for each of theirs, which took a database all
//! the memory that there was. Nothing is evaluated here.

mod dialect;
mod layers;
mod writer;

pub use dialect::Dialect;

use crate::{InputType, Moment, Program};

/// The column that names a household in every table and result.
pub const HOUSEHOLD: &str = "nucleo";
/// The column that gives a member's position, from 0, in every table and result of members.
pub const POSITION: &str = "posizione";

/// A law at one moment, as SQL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SqlLaw {
    /// The tables that hold the facts: first the household's, then one for each relation.
    pub tables: Vec<SqlTable>,
    /// What to compute first, in order: each reads tables of facts and layers before it.
    pub layers: Vec<SqlLayer>,
    /// One query for each table of facts, in the same order: every rule in force, for every entity.
    pub queries: Vec<SqlQuery>,
}

/// A table of facts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SqlTable {
    /// Its name: [`HOUSEHOLD`], or the relation.
    pub name: String,
    /// Whether its rows are members, which have a [`POSITION`].
    pub members: bool,
    /// Inputs with their types, after [`HOUSEHOLD`] and, for members, [`POSITION`].
    pub columns: Vec<(String, InputType)>,
}

/// The rules of one entity that stand on what is already computed, beside all that was already there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SqlLayer {
    /// The table to keep it in.
    pub table: String,
    /// The query.
    pub text: String,
}

/// The values of rules, one row for each entity, ordered by household and position.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SqlQuery {
    /// The query.
    pub text: String,
    /// Names of the rules, in the order of the columns that follow [`HOUSEHOLD`] and, for members, [`POSITION`].
    pub rules: Vec<String>,
}

impl SqlTable {
    /// `CREATE TABLE …` in a dialect.
    #[must_use]
    pub fn create(&self, dialect: Dialect) -> String {
        let keys = if self.members { vec![HOUSEHOLD, POSITION] } else { vec![HOUSEHOLD] };
        let keys = keys.into_iter().map(|key| format!("\"{key}\" BIGINT"));
        let inputs = self.columns.iter().map(|(name, kind)| format!("\"{name}\" {}", dialect.type_of(*kind)));
        let columns: Vec<String> = keys.chain(inputs).collect();
        format!("CREATE TABLE \"{}\" ({})", self.name, columns.join(", "))
    }
}

impl Program {
    /// The law at one moment as plain SQL. Division by zero gives NULL there, where this engine names the fault; the
    /// other differences are in the specification of the language.
    #[must_use]
    pub fn to_sql(&self, moment: Moment, dialect: Dialect) -> SqlLaw {
        let owners = std::iter::once(None).chain((0..self.relations.len()).map(Some));
        let layers = layers::Layers::of(self, moment, dialect);
        SqlLaw {
            tables: owners.clone().map(|owner| self.sql_table(owner)).collect(),
            queries: owners.map(|owner| layers.query(owner)).collect(),
            layers: layers.layers,
        }
    }

    fn sql_table(&self, owner: Option<usize>) -> SqlTable {
        let columns = self.inputs.iter().filter(|input| input.owner == owner);
        SqlTable {
            name: owner.map_or(HOUSEHOLD, |relation| &self.relations[relation]).to_owned(),
            members: owner.is_some(),
            columns: columns.map(|input| (input.name.clone(), input.kind)).collect(),
        }
    }
}
