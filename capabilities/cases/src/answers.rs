//! Answers as pages show them: what registries said, with registry, date and purpose; what the person wrote.

use std::collections::BTreeMap;

use base::Language;
use forms::{Form, Item, Kind, Path, Provenance};
use registry::Registries;
use rules::{Facts, Value};
use web::{Page, components::Fact};

use crate::{
    case::Case,
    payload::{Replaced, Source},
};

/// A section of answers: a page of the form, or one member of a group.
#[derive(Debug, Clone)]
pub struct Section {
    /// Heading.
    pub title: String,
    /// Whether it is a member of the section before it.
    pub member: bool,
    /// Answers.
    pub facts: Vec<Fact>,
}

/// Where an answer stands and where it comes from, for the link beside it.
pub struct Shown<'a> {
    /// The question's label.
    pub label: &'a str,
    /// The answer in words.
    pub value: &'a str,
    /// Which page of the form asks it.
    pub page: &'a str,
    /// Where it comes from, if from a registry.
    pub source: Option<&'a Source>,
    /// Whether the person may give another answer than the registry's.
    pub replaceable: bool,
}

/// What can be done about an answer: words and address.
pub type Action<'a> = dyn Fn(&Shown<'_>) -> Vec<(String, String)> + 'a;

/// Keeps where answers come from in the form in which an act holds it.
#[must_use]
pub fn sources(provenance: &BTreeMap<Path, Provenance>) -> BTreeMap<String, Source> {
    let source = |known: &Provenance| Source {
        registry: known.registry.clone(),
        registry_name: known.registry_name.get(Language::Italian).to_owned(),
        recorded_on: known.recorded_on,
    };
    provenance.iter().map(|(path, known)| (path.to_string(), source(known))).collect()
}

/// Names of attached files by identifier, as answers hold them.
pub type FileNames = BTreeMap<String, String>;

/// Answers on their way into a page.
pub struct View<'a> {
    /// The page that shows them.
    pub page: &'a Page,
    /// The questions.
    pub form: &'a Form,
    /// The answers.
    pub answers: &'a Facts,
    /// Where those come from that nobody typed.
    pub sources: &'a BTreeMap<String, Source>,
    /// What the person gave in the place of a registry's value.
    pub replaced: &'a BTreeMap<String, Replaced>,
    /// Names of attached files.
    pub names: &'a FileNames,
    /// The registries of today; one that is not among them is named as the act keeps it.
    pub registries: &'a Registries,
    /// What the person answered in «Che cosa mi spetta?», on the way to this application.
    pub screened: Option<&'a Facts>,
    /// What can be done about an answer.
    pub action: &'a Action<'a>,
}

/// The answers of a case as pages show them where nothing can be done about them.
#[must_use]
pub fn case_sections(
    page: &Page,
    form: &Form,
    (case, answers): (&Case, &Facts),
    registries: &Registries,
) -> Vec<Section> {
    let (names, action) = (&case.file_names(), &|_: &Shown<'_>| Vec::new());
    let (sources, replaced) = (&case.sources, &case.replaced);
    View { page, form, answers, sources, replaced, names, registries, screened: None, action }.sections()
}

/// The names of the files in an answer; empty where they are not at hand.
#[must_use]
pub fn file_names(ids: &str, names: &FileNames) -> String {
    ids.split(',').filter_map(|id| names.get(id).map(String::as_str)).collect::<Vec<_>>().join(", ")
}

impl View<'_> {
    /// All answers, section by section.
    #[must_use]
    pub fn sections(&self) -> Vec<Section> {
        let mut sections: Vec<Section> = Vec::new();
        for declared in &self.form.pages {
            let (mut own, mut members) = (Vec::new(), Vec::new());
            for item in &declared.items {
                match item {
                    Item::Question(question) => own.extend(self.fact(&declared.id, &Path::of(&question.id))),
                    Item::Group(group) => members.extend(self.members(&declared.id, group)),
                }
            }
            if !own.is_empty() || !members.is_empty() {
                let title = declared.title.get(self.page.language).to_owned();
                sections.push(Section { title, member: false, facts: own });
                sections.append(&mut members);
            }
        }
        sections
    }

    fn members(&self, page_id: &str, group: &forms::Group) -> Vec<Section> {
        let rows = self.answers.groups.get(&group.id).map_or(0, Vec::len);
        let member = |row: usize| {
            let paths = group.questions.iter().map(|question| Path::in_row(&group.id, row, &question.id));
            Section {
                title: group.heading(row, self.answers, self.page.language),
                member: true,
                facts: paths.filter_map(|path| self.fact(page_id, &path)).collect(),
            }
        };
        (0..rows).map(member).collect()
    }

    /// Names of attached files; their number where the names are not at hand.
    fn files(&self, ids: &str) -> String {
        let names = file_names(ids, self.names);
        let many = i64::try_from(ids.split(',').count()).unwrap_or(i64::MAX);
        if names.is_empty() { self.page.tn("cases.answers.files", many) } else { names }
    }

    fn fact(&self, page_id: &str, path: &Path) -> Option<Fact> {
        let (_, question) = self.form.question(path)?;
        if matches!(question.kind, Kind::Note | Kind::Declaration { on_confirm: true }) {
            return None;
        }
        let value = path.get(self.answers).filter(|value| !value.is_null())?;
        let (label, source) = (question.label.get(self.page.language), self.sources.get(&path.to_string()));
        let value = match (&question.kind, value) {
            (Kind::Attachment(_), Value::Text(ids)) => self.files(ids),
            (_, value) => question.show(value, self.page.language),
        };
        let named = self.form.label(path, self.answers, self.page.language)?;
        let replaceable = question.replaceable;
        let shown = Shown { label: &named, value: &value, page: page_id, source, replaceable };
        let mut fact = Fact::new(label, &value);
        if let Some(source) = source {
            let purpose = question.purpose.as_ref().map_or("", |text| text.get(self.page.language));
            let registry = self.registries.get(&source.registry).map(|registry| registry.name.get(self.page.language));
            fact = fact.from_registry(
                registry.unwrap_or(&source.registry_name),
                self.page.date(&source.recorded_on),
                purpose,
            );
        }
        if let Some(replaced) = self.replaced.get(&path.to_string()).filter(|_| source.is_none()) {
            fact = fact.note(self.given(replaced));
        }
        let screened = self.screened.and_then(|facts| path.get(facts)) == path.get(self.answers);
        if screened && source.is_none() && !self.replaced.contains_key(&path.to_string()) {
            fact = fact.note(self.page.t("cases.answers.screened"));
        }
        let actions = (self.action)(&shown).into_iter();
        Some(actions.fold(fact, |fact, (words, href)| fact.action(words, href)))
    }

    /// Who gave an answer in the place of a registry's, and when.
    fn given(&self, replaced: &Replaced) -> String {
        let key = if self.page.office() { "cases.answers.given_office" } else { "cases.answers.given" };
        self.page.t2(key, "day", self.page.date(&replaced.on), "registry", &replaced.registry_name)
    }
}
