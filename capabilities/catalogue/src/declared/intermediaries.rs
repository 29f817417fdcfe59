use std::{cell::RefCell, collections::BTreeSet};

use base::FiscalCode;
use rules::Diagnostic;

use super::reader::{self, Table};

/// An office of a patronato or of a CAF, with those who work there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Intermediary {
    /// Names it in mandates.
    pub id: String,
    /// What it is.
    pub kind: IntermediaryKind,
    /// As people know it, with its town.
    pub name: String,
    /// Where it is.
    pub seat: String,
    /// Who may act for it at present: fiscal code and name.
    pub operators: Vec<(FiscalCode, String)>,
}

/// What kind of intermediary it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IntermediaryKind {
    /// Patronato (L. 152/2001).
    Patronato,
    /// Centro di assistenza fiscale (artt. 32-35 d.lgs. 241/1997).
    Caf,
}

base::keyed!(pub IntermediaryKind {
    Patronato => "patronato",
    Caf => "caf",
});

/// Reads `content/intermediaries.toml`; `file` is its name in messages.
///
/// # Errors
/// All that is wrong, each with line, column and how to mend it.
pub fn read_intermediaries(file: &str, text: &str) -> Result<Vec<Intermediary>, Vec<Diagnostic>> {
    reader::read(file, text, |root| {
        let seen = RefCell::new(BTreeSet::new());
        root.tables("intermediaries", |table| {
            let one = read_one(table);
            let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
            if !one.id.chars().all(fits) {
                let message = format!("un ufficio non può chiamarsi «{}»", one.id);
                table.wrong("id", message, "usare lettere minuscole, cifre e «-»");
            }
            if !seen.borrow_mut().insert(one.id.clone()) {
                table.wrong("id", format!("l’ufficio «{}» c’è già", one.id), "dare un altro id a uno dei due");
            }
            one
        })
    })
}

fn read_one(table: &Table) -> Intermediary {
    let kinds = [("patronato", IntermediaryKind::Patronato), ("caf", IntermediaryKind::Caf)];
    let operators = RefCell::new(Vec::<(FiscalCode, String)>::new());
    table.tables("operators", |operator| {
        let (code, name) = (operator.need_text("fiscal_code"), operator.need_text("name"));
        match code.parse::<FiscalCode>() {
            Ok(code) if operators.borrow().iter().any(|(known, _)| *known == code) => {
                operator.wrong("fiscal_code", format!("«{code}» c’è già"), "scriverlo una volta sola");
            }
            Ok(code) => operators.borrow_mut().push((code, name)),
            Err(_) if code.is_empty() => {} // told already
            Err(_) => {
                let mend = "controllare i sedici caratteri: l’ultimo si calcola dagli altri";
                operator.wrong("fiscal_code", format!("«{code}» non è un codice fiscale"), mend);
            }
        }
    });
    Intermediary {
        id: table.need_text("id"),
        kind: table.need_choice("kind", &kinds),
        name: table.need_text("name"),
        seat: table.need_text("seat"),
        operators: operators.into_inner(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = include_str!("../../../../content/intermediaries.toml");

    fn told(text: &str) -> String {
        let told = read_intermediaries("content/intermediaries.toml", text).unwrap_err();
        told.iter().map(|one| format!("{}: {}; {}", one.line, one.message, one.mend)).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn offices_and_those_who_work_there_are_read() {
        let read = read_intermediaries("content/intermediaries.toml", FILE).unwrap();
        assert_eq!(read.len(), 2);
        assert_eq!((read[0].kind, read[0].operators.len()), (IntermediaryKind::Patronato, 2));
        assert_eq!(read_intermediaries("content/intermediaries.toml", ""), Ok(Vec::new()));
    }

    #[test]
    fn what_is_wrong_is_told_with_its_place() {
        let code = told(&FILE.replace("PRVRSO84C55H501J", "PRVRSO84C55H501K"));
        assert!(code.contains("«PRVRSO84C55H501K» non è un codice fiscale"), "{code}");
        let twice = told(&FILE.replace("MDLMRO91P02H501F", "PRVRSO84C55H501J"));
        assert!(twice.contains("«PRVRSO84C55H501J» c’è già"), "{twice}");
        let id = told(&FILE.replace("caf-prove-milano", "patronato-esempi-roma"));
        assert!(id.contains("l’ufficio «patronato-esempi-roma» c’è già"), "{id}");
        assert!(told(&FILE.replace("caf-prove-milano", "Il CAF")).contains("non può chiamarsi «Il CAF»"));
        assert!(told(&FILE.replace("kind = \"caf\"", "kind = \"banca\"")).contains("\"patronato\" oppure \"caf\""));
        assert!(told(&FILE.replace("seat = ", "sede = ")).contains("manca «seat»"));
    }
}
