//! What a browser sent for a page, read and kept.

mod check;
mod typed;
mod values;

use std::collections::BTreeMap;

use base::Date;
use rules::{Facts, Value};

pub(crate) use check::check;
use typed::{MAX_PAIRS, Typed};

use crate::{FieldError, FieldState, Form, Path, declared::MAX_CHARACTERS, filling::state};

/// A page as it was sent: what could be read, what could not, and every text as typed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reading {
    /// The answers of this page that were understood; a question left blank is [`Value::Null`]. Put them on what is
    /// known with [`overlay`](crate::overlay).
    pub facts: Facts,
    /// What was not understood, or must not stay empty, in the order of the page.
    pub errors: Vec<FieldError>,
    /// The texts as typed, by HTML name, for showing the page again: nothing that was typed is lost.
    pub raw: BTreeMap<String, Vec<String>>,
}

impl Form {
    /// Reads what was typed on a page. `known` are the answers so far, by which conditions are judged together with
    /// the new ones; answers to questions that do not apply are dropped.
    ///
    /// A question is read only if its name was sent, so a page may show a known value without a field. For kinds whose
    /// empty control sends nothing (checkboxes, radio buttons) send a hidden field with the same name and an empty
    /// value before them. Names that are no question of the page are ignored; the first 2,000 pairs are looked at.
    #[must_use]
    pub fn read(&self, page: &str, raw: &[(String, String)], known: &Facts, today: Date) -> Reading {
        let typed = typed::sort(self, raw);
        let values = self.understand(page, &typed);
        let understood = understood(known, &values);
        let mut reading = Reading { raw: kept(raw), ..Reading::default() };
        for field in self.fields(&understood, today).into_iter().filter(|field| field.page.id == page) {
            match values.get(&field.path) {
                Some(Ok(value)) => {
                    let state = state(&field, Some(value), today);
                    reading.errors.extend(state.error().cloned());
                    // A text that breaks a bound is kept in `raw` only: answers always fit their question.
                    if !matches!(state, FieldState::Wrong(_)) {
                        field.path.set(&mut reading.facts, value.clone());
                    }
                }
                Some(Err(problem)) => reading.errors.push(field.question.complaint(problem.clone(), field.path)),
                None => {}
            }
        }
        reading
    }

    fn understand(
        &self,
        page: &str,
        typed: &BTreeMap<Path, Typed>,
    ) -> BTreeMap<Path, Result<Value, crate::problem::Problem>> {
        let Some(page) = self.page(page) else { return BTreeMap::new() };
        let asked = |path: &Path| {
            let group = path.row.as_ref().map(|(group, _)| group.as_str());
            page.questions().find(|(owner, question)| owner.map(|g| g.id.as_str()) == group && question.id == path.id)
        };
        let open = typed.iter().filter(|(path, _)| self.is_open(path));
        open.filter_map(|(path, typed)| Some((path.clone(), values::read(&asked(path)?.1.kind, typed)))).collect()
    }
}

/// The answers so far with what was understood of the page.
fn understood(known: &Facts, values: &BTreeMap<Path, Result<Value, crate::problem::Problem>>) -> Facts {
    let mut understood = known.clone();
    for (path, value) in values {
        path.set(&mut understood, value.clone().unwrap_or(Value::Null));
    }
    understood
}

fn kept(raw: &[(String, String)]) -> BTreeMap<String, Vec<String>> {
    let mut kept: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, text) in raw.iter().take(MAX_PAIRS).filter(|(name, _)| name.len() <= 200) {
        kept.entry(name.clone()).or_default().push(text.chars().take(MAX_CHARACTERS + 1).collect());
    }
    kept
}
