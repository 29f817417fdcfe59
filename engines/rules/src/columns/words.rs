use std::collections::BTreeSet;

use crate::{Expr, Program, Value};

/// The texts that a law names, in their order. Each has a code, with room between neighbours for all other texts: codes
/// compare as texts do.
#[derive(Debug, Clone, Default)]
pub(super) struct Words(Vec<String>);

/// The other texts of a batch, with their codes, both rising.
#[derive(Debug, Default)]
pub(super) struct Others(Vec<(i32, String)>);

impl Words {
    pub fn of(program: &Program) -> Self {
        let mut words = BTreeSet::new();
        for input in &program.inputs {
            words.extend(input.values.iter().cloned());
        }
        for row in program.parameters.iter().flat_map(|parameter| &parameter.rows) {
            words.extend(row.value.as_text().map(str::to_owned));
        }
        for version in program.rules.iter().flat_map(|rule| &rule.versions) {
            texts(&version.expr, &mut words);
        }
        Self(words.into_iter().collect())
    }

    /// From the code of one text of the law to that of the next.
    fn stride(&self) -> i32 {
        i32::try_from(self.0.len()).map_or(1, |count| i32::MAX / count.saturating_add(1))
    }

    /// The code of a text that the law names.
    pub fn code(&self, text: &str) -> Option<i32> {
        let place = self.0.binary_search_by(|word| word.as_str().cmp(text)).ok()?;
        i32::try_from(place + 1).ok()?.checked_mul(self.stride())
    }

    /// The code of any text; those that lie between the same two of the law, and are not among `others`, share one.
    pub fn code_of_any(&self, text: &str, others: &Others) -> i32 {
        if let Some(code) = self.code(text) {
            return code;
        }
        match others.0.binary_search_by(|(_, word)| word.as_str().cmp(text)) {
            Ok(place) => others.0[place].0,
            Err(_) => self.room_before(self.0.partition_point(|word| word.as_str() < text)),
        }
    }

    /// The first code between a text of the law and the one before it.
    fn room_before(&self, place: usize) -> i32 {
        i32::try_from(place).map_or(i32::MAX, |place| place.saturating_mul(self.stride()).saturating_add(1))
    }

    /// Codes for texts of which the law names only some; `None` if there is not room for all.
    pub fn others<'t>(&self, texts: impl Iterator<Item = &'t String>) -> Option<Others> {
        let texts: BTreeSet<&String> = texts.filter(|text| self.code(text).is_none()).collect();
        let (mut others, mut gap, mut next) = (Vec::with_capacity(texts.len()), None, 0);
        for text in texts {
            let place = self.0.partition_point(|word| word < text);
            if gap != Some(place) {
                (gap, next) = (Some(place), self.room_before(place));
            }
            if next >= self.room_before(place).saturating_add(self.stride() - 1) {
                return None;
            }
            others.push((next, text.clone()));
            next += 1;
        }
        Some(Others(others))
    }

    /// The texts of the law and the others.
    pub fn with(&self, others: &Others) -> Vec<String> {
        self.0.iter().chain(others.0.iter().map(|(_, text)| text)).cloned().collect()
    }

    /// The place of a code's text in [`Words::with`]; any for a code without text.
    pub fn place(&self, code: i32, others: &Others) -> u32 {
        let stride = self.stride();
        let place = if code % stride == 0 {
            usize::try_from(code / stride - 1).unwrap_or(0)
        } else {
            self.0.len() + others.0.binary_search_by_key(&code, |(code, _)| *code).unwrap_or(0)
        };
        u32::try_from(place).unwrap_or(0)
    }
}

fn texts(expr: &Expr, words: &mut BTreeSet<String>) {
    if let Expr::Const(Value::Text(text)) = expr {
        words.insert(text.clone());
    }
    for child in expr.children() {
        texts(child, words);
    }
}
