//! What a browser sent for one question.

use std::collections::BTreeMap;

use crate::{Form, Path};

/// The parts of a date in three fields, in the order in which Italians write them.
pub(crate) const DATE_PARTS: [&str; 3] = ["giorno", "mese", "anno"];

/// Most pairs of a page that are looked at: fifty rows of forty fields.
pub(crate) const MAX_PAIRS: usize = 2_000;

/// The texts typed for one question.
#[derive(Debug, Clone, Default)]
pub(crate) struct Typed {
    /// Values sent under the question's own name, blanks left out.
    pub values: Vec<String>,
    /// Values sent under `.giorno`, `.mese`, `.anno`.
    pub parts: [String; 3],
}

impl Typed {
    pub fn text(&self) -> &str {
        self.values.first().map_or("", String::as_str)
    }

    pub fn is_blank(&self) -> bool {
        self.values.is_empty() && self.parts.iter().all(String::is_empty)
    }
}

/// What was typed, by question of the form; names that are no question are ignored.
pub(crate) fn sort(form: &Form, raw: &[(String, String)]) -> BTreeMap<Path, Typed> {
    let mut typed: BTreeMap<Path, Typed> = BTreeMap::new();
    for (name, text) in raw.iter().take(MAX_PAIRS) {
        let text = text.trim();
        if let Some((path, part)) = date_part(form, name) {
            text.clone_into(&mut typed.entry(path).or_default().parts[part]);
        } else if let Some(path) = name.parse::<Path>().ok().filter(|path| within(form, path)) {
            let entry = typed.entry(path).or_default();
            entry.values.extend((!text.is_empty()).then(|| text.to_owned()));
        }
    }
    typed
}

fn date_part(form: &Form, name: &str) -> Option<(Path, usize)> {
    let (question, part) = name.rsplit_once('.')?;
    let part = DATE_PARTS.iter().position(|known| *known == part)?;
    let path = question.parse().ok()?;
    within(form, &path).then_some((path, part))
}

/// Whether the form asks this, in a row that its group can have.
fn within(form: &Form, path: &Path) -> bool {
    let row = path.row.as_ref().map_or(0, |(_, row)| *row);
    form.question(path).is_some_and(|(group, _)| group.is_none_or(|group| row < group.max))
}
