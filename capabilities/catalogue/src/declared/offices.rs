use std::{cell::RefCell, collections::BTreeMap, sync::Arc};

use base::{Date, Translated};
use deadlines::Calendar;
use rules::Diagnostic;

use super::reader::{self, Table};

/// An office with its own register of protocol (*area organizzativa omogenea*, art. 50 c. 4 DPR 445/2000).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Office {
    /// How services name it: `famiglia`.
    pub id: String,
    /// Code of the administration in the index of public administrations (IPA).
    pub code: String,
    /// Code of the AOO inside the administration; together with `code` it names the register.
    pub aoo: String,
    /// Its name.
    pub name: Translated,
    /// The administration it belongs to.
    pub administration: Translated,
    /// Postal address on one line.
    pub address: String,
    /// Certified mail: the digital domicile.
    pub pec: String,
    /// Ordinary mail.
    pub email: String,
    /// Telephone, as it is to be read.
    pub phone: String,
    /// When it answers.
    pub hours: Translated,
    /// Who answers for proceedings that came to the office from another one (art. 5 L. 241/1990); what begins here says
    /// it by itself.
    pub responsible: Option<Translated>,
    /// Who concludes if the office does not (art. 2 c. 9-bis L. 241/1990).
    pub substitute: Translated,
    /// Certified mail of the substitute.
    pub substitute_pec: String,
    /// The data protection officer's address.
    pub privacy: String,
    /// The feast of the patron saint of its town, on which it is closed.
    pub patron: Option<Patron>,
    /// The plan of classification of its register (*titolario*); may be empty.
    pub titles: Vec<Title>,
}

/// The feast of a town: a holiday there only, by custom and collective agreement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Patron {
    /// Whom it is kept for.
    pub name: Translated,
    /// 1 to 12.
    pub month: i8,
    /// 1 to 31.
    pub day: i8,
}

/// An entry of an office's plan of classification.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Title {
    /// Its code, levels parted by dots: `2.1`.
    pub code: String,
    /// What is filed under it.
    pub name: Translated,
    /// The services whose documents are filed under it unless somebody says otherwise.
    pub services: Vec<String>,
    /// Whether what is filed under it is confidential: lists hide who and what.
    pub confidential: bool,
}

impl Office {
    /// The holidays of the nation with the office's own.
    #[must_use]
    pub fn calendar(&self, nation: &Arc<Calendar>) -> Arc<Calendar> {
        self.patron.as_ref().map_or_else(
            || Arc::clone(nation),
            |patron| Arc::new(Calendar::clone(nation).with_patron(patron.name.clone(), patron.month, patron.day)),
        )
    }

    /// Under which title the documents of a service are filed: the one that names the service, else the first that names
    /// none, such as a general one; a title of other services only where the plan has nothing else.
    #[must_use]
    pub fn title_for(&self, service: &str) -> Option<&Title> {
        let named = self.titles.iter().find(|title| title.services.iter().any(|one| one == service));
        let general = || self.titles.iter().find(|title| title.services.is_empty());
        named.or_else(general).or(self.titles.first())
    }

    /// The title with this code.
    #[must_use]
    pub fn title(&self, code: &str) -> Option<&Title> {
        self.titles.iter().find(|title| title.code == code)
    }
}

/// Reads `offices.toml` into offices by id.
pub(crate) fn read_offices(file: &str, text: &str) -> Result<BTreeMap<String, Office>, Vec<Diagnostic>> {
    reader::read(file, text, |root| {
        let known = RefCell::new(BTreeMap::new());
        root.tables("offices", |table| {
            let office = read_office(table);
            if known.borrow().contains_key(&office.id) {
                table.wrong("id", format!("l’ufficio «{}» c’è già", office.id), "dare un altro id a uno dei due");
            }
            known.borrow_mut().insert(office.id.clone(), office);
        });
        known.into_inner()
    })
}

fn read_office(table: &Table) -> Office {
    Office {
        id: table.need_text("id"),
        code: table.need_text("code"),
        aoo: table.need_text("aoo"),
        name: table.need_translated("name"),
        administration: table.need_translated("administration"),
        address: table.need_text("address"),
        pec: table.need_text("pec"),
        email: table.need_text("email"),
        phone: table.need_text("phone"),
        hours: table.need_translated("hours"),
        responsible: table.translated("responsible"),
        substitute: table.need_translated("substitute"),
        substitute_pec: table.need_text("substitute_pec"),
        privacy: table.need_text("privacy"),
        patron: table.table("patron", read_patron).flatten(),
        titles: read_titles(table),
    }
}

/// In a leap year every day of the calendar exists.
fn read_patron(table: &Table) -> Option<Patron> {
    let (name, on) = (table.need_translated("name"), table.need_text("on"));
    let day: Option<Date> = format!("2024-{on}").parse().ok();
    if day.is_none() && !on.is_empty() {
        table.wrong("on", format!("«{on}» non è un giorno"), "scrivere \"MM-GG\", ad esempio \"06-29\"");
    }
    day.map(|day| Patron { name, month: day.month(), day: day.day() })
}

fn read_titles(office: &Table) -> Vec<Title> {
    let known = RefCell::new(Vec::<Title>::new());
    office.tables("titles", |table| {
        let title = Title {
            code: table.need_text("code"),
            name: table.need_translated("name"),
            services: table.texts("services").into_iter().map(|(service, _)| service).collect(),
            confidential: table.flag("confidential"),
        };
        if known.borrow().iter().any(|other| other.code == title.code) {
            table.wrong("code", format!("la voce «{}» c’è già", title.code), "dare un altro codice a una delle due");
        }
        known.borrow_mut().push(title);
    });
    known.into_inner()
}
