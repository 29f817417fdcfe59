//! What officers see and do with the register of their office. Who opens a registration of a person leaves a trace that
//! the person sees.

mod annul;
mod days;
mod emergencies;
mod emergency;
mod entry;
mod list;
mod typed;

use std::sync::Arc;

use async_trait::async_trait;
use axum::{Router, extract::FromRequestParts, http::request::Parts, routing::get};
use base::{Translated, Uuid};
use catalogue::Catalogue;
use database::Tx;
use identity::{DataRead, Officer, Power, Reader};
use web::{Failure, Page, Posted, Visit, Web};

use crate::{entry::Entry, protocol::Protocol, seal::Seal, stamp, store};

/// Where the register is.
const PLACE: &str = "/ufficio/protocollo";

/// Whose cases are, for links to them: a room that knows cases says it.
#[async_trait]
pub trait CaseOffices: Send + Sync {
    /// The office that has a case, which need not be one that registered something of it; `None` where there is no such case.
    async fn office_of(&self, tx: &mut Tx, case: Uuid) -> database::Result<Option<String>>;
}

/// What the pages of this room share. Cheap to clone.
#[derive(Clone)]
pub struct Register {
    /// Database, clock, chance, words.
    pub web: Web,
    /// The offices with their plans of classification.
    pub catalogue: Catalogue,
    /// What seals the segnatura.
    pub seal: Seal,
    /// Whose cases are.
    pub cases: Arc<dyn CaseOffices>,
}

/// The officers' pages.
pub fn router(register: Register) -> Router {
    Router::new()
        .route("/ufficio/protocollo", get(list::show))
        .route("/ufficio/protocollo/giornaliero", get(days::show))
        .route("/ufficio/protocollo/giornaliero/{day}/{part}", get(days::download))
        .route("/ufficio/protocollo/emergenza", get(emergencies::show).post(emergencies::declare))
        .route("/ufficio/protocollo/emergenza/{id}", get(emergency::show).post(emergency::register))
        .route("/ufficio/protocollo/emergenza/{id}/ripristino", get(emergencies::back_to).post(emergencies::end))
        .route(
            "/ufficio/protocollo/emergenza/{id}/provvedimento",
            get(emergencies::back_to).post(emergencies::authorise),
        )
        .route("/ufficio/protocollo/{year}/{number}", get(entry::show).post(entry::change))
        .route("/ufficio/protocollo/{year}/{number}/segnatura.xml", get(entry::download))
        .route("/ufficio/protocollo/{year}/{number}/annulla", get(annul::show).post(annul::annul))
        .with_state(register)
}

/// An officer at work on these pages: an extractor.
struct Desk {
    register: Register,
    officer: Officer,
    visit: Visit,
}

impl FromRequestParts<Register> for Desk {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, register: &Register) -> Result<Self, Failure> {
        let officer = Officer::from_request_parts(parts, register).await?;
        let may = |power| register.catalogue.allows(&officer, power);
        if !may(Power::HandleCases) && !may(Power::RunRegister) {
            return Err(Failure::Forbidden);
        }
        Ok(Self { register: register.clone(), officer, visit: Visit::from_request_parts(parts, register).await? })
    }
}

impl Desk {
    /// Whether the officer may do something, as `content/roles.toml` says.
    fn may(&self, power: Power) -> bool {
        self.register.catalogue.allows(&self.officer, power)
    }

    /// Refuses who may not.
    fn demand(&self, power: Power) -> Result<(), Failure> {
        self.register.catalogue.demand(&self.officer, power)
    }

    /// A registration of the officer's own office by the parts of its address; the reading is written down in the
    /// transaction that reads. A number of nobody looks like one of another office.
    async fn read(&self, tx: &mut Tx, place: &(String, String), what: &str) -> Result<Entry, Failure> {
        let entry = self.find(tx, place).await?;
        let Some(subject) = entry.correspondent.concerned() else { return Ok(entry) };
        let words = self.visit.web.words();
        let protocol = Translated::from(self.shown(&entry.protocol).as_str());
        let read = DataRead {
            reader: &self.reader(),
            purpose: &words.in_all("protocol.read.purpose", &[("protocol", &protocol)]),
            subject,
            what: &words.in_all(what, &[]),
            case: entry.act.map(|(case, _)| case),
        };
        identity::record_read(tx, self.visit.web.clock(), self.visit.web.chance(), &read).await?;
        Ok(entry)
    }

    /// Like [`Desk::read`], where the same request shows nothing of it.
    async fn find(&self, tx: &mut Tx, (year, number): &(String, String)) -> Result<Entry, Failure> {
        let (Ok(year), Ok(number)) = (year.parse(), number.parse()) else { return Err(Failure::NotFound) };
        let protocol = Protocol { office: self.officer.office.clone(), year, number };
        store::find(tx, &protocol).await?.ok_or(Failure::NotFound)
    }

    /// What was typed here when a session expired.
    async fn parked(&self) -> Result<Posted, Failure> {
        Ok(Posted::from(web::parked::find_here(&self.visit).await?.unwrap_or_default()))
    }

    fn reader(&self) -> Reader {
        let office = &self.officer.office;
        Reader::officer(&self.officer, self.register.catalogue.office_name(office, office))
    }

    fn shown(&self, protocol: &Protocol) -> String {
        stamp::shown(&self.register.catalogue, protocol)
    }

    /// A page below the register's.
    fn page_titled(&self, title: impl Into<String>) -> Page {
        self.visit.page_titled(title).crumb(self.visit.t("protocol.list.title"), PLACE)
    }
}

/// Where a registration stands among these pages.
fn place(protocol: &Protocol) -> String {
    format!("{PLACE}/{}/{}", protocol.year, protocol.number)
}
