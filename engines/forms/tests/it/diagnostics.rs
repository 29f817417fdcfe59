//! What an official is told about a form that does not fit.

use forms::Form;
use rules::Diagnostic;

fn errors(text: &str) -> Vec<Diagnostic> {
    Form::parse("form.toml", text).expect_err("must be refused")
}

/// A page around the questions given; they begin on line 4.
fn page(questions: &str) -> String {
    format!("[[pages]]\nid = \"a\"\ntitle = \"A\"\n{questions}")
}

#[track_caller]
fn refused(text: &str, line: u32, column: u32, message: &str) {
    let errors = errors(text);
    let told: Vec<_> = errors.iter().map(|error| (error.line, error.column, error.message.as_str())).collect();
    assert_eq!(told, [(line, column, message)]);
    assert!(!errors[0].mend.is_empty() && errors[0].source == text.lines().nth(line as usize - 1).unwrap_or(""));
}

const QUESTION: &str = "[[pages.questions]]\nid = \"eta\"\nkind = \"number\"\nlabel = \"Età\"\n";

#[test]
fn an_unknown_key_is_told_with_the_likely_one() {
    let text = page(&format!("{QUESTION}requird = false\n"));
    refused(&text, 8, 1, "chiave sconosciuta `requird`");
    assert_eq!(errors(&text)[0].mend, "forse si voleva `required`");
    let shown = errors(&text)[0].to_string();
    assert!(shown.contains("form.toml:8:1") && shown.contains("^^^^^^^"), "{shown}");
}

#[test]
fn a_key_of_another_kind_is_unknown() {
    refused(&page(&format!("{QUESTION}max_length = 3\n")), 8, 1, "chiave sconosciuta `max_length`");
}

#[test]
fn an_id_is_used_once() {
    refused(&page(&format!("{QUESTION}{QUESTION}")), 9, 6, "`eta` è già dichiarato alla riga 5");
}

#[test]
fn kinds_are_known() {
    let text = page("[[pages.questions]]\nid = \"x\"\nkind = \"tex\"\nlabel = \"X\"\n");
    refused(&text, 6, 8, "tipo di domanda sconosciuto «tex»");
    assert_eq!(errors(&text)[0].mend, "forse si voleva \"text\"");
}

#[test]
fn a_choice_has_options_and_each_once() {
    let choice = "[[pages.questions]]\nid = \"x\"\nkind = \"choice\"\nlabel = \"X\"\n";
    assert_eq!(errors(&page(choice))[0].message, "una scelta senza risposte");
    let twice = format!("{choice}options = [{{ value = \"a\", label = \"A\" }}, {{ value = \"a\", label = \"B\" }}]\n");
    assert_eq!(errors(&page(&twice))[0].message, "la risposta `a` c'è già");
}

#[test]
fn a_condition_names_questions_of_the_form() {
    let text = page(&format!(
        "{QUESTION}\n[[pages.questions]]\nid = \"x\"\nkind = \"text\"\nlabel = \"X\"\nwhen = \"etta > 3\"\n"
    ));
    refused(&text, 13, 8, "la condizione nomina `etta`, che non è una domanda");
    assert_eq!(errors(&text)[0].mend, "forse si voleva `eta`");
}

#[test]
fn a_condition_that_cannot_be_read_is_told_inside_itself() {
    let told = errors(&page(&format!("{QUESTION}when = \"eta > > 3\"\n")));
    assert_eq!((told.len(), told[0].line), (1, 8));
    assert!(9 <= told[0].column, "{}", told[0]);
}

#[test]
fn a_condition_fits_the_types_of_the_answers() {
    let told = errors(&page(&format!(
        "{QUESTION}\n[[pages.questions]]\nid = \"x\"\nkind = \"text\"\nlabel = \"X\"\nwhen = \"eta = 'tre'\"\n"
    )));
    assert!(told[0].message.starts_with("la condizione non va d'accordo con le risposte"), "{}", told[0]);
}

#[test]
fn italian_is_needed_and_languages_are_known() {
    let text = page("[[pages.questions]]\nid = \"x\"\nkind = \"text\"\nlabel = { en = \"X\" }\n");
    refused(&text, 7, 9, "`label` non ha il testo italiano");
    let text = page("[[pages.questions]]\nid = \"x\"\nkind = \"text\"\nlabel = { it = \"X\", fr = \"X\" }\n");
    refused(&text, 7, 21, "lingua sconosciuta `fr`");
    let text = page("[[pages.questions]]\nid = \"x\"\nkind = \"text\"\n");
    assert_eq!(errors(&text)[0].message, "manca `label`");
}

#[test]
fn a_page_that_depends_on_itself_is_never_reached() {
    let text = format!("[[pages]]\nid = \"a\"\ntitle = \"A\"\nwhen = \"eta > 3\"\n{QUESTION}");
    refused(&text, 4, 8, "nessuno può arrivare a questa pagina: dipende da risposte che si danno solo dopo");
}

#[test]
fn a_question_does_not_depend_on_a_later_page() {
    let first = page("[[pages.questions]]\nid = \"x\"\nkind = \"text\"\nlabel = \"X\"\nwhen = \"eta > 3\"\n");
    let text = format!("{first}\n[[pages]]\nid = \"b\"\ntitle = \"B\"\n{QUESTION}");
    refused(&text, 8, 8, "`eta` viene chiesto in una pagina successiva");
}

#[test]
fn a_check_stands_at_a_question() {
    let text = page(&format!("{QUESTION}\n[[checks]]\nwhen = \"eta > 3\"\nat = \"anni\"\nmessage = \"no\"\n"));
    refused(&text, 11, 6, "`anni` non è una domanda del modulo");
}

#[test]
fn broken_toml_and_an_empty_form_are_told() {
    assert_eq!(errors("[[pages]\n")[0].line, 1);
    assert_eq!(errors("")[0].message, "il modulo non ha pagine");
    assert_eq!(errors("[[pages]]\nid = \"a\"\ntitle = \"A\"\n")[0].message, "la pagina `a` è vuota");
}

#[test]
fn bounds_sources_and_defaults_fit() {
    let wrong = |extra: &str| errors(&page(&format!("{QUESTION}{extra}\n")))[0].message.clone();
    assert_eq!(wrong("min = 5\nmax = 3"), "il massimo è più piccolo del minimo");
    assert_eq!(wrong("from = \"anpr\""), "«anpr» non è una fonte");
    assert_eq!(wrong("max = 3\ndefault = 4"), "`default` non va bene così");
    assert_eq!(wrong("required = \"sì\""), "`required` non va bene così");
}

#[test]
fn everything_is_told_at_once_in_the_order_of_the_file() {
    let text = page(
        "[[pages.questions]]\nid = \"X\"\nkind = \"text\"\nlabel = \"\"\nfoo = 1\n[[pages.questions]]\nid = \"y\"\nkind = \"boh\"\n",
    );
    let lines: Vec<_> = errors(&text).iter().map(|error| error.line).collect();
    assert_eq!(lines, [5, 7, 8, 11]);
}

#[test]
fn a_members_question_does_not_hide_one_of_the_household() {
    let group = "[[pages.groups]]\nid = \"figli\"\ntitle = \"F\"\nmember = \"f\"\n[[pages.groups.questions]]\nid = \"eta\"\nkind = \"number\"\nlabel = \"E\"\n";
    refused(&page(&format!("{QUESTION}{group}")), 13, 6, "`eta` è già una domanda fuori dal gruppo");
}

/// A page with a group around the questions given; they begin on line 8.
fn group(rest: &str) -> String {
    let head = "[[pages]]\nid = \"a\"\ntitle = \"A\"\n[[pages.groups]]\nid = \"g\"\ntitle = \"G\"\nmember = \"M\"\n";
    format!("{head}{rest}")
}

const MEMBER: &str = "[[pages.groups.questions]]\nid = \"nome\"\nkind = \"text\"\nlabel = \"Nome\"\n";

#[test]
fn files_are_not_attached_inside_a_group() {
    let text = group("[[pages.groups.questions]]\nid = \"prova\"\nkind = \"attachment\"\nlabel = \"Prova\"\n");
    refused(&text, 8, 1, "«prova» è un allegato dentro un gruppo che si ripete");
}

#[test]
fn a_member_is_named_by_one_of_its_questions() {
    let named = |id: &str| group(&format!("named_by = \"{id}\"\n{MEMBER}"));
    let form = Form::parse("form.toml", &named("nome")).expect("in order");
    assert_eq!(form.pages[0].items[0].group().and_then(|group| group.named_by.as_deref()), Some("nome"));
    refused(&named("noome"), 8, 12, "`named_by` nomina «noome», che qui non c'è");
}

#[test]
fn what_agrees_with_a_fiscal_code_has_one_beside_it() {
    let date = "[[pages.questions]]\nid = \"nato\"\nkind = \"date\"\nlabel = \"Nato\"\nagrees_with = \"cf\"\n";
    refused(&page(date), 5, 6, "`agrees_with` nomina «cf», che non è un codice fiscale chiesto qui");
}

#[test]
fn only_what_a_registry_knows_can_be_replaced() {
    refused(&page(&format!("{QUESTION}replaceable = true\n")), 8, 15, "nessuna banca dati dà questa risposta");
}

#[test]
fn attachments_can_really_be_sent() {
    let asked =
        |rest: &str| page(&format!("[[pages.questions]]\nid = \"x\"\nkind = \"attachment\"\nlabel = \"X\"\n{rest}\n"));
    refused(&asked("types = [\"pdf\", \"docx\"]"), 8, 9, "`types` non va bene così");
    assert_eq!(errors(&asked("types = [\"docx\"]"))[0].mend, "scrivere un elenco di: pdf, jpg, jpeg, png, tif, tiff");
    refused(
        &asked("max_megabytes = 10\nmax_count = 6"),
        9,
        13,
        "6 file da 10 MB sono più di quanto si può inviare insieme",
    );
    assert!(Form::parse("form.toml", &asked("types = [\"tif\"]\nmax_megabytes = 5\nmax_count = 10")).is_ok());
}

#[test]
fn a_condition_compares_with_answers_that_are_offered() {
    let choice = "[[pages.questions]]\nid = \"sede\"\nkind = \"choice\"\nlabel = \"S\"\noptions = [{ value = \"nido\", label = \"N\" }, { value = \"casa\", label = \"C\" }]\n";
    let asked = |when: &str| {
        page(&format!("{choice}\n[[pages.questions]]\nid = \"x\"\nkind = \"text\"\nlabel = \"X\"\nwhen = \"{when}\"\n"))
    };
    assert!(Form::parse("form.toml", &asked("sede = 'nido' OR sede IN ('casa')")).is_ok());
    refused(&asked("sede = 'nidoo'"), 14, 8, "«sede» non può valere 'nidoo'");
    assert_eq!(errors(&asked("sede IN ('nido', 'albergo')"))[0].mend, "le risposte sono: nido, casa");
}
