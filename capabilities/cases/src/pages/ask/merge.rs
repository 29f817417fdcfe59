//! Two devices, one draft: who changed what is told field by field, so that only a field that both changed is asked
//! about.

use std::collections::BTreeMap;

use forms::Path;
use rules::{Facts, Value};
use sha2::{Digest, Sha256};

/// The field in which a page says what it showed. No question can be called so: the name has a dot.
pub const SEEN: &str = "sp.vista";

/// What a page had shown in its fields, by digest: enough to tell whether somebody changed one since.
#[derive(Debug, Default)]
pub struct Seen(BTreeMap<String, String>);

impl Seen {
    /// Reads what [`mark`] wrote, one word for each field.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let marks = text.split_whitespace().filter_map(|word| word.split_once(':'));
        Self(marks.map(|(path, digest)| (path.to_owned(), digest.to_owned())).collect())
    }

    /// Whether the page had shown this value. A page that says nothing of a field is believed in what it sends.
    fn showed(&self, path: &Path, value: Option<&Value>) -> Option<bool> {
        self.0.get(&path.to_string()).map(|shown| *shown == digest(value))
    }
}

/// A field with what it shows, for [`SEEN`].
#[must_use]
pub fn mark(path: &Path, value: Option<&Value>) -> String {
    format!("{path}:{}", digest(value))
}

/// Sixteen hexadecimal digits; nothing known and known to be nothing look the same on a page.
fn digest(value: Option<&Value>) -> String {
    let text = value.filter(|value| !value.is_null()).map(|value| serde_json::json!(value).to_string());
    digest_of(&text.unwrap_or_default())
}

/// Sixteen hexadecimal digits of a text: enough to tell it from the others of a page.
#[must_use]
pub fn digest_of(text: &str) -> String {
    hex::encode(&Sha256::digest(text)[..8])
}

/// What comes of a page that was sent while the draft may have changed.
#[derive(Debug, Default)]
pub struct Merged {
    /// To be written on the draft.
    pub facts: Facts,
    /// Changed by the other device only: what the page sends of these is old.
    pub theirs: Vec<Path>,
    /// Changed by both, to something else: the person decides.
    pub contested: Vec<Path>,
}

/// Puts what a page sent (`mine`) together with what the draft holds `now`, by what the page had shown.
#[must_use]
pub fn merge(mine: &Facts, seen: &Seen, now: &Facts) -> Merged {
    let mut merged = Merged::default();
    for path in Path::all(mine) {
        let (own, other) = (path.get(mine), path.get(now));
        let unchanged_there = seen.showed(&path, other) != Some(false);
        if unchanged_there || digest(own) == digest(other) {
            path.set(&mut merged.facts, own.cloned().unwrap_or(Value::Null));
        } else if seen.showed(&path, own) == Some(true) {
            merged.theirs.push(path);
        } else {
            merged.contested.push(path);
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(pairs: &[(&str, &str)]) -> Facts {
        let mut facts = Facts::default();
        for (id, text) in pairs {
            Path::of(id).set(&mut facts, Value::from(*text));
        }
        facts
    }

    fn seen(shown: &Facts) -> Seen {
        let marks = Path::all(shown).into_iter().map(|path| mark(&path, path.get(shown)));
        Seen::read(&marks.collect::<Vec<_>>().join(" "))
    }

    #[test]
    fn each_device_keeps_what_it_alone_changed() {
        let base = facts(&[("a", "1"), ("b", "1"), ("c", "1"), ("d", "1")]);
        let mine = facts(&[("a", "2"), ("b", "1"), ("c", "3"), ("d", "5")]);
        let now = facts(&[("a", "1"), ("b", "2"), ("c", "3"), ("d", "4")]);
        let merged = merge(&mine, &seen(&base), &now);
        assert_eq!(merged.facts, facts(&[("a", "2"), ("c", "3")]));
        assert_eq!(merged.theirs, [Path::of("b")]);
        assert_eq!(merged.contested, [Path::of("d")]);
    }

    #[test]
    fn a_page_that_says_nothing_of_what_it_showed_is_believed() {
        let mine = facts(&[("a", "2")]);
        let merged = merge(&mine, &Seen::default(), &facts(&[("a", "1")]));
        assert_eq!(merged.facts, mine);
    }

    #[test]
    fn an_empty_field_is_the_same_as_an_unknown_one() {
        let mut mine = Facts::default();
        Path::of("a").set(&mut mine, Value::Null);
        let merged = merge(&mine, &Seen::read(&mark(&Path::of("a"), None)), &facts(&[("a", "altrove")]));
        assert_eq!(merged.theirs, [Path::of("a")], "nothing was typed here");
    }
}
