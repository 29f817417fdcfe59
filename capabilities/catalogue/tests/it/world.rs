//! A small invented catalogue that tests bend.

use std::collections::BTreeMap;

use catalogue::{Declared, Folder, Offer};

pub const SERVICE: &str = r#"name = { it = "Bonus prova", en = "Test bonus", de = "Testbonus" }
summary = { it = "Un servizio inventato.", en = "An invented service.", de = "Ein erfundener Dienst." }
state = "open"
start = "request"
who = ["person"]
level = 2
office = "prove"
life_events = ["nascita"]
keywords = ["neonato"]

[[law]]
title = "Legge inventata"
ref = "L. 0/2026"

[privacy]
purpose = { it = "Provare.", en = "To test.", de = "Zum Testen." }
basis = { it = "La prova.", en = "The test.", de = "Der Test." }
retention_years = 1
recipients = { it = "Nessuno.", en = "Nobody.", de = "Niemand." }
"#;

pub const PROCESS: &str = r#"term_days = 30
term_kind = "calendar"
slide = "holidays"
term_law = "art. 2, comma 2, L. 241/1990"
notice_before_refusal = true
max_suspension_days = 30
silence = "none"
responsible = "Responsabile inventato"
remedies = { it = "Rivolgersi altrove.", en = "Turn elsewhere.", de = "Anderswohin." }
appeal = { it = "Ricorrere.", en = "Appeal.", de = "Rekurs." }
"#;

pub const FORM: &str = r#"[[pages]]
id = "richiesta"
title = { it = "La richiesta", en = "The request", de = "Das Ansuchen" }

[[pages.questions]]
id = "testo"
kind = "text"
label = { it = "Che cosa chiedi?", en = "What do you ask?", de = "Was möchten Sie?" }
"#;

pub const PAGE: &str = "## A chi spetta {#chi}\n\nA tutti.\n\n## Quanto {#quanto}\n\nNulla.\n\n## Che cosa serve {#serve}\n\nNiente.\n\n## Come {#come}\n\nCon la procedura telematica.\n";

const CHANGES: &str = "# Novità\n\n## 2026-11-21 · Apre\n\nSi può chiedere.\n";

const ROLES: &str = r#"
[[roles]]
id = "operator"
name = { it = "Operatore", en = "Officer", de = "Sachbearbeiter" }
[[roles.may]]
do = ["handle-cases"]
purpose = { it = "Istruttoria", en = "Examination", de = "Bearbeitung" }
"#;

const OFFICES: &str = r#"[[offices]]
id = "prove"
code = "m_demo"
aoo = "PROVE"
name = { it = "Ufficio Prove", en = "Test Office", de = "Prüfamt" }
administration = "Ente inventato"
address = "Via dell’Esempio 1, 00100 Roma"
pec = "prove@pec.ente.example"
email = "prove@ente.example"
phone = "06 0000 0001"
hours = "Sempre"
substitute = "La direzione"
substitute_pec = "direzione@pec.ente.example"
privacy = "dati@ente.example"
"#;

const REGISTRIES: &str = r#"correction_service = "prova"

[[registries]]
id = "anagrafe"
name = "Anagrafe inventata"
body = "Ente inventato"
holds = "Chi sei."
purpose = "riconoscerti"
correction = "La fa l’ente."
data = [
    { id = "nome", kind = "text", label = "Nome" },
    { id = "nato_il", kind = "date", label = "Nato il" },
    { id = "genitore", kind = "choice", label = "Genitore", options = [
        { value = "madre", label = "madre" },
        { value = "padre", label = "padre" },
    ] },
    { id = "figli", kind = "list", named_by = "anagrafe.nome", label = "Figli" },
]
"#;

const EVENTS: &str = r#"[[events]]
id = "nascita"
icon = "it-user"
name = { it = "Nasce un figlio", en = "A child is born", de = "Ein Kind kommt" }
summary = { it = "Che cosa chiedere.", en = "What to ask for.", de = "Was man beantragt." }
"#;

/// A folder whose proceeding says more, and whose form asks more; with one text in what the proceeding says replaced.
pub fn folder_saying((declared, questions): (&str, &str), from: &str, to: &str) -> Folder {
    let mut folder = folder("prova");
    let changed = declared.replacen(from, to, 1);
    assert!(from == to || declared != changed, "{from}");
    folder.files.insert("process.toml".to_owned(), format!("{PROCESS}{changed}"));
    folder.files.insert("form.toml".to_owned(), format!("{FORM}{questions}"));
    folder
}

/// A service without mistakes.
pub fn folder(slug: &str) -> Folder {
    let mut files: BTreeMap<String, String> = BTreeMap::new();
    let mut put = |path: &str, text: &str| drop(files.insert(path.to_owned(), text.to_owned()));
    put("service.toml", SERVICE);
    put("process.toml", PROCESS);
    put("form.toml", FORM);
    put("CHANGES.md", CHANGES);
    for page in ["page.md", "page.en.md", "page.de.md"] {
        put(page, PAGE);
    }
    let letters = [
        ("ricevuta", "submitted"),
        ("accoglimento", "granted"),
        ("diniego", "refused"),
        ("ritiro", "withdrawn"),
        ("integrazione", "integration-requested"),
        ("preavviso", "refusal-proposed"),
        ("osservazioni", "observations-filed"),
        ("potere-sostitutivo", "substitute-called"),
    ];
    for (name, act) in letters {
        put(
            &format!("letters/{name}.md"),
            &format!("+++\ntitle = \"Una lettera\"\nfor_act = \"{act}\"\n+++\n\nGentile {{{{ name }}}}.\n"),
        );
    }
    Folder { slug: slug.to_owned(), label: format!("services/{slug}"), files, ..Folder::default() }
}

/// Offices, life events and pages, with these services.
pub fn declared(folders: Vec<Folder>) -> Declared {
    let mut content: BTreeMap<String, String> = BTreeMap::new();
    content.insert("offices.toml".into(), OFFICES.into());
    content.insert("roles.toml".into(), ROLES.into());
    content.insert("registries.toml".into(), REGISTRIES.into());
    content.insert("life-events.toml".into(), EVENTS.into());
    for page in ["accessibilita", "privacy", "note-legali", "eventi/nascita"] {
        for ending in ["", ".en", ".de"] {
            content.insert(
                format!("pages/{page}{ending}.md"),
                "# Titolo\n\nTesto.\n\n## Parte {#parte}\n\nAltro.\n".into(),
            );
        }
    }
    Declared { folders, content, ..Declared::default() }
}

pub fn offer(folders: Vec<Folder>) -> Offer {
    Offer::read(&declared(folders))
}

/// The folder with one text replaced inside one file.
pub fn bent(path: &str, from: &str, to: &str) -> Folder {
    let mut folder = folder("prova");
    let text = folder.files.get_mut(path).unwrap_or_else(|| panic!("{path} is in the folder"));
    assert!(text.contains(from), "{path} holds {from}");
    *text = text.replacen(from, to, 1);
    folder
}
