//! `content/registries.toml` as it is written, and what can be wrong in it.

use std::{collections::BTreeSet, ops::Range, sync::Arc};

use base::{Language, TextPlace, Translated, text_place};
use rules::Diagnostic;
use serde::Deserialize;
use toml::Spanned;

use super::{About, Datum, DatumKind, Registry, Shown};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub correction_service: Spanned<String>,
    pub rights_service: Option<String>,
    registries: Vec<Declared>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Declared {
    id: Spanned<String>,
    name: Spanned<Translated>,
    body: Spanned<Translated>,
    holds: Spanned<Translated>,
    purpose: Spanned<Translated>,
    correction: Spanned<Translated>,
    #[serde(default)]
    about: About,
    data: Vec<DeclaredDatum>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DeclaredDatum {
    id: Spanned<String>,
    kind: Spanned<Kind>,
    label: Spanned<Translated>,
    #[serde(default)]
    options: Vec<DeclaredOption>,
    named_by: Option<Spanned<String>>,
    #[serde(default)]
    shown: Shown,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DeclaredOption {
    value: Spanned<String>,
    label: Spanned<Translated>,
}

#[derive(Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
enum Kind {
    Text,
    Date,
    Money,
    Number,
    YesNo,
    Choice,
    List,
}

impl File {
    /// Reads the file and all that is wrong in it; a mistake of TOML alone, because nothing can be said of the rest.
    pub fn read(file: &str, text: &str) -> Result<Self, Vec<Diagnostic>> {
        let mut reader = Reader { file, text, wrong: Vec::new() };
        let declared: Self = toml::from_str(text).map_err(|error| {
            let mend =
                "ogni [[registries]] ha id, name, body, holds, purpose, correction e data; ogni dato id, kind e label";
            reader.complain(&error.span().unwrap_or(0..0), error.message(), mend);
            std::mem::take(&mut reader.wrong)
        })?;
        reader.registries(&declared.registries);
        if reader.wrong.is_empty() { Ok(declared) } else { Err(reader.wrong) }
    }

    pub fn into_registries(self) -> Vec<Registry> {
        self.registries.into_iter().map(Registry::from).collect()
    }
}

impl From<Declared> for Registry {
    fn from(declared: Declared) -> Self {
        let id = declared.id.into_inner();
        Self {
            data: declared.data.into_iter().map(|datum| datum.of(&id)).collect(),
            name: Arc::new(declared.name.into_inner()),
            body: declared.body.into_inner(),
            holds: declared.holds.into_inner(),
            purpose: declared.purpose.into_inner(),
            correction: declared.correction.into_inner(),
            about: declared.about,
            id,
        }
    }
}

impl DeclaredDatum {
    fn of(self, registry: &str) -> Datum {
        let options = self.options.into_iter().map(|one| (one.value.into_inner(), one.label.into_inner()));
        let kind = match self.kind.into_inner() {
            Kind::Text => DatumKind::Text,
            Kind::Date => DatumKind::Date,
            Kind::Money => DatumKind::Money,
            Kind::Number => DatumKind::Number,
            Kind::YesNo => DatumKind::YesNo,
            Kind::Choice => DatumKind::Choice(options.collect()),
            Kind::List => DatumKind::List {
                named_by: self.named_by.map(Spanned::into_inner).unwrap_or_default(),
                shown: self.shown,
            },
        };
        Datum { key: format!("{registry}.{}", self.id.get_ref()), label: self.label.into_inner(), kind }
    }
}

/// The text that is read, with what is wrong in it.
struct Reader<'a> {
    file: &'a str,
    text: &'a str,
    wrong: Vec<Diagnostic>,
}

impl Reader<'_> {
    fn registries(&mut self, declared: &[Declared]) {
        let mut ids = BTreeSet::new();
        for registry in declared {
            self.name(&registry.id, ('-', "la banca dati"), &mut ids);
            let texts = [&registry.name, &registry.body, &registry.holds, &registry.purpose, &registry.correction];
            texts.into_iter().for_each(|text| self.speaks(text));
        }
        let key =
            |registry: &Declared, datum: &DeclaredDatum| format!("{}.{}", registry.id.get_ref(), datum.id.get_ref());
        let keys: BTreeSet<String> =
            declared.iter().flat_map(|registry| registry.data.iter().map(move |datum| key(registry, datum))).collect();
        for registry in declared {
            let mut ids = BTreeSet::new();
            for datum in &registry.data {
                self.name(&datum.id, ('_', "il dato"), &mut ids);
                self.speaks(&datum.label);
                self.options(datum);
                self.members(datum, &keys);
            }
        }
    }

    /// Names stand in addresses and in `from = "…"`, each once.
    fn name<'n>(&mut self, id: &'n Spanned<String>, (joint, what): (char, &str), seen: &mut BTreeSet<&'n String>) {
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == joint;
        if id.get_ref().is_empty() || !id.get_ref().chars().all(fits) {
            let message = format!("{what} non può chiamarsi «{}»", id.get_ref());
            self.complain(&id.span(), &message, &format!("usare lettere minuscole, cifre e «{joint}»"));
        }
        if !seen.insert(id.get_ref()) {
            self.complain(&id.span(), &format!("{what} «{}» c’è già", id.get_ref()), "dare un altro id a uno dei due");
        }
    }

    fn speaks(&mut self, text: &Spanned<Translated>) {
        if text.get_ref().get(Language::Italian).trim().is_empty() {
            self.complain(&text.span(), "manca il testo italiano", "scrivere { it = \"…\", en = \"…\", de = \"…\" }");
        }
    }

    fn options(&mut self, datum: &DeclaredDatum) {
        if datum.options.is_empty() == (*datum.kind.get_ref() == Kind::Choice) {
            let mend = "kind = \"choice\" ha options = [{ value = \"…\", label = { … } }]; gli altri non ne hanno";
            self.complain(&datum.kind.span(), "il tipo di dato e i suoi valori non vanno insieme", mend);
        }
        let mut seen = BTreeSet::new();
        for option in &datum.options {
            self.speaks(&option.label);
            if !seen.insert(option.value.get_ref()) {
                let message = format!("il valore «{}» c’è già", option.value.get_ref());
                self.complain(&option.value.span(), &message, "tenerne uno solo");
            }
        }
    }

    fn members(&mut self, datum: &DeclaredDatum, keys: &BTreeSet<String>) {
        match &datum.named_by {
            Some(named_by) if !keys.contains(named_by.get_ref()) => {
                let message = format!("«{}» non è un dato di queste banche dati", named_by.get_ref());
                self.complain(&named_by.span(), &message, "scrivere banca-dati.dato, come in anpr.nome");
            }
            named_by if named_by.is_some() != (*datum.kind.get_ref() == Kind::List) => {
                let mend = "kind = \"list\" ha named_by = \"banca-dati.dato\"; gli altri non l’hanno";
                self.complain(&datum.kind.span(), "il tipo di dato e named_by non vanno insieme", mend);
            }
            _ => {}
        }
    }

    fn complain(&mut self, at: &Range<usize>, message: &str, mend: &str) {
        let TextPlace { line, column, source } = text_place(self.text, at.start);
        self.wrong.push(Diagnostic {
            file: self.file.to_owned(),
            line,
            column,
            message: message.to_owned(),
            mend: mend.to_owned(),
            source: source.to_owned(),
        });
    }
}
