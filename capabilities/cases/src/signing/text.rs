//! What is signed: one text for all, of which each signature keeps the digest.

use base::{Language, Timestamp, Uuid, long_timestamp};
use catalogue::{Service, Signatures};
use forms::{Item, Kind, Page, Path};
use rules::Facts;
use sha2::{Digest, Sha256};

use super::Needed;

/// The application of which a text tells.
pub struct Application<'a> {
    /// Identifier of the signing: no two texts are the same.
    pub id: Uuid,
    /// The service in its version.
    pub service: &'a Service,
    /// Name of the office.
    pub office: &'a str,
    /// Name of the applicant.
    pub applicant: &'a str,
    /// When it was confirmed.
    pub confirmed_at: Timestamp,
    /// What was declared.
    pub answers: &'a Facts,
}

/// The text, in Italian as all that has legal effect. What people typed can make no line of its own.
#[must_use]
pub fn text(application: &Application<'_>, signatures: &Signatures, needed: &[Needed]) -> String {
    let Application { id, service, office, applicant, confirmed_at, answers } = application;
    let mut lines = vec![
        "Testo della domanda da firmare".to_owned(),
        String::new(),
        line("Servizio", service.name.get(Language::Italian)),
        line("Ufficio", office),
        line("Chi presenta la domanda", applicant),
        line("Confermata il", &long_timestamp(*confirmed_at, Language::Italian)),
        line("Norma che chiede le firme", &signatures.law),
        line("Altre firme richieste", &needed.len().to_string()),
    ];
    let shown = shown(service, signatures, answers);
    for page in &service.form.pages {
        let told: Vec<String> = paths(page, &shown).iter().filter_map(|path| answer(service, path, &shown)).collect();
        if !told.is_empty() {
            lines.extend([String::new(), page.title.get(Language::Italian).to_owned()]);
            lines.extend(told);
        }
    }
    lines.extend([String::new(), "Chi firma dichiara".to_owned()]);
    let mut said = Vec::new();
    for one in needed.iter().map(|one| (&one.role, &one.statement)) {
        if !said.contains(&one) {
            said.push(one);
        }
    }
    lines.extend(said.into_iter().map(|(role, statement)| line(role, statement)));
    lines.extend([
        String::new(),
        line("Versione del servizio", &service.version),
        line("Riferimento", &id.to_string()),
    ]);
    lines.join("\n") + "\n"
}

/// The digest of a text, hexadecimal.
#[must_use]
pub fn digest(text: &str) -> String {
    hex::encode(Sha256::digest(text))
}

/// Only the answers that who signs may see.
#[must_use]
pub fn shown(service: &Service, signatures: &Signatures, answers: &Facts) -> Facts {
    let mut shown = Facts::default();
    for path in Path::all(answers) {
        let named = path.row.as_ref().map_or_else(|| path.id.clone(), |(group, _)| format!("{group}.{}", path.id));
        let known = service.form.question(&path).is_some_and(|(_, one)| !matches!(one.kind, Kind::Attachment(_)));
        if known && signatures.shows.contains(&named) {
            path.set(&mut shown, path.get(answers).cloned().unwrap_or(rules::Value::Null));
        }
    }
    shown
}

/// Where the answers of a page stand, in the order of the form.
fn paths(page: &Page, answers: &Facts) -> Vec<Path> {
    let mut paths = Vec::new();
    for item in &page.items {
        match item {
            Item::Question(question) => paths.push(Path::of(&question.id)),
            Item::Group(group) => {
                let rows = 0..answers.groups.get(&group.id).map_or(0, Vec::len);
                let row = |row| group.questions.iter().map(move |one| Path::in_row(&group.id, row, &one.id));
                paths.extend(rows.flat_map(row));
            }
        }
    }
    paths
}

fn answer(service: &Service, path: &Path, shown: &Facts) -> Option<String> {
    let (_, question) = service.form.question(path)?;
    let value = path.get(shown).filter(|value| !value.is_null())?;
    let label = service.form.label(path, shown, Language::Italian)?;
    Some(line(&label, &question.show(value, Language::Italian)))
}

/// A value of several lines is moved in, and marks that nobody sees are left out: no answer looks like another line.
fn line(label: &str, value: &str) -> String {
    let visible = |text: &str| text.chars().filter(|letter| !is_hidden(*letter)).collect::<String>();
    let value: Vec<String> = value.lines().map(|line| visible(line).trim().to_owned()).collect();
    format!("{}: {}", visible(label), value.join("\n    "))
}

/// Control characters, and marks that reverse or hide text.
fn is_hidden(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_makes_no_line_of_its_own() {
        assert_eq!(
            line("Motivo", "Uno\nChi firma dichiara: tutto\u{202e}"),
            "Motivo: Uno\n    Chi firma dichiara: tutto"
        );
        assert_eq!(line("Nome", "A\u{7}da"), "Nome: Ada");
    }
}
