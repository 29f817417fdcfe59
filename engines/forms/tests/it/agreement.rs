//! What is typed beside a fiscal code is compared with what the code says, and never more than that.

use base::{Date, FiscalCode, Language, PersonName, Sex};
use forms::Path;
use proptest::prelude::*;
use rules::{Facts, Value};

use crate::form;

const FORM: &str = r#"
[[pages]]
id = "a"
title = "A"
[[pages.groups]]
id = "figli"
title = "Figli"
member = "Figlio"
named_by = "nome"
[[pages.groups.questions]]
id = "nome"
kind = "text"
label = "Nome"
[[pages.groups.questions]]
id = "cf"
kind = "fiscal-code"
label = "Codice fiscale"
[[pages.groups.questions]]
id = "nato"
kind = "date"
label = "Nato il"
agrees_with = "cf"
[[pages.groups.questions]]
id = "sesso"
kind = "choice"
label = "Sesso"
agrees_with = "cf"
options = [{ value = "f", label = "F" }, { value = "m", label = "M" }]
"#;

fn code(born: Date, sex: Sex) -> FiscalCode {
    let name = PersonName { surname: "Inventati".to_owned(), given: "Elia".to_owned() };
    FiscalCode::encode(&name, born, sex, "A944").expect("a code")
}

/// The codes of what is wrong with a child of this fiscal code, said to be born on that day.
fn wrong(code: &FiscalCode, born: Date, sex: &str) -> Vec<(String, String)> {
    let mut answers = Facts::default();
    for (id, value) in [("cf", Value::from(code.as_str())), ("nato", Value::Date(born)), ("sesso", Value::from(sex))] {
        Path::in_row("figli", 0, id).set(&mut answers, value);
    }
    let told = form(FORM).disagreements(&answers, |_| false);
    told.into_iter().map(|error| (error.path.to_string(), error.text.get(Language::Italian).to_owned())).collect()
}

#[test]
fn another_day_is_told_with_what_the_code_says() {
    let told = wrong(&code(Date::constant(2026, 11, 9), Sex::F), Date::constant(2026, 11, 8), "m");
    let (paths, texts): (Vec<_>, Vec<_>) = told.into_iter().unzip();
    assert_eq!(paths, ["figli.0.nato", "figli.0.sesso"]);
    assert!(texts[0].contains("09/11") && texts[0].contains("26"), "{texts:?}");
    assert!(texts[1].contains("femminile"), "{texts:?}");
}

#[test]
fn what_a_registry_says_stands_and_the_code_beside_it_is_to_blame() {
    let code = code(Date::constant(2007, 11, 9), Sex::F);
    let mut answers = Facts::default();
    Path::in_row("figli", 0, "cf").set(&mut answers, Value::from(code.as_str()));
    Path::in_row("figli", 0, "nato").set(&mut answers, Value::Date(Date::constant(2007, 7, 12)));
    let form = form(FORM);
    let told = |fixed: &[&str]| -> Vec<String> {
        let told = form.disagreements(&answers, |path| fixed.contains(&path.id.as_str()));
        told.into_iter().map(|error| error.path.to_string()).collect()
    };
    assert_eq!(told(&["nato"]), ["figli.0.cf"]);
    assert_eq!(told(&["cf"]), ["figli.0.nato"]);
    assert!(told(&["cf", "nato"]).is_empty());
}

#[test]
fn what_is_not_answered_contradicts_nothing() {
    assert!(form(FORM).disagreements(&Facts::default(), |_| false).is_empty());
}

proptest! {
    #[test]
    fn a_code_fits_its_day_in_any_century_and_as_any_omocode(
        year in 1900_i16..2100, month in 1_i8..=12, day in 1_i8..=28, female: bool, variant in 0_u8..128, later in 0_i16..2,
    ) {
        let born = Date::new(year, month, day).expect("a day");
        let (sex, letter) = if female { (Sex::F, "f") } else { (Sex::M, "m") };
        let code = code(born, sex).omocode(variant);
        // A century later the code is the same: it is never asked for the century.
        let said = Date::new(year + 100 * later, month, day).expect("a day");
        prop_assert!(wrong(&code, said, letter).is_empty());
        prop_assert!(!wrong(&code, said.tomorrow().expect("a day"), letter).is_empty());
    }
}
