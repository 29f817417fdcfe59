//! Letters that did not go out: what failed, why in plain words, and the button to try again.

use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse, Redirect},
};
use base::Uuid;
use cases::payload::protocol_of;
use catalogue::Catalogue;
use database::Tx;
use identity::{Officer, Power};
use web::{Answer, Failure, Page, Posted, SetCookie, Visit, components::Tone};

use super::service_of;
use crate::store::{self, Failed, Waiting};

/// More than these would be one and the same broken template.
const MOST: i64 = 100;
const PLACE: &str = "/ufficio/comunicazioni";

#[derive(Template)]
#[template(path = "pages/troubled.html")]
struct TroubledPage {
    page: Page,
    failed: Vec<Entry>,
    waiting: Vec<Entry>,
}

/// A letter that did not go out. It names no person: who needs the case opens it, and that is recorded.
struct Entry {
    case: Uuid,
    act_seq: i64,
    /// `Accoglimento`.
    letter: String,
    /// `FAMGEN 0000123/2026`; empty when the content of the case was erased.
    protocol: String,
    service: String,
    /// What happened, and what happens next.
    text: String,
    /// File, line and expression, for who mends the template.
    detail: String,
}

/// `GET /ufficio/comunicazioni`: the letters of the official's office that did not go out.
pub(super) async fn show(State(catalogue): State<Catalogue>, visit: Visit, officer: Officer) -> Answer {
    catalogue.demand(&officer, Power::HandleCases)?;
    let page = visit.page("letters.troubled.title").crumb(visit.t("letters.worklist"), "/ufficio/pratiche");
    let mut tx = visit.web.database().read().await?;
    let (mut failed, mut waiting) = (Vec::new(), Vec::new());
    let told = (&page, &catalogue);
    for one in store::failures_of(&mut tx, &officer.office, MOST).await? {
        failed.push(Entry::failed(told, one, &mut tx).await?);
    }
    for one in store::waiting_of(&mut tx, &officer.office, MOST).await? {
        waiting.push(Entry::waiting(told, &one, &mut tx).await?);
    }
    web::show(&TroubledPage { page, failed, waiting })
}

/// `POST /ufficio/comunicazioni`: tries one of them again. One that went out meanwhile needs nothing.
pub(super) async fn retry(
    State(catalogue): State<Catalogue>,
    visit: Visit,
    officer: Officer,
    posted: Posted,
) -> Answer {
    catalogue.demand(&officer, Power::HandleCases)?;
    let wrong = |_| Failure::BadRequest("web.failure.bad_request.advice");
    let case: Uuid = posted.text("pratica").parse().map_err(wrong)?;
    let act_seq = posted.text("atto").parse().map_err(|_| Failure::BadRequest("web.failure.bad_request.advice"))?;
    let mut tx = visit.web.database().begin().await?;
    let again = store::retry(&mut tx, case, act_seq, (&officer.office, visit.now)).await?;
    tx.commit().await?;
    let notice = SetCookie::told(&visit, again, ("letters.troubled.again", "letters.troubled.gone"));
    Ok((notice, Redirect::to(PLACE)).into_response())
}

/// The page on which it is told, and what names services.
type Told<'a> = (&'a Page, &'a Catalogue);

impl Entry {
    async fn failed((page, catalogue): Told<'_>, failed: Failed, tx: &mut Tx) -> Result<Self, Failure> {
        let text = page.t1("letters.troubled.template", "at", page.moment(&failed.failed_at));
        let entry = Self::of((page, catalogue), (failed.case, failed.act_seq, &failed.letter), text, tx).await?;
        Ok(Self { detail: failed.reason, ..entry })
    }

    async fn waiting((page, catalogue): Told<'_>, waiting: &Waiting, tx: &mut Tx) -> Result<Self, Failure> {
        let next = waiting.next_at.map_or_else(|| page.t("letters.troubled.soon").to_owned(), |at| page.moment(&at));
        let text = page.tn1("letters.troubled.tried", waiting.attempts, "next", next);
        Self::of((page, catalogue), (waiting.case, waiting.act_seq, &waiting.letter), text, tx).await
    }

    async fn of(
        (page, catalogue): Told<'_>,
        (case, act_seq, letter): (Uuid, i64, &str),
        text: String,
        tx: &mut Tx,
    ) -> Result<Self, Failure> {
        let submitted = acts::one(tx, case, 1).await?;
        let service = match &submitted {
            Some(act) => service_of(tx, catalogue, act).await?,
            None => None,
        };
        let kept = submitted.as_ref().map_or("", |act| act.text("service_name"));
        let protocol = submitted.as_ref().and_then(protocol_of);
        let named = format!("letters.name.{letter}");
        Ok(Self {
            case,
            act_seq,
            letter: page.t(&named).to_owned(),
            protocol: protocol.map(|number| protocol::shown(catalogue, &number)).unwrap_or_default(),
            service: service.map_or_else(|| kept.to_owned(), |service| service.name.get(page.language).to_owned()),
            text,
            detail: String::new(),
        })
    }
}
