//! What officers see and do. Every reading of a person's case is written down with its purpose, in the transaction that
//! reads it.

mod act;
mod assign;
mod case;
mod emergency;
mod export;
mod extension;
mod form;
mod help;
mod integration;
mod late;
mod mass;
mod opinions;
mod passing;
mod refusal;
mod settle;
mod worklist;

use std::sync::Arc;

use acts::Actor;
use async_trait::async_trait;
use axum::{
    Router,
    extract::{FromRequestParts, Path, State},
    http::request::Parts,
    response::Redirect,
    routing::get,
};
use base::{Translated, Uuid};
use catalogue::Service;
use database::Tx;
use identity::{DataRead, Listing, Officer, Power, Reader};
use web::{Failure, Page, Posted, Visit};

use crate::{
    case::Case,
    decide::Deed,
    gone,
    perform::Party,
    room::Cases,
    store::{self, CaseRow},
};

/// The officers' pages.
pub fn router() -> Router<Cases> {
    Router::new()
        .route("/ufficio", get(home))
        .route("/ufficio/pratiche", get(worklist::show))
        .route("/ufficio/pratiche/esporta", get(export::show).post(export::export))
        .route("/ufficio/pratiche/{case}", get(case::show))
        .route("/ufficio/pratiche/{case}/allegati/{upload}", get(case::download))
        .route("/ufficio/pratiche/{case}/prendi", get(back).post(act::take))
        .route("/ufficio/pratiche/{case}/rilascia", get(back).post(act::release))
        .route("/ufficio/pratiche/{case}/nota", get(back).post(act::note))
        .route("/ufficio/pratiche/{case}/assegna", get(assign::show).post(assign::assign))
        .route("/ufficio/pratiche/{case}/trasmissione", get(passing::show).post(passing::pass_on))
        .route("/ufficio/carichi", get(assign::loads))
        .route("/ufficio/ritardi", get(late::show))
        .route("/ufficio/ritardi/elenco", get(late::download))
        .route("/ufficio/pratiche/{case}/proroga", get(extension::show).post(extension::extend))
        .route("/ufficio/pratiche/{case}/parere", get(opinions::show).post(opinions::ask))
        .route("/ufficio/pratiche/{case}/parere/{act}", get(opinions::write).post(opinions::advise))
        .route("/ufficio/pratiche/{case}/subentra", get(back).post(act::take_over))
        .route("/ufficio/pratiche/{case}/integrazione", get(integration::show).post(integration::ask))
        .route("/ufficio/pratiche/{case}/accogli", get(act::confirm_grant).post(act::grant))
        .route("/ufficio/pratiche/{case}/rigetta", get(refusal::show).post(refusal::refuse))
        .route("/ufficio/pratiche/{case}/togli", get(back).post(mass::take_out))
        .merge(mass::router())
        .merge(help::router())
        .merge(emergency::router())
}

/// To the worklist; who handles no cases, to what else there is to do.
async fn home(State(cases): State<Cases>, officer: Officer) -> Redirect {
    let ways = [(Power::HandleCases, "/ufficio/pratiche"), (Power::HelpPeople, "/ufficio/aiuto")];
    let way = ways.into_iter().find(|(power, _)| cases.catalogue.allows(&officer, *power));
    Redirect::to(way.map_or("/ufficio/compiti", |(_, way)| way))
}

/// Who logs in again after a session expired on a button comes back by GET: to the case.
async fn back(Path(case): Path<String>) -> Redirect {
    Redirect::to(&format!("/ufficio/pratiche/{case}"))
}

/// An officer at work on these pages: an extractor.
struct Desk {
    cases: Cases,
    officer: Officer,
    visit: Visit,
}

impl FromRequestParts<Cases> for Desk {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, cases: &Cases) -> Result<Self, Failure> {
        let (officer, visit) = cases.catalogue.at_work(parts, Power::HandleCases).await?;
        Ok(Self { cases: cases.clone(), officer, visit })
    }
}

impl Desk {
    /// The officer as the one who does this to a case: in the stead of a colleague who is away, where it takes a task of
    /// theirs, or where they hold the case.
    fn actor_of(&self, case: &Case, power: Power) -> Actor {
        let lender = self.officer.lender(|officer| self.cases.catalogue.allows(officer, power));
        let holder = case.officer.as_ref().map(|taken| taken.officer.as_str());
        let absent = lender.or_else(|| holder.filter(|_| power == Power::HandleCases));
        absent.and_then(|absent| self.officer.actor_for(absent)).unwrap_or_else(|| self.officer.actor())
    }

    /// The same for what every officer of the case does.
    fn actor(&self, case: &Case) -> Actor {
        self.actor_of(case, Power::HandleCases)
    }

    /// Refuses who may do this only in the stead of a colleague: what is decided for many at once is not lent.
    fn demand_own(&self, power: Power) -> Result<(), Failure> {
        self.cases.catalogue.demand(&self.officer.own(), power)
    }

    /// Whether the officer may do something, as `content/roles.toml` says.
    fn may(&self, power: Power) -> bool {
        self.cases.catalogue.allows(&self.officer, power)
    }

    /// Those of the office who may have cases in hand, by name.
    async fn handlers(&self, tx: &mut Tx) -> Result<Vec<Officer>, Failure> {
        let mut officers = identity::officers_of(tx, &self.officer.office).await?;
        officers.retain(|one| self.cases.catalogue.allows(one, Power::HandleCases));
        Ok(officers)
    }

    /// Refuses who may not.
    fn demand(&self, power: Power) -> Result<(), Failure> {
        self.cases.catalogue.demand(&self.officer, power)
    }

    /// A case with the service of its version and what was typed here when a session expired. The reading is written
    /// down.
    async fn open(&self, id: &str, what: What) -> Result<(Case, Arc<Service>, Posted), Failure> {
        let mut tx = self.cases.web.database().begin().await?;
        let case = read(&mut tx, self, id, what).await?;
        let service = self.cases.service_of(&mut tx, &case).await?;
        let parked = web::parked::find(&mut tx, &self.officer.id, &self.visit.path).await?;
        tx.commit().await?;
        Ok((case, service, Posted::from(parked.unwrap_or_default())))
    }

    /// A case with the service of its version, where the same request writes the reading down elsewhere.
    async fn look(&self, id: &str) -> Result<(Case, Arc<Service>), Failure> {
        let mut tx = self.cases.web.database().read().await?;
        let case = unrecorded(&mut tx, &self.cases, &self.officer, id).await?;
        let service = self.cases.service_of(&mut tx, &case).await?;
        Ok((case, service))
    }

    /// The officer as somebody who reads data of people.
    fn reader(&self) -> Reader {
        let office = &self.officer.office;
        Reader::officer(&self.officer, self.cases.catalogue.office_name(office, office))
    }

    /// Those whose names a list shows will know: that an officer of this office saw them, and in which list.
    async fn record_names(&self, (kind, purpose): (&'static str, &str), rows: &[&CaseRow]) -> Result<(), Failure> {
        let listing = Listing {
            reader: &self.reader(),
            kind,
            purpose: &self.visit.web.words().in_all(purpose, &[]),
            subjects: rows.iter().map(|row| row.applicant.as_str()).collect(),
        };
        Ok(identity::record_listing(self.cases.web.database(), self.visit.now, &listing).await?)
    }

    /// A page below the worklist.
    fn page_titled(&self, title: impl Into<String>) -> Page {
        self.visit.page_titled(title).crumb(self.visit.t("cases.office.worklist.title"), "/ufficio/pratiche")
    }

    /// The number of a case with its register.
    fn shown(&self, case: &Case) -> String {
        protocol::shown(&self.cases.catalogue, &case.submitted.protocol)
    }

    /// A page below that of a case.
    fn page(&self, title: &str, case: &Case) -> Page {
        self.page_titled(self.visit.t(title)).crumb(self.shown(case), place(case))
    }
}

#[async_trait]
impl Party for Desk {
    fn cases(&self) -> &Cases {
        &self.cases
    }

    async fn case(&self, tx: &mut Tx, id: &str, deed: &Deed) -> Result<(Case, Actor), Failure> {
        let case = read(tx, self, id, What::Case).await?;
        let actor = self.actor_of(&case, deed.power());
        Ok((case, actor))
    }
}

/// Reads a case of the officer's own office and writes down who read it and why. Other offices' cases are not found.
async fn read(tx: &mut Tx, desk: &Desk, id: &str, what: What) -> Result<Case, Failure> {
    let Desk { cases, officer, visit } = desk;
    let case = unrecorded(tx, cases, officer, id).await?;
    let submitted = &case.submitted;
    let service = cases.catalogue.service_name(&submitted.service, &submitted.service_name);
    let (protocol, words) =
        (Translated::from(protocol::shown(&cases.catalogue, &submitted.protocol).as_str()), visit.web.words());
    let read = DataRead {
        reader: &Reader::officer(officer, cases.office_name(&case)),
        purpose: &words.in_all("cases.read.purpose", &[("service", &service), ("protocol", &protocol)]),
        subject: &submitted.applicant.fiscal_code,
        what: &words.in_all(what.key(), &[]),
        case: Some(case.id),
    };
    identity::record_read(tx, visit.web.clock(), visit.web.chance(), &read).await?;
    Ok(case)
}

/// A case of the officer's own office, where the same request records the reading elsewhere.
async fn unrecorded(tx: &mut Tx, cases: &Cases, officer: &Officer, id: &str) -> Result<Case, Failure> {
    let parsed = id.parse::<Uuid>().ok();
    if let Some(parsed) = parsed
        && let Some(case) = store::find_in_office(tx, parsed, &officer.office).await?
    {
        return Ok(case);
    }
    if gone::find(tx, id).await?.is_none_or(|gone| gone.office != officer.office) {
        identity::note_refusal(&cases.web, &officer.id, id);
    }
    Err(Failure::NotFound)
}

/// What an officer opened, for the list that the person sees.
#[derive(Debug, Clone, Copy)]
enum What {
    Case,
    Attachment,
    Decision,
    Integration,
}

impl What {
    const fn key(self) -> &'static str {
        match self {
            Self::Case => "cases.read.case",
            Self::Attachment => "cases.read.attachment",
            Self::Decision => "cases.read.decision",
            Self::Integration => "cases.read.integration",
        }
    }
}

/// Where a case stands among the officers' pages.
fn place(case: &Case) -> String {
    format!("/ufficio/pratiche/{}", case.id)
}
