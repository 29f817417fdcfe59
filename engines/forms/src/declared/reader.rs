//! A TOML table read key by key, with a complaint at the exact place of what does not fit.

use std::{collections::BTreeMap, ops::Range};

use base::{Language, TextPlace, Translated, nearest, text_place};
use rules::Diagnostic;
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

/// A table and the place where it stands.
#[derive(Clone)]
pub(super) struct At<'t, 'a> {
    pub table: &'t DeTable<'a>,
    pub span: Range<usize>,
}

pub(super) struct Reader<'a> {
    file: &'a str,
    text: &'a str,
    pub diagnostics: Vec<Diagnostic>,
    /// Where each id was declared: `isee`, `figli.nome`, `page dati`.
    pub declared: BTreeMap<String, Range<usize>>,
}

impl<'a> Reader<'a> {
    pub fn new(file: &'a str, text: &'a str) -> Self {
        Self { file, text, diagnostics: Vec::new(), declared: BTreeMap::new() }
    }

    pub fn wrong(&mut self, span: Range<usize>, message: impl Into<String>, mend: impl Into<String>) {
        let TextPlace { line, column, source } = text_place(self.text, span.start);
        self.diagnostics.push(Diagnostic {
            file: self.file.to_owned(),
            line,
            column,
            message: message.into(),
            mend: mend.into(),
            source: source.to_owned(),
        });
    }

    pub fn sorted(mut self) -> Vec<Diagnostic> {
        self.diagnostics.sort_by_key(|diagnostic| (diagnostic.line, diagnostic.column));
        self.diagnostics
    }

    /// Complains about every key that is not in `known`.
    pub fn only_keys(&mut self, at: &At, known: &[&str]) {
        for key in at.table.keys() {
            if !known.contains(&key.get_ref().as_ref()) {
                let mend = nearest(key.get_ref(), known.iter().copied()).map_or_else(
                    || format!("chiavi ammesse qui: {}", known.join(", ")),
                    |near| format!("forse si voleva `{near}`"),
                );
                self.wrong(key.span(), format!("chiave sconosciuta `{}`", key.get_ref()), mend);
            }
        }
    }

    pub fn string(&mut self, at: &At, key: &str) -> Option<Spanned<String>> {
        let value = at.table.get(key)?;
        match value.get_ref().as_str() {
            Some(text) => Some(Spanned::new(value.span(), text.to_owned())),
            None => self.refuse(value, key, "un testo fra virgolette"),
        }
    }

    /// A text that must be there.
    pub fn need_string(&mut self, at: &At, key: &str) -> Option<Spanned<String>> {
        if at.table.get(key).is_none() {
            self.wrong(at.span.clone(), format!("manca `{key}`"), format!("aggiungere {key} = \"…\""));
        }
        self.string(at, key)
    }

    pub fn bool(&mut self, at: &At, key: &str) -> Option<bool> {
        let value = at.table.get(key)?;
        value.get_ref().as_bool().or_else(|| self.refuse(value, key, "true oppure false"))
    }

    pub fn integer(&mut self, at: &At, key: &str) -> Option<i64> {
        let value = at.table.get(key)?;
        let number = value.get_ref().as_integer().filter(|number| number.radix() == 10);
        number.and_then(|number| number.as_str().parse().ok()).or_else(|| self.refuse(value, key, "un numero intero"))
    }

    /// A count between `low` and `high`, or `default`.
    pub fn count(&mut self, at: &At, key: &str, default: usize, (low, high): (usize, usize)) -> usize {
        let Some(number) = self.integer(at, key) else { return default };
        usize::try_from(number).ok().filter(|number| (low..=high).contains(number)).unwrap_or_else(|| {
            let span = at.table.get(key).map_or(at.span.clone(), Spanned::span);
            self.wrong(
                span,
                format!("`{key}` non può essere {number}"),
                format!("scrivere un numero da {low} a {high}"),
            );
            default
        })
    }

    pub fn translated(&mut self, at: &At, key: &str) -> Option<Translated> {
        let value = at.table.get(key)?;
        match value.get_ref() {
            DeValue::String(text) if !text.trim().is_empty() => Some(Translated::One(text.clone().into_owned())),
            DeValue::Table(table) => self.languages(&At { table, span: value.span() }, key),
            _ => self.refuse(value, key, "un testo, o { it = \"…\", en = \"…\", de = \"…\" }"),
        }
    }

    /// A text for people that must be there, in Italian at least.
    pub fn need_translated(&mut self, at: &At, key: &str) -> Translated {
        if at.table.get(key).is_none() {
            let mend = format!("aggiungere {key} = {{ it = \"…\", en = \"…\", de = \"…\" }}");
            self.wrong(at.span.clone(), format!("manca `{key}`"), mend);
        }
        self.translated(at, key).unwrap_or_else(|| Translated::from(""))
    }

    fn languages(&mut self, at: &At, key: &str) -> Option<Translated> {
        let mut texts = BTreeMap::new();
        for (tag, text) in at.table {
            let language = Language::ALL.into_iter().find(|language| language.tag() == tag.get_ref().as_ref());
            match (language, text.get_ref().as_str()) {
                (None, _) => self.wrong(
                    tag.span(),
                    format!("lingua sconosciuta `{}`", tag.get_ref()),
                    "le lingue sono it, en, de",
                ),
                (Some(language), Some(words)) if !words.trim().is_empty() => {
                    texts.insert(language, words.to_owned());
                }
                (Some(_), _) => self.wrong(text.span(), "manca il testo", "scrivere un testo fra virgolette"),
            }
        }
        if !texts.contains_key(&Language::Italian) && at.table.get("it").is_none() {
            self.wrong(
                at.span.clone(),
                format!("`{key}` non ha il testo italiano"),
                "aggiungere it = \"…\": è la lingua degli atti",
            );
        }
        Some(Translated::Many(texts))
    }

    /// The tables of an array of tables, in order.
    pub fn tables<'t, 'd>(&mut self, at: &At<'t, 'd>, key: &str) -> Vec<At<'t, 'd>> {
        let Some(value) = at.table.get(key) else { return Vec::new() };
        let Some(array) = value.get_ref().as_array() else {
            self.refuse::<()>(value, key, "un elenco di tabelle");
            return Vec::new();
        };
        let mut tables = Vec::new();
        for entry in array {
            match entry.get_ref().as_table() {
                Some(table) => tables.push(At { table, span: entry.span() }),
                None => self.wrong(
                    entry.span(),
                    format!("`{key}` è un elenco di tabelle"),
                    format!("scrivere [[{key}]] o {{ … }}"),
                ),
            }
        }
        tables
    }

    /// Notes where an id was declared; a second use is told with the place of the first.
    pub fn declare(&mut self, name: String, span: Range<usize>) {
        if let Some(first) = self.declared.get(&name) {
            let line = text_place(self.text, first.start).line;
            let id = name.rsplit(' ').next().unwrap_or(&name).to_owned();
            self.wrong(span, format!("`{id}` è già dichiarato alla riga {line}"), "dare un altro nome a uno dei due");
        } else {
            self.declared.insert(name, span);
        }
    }

    pub fn refuse<T>(&mut self, value: &Spanned<DeValue>, key: &str, wanted: &str) -> Option<T> {
        self.wrong(value.span(), format!("`{key}` non va bene così"), format!("scrivere {wanted}"));
        None
    }
}
