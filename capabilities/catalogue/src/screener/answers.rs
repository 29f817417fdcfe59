//! The answers on their way from page to page: they travel in the form itself, and nowhere else.

use std::collections::BTreeMap;

use base::{Date, Language};
use forms::{FieldError, Path, overlay};
use rules::Facts;

use super::Screener;

/// What a page sent.
#[derive(Debug, Clone, Default)]
pub(super) struct Sent {
    /// Every answer that was understood.
    pub answers: Facts,
    /// What is wrong on the page that was answered.
    pub errors: Vec<FieldError>,
    /// Its texts as typed.
    pub typed: BTreeMap<String, Vec<String>>,
}

impl Screener {
    /// Every answer that a page of the screener sent, as far as it was understood.
    #[must_use]
    pub fn read_answers(&self, fields: &[(String, String)], today: Date) -> Facts {
        self.read_sent(fields, "", today).answers
    }

    /// The answers with which one begins.
    pub(super) fn beginning(&self) -> Facts {
        let mut answers = Facts::default();
        for (path, value) in &self.mapping.start {
            path.set(&mut answers, value.clone());
        }
        answers
    }

    /// Whether this is said from the beginning, whatever a page sends.
    pub(super) fn is_given(&self, path: &Path) -> bool {
        self.mapping.start.iter().any(|(given, _)| given == path)
    }

    /// Reads everything that a page sent; `answered` is the page whose fields it showed.
    pub(super) fn read_sent(&self, fields: &[(String, String)], answered: &str, today: Date) -> Sent {
        let mut sent = Sent { answers: self.beginning(), ..Sent::default() };
        let given = |name: &str| name.parse().is_ok_and(|path| self.is_given(&path));
        let fields: Vec<(String, String)> = fields.iter().filter(|(name, _)| !given(name)).cloned().collect();
        let fields = fields.as_slice();
        for page in &self.form.pages {
            let reading = self.form.read(&page.id, fields, &sent.answers, today);
            sent.answers = overlay(&sent.answers, &reading.facts);
            if page.id == answered {
                sent.typed = reading.raw;
                sent.errors = reading.errors;
            }
        }
        if sent.errors.is_empty() {
            sent.errors = self.contradictions(&sent.answers, answered, today);
        }
        sent
    }

    /// What does not go together on a page whose every field is answered.
    fn contradictions(&self, answers: &Facts, page: &str, today: Date) -> Vec<FieldError> {
        let status = self.form.status(answers, today);
        let own = status.pages.into_iter().filter(|one| one.page == page);
        own.flat_map(|one| one.problems).collect()
    }

    /// The answers as hidden fields, without those that the page asks for.
    pub(super) fn hidden(&self, answers: &Facts, asked: Option<&str>) -> Vec<(String, String)> {
        let elsewhere = |path: &Path| {
            let (group, question) = self.form.question(path)?;
            let name = group.map_or_else(|| question.id.clone(), |group| format!("{}.{}", group.id, question.id));
            (self.pages.get(&name).map(String::as_str) != asked).then_some(question)
        };
        let hidden = Path::all(answers).into_iter().filter(|path| !self.is_given(path)).filter_map(|path| {
            let typed = elsewhere(&path)?.typed(path.get(answers)?);
            Some((path.to_string(), typed))
        });
        hidden.collect()
    }

    /// One more row of a group, where there is room and the last one is begun.
    pub(super) fn add_row(&self, answers: &mut Facts, group: &str) {
        let most = self.form.questions().find_map(|(owner, _)| owner.filter(|owner| owner.id == group)?.max.into());
        let Some(most) = most else { return };
        let rows = answers.groups.entry(group.to_owned()).or_default();
        if rows.len() < most && rows.last().is_none_or(|row| row.values().any(|value| !value.is_null())) {
            rows.push(BTreeMap::new());
        }
    }

    /// The answers of a page in words, for the list of what was said: a line for each row, the first answer by itself,
    /// the others after their question.
    pub(super) fn in_words(&self, page: &forms::Page, answers: &Facts, language: Language) -> Vec<String> {
        let mut rows: BTreeMap<usize, Vec<String>> = BTreeMap::new();
        for (group, question) in page.questions() {
            let many = group.map_or(1, |group| answers.groups.get(&group.id).map_or(0, Vec::len));
            for row in 0..many {
                let path = group.map_or_else(|| Path::of(&question.id), |one| Path::in_row(&one.id, row, &question.id));
                let Some(value) = path.get(answers).filter(|value| !value.is_null()) else { continue };
                let (line, label) = (rows.entry(row).or_default(), question.label.get(language));
                let colon = if label.ends_with('?') { "" } else { ":" };
                let said = question.show(value, language);
                line.push(if line.is_empty() { said } else { format!("{label}{colon} {said}") });
            }
        }
        rows.into_values().map(|row| row.join(" · ")).collect()
    }
}

/// What a page sent, without one row of a group (`persone.1`); those after it move up, as typed. The first row stays.
pub(super) fn without_row(fields: &[(String, String)], place: &str) -> Vec<(String, String)> {
    let place = place.split_once('.').and_then(|(group, row)| Some((group, row.parse::<usize>().ok()?)));
    let Some((group, gone)) = place.filter(|(_, row)| 0 < *row) else { return fields.to_vec() };
    let moved = fields.iter().filter_map(|(name, text)| {
        let mut parts: Vec<&str> = name.splitn(3, '.').collect();
        let row = (parts.len() == 3 && parts[0] == group).then(|| parts[1].parse::<usize>().ok()).flatten();
        let up = row.filter(|row| gone < *row).map(|row| (row - 1).to_string());
        if let Some(up) = &up {
            parts[1] = up;
        }
        (row != Some(gone)).then(|| (parts.join("."), text.clone()))
    });
    moved.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_after_the_one_taken_away_move_up_as_typed() {
        let field = |name: &str| (name.to_owned(), name.to_owned());
        let fields =
            [field("persone.0.chi"), field("persone.1.chi"), field("persone.2.data_nascita.anno"), field("isee")];
        let names = |place: &str| without_row(&fields, place).into_iter().map(|(name, _)| name).collect::<Vec<_>>();
        assert_eq!(names("persone.1"), ["persone.0.chi", "persone.1.data_nascita.anno", "isee"]);
        for nothing in ["persone.0", "persone", "persone.x", "altri.1", "persone.99999999999999999999"] {
            assert_eq!(names(nothing).len(), 4, "{nothing}");
        }
    }
}
