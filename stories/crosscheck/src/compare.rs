use std::{collections::BTreeMap, fmt};

use rules::{
    Decimal, Facts, Moment, Program, Value,
    columns::{Batch, Outcomes, Plan, Worker},
};

/// What a database said: rows of text, one for each entity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The relation of the members; none: households.
    pub relation: Option<String>,
    /// Names of the rules, in the order of the columns after the keys.
    pub rules: Vec<String>,
    /// Household, position if a member, then values; empty: NULL.
    pub rows: Vec<Vec<String>>,
}

/// A value on which a database and this house disagree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Number of the household.
    pub household: usize,
    /// Position of the member, if it is a member's.
    pub member: Option<usize>,
    /// Name of the rule; empty where the row itself is missing, or too much.
    pub rule: String,
    /// What the engine says.
    pub ours: String,
    /// What the database says.
    pub theirs: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { household, member, rule, ours, theirs } = self;
        write!(f, "household {household}, member {member:?}, rule «{rule}»: ours «{ours}», theirs «{theirs}»")
    }
}

/// What was compared.
#[derive(Debug, Clone, Default)]
pub struct Comparison {
    /// Households for which all rules were asked.
    pub households: u64,
    /// Values that were compared, NULL too.
    pub values: u64,
    /// How often each rule had a value that is not NULL on both sides.
    pub there: BTreeMap<String, u64>,
    /// Values left out, because the rule has a fault there: databases have no such outcome.
    pub faults: u64,
    /// Where the two disagree.
    pub differences: Vec<Difference>,
}

/// Far less than a cent, far more than the digits that a database may drop from a long quotient.
const NOTHING: Decimal = Decimal::from_parts(1, 0, 0, false, 7);

/// The values of every rule of a law at a moment, computed by the engine over columns.
pub struct Ours {
    outcomes: Outcomes,
    /// By rule: its place among the outputs.
    places: BTreeMap<String, usize>,
    /// By relation: members of each household.
    members: BTreeMap<String, Vec<usize>>,
}

impl Ours {
    /// Computes them.
    ///
    /// # Errors
    /// What the engine refused: no law of a service is.
    pub fn compute(program: &Program, moment: Moment, households: &[Facts]) -> anyhow::Result<Self> {
        let names: Vec<&str> = program.rules().iter().map(|rule| rule.name.as_str()).collect();
        let plan = Plan::compile(program, moment, &names)?;
        anyhow::ensure!(plan.is_columnar(), "this law has no columns");
        let outcomes = plan.run(&Batch::from_facts(program, households), &mut Worker::default())?;
        let places = plan.outputs().enumerate().map(|(place, name)| (name.to_owned(), place)).collect();
        let count = |relation: &String| {
            let many = households.iter().map(|facts| facts.groups.get(relation).map_or(0, Vec::len)).collect();
            (relation.clone(), many)
        };
        Ok(Self { outcomes, places, members: program.relations().iter().map(count).collect() })
    }

    /// Compares every entity and every rule with what a database says.
    ///
    /// # Errors
    /// If it speaks of a rule or relation that is not the law's.
    pub fn compare(&self, answer: &Answer) -> anyhow::Result<Comparison> {
        let mut found = Comparison::default();
        let places = answer.rules.iter().map(|rule| self.places.get(rule).copied()).collect::<Option<Vec<_>>>();
        let places = places.ok_or_else(|| anyhow::anyhow!("a rule that is not the law's"))?;
        let entities = self.entities(answer)?;
        if entities.len() != answer.rows.len() {
            found.differences.push(rows_missing(entities.len(), answer.rows.len()));
        }
        let mut there = vec![0; places.len()];
        for (entity, row) in entities.into_iter().zip(&answer.rows) {
            self.compare_row(entity, (answer, &places), row, &mut found, &mut there);
        }
        found.there = answer.rules.iter().cloned().zip(there).collect();
        Ok(found)
    }

    /// Household, and position of a member, in the order in which rows must come.
    fn entities(&self, answer: &Answer) -> anyhow::Result<Vec<(usize, Option<usize>)>> {
        let Some(relation) = &answer.relation else {
            return Ok((0..self.outcomes.len()).map(|household| (household, None)).collect());
        };
        let many = self.members.get(relation).ok_or_else(|| anyhow::anyhow!("no relation «{relation}»"))?;
        let members = |(household, many): (usize, &usize)| (0..*many).map(move |place| (household, Some(place)));
        Ok(many.iter().enumerate().flat_map(members).collect())
    }

    fn compare_row(
        &self,
        (household, member): (usize, Option<usize>),
        (answer, places): (&Answer, &[usize]),
        row: &[String],
        found: &mut Comparison,
        there: &mut [u64],
    ) {
        let keys: Vec<String> = std::iter::once(household).chain(member).map(|key| key.to_string()).collect();
        let difference = |rule: &str, ours: String, theirs: String| Difference {
            household,
            member,
            rule: rule.to_owned(),
            ours,
            theirs,
        };
        if row.len() != keys.len() + places.len() || !row.starts_with(&keys) {
            found.differences.push(difference("", keys.join(","), row.join(",")));
            return;
        }
        for ((place, rule), (theirs, there)) in
            places.iter().zip(&answer.rules).zip(row[keys.len()..].iter().zip(there))
        {
            match self.outcomes.member_value(*place, household, member.unwrap_or(0)) {
                Err(_) => found.faults += 1,
                Ok(ours) => {
                    found.values += 1;
                    *there += u64::from(!ours.is_null() && !theirs.is_empty());
                    if !same(&ours, theirs) {
                        found.differences.push(difference(rule, ours.to_string(), theirs.clone()));
                    }
                }
            }
        }
    }
}

impl Comparison {
    /// Adds what was compared elsewhere.
    pub fn add(&mut self, other: Self) {
        self.households += other.households;
        self.values += other.values;
        self.faults += other.faults;
        self.differences.extend(other.differences);
        for (rule, many) in other.there {
            *self.there.entry(rule).or_default() += many;
        }
    }
}

fn rows_missing(ours: usize, theirs: usize) -> Difference {
    let (rule, ours, theirs) = (String::new(), format!("{ours} rows"), format!("{theirs} rows"));
    Difference { household: 0, member: None, rule, ours, theirs }
}

fn same(ours: &Value, theirs: &str) -> bool {
    match ours {
        Value::Null => theirs.is_empty(),
        Value::Bool(truth) => theirs == if *truth { "t" } else { "f" } || theirs == truth.to_string(),
        Value::Int(_) | Value::Dec(_) => {
            let theirs = theirs.parse::<Decimal>().or_else(|_| Decimal::from_scientific(theirs));
            ours.as_decimal().zip(theirs.ok()).is_some_and(|(ours, theirs)| (ours - theirs).abs() <= NOTHING)
        }
        Value::Date(day) => theirs == day.to_string(),
        Value::Text(text) => theirs == text,
    }
}
