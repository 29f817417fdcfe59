//! What each sentence means. This file is the grammar of stories; the README explains it to those who write them.

use std::time::Duration;

use crate::sentence::Token::{self, Text, Word};

/// What a step does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Action {
    pub what: What,
    /// Only below this heading of the page.
    pub under: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum What {
    Login(String),
    OfficerLogin(String),
    Logout,
    Device(String),
    Open(String),
    Follow(String),
    Press(String),
    PressTwice(String),
    Back,
    Reload,
    Read(String),
    ReadNot(String),
    WaitFor(String),
    Title(String),
    Place(String),
    Language(String),
    Status(u16),
    FieldHolds(String, String),
    OnlyAsked(Vec<String>),
    Fill(String, String),
    Choose(String, Option<String>),
    Unchoose(String),
    Attach { file: Sample, label: String },
    RememberValue(String, String),
    RememberPlace(String),
    Download { link: String, file: String },
    IsPdf(String),
    FileHolds(String, String),
    Verify(String),
    VerifyFails(String),
    Alter(String),
    Pass(Duration),
    Restart,
}

/// A file to attach, made on the spot: its first bytes are those of its ending, unless `honest` is false.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sample {
    pub name: String,
    /// Bytes.
    pub size: usize,
    pub honest: bool,
}

/// One example of every sentence, as messages and the README show them.
pub(crate) const EXAMPLES: [&str; 35] = [
    "Accede chiara",
    "Accede operatore anna.ferri",
    "Esce",
    "Usa il dispositivo telefono",
    "Apre /servizi/assegno-unico",
    "Segue \"Richiedi\"",
    "Preme \"Invia la domanda\"",
    "Preme due volte \"Invia la domanda\"",
    "Torna indietro",
    "Ricarica la pagina",
    "Legge \"914,30\"",
    "Non legge \"Campo obbligatorio\"",
    "Attende che la pagina dica \"Scarica la ricevuta\"",
    "Il titolo è \"Ricevuta\"",
    "Il campo \"IBAN\" contiene \"IT60\"",
    "L'indirizzo è /pratiche",
    "La lingua della pagina è de",
    "Si chiede solo \"IBAN\"",
    "Risponde 404",
    "Compila \"IBAN\" con \"IT60…\"",
    "Sceglie \"Tutto\"",
    "Sceglie \"Sì\" in \"Lavori?\"",
    "Toglie \"Metà\"",
    "Allega documento.pdf in \"Documenti\"",
    "Allega grande.pdf di 11 MB in \"Documenti\"",
    "Allega finto.pdf che non è un PDF in \"Documenti\"",
    "Ricorda \"Numero di protocollo\" come P",
    "Ricorda l'indirizzo come PRATICA",
    "Scarica \"Scarica la prova\" come prova.json",
    "Controlla che ricevuta.pdf sia un PDF",
    "Controlla che prova.json contenga \"submitted\"",
    "Verifica prova.json",
    "Altera un byte di prova.json",
    "Passano 31 giorni",
    "Riavvia il programma",
];

impl Action {
    /// The name that this step remembers, if any.
    pub(crate) fn remembers(&self) -> impl Iterator<Item = &str> {
        let name = match &self.what {
            What::RememberValue(_, name) | What::RememberPlace(name) => Some(name.as_str()),
            _ => None,
        };
        name.into_iter()
    }
}

/// The meaning of a sentence; nothing where it has none. Any sentence about the page may end with `sotto "Titolo"`.
pub(crate) fn interpret(tokens: &[Token]) -> Option<Action> {
    let (tokens, under) = match tokens {
        [rest @ .., Word(word), Text(heading)] if word == "sotto" => (rest, Some(heading.clone())),
        whole => (whole, None),
    };
    let words: Vec<&str> = tokens.iter().map(Token::text).collect();
    let quoted = |index: usize| matches!(tokens.get(index), Some(Text(_)));
    let what = moving(&words, &quoted)
        .or_else(|| reading(&words, &quoted))
        .or_else(|| filling(&words, &quoted))
        .or_else(|| keeping(&words, &quoted))
        .or_else(|| world(&words))?;
    Some(Action { what, under })
}

type Quoted<'a> = &'a dyn Fn(usize) -> bool;

fn moving(words: &[&str], quoted: Quoted<'_>) -> Option<What> {
    Some(match *words {
        ["Accede", "operatore", id] => What::OfficerLogin(id.to_owned()),
        ["Accede", person] => What::Login(person.to_owned()),
        ["Esce"] => What::Logout,
        ["Usa", "il", "dispositivo", name] => What::Device(name.to_owned()),
        ["Apre", address] => What::Open(address.to_owned()),
        ["Segue", link] if quoted(1) => What::Follow(link.to_owned()),
        ["Preme", button] if quoted(1) => What::Press(button.to_owned()),
        ["Preme", "due", "volte", button] if quoted(3) => What::PressTwice(button.to_owned()),
        ["Torna", "indietro"] => What::Back,
        ["Ricarica", "la", "pagina"] => What::Reload,
        _ => return None,
    })
}

fn reading(words: &[&str], quoted: Quoted<'_>) -> Option<What> {
    Some(match *words {
        ["Legge", text] if quoted(1) => What::Read(text.to_owned()),
        ["Non", "legge", text] if quoted(2) => What::ReadNot(text.to_owned()),
        ["Attende", "che", "la", "pagina", "dica", text] if quoted(5) => What::WaitFor(text.to_owned()),
        ["Il", "titolo", "è", title] if quoted(3) => What::Title(title.to_owned()),
        ["L'indirizzo" | "L’indirizzo", "è", address] => What::Place(address.to_owned()),
        ["La", "lingua", "della", "pagina", "è", tag] => What::Language(tag.to_owned()),
        ["Risponde", status] => What::Status(status.parse().ok()?),
        ["Il", "campo", label, "contiene", value] if quoted(2) && quoted(4) => {
            What::FieldHolds(label.to_owned(), value.to_owned())
        }
        ["Si", "chiede", "solo", ref labels @ ..] if !labels.is_empty() && (3..words.len()).all(quoted) => {
            What::OnlyAsked(labels.iter().map(|label| (*label).to_owned()).collect())
        }
        _ => return None,
    })
}

fn filling(words: &[&str], quoted: Quoted<'_>) -> Option<What> {
    let sample = |name: &str, size: usize, honest: bool| Sample { name: name.to_owned(), size, honest };
    Some(match *words {
        ["Compila", label, "con", value] if quoted(1) && quoted(3) => What::Fill(label.to_owned(), value.to_owned()),
        ["Sceglie", choice] if quoted(1) => What::Choose(choice.to_owned(), None),
        ["Sceglie", choice, "in", label] if quoted(1) && quoted(3) => {
            What::Choose(choice.to_owned(), Some(label.to_owned()))
        }
        ["Toglie", choice] if quoted(1) => What::Unchoose(choice.to_owned()),
        ["Allega", name, "in", label] if quoted(3) => {
            What::Attach { file: sample(name, 2000, true), label: label.to_owned() }
        }
        ["Allega", name, "di", megabytes, "MB", "in", label] if quoted(6) => {
            let megabytes: usize = megabytes.parse().ok().filter(|size| *size <= 100)?;
            What::Attach { file: sample(name, megabytes << 20, true), label: label.to_owned() }
        }
        ["Allega", name, "che", "non", "è", "un", "PDF", "in", label] if quoted(8) => {
            What::Attach { file: sample(name, 2000, false), label: label.to_owned() }
        }
        _ => return None,
    })
}

fn keeping(words: &[&str], quoted: Quoted<'_>) -> Option<What> {
    Some(match *words {
        ["Ricorda", "l'indirizzo" | "l’indirizzo", "come", name] => What::RememberPlace(name.to_owned()),
        ["Ricorda", label, "come", name] if quoted(1) => What::RememberValue(label.to_owned(), name.to_owned()),
        ["Ricorda", "il", "numero", "di", "protocollo", "come", name] => {
            What::RememberValue("Numero di protocollo".to_owned(), name.to_owned())
        }
        ["Scarica", link, "come", file] if quoted(1) => What::Download { link: link.to_owned(), file: file.to_owned() },
        ["Controlla", "che", file, "sia", "un", "PDF"] => What::IsPdf(file.to_owned()),
        ["Controlla", "che", file, "contenga", text] if quoted(4) => What::FileHolds(file.to_owned(), text.to_owned()),
        ["Verifica", file] => What::Verify(file.to_owned()),
        ["Verifica", file, "fallisce"] => What::VerifyFails(file.to_owned()),
        ["Altera", "un", "byte", "di", file] => What::Alter(file.to_owned()),
        _ => return None,
    })
}

fn world(words: &[&str]) -> Option<What> {
    Some(match *words {
        ["Passa" | "Passano", number, unit] => {
            let seconds = match unit {
                "minuto" | "minuti" => 60,
                "ora" | "ore" => 3600,
                "giorno" | "giorni" => 86400,
                _ => return None,
            };
            What::Pass(Duration::from_secs(number.parse::<u64>().ok()?.checked_mul(seconds)?))
        }
        ["Riavvia", "il", "programma"] => What::Restart,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sentence::tokens;

    #[test]
    fn every_example_is_understood() {
        for example in EXAMPLES {
            let read = tokens(example).expect("examples are well formed");
            assert!(interpret(&read).is_some(), "{example}");
        }
    }

    #[test]
    fn a_place_on_the_page_may_follow() {
        let read = tokens("Segue \"Cambia\" sotto \"La famiglia\"").expect("well formed");
        let action = interpret(&read).expect("understood");
        assert_eq!(action.what, What::Follow("Cambia".into()));
        assert_eq!(action.under.as_deref(), Some("La famiglia"));
    }

    #[test]
    fn words_where_a_quotation_belongs_are_not_understood() {
        for line in
            ["Legge ciao", "Preme Invia", "Passano molti giorni", "Allega a.pdf di 9999 MB in \"X\"", "Si chiede solo"]
        {
            assert_eq!(interpret(&tokens(line).expect("well formed")), None, "{line}");
        }
    }
}
