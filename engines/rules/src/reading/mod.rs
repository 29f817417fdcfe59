//! From the texts of a service to a checked [`Program`].

mod checks;
mod decision_tables;
mod document;
mod inputs;
mod parameters;
mod rules;
mod tables;
mod validities;

use crate::{
    Diagnostic, Program, Sources,
    diagnostic::{Place, SourceText},
    language::Names,
    program::SUBJECTS,
};

use document::{Document, Grid};

/// Largest text of one file, in bytes: some hundred times the longest law we know.
const LARGEST_FILE: usize = 8 * 1024 * 1024;
/// Most rules, and most facts or parameters: bounds the memory for what depends on what.
const MOST_NAMES: usize = 3_000;
/// Complaints beyond this would not be read.
const MOST_COMPLAINTS: usize = 500;

/// What is being read, and what was found wrong so far.
pub(crate) struct Reading<'a> {
    pub source: SourceText<'a>,
    pub names: Names,
    pub program: Program,
    pub wrong: Vec<Diagnostic>,
}

impl Reading<'_> {
    pub fn complain(&mut self, place: Place, message: impl Into<String>, mend: impl Into<String>) {
        if self.wrong.len() >= MOST_COMPLAINTS {
            return;
        }
        let diagnostic = self.source.complain(place, message, mend);
        self.wrong.push(diagnostic);
    }

    /// Whether `di` names the one entity that the law decides for. A law decides for one kind of entity.
    fn is_subject(&mut self, text: &str, place: Place) -> bool {
        let Some(named) = SUBJECTS.into_iter().find(|subject| *subject == text) else { return false };
        let subject = *self.program.subject.get_or_insert(named);
        if subject != named {
            let message = format!("la legge decide per «{subject}», qui c'è «{named}»");
            self.complain(
                place,
                message,
                "usare un solo nome; gli altri soggetti sono relazioni, per esempio dipendenti",
            );
        }
        true
    }

    /// Refuses a name that is badly formed or taken. Names are checked once, where they are declared.
    fn may_declare(&mut self, owner: Option<usize>, name: &str, place: Place) -> bool {
        if !is_name(name) {
            let mend = "lettere minuscole senza accenti, cifre e _; la prima è una lettera: quota_minore";
            self.complain(place, format!("nome non ammesso: `{name}`"), mend);
            return false;
        }
        if crate::language::RESERVED.contains(&name) || self.names.taken(owner, name) {
            self.complain(place, format!("nome già usato: `{name}`"), "scegliere un altro nome");
            return false;
        }
        true
    }
}

/// Names are those that need no quotes in SQL.
pub(crate) fn is_name(name: &str) -> bool {
    let mut chars = name.chars();
    chars.next().is_some_and(|first| first.is_ascii_lowercase())
        && chars.all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

pub(crate) fn read_program(sources: &Sources<'_>) -> Result<Program, Vec<Diagnostic>> {
    too_large(sources)?;
    let document = Document::read(sources.text);
    let mut reading = Reading {
        source: SourceText::new(sources.file, sources.text),
        names: Names::default(),
        program: Program::default(),
        wrong: Vec::new(),
    };
    too_many(&mut reading, &document)?;
    let input_places = inputs::read(&mut reading, &document);
    let parameter_places = parameters::read(&mut reading, &document);
    tables::read(&mut reading, sources.tables);
    let (blocks, decisions) = rules::read(&mut reading, &document);
    let complete = reading.wrong.is_empty();
    checks::check(
        &mut reading,
        &checks::Places { inputs: input_places, parameters: parameter_places, rules: blocks, decisions },
        complete,
    );
    reading.program.relations = std::mem::take(&mut reading.names.relations);
    if reading.wrong.is_empty() {
        Ok(reading.program)
    } else {
        reading.wrong.sort_by(|a, b| (&a.file, a.line, a.column).cmp(&(&b.file, b.line, b.column)));
        Err(reading.wrong)
    }
}

/// A file that no law needs is not even read.
fn too_large(sources: &Sources<'_>) -> Result<(), Vec<Diagnostic>> {
    let files = std::iter::once((sources.file, sources.text));
    let mut files = files.chain(sources.tables.iter().map(|(file, text)| (file.as_str(), text.as_str())));
    let Some((file, text)) = files.find(|(_, text)| text.len() > LARGEST_FILE) else { return Ok(()) };
    let message = format!("file troppo grande: {} byte, al più {LARGEST_FILE}", text.len());
    Err(vec![SourceText::new(file, "").complain(
        Place { line: 1, column: 1 },
        message,
        "dividere la legge in più servizi",
    )])
}

fn too_many(reading: &mut Reading<'_>, document: &Document) -> Result<(), Vec<Diagnostic>> {
    let rows = document.grids.iter().map(|grid| grid.rows.len()).sum::<usize>();
    if document.blocks.len() <= MOST_NAMES && rows <= MOST_NAMES * 4 {
        return Ok(());
    }
    let message = format!("troppe regole o righe di tabella: al più {MOST_NAMES} regole e {} righe", MOST_NAMES * 4);
    reading.complain(Place { line: 1, column: 1 }, message, "dividere la legge in più servizi");
    Err(std::mem::take(&mut reading.wrong))
}

/// The tables whose header begins with `first`; each is checked to have the columns that it must have.
fn grids<'d>(reading: &mut Reading<'_>, document: &'d Document, first: &str, needed: &[&str]) -> Vec<&'d Grid> {
    let mut found = Vec::new();
    for grid in document.grids.iter().filter(|grid| grid.begins_with(first)) {
        let missing: Vec<&str> = needed.iter().copied().filter(|name| grid.column(name).is_none()).collect();
        if missing.is_empty() {
            found.push(grid);
        } else {
            let mend = format!("intestazione attesa: | {} |", needed.join(" | "));
            reading.complain(grid.header[0].place, format!("mancano colonne: {}", missing.join(", ")), mend);
        }
    }
    found
}
