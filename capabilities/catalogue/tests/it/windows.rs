//! Windows as officials declare them: what is refused, and where it is said.

use catalogue::{ChangeKind, Order, Phase, Service, diff};

use crate::world::{SERVICE, folder_saying, offer};

const WINDOW: &str = r#"
[window]
opens = 2026-12-01T09:00:00
closes = 2026-12-15T12:00:00
order = "need"
datum = "isee"
law = "art. 4"
"#;
const ISEE: &str = r#"
[[pages.questions]]
id = "isee"
kind = "money"
label = { it = "ISEE", en = "ISEE", de = "ISEE" }
"#;

/// A folder with a window, and with one text in it replaced.
fn with_window(from: &str, to: &str) -> catalogue::Folder {
    folder_saying((WINDOW, ISEE), from, to)
}

#[test]
fn a_window_is_read_in_italian_time() {
    let service = Service::read(with_window("", "")).expect("it is sound");
    let window = service.process.window.as_ref().expect("it has one");
    assert_eq!((window.opens.to_string().as_str(), window.order), ("2026-12-01T08:00:00Z", Order::Need));
    assert_eq!(window.phase("2026-12-15T11:00:00Z".parse().expect("an instant")), Phase::After);
    assert_eq!(service.ordering_question().map(|question| question.id.as_str()), Some("isee"));
    assert!(offer(vec![with_window("", "")]).problems.is_empty());
}

#[test]
fn what_is_wrong_with_a_window_is_told_with_line_and_mend() {
    for (from, to, (line, column, message, mend)) in [
        ("opens = 2026-12-01T09:00:00\n", "", (12, 1, "manca «opens»", "2026-12-01T09:00:00")),
        ("2026-12-01T09:00:00", "\"primo dicembre\"", (13, 9, "«opens» non va scritto così", "senza virgolette")),
        ("2026-12-01T09:00:00", "2026-12-01", (13, 9, "«opens» non va scritto così", "data e ora di Roma")),
        ("2026-12-01T09:00:00", "2026-12-01T09:00:00Z", (13, 9, "«opens» non va scritto così", "ora di Roma")),
        ("2026-12-15T12", "2026-12-01T09", (14, 10, "si chiude prima di aprirsi", "dopo opens")),
        ("\"need\"", "\"speed\"", (15, 9, "«order» non va scritto così", "\"need\" oppure \"event-date\"")),
        ("\"isee\"", "\"reddito\"", (16, 9, "«reddito» non è una domanda del modulo", "form.toml")),
        ("\"isee\"", "\"testo\"", (16, 9, "«testo» non è un numero", "kind = \"money\"")),
        ("\"need\"", "\"event-date\"", (16, 9, "«isee» non è una data", "kind = \"date\"")),
        ("law = \"art. 4\"\n", "", (12, 1, "manca «law»", "law =")),
    ] {
        let offer = offer(vec![with_window(from, to)]);
        assert!(offer.services.is_empty(), "{to}: a folder with a mistake is not offered");
        let told = &offer.problems["prova"][0];
        assert_eq!(
            (told.file.as_str(), told.line, told.column),
            ("services/prova/process.toml", line, column),
            "{told}"
        );
        assert!(told.message.contains(message) && told.mend.contains(mend), "{told}");
    }
}

#[test]
fn the_order_of_a_window_is_that_of_one_office() {
    let mut folder = with_window("", "");
    let others = SERVICE.replace("office = \"prove\"", "office = \"prove\"\nother_offices = [\"altro\"]");
    folder.files.insert("service.toml".to_owned(), others);
    let told = offer(vec![folder]).problems.remove("prova").expect("it is refused");
    assert!(told[0].message.contains("graduatoria") && told[0].mend.contains("[window]"), "{}", told[0]);
}

#[test]
fn a_window_that_moves_is_a_change_of_the_proceeding() {
    let read = |from, to| Service::read(with_window(from, to)).expect("it is sound");
    let told = diff(&read("", ""), &read("2026-12-15T12", "2026-12-20T12"));
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].kind, ChangeKind::Process);
    assert!(told[0].sentence.contains("quando si può fare domanda"), "{}", told[0].sentence);
}
