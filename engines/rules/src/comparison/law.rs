//! What changes between two versions of a law.

use std::collections::{BTreeMap, BTreeSet};

use base::Date;
use serde::{Deserialize, Serialize};

use crate::{Input, Parameter, Program, Rule, RuleVersion, Table, Validity, language::Reference};

use super::words;

/// One change between two versions of a law, told in Italian.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// What kind of thing is changed.
    pub subject: Subject,
    /// Added, removed, or otherwise.
    pub kind: ChangeKind,
    /// Its name; of a member's, with the relation: `figli.quota`.
    pub name: String,
    /// First day from which the change has effect; `None`: not dated (a fact that is asked).
    pub from: Option<Date>,
    /// The whole change in one sentence.
    pub text: String,
    /// The text before, as it stood in the law, where there is more to say than the sentence.
    pub before: Option<String>,
    /// The text after.
    pub after: Option<String>,
    /// Titles of the requirements and outcomes that depend on it.
    pub touches: Vec<String>,
}

/// What kind of thing a text of the law declares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Subject {
    /// A fact that the law asks for.
    Input,
    /// A number, day or text.
    Parameter,
    /// An amount table.
    Table,
    /// A rule.
    Rule,
}

/// What happened to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ChangeKind {
    /// It was not there before.
    Added,
    /// It is not there any more.
    Removed,
    /// It says something else.
    Changed,
}

/// One text on both sides.
type Sides<'a, T> = (Option<&'a T>, Option<&'a T>);

impl Program {
    /// What `after` says otherwise than `before`: facts, parameters, tables, rules, each in the order of its day.
    #[must_use]
    pub fn differences(before: &Self, after: &Self) -> Vec<Change> {
        let differ = Differ { before, after };
        let mut changes = differ.inputs();
        changes.extend(differ.parameters());
        changes.extend(differ.tables());
        changes.extend(differ.rules());
        changes.sort_by(|a, b| (a.subject, a.from, &a.name).cmp(&(b.subject, b.from, &b.name)));
        changes
    }
}

struct Differ<'a> {
    before: &'a Program,
    after: &'a Program,
}

/// Pairs things of two versions by a key.
fn paired<'a, T, K: Ord>(before: &'a [T], after: &'a [T], key: impl Fn(&'a T) -> K) -> BTreeMap<K, Sides<'a, T>> {
    let mut pairs: BTreeMap<K, Sides<'a, T>> = BTreeMap::new();
    before.iter().for_each(|one| pairs.entry(key(one)).or_default().0 = Some(one));
    after.iter().for_each(|one| pairs.entry(key(one)).or_default().1 = Some(one));
    pairs
}

fn moment(validity: Validity) -> (Date, Date) {
    (validity.from, validity.known_from)
}

fn kind<T>(sides: Sides<'_, T>) -> ChangeKind {
    match sides {
        (None, _) => ChangeKind::Added,
        (_, None) => ChangeKind::Removed,
        _ => ChangeKind::Changed,
    }
}

fn full_name(relation: Option<&str>, name: &str) -> String {
    relation.map_or_else(|| name.to_owned(), |relation| format!("{relation}.{name}"))
}

/// A change without its day, its texts and what it touches.
fn change<T>(subject: Subject, name: String, sides: Sides<'_, T>, text: String) -> Change {
    let (before, after, touches) = (None, None, Vec::new());
    Change { subject, kind: kind(sides), name, from: None, text, before, after, touches }
}

/// The dated texts of one thing on both sides, paired by start and publication.
fn versions<'a, T, V>(
    (was, is): Sides<'a, T>,
    of: impl Fn(&'a T) -> &'a Vec<V>,
    validity: impl Fn(&V) -> Validity,
) -> BTreeMap<(Date, Date), Sides<'a, V>> {
    let texts = |side: Option<&'a T>| side.map_or(&[][..], |thing| of(thing).as_slice());
    paired(texts(was), texts(is), |version| moment(validity(version)))
}

fn both<T>((was, is): Sides<'_, T>, text: impl Fn(&T) -> &String) -> (Option<String>, Option<String>) {
    (was.map(|one| text(one).clone()), is.map(|one| text(one).clone()))
}

impl Differ<'_> {
    fn inputs(&self) -> Vec<Change> {
        let key = |input: &'_ Input| full_name(input.relation.as_deref(), &input.name);
        let pairs = paired(&self.before.inputs, &self.after.inputs, key).into_iter();
        let tell = |(name, sides): (String, Sides<'_, Input>)| {
            let touches = self
                .touches(|program| program.inputs.iter().position(|input| key(input) == name).map(Reference::Input));
            let change = Change { touches, ..change(Subject::Input, name, sides, words::input(sides)?) };
            Some(change)
        };
        pairs.filter_map(tell).collect()
    }

    fn parameters(&self) -> Vec<Change> {
        let mut changes = Vec::new();
        let key = |parameter: &'_ Parameter| parameter.name.clone();
        for (name, sides) in paired(&self.before.parameters, &self.after.parameters, key) {
            let Some(unit) = sides.1.or(sides.0).map(|parameter| parameter.unit) else { continue };
            let place = |program: &Program| program.parameters.iter().position(|parameter| parameter.name == name);
            let touches = self.touches(|program| place(program).map(Reference::Parameter));
            for ((from, _), rows) in versions(sides, |parameter| &parameter.rows, |row| row.validity) {
                let Some(text) = words::parameter(&name, unit, rows) else { continue };
                let (before, after) = both(rows, |row| &row.source);
                let (from, touches) = (Some(from), touches.clone());
                changes.push(Change {
                    from,
                    before,
                    after,
                    touches,
                    ..change(Subject::Parameter, name.clone(), rows, text)
                });
            }
        }
        changes
    }

    fn tables(&self) -> Vec<Change> {
        let mut changes = Vec::new();
        for (name, sides) in paired(&self.before.tables, &self.after.tables, |table: &Table| table.name.clone()) {
            let columns = sides.1.or(sides.0).map_or(&[][..], |table| &table.columns[..]);
            let place = |program: &Program| program.tables.iter().position(|table| table.name == name);
            let touches = self.touches(|program| place(program).map(Reference::Table));
            for ((from, _), tables) in versions(sides, |table| &table.versions, |version| version.validity) {
                let Some(text) = words::table(&name, columns, tables) else { continue };
                let (from, touches) = (Some(from), touches.clone());
                changes.push(Change { from, touches, ..change(Subject::Table, name.clone(), tables, text) });
            }
        }
        changes
    }

    fn rules(&self) -> Vec<Change> {
        let key = |rule: &'_ Rule| full_name(rule.relation.as_deref(), &rule.name);
        let mut changes = Vec::new();
        for (name, sides) in paired(&self.before.rules, &self.after.rules, key) {
            let place = |program: &Program| program.rules.iter().position(|rule| key(rule) == name);
            let touches = self.touches(|program| place(program).map(Reference::Rule));
            for ((from, _), texts) in versions(sides, |rule| &rule.versions, |version| version.validity) {
                let Some(text) = words::rule(&name, texts, self.says_otherwise(texts)) else { continue };
                let (before, after) = both(texts, |version| &version.source);
                let (from, touches) = (Some(from), touches.clone());
                changes.push(Change {
                    from,
                    before,
                    after,
                    touches,
                    ..change(Subject::Rule, name.clone(), texts, text)
                });
            }
        }
        changes
    }

    /// Whether the expression is another: places in the two programs differ, names do not.
    fn says_otherwise(&self, (was, is): Sides<'_, RuleVersion>) -> bool {
        was.map(|version| self.before.print(&version.expr)) != is.map(|version| self.after.print(&version.expr))
    }

    /// Titles of what has a role and uses it, directly or through other rules, in either version.
    fn touches(&self, place: impl Fn(&Program) -> Option<Reference>) -> Vec<String> {
        let mut titles = Vec::new();
        for program in [self.after, self.before] {
            for title in place(program).map_or_else(Vec::new, |used| program.outcomes_using(used)) {
                if !titles.contains(&title) {
                    titles.push(title);
                }
            }
        }
        titles
    }
}

impl Program {
    fn outcomes_using(&self, used: Reference) -> Vec<String> {
        let mut reached: BTreeSet<usize> = BTreeSet::new();
        for (slot, rule) in self.rules.iter().enumerate() {
            let mut uses = used == Reference::Rule(slot);
            rule.versions
                .iter()
                .for_each(|version| version.expr.references(&mut |reference| uses |= reference == used));
            if uses {
                reached.insert(slot);
                reached.extend(&self.dependents[slot]);
            }
        }
        let told = reached.into_iter().map(|slot| &self.rules[slot]).filter(|rule| rule.role.is_some());
        told.filter_map(|rule| rule.versions.last().map(|version| version.title.clone())).collect()
    }
}
