use base::{Language, short_date};
use rules::{Value, shown_money};

use crate::{FieldError, Kind, Path, Question, problem::Problem};

impl Question {
    /// An answer as a person reads it: `1.234,50 €` (in English `€1,234.50`), `21/11/2026`, `Sì`, the label of an option.
    #[must_use]
    pub fn show(&self, answer: &Value, language: Language) -> String {
        match (&self.kind, answer) {
            (_, Value::Null) => String::new(),
            (_, Value::Bool(yes)) => language.yes_or_no(*yes).to_owned(),
            (Kind::Money { .. }, Value::Dec(amount)) => shown_money(*amount, language),
            (Kind::Choice(_) | Kind::Choices(_), Value::Text(text)) => self.labels(text, language),
            (Kind::Iban, Value::Text(text)) => in_fours(text),
            (_, value) => value.to_string(),
        }
    }

    /// An answer as it stands in the field of a page, so that it can be typed over.
    #[must_use]
    pub fn typed(&self, answer: &Value) -> String {
        match answer {
            Value::Null => String::new(),
            Value::Bool(yes) => if *yes { "si" } else { "no" }.to_owned(),
            Value::Dec(amount) => shown_money(*amount, Language::Italian).trim_end_matches(['€', '\u{a0}']).to_owned(),
            Value::Int(number) => number.to_string(),
            Value::Date(day) => short_date(*day),
            Value::Text(text) => text.clone(),
        }
    }

    fn labels(&self, text: &str, language: Language) -> String {
        let chosen = self.kind.options().iter().filter(|option| text.split(',').any(|value| value == option.value));
        chosen.map(|option| option.label.get(language)).collect::<Vec<_>>().join(", ")
    }

    /// A problem in the question's own words, where it has some.
    pub(crate) fn complaint(&self, problem: Problem, path: Path) -> FieldError {
        let own = self.error.clone().filter(|_| problem.is_about_form());
        let error = problem.at(path);
        FieldError { text: own.unwrap_or(error.text), ..error }
    }
}

/// `IT60 X054 2811 …`, as printed on paper.
fn in_fours(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    letters.chunks(4).map(|four| four.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}
