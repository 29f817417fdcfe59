use std::collections::BTreeMap;

use base::Translated;
use rules::Diagnostic;

use super::reader;
use crate::{
    Folder,
    source::{Site, Source},
};

/// What the catalogue must know of a letter to see that none is missing.
#[derive(Debug, Clone)]
pub(crate) struct Letter {
    /// What it is called.
    pub title: Translated,
    /// The act that it tells of.
    pub act: String,
    /// Where the act is named.
    pub site: Site,
}

/// The acts of a case that people are told about.
pub(crate) const ACTS: [&str; 6] =
    ["submitted", "granted", "refused", "integration-requested", "withdrawn", "refusal-proposed"];

const FRONT_MEND: &str = "cominciare con +++, poi title e for_act, poi una riga +++";

/// Reads the front matter of every letter and sees that its template can be read: name → letter.
pub(crate) fn read_letters(folder: &Folder) -> Result<BTreeMap<String, Letter>, Vec<Diagnostic>> {
    let mut letters = BTreeMap::new();
    let mut complaints = Vec::new();
    for (path, text) in folder.below("letters/") {
        let file = folder.name_of(&format!("letters/{path}"));
        match read_letter(&file, text) {
            Ok(letter) => {
                letters.insert(path.trim_end_matches(".md").to_owned(), letter);
            }
            Err(told) => complaints.extend(told),
        }
    }
    if complaints.is_empty() { Ok(letters) } else { Err(complaints) }
}

fn read_letter(file: &str, text: &str) -> Result<Letter, Vec<Diagnostic>> {
    let source = Source::new(file, text);
    let front = text.strip_prefix("+++\n").and_then(|rest| rest.split_once("\n+++"));
    let Some((front, body)) = front else {
        return Err(vec![source.site(0).complain("manca l’intestazione della comunicazione", FRONT_MEND)]);
    };
    // A line before, so that places in the front matter are places in the file.
    let letter = reader::read(file, &format!("\n{front}"), |root| {
        let act = root.need_text("for_act");
        if !act.is_empty() && !ACTS.contains(&act.as_str()) {
            root.wrong("for_act", format!("«{act}» non è un atto"), format!("scrivere uno di: {}", ACTS.join(", ")));
        }
        Letter { title: root.need_translated("title"), act, site: root.site("for_act") }
    });
    let lines_before = front.matches('\n').count() + 2;
    match template_fault(body) {
        None => letter,
        Some((line, message)) => {
            let fault = source
                .line(lines_before + line)
                .complain(message, "correggere i segnaposto {{ … }} e i blocchi {% … %}");
            Err(letter.err().into_iter().flatten().chain([fault]).collect())
        }
    }
}

/// Line, counted from 1 in `body`, and what is wrong with the template.
fn template_fault(body: &str) -> Option<(usize, String)> {
    let environment = minijinja::Environment::new();
    let error = environment.template_from_str(body).err()?;
    Some((error.line().unwrap_or(1), format!("segnaposto non valido: {}", error.detail().unwrap_or("non si legge"))))
}
