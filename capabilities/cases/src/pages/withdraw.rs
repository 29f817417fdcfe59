use askama::Template;
use axum::{extract::Path, http::StatusCode, response::IntoResponse};
use mandates::Verb;
use web::{
    Answer, Page, Posted,
    components::{Fault, Field, Tone},
};

use super::{Counter, done, moved, not_done};
use crate::{
    case::{Case, State},
    decide::{Deed, Step},
    perform::{Attempt, attempt},
    typed::{TypedText, too_long},
};

/// Longest reason, in characters.
const LONGEST: usize = 4_000;
/// The field of the reason.
const FIELD: &str = "motivo";
/// What withdrawing means once the case is granted; sent back by the form as what the person agreed to.
const GIVES_UP: &str = "cases.withdraw.effect_granted";

/// What withdrawing means, before it is done.
#[derive(Template)]
#[template(path = "pages/withdraw.html")]
struct WithdrawPage {
    page: Page,
    id: String,
    protocol: String,
    faults: Vec<Fault>,
    effect: &'static str,
    changed: bool,
    reason: Field,
}

fn build(counter: &Counter, case: &Case, typed: &str, faults: Vec<Fault>) -> WithdrawPage {
    let page = counter.page("cases.withdraw.title", case);
    let reason = Field::area(FIELD, page.t("cases.withdraw.reason")).value(typed).optional();
    WithdrawPage {
        id: case.id.to_string(),
        protocol: protocol::shown(&counter.cases.catalogue, &case.submitted.protocol),
        effect: if case.state.is_granted() { GIVES_UP } else { "cases.withdraw.effect_open" },
        changed: false,
        reason: reason.fault_from(&faults),
        page: page.faulty(!faults.is_empty()),
        faults,
    }
}

/// Asks for confirmation.
pub async fn ask(counter: Counter, Path(id): Path<String>) -> Answer {
    let (case, service, parked) = counter.open(&id, Verb::Withdraw).await?;
    if case.state == State::Withdrawn {
        return done(&counter.visit, &id, "cases.withdraw.done");
    }
    if let Err(why) = counter.may(&case, &service, Step::Withdraw) {
        return not_done(&counter.visit, &id, why);
    }
    web::show(&build(&counter, &case, Posted::from(parked).text(FIELD), Vec::new()))
}

/// Withdraws. Sending it twice withdraws once; what was confirmed for an open case is asked again for a granted one,
/// because it means something else there.
pub async fn withdraw(counter: Counter, Path(id): Path<String>, posted: Posted) -> Answer {
    let (visit, reason) = (&counter.visit, posted.text(FIELD));
    let faults = too_long(visit, LONGEST, [(FIELD, reason)]);
    if !faults.is_empty() {
        let (case, _) = counter.look(&id, Verb::Withdraw).await?;
        return web::show_faulty(&build(&counter, &case, reason, faults));
    }
    let deed = Deed::Withdraw { reason: reason.to_owned(), gives_up: posted.text("effetto") == GIVES_UP };
    match attempt(&counter, &id, &deed).await? {
        Attempt::Done(_) | Attempt::Again(_) => done(visit, &id, "cases.withdraw.done"),
        Attempt::NotNow(case, _) if case.state.is_granted() => {
            let shown = WithdrawPage { changed: true, ..build(&counter, &case, reason, Vec::new()) };
            Ok((StatusCode::CONFLICT, web::show(&shown)?).into_response())
        }
        Attempt::NotNow(case, why) => {
            moved::case(visit, &case, why, vec![TypedText::new(visit.t("cases.withdraw.reason"), reason)])
        }
    }
}
