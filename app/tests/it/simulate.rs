//! A law over a population, as an analyst asks for it on the terminal.

use std::{
    fs,
    path::Path,
    process::{Child, Output, Stdio},
    thread,
    time::{Duration, Instant},
};

use crate::{
    program::{command, run, stderr, stdout},
    world::root,
};

fn simulate(arguments: &[&str]) -> Output {
    let root = root().display().to_string();
    let mut all = vec!["simulate", "--root", &root, "--on", "2026-03-01"];
    all.extend(arguments);
    run(&all)
}

fn done(arguments: &[&str]) -> String {
    let output = simulate(arguments);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    stdout(&output)
}

fn refused(arguments: &[&str]) -> String {
    let output = simulate(arguments);
    assert_eq!(output.status.code(), Some(1), "{}", stdout(&output));
    stderr(&output)
}

fn path(folder: &Path, name: &str) -> String {
    folder.join(name).display().to_string()
}

/// A copy of the service's folder in which the fourth child brings 175 euro, and the first year of life less.
fn reform(into: &Path) -> String {
    let to = into.join("riforma/assegno-unico");
    let from = root().join("services/assegno-unico");
    for folder in ["", "examples", "letters", "tabelle"] {
        fs::create_dir_all(to.join(folder)).expect("a folder");
        for entry in fs::read_dir(from.join(folder)).expect("the service").map(|entry| entry.expect("a file").path()) {
            if entry.is_file() {
                fs::copy(&entry, to.join(folder).join(entry.file_name().expect("a name"))).expect("it is copied");
            }
        }
    }
    let rules = to.join("rules.md");
    let text = fs::read_to_string(&rules).expect("the law");
    let changed = text.replace("2022-12-29 | 150.00 |", "2022-12-29 | 175.00 |").replace("| 50% |", "| 20% |");
    assert_ne!(changed, text);
    fs::write(&rules, changed).expect("it is written");
    to.display().to_string()
}

#[test]
fn a_reform_is_compared_with_the_law_and_tells_who_wins_and_who_loses() {
    let data = tempfile::tempdir().expect("a folder");
    let reform = reform(data.path());
    let (json, svg, out) = (path(data.path(), "s.json"), path(data.path(), "s.svg"), path(data.path(), "esiti.csv"));
    let people = ["assegno-unico", "--reform", &reform, "--people", "2000", "--seed", "4"];
    let told = done(&[&people[..], &["--json", &json, "--svg", &svg, "--out", &out]].concat());
    for part in [
        "2.000 persone",
        "Legge in vigore: ",
        "Riforma: ",
        "ricevono di più ",
        "ricevono di meno ",
        "10º da ",
        "Lombardia",
    ] {
        assert!(told.contains(part), "{part}: {told}");
    }
    let summary: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(&json).expect("it is there")).expect("JSON");
    assert_eq!(summary["all"]["people"], "2000");
    assert_ne!(summary["draft"], summary["version"]);
    let outcomes = fs::read_to_string(&out).expect("it is there");
    assert_eq!(outcomes.lines().count() as u64, summary["all"]["rows"].as_u64().expect("rows") + 1);
    assert!(outcomes.starts_with("riga,id,territorio,esito,importo,esito_riforma,importo_riforma\n"), "{outcomes}");
    let svg = fs::read_to_string(&svg).expect("it is there");
    assert!(svg.starts_with("<svg ") && svg.contains("<title id=") && svg.contains("<desc id="), "{svg}");

    // Nothing of it depends on how many threads there are.
    let again = path(data.path(), "altra.json");
    done(&[&people[..], &["--json", &again, "--threads", "1"]].concat());
    assert_eq!(fs::read(&again).expect("it is there"), fs::read(&json).expect("it is there"));
}

#[test]
fn a_population_written_as_files_gives_the_same_when_it_is_read() {
    let data = tempfile::tempdir().expect("a folder");
    let folder = path(data.path(), "popolazione");
    let people = ["assegno-unico", "--people", "800", "--seed", "2"];
    let told = done(&[&people[..], &["--write-population", &folder]].concat());
    assert!(told.contains("si leggono con --from"), "{told}");
    let outputs = |name: &str| [path(data.path(), &format!("{name}.json")), path(data.path(), &format!("{name}.csv"))];
    let ([json, csv], [from_json, from_csv]) = (outputs("diretta"), outputs("da-file"));
    done(&[&people[..], &["--json", &json, "--out", &csv]].concat());
    done(&["assegno-unico", "--from", &folder, "--json", &from_json, "--out", &from_csv]);
    assert_eq!(fs::read_to_string(&json).expect("it is there"), fs::read_to_string(&from_json).expect("it is there"));
    assert_eq!(fs::read_to_string(&csv).expect("it is there"), fs::read_to_string(&from_csv).expect("it is there"));
    // Outcomes can be Parquet too.
    let parquet = path(data.path(), "esiti.parquet");
    done(&["assegno-unico", "--from", &folder, "--out", &parquet]);
    assert!(fs::read(&parquet).expect("it is there").starts_with(b"PAR1"));
}

#[test]
fn what_is_asked_for_wrongly_is_refused_with_the_way_out() {
    let data = tempfile::tempdir().expect("a folder");
    let nowhere = path(data.path(), "niente");
    assert!(refused(&["istanza-generica"]).contains("non calcola niente"), "{}", refused(&["istanza-generica"]));
    let told = refused(&["assegno-unico", "--from", &nowhere]);
    assert!(told.contains("né nucleo.parquet né nucleo.csv") && told.contains("--write-population"), "{told}");
    let told = refused(&["assegno-unico", "--reform", &nowhere]);
    assert!(told.contains("non esiste"), "{told}");
    let told = refused(&["assegno-unico", "--out", &path(data.path(), "esiti.xlsx"), "--people", "10"]);
    assert!(told.contains(".parquet o .csv"), "{told}");
    let told = refused(&["assegno-unico", "--out", &path(&data.path().join("manca"), "esiti.csv"), "--people", "10"]);
    assert!(told.contains("non posso scrivere"), "{told}");
    let told = refused(&["assegno-unico", "--take-up", "--data", &nowhere]);
    assert!(told.contains("sportello demo --data"), "{told}");
    let told = refused(&["assegno-unico", "--reform", &root().join("services/naspi").display().to_string()]);
    assert!(told.contains("non si può confrontare"), "{told}");
    let spoiled = data.path().join("guasto");
    fs::create_dir(&spoiled).expect("a folder");
    fs::write(spoiled.join("nucleo.parquet"), b"PAR1 e poi altro PAR1").expect("it is written");
    let told = refused(&["assegno-unico", "--from", &spoiled.display().to_string()]);
    assert!(told.contains("nucleo.parquet: non si legge") && !told.contains("panicked"), "{told}");
}

#[test]
fn who_is_entitled_and_did_not_ask_is_counted_and_not_named() {
    let data = tempfile::tempdir().expect("a folder");
    let folder = data.path().display().to_string();
    let root = root().display().to_string();
    // The tour is Chiara's application; nobody else asks.
    let tour = run(&["demo", "--tour", "--root", &root, "--data", &folder, "--port", "0", "--people", "200"]);
    assert_eq!(tour.status.code(), Some(0), "{}", stderr(&tour));
    let json = path(data.path(), "sintesi.json");
    let output = run(&["simulate", "assegno-unico", "--root", &root, "--take-up", "--data", &folder, "--json", &json]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(stdout(&output).contains("a cui spetta e che non hanno fatto domanda: "), "{}", stdout(&output));
    let text = fs::read_to_string(&json).expect("it is there");
    let summary: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let all = &summary["all"];
    let rows = |figures: &serde_json::Value| figures["rows"].as_u64().expect("rows");
    assert_eq!(rows(&all["unclaimed"]), rows(&all["law"]) - 1, "{all}");
    let territories = summary["territories"].as_object().expect("territories").values();
    let together: u64 = territories.map(|figures| rows(&figures["unclaimed"])).sum();
    assert_eq!(together, rows(&all["unclaimed"]));
    assert!(!text.contains("Chiara") && !stdout(&output).contains("F-chiara"));
}

/// A simulation that would take minutes, once its file is growing beside the place of the result.
fn long(out: &Path) -> Child {
    let (root, out_path) = (root().display().to_string(), out.display().to_string());
    let arguments = ["simulate", "assegno-unico", "--root", &root, "--people", "50000000", "--out", &out_path];
    let child = command(&arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
    let beside = out.with_file_name(format!(".{}.incompleto", out.file_name().expect("a name").to_string_lossy()));
    let began = Instant::now();
    while !fs::metadata(&beside).is_ok_and(|file| file.len() > 0) {
        assert!(began.elapsed() < Duration::from_secs(60), "{} does not grow", beside.display());
        thread::sleep(Duration::from_millis(10));
    }
    child
}

#[test]
fn a_simulation_that_is_killed_leaves_no_half_file() {
    let data = tempfile::tempdir().expect("a folder");
    let out = data.path().join("esiti.csv");
    fs::write(&out, "quello di ieri\n").expect("it is written");
    let mut child = long(&out);
    child.kill().expect("it was running");
    child.wait().expect("it is gone");
    assert_eq!(fs::read_to_string(&out).expect("it is there"), "quello di ieri\n");
    // What it left beside is overwritten by the next one.
    done(&["assegno-unico", "--people", "50", "--out", &out.display().to_string()]);
    assert!(fs::read_to_string(&out).expect("it is there").starts_with("riga,id,"));
    assert_eq!(fs::read_dir(data.path()).expect("the folder").count(), 1);
}

#[test]
fn a_simulation_that_is_interrupted_says_so_at_once_and_cleans_up() {
    for signal in ["INT", "TERM"] {
        let data = tempfile::tempdir().expect("a folder");
        let child = long(&data.path().join("esiti.csv"));
        let began = Instant::now();
        let sent = std::process::Command::new("kill").args([&format!("-{signal}"), &child.id().to_string()]).status();
        assert!(sent.expect("kill is there").success());
        let output = child.wait_with_output().expect("it ends");
        assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
        assert_eq!(output.status.code(), Some(130), "{}", stderr(&output));
        assert!(stderr(&output).contains("simulazione interrotta su richiesta"), "{}", stderr(&output));
        assert_eq!(fs::read_dir(data.path()).expect("the folder").count(), 0, "nothing is left");
    }
}
