//! The answers on their way from page to page: they travel in the form itself, and nowhere else.

use std::collections::BTreeMap;

use base::Date;
use forms::{FieldError, Path, overlay};
use rules::{Facts, Value};

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

    /// Reads everything that a page sent; `answered` is the page whose fields it showed.
    pub(super) fn read_sent(&self, fields: &[(String, String)], answered: &str, today: Date) -> Sent {
        let mut sent = Sent::default();
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
        if sent.answers.groups.is_empty() {
            sent.answers = overlay(&self.beginning(), &sent.answers);
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
        let hidden = Path::all(answers).into_iter().filter_map(|path| {
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

    /// Without a row: `persone.1`.
    pub(super) fn remove_row(answers: &mut Facts, place: &str) {
        let place = place.rsplit_once('.').and_then(|(group, row)| Some((group, row.parse::<usize>().ok()?)));
        if let Some((group, row)) = place
            && let Some(rows) = answers.groups.get_mut(group)
            && 0 < row
            && row < rows.len()
        {
            rows.remove(row);
        }
    }

    /// The answers of a page in words, for the list of what was said.
    pub(super) fn in_words(&self, page: &forms::Page, answers: &Facts, language: base::Language) -> String {
        let own = |path: &Path| {
            self.form.question(path).filter(|(_, one)| page.questions().any(|(_, other)| other.id == one.id))
        };
        let mut rows: BTreeMap<Option<usize>, Vec<String>> = BTreeMap::new();
        for path in page.questions().flat_map(|(group, one)| match group {
            Some(group) => {
                let many = answers.groups.get(&group.id).map_or(0, Vec::len);
                (0..many).map(|row| Path::in_row(&group.id, row, &one.id)).collect()
            }
            None => vec![Path::of(&one.id)],
        }) {
            let Some((_, question)) = own(&path) else { continue };
            let value = path.get(answers).unwrap_or(&Value::Null);
            if !value.is_null() {
                let row = path.row.as_ref().map(|(_, row)| *row);
                rows.entry(row).or_default().push(question.show(value, language));
            }
        }
        rows.into_values().map(|row| row.join(", ")).collect::<Vec<_>>().join("; ")
    }
}
