//! Questions of a form as the controls of a page, for every room that shows a form.

use std::collections::BTreeMap;

use base::Language;
use forms::{Field as Asked, FieldError, Files, Form, Kind};
use rules::{Facts, Value};
use web::components::{Choice, Fault, Field};

/// A control, or a text to read.
#[derive(Debug, Clone)]
pub enum Input {
    /// Something to answer.
    Control(Field),
    /// Something to read.
    Note(String),
    /// The beginning of a member of a group: its heading.
    Member(String),
    /// A file that is already attached: name, and the value that removes it.
    Attached(String, String),
}

/// What was typed on a page, by HTML name.
pub type Typed = BTreeMap<String, Vec<String>>;

/// The control of a question, filled with what was typed, else with the answer so far.
#[must_use]
pub fn control(asked: &Asked<'_>, answers: &Facts, typed: &Typed, errors: &[FieldError], language: Language) -> Input {
    let question = asked.question;
    let text = |translated: &base::Translated| translated.get(language).to_owned();
    if question.kind == Kind::Note {
        return Input::Note(text(&question.label));
    }
    let answer = asked.path.get(answers).unwrap_or(&Value::Null);
    let fault = errors.iter().find(|error| error.path == asked.path).map(|error| text(&error.text));
    let mut field = bare(asked, answer, typed, language).fault(fault);
    if let Some(hint) = &question.hint {
        field = field.hint(text(hint));
    }
    Input::Control(if question.required { field } else { field.optional() })
}

fn bare(asked: &Asked<'_>, answer: &Value, typed: &Typed, language: Language) -> Field {
    let question = asked.question;
    let (name, label) = (asked.path.to_string(), question.label.get(language));
    let written = typed.get(&name).and_then(|values| values.last()).cloned().unwrap_or_else(|| question.typed(answer));
    match &question.kind {
        Kind::LongText { .. } => Field::area(name, label).value(written),
        Kind::Number { .. } => Field::number(name, label).value(written),
        Kind::Money { .. } => Field::money(name, label).value(written),
        Kind::Date { .. } => Field::date(&name, label, date_parts(&name, answer, typed)),
        Kind::YesNo => Field::radios(name, label, yes_no(&written, language)),
        Kind::Choice(options) if options.len() > 6 => Field::select(name, label, choices(options, &written, language)),
        Kind::Choice(options) => Field::radios(name, label, choices(options, &written, language)),
        Kind::Choices(options) => Field::checks(name, label, choices(options, &written, language)),
        Kind::Declaration { .. } => Field::checks(name, "", vec![Choice::new("si", label).chosen(written == "si")]),
        Kind::Attachment(files) => Field::file(name, label, accept(files)),
        Kind::Email => Field::text(name, label).input("email", "email").value(written),
        Kind::Phone => Field::text(name, label).input("tel", "tel").width(15).value(written),
        Kind::FiscalCode => Field::text(name, label).width(16).value(written),
        Kind::Iban => Field::text(name, label).width(34).value(written),
        Kind::PostalCode => Field::text(name, label).width(5).value(written),
        Kind::Text { .. } | Kind::Note => Field::text(name, label).value(written),
    }
}

/// `.pdf,.jpg,.jpeg`: what a browser offers to choose from.
fn accept(files: &Files) -> String {
    files.extensions().map(|extension| format!(".{extension}")).collect::<Vec<_>>().join(",")
}

fn date_parts(name: &str, answer: &Value, typed: &Typed) -> [String; 3] {
    let part = |part: &str| typed.get(&format!("{name}.{part}")).and_then(|values| values.last()).cloned();
    let known = |index: usize| match answer {
        Value::Date(day) => [i16::from(day.day()), i16::from(day.month()), day.year()][index].to_string(),
        _ => String::new(),
    };
    let or_known = |index: usize, typed: Option<String>| typed.unwrap_or_else(|| known(index));
    [or_known(0, part("giorno")), or_known(1, part("mese")), or_known(2, part("anno"))]
}

fn yes_no(written: &str, language: Language) -> Vec<Choice> {
    let choice = |value: &str, yes: bool| Choice::new(value, language.yes_or_no(yes)).chosen(written == value);
    vec![choice("si", true), choice("no", false)]
}

fn choices(options: &[forms::Choice], written: &str, language: Language) -> Vec<Choice> {
    let choice = |option: &forms::Choice| {
        let chosen = written.split(',').any(|value| value == option.value);
        let choice = Choice::new(&option.value, option.label.get(language)).chosen(chosen);
        match &option.hint {
            Some(hint) => choice.hint(hint.get(language)),
            None => choice,
        }
    };
    options.iter().map(choice).collect()
}

/// What is wrong, for the summary above the form.
#[must_use]
pub fn faults(form: &Form, errors: &[FieldError], language: Language) -> Vec<Fault> {
    let fault = |error: &FieldError| {
        let text = error.text.get(language);
        // The same words for two questions could not be told apart: the summary names the question.
        let message = match form.question(&error.path) {
            Some((_, question)) => format!("{}: {text}", question.label.get(language).trim_end_matches('?')),
            None => text.to_owned(),
        };
        Fault { field: error.path.to_string(), message }
    };
    errors.iter().map(fault).collect()
}

/// The same where a group names its members: two of them may lack the same answer.
#[must_use]
pub fn faults_by_member(form: &Form, errors: &[FieldError], answers: &Facts, language: Language) -> Vec<Fault> {
    let mut told = faults(form, errors, language);
    for (fault, error) in told.iter_mut().zip(errors) {
        if let (Some((Some(group), _)), Some((_, row))) = (form.question(&error.path), &error.path.row) {
            fault.message = format!("{}, {}", group.heading(*row, answers, language), fault.message);
        }
    }
    told
}
