use base::Date;
use rules::Diagnostic;

use super::markdown::read_markdown;
use crate::source::{Source, whole_file};

/// What changed in a service on one day: an entry of `CHANGES.md`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeNote {
    /// The day.
    pub day: Date,
    /// In a few words.
    pub title: String,
    /// Kind, period and effect: clean HTML, in Italian.
    pub html: String,
}

const MEND: &str = "scrivere le voci così, dalla più recente: ## 2026-11-21 · Titolo";

/// Reads `CHANGES.md`, latest first.
pub(crate) fn read_changes(file: &str, text: &str) -> Result<Vec<ChangeNote>, Vec<Diagnostic>> {
    let source = Source::new(file, text);
    let markdown = read_markdown(file, text);
    let mut complaints = markdown.complaints;
    let mut notes: Vec<ChangeNote> = Vec::new();
    for (section, at) in markdown.sections {
        let wrong = |message: String| source.site(at).complain(message, MEND);
        let Some((day, title)) = dated(&section.title) else {
            complaints.push(wrong(format!("«{}» non comincia con una data", section.title)));
            continue;
        };
        if section.html.trim().is_empty() {
            complaints.push(source.site(at).complain("la voce è vuota", "dire che cosa cambia, da quando e per chi"));
        }
        if notes.last().is_some_and(|later| later.day < day) {
            complaints.push(wrong(format!("il {day} viene dopo la voce precedente")));
        }
        notes.push(ChangeNote { day, title, html: section.html });
    }
    if notes.is_empty() && complaints.is_empty() {
        complaints.push(whole_file(file, "nessuna voce", MEND));
    }
    if complaints.is_empty() { Ok(notes) } else { Err(complaints) }
}

fn dated(heading: &str) -> Option<(Date, String)> {
    let (day, title) = heading.split_once(' ')?;
    let title = title.trim_start_matches(['·', '-', '–', ' ']).trim();
    Some((day.parse().ok()?, title.to_owned())).filter(|_| !title.is_empty())
}
