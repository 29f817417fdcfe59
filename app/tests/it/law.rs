//! The law on the terminal, as a jurist asks for it.

use std::fs;

use crate::{
    program::{run, stderr, stdout},
    world::root,
};

fn law(arguments: &[&str]) -> std::process::Output {
    let root = root().display().to_string();
    let mut all = vec!["law", "--root", &root];
    all.extend(arguments);
    run(&all)
}

#[test]
fn the_law_in_force_is_the_one_of_the_day_and_of_what_was_known() {
    let of = |day: &str, known: &[&str]| {
        let shown = law(&[&["show", "assegno-unico", "--on", day], known].concat());
        assert_eq!(shown.status.code(), Some(0), "{}", stderr(&shown));
        stdout(&shown)
    };
    let now = of("2026-03-01", &[]);
    assert!(now.contains("46.582,71 euro (dal 01/01/2026, noto dal 30/01/2026)"), "{now}");
    // As its author wrote it, not as the program reads it.
    assert!(now.contains("studia_o_si_forma OR servizio_civile OR in_cerca_di_lavoro OR"), "{now}");
    let before = of("2026-03-01", &["--known", "2026-01-15"]);
    assert!(before.contains("45.939,56 euro (dal 01/01/2025"), "{before}");
    assert!(before.starts_with("Assegno unico") && before.contains("come era nota il 15/01/2026"), "{before}");
}

#[test]
fn a_household_is_told_amount_reasons_and_what_would_change_them() {
    let example = root().join("services/assegno-unico/examples/caso-2026-quattro-figli.toml").display().to_string();
    let told = stdout(&law(&["explain", "assegno-unico", &example]));
    assert!(told.contains("SPETTA: 1.044,45 euro/mese"), "{told}");
    assert!(
        told.contains("Maggiorazione per i nuclei con quattro o più figli: 150,00 euro/mese [art. 4 c. 10]"),
        "{told}"
    );
    assert!(told.contains("→ spetterebbero 1.132,65 euro/mese"), "{told}");
    assert!(!told.contains("(differenza 0,00"), "{told}");
    assert!(told.contains("\nDa verificare sui testi ufficiali:\n  ") && told.contains("procedura europea"), "{told}");
    assert!(!told.contains("Tutte le regole"), "{told}");
    let traced = stdout(&law(&["explain", "assegno-unico", &example, "--trace", "--on", "2024-06-01"]));
    assert!(traced.contains("in vigore il 01/06/2024") && traced.contains("eta (figli 4) = 17 anni ←"), "{traced}");
}

#[test]
fn a_file_to_fill_in_can_be_explained_as_it_is() {
    let data = tempfile::tempdir().expect("a folder");
    let file = data.path().join("persona.toml");
    fs::write(&file, stdout(&law(&["person", "assegno-unico"]))).expect("it is written");
    let told = law(&["explain", "assegno-unico", &file.display().to_string()]);
    assert_eq!(told.status.code(), Some(0), "{}", stderr(&told));
    assert!(stdout(&told).contains("SPETTA: "), "{}", stdout(&told));
}

#[test]
fn what_cannot_be_answered_says_what_to_do() {
    let unknown = law(&["show", "assegno-doppio"]);
    assert_eq!(unknown.status.code(), Some(1));
    assert!(stderr(&unknown).contains("ci sono: accesso-documenti, assegno-"), "{}", stderr(&unknown));
    let without = law(&["show", "istanza-generica"]);
    assert!(stderr(&without).contains("non c'è un file rules.md"), "{}", stderr(&without));
    let data = tempfile::tempdir().expect("a folder");
    let file = data.path().join("persona.toml");
    fs::write(&file, "[facts]\nreddito_del_gatto = 3\n").expect("it is written");
    let stranger = law(&["explain", "assegno-unico", &file.display().to_string()]);
    assert!(stderr(&stranger).contains("«reddito_del_gatto»"), "{}", stderr(&stranger));
    let early = law(&["show", "assegno-unico", "--on", "2022-02-01"]);
    assert!(stdout(&early).contains("Nessuna: la prima vale dal 01/03/2022."), "{}", stdout(&early));
}

#[test]
fn a_fact_that_does_not_fit_is_told_with_what_to_write() {
    let data = tempfile::tempdir().expect("a folder");
    let file = data.path().join("persona.toml");
    let refusal = |facts: &str| {
        fs::write(&file, facts).expect("it is written");
        let told = law(&["explain", "assegno-unico", &file.display().to_string()]);
        assert_eq!(told.status.code(), Some(1), "{facts}");
        stderr(&told)
    };
    for (facts, expected) in [
        ("[facts]\nise = \"9000.00\"\n", "la legge non chiede nessun dato «ise»: forse si voleva «isee»"),
        ("[facts]\nisee = 9000.50\n", "il dato «isee» vuole un importo fra virgolette, con il punto e senza migliaia"),
        ("[facts]\nresidente_in_italia = \"si\"\n", "«residente_in_italia» vuole true o false"),
        ("[facts]\ndata_nascita = 2020-01-01\n", "«data_nascita»: è di «figli», sotto [[facts.figli]]"),
        ("[[facts.figli]]\nisee = \"1.00\"\n", "«isee»: sta in [facts], non qui"),
        ("[facts]\nfigli = 2\n", "«figli» vuole una tabella per ciascuno: [[facts.nome]]"),
        ("[[facts.figli]]\ndata_nascita = \"ieri\"\n", "«data_nascita» vuole una data: 2026-03-01"),
    ] {
        let told = refusal(facts);
        assert!(told.contains(expected) && !told.contains("dell'esempio"), "{expected}: {told}");
    }
    let example = root().join("services/assegno-unico/examples/caso-2026-quattro-figli.toml").display().to_string();
    let early = law(&["explain", "assegno-unico", &example, "--on", "2022-02-01"]);
    assert!(stderr(&early).contains("vale dal 01/03/2022: usare --on"), "{}", stderr(&early));
    let unknown = law(&["explain", "assegno-unico", &example, "--on", "2022-04-01", "--known", "2021-01-01"]);
    assert!(stderr(&unknown).contains("usare --known"), "{}", stderr(&unknown));
}

#[test]
fn at_a_limit_the_next_cent_is_what_would_change_the_outcome() {
    let data = tempfile::tempdir().expect("a folder");
    let file = data.path().join("persona.toml");
    let example = root().join("services/bonus-nido/examples/caso-2025-nato-nel-2023-isee-25000.toml");
    let text = fs::read_to_string(example).expect("the example");
    fs::write(&file, &text).expect("it is written");
    let told = stdout(&law(&["explain", "bonus-nido", &file.display().to_string()]));
    assert!(told.contains("servirebbe 25.000,01 euro (differenza 0,01 euro)"), "{told}");
    assert!(!told.contains("differenza 0,00") && !told.contains("spetterebbero 0,00"), "{told}");
}

/// A copy of a service's folder, with a text of one file replaced.
fn reform(service: &str, file: &str, text: &str, new: &str) -> tempfile::TempDir {
    let copy = tempfile::tempdir().expect("a folder");
    copy_folder(&root().join("services").join(service), copy.path());
    let path = copy.path().join(file);
    let before = fs::read_to_string(&path).expect("the file is there");
    assert!(before.contains(text), "{text}");
    fs::write(path, before.replacen(text, new, 1)).expect("it is written");
    copy
}

fn copy_folder(from: &std::path::Path, to: &std::path::Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("it can be read") {
        let path = entry.expect("an entry").path();
        let copy = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            copy_folder(&path, &copy);
        } else {
            fs::copy(&path, copy).expect("it is copied");
        }
    }
}

#[test]
fn a_reform_is_told_in_words_with_those_whom_it_touches() {
    let (row, source) = ("| quattro_figli_importo | 2023-01-01", "legge inventata");
    let new = format!("| quattro_figli_importo | 2026-03-01 | 2026-02-20 | 200.00 | euro/mese | {source} |\n{row}");
    let copy = reform("assegno-unico", "rules.md", row, &new);
    let told = law(&["diff", "assegno-unico", &copy.path().display().to_string()]);
    assert_eq!(told.status.code(), Some(0), "{}", stderr(&told));
    let told = stdout(&told);
    for expected in [
        "`quattro_figli_importo` vale 200,00 euro/mese dal 1º marzo 2026, noto dal 20 febbraio 2026.",
        "fonte: legge inventata",
        "tocca: Importo mensile",
        "ESEMPI DELLE CARTELLE CHE CAMBIANO (1 su ",
        "SPETTA: 1.044,45 euro/mese → SPETTA: 1.094,45 euro/mese",
    ] {
        assert!(told.contains(expected), "{expected} in {told}");
    }
    assert!(!told.contains("Nessun esempio è del"), "the example of the four children is of that month: {told}");
    assert!(!told.contains("la comunicazione"), "a folder elsewhere has the letters of the house: {told}");
    let same = stdout(&law(&["diff", "assegno-unico", "assegno-unico"]));
    assert!(same.ends_with("Non cambia nulla.\n"), "{same}");
    let nowhere = law(&["diff", "assegno-unico", "/da/nessuna/parte"]);
    assert!(stderr(&nowhere).contains("non è un servizio"), "{}", stderr(&nowhere));
}

#[test]
fn a_reform_that_no_example_reaches_is_told_so() {
    let row = "| quattro_figli_importo | 2023-01-01";
    let new =
        format!("| quattro_figli_importo | 2035-07-01 | 2026-02-20 | 200.00 | euro/mese | legge inventata |\n{row}");
    let copy = reform("assegno-unico", "rules.md", row, &new);
    let told = stdout(&law(&["diff", "assegno-unico", &copy.path().display().to_string()]));
    assert!(told.contains("CHE CAMBIANO (0 su "), "{told}");
    assert!(told.contains("Nessun esempio è del 01/07/2035, primo giorno della riforma, o di dopo"), "{told}");
}

#[test]
fn a_folder_that_the_check_refuses_is_compared_and_told() {
    for (wrong, expected) in [
        ("from = \"inps-isee.isee_inesistente\"", "isee_inesistente"),
        ("from = \"inps-lavoro.lavoro\"", "inps-lavoro"),
    ] {
        let right = "from = \"inps-isee.isee_minorenni\"";
        let copy = reform("assegno-unico", "form.toml", right, wrong);
        let told = law(&["diff", "assegno-unico", &copy.path().display().to_string()]);
        assert_eq!(told.status.code(), Some(1), "{}", stdout(&told));
        let complaint = stderr(&told);
        assert!(complaint.contains("così non viene offerto") && complaint.contains(expected), "{complaint}");
        assert!(stdout(&told).contains("Cambia la domanda «isee»."), "the rest is told: {}", stdout(&told));
    }
}

#[test]
fn an_amount_that_is_paid_once_is_counted_once() {
    let example = root().join("services/congedo-parentale/examples/caso-2025-secondo-mese.toml").display().to_string();
    let asked = ["--then", "2024-06-01", "--from", "2025-01-01", "--until", "2025-04-01"];
    let told = stdout(&law(&[&["arrears", "congedo-parentale", &example], &asked[..]].concat()));
    assert!(told.contains("i mesi non si sommano"), "{told}");
    let sum = told.lines().find(|line| line.starts_with("In tutto: ")).expect("a difference");
    assert!(sum.ends_with(" euro, una volta sola."), "{told}");
    let one = told.lines().find(|line| line.contains(" → ")).expect("a day");
    let arrears = sum.trim_start_matches("In tutto: ").trim_end_matches(", una volta sola.");
    assert!(one.ends_with(arrears), "the sum is that of the day: {told}");
}

#[test]
fn past_months_are_compared_as_they_were_known_and_as_they_are() {
    let example = root().join("services/assegno-unico/examples/caso-2026-quattro-figli.toml").display().to_string();
    let asked = ["arrears", "assegno-unico", &example, "--then", "2026-01-15", "--from", "2025-11-30"];
    let told = stdout(&law(&[&asked[..], &["--until", "2026-02-01"]].concat()));
    assert!(told.contains("01/2026  1.023,45 euro/mese → 1.044,45 euro/mese: arretrati di 21,00 euro"), "{told}");
    assert!(told.contains("«importi», noto dal 30/01/2026"), "{told}");
    assert!(!told.contains("11/2025  ") && told.contains("arretrati di 42,00 euro in 2 mesi su 4"), "{told}");
    let known = stdout(&law(&[&asked[..], &["--now", "2026-01-20"]].concat()));
    assert!(known.contains("Nessuna differenza in 1 mese."), "{known}");
    let turned = law(&[&asked[..], &["--until", "2025-01-01"]].concat());
    assert!(stderr(&turned).contains("viene prima"), "{}", stderr(&turned));
}
