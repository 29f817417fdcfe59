use std::{collections::BTreeMap, fmt, str::FromStr};

use rules::{Facts, Value};
use serde::{Deserialize, Serialize};

/// Where an answer stands: `isee`, or `figli.0.data_nascita` for the first row of the group `figli`.
/// It is also the `name` of the field in HTML.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Path {
    /// The group and its row (from 0), for a question inside a group.
    pub row: Option<(String, usize)>,
    /// The question; for a problem of a whole group, the group.
    pub id: String,
}

/// Not the path of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a path is `question` or `group.row.question`")]
pub struct PathError;

impl Path {
    /// Where every answer of `facts` stands.
    #[must_use]
    pub fn all(facts: &Facts) -> Vec<Self> {
        let rows = facts.groups.iter().flat_map(|(group, rows)| rows.iter().enumerate().map(move |row| (group, row)));
        let inside =
            rows.flat_map(|(group, (row, answers))| answers.keys().map(move |id| Self::in_row(group, row, id)));
        facts.values.keys().map(|id| Self::of(id)).chain(inside).collect()
    }

    /// A question of the household.
    #[must_use]
    pub fn of(id: &str) -> Self {
        Self { row: None, id: id.to_owned() }
    }

    /// A question about a member of a group.
    #[must_use]
    pub fn in_row(group: &str, row: usize, id: &str) -> Self {
        Self { row: Some((group.to_owned(), row)), id: id.to_owned() }
    }

    pub(crate) fn new(group: Option<(&str, usize)>, id: &str) -> Self {
        group.map_or_else(|| Self::of(id), |(group, row)| Self::in_row(group, row, id))
    }

    /// The answer at this path; `None` if nothing is known, [`Value::Null`] if it is known that there is none.
    #[must_use]
    pub fn get<'f>(&self, facts: &'f Facts) -> Option<&'f Value> {
        match &self.row {
            None => facts.values.get(&self.id),
            Some((group, row)) => facts.groups.get(group)?.get(*row)?.get(&self.id),
        }
    }

    /// Writes the answer at this path, adding rows up to it.
    pub fn set(&self, facts: &mut Facts, value: Value) {
        let answers = match &self.row {
            None => &mut facts.values,
            Some((group, row)) => {
                let rows = facts.groups.entry(group.clone()).or_default();
                if rows.len() <= *row {
                    rows.resize(row + 1, BTreeMap::new());
                }
                &mut rows[*row]
            }
        };
        match answers.get_mut(&self.id) {
            Some(known) => *known = value,
            None => drop(answers.insert(self.id.clone(), value)),
        }
    }

    /// Forgets the answer at this path: it becomes unknown.
    pub fn remove(&self, facts: &mut Facts) {
        match &self.row {
            None => facts.values.remove(&self.id),
            Some((group, row)) => {
                facts.groups.get_mut(group).and_then(|rows| rows.get_mut(*row)).and_then(|row| row.remove(&self.id))
            }
        };
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.row {
            None => f.write_str(&self.id),
            Some((group, row)) => write!(f, "{group}.{row}.{}", self.id),
        }
    }
}

impl FromStr for Path {
    type Err = PathError;

    fn from_str(text: &str) -> Result<Self, PathError> {
        let named =
            |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-".contains(&b));
        let parts: Vec<&str> = text.split('.').collect();
        match parts[..] {
            [id] if named(id) => Ok(Self::of(id)),
            [group, row, id] if named(group) && named(id) => {
                // A row beyond any limit is no path; a thousand bounds what a typed name can make us allocate.
                let row = row.parse().ok().filter(|row| *row < 1000).ok_or(PathError)?;
                Ok(Self::in_row(group, row, id))
            }
            _ => Err(PathError),
        }
    }
}

impl TryFrom<String> for Path {
    type Error = PathError;
    fn try_from(text: String) -> Result<Self, PathError> {
        text.parse()
    }
}

impl From<Path> for String {
    fn from(path: Path) -> Self {
        path.to_string()
    }
}

/// `under` with every answer of `over` put on top, row by row: what a registry knows, then what the person changed.
#[must_use]
pub fn overlay(under: &Facts, over: &Facts) -> Facts {
    let mut merged = under.clone();
    put_over(&mut merged, over);
    merged
}

/// [`overlay`] in place.
pub fn put_over(facts: &mut Facts, over: &Facts) {
    put(&mut facts.values, &over.values);
    for (group, rows) in &over.groups {
        let target = facts.groups.entry(group.clone()).or_default();
        for (place, row) in rows.iter().enumerate() {
            match target.get_mut(place) {
                Some(existing) => put(existing, row),
                None => target.push(row.clone()),
            }
        }
    }
}

fn put(answers: &mut BTreeMap<String, Value>, over: &BTreeMap<String, Value>) {
    for (id, value) in over {
        match answers.get_mut(id) {
            Some(known) => known.clone_from(value),
            None => drop(answers.insert(id.clone(), value.clone())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_written_and_read() {
        for text in ["isee", "figli.0.data_nascita"] {
            assert_eq!(text.parse::<Path>().map(|path| path.to_string()).as_deref(), Ok(text));
        }
        for wrong in ["", "a.b", "figli.x.nome", "figli.1000.nome", "figli.-1.nome", "a.0.b.c", "è"] {
            assert_eq!(wrong.parse::<Path>(), Err(PathError), "{wrong}");
        }
        assert_eq!(serde_json::to_string(&Path::in_row("figli", 2, "nome")).unwrap_or_default(), "\"figli.2.nome\"");
    }

    #[test]
    fn what_the_person_wrote_covers_what_the_registry_knew() {
        let mut known = Facts::default();
        Path::of("isee").set(&mut known, Value::Int(1));
        Path::in_row("figli", 0, "nome").set(&mut known, Value::from("Ada"));
        let mut typed = Facts::default();
        Path::in_row("figli", 1, "nome").set(&mut typed, Value::from("Ugo"));
        Path::of("isee").set(&mut typed, Value::Int(2));
        let merged = overlay(&known, &typed);
        assert_eq!(Path::of("isee").get(&merged), Some(&Value::Int(2)));
        assert_eq!(Path::in_row("figli", 0, "nome").get(&merged), Some(&Value::from("Ada")));
        assert_eq!(merged.groups["figli"].len(), 2);
    }
}
