//! Asking for help with filling in, for the person whose application it is.

use askama::Template;
use axum::{
    extract::Path,
    response::{IntoResponse, Redirect},
};
use base::Timestamp;
use catalogue::{Applicant, Service};
use jiff::SignedDuration;
use web::{
    Answer, Failure, Page, Posted, SetCookie,
    components::{Choice, Fault, Field, Tone},
};

use super::{Oneself, ask::who_may_ask, code, sign};
use crate::store::{self, Help, HelpDeed};

/// How long a code waits for its helper.
const WAITS: SignedDuration = SignedDuration::from_mins(15);
/// The field of the pages.
const FIELD: &str = "pagine";
/// Names the help that this form begins: sent twice, it begins one.
const ONCE: &str = "volta";

/// Who helps, with what, and until when; or which pages to share.
#[derive(Template)]
#[template(path = "pages/help/mine.html")]
struct MinePage {
    page: Page,
    slug: String,
    faults: Vec<Fault>,
    pages: Field,
    once: String,
    /// The help that goes on: who, until when, which pages, what they did.
    open: Option<(String, String, Vec<String>, Vec<String>)>,
    /// What they did, of help that has ended.
    earlier: Vec<String>,
}

/// The code, this once.
#[derive(Template)]
#[template(path = "pages/help/code.html")]
struct CodePage {
    page: Page,
    slug: String,
    code: String,
    until: String,
}

async fn service(counter: &Oneself, slug: &str) -> Result<std::sync::Arc<Service>, Failure> {
    let found = counter.cases.catalogue.service(slug).filter(|service| service.can_be_asked());
    let service = found.ok_or(Failure::NotFound)?;
    who_may_ask(&service, Applicant::Person)?;
    Ok(service)
}

/// Shows who helps now and what they did, or asks what to share.
pub async fn show(counter: Oneself, Path(slug): Path<String>) -> Answer {
    let service = service(&counter, &slug).await?;
    let mut tx = counter.cases.web.database().read().await?;
    if let Some(way) = sign::at_rest(&mut tx, &service, &counter.person.fiscal_code, counter.visit.now).await? {
        return Ok(way);
    }
    drop(tx);
    web::show(&build(&counter, &service, Vec::new()).await?)
}

async fn build(counter: &Oneself, service: &Service, faults: Vec<Fault>) -> Result<MinePage, Failure> {
    let Oneself { cases, person, visit } = counter;
    let mut tx = cases.web.database().read().await?;
    let last = store::last_help(&mut tx, &person.fiscal_code, &service.slug).await?;
    let deeds = match &last {
        Some(help) => store::help_deeds(&mut tx, help.id).await?,
        None => Vec::new(),
    };
    drop(tx);
    let page = visit.page("cases.help.title").crumb(service.name.get(visit.language), service.href());
    let title = |id: &str| service.form.page(id).map_or(id, |page| page.title.get(visit.language)).to_owned();
    let told = |deed: &HelpDeed| {
        let key = if deed.wrote { "cases.help.deed.wrote" } else { "cases.help.deed.saw" };
        page.t2(key, "page", title(&deed.page), "when", page.moment(&deed.at))
    };
    let deeds: Vec<String> = deeds.iter().map(told).collect();
    let open = last.filter(|help| help.is_open(visit.now)).map(|help| {
        let who = match &help.helper {
            Some((_, name, _)) => page.t1("cases.help.by", "name", name),
            None => page.t("cases.help.awaited").to_owned(),
        };
        let until = page.t1("cases.help.until", "when", page.moment(&help.expires_at));
        (who, until, help.pages.iter().map(|id| title(id)).collect(), deeds.clone())
    });
    let choices = service.form.pages.iter().map(|one| Choice::new(&one.id, one.title.get(visit.language)));
    Ok(MinePage {
        slug: service.slug.clone(),
        once: base::new_id(cases.web.clock(), cases.web.chance()).to_string(),
        pages: Field::checks(FIELD, page.t("cases.help.pages"), choices.collect()).fault_from(&faults),
        earlier: if open.is_some() { Vec::new() } else { deeds },
        open,
        page: page.faulty(!faults.is_empty()),
        faults,
    })
}

/// Shares pages, and shows the code for the helper: once.
pub async fn begin(counter: Oneself, Path(slug): Path<String>, posted: Posted) -> Answer {
    let service = service(&counter, &slug).await?;
    let Oneself { cases, person, visit } = &counter;
    let shared = service.form.pages.iter().filter(|page| posted.all(FIELD).any(|id| id == page.id));
    let pages: Vec<String> = shared.map(|page| page.id.clone()).collect();
    if pages.is_empty() {
        let message = visit.t("cases.help.none").to_owned();
        let faults = vec![Fault { field: FIELD.to_owned(), message }];
        return web::show_faulty(&build(&counter, &service, faults).await?);
    }
    let code = code::fresh(cases.web.chance());
    let help = Help {
        id: posted.text(ONCE).parse().unwrap_or_else(|_| base::new_id(cases.web.clock(), cases.web.chance())),
        applicant: person.fiscal_code.clone(),
        applicant_name: person.name.clone(),
        service: slug.clone(),
        pages,
        expires_at: visit.now.saturating_add(WAITS).unwrap_or(Timestamp::MAX),
        helper: None,
        ended_at: None,
    };
    let mut tx = cases.web.database().begin().await?;
    if let Some(way) = sign::at_rest(&mut tx, &service, &person.fiscal_code, visit.now).await? {
        return Ok(way);
    }
    // Sent twice, it is one help: another code while nobody has used the first, and whoever helps already goes on.
    if store::help_begun(&mut tx, help.id).await? {
        if !store::renew_help(&mut tx, &help, &code::digest(&code), visit.now).await? {
            return Ok(Redirect::to(&format!("/servizi/{slug}/aiuto")).into_response());
        }
    } else {
        store::begin_help(&mut tx, &help, &code::digest(&code), visit.now).await?;
    }
    tx.commit().await?;
    let page = visit.page("cases.help.code.title").crumb(service.name.get(visit.language), service.href());
    let until = page.t1("cases.help.code.until", "when", page.moment(&help.expires_at));
    web::show(&CodePage { slug, code: code::shown(&code), until, page })
}

/// Ends the help: from this moment on the helper sees nothing.
pub async fn end(Oneself { cases, person, visit }: Oneself, Path(slug): Path<String>, _: Posted) -> Answer {
    let mut tx = cases.web.database().begin().await?;
    store::end_helps(&mut tx, &person.fiscal_code, &slug, visit.now).await?;
    tx.commit().await?;
    let told = SetCookie::notice(&visit, "cases.help.ended");
    Ok((told, Redirect::to(&format!("/servizi/{slug}/aiuto"))).into_response())
}
