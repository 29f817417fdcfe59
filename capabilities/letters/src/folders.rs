mod catalogued;

use std::{collections::BTreeMap, sync::Arc};

use async_trait::async_trait;
use base::{Language, Translated};
use catalogue::LawWords;
use database::Tx;
use rules::Unit;

pub(crate) use catalogued::facts;

use crate::compose::{Letterhead, Template};

/// Where the letters of a service, and what they must say of it, come from: the catalogue in the program, a value in
/// tests.
#[async_trait]
pub trait Folders: Send + Sync {
    /// The service in the version that a case is pinned to; `None` if that version is not kept.
    ///
    /// # Errors
    /// In words for operators, when it is kept and cannot be read.
    async fn service(&self, tx: &mut Tx, slug: &str, version: &str) -> Result<Option<Arc<ServiceFacts>>, String>;
}

/// What letters need to know of a service. Texts are Italian, the ones in which letters are valid, where nothing else is
/// said.
#[derive(Debug, Clone, Default)]
pub struct ServiceFacts {
    /// Its name.
    pub name: String,
    /// Names for the parts of a letter that are not Italian.
    pub abroad: BTreeMap<Language, Names>,
    /// The words of its rules, in every language.
    pub law: LawWords,
    /// The unit of what it pays.
    pub pays: Option<Unit>,
    /// Templates by name without extension (`ricevuta`): whole text, head included.
    pub letters: BTreeMap<String, String>,
    /// To whom and by when one can appeal (art. 3 c. 4 L. 241/1990).
    pub appeal: String,
    /// The office that answers.
    pub office: OfficeFacts,
    /// The questions of the form, in its order.
    pub questions: Vec<QuestionFacts>,
}

impl ServiceFacts {
    /// Its name in every language.
    pub(crate) fn service_name(&self) -> Translated {
        self.many(&self.name, |names| &names.service)
    }

    /// The name of its office in every language.
    pub(crate) fn office_name(&self) -> Translated {
        self.many(&self.office.head.name, |names| &names.office)
    }

    /// What a letter is called; `None` for one that it does not have, or whose template is broken.
    pub(crate) fn letter_title(&self, letter: &str) -> Option<Translated> {
        let template = Template::parse(letter, self.letters.get(letter)?).ok()?;
        Some(template.head.title)
    }

    fn many<'a>(&'a self, italian: &'a str, name: impl Fn(&'a Names) -> &'a String) -> Translated {
        let abroad = self.abroad.iter().map(|(language, names)| (*language, name(names).clone()));
        Translated::Many(abroad.chain([(Language::Italian, italian.to_owned())]).collect())
    }
}

/// What is named in another language than Italian.
#[derive(Debug, Clone, Default)]
pub struct Names {
    /// The service.
    pub service: String,
    /// The office.
    pub office: String,
    /// Its administration.
    pub body: String,
    /// To whom and by when one can appeal.
    pub appeal: String,
}

/// What letters need to know of a question, to show its answer as the person gave it.
#[derive(Debug, Clone, Default)]
pub struct QuestionFacts {
    /// Its name, with that of its group: `isee`, `figli.data_nascita`.
    pub name: String,
    /// The question itself.
    pub label: String,
    /// How an answer is to be read.
    pub shape: Shape,
}

/// How the answer to a question is to be read.
#[derive(Debug, Clone, Default)]
pub enum Shape {
    /// As it is.
    #[default]
    Plain,
    /// An amount in euro.
    Money,
    /// One or more values of a list: value → label.
    Choice(BTreeMap<String, String>),
    /// Files: told apart from the answers, by name.
    Files,
}

/// What letters say of an office.
#[derive(Debug, Clone, Default)]
pub struct OfficeFacts {
    /// Name, administration, address, digital domicile.
    pub head: Letterhead,
    /// Telephone, as it is to be read.
    pub phone: String,
    /// When it answers.
    pub hours: String,
    /// Who concludes if the office does not (art. 2 c. 9-bis L. 241/1990).
    pub substitute: String,
    /// Certified mail of the substitute.
    pub substitute_pec: String,
    /// The data protection officer's address.
    pub privacy: String,
}
