use std::{cell::RefCell, collections::BTreeMap};

use base::Translated;
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
    /// Who concludes if the office does not (art. 2 c. 9-bis L. 241/1990).
    pub substitute: Translated,
    /// Certified mail of the substitute.
    pub substitute_pec: String,
    /// The data protection officer's address.
    pub privacy: String,
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
        substitute: table.need_translated("substitute"),
        substitute_pec: table.need_text("substitute_pec"),
        privacy: table.need_text("privacy"),
    }
}
