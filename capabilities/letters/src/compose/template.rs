use std::{collections::BTreeMap, error::Error as _};

use base::Translated;
use catalogue::LetterPart;
use minijinja::{
    AutoEscape, Environment, ErrorKind, State, UndefinedBehavior, Value,
    syntax::SyntaxConfig,
    value::{Serde, ValueKind},
};
use serde::Deserialize;

use super::{ComposeError, escape::escaped, filters};

/// Steps a template may take: a letter needs some thousands.
const FUEL: u64 = 500_000;

/// A letter template of a service folder: a head in TOML between lines of `+++`, then Markdown with placeholders.
#[derive(Debug, Clone)]
pub struct Template {
    /// Name for messages, e.g. `assegno-unico/letters/ricevuta.md`.
    pub name: String,
    /// What the head declares.
    pub head: Head,
    body: String,
    parts: BTreeMap<String, LetterPart>,
}

/// The head of a template.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Head {
    /// Title of the letter.
    pub title: Translated,
    /// Kind of the act that the letter communicates.
    pub for_act: String,
}

impl Template {
    /// Reads a template.
    ///
    /// # Errors
    /// [`ComposeError::Head`] when the head is absent or wrong.
    pub fn parse(name: &str, text: &str) -> Result<Self, ComposeError> {
        let wrong =
            |line, message: &str| ComposeError::Head { template: name.to_owned(), line, message: message.to_owned() };
        let text = text.replace("\r\n", "\n");
        let rest = text.strip_prefix("+++\n").ok_or_else(|| wrong(1, "la prima riga deve essere `+++`"))?;
        let (head, body) =
            rest.split_once("\n+++\n").ok_or_else(|| wrong(1, "manca la riga `+++` che chiude l’intestazione"))?;
        let parsed = toml::from_str(head).map_err(|error: toml::de::Error| {
            let line = error.span().map_or(1, |span| 2 + head[..span.start].matches('\n').count());
            wrong(line, error.message())
        })?;
        // Empty lines stand for the head, so that a line number in the body is a line number in the file.
        let above = "\n".repeat(head.lines().count() + 2);
        Ok(Self { name: name.to_owned(), head: parsed, body: above + body, parts: BTreeMap::new() })
    }

    /// The same, able to include these parts: `{% include "parti/ufficio.md" %}`.
    #[must_use]
    pub fn with_parts(self, parts: &BTreeMap<String, LetterPart>) -> Self {
        Self { parts: parts.clone(), ..self }
    }

    /// The Markdown of the letter: placeholders filled in, every value escaped.
    ///
    /// # Errors
    /// [`ComposeError::Placeholder`] for a name that does not exist, a value that is empty, or a mistake of syntax.
    pub fn render(&self, context: &serde_json::Value) -> Result<String, ComposeError> {
        let render = || {
            let mut sandbox = sandbox();
            for (name, part) in &self.parts {
                sandbox.add_template(name, &part.text)?;
            }
            sandbox.template_from_named_str(&self.name, &self.body)?.render(Serde(context))
        };
        render().map(|text| filters::joined(&text)).map_err(|error| self.placeholder(&error))
    }

    /// What went wrong, told at its place: in a part, where it is there.
    fn placeholder(&self, error: &minijinja::Error) -> ComposeError {
        let mut error = error;
        while let Some(inner) = error.source().and_then(|inner| inner.downcast_ref()) {
            error = inner;
        }
        let part = error.name().and_then(|name| self.parts.get(name));
        let (file, source) = part.map_or((&self.name, &self.body), |part| (&part.file, &part.text));
        let expression = error.range().and_then(|range| source.get(range)).unwrap_or("").trim().to_owned();
        let message = match error.kind() {
            ErrorKind::UndefinedError => "questo nome non esiste".to_owned(),
            ErrorKind::UnknownFilter => "questo filtro non esiste".to_owned(),
            ErrorKind::TemplateNotFound => "questa parte non esiste".to_owned(),
            _ => error.detail().map_or_else(|| error.kind().to_string(), str::to_owned),
        };
        ComposeError::Placeholder { template: file.clone(), line: error.line().unwrap_or(0), expression, message }
    }
}

/// No loader, no files, no functions of ours with effects; undefined names are errors; no way to switch escaping off.
fn sandbox<'t>() -> Environment<'t> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| AutoEscape::Custom("markdown".into()));
    environment.set_formatter(write_value);
    let mut syntax = SyntaxConfig::builder();
    syntax.trim_blocks(true).lstrip_blocks(true); // a line that holds only `{% … %}` leaves no line
    syntax.keep_trailing_newline(true); // what follows an included part begins on a line of its own
    environment.set_syntax(syntax.build().expect("the delimiters are the usual ones"));
    environment.set_fuel(Some(FUEL));
    environment.set_recursion_limit(50);
    for unsafe_filter in ["safe", "escape", "e"] {
        environment.remove_filter(unsafe_filter);
    }
    filters::add(&mut environment);
    environment
}

fn write_value(out: &mut minijinja::Output<'_>, _: &mut State<'_, '_>, value: &Value) -> Result<(), minijinja::Error> {
    let refuse = |why: &str| Err(minijinja::Error::new(ErrorKind::InvalidOperation, why.to_owned()));
    let text = match value.kind() {
        ValueKind::Undefined => return Err(ErrorKind::UndefinedError.into()),
        ValueKind::None => return refuse("il valore è vuoto: metterlo dentro {% if … %}"),
        ValueKind::Bool => if value.is_true() { "sì" } else { "no" }.to_owned(),
        ValueKind::String if value.is_safe() => value.to_string(),
        ValueKind::String | ValueKind::Number => escaped(&value.to_string()),
        _ => return refuse("è un elenco o un gruppo di valori: indicare quale, o scorrerlo con {% for … %}"),
    };
    out.write_str(&text).map_err(|_| ErrorKind::WriteFailure.into())
}
