use std::collections::BTreeSet;

use base::{Language, Translated};
use rules::{Facts, Value};

use crate::{Kind, Path, When};

/// What a service asks, page by page. Read from `form.toml` with [`Form::parse`](crate::Form::parse).
#[derive(Debug, Clone)]
pub struct Form {
    /// Name of the file, for messages.
    pub file: String,
    /// In the order in which a person meets them.
    pub pages: Vec<Page>,
    /// Problems that show only when several answers are read together.
    pub checks: Vec<Check>,
    /// If set, only these answers are open: see [`Form::restrict`].
    pub(crate) only: Option<BTreeSet<Path>>,
}

/// One screen of questions.
#[derive(Debug, Clone)]
pub struct Page {
    /// Its place in the URL: an Italian slug.
    pub id: String,
    /// Heading.
    pub title: Translated,
    /// What to know before answering.
    pub intro: Option<Translated>,
    /// Shown only if this holds.
    pub when: Option<When>,
    /// Questions and groups in the order of the file.
    pub items: Vec<Item>,
}

/// What a page is made of.
#[derive(Debug, Clone)]
pub enum Item {
    /// One question.
    Question(Question),
    /// Questions repeated for each member.
    Group(Group),
}

/// Questions repeated for each member of a list: children, properties, jobs.
#[derive(Debug, Clone)]
pub struct Group {
    /// The relation in the rules: `figli`.
    pub id: String,
    /// Heading of the list.
    pub title: Translated,
    /// What one member is called: "figlio".
    pub member: Translated,
    /// What to know before answering.
    pub intro: Option<Translated>,
    /// Fewest rows.
    pub min: usize,
    /// Most rows, at most 50.
    pub max: usize,
    /// The list in a registry from which rows come: `anpr.figli`.
    pub from: Option<String>,
    /// The question whose answer is a member's name, for headings and reasons: `nome`.
    pub named_by: Option<String>,
    /// Shown only if this holds.
    pub when: Option<When>,
    /// What is asked of each member.
    pub questions: Vec<Question>,
}

/// One question.
#[derive(Debug, Clone)]
pub struct Question {
    /// The input of the rules that it fills.
    pub id: String,
    /// What kind of answer, with its bounds.
    pub kind: Kind,
    /// The question itself.
    pub label: Translated,
    /// Help in a line.
    pub hint: Option<Translated>,
    /// What to say instead of the standard message when the answer is not understood.
    pub error: Option<Translated>,
    /// Why it is asked or read: shown to the person (transparency of art. 13-14 GDPR).
    pub purpose: Option<Translated>,
    /// Whether the form is incomplete without it.
    pub required: bool,
    /// Asked only if this holds.
    pub when: Option<When>,
    /// Where the answer is already known: `registry.key`.
    pub from: Option<String>,
    /// Whether the person may give another answer than the registry's, for this application only.
    pub replaceable: bool,
    /// The fiscal code, asked beside it, that says the same: the date of birth, or the sex.
    pub agrees_with: Option<String>,
    /// The usual answer, shown for confirmation where no registry knows better.
    pub default: Option<Value>,
}

/// A problem that shows only when several answers are read together.
#[derive(Debug, Clone)]
pub struct Check {
    /// The problem is there when this holds.
    pub when: When,
    /// What is wrong and how to mend it.
    pub message: Translated,
    /// The article behind it.
    pub law: Option<String>,
    /// The group whose rows are checked one by one, if any.
    pub group: Option<String>,
    /// The question beside which the message stands.
    pub at: String,
}

impl Form {
    /// The page with this id.
    #[must_use]
    pub fn page(&self, id: &str) -> Option<&Page> {
        self.pages.iter().find(|page| page.id == id)
    }

    /// Every question with its group, in order.
    pub fn questions(&self) -> impl Iterator<Item = (Option<&Group>, &Question)> {
        self.pages.iter().flat_map(Page::questions)
    }

    /// The question that fills `path`, with its group.
    #[must_use]
    pub fn question(&self, path: &Path) -> Option<(Option<&Group>, &Question)> {
        let group = path.row.as_ref().map(|(group, _)| group.as_str());
        self.questions().find(|(owner, question)| owner.map(|g| g.id.as_str()) == group && question.id == path.id)
    }

    /// Every group, in order.
    pub fn groups(&self) -> impl Iterator<Item = &Group> {
        self.pages.iter().flat_map(|page| &page.items).filter_map(Item::group)
    }

    /// What the question at `path` is called for a reader: `Data di nascita`, of a member `Data di nascita – Ada`.
    #[must_use]
    pub fn label(&self, path: &Path, answers: &Facts, language: Language) -> Option<String> {
        let (group, question) = self.question(path)?;
        let label = question.label.get(language);
        let row = path.row.as_ref().map(|(_, row)| *row);
        let name = group.zip(row).and_then(|(group, row)| group.name_of(row, answers));
        Some(name.map_or_else(|| label.to_owned(), |name| format!("{label} – {name}")))
    }

    /// Every registry key that the form reads, groups included: for the catalogue's check and for the privacy notice.
    #[must_use]
    pub fn sources(&self) -> BTreeSet<&str> {
        let lists = self.groups().filter_map(|group| group.from.as_deref());
        self.questions().filter_map(|(_, question)| question.from.as_deref()).chain(lists).collect()
    }

    pub(crate) fn is_open(&self, path: &Path) -> bool {
        self.only.as_ref().is_none_or(|only| only.contains(path))
    }
}

impl Page {
    /// Every question of the page with its group, in order.
    pub fn questions(&self) -> impl Iterator<Item = (Option<&Group>, &Question)> {
        self.items.iter().flat_map(|item| {
            let (group, questions) = match item {
                Item::Question(question) => (None, std::slice::from_ref(question)),
                Item::Group(group) => (Some(group), group.questions.as_slice()),
            };
            questions.iter().map(move |question| (group, question))
        })
    }
}

impl Question {
    /// The parameter of the page's address that fills it in: `dato`, of `from = "query.dato"`.
    #[must_use]
    pub fn from_address(&self) -> Option<&str> {
        self.from.as_deref()?.strip_prefix("query.")
    }

    /// The datum of a registry that fills it in: `anpr.nome`.
    #[must_use]
    pub fn from_registry(&self) -> Option<&str> {
        self.from.as_deref().filter(|_| self.from_address().is_none())
    }
}

impl Group {
    /// The heading of a member: `Figlio 2 Ada`, or `Figlio 2` where the name is not known.
    #[must_use]
    pub fn heading(&self, row: usize, answers: &Facts, language: Language) -> String {
        let name = self.name_of(row, answers).unwrap_or_default();
        format!("{} {} {name}", self.member.get(language), row + 1).trim().to_owned()
    }

    /// The name of the member in this row, if it is known.
    #[must_use]
    pub fn name_of(&self, row: usize, answers: &Facts) -> Option<String> {
        let path = Path::in_row(&self.id, row, self.named_by.as_ref()?);
        path.get(answers).filter(|name| !name.is_null()).map(Value::to_string).filter(|name| !name.is_empty())
    }
}

impl Item {
    /// The group, if it is one.
    #[must_use]
    pub const fn group(&self) -> Option<&Group> {
        match self {
            Self::Group(group) => Some(group),
            Self::Question(_) => None,
        }
    }
}
