//! How a case's pages show what of it stands in the protocol register.

use base::Uuid;
use database::Tx;
use protocol::{Change, Changed, Direction, Entry, Protocol};
use web::{
    Page,
    components::{Cell, Table},
    words::fill,
};

use crate::room::Cases;

/// The registrations of a case, those annulled with why.
pub struct Registered {
    entries: Vec<Entry>,
    annulments: Vec<Change>,
}

impl Registered {
    /// Reads them; who may see the case was decided before.
    ///
    /// # Errors
    /// What the database refuses.
    pub async fn of(tx: &mut Tx, case: Uuid) -> database::Result<Self> {
        let entries = protocol::of_case(tx, case).await?;
        Ok(Self { entries, annulments: protocol::annulments_of_case(tx, case).await? })
    }

    /// As a table: number with its register, when, in or out, what. Officers are led to the register of their office.
    #[must_use]
    pub fn table(&self, page: &Page, cases: &Cases, of_register: Option<&str>) -> Table {
        let head = ["number", "at", "direction", "subject", "state"];
        Table {
            caption: page.t("cases.registered.caption").to_owned(),
            head: head.map(|column| page.t(&format!("cases.registered.{column}")).to_owned()).to_vec(),
            rows: self.entries.iter().map(|entry| self.cells((page, cases), entry, of_register)).collect(),
        }
    }

    fn cells(&self, (page, cases): (&Page, &Cases), entry: &Entry, of_register: Option<&str>) -> Vec<Cell> {
        let number = protocol::shown(&cases.catalogue, &entry.protocol);
        let number = if of_register == Some(&entry.protocol.office) {
            Cell::link(number, format!("/ufficio/protocollo/{}/{}", entry.protocol.year, entry.protocol.number))
        } else {
            Cell::text(number)
        };
        let direction = match entry.direction {
            Direction::In => "cases.registered.in",
            Direction::Out => "cases.registered.out",
        };
        vec![
            number,
            Cell::text(page.moment(&entry.registered_at)),
            Cell::text(page.t(direction)),
            Cell::italian(&entry.subject),
            Cell::text(self.state(page, entry)),
        ]
    }

    fn state(&self, page: &Page, entry: &Entry) -> String {
        self.annulled(page, &entry.protocol).unwrap_or_else(|| page.t("cases.registered.valid").to_owned())
    }

    /// When and why a registration was annulled: it stays, and says so wherever it is shown (art. 54 D.P.R. 445/2000).
    #[must_use]
    pub fn annulled(&self, page: &Page, protocol: &Protocol) -> Option<String> {
        let annulment = self.annulments.iter().find(|change| change.protocol == *protocol)?;
        let Changed::Annulled { reason, authorised_by } = &annulment.changed else { return None };
        let values = [("at", page.moment(&annulment.at)), ("reason", reason.clone()), ("act", authorised_by.clone())];
        Some(fill(page.t("cases.registered.annulled"), &values))
    }
}
