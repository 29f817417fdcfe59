//! A TOML table read key by key, with a complaint at the exact place of whatever does not fit: serde would stop at the
//! first mistake and speak English.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
    ops::{Range, RangeInclusive},
};

use base::{Language, Timestamp, Translated, nearest};
use jiff::civil::DateTime;
use rules::Diagnostic;
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use crate::source::{Site, Source};

/// A text read as TOML, with the complaints about it.
pub(crate) struct Document<'a> {
    source: Source<'a>,
    complaints: RefCell<Vec<Diagnostic>>,
}

/// A table of the document. [`Table::finish`] complains about keys that nobody asked for.
pub(crate) struct Table<'d, 'a> {
    document: &'d Document<'a>,
    entries: &'d DeTable<'a>,
    span: Range<usize>,
    asked: RefCell<BTreeSet<&'static str>>,
}

/// Reads `text` and gives the value that `read` makes of its root, or everything that is wrong.
///
/// While reading, what is missing or unfit becomes an empty value and a complaint; one complaint refuses the whole, so
/// that no empty value is ever used.
pub(crate) fn read<T>(file: &str, text: &str, read: impl FnOnce(&Table) -> T) -> Result<T, Vec<Diagnostic>> {
    let document = Document { source: Source::new(file, text), complaints: RefCell::default() };
    let (root, errors) = DeTable::parse_recoverable(text);
    for error in errors.iter().take(20) {
        let message = format!("scrittura TOML non valida: {}", error.message());
        document.wrong(&error.span().unwrap_or(0..0), message, "correggere virgolette, parentesi e segni «=»");
    }
    if !errors.is_empty() {
        return Err(document.complaints.into_inner());
    }
    let table = Table::new(&document, root.get_ref(), 0..0);
    let value = read(&table);
    table.finish();
    let mut complaints = document.complaints.take();
    complaints.sort_by_key(|one| (one.line, one.column));
    if complaints.is_empty() { Ok(value) } else { Err(complaints) }
}

impl Document<'_> {
    fn wrong(&self, span: &Range<usize>, message: impl Into<String>, mend: impl Into<String>) {
        self.complaints.borrow_mut().push(self.source.complain(span, message, mend));
    }
}

impl<'d, 'a> Table<'d, 'a> {
    fn new(document: &'d Document<'a>, entries: &'d DeTable<'a>, span: Range<usize>) -> Self {
        Self { document, entries, span, asked: RefCell::default() }
    }

    fn get(&self, key: &'static str) -> Option<&'d Spanned<DeValue<'a>>> {
        self.asked.borrow_mut().insert(key);
        self.entries.get(key)
    }

    fn need(&self, key: &'static str, example: &str) -> Option<&'d Spanned<DeValue<'a>>> {
        let value = self.get(key);
        if value.is_none() {
            self.document.wrong(&self.span, format!("manca «{key}»"), format!("aggiungere {key} = {example}"));
        }
        value
    }

    /// Complains at the value of `key`, or at the table where the key is absent.
    pub fn wrong(&self, key: &'static str, message: impl Into<String>, mend: impl Into<String>) {
        self.document.wrong(&self.place(key), message, mend);
    }

    /// Complains at a place found earlier.
    pub fn wrong_at(&self, site: &Site, message: impl Into<String>, mend: impl Into<String>) {
        self.document.complaints.borrow_mut().push(site.complain(message, mend));
    }

    fn place(&self, key: &'static str) -> Range<usize> {
        self.entries.get(key).map_or(self.span.clone(), Spanned::span)
    }

    /// Where `key` stands, for complaints that can be made only later.
    pub fn site(&self, key: &'static str) -> Site {
        self.document.source.site(self.place(key).start)
    }

    fn unfit<T>(&self, value: &Spanned<DeValue>, key: &str, wanted: &str) -> Option<T> {
        self.document.wrong(&value.span(), format!("«{key}» non va scritto così"), format!("scrivere {wanted}"));
        None
    }

    /// A text, if it is there.
    pub fn text(&self, key: &'static str) -> Option<String> {
        let value = self.get(key)?;
        let text = value.get_ref().as_str().filter(|text| !text.trim().is_empty());
        text.map(str::to_owned).or_else(|| self.unfit(value, key, "un testo fra virgolette, non vuoto"))
    }

    /// A text that must be there.
    pub fn need_text(&self, key: &'static str) -> String {
        self.need(key, "\"…\"").and_then(|_| self.text(key)).unwrap_or_default()
    }

    /// Yes or no; no where nothing is said.
    pub fn flag(&self, key: &'static str) -> bool {
        self.get(key).is_some() && self.need_flag(key)
    }

    /// A truth value that must be there.
    pub fn need_flag(&self, key: &'static str) -> bool {
        let Some(value) = self.need(key, "true oppure false") else { return false };
        value.get_ref().as_bool().or_else(|| self.unfit(value, key, "true oppure false")).unwrap_or_default()
    }

    /// A whole number between two bounds, if it is there.
    pub fn number<N: TryFrom<i64>>(&self, key: &'static str, bounds: &RangeInclusive<i64>) -> Option<N> {
        let value = self.get(key)?;
        let number = value.get_ref().as_integer().filter(|number| number.radix() == 10);
        let number = number.and_then(|number| number.as_str().replace('_', "").parse::<i64>().ok());
        let number = number.filter(|number| bounds.contains(number)).and_then(|number| N::try_from(number).ok());
        number.or_else(|| self.unfit(value, key, &whole_number(bounds)))
    }

    /// A whole number between two bounds that must be there; the lower bound stands in where it is not.
    pub fn need_number<N: TryFrom<i64> + Default>(&self, key: &'static str, bounds: RangeInclusive<i64>) -> N {
        self.need(key, &whole_number(&bounds));
        let number = self.number(key, &bounds);
        number.unwrap_or_else(|| N::try_from(*bounds.start()).unwrap_or_default())
    }

    /// One of some words that must be there; the first stands in where it is not.
    pub fn need_choice<T: Copy>(&self, key: &'static str, choices: &[(&str, T)]) -> T {
        self.need(key, &either(choices));
        self.choice(key, choices).unwrap_or(choices[0].1)
    }

    /// One of some words, if it is there.
    pub fn choice<T: Copy>(&self, key: &'static str, choices: &[(&str, T)]) -> Option<T> {
        let value = self.get(key)?;
        let chosen = choices.iter().find(|(word, _)| value.get_ref().as_str() == Some(word));
        chosen.or_else(|| self.unfit(value, key, &either(choices))).map(|(_, chosen)| *chosen)
    }

    /// A date and time of day on the walls of Italy, which must be there.
    pub fn need_rome_instant(&self, key: &'static str) -> Option<Timestamp> {
        const EXAMPLE: &str = "2026-12-01T09:00:00";
        let value = self.need(key, EXAMPLE)?;
        let written = value.get_ref().as_datetime().filter(|told| told.offset.is_none());
        let local = written.and_then(|told| told.to_string().parse::<DateTime>().ok().filter(|_| told.time.is_some()));
        let wanted = format!("data e ora di Roma, senza virgolette: {EXAMPLE}");
        local.map(base::rome_instant).or_else(|| self.unfit(value, key, &wanted))
    }

    /// Texts of a list, each with its place; an absent list is empty.
    pub fn texts(&self, key: &'static str) -> Vec<(String, Site)> {
        let Some(value) = self.get(key) else { return Vec::new() };
        let Some(array) = value.get_ref().as_array() else {
            return self.unfit(value, key, "un elenco: [\"…\", \"…\"]").unwrap_or_default();
        };
        let entries = array.iter().filter_map(|entry| match entry.get_ref().as_str() {
            Some(text) => Some((text.to_owned(), self.document.source.site(entry.span().start))),
            None => self.unfit(entry, key, "testi fra virgolette"),
        });
        entries.collect()
    }

    /// A list in which something must be.
    pub fn need_texts(&self, key: &'static str) -> Vec<(String, Site)> {
        let found = self.need(key, "[\"…\"]").is_some();
        let texts = self.texts(key);
        if found && texts.is_empty() {
            self.wrong(key, format!("«{key}» è vuoto"), "scrivere almeno una voce");
        }
        texts
    }

    /// Texts of an inner table under keys that its author chooses, each with the place of its key; an absent table is
    /// empty.
    pub fn texts_by_key(&self, key: &'static str) -> Vec<(String, String, Site)> {
        let Some(value) = self.get(key) else { return Vec::new() };
        let Some(entries) = value.get_ref().as_table() else {
            return self.unfit(value, key, &format!("una tabella [{key}]")).unwrap_or_default();
        };
        let texts = entries.iter().filter_map(|(name, entry)| {
            let text = entry.get_ref().as_str().filter(|text| !text.trim().is_empty());
            let text = text.map(str::to_owned).or_else(|| self.unfit(entry, name.get_ref(), "un testo, non vuoto"))?;
            Some((name.get_ref().to_string(), text, self.document.source.site(name.span().start)))
        });
        texts.collect()
    }

    /// A text for people, if it is there.
    pub fn translated(&self, key: &'static str) -> Option<Translated> {
        let value = self.get(key)?;
        match value.get_ref() {
            DeValue::String(text) if !text.trim().is_empty() => Some(Translated::One(text.clone().into_owned())),
            DeValue::Table(entries) => Some(Self::new(self.document, entries, value.span()).languages(key)),
            _ => self.unfit(value, key, "{ it = \"…\", en = \"…\", de = \"…\" }"),
        }
    }

    /// A text for people that must be there.
    pub fn need_translated(&self, key: &'static str) -> Translated {
        let found = self.need(key, "{ it = \"…\", en = \"…\", de = \"…\" }");
        found.and_then(|_| self.translated(key)).unwrap_or_else(|| Translated::from(""))
    }

    fn languages(&self, key: &str) -> Translated {
        let tags = [(Language::Italian, "it"), (Language::English, "en"), (Language::German, "de")];
        let texts: BTreeMap<Language, String> =
            tags.into_iter().filter_map(|(language, tag)| Some((language, self.text(tag)?))).collect();
        if !texts.contains_key(&Language::Italian) {
            self.document.wrong(
                &self.span,
                format!("«{key}» non ha il testo italiano"),
                "aggiungere it = \"…\": gli atti valgono in italiano",
            );
        }
        self.finish();
        Translated::Many(texts)
    }

    /// What `read` makes of an inner table, if it is there.
    pub fn table<T>(&self, key: &'static str, read: impl FnOnce(&Table) -> T) -> Option<T> {
        let value = self.get(key)?;
        let Some(entries) = value.get_ref().as_table() else {
            return self.unfit(value, key, &format!("una tabella [{key}]"));
        };
        let table = Self::new(self.document, entries, value.span());
        let made = read(&table);
        table.finish();
        Some(made)
    }

    /// What `read` makes of each table of an array; an absent array is empty.
    pub fn tables<T>(&self, key: &'static str, read: impl Fn(&Table) -> T) -> Vec<T> {
        let Some(value) = self.get(key) else { return Vec::new() };
        let array = value.get_ref().as_array();
        let Some(array) = array.filter(|array| array.iter().all(|entry| entry.get_ref().is_table())) else {
            return self.unfit(value, key, &format!("una o più tabelle [[{key}]]")).unwrap_or_default();
        };
        let tables = array.iter().filter_map(|entry| {
            let table = Self::new(self.document, entry.get_ref().as_table()?, entry.span());
            let made = read(&table);
            table.finish();
            Some(made)
        });
        tables.collect()
    }

    /// Complains about keys that nobody asked for: a mistyped key must not be silently without effect.
    fn finish(&self) {
        let asked = self.asked.borrow();
        for key in self.entries.keys().filter(|key| !asked.contains(key.get_ref().as_ref())) {
            let known = asked.iter().copied();
            let mend = nearest(key.get_ref(), known.clone()).map_or_else(
                || format!("le chiavi possibili qui sono: {}", known.collect::<Vec<_>>().join(", ")),
                |near| format!("forse si voleva «{near}»"),
            );
            self.document.wrong(&key.span(), format!("la chiave «{}» non esiste", key.get_ref()), mend);
        }
    }
}

fn whole_number(bounds: &RangeInclusive<i64>) -> String {
    format!("un numero intero da {} a {}", bounds.start(), bounds.end())
}

fn either<T>(choices: &[(&str, T)]) -> String {
    let words: Vec<String> = choices.iter().map(|(word, _)| format!("\"{word}\"")).collect();
    words.join(" oppure ")
}
