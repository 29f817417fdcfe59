use std::cell::RefCell;

use crate::{Moment, Program, RuleVersion, language::Reference};

use super::{Dialect, HOUSEHOLD, POSITION, SqlLayer, SqlQuery, writer::Writer};

/// The chain of tables: at each level, every entity gets the rules that need only levels below.
pub(super) struct Layers<'p> {
    program: &'p Program,
    /// The tables of facts: the household's, then each relation's.
    tables_of_facts: Vec<String>,
    /// In the order in which they must be computed.
    pub layers: Vec<SqlLayer>,
    /// The last table of the household, then of each relation.
    last: Vec<String>,
    /// Rules in force of the household, then of each relation.
    rules: Vec<Vec<String>>,
}

impl<'p> Layers<'p> {
    pub fn of(program: &'p Program, moment: Moment, dialect: Dialect) -> Self {
        let names = std::iter::once(HOUSEHOLD.to_owned()).chain(program.relations.iter().cloned());
        let tables_of_facts: Vec<String> = names.collect();
        let last: Vec<String> = tables_of_facts.iter().map(|name| format!("\"{name}\"")).collect();
        let rules = vec![Vec::new(); last.len()];
        let mut layers = Self { program, tables_of_facts, layers: Vec::new(), rules, last };
        let levels = levels(program, moment);
        for level in 0..levels.iter().flatten().max().map_or(0, |most| most + 1) {
            let before = layers.last.clone();
            for owner in std::iter::once(None).chain((0..program.relations.len()).map(Some)) {
                let at_level = |slot: &usize| levels[*slot] == Some(level) && program.rules[*slot].owner == owner;
                let slots: Vec<usize> = program.order.iter().copied().filter(at_level).collect();
                if !slots.is_empty() {
                    layers.add(owner, level, &slots, (moment, dialect), &before);
                }
            }
        }
        layers
    }

    fn add(&mut self, owner: Option<usize>, level: usize, slots: &[usize], at: (Moment, Dialect), before: &[String]) {
        let (moment, dialect) = at;
        let writer = Writer { program: self.program, moment, dialect, aggregates: RefCell::default() };
        let column = |slot: &usize| {
            let rule = &self.program.rules[*slot];
            let text = version(self.program, *slot, moment).map(|version| writer.write(&version.expr));
            let kind = dialect.type_of_rule(rule.unit);
            format!("CAST({} AS {kind}) AS \"{}\"", text.unwrap_or_default(), rule.name)
        };
        let columns = slots.iter().map(column).collect::<Vec<_>>().join(", ");
        let own = owner.map_or(0, |relation| relation + 1);
        let from = match owner {
            None => format!("{} h{}", before[0], sub_selects(&writer.aggregates.borrow(), before)),
            Some(_) => format!("{} m JOIN {} h ON h.\"{HOUSEHOLD}\" = m.\"{HOUSEHOLD}\"", before[own], before[0]),
        };
        let alias = if owner.is_some() { 'm' } else { 'h' };
        let table = format!("{} {level}", self.tables_of_facts[own]);
        self.last[own] = format!("\"{table}\"");
        self.layers.push(SqlLayer { table, text: format!("SELECT {alias}.*, {columns} FROM {from}") });
        self.rules[own].extend(slots.iter().map(|slot| self.program.rules[*slot].name.clone()));
    }

    /// The values of all rules of one entity.
    pub fn query(&self, owner: Option<usize>) -> SqlQuery {
        let own = owner.map_or(0, |relation| relation + 1);
        let keys = if owner.is_some() { vec![HOUSEHOLD, POSITION] } else { vec![HOUSEHOLD] };
        let keys = keys.iter().map(|key| format!("\"{key}\"")).collect::<Vec<_>>().join(", ");
        let columns: String = self.rules[own].iter().map(|name| format!(", \"{name}\"")).collect();
        let text = format!("SELECT {keys}{columns} FROM {} ORDER BY {keys}", self.last[own]);
        SqlQuery { text, rules: self.rules[own].clone() }
    }
}

/// One sub-select for each relation that the layer aggregates over, joined by household.
fn sub_selects(aggregates: &[(usize, String)], before: &[String]) -> String {
    let mut relations: Vec<usize> = aggregates.iter().map(|(relation, _)| *relation).collect();
    relations.sort_unstable();
    relations.dedup();
    let join = |relation: usize| {
        let columns = aggregates.iter().enumerate().filter(|(_, (of, _))| *of == relation);
        let columns: String = columns.map(|(place, (_, text))| format!(", {text} AS \"{place}\"")).collect();
        let (members, households) = (&before[relation + 1], &before[0]);
        format!(
            " LEFT JOIN (SELECT m.\"{HOUSEHOLD}\"{columns} FROM {members} m JOIN {households} h ON h.\"{HOUSEHOLD}\" = \
             m.\"{HOUSEHOLD}\" GROUP BY m.\"{HOUSEHOLD}\") a{relation} ON a{relation}.\"{HOUSEHOLD}\" = h.\"{HOUSEHOLD}\""
        )
    };
    relations.into_iter().map(join).collect()
}

/// For each rule in force, how many rules at most stand one upon another below it.
fn levels(program: &Program, moment: Moment) -> Vec<Option<usize>> {
    let mut levels: Vec<Option<usize>> = vec![None; program.rules.len()];
    for slot in &program.order {
        let Some(version) = version(program, *slot, moment) else { continue };
        let mut level = 0;
        version.expr.references(&mut |reference| {
            if let Reference::Rule(other) = reference {
                level = level.max(levels[other].map_or(0, |below| below + 1));
            }
        });
        levels[*slot] = Some(level);
    }
    levels
}

fn version(program: &Program, slot: usize, moment: Moment) -> Option<&RuleVersion> {
    program.rules[slot].in_force(moment)
}
