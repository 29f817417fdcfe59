//! What officials declare, broken: it is told with file, line and mend, and stops nobody else.

use std::{
    fs,
    path::{Path, PathBuf},
};

use tempfile::TempDir;

use crate::{
    client::Client,
    program::{Program, run, stdout},
    world::root,
};

/// A copy of services/, law/ and content/ to be broken.
struct Copy(TempDir);

impl Copy {
    fn new() -> Self {
        let copy = Self(tempfile::tempdir().expect("a folder"));
        for name in ["services", "law", "content"] {
            copy_folder(&root().join(name), &copy.path().join(name));
        }
        copy
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    /// Replaces a text that stands in a file once; gives its line.
    fn replace(&self, file: &str, from: &str, to: &str) -> usize {
        let path = self.path().join(file);
        let text = fs::read_to_string(&path).expect("the file is there");
        assert_eq!(text.matches(from).count(), 1, "{file} says once: {from}");
        fs::write(&path, text.replace(from, to)).expect("it is written");
        text.lines().position(|line| line.contains(from)).expect("it is on one line") + 1
    }

    /// Spoils the rules of the allowance; gives the place that is to be told.
    fn spoil_rules(&self) -> String {
        let path = self.path().join("services/assegno-unico/rules.md");
        let text = fs::read_to_string(&path).expect("the rules are there");
        let formula = text.lines().position(|line| line.starts_with("```sql")).expect("the rules have a formula") + 1;
        let spoilt: Vec<_> =
            text.lines().enumerate().map(|(at, line)| if at == formula { "SELECT ((" } else { line }).collect();
        fs::write(&path, spoilt.join("\n")).expect("it is written");
        format!("services/assegno-unico/rules.md:{}", formula + 1)
    }
}

fn copy_folder(from: &PathBuf, to: &PathBuf) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("the folder is there").map(|entry| entry.expect("an entry")) {
        let (here, there) = (entry.path(), to.join(entry.file_name()));
        if here.is_dir() {
            copy_folder(&here, &there);
        } else {
            fs::copy(&here, &there).expect("it is copied");
        }
    }
}

fn check(folder: &Path) -> (Option<i32>, String) {
    let output = run(&["check", "--root", &folder.display().to_string()]);
    (output.status.code(), stdout(&output))
}

#[test]
fn folders_in_order_pass_the_check() {
    let (status, told) = check(&root());
    assert_eq!(status, Some(0), "{told}");
    assert!(told.contains("assegno-unico") && told.contains("istanza-generica"), "{told}");
}

#[test]
fn a_rule_that_cannot_be_read_fails_the_check_with_place_and_mend() {
    let copy = Copy::new();
    let place = copy.spoil_rules();
    let (status, told) = check(copy.path());
    assert_eq!(status, Some(1), "{told}");
    assert!(told.contains(&place) && told.contains("rimedio:"), "{place} is not told: {told}");
}

#[test]
fn a_word_that_is_not_known_fails_the_check_with_its_line() {
    let copy = Copy::new();
    let line = copy.replace("services/istanza-generica/service.toml", "state = \"open\"", "state = \"aperto\"");
    let (status, told) = check(copy.path());
    assert_eq!(status, Some(1), "{told}");
    assert!(told.contains(&format!("services/istanza-generica/service.toml:{line}")), "{told}");
}

#[test]
fn a_broken_service_is_told_at_start_and_the_others_are_served() {
    let copy = Copy::new();
    let place = copy.spoil_rules();
    let data = tempfile::tempdir().expect("a folder");
    let mut program = Program::start(data.path(), copy.path());
    let visitor = Client::new(&program.url);
    assert_eq!(visitor.get("/servizi/istanza-generica").status, 200);
    let broken = visitor.get("/servizi/assegno-unico");
    assert_eq!(broken.status, 503, "{}", broken.words());
    assert!(!broken.words().contains("rules.md"), "citizens are not shown what only officials can mend");
    assert!(!visitor.get("/servizi").words().contains("Assegno unico"));
    visitor.log_in_officer("anna.ferri");
    let told = visitor.get("/ufficio/servizi").words();
    assert!(told.contains(&place), "{place} is not told to officials: {told}");
    let log = program.log();
    assert!(log.contains(&place) && log.contains("rimedio:"), "{place} is not told: {log}");
}

#[test]
fn a_mistake_in_the_common_texts_is_not_laid_to_a_service() {
    let copy = Copy::new();
    copy.replace("content/screener/facts.toml", "\"bonus-nido.isee\", ", "");
    let data = tempfile::tempdir().expect("a folder");
    let log = Program::start(data.path(), copy.path()).log();
    assert!(log.contains("i testi comuni in content/ hanno un errore") && !log.contains("«content»"), "{log}");
}

#[test]
fn the_tour_fails_loudly_where_the_service_is_broken() {
    let copy = Copy::new();
    copy.spoil_rules();
    let data = tempfile::tempdir().expect("a folder");
    let (data, folder) = (data.path().display().to_string(), copy.path().display().to_string());
    let tour = run(&["demo", "--tour", "--people", "20", "--port", "0", "--data", &data, "--root", &folder]);
    assert_eq!(tour.status.code(), Some(1));
    assert!(stdout(&tour).contains("✗ tour.txt, riga "), "{}", stdout(&tour));
}

#[test]
fn a_power_that_is_none_fails_the_check_with_place_and_mend() {
    let copy = Copy::new();
    let line = copy.replace("content/roles.toml", "do = [\"simulate\"]", "do = [\"simulare\"]");
    let (status, told) = check(copy.path());
    assert_eq!(status, Some(1));
    assert!(told.contains(&format!("content/roles.toml:{line}")) && told.contains("«simulare»"), "{told}");
}
