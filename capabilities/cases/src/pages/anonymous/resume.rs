use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse, Redirect},
};
use web::{
    Answer, Page, Posted, SetCookie, Visit,
    components::{Fault, Field},
};

use super::super::code;
use crate::{room::Cases, store};

/// The field of the code.
const FIELD: &str = "codice";

/// Asks for a code.
#[derive(Template)]
#[template(path = "pages/anonymous/resume.html")]
struct ResumePage {
    page: Page,
    faults: Vec<Fault>,
    code: Field,
}

fn build(visit: &Visit, typed: &str, faults: Vec<Fault>) -> ResumePage {
    let page = visit.page("cases.anonymous.resume.title");
    let code = Field::text(FIELD, page.t("cases.anonymous.resume.code")).hint(page.t("cases.anonymous.resume.hint"));
    ResumePage { code: code.value(typed).fault_from(&faults), page: page.faulty(!faults.is_empty()), faults }
}

/// Shows where the code is typed.
pub async fn show(visit: Visit) -> Answer {
    web::show(&build(&visit, "", Vec::new()))
}

/// Opens the draft of this code in this browser.
pub async fn resume(State(cases): State<Cases>, visit: Visit, posted: Posted) -> Answer {
    let typed = posted.text(FIELD);
    let wrong = |key: &str| {
        let faults = vec![Fault { field: FIELD.to_owned(), message: visit.t(key).to_owned() }];
        web::show_faulty(&build(&visit, typed, faults))
    };
    let Some(code) = code::read(typed) else { return wrong("cases.anonymous.resume.mistyped") };
    let mut tx = cases.web.database().read().await?;
    let found = store::find_anonymous(&mut tx, &code::digest(&code), visit.now).await?;
    drop(tx);
    let Some((draft, _)) = found else { return wrong("cases.anonymous.resume.unknown") };
    let place = format!("/servizi/{}/bozza", draft.service);
    Ok((SetCookie::draft(&visit, &code), Redirect::to(&place)).into_response())
}
