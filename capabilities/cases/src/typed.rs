//! What people write in their own words: kept whole or not at all, and given back where it cannot be used.

use web::{Visit, components::Fault, words::fill};

use crate::inputs::Typed;

/// A text that could not be used, to be copied.
pub struct TypedText {
    /// The question.
    pub label: String,
    /// What was typed.
    pub text: String,
    /// Lines that show all of it, up to a bound.
    pub rows: usize,
}

impl TypedText {
    /// A text under its question.
    #[must_use]
    pub fn new(label: impl Into<String>, text: impl Into<String>) -> Self {
        let text = text.into();
        let rows = text.lines().map(|line| 1 + line.chars().count() / 60).sum::<usize>().clamp(1, 16);
        Self { label: label.into(), text, rows }
    }

    /// Those that are worth copying.
    pub fn not_blank(texts: Vec<Self>) -> Vec<Self> {
        texts.into_iter().filter(|typed| !typed.text.trim().is_empty()).collect()
    }
}

/// Which of these texts, by field, are longer than an act may hold: that is told, because nobody's words are cut
/// silently.
#[must_use]
pub fn too_long<'t>(visit: &Visit, most: usize, texts: impl IntoIterator<Item = (&'t str, &'t str)>) -> Vec<Fault> {
    let fault = |(field, text): (&str, &str)| {
        // Browsers send two signs for the end of a line.
        let many = text.chars().filter(|sign| *sign != '\r').count();
        let message = fill(visit.t("cases.too_long"), &[("many", many.to_string()), ("most", most.to_string())]);
        (most < many).then(|| Fault { field: field.to_owned(), message })
    };
    texts.into_iter().filter_map(fault).collect()
}

/// What waits to be typed again, by field.
pub fn typed_again(pairs: Vec<(String, String)>) -> Typed {
    let mut typed = Typed::new();
    for (name, value) in pairs {
        typed.entry(name).or_default().push(value);
    }
    typed
}
