//! The forms of the services, as families and officers meet them.

use std::collections::BTreeMap;

use base::{Language, Translated};
use forms::{FieldState, Form, Item, Known, KnownValue, Path, overlay};
use jiff::civil::date;
use rules::{Facts, Value};

use crate::{TODAY, form, known, typed};

pub(crate) const CHILD_ALLOWANCE: &str = include_str!("../../../../services/assegno-unico/form.toml");
const REQUEST: &str = include_str!("../../../../services/istanza-generica/form.toml");
const CORRECTION: &str = include_str!("../../../../services/rettifica-dati/form.toml");

pub(crate) type Member = BTreeMap<String, KnownValue>;

pub(crate) fn child(name: &str, code: &str, born: base::Date) -> Member {
    let value = |key: &str, value: Value| (key.to_owned(), known("anpr", value));
    BTreeMap::from([
        value("anpr.nome", name.into()),
        value("anpr.codice_fiscale", code.into()),
        value("anpr.data_nascita", born.into()),
    ])
}

/// Two parents who work, an ISEE, an account, and these children.
pub(crate) fn family(children: Vec<Member>) -> Known {
    let mut values = BTreeMap::new();
    let mut put = |key: &str, value: Value| {
        let registry = key.split('.').next().unwrap_or_default();
        values.insert(key.to_owned(), known(registry, value));
    };
    put("inps-isee.isee_minorenni", Value::Int(18_500));
    put("anpr.cittadinanza_o_soggiorno", true.into());
    put("anpr.residente_in_italia", true.into());
    put("entrate.imposta_in_italia", true.into());
    put("inps-lavoro.entrambi_lavorano", true.into());
    put("anpr.madre_nata_il", date(1988, 5, 4).into());
    put("inps-pagamenti.iban", "IT60X0542811101000000123456".into());
    Known { values, lists: BTreeMap::from([("anpr.figli".to_owned(), children)]) }
}

pub(crate) fn ada() -> Member {
    child("Ada Prova", "RSSMRA85T10A562S", date(2019, 6, 1))
}

#[test]
fn a_usual_family_types_nothing() {
    let form = form(CHILD_ALLOWANCE);
    let prefilled = form.prefill(&family(vec![ada()]), TODAY);
    assert_eq!(prefilled.unusable, []);
    let status = form.status(&prefilled.facts, TODAY);
    assert!(status.is_complete(), "{:?}", status.errors().collect::<Vec<_>>());
    assert!(form.ask_only_missing(&prefilled.facts, TODAY).is_empty());
    assert_eq!(prefilled.provenance[&Path::in_row("figli", 0, "data_nascita")].registry, "anpr");
    assert!(prefilled.assumed.contains(&Path::of("quota_richiesta")));
    assert_eq!(Path::of("isee").get(&prefilled.facts).and_then(Value::as_decimal), Some(18_500.into()));
}

#[test]
fn the_confirmation_is_the_declaration() {
    let form = form(CHILD_ALLOWANCE);
    let mut answers = form.prefill(&family(vec![ada()]), TODAY).facts;
    let unaccepted: Vec<_> = form.validate(&answers, TODAY).into_iter().map(|error| error.code).collect();
    assert_eq!(unaccepted, ["not-accepted", "not-accepted"]);
    form.accept_declarations(&mut answers, TODAY);
    assert_eq!(form.validate(&answers, TODAY), []);
}

#[test]
fn only_the_missing_iban_is_asked() {
    let form = form(CHILD_ALLOWANCE);
    let mut registries = family(vec![ada()]);
    registries.values.remove("inps-pagamenti.iban");
    let answers = form.prefill(&registries, TODAY).facts;
    let asked = form.ask_only_missing(&answers, TODAY);
    assert_eq!(
        (asked.len(), asked[0].page.id.as_str(), &asked[0].paths[..]),
        (1, "pagamento", &[Path::of("iban")][..])
    );
    let wrong = form.read("pagamento", &typed(&[("iban", "IT60X0542811101000000123457")]), &answers, TODAY);
    assert_eq!((wrong.errors[0].code.as_str(), wrong.raw["iban"].len()), ("iban-check-digits", 1));
    let right = form.read("pagamento", &typed(&[("iban", "IT60X0542811101000000123456")]), &answers, TODAY);
    assert!(form.status(&overlay(&answers, &right.facts), TODAY).is_complete());
}

#[test]
fn a_wrong_iban_in_a_registry_is_asked_again() {
    let form = form(CHILD_ALLOWANCE);
    let mut registries = family(vec![ada()]);
    registries.values.insert("inps-pagamenti.iban".to_owned(), known("inps-pagamenti", "IT00"));
    let prefilled = form.prefill(&registries, TODAY);
    assert_eq!(prefilled.unusable[0].path, Path::of("iban"));
    assert_eq!(form.ask_only_missing(&prefilled.facts, TODAY)[0].paths, [Path::of("iban")]);
}

#[test]
fn a_family_without_isee_is_complete_and_says_so_to_the_rules() {
    let form = form(CHILD_ALLOWANCE);
    let mut registries = family(vec![ada()]);
    registries.values.remove("inps-isee.isee_minorenni");
    let answers = form.prefill(&registries, TODAY).facts;
    assert!(form.status(&answers, TODAY).is_complete());
    assert_eq!(form.submission(&answers, TODAY).values["isee"], Value::Null);
}

#[test]
fn an_adult_child_who_studies_is_asked_nothing_else() {
    let form = form(CHILD_ALLOWANCE);
    let grown = child("Ugo Prova", "RSSMRA85T10A562S", date(2007, 1, 1));
    let unknown = form.prefill(&family(vec![grown.clone()]), TODAY).facts;
    assert_eq!(form.ask_only_missing(&unknown, TODAY)[0].paths, [Path::in_row("figli", 0, "studia_o_si_forma")]);
    let mut studies = grown.clone();
    studies.insert("istruzione.studia".to_owned(), known("istruzione", true));
    let answers = form.prefill(&family(vec![studies]), TODAY).facts;
    assert!(form.status(&answers, TODAY).is_complete());
    assert_eq!(form.submission(&answers, TODAY).groups["figli"][0]["reddito_annuo"], Value::Null);
    let mut idle = grown;
    idle.insert("istruzione.studia".to_owned(), known("istruzione", false));
    let answers = form.prefill(&family(vec![idle]), TODAY).facts;
    let paths = ["reddito_annuo", "in_cerca_di_lavoro", "servizio_civile"].map(|id| Path::in_row("figli", 0, id));
    assert_eq!(form.ask_only_missing(&answers, TODAY)[0].paths, paths);
    assert_eq!(form.submission(&answers, TODAY).groups["figli"][0].get("reddito_annuo"), None, "not known yet");
}

#[test]
fn a_child_missing_from_the_registry_is_added() {
    let form = form(CHILD_ALLOWANCE);
    let none = form.prefill(&family(vec![]), TODAY).facts;
    assert!(form.status(&none, TODAY).is_complete(), "who has no children may apply and read why nothing is due");
    let pairs = [
        ("figli.0.nome", "Eva Prova"),
        ("figli.0.codice_fiscale", "RSSMRA85T10A562S"),
        ("figli.0.data_nascita.giorno", "1"),
        ("figli.0.data_nascita.mese", "3"),
        ("figli.0.data_nascita.anno", "2026"),
        ("figli.0.a_carico", "si"),
        ("figli.0.disabilita", "nessuna"),
    ];
    let reading = form.read("figli", &typed(&pairs), &none, TODAY);
    assert_eq!(reading.errors, []);
    assert!(form.status(&overlay(&none, &reading.facts), TODAY).is_complete());
}

#[test]
fn the_same_child_twice_is_a_mistake() {
    let form = form(CHILD_ALLOWANCE);
    let answers = form.prefill(&family(vec![ada(), ada()]), TODAY).facts;
    let errors: Vec<_> = form.status(&answers, TODAY).errors().map(|e| (e.path.to_string(), e.code.clone())).collect();
    assert_eq!(errors, [("figli.1.codice_fiscale".to_owned(), "double".to_owned())]);
}

#[test]
fn a_child_born_before_the_mother_is_a_mistake() {
    let form = form(CHILD_ALLOWANCE);
    let old = child("Ida Prova", "RSSMRA80T10H501J", date(1980, 1, 1));
    let answers = form.prefill(&family(vec![ada(), old]), TODAY).facts;
    let errors: Vec<_> = form.status(&answers, TODAY).errors().map(|error| error.path.to_string()).collect();
    assert_eq!(errors, ["figli.1.data_nascita"]);
}

#[test]
fn an_integration_request_reopens_its_fields_only() {
    let form = form(CHILD_ALLOWANCE);
    let answers = form.prefill(&family(vec![ada(), ada()]), TODAY).facts;
    let open = [Path::of("iban"), Path::in_row("figli", 1, "nome"), Path::of("inventato")];
    let reopened = form.restrict(&open);
    let fields: Vec<_> = reopened.fields(&answers, TODAY).into_iter().map(|field| field.path.to_string()).collect();
    assert_eq!(fields, ["figli.1.nome", "iban"]);
    let pairs =
        typed(&[("figli.0.nome", "Altra"), ("figli.1.nome", "Ada Maria"), ("figli.2.nome", "Intrusa"), ("isee", "1")]);
    let reading = reopened.read("figli", &pairs, &answers, TODAY);
    let merged = overlay(&answers, &reading.facts);
    assert_eq!(Path::in_row("figli", 0, "nome").get(&merged), Some(&Value::from("Ada Prova")));
    assert_eq!(Path::in_row("figli", 1, "nome").get(&merged), Some(&Value::from("Ada Maria")));
    assert_eq!(merged.groups["figli"].len(), 2);
}

#[test]
fn a_general_request_is_written_in_two_pages() {
    let form = form(REQUEST);
    let empty = form.prefill(&Known::default(), TODAY).facts;
    let pages: Vec<_> = form.ask_only_missing(&empty, TODAY).into_iter().map(|asked| asked.page.id.clone()).collect();
    assert_eq!(pages, ["richiesta", "contatti"]);
    let first = typed(&[("oggetto", "Prova"), ("testo", "Vorrei…"), ("allegati", ""), ("allegati", "doc-1")]);
    let answers = overlay(&empty, &form.read("richiesta", &first, &empty, TODAY).facts);
    let second = typed(&[("telefono", ""), ("email", ""), ("dichiara_veridicita", ""), ("dichiara_veridicita", "si")]);
    let answers = overlay(&answers, &form.read("contatti", &second, &answers, TODAY).facts);
    assert_eq!(form.validate(&answers, TODAY), []);
    assert_eq!(form.submission(&answers, TODAY).values["telefono"], Value::Null);
}

#[test]
fn a_correction_begins_from_the_button_beside_the_datum() {
    let form = form(CORRECTION);
    let from_link =
        ["query.banca_dati", "query.dato", "query.valore"].into_iter().zip(["anpr", "Data di nascita", "01/01/1980"]);
    let values = from_link.map(|(key, text)| (key.to_owned(), known("query", text))).collect();
    let answers = form.prefill(&Known { values, lists: BTreeMap::new() }, TODAY).facts;
    assert_eq!(form.ask_only_missing(&answers, TODAY)[0].paths, [Path::of("valore_giusto")]);
    let same = form.read("dato", &typed(&[("valore_giusto", "01/01/1980")]), &answers, TODAY);
    let errors = form.validate(&overlay(&answers, &same.facts), TODAY);
    assert!(errors.iter().any(|error| error.code == "check" && error.path == Path::of("valore_giusto")));
}

#[test]
fn every_text_is_in_three_languages() {
    let folders = std::fs::read_dir(tidy::house().join("services")).unwrap().map(|folder| folder.unwrap().path());
    let forms: Vec<_> = folders.map(|folder| folder.join("form.toml")).filter(|file| file.exists()).collect();
    assert!(!forms.is_empty());
    for file in forms {
        let text = std::fs::read_to_string(&file).unwrap();
        for text in texts(&form(&text)) {
            assert!(Language::ALL.iter().all(|language| text.has(*language)), "{}: {text:?}", file.display());
        }
    }
}

fn texts(form: &Form) -> Vec<Translated> {
    let mut texts: Vec<Translated> = form.checks.iter().map(|check| check.message.clone()).collect();
    for page in &form.pages {
        texts.extend(std::iter::once(page.title.clone()).chain(page.intro.clone()));
        texts.extend(
            page.items.iter().filter_map(Item::group).flat_map(|group| [group.title.clone(), group.member.clone()]),
        );
    }
    for (_, question) in form.questions() {
        texts.push(question.label.clone());
        texts.extend([&question.hint, &question.error, &question.purpose].into_iter().flatten().cloned());
        texts.extend(question.kind.options().iter().map(|option| option.label.clone()));
    }
    texts
}

#[test]
fn the_allowance_reads_these_registry_keys_and_no_others() {
    let expected = [
        "anpr.cittadinanza_o_soggiorno",
        "anpr.codice_fiscale",
        "anpr.data_nascita",
        "anpr.figli",
        "anpr.genitore_vedovo_lavoratore",
        "anpr.madre_nata_il",
        "anpr.nome",
        "anpr.residente_in_italia",
        "entrate.a_carico",
        "entrate.imposta_in_italia",
        "entrate.reddito",
        "inps-invalidita.grado",
        "inps-isee.isee_minorenni",
        "inps-isee.presentato_il",
        "inps-lavoro.entrambi_lavorano",
        "inps-lavoro.in_cerca_di_lavoro",
        "inps-lavoro.servizio_civile",
        "inps-pagamenti.iban",
        "istruzione.studia",
    ];
    assert_eq!(form(CHILD_ALLOWANCE).sources().into_iter().collect::<Vec<_>>(), expected);
}

#[test]
fn nothing_is_answered_in_an_empty_form_that_needs_answers() {
    let status = form(CORRECTION).status(&Facts::default(), TODAY);
    let missing = status.pages[0].fields.iter().filter(|field| matches!(field.state, FieldState::Missing(_))).count();
    assert_eq!((status.is_complete(), missing), (false, 3));
}
