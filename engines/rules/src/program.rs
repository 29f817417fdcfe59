use std::collections::BTreeMap;

use base::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::{
    Diagnostic, Expr, Moment, Unit, Validity, Value, evaluation::BoundSource, language, reading, validity::in_force,
};

/// Names of the one entity that a law decides for, in the column `di`.
pub(crate) const SUBJECTS: [&str; 3] = ["nucleo", "persona", "datore"];

/// The texts of a service from which a program is read.
#[derive(Debug, Clone, Copy)]
pub struct Sources<'a> {
    /// Name of the rules file, for messages.
    pub file: &'a str,
    /// Text of `rules.md`.
    pub text: &'a str,
    /// Amount tables by path: `tabelle/importi.csv` → text.
    pub tables: &'a BTreeMap<String, String>,
}

/// A law as a program: checked, resolved, ready to decide. Immutable, and free to be shared between threads.
#[derive(Debug, Clone, Default)]
pub struct Program {
    /// Who the law decides for: `nucleo`, `persona` or `datore`.
    pub(crate) subject: Option<&'static str>,
    pub(crate) relations: Vec<String>,
    pub(crate) inputs: Vec<Input>,
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) tables: Vec<Table>,
    pub(crate) rules: Vec<Rule>,
    /// Every rule after those that it uses.
    pub(crate) order: Vec<usize>,
    /// For each rule, those that use it directly or through others, in evaluation order.
    pub(crate) dependents: Vec<Vec<usize>>,
    /// For each input, the rules that use it directly or through others, in evaluation order.
    pub(crate) input_dependents: Vec<Vec<usize>>,
    /// For each input, what its number is measured against.
    pub(crate) bounds: Vec<Vec<BoundSource>>,
    pub(crate) entitlement: Option<usize>,
    pub(crate) amount: Option<usize>,
}

/// What an input holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum InputType {
    /// sì/no.
    #[serde(rename = "sì/no")]
    Bool,
    /// A whole number.
    #[serde(rename = "intero")]
    Integer,
    /// A decimal number.
    #[serde(rename = "decimale")]
    Decimal,
    /// A day.
    #[serde(rename = "data")]
    Date,
    /// Text.
    #[serde(rename = "testo")]
    Text,
}

/// A fact that the law asks for.
#[derive(Debug, Clone, PartialEq)]
pub struct Input {
    /// Name in rules, forms and facts.
    pub name: String,
    /// The relation whose members have it, or `None` for the household.
    pub relation: Option<String>,
    /// What it holds.
    pub kind: InputType,
    /// In what it is measured.
    pub unit: Unit,
    /// Its title in Italian.
    pub label: String,
    /// Whether a decision needs it; an optional one may be NULL ("no ISEE").
    pub required: bool,
    /// The texts it may hold; empty: any.
    pub values: Vec<String>,
    /// Only tells who somebody is: no rule has to use it.
    pub identification: bool,
    /// The most favourable value, tried among the near misses where the fact is not there.
    pub hypothesis: Option<Value>,
    pub(crate) owner: Option<usize>,
}

/// A number, day or text set by law, dated on both axes.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    /// Name in rules.
    pub name: String,
    /// In what it is measured.
    pub unit: Unit,
    /// Sorted by start and publication.
    pub rows: Vec<ParameterRow>,
}

/// One value of a parameter.
#[derive(Debug, Clone, PartialEq)]
pub struct ParameterRow {
    /// When it governs and since when it is known.
    pub validity: Validity,
    /// The value.
    pub value: Value,
    /// Where it was published.
    pub source: String,
}

impl ParameterRow {
    /// Whether its source says that the value is still to be checked («da verificare»).
    #[must_use]
    pub fn is_unverified(&self) -> bool {
        self.source.to_lowercase().contains("da verificare")
    }
}

/// An amount table: contiguous brackets `(above, up to]`, and one function for each column.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// File name without extension.
    pub name: String,
    /// Columns' names.
    pub columns: Vec<String>,
    /// Unit of what is looked up.
    pub takes: Unit,
    /// Unit of the amounts.
    pub gives: Unit,
    /// What in it is not certain in the sources (notes `# da verificare: …`), for officers.
    pub unverified: Vec<String>,
    pub(crate) versions: Vec<TableVersion>,
}

/// The brackets that govern from one day on.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct TableVersion {
    pub validity: Validity,
    /// Upper bounds, rising; one fewer than rows, because the last row is unbounded.
    pub bounds: Vec<Decimal>,
    /// Amounts by row, then by column.
    pub rows: Vec<Vec<Decimal>>,
}

impl Table {
    /// The name of a column as a function of the rules: `importi_minore`.
    #[must_use]
    pub fn function(&self, column: usize) -> String {
        format!("{}_{}", self.name, self.columns.get(column).map_or("", String::as_str))
    }
}

/// What a rule is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Role {
    /// A condition that a person is told about (`requisito`).
    #[serde(rename = "requisito")]
    Requirement,
    /// Whether the benefit is due (`diritto`).
    #[serde(rename = "diritto")]
    Entitlement,
    /// How much (`importo`).
    #[serde(rename = "importo")]
    Amount,
}

/// Whether a rule is told among the reasons of a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Telling {
    /// If the outcome depends on it and it is a requirement, or an amount in the unit of the outcome; one of zero is
    /// told as not due.
    Usual,
    /// As `Usual`, whatever its unit: the days asked for, the amount of a month beside that of a period (`motivo: sì`).
    Always,
    /// Only an amount that is due (`motivo: se dovuto`).
    IfDue,
    /// Never: a step of the computation (`motivo: no`).
    Never,
}

/// A named rule with all its dated versions.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// Name in other rules.
    pub name: String,
    /// The relation for each of whose members it is computed, or `None` for the household.
    pub relation: Option<String>,
    /// In what it is measured.
    pub unit: Unit,
    /// What it is for, if it is more than a step.
    pub role: Option<Role>,
    /// Sorted by start and publication.
    pub versions: Vec<RuleVersion>,
    pub(crate) owner: Option<usize>,
}

/// A rule as it is in force from one day on.
#[derive(Debug, Clone, PartialEq)]
pub struct RuleVersion {
    /// What it is, in Italian.
    pub title: String,
    /// The law behind it: `art. 4 c. 1`.
    pub paragraph: String,
    /// When it governs and since when it is known.
    pub validity: Validity,
    /// What is told where a requirement is not satisfied, or an amount is not due.
    pub otherwise: Option<String>,
    /// Whether it is told among the reasons.
    pub telling: Telling,
    /// Whether a near miss may suppose it otherwise (an age cannot be supposed otherwise).
    pub supposable: bool,
    /// What in it is not certain in the sources (`da verificare`), for officers.
    pub unverified: Vec<String>,
    /// The rule itself.
    pub expr: Expr,
    /// The expression or decision table as it stands in the law, without its header.
    pub source: String,
    /// Line of its block in the file.
    pub line: u32,
}

impl Parameter {
    /// The row that governs at a moment, if one does.
    #[must_use]
    pub fn in_force(&self, moment: Moment) -> Option<&ParameterRow> {
        in_force(self.rows.iter().map(|row| row.validity), moment).map(|position| &self.rows[position])
    }
}

impl Rule {
    /// The version that governs at a moment, if one does.
    #[must_use]
    pub fn in_force(&self, moment: Moment) -> Option<&RuleVersion> {
        in_force(self.versions.iter().map(|version| version.validity), moment).map(|position| &self.versions[position])
    }
}

impl Table {
    pub(crate) fn rows_in_force(&self, moment: Moment) -> Option<&TableVersion> {
        let position = in_force(self.versions.iter().map(|version| version.validity), moment)?;
        Some(&self.versions[position])
    }

    /// The bounds between the brackets that govern at a moment, rising; none if the table does not govern.
    #[must_use]
    pub fn bounds_in_force(&self, moment: Moment) -> &[Decimal] {
        self.rows_in_force(moment).map_or(&[], |version| &version.bounds)
    }

    /// When the brackets that govern at a moment do so, and how many they are.
    #[must_use]
    pub fn in_force(&self, moment: Moment) -> Option<(Validity, usize)> {
        let version = self.rows_in_force(moment)?;
        Some((version.validity, version.rows.len()))
    }
}

impl Program {
    /// Reads, resolves and checks a law.
    ///
    /// # Errors
    /// All that is wrong, in order of place: each with file, line, column and how to mend it.
    pub fn parse(sources: &Sources<'_>) -> Result<Self, Vec<Diagnostic>> {
        reading::read_program(sources)
    }

    /// The facts that the law asks for, in the order of the file.
    #[must_use]
    pub fn inputs(&self) -> &[Input] {
        &self.inputs
    }

    /// Who the law decides for, as it names it: `nucleo` (also if it does not say), `persona` or `datore`.
    #[must_use]
    pub fn subject(&self) -> &str {
        self.subject.unwrap_or(SUBJECTS[0])
    }

    /// Relations of the household (person, employer) to its members.
    #[must_use]
    pub fn relations(&self) -> &[String] {
        &self.relations
    }

    /// Dated parameters.
    #[must_use]
    pub fn parameters(&self) -> &[Parameter] {
        &self.parameters
    }

    /// Amount tables.
    #[must_use]
    pub fn tables(&self) -> &[Table] {
        &self.tables
    }

    /// Rules in the order of the file.
    #[must_use]
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// Rules in an order in which each comes after those that it uses.
    pub fn evaluation_order(&self) -> impl Iterator<Item = &Rule> {
        self.order.iter().map(|slot| &self.rules[*slot])
    }

    /// The text of an expression of this program. It reads back as the same expression; a change of unit shows as the
    /// arithmetic that it is (`al_mese(x)` as `(x / 12)`).
    #[must_use]
    pub fn print(&self, expr: &Expr) -> String {
        language::to_sql(expr, self)
    }

    /// The days on which something changes: first days of rules, parameters and tables, in order and without doubles.
    #[must_use]
    pub fn changes(&self) -> Vec<Date> {
        let rules = self.rules.iter().flat_map(|rule| rule.versions.iter().map(|version| version.validity.from));
        let parameters = self.parameters.iter().flat_map(|one| one.rows.iter().map(|row| row.validity.from));
        let tables = self.tables.iter().flat_map(|table| table.versions.iter().map(|version| version.validity.from));
        let mut days: Vec<Date> = rules.chain(parameters).chain(tables).collect();
        days.sort_unstable();
        days.dedup();
        days
    }
}
