use askama::Template;
use axum::{
    extract::Path,
    response::{IntoResponse, Redirect},
};
use web::{
    Answer, Page, Posted,
    components::{Fault, Field},
};

use super::{super::moved::Moved, LIST, Oneself, onward};
use crate::{
    signing::{self, Done, NotSigned, Signing, State},
    typed::{TypedText, too_long},
};

/// Longest reason, in characters.
const LONGEST: usize = 2_000;
/// The field of the reason.
const FIELD: &str = "motivo";

/// Why somebody does not sign.
#[derive(Template)]
#[template(path = "pages/sign/decline.html")]
struct DeclinePage {
    page: Page,
    id: String,
    faults: Vec<Fault>,
    reason: Field,
}

fn build(counter: &Oneself, signing: &Signing, typed: &str, faults: Vec<Fault>) -> DeclinePage {
    let (visit, place) = (&counter.visit, format!("{LIST}/{}", signing.id));
    let page = visit.page("cases.signing.decline.title").crumb(visit.t("cases.signing.list.title"), LIST);
    let page = page.crumb(counter.named(signing), place);
    let reason = Field::area(FIELD, page.t("cases.signing.decline.reason")).hint(page.t("cases.signing.decline.hint"));
    DeclinePage {
        id: signing.id.to_string(),
        reason: reason.value(typed).fault_from(&faults),
        page: page.faulty(!faults.is_empty()),
        faults,
    }
}

/// Asks for the reason; who has answered, or comes too late, is led back to what there is.
pub async fn show(counter: Oneself, Path(id): Path<String>) -> Answer {
    let signing = counter.to_sign(&id).await?;
    if let Some(way) = counter.stronger(&signing).await? {
        return Ok(way);
    }
    let silent = signing.person(&counter.person.fiscal_code).is_some_and(|own| own.answered.is_none());
    if !silent || signing.state_at(counter.visit.now) != State::Waiting {
        return Ok(Redirect::to(&format!("{LIST}/{}", signing.id)).into_response());
    }
    let parked = web::parked::find_here(&counter.visit).await?.unwrap_or_default();
    web::show(&build(&counter, &signing, Posted::from(parked).text(FIELD), Vec::new()))
}

/// Declines. The reason goes to the applicant; one that comes too late is given back.
pub async fn decline(counter: Oneself, Path(id): Path<String>, posted: Posted) -> Answer {
    let signing = counter.to_sign(&id).await?;
    if let Some(way) = counter.stronger(&signing).await? {
        return Ok(way);
    }
    let (visit, reason) = (&counter.visit, posted.text(FIELD));
    let mut faults = too_long(visit, LONGEST, [(FIELD, reason)]);
    if reason.is_empty() {
        let message = visit.t("cases.signing.decline.empty").to_owned();
        faults.push(Fault { field: FIELD.to_owned(), message });
    }
    if !faults.is_empty() {
        return web::show_faulty(&build(&counter, &signing, reason, faults));
    }
    let place = format!("{LIST}/{}", signing.id);
    match signing::decline(&counter.cases, signing.id, counter.signer(), reason).await? {
        Done::Not(NotSigned::Answered) => Ok(Redirect::to(&place).into_response()),
        Done::Not(_) => {
            let kept = vec![TypedText::new(visit.t("cases.signing.decline.reason"), reason)];
            let text = visit.t("cases.signing.done.over").to_owned();
            Moved { text, kept, files: Vec::new(), onward: ("cases.signing.list.title", LIST.to_owned()) }.show(visit)
        }
        _ => onward(visit, &place, true, "cases.signing.done.declined"),
    }
}
