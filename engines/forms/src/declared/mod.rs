//! Reading `form.toml`: everything that is wrong is told at once, each with its place and the mend.

mod agreement;
mod conditions;
mod kinds;
mod pages;
mod reader;
mod sample;

pub(crate) use kinds::MAX_CHARACTERS;
use rules::Diagnostic;

use crate::Form;
use reader::Reader;

/// Longest `form.toml` that is read, in bytes.
const MAX_LENGTH: usize = 1_000_000;

impl Form {
    /// Reads a form. `file` is only a name for messages.
    ///
    /// # Errors
    /// Everything that is wrong: unknown keys and kinds, duplicate ids, missing Italian texts, choices without
    /// options, conditions that name unknown questions, pages that nobody can reach.
    pub fn parse(file: &str, text: &str) -> Result<Self, Vec<Diagnostic>> {
        let mut reader = Reader::new(file, text);
        if MAX_LENGTH < text.len() {
            reader.wrong(0..0, "il file è troppo lungo", "un modulo sta in un milione di caratteri");
            return Err(reader.diagnostics);
        }
        let (document, errors) = toml::de::DeTable::parse_recoverable(text);
        for error in errors.into_iter().take(20) {
            reader.wrong(error.span().unwrap_or(0..0), error.message(), "correggere la scrittura TOML in questo punto");
        }
        if !reader.diagnostics.is_empty() {
            return Err(reader.diagnostics);
        }
        let form = pages::read_form(&mut reader, file, document.get_ref());
        conditions::review(&mut reader, &form);
        agreement::review(&mut reader, &form);
        if reader.diagnostics.is_empty() { Ok(form) } else { Err(reader.sorted()) }
    }
}
