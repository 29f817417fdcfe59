//! What people type, and what they are told.

use base::Language;
use forms::{FieldState, Form, Path, Reading, overlay};
use jiff::civil::date;
use rules::{Facts, Value};

use crate::{TODAY, form, typed};

const EVERYTHING: &str = include_str!("everything.toml");

fn read(pairs: &[(&str, &str)]) -> Reading {
    form(EVERYTHING).read("tutto", &typed(pairs), &Facts::default(), TODAY)
}

#[track_caller]
fn value(name: &str, text: &str) -> Value {
    let reading = read(&[(name, text)]);
    assert_eq!(reading.errors, [], "{name} = {text}");
    name.parse::<Path>().ok().and_then(|path| path.get(&reading.facts).cloned()).expect("an answer")
}

#[track_caller]
fn code(name: &str, text: &str) -> String {
    let reading = read(&[(name, text)]);
    assert_eq!(reading.raw[name], [text], "what was typed is kept");
    assert_eq!(reading.facts.values.get(name), None, "a wrong answer is no answer");
    reading.errors.first().map_or_else(|| panic!("{text} was taken"), |error| error.code.clone())
}

#[test]
fn dates_are_read_in_every_usual_form() {
    for text in ["21/11/1990", "21.11.1990", "21-11-1990", "21 11 1990", "1990-11-21", " 21/11/1990 "] {
        assert_eq!(value("nascita", text), Value::Date(date(1990, 11, 21)), "{text}");
    }
    let fields = read(&[("nascita.giorno", "1"), ("nascita.mese", "2"), ("nascita.anno", "1990")]);
    assert_eq!(fields.facts.values["nascita"], Value::Date(date(1990, 2, 1)));
    for text in ["31/02/1990", "1/1/90", "ieri", "1990-11-21T10:00", "21/11", "+1/1/1990"] {
        assert_eq!(code("nascita", text), "not-a-date", "{text}");
    }
    let incomplete = read(&[("nascita.giorno", "1"), ("nascita.mese", ""), ("nascita.anno", "1990")]);
    assert_eq!(incomplete.errors[0].path, Path::of("nascita"));
    assert_eq!(code("nascita", "03/03/2026"), "too-late");
    assert_eq!(code("nascita", "31/12/1899"), "too-early");
}

#[test]
fn money_and_numbers_are_read_as_italians_write_them() {
    assert_eq!(value("importo", "1.234,50"), Value::Dec("1234.50".parse().expect("a number")));
    assert_eq!(value("importo", "€ 12"), Value::Dec("12.00".parse().expect("a number")));
    assert_eq!(code("importo", "dodici"), "not-money");
    assert_eq!(code("importo", "10000,01"), "too-large");
    assert_eq!(code("importo", "-1"), "too-small");
    assert_eq!(value("numero", "1.200"), Value::Int(1200));
    assert_eq!(code("numero", "12,5"), "not-a-whole-number");
}

#[test]
fn choices_and_yes_or_no() {
    assert_eq!(value("colore", "rosso"), Value::from("rosso"));
    assert_eq!(code("colore", "viola"), "not-an-option");
    assert_eq!(
        read(&[("colori", ""), ("colori", "verde"), ("colori", "rosso")]).facts.values["colori"],
        Value::from("rosso,verde")
    );
    assert_eq!(code("colori", "viola"), "not-an-option");
    assert_eq!((value("si_no", "sì"), value("si_no", "nein")), (Value::Bool(true), Value::Bool(false)));
}

#[test]
fn codes_are_verified() {
    assert_eq!(value("iban", "it60 x054 2811 1010 0000 0123 456"), Value::from("IT60X0542811101000000123456"));
    assert_eq!(code("iban", "IT60X0542811101000000123457"), "iban-check-digits");
    assert_eq!(value("codice_fiscale", "rssmra85t10a562s"), Value::from("RSSMRA85T10A562S"));
    assert_eq!(code("codice_fiscale", "RSSMRA85T10A562A"), "fiscal-code-check-letter");
    assert_eq!(value("telefono", "+39 333 123-4567"), Value::from("+393331234567"));
    assert_eq!(code("telefono", "chiamami"), "not-a-phone");
    assert_eq!(code("email", "a@b"), "not-an-email");
    assert_eq!(code("cap", "0018"), "not-a-postal-code");
    assert_eq!(value("targa", "AB123CD"), Value::from("AB123CD"));
    assert_eq!(code("targa", "AB12CD"), "pattern");
}

#[test]
fn texts_are_bounded_and_without_control_characters() {
    assert_eq!(code("testo", &"x".repeat(21)), "too-long");
    assert_eq!(value("testo", "a\u{0}b\nc"), Value::from("ab c"));
    assert_eq!(value("testo_lungo", "a\r\nb"), Value::from("a\nb"));
}

#[test]
fn files_are_ids_and_bounded() {
    let two = read(&[("file", "doc-1"), ("file", "doc-2")]);
    assert_eq!(two.facts.values["file"], Value::from("doc-1,doc-2"));
    assert_eq!(code("file", "../etc"), "not-a-file");
    let three = read(&[("file", "a"), ("file", "b"), ("file", "c")]);
    assert_eq!(three.errors[0].code, "too-many-files");
}

#[test]
fn a_question_may_have_its_own_words() {
    let reading = read(&[("cap", "x")]);
    assert_eq!(reading.errors[0].text.get(Language::Italian), "Il CAP del luogo di nascita ha cinque cifre");
    let blank = read(&[("cap", "")]);
    assert_eq!(blank.errors[0].text.get(Language::German), "Beantworten Sie diese Frage");
}

#[test]
fn a_blank_is_missing_where_required_and_none_where_not() {
    assert_eq!(read(&[("importo", "")]).errors[0].code, "required");
    let optional = read(&[("email", " ")]);
    assert_eq!((optional.errors.len(), optional.facts.values["email"].clone()), (0, Value::Null));
    assert_eq!(read(&[("accetto", "")]).errors[0].code, "not-accepted");
    assert_eq!(read(&[("accetto", ""), ("accetto", "si")]).facts.values["accetto"], Value::Bool(true));
}

#[test]
fn what_does_not_apply_is_not_read() {
    let hidden = read(&[("si_no", "no"), ("perche", "perché sì")]);
    assert_eq!(hidden.facts.values.get("perche"), None);
    let shown = read(&[("si_no", "si"), ("perche", "")]);
    assert_eq!(shown.errors[0].path, Path::of("perche"));
    let known = read(&[("si_no", "si")]).facts;
    let later = form(EVERYTHING).read("tutto", &typed(&[("perche", "così")]), &known, TODAY);
    assert_eq!(later.facts.values["perche"], Value::from("così"));
}

#[test]
fn rows_are_read_and_bounded() {
    let reading = read(&[
        ("persone.1.nome", "Ugo"),
        ("persone.0.nome", "Ada"),
        ("persone.3.nome", "Eva"),
        ("persone.x.nome", "?"),
    ]);
    assert_eq!(reading.facts.groups["persone"].len(), 2);
    assert_eq!(Path::in_row("persone", 0, "nome").get(&reading.facts), Some(&Value::from("Ada")));
    assert_eq!(reading.errors, []);
}

#[test]
fn other_pages_and_unknown_names_are_ignored() {
    assert_eq!(read(&[("altro", "x"), ("__proto__", "y"), ("", "z")]).facts, Facts::default());
    let missing_page = form(EVERYTHING).read("boh", &typed(&[("numero", "1")]), &Facts::default(), TODAY);
    assert_eq!((missing_page.facts, missing_page.errors.len()), (Facts::default(), 0));
}

#[test]
fn checks_are_raised_where_they_stand_row_by_row() {
    let form: Form = form(EVERYTHING);
    let answers = overlay(
        &read(&[("nascita", "01/01/1990")]).facts,
        &read(&[
            ("persone.0.nome", "Ada"),
            ("persone.0.dal", "1989-01-01"),
            ("persone.1.nome", "Ugo"),
            ("persone.1.dal", "1991-01-01"),
        ])
        .facts,
    );
    let problems: Vec<_> = form.status(&answers, TODAY).pages.into_iter().flat_map(|page| page.problems).collect();
    assert_eq!(problems.len(), 1);
    assert_eq!((problems[0].code.as_str(), &problems[0].path), ("check", &Path::in_row("persone", 0, "dal")));
}

#[test]
fn too_few_rows_are_told_at_the_group() {
    let status = form(EVERYTHING).status(&Facts::default(), TODAY);
    assert!(status.errors().any(|error| error.code == "too-few" && error.path == Path::of("persone")));
}

#[test]
fn answers_are_shown_as_people_read_them() {
    let form = form(EVERYTHING);
    let show =
        |id: &str, value: Value, language| form.question(&Path::of(id)).expect("a question").1.show(&value, language);
    assert_eq!(show("importo", Value::Dec("1234.5".parse().expect("a number")), Language::Italian), "1.234,50\u{a0}€");
    assert_eq!(show("nascita", Value::Date(date(1990, 2, 1)), Language::English), "01/02/1990");
    assert_eq!(show("colori", Value::from("rosso,verde"), Language::German), "Rot, Grün");
    assert_eq!(show("si_no", Value::Bool(true), Language::German), "Ja");
    assert_eq!(
        show("iban", Value::from("IT60X0542811101000000123456"), Language::Italian),
        "IT60 X054 2811 1010 0000 0123 456"
    );
    let (_, amount) = form.question(&Path::of("importo")).expect("a question");
    assert_eq!(amount.typed(&Value::Dec("1234.5".parse().expect("a number"))), "1.234,50");
}

#[test]
fn notes_have_no_state() {
    let status = form(EVERYTHING).status(&Facts::default(), TODAY);
    assert!(status.pages[0].fields.iter().all(|field| field.path != Path::of("avviso")));
    assert!(form(EVERYTHING).fields(&Facts::default(), TODAY).iter().any(|field| field.path == Path::of("avviso")));
    assert!(status.pages[0].fields.iter().any(|field| field.state == FieldState::Empty));
}
