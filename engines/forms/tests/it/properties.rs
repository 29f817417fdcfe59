//! Nothing that anybody writes makes the engine fail.

use forms::{Form, overlay};
use jiff::ToSpan;
use proptest::prelude::*;
use rules::Facts;

use crate::{TODAY, form, typed};

const EVERYTHING: &str = include_str!("everything.toml");
const NAMES: [&str; 16] = [
    "testo",
    "targa",
    "numero",
    "importo",
    "nascita",
    "nascita.giorno",
    "si_no",
    "perche",
    "colore",
    "colori",
    "iban",
    "codice_fiscale",
    "file",
    "persone.0.nome",
    "persone.2.dal",
    "persone.99.dal",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn no_text_makes_the_reader_fail(text in "\\PC{0,300}") {
        let _ = Form::parse("form.toml", &text);
    }

    #[test]
    fn a_damaged_form_is_read_or_told(start in 0usize..2000, length in 0usize..40, patch in "\\PC{0,12}") {
        let start = EVERYTHING.char_indices().map(|(at, _)| at).find(|at| start <= *at).unwrap_or(0);
        let end = EVERYTHING.char_indices().map(|(at, _)| at).find(|at| start + length <= *at).unwrap_or(EVERYTHING.len());
        let damaged = format!("{}{patch}{}", &EVERYTHING[..start], &EVERYTHING[end..]);
        if let Err(errors) = Form::parse("form.toml", &damaged) {
            prop_assert!(!errors.is_empty());
            prop_assert!(errors.iter().all(|error| 1 <= error.line && 1 <= error.column && !error.mend.is_empty()));
        }
    }

    #[test]
    fn whatever_is_typed_is_taken_told_or_ignored(pairs in proptest::collection::vec((proptest::sample::select(NAMES.to_vec()), "\\PC{0,40}"), 0..30)) {
        let form = form(EVERYTHING);
        let reading = form.read("tutto", &typed(&pairs.iter().map(|(name, text)| (*name, text.as_str())).collect::<Vec<_>>()), &Facts::default(), TODAY);
        let answers = overlay(&Facts::default(), &reading.facts);
        let status = form.status(&answers, TODAY);
        // What was taken fits its question: reading never lets through what validation would refuse.
        prop_assert!(status.pages.iter().flat_map(|page| &page.fields).all(|field| !matches!(field.state, forms::FieldState::Wrong(_))));
        prop_assert!(answers.groups.values().all(|rows| rows.len() <= 3));
        prop_assert_eq!(status.is_complete(), status.errors().next().is_none());
    }

    #[test]
    fn what_is_taken_reads_back_as_itself(cents in 0i64..1_000_000, days in 0i32..40_000, yes in any::<bool>()) {
        let form = form(EVERYTHING);
        let day = base::Date::constant(1910, 1, 1).saturating_add(days.days());
        let values = [("importo", rules::Value::Dec(rules::Decimal::new(cents, 2))), ("nascita", rules::Value::Date(day)), ("si_no", rules::Value::Bool(yes))];
        for (id, value) in values {
            let text = form.question(&forms::Path::of(id)).expect("a question").1.typed(&value);
            let reading = form.read("tutto", &typed(&[(id, &text)]), &Facts::default(), TODAY);
            prop_assert_eq!(reading.facts.values.get(id), Some(&value));
        }
    }
}
