//! Opening a case of another office in an emergency: with number and fiscal code, for a reason, to look and not to act, for
//! an hour. The person reads it, and somebody else reviews it.

mod review;
mod view;

use askama::Template;
use axum::{
    Router,
    extract::FromRequestParts,
    http::request::Parts,
    response::{IntoResponse, Redirect},
    routing::{get, post},
};
use base::{FiscalCode, Timestamp, Translated, Uuid, VatNumber};
use database::Tx;
use identity::{DataRead, Officer, Power, Reader};
use jiff::SignedDuration;
use web::{
    Answer, Failure, Page, Posted, Visit,
    components::{Fault, Field, Tone},
};

use super::act::LONGEST;
use crate::{
    case::Case,
    room::Cases,
    search::Asked,
    store::{self, Emergency},
    typed::too_long,
    wanted::looked_for,
};

/// Where one is opened.
const PLACE: &str = "/ufficio/emergenza";
/// How long it can be looked at.
const LASTS: SignedDuration = SignedDuration::from_hours(1);
/// How many a person opens in a day: more is no emergency.
const MOST_A_DAY: i64 = 5;
const DAY: SignedDuration = SignedDuration::from_hours(24);
/// The shortest reason: who reviews it must be able to check it.
const SHORTEST: usize = 20;
const NUMBER: &str = "protocollo";
const CODE: &str = "codice_fiscale";
const REASON: &str = "motivo";

/// The pages of emergencies.
pub fn router() -> Router<Cases> {
    Router::new()
        .route("/ufficio/emergenza", get(show).post(open))
        .route("/ufficio/emergenza/riesame", get(review::show))
        .route("/ufficio/emergenza/{emergency}", get(view::show))
        .route("/ufficio/emergenza/{emergency}/riesame", post(review::review))
}

/// An officer who may open cases in an emergency: an extractor.
struct Opener {
    cases: Cases,
    officer: Officer,
    visit: Visit,
}

impl FromRequestParts<Cases> for Opener {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, cases: &Cases) -> Result<Self, Failure> {
        let (officer, visit) = cases.catalogue.at_work(parts, Power::OpenInEmergency).await?;
        Ok(Self { cases: cases.clone(), officer, visit })
    }
}

impl Opener {
    /// The person will read who opened the case and why, whether or not anything of it is looked at.
    async fn record(&self, tx: &mut Tx, emergency: &Emergency, case: &Case) -> Result<(), Failure> {
        let Self { cases, officer, visit } = self;
        let (office, words) = (cases.catalogue.office_name(&officer.office, &officer.office), visit.web.words());
        let reason = Translated::from(emergency.reason.as_str());
        let read = DataRead {
            reader: &Reader::officer(officer, office),
            purpose: &words.in_all("cases.emergency.purpose", &[("reason", &reason)]),
            subject: &case.submitted.applicant.fiscal_code,
            what: &words.in_all("cases.emergency.what", &[]),
            case: Some(case.id),
        };
        identity::record_read(tx, cases.web.clock(), cases.web.chance(), &read).await?;
        Ok(())
    }
}

#[derive(Template)]
#[template(path = "office/emergency/open.html")]
struct OpenPage {
    page: Page,
    faults: Vec<Fault>,
    fields: Vec<Field>,
}

async fn show(opener: Opener) -> Answer {
    let parked = web::parked::find_here(&opener.visit).await?.unwrap_or_default();
    web::show(&build(&opener.visit, &Posted::from(parked), Vec::new()))
}

/// Opens it, or says what is wrong. Of a case that is not there and of one of somebody else's code the answer is the same.
async fn open(opener: Opener, posted: Posted) -> Answer {
    let Opener { cases, officer, visit } = &opener;
    let mut faults = too_long(visit, LONGEST, [(REASON, posted.text(REASON))]);
    let fault = |field: &str, key: &str| Fault { field: field.to_owned(), message: visit.t(key).to_owned() };
    let reason = posted.text(REASON).trim().to_owned();
    if reason.chars().count() < SHORTEST {
        faults.push(fault(REASON, "cases.emergency.reason_short"));
    }
    let missing = [NUMBER, CODE].into_iter().filter(|name| posted.text(name).trim().is_empty());
    faults.extend(missing.map(|name| fault(name, "cases.emergency.missing")));
    if !faults.is_empty() {
        return web::show_faulty(&build(visit, &posted, faults));
    }
    let now = cases.web.clock().now();
    let mut tx = cases.web.database().begin().await?;
    let since = now.saturating_sub(DAY).unwrap_or(Timestamp::MIN);
    if MOST_A_DAY <= store::emergencies_since(&mut tx, &officer.id, since).await? {
        return web::show_faulty(&build(visit, &posted, vec![fault(NUMBER, "cases.emergency.too_many")]));
    }
    let Some(case) = find(&mut tx, cases, &posted).await? else {
        tx.commit().await?;
        identity::note_refusal(&cases.web, &officer.id, posted.text(NUMBER));
        return web::show_faulty(&build(visit, &posted, vec![fault(NUMBER, "cases.emergency.not_found")]));
    };
    let emergency = Emergency {
        id: base::new_id(cases.web.clock(), cases.web.chance()),
        case,
        officer: (officer.id.clone(), officer.name.clone(), officer.office.clone()),
        reason,
        opened_at: now,
        until: now.saturating_add(LASTS).unwrap_or(now),
        review: None,
    };
    store::open_emergency(&mut tx, &emergency).await?;
    let case = store::find(&mut tx, case).await?.ok_or(Failure::NotFound)?;
    opener.record(&mut tx, &emergency, &case).await?;
    tx.commit().await?;
    Ok(Redirect::to(&format!("{PLACE}/{}", emergency.id)).into_response())
}

async fn find(tx: &mut Tx, cases: &Cases, posted: &Posted) -> Result<Option<Uuid>, Failure> {
    let (offices, rest) = looked_for(cases, posted.text(NUMBER));
    let number = Asked::read(rest).and_then(|asked| asked.number);
    let typed = posted.text(CODE);
    let person = typed.parse::<FiscalCode>().map(|code| code.to_string());
    let applicant = person.ok().or_else(|| Some(typed.parse::<VatNumber>().ok()?.as_str().to_owned()));
    let (Some((number, Some(year))), Some(applicant)) = (number, applicant) else { return Ok(None) };
    Ok(store::find_numbered(tx, &offices, (number, year), &applicant).await?)
}

fn build(visit: &Visit, posted: &Posted, faults: Vec<Fault>) -> OpenPage {
    let page = visit.page("cases.emergency.title");
    let text = |name: &str| {
        let key = format!("cases.emergency.{name}");
        Field::text(name, page.t(&key)).hint(page.t(&format!("{key}_hint"))).value(posted.text(name))
    };
    let reason = Field::area(REASON, page.t("cases.emergency.motivo")).hint(page.t("cases.emergency.motivo_hint"));
    let fields = [text(NUMBER), text(CODE).width(16), reason.value(posted.text(REASON))];
    OpenPage {
        fields: fields.into_iter().map(|field| field.fault_from(&faults)).collect(),
        page: page.faulty(!faults.is_empty()),
        faults,
    }
}
