//! What who heads an office, and who answers for its archive, see and do. No page names anybody whose case it is about,
//! except holds of all cases of a person, who will know that their code was seen.

mod deeds;
mod holds;
mod list;
mod overview;

use axum::{
    Router,
    extract::FromRequestParts,
    http::request::Parts,
    response::{IntoResponse, Redirect},
    routing::get,
};
use base::Uuid;
use database::Tx;
use identity::{Officer, Reader};
use web::{
    Answer, Failure, Page, Posted, SetCookie, Visit,
    components::{Fault, Field},
};

use crate::{
    list::{List, Role},
    room::Retention,
    store,
};

/// Where these pages are.
const PLACE: &str = "/ufficio/scarto";
/// The longest text that a form of this room takes, in characters.
const LONGEST: usize = 500;

/// The officers' pages.
pub(crate) fn router() -> Router<Retention> {
    Router::new()
        .route(PLACE, get(overview::show).post(overview::propose))
        .route("/ufficio/scarto/sospensioni", get(holds::show).post(holds::place))
        .route("/ufficio/scarto/sospensioni/{hold}", get(holds::one).post(holds::lift))
        .route("/ufficio/scarto/elenchi/{list}", get(list::show))
        .route("/ufficio/scarto/elenchi/{list}/verbale.xml", get(list::download))
        .route("/ufficio/scarto/elenchi/{list}/stralcia", get(deeds::back).post(deeds::strike))
        .route("/ufficio/scarto/elenchi/{list}/autorizza", get(deeds::back).post(deeds::authorise))
        .route("/ufficio/scarto/elenchi/{list}/approva", get(deeds::back).post(deeds::approve))
        .route("/ufficio/scarto/elenchi/{list}/respingi", get(deeds::back).post(deeds::reject))
}

/// Somebody who may destroy what the office has kept, at these pages: an extractor.
struct Desk {
    room: Retention,
    officer: Officer,
    /// As what the officer may approve.
    roles: Vec<Role>,
    visit: Visit,
}

impl FromRequestParts<Retention> for Desk {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, room: &Retention) -> Result<Self, Failure> {
        let officer = Officer::from_request_parts(parts, room).await?;
        let roles =
            Role::ALL.into_iter().filter(|role| room.catalogue.allows(&officer, role.power())).collect::<Vec<_>>();
        if roles.is_empty() {
            return Err(Failure::Forbidden);
        }
        Ok(Self { room: room.clone(), officer, roles, visit: Visit::from_request_parts(parts, room).await? })
    }
}

impl Desk {
    /// What was typed here when a session expired.
    async fn parked(&self) -> Result<Posted, Failure> {
        Ok(Posted::from(web::parked::find_here(&self.visit).await?.unwrap_or_default()))
    }

    /// A list of the officer's own office.
    async fn list(&self, tx: &mut Tx, id: &str) -> Result<List, Failure> {
        let id: Uuid = id.parse().map_err(|_| Failure::NotFound)?;
        store::list_of(tx, &self.officer.office, id).await?.ok_or(Failure::NotFound)
    }

    /// Who approves, and as what.
    fn approver(&self) -> (&str, &[Role]) {
        (&self.officer.id, &self.roles)
    }

    fn reader(&self) -> Reader {
        let office = &self.officer.office;
        Reader::officer(&self.officer, self.room.catalogue.office_name(office, office))
    }

    /// A page below the overview.
    fn page_titled(&self, title: impl Into<String>) -> Page {
        let worklist = self.visit.t("retention.worklist");
        let page = self.visit.page_titled(title).crumb(worklist, "/ufficio/pratiche");
        page.crumb(self.visit.t("retention.overview.title"), PLACE)
    }

    /// To a page, with what was done.
    fn done(&self, place: &str, key: &'static str) -> Answer {
        Ok((SetCookie::notice(&self.visit, key), Redirect::to(place)).into_response())
    }

    /// To a page, with why nothing was done.
    fn not_done(&self, place: &str, key: &'static str) -> Answer {
        Ok((SetCookie::warning(&self.visit, key), Redirect::to(place)).into_response())
    }

    /// A text that must be there and fit.
    fn need(&self, posted: &Posted, field: &str, faults: &mut Vec<Fault>) -> String {
        let text = posted.text(field).trim().to_owned();
        let wrong = match text.chars().count() {
            0 => self.visit.t("retention.form.missing").to_owned(),
            many if LONGEST < many => self.visit.t1("retention.form.too_long", "most", LONGEST),
            _ => return text,
        };
        faults.push(Fault { field: field.to_owned(), message: wrong });
        text
    }

    /// A question with what was typed.
    fn area(&self, posted: &Posted, (name, label): (&str, &str), faults: &[Fault]) -> Field {
        Field::area(name, self.visit.t(label)).value(posted.text(name)).fault_from(faults)
    }

    /// A question for one line with what was typed.
    fn line(&self, posted: &Posted, (name, label): (&str, &str), faults: &[Fault]) -> Field {
        Field::text(name, self.visit.t(label)).value(posted.text(name)).fault_from(faults)
    }
}

/// Where a list stands.
fn place_of(id: Uuid) -> String {
    format!("{PLACE}/elenchi/{id}")
}
