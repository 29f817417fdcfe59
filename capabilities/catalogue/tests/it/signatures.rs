//! Who must sign, as officials declare it: what is refused, and where it is said.

use catalogue::{ChangeKind, Folder, InTime, Service, diff};

use crate::world::{FORM, folder_saying, offer};

const SIGNATURES: &str = r#"
[signatures]
at_least = 1
days = 30
remind_days = 7
shows = ["testo", "gruppo.nato_il"]
law = "art. 316 c.c."
[[signatures.people]]
code = "altro"
who = "altro genitore"
statement = "sono d’accordo"
[[signatures.people]]
code = "gruppo.codice"
adults_by = "nato_il"
who = "maggiorenne"
statement = "sono d’accordo"
"#;
const PEOPLE: &str = r#"
[[pages.questions]]
id = "altro"
kind = "fiscal-code"
label = { it = "Altro", en = "Other", de = "Andere" }

[[pages.questions]]
id = "carta"
kind = "attachment"
label = { it = "Carta", en = "Paper", de = "Papier" }

[[pages.groups]]
id = "gruppo"
title = { it = "Gruppo", en = "Group", de = "Gruppe" }
member = { it = "Persona", en = "Person", de = "Person" }

[[pages.groups.questions]]
id = "codice"
kind = "fiscal-code"
label = { it = "Codice", en = "Code", de = "Nummer" }

[[pages.groups.questions]]
id = "nato_il"
kind = "date"
label = { it = "Nato il", en = "Born on", de = "Geboren am" }
"#;
const WINDOW: &str = r#"
[window]
opens = 2026-12-01T09:00:00
closes = 2026-12-15T12:00:00
order = "event-date"
datum = "giorno"
law = "art. 4"
"#;
const DAY: &str = r#"
[[pages]]
id = "altra"
title = { it = "Altra", en = "Other", de = "Andere" }
[[pages.questions]]
id = "giorno"
kind = "date"
label = { it = "Giorno", en = "Day", de = "Tag" }
"#;

/// A folder in which somebody must sign, with one text in it replaced.
fn with_signatures(from: &str, to: &str) -> Folder {
    folder_saying((SIGNATURES, PEOPLE), from, to)
}

#[test]
fn who_must_sign_is_read() {
    let service = Service::read(with_signatures("", "")).expect("it is sound");
    let signatures = service.process.signatures.as_ref().expect("somebody must sign");
    assert_eq!((signatures.days, signatures.at_least, signatures.people.len()), (30, 1, 2));
    let problems = offer(vec![with_signatures("", "")]).problems;
    assert!(problems.is_empty(), "{problems:?}");
}

#[test]
fn what_is_wrong_with_signatures_is_told_with_line_and_mend() {
    for (from, to, (line, message, mend)) in [
        ("\"altro\"", "\"nessuno\"", (19, "«nessuno» non è una domanda del modulo", "gruppo.domanda")),
        ("code = \"altro\"", "code = \"testo\"", (19, "«testo» non è un codice fiscale", "kind = \"fiscal-code\"")),
        ("\"gruppo.codice\"", "\"gruppo.altro\"", (23, "«gruppo.altro» non è una domanda", "form.toml")),
        ("adults_by = \"nato_il\"", "adults_by = \"codice\"", (24, "«codice» non è una data", "kind = \"date\"")),
        ("code = \"altro\"", "code = \"altro\"\nadults_by = \"nato_il\"", (20, "senza un gruppo", "toglierla")),
        ("\"testo\"", "\"tosto\"", (16, "«tosto» non è una domanda", "form.toml")),
        ("\"testo\"", "\"carta\"", (16, "«carta» è un allegato", "shows")),
        ("days = 30", "days = 0", (14, "«days» non va scritto così", "da 1 a 180")),
        (
            "law = \"art. 316 c.c.\"",
            "in_time = \"signed\"\nlaw = \"x\"",
            (17, "non ha una finestra", "togliere in_time"),
        ),
        ("remind_days = 7", "ricorda = 7", (12, "manca «remind_days»", "remind_days =")),
    ] {
        let offer = offer(vec![with_signatures(from, to)]);
        assert!(offer.services.is_empty(), "{to}: a folder with a mistake is not offered");
        let told = &offer.problems["prova"][0];
        assert_eq!((told.file.as_str(), told.line), ("services/prova/process.toml", line), "{told}");
        assert!(told.message.contains(message) && told.mend.contains(mend), "{told}");
    }
}

#[test]
fn with_a_window_it_is_said_what_must_be_in_time() {
    let windowed = |more: &str| {
        let mut folder = with_signatures("law = \"art. 316 c.c.\"", &format!("{more}law = \"art. 316 c.c.\""));
        let process = folder.files["process.toml"].clone();
        folder.files.insert("process.toml".to_owned(), format!("{process}{WINDOW}"));
        folder.files.insert("form.toml".to_owned(), format!("{FORM}{PEOPLE}{DAY}"));
        folder
    };
    let told = Service::read(windowed("")).expect_err("it is not said");
    assert!(
        told[0].message.contains("che cosa deve arrivare in tempo") && told[0].mend.contains("confirmed"),
        "{}",
        told[0]
    );
    let service = Service::read(windowed("in_time = \"confirmed\"\n")).expect("it is said");
    assert_eq!(service.process.signatures.map(|one| one.in_time), Some(Some(InTime::Confirmed)));
}

#[test]
fn who_must_sign_is_a_change_of_the_proceeding() {
    let read = |from, to| Service::read(with_signatures(from, to)).expect("it is sound");
    let told = diff(&read("", ""), &read("days = 30", "days = 20"));
    assert!(told.iter().any(|one| one.kind == ChangeKind::Process && one.sentence.contains("firmare")), "{told:?}");
}
