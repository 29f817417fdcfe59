use askama::Template;
use axum::{
    extract::Path,
    response::{IntoResponse, Redirect},
};
use identity::Power;
use web::{
    Answer, Failure, Page, Posted, SetCookie,
    components::{Fault, Field},
};

use super::{Desk, place, typed::Typed};
use crate::{change::Officer, store};

const REASON: &str = "motivo";
const ACT: &str = "provvedimento";

#[derive(Template)]
#[template(path = "office/annul.html")]
struct AnnulPage {
    page: Page,
    faults: Vec<Fault>,
    place: String,
    reason: Field,
    act: Field,
}

/// `GET …/annulla`: asks for reason and authorising act, of who heads the office.
pub async fn show(desk: Desk, Path(at): Path<(String, String)>) -> Answer {
    web::show(&build(&desk, &at, &desk.parked().await?, Vec::new()).await?)
}

/// `POST …/annulla` (art. 54 D.P.R. 445/2000).
pub async fn annul(desk: Desk, Path(at): Path<(String, String)>, posted: Posted) -> Answer {
    desk.demand(Power::RunRegister)?;
    let mut typed = Typed::new(&desk.visit, &posted);
    let reason = typed.need(REASON, "protocol.annul.missing_reason");
    let act = typed.act(ACT, "protocol.annul.missing_act");
    if !typed.faults.is_empty() {
        let faults = typed.faults;
        return web::show_faulty(&build(&desk, &at, &posted, faults).await?);
    }
    let (by, now) = (Officer::from(&desk.officer), desk.visit.web.clock().now());
    let mut tx = desk.visit.web.database().begin().await?;
    let entry = desk.find(&mut tx, &at).await?;
    let done = store::annul(&mut tx, &entry.protocol, (&reason, &act), &by, now).await?;
    tx.commit().await?;
    let notice = SetCookie::told(&desk.visit, done, ("protocol.annul.done", "protocol.annul.already"));
    Ok((notice, Redirect::to(&place(&entry.protocol))).into_response())
}

async fn build(desk: &Desk, at: &(String, String), posted: &Posted, faults: Vec<Fault>) -> Result<AnnulPage, Failure> {
    desk.demand(Power::RunRegister)?;
    let mut tx = desk.visit.web.database().read().await?;
    let entry = desk.find(&mut tx, at).await?;
    let (visit, shown) = (&desk.visit, desk.shown(&entry.protocol));
    let page =
        desk.page_titled(visit.t1("protocol.annul.title", "protocol", &shown)).crumb(shown, place(&entry.protocol));
    Ok(AnnulPage {
        place: place(&entry.protocol),
        reason: Field::area(REASON, visit.t("protocol.annul.reason")).value(posted.text(REASON)).fault_from(&faults),
        act: Field::text(ACT, visit.t("protocol.annul.act"))
            .hint(visit.t("protocol.annul.act_hint"))
            .value(posted.text(ACT))
            .fault_from(&faults),
        page: page.faulty(!faults.is_empty()),
        faults,
    })
}
