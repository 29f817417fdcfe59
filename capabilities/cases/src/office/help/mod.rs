//! Helping somebody with a form, for who has that task: only the pages that the person shares, only what was typed, for
//! some minutes, and every look written down.

use askama::Template;
use axum::{
    Router,
    extract::{FromRequestParts, Path},
    http::{StatusCode, request::Parts},
    response::{IntoResponse, Redirect},
    routing::{get, post},
};
use base::{Timestamp, Uuid};
use catalogue::Service;
use database::Tx;
use forms::Path as FieldPath;
use identity::{DataRead, Officer, Power, Reader};
use jiff::SignedDuration;
use web::{
    Answer, Failure, Page, Posted, SetCookie, Visit,
    components::{Card, Fault, Field},
};

use crate::{
    files::KeptFiles,
    pages::{Application, Saving, Sheet, Show, code},
    room::Cases,
    store::{self, Help, HelpDeed},
};

/// The longest that help lasts, from the moment when the code is used.
const LASTS: SignedDuration = SignedDuration::from_mins(30);
/// How often a draft is changed again when the person saves at the same moment.
const ATTEMPTS: usize = 5;
/// Where helpers begin.
const LIST: &str = "/ufficio/aiuto";
/// The field of the code.
const FIELD: &str = "codice";

/// The helpers' pages.
pub fn router() -> Router<Cases> {
    Router::new()
        .route("/ufficio/aiuto", get(show).post(take))
        .route("/ufficio/aiuto/{help}", get(overview))
        .route("/ufficio/aiuto/{help}/fine", post(end))
        .route("/ufficio/aiuto/{help}/{page}", get(page).post(save))
}

/// Somebody whose task is to help: an extractor.
struct Helper {
    cases: Cases,
    officer: Officer,
    visit: Visit,
}

impl FromRequestParts<Cases> for Helper {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, cases: &Cases) -> Result<Self, Failure> {
        let (officer, visit) = cases.catalogue.at_work(parts, Power::HelpPeople).await?;
        Ok(Self { cases: cases.clone(), officer, visit })
    }
}

/// A code to type, and whom one helps now.
#[derive(Template)]
#[template(path = "office/help/list.html")]
struct ListPage {
    page: Page,
    faults: Vec<Fault>,
    code: Field,
    open: Vec<Card>,
}

/// The pages that somebody shares.
#[derive(Template)]
#[template(path = "office/help/overview.html")]
struct OverviewPage {
    page: Page,
    id: String,
    lead: String,
    until: String,
    pages: Vec<(String, String)>,
}

impl Helper {
    /// The help that this helper gives, if it goes on; otherwise the same "not found" as for none.
    async fn open(&self, tx: &mut Tx, id: &str) -> Result<Help, Failure> {
        if let Ok(parsed) = id.parse::<Uuid>()
            && let Some(help) = store::find_help(tx, parsed, &self.officer.id).await?
        {
            return if help.is_open(self.visit.now) { Ok(help) } else { Err(Failure::Conflict("cases.help.over")) };
        }
        identity::note_refusal(&self.cases.web, &self.officer.id, id);
        Err(Failure::NotFound)
    }

    /// Notes what is done on a page, for the person: among what the helper did, and among the readings of their data.
    async fn record(&self, tx: &mut Tx, help: &Help, (page, wrote): (&forms::Page, bool)) -> Result<(), Failure> {
        let deed = HelpDeed { at: self.visit.now, page: page.id.clone(), wrote };
        if !store::note_help(tx, help, &deed).await? {
            return Err(Failure::Conflict("cases.help.over"));
        }
        let office = self.cases.catalogue.office_name(&self.officer.office, &self.officer.office);
        let words = self.visit.web.words();
        let read = DataRead {
            reader: &Reader::officer(&self.officer, office),
            purpose: &words.in_all("cases.help.purpose", &[]),
            subject: &help.applicant,
            what: &words.in_all("cases.help.what", &[("page", &page.title)]),
            case: None,
        };
        identity::record_read(tx, self.cases.web.clock(), self.cases.web.chance(), &read).await?;
        Ok(())
    }

    fn service(&self, help: &Help) -> Result<std::sync::Arc<Service>, Failure> {
        let found = self.cases.catalogue.service(&help.service).filter(|service| service.can_be_asked());
        found.ok_or(Failure::Conflict("cases.failure.service_closed"))
    }
}

fn shared<'s>(service: &'s Service, help: &Help, id: &str) -> Result<&'s forms::Page, Failure> {
    service.form.page(id).filter(|_| help.pages.iter().any(|page| page == id)).ok_or(Failure::NotFound)
}

fn list(helper: &Helper, open: &[Help], typed: &str, faults: Vec<Fault>) -> ListPage {
    let page = helper.visit.page("cases.help.office.title");
    let code = Field::text(FIELD, page.t("cases.help.office.code")).hint(page.t("cases.anonymous.resume.hint"));
    let card = |help: &Help| {
        let service = helper.cases.catalogue.service_name(&help.service, &help.service);
        let until = page.t1("cases.help.until", "when", page.moment(&help.expires_at));
        Card::new(&help.applicant_name, until, format!("{LIST}/{}", help.id)).over(service.get(page.language))
    };
    ListPage {
        open: open.iter().map(card).collect(),
        code: code.value(typed).fault_from(&faults),
        page: page.faulty(!faults.is_empty()),
        faults,
    }
}

/// Shows where a code is typed, and whom one helps now.
async fn show(helper: Helper) -> Answer {
    let mut tx = helper.cases.web.database().read().await?;
    let open = store::helps_of(&mut tx, &helper.officer.id, helper.visit.now).await?;
    drop(tx);
    web::show(&list(&helper, &open, "", Vec::new()))
}

/// Uses a code: once, by one helper.
async fn take(helper: Helper, posted: Posted) -> Answer {
    let (visit, typed) = (&helper.visit, posted.text(FIELD));
    let until = visit.now.saturating_add(LASTS).unwrap_or(Timestamp::MAX);
    let who = (helper.officer.id.as_str(), helper.officer.name.as_str());
    let mut tx = helper.cases.web.database().begin().await?;
    let taken = match code::read(typed) {
        Some(code) => store::take_help(&mut tx, &code::digest(&code), who, (visit.now, until)).await?,
        None => None,
    };
    tx.commit().await?;
    match taken {
        Some(id) => Ok(Redirect::to(&format!("{LIST}/{id}")).into_response()),
        None => {
            let message = visit.t("cases.help.office.unknown").to_owned();
            let faults = vec![Fault { field: FIELD.to_owned(), message }];
            web::show_faulty(&list(&helper, &[], typed, faults))
        }
    }
}

/// Shows the pages that are shared.
async fn overview(helper: Helper, Path(id): Path<String>) -> Answer {
    let mut tx = helper.cases.web.database().read().await?;
    let help = helper.open(&mut tx, &id).await?;
    drop(tx);
    let service = helper.service(&help)?;
    let visit = &helper.visit;
    let page = visit.page_titled(service.name.get(visit.language)).crumb(visit.t("cases.help.office.title"), LIST);
    let title = |id: &String| {
        service.form.page(id).map(|one| (one.title.get(visit.language).to_owned(), format!("{LIST}/{}/{id}", help.id)))
    };
    web::show(&OverviewPage {
        id: help.id.to_string(),
        lead: page.t1("cases.help.office.lead", "name", &help.applicant_name),
        until: page.t1("cases.help.until", "when", page.moment(&help.expires_at)),
        pages: help.pages.iter().filter_map(title).collect(),
        page,
    })
}

/// Shows a page that is shared: the questions that are open, and what the person typed. What registries know is not shown.
async fn page(helper: Helper, Path((id, page)): Path<(String, String)>) -> Answer {
    let Helper { cases, visit, .. } = &helper;
    let mut tx = cases.web.database().begin().await?;
    let help = helper.open(&mut tx, &id).await?;
    let service = helper.service(&help)?;
    let declared = shared(&service, &help, &page)?;
    helper.record(&mut tx, &help, (declared, false)).await?;
    let application = Application::helped(cases, (&mut tx, visit), service.clone(), (&help.applicant, &id)).await?;
    tx.commit().await?;
    web::show(&Sheet::new(&application, &page, Show::Missing, Default::default()).build(visit))
}

/// Writes into the person's draft what was asked on this page, and nothing else.
async fn save(helper: Helper, Path((id, page)): Path<(String, String)>, mut posted: Posted) -> Answer {
    let Helper { cases, visit, .. } = &helper;
    for _ in 0..ATTEMPTS {
        let mut tx = cases.web.database().begin().await?;
        let help = helper.open(&mut tx, &id).await?;
        let service = helper.service(&help)?;
        let declared = shared(&service, &help, &page)?;
        helper.record(&mut tx, &help, (declared, true)).await?;
        let mut application =
            Application::helped(cases, (&mut tx, visit), service.clone(), (&help.applicant, &id)).await?;
        let before = application.draft.updated_at;
        only_asked(&application, &mut posted);
        let saving = Saving::put(&mut application, visit, &page, &posted, &KeptFiles::default());
        application.draft.updated_at = visit.now;
        let saved = store::save_draft(&mut tx, &help.applicant, &application.draft).await?;
        tx.commit().await?;
        if !saved {
            continue; // the person saved at this moment: again on what they wrote
        }
        application.draft.revision += 1;
        let Saving { typed, problems, contested } = saving;
        if problems.is_empty() && contested.is_empty() {
            let told = SetCookie::notice(visit, "cases.help.office.saved");
            return Ok((told, Redirect::to(&format!("{LIST}/{id}"))).into_response());
        }
        let elsewhere = (!contested.is_empty())
            .then(|| visit.t1("cases.ask.elsewhere.text", "when", base::long_timestamp(before, visit.language)));
        let conflict = elsewhere.is_some();
        let (application, id) = (&application, page.as_str());
        let shown = Sheet { application, id, show: Show::Missing, typed, problems, contested, elsewhere }.build(visit);
        if !conflict {
            return web::show_faulty(&shown);
        }
        return Ok((StatusCode::CONFLICT, web::show(&shown)?).into_response());
    }
    Err(Failure::Busy)
}

/// A field that the page does not ask is not read, whoever sends it: what a registry says would otherwise be told as what
/// stands there now.
fn only_asked(application: &Application, posted: &mut Posted) {
    let asked = |name: &str| {
        let whole = name.parse::<FieldPath>().ok().filter(|path| application.form().question(path).is_some());
        let part = || name.rsplit_once('.').and_then(|(path, _)| path.parse::<FieldPath>().ok());
        whole.or_else(part).is_some_and(|path| application.may_ask(&path))
    };
    posted.fields.retain(|(name, _)| name.starts_with("sp.") || asked(name));
}

/// The helper has done.
async fn end(helper: Helper, Path(id): Path<String>, _: Posted) -> Answer {
    let mut tx = helper.cases.web.database().begin().await?;
    let help = helper.open(&mut tx, &id).await?;
    store::end_help(&mut tx, help.id, &helper.officer.id, helper.visit.now).await?;
    tx.commit().await?;
    let told = SetCookie::notice(&helper.visit, "cases.help.office.ended");
    Ok((told, Redirect::to(LIST)).into_response())
}
