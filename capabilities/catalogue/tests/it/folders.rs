use base::Language;
use catalogue::{ChangeKind, Service, check, diff};

use crate::world::{FORM, bent, declared, folder, offer};

#[test]
fn a_folder_without_mistakes_is_offered_whole() {
    let offer = offer(vec![folder("prova")]);
    assert!(offer.problems.is_empty(), "{:#?}", offer.problems);
    let service = &offer.services["prova"];
    assert_eq!(service.name.get(Language::German), "Testbonus");
    assert_eq!(service.page.sections(Language::English).0.len(), 4);
    assert_eq!(service.process.rules.days, 30);
    assert!(service.letters["ricevuta"].text.starts_with("+++"));
    assert!(service.can_be_asked());
}

#[test]
fn a_broken_folder_takes_no_other_down() {
    let mut broken = bent("service.toml", "level = 2", "level = 9");
    broken.slug = "guasto".into();
    let offer = offer(vec![folder("prova"), broken]);
    assert!(offer.services.contains_key("prova"));
    assert!(!offer.services.contains_key("guasto"));
    assert_eq!(offer.problems["guasto"].len(), 1);
}

#[test]
fn a_service_may_be_in_italian_only_if_it_says_so() {
    let mut folder = bent("service.toml", "level = 2", "level = 2\nitalian_only = [\"en\", \"de\"]");
    folder.files.remove("page.en.md");
    folder.files.remove("page.de.md");
    let offer = offer(vec![folder]);
    assert!(offer.problems.is_empty(), "{:#?}", offer.problems);
    assert_eq!(offer.services["prova"].page.sections(Language::German).1, Language::Italian);
}

#[test]
fn check_tells_what_is_wrong_and_how_it_ended() {
    let good = check(&declared(vec![folder("prova")]));
    assert_eq!(good.exit_status(), 0);
    assert!(good.to_string().contains("1 pagina completa, 1 domanda"), "{good}");
    let bad = check(&declared(vec![bent("process.toml", "term_days = 30", "term_days = 300")]));
    assert_eq!(bad.exit_status(), 1);
    let text = bad.to_string();
    assert!(text.contains("--> services/prova/process.toml:1:13"), "{text}");
    assert!(text.contains("rimedio: scrivere un numero intero da 1 a 180"), "{text}");
    assert!(text.ends_with("Da correggere: 1 errore.\n"), "{text}");
}

#[test]
fn check_runs_every_example() {
    let mut ruled = bent(
        "form.toml",
        "[[pages.questions]]",
        "[[pages.questions]]\nid = \"isee\"\nkind = \"money\"\nlabel = { it = \"ISEE\", en = \"ISEE\", de = \"ISEE\" }\n\n[[pages.questions]]",
    );
    ruled.files.insert("rules.md".into(), RULES.into());
    let run = |expected: &str| {
        let mut folder = ruled.clone();
        let example = format!(
            "title = \"Prova\"\nsource = \"inventato\"\non = 2026-03-01\n[facts]\nisee = \"1000.00\"\n[expected]\ndiritto = {expected}\n"
        );
        folder.files.insert("examples/uno.toml".into(), example);
        check(&declared(vec![folder]))
    };
    let right = run("true");
    assert!(right.passed() && right.services[0].examples == 1, "{right}");
    let wrong = run("false");
    assert_eq!(wrong.exit_status(), 1);
    assert!(wrong.services[0].failures[0].contains("«diritto»"), "{wrong}");
    let without = check(&declared(vec![ruled.clone()]));
    assert!(without.services[0].failures[0].starts_with("nessun esempio"), "{without}");
}

/// The smallest law: who is poor enough is entitled.
pub const RULES: &str = include_str!("rules.md");

fn read(folder: catalogue::Folder) -> Service {
    Service::read(folder).unwrap_or_else(|told| panic!("{told:#?}"))
}

#[test]
fn a_difference_is_told_by_kind_in_sentences() {
    let old = read(folder("prova"));
    assert_eq!(diff(&old, &old), []);
    let mut changed = bent("process.toml", "term_days = 30", "term_days = 60");
    changed.files.insert("form.toml".into(), FORM.replace("id = \"testo\"", "id = \"oggetto\""));
    changed.files.insert("page.de.md".into(), crate::world::PAGE.replace("Nulla", "Nichts"));
    let told: Vec<_> = diff(&old, &read(changed)).into_iter().map(|change| (change.kind, change.sentence)).collect();
    let told: Vec<_> = told.iter().map(|(kind, sentence)| (*kind, sentence.as_str())).collect();
    assert_eq!(
        told,
        [
            (ChangeKind::Words, "Cambia la pagina del servizio."),
            (ChangeKind::Form, "Tolta la domanda «testo»."),
            (ChangeKind::Form, "Aggiunta la domanda «oggetto»."),
            (ChangeKind::Process, "Il termine passa da 30 a 60 giorni."),
        ]
    );
}

#[test]
fn a_changed_rule_is_told_by_name_and_by_the_day_it_governs() {
    let form = FORM.replace("id = \"testo\"\nkind = \"text\"", "id = \"isee\"\nkind = \"money\"");
    let ruled = |rules: &str| {
        let mut folder = folder("prova");
        folder.files.insert("form.toml".into(), form.clone());
        folder.files.insert("rules.md".into(), rules.to_owned());
        read(folder)
    };
    let told = diff(&ruled(RULES), &ruled(&RULES.replace("5000.00", "6000.00")));
    let told: Vec<_> = told.iter().map(|change| (change.kind, change.sentence.as_str())).collect();
    let sentence = "La regola `spetta` dal 1º gennaio 2026 (art. 1): si calcola in un altro modo.";
    assert_eq!(told, [(ChangeKind::Rules, sentence)]);
}
