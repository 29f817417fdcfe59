//! Passing a case on to the office that is competent for it.

use axum::{
    extract::Path,
    response::{IntoResponse, Redirect},
};
use base::{Translated, Uuid};
use catalogue::Service;
use database::Tx;
use web::{
    Answer, Failure, Page, Posted, SetCookie,
    components::{Choice, Fault, Field},
};

use super::{
    Desk, What,
    act::LONGEST,
    form::FormPage,
    settle::{overtaken, settle},
};
use crate::{
    case::Case,
    decide::{Context, Deed, NotNow, OtherOffice, term_at},
    perform::{Attempt, attempt},
    room::today,
    store,
    typed::{TypedText, too_long},
};

/// To which office.
const OFFICE: &str = "ufficio";
/// Why.
const REASON: &str = "motivo";

/// Shows the offices to choose from, each with the end of the term that there would be.
pub async fn show(desk: Desk, Path(id): Path<String>) -> Answer {
    let (case, service, parked) = desk.open(&id, What::Case).await?;
    web::show(&build(&desk, &case, &service, &parked, Vec::new()))
}

/// Passes the case on; from then on it is the other office's. The form that comes twice finds it there, and so does the
/// second of two clicks that came at the same moment.
pub async fn pass_on(desk: Desk, Path(id): Path<String>, posted: Posted) -> Answer {
    let (to, reason) = (posted.text(OFFICE).to_owned(), posted.text(REASON).to_owned());
    let deed = Deed::PassOn { to, reason };
    let database = desk.cases.web.database();
    if sent_before(&mut database.read().await?, &desk, &id, &deed).await? {
        return leave(&desk, "cases.office.done.again");
    }
    match send(&desk, &id, &posted, &deed).await {
        // In the lane of those who write: the other click may share a commit with this one that is still under way (0029).
        Err(Failure::NotFound) if sent_before(&mut database.begin().await?, &desk, &id, &deed).await? => {
            leave(&desk, "cases.office.done.again")
        }
        answer => overtaken(&desk, &id, answer, &posted).await,
    }
}

async fn send(desk: &Desk, id: &str, posted: &Posted, deed: &Deed) -> Answer {
    let (_, service) = desk.look(id).await?;
    let reason = posted.text(REASON);
    let mut faults = too_long(&desk.visit, LONGEST, [(REASON, reason)]);
    let missing = [(OFFICE, NotNow::WrongOffice), (REASON, NotNow::NoReasons)];
    let missing = missing.into_iter().filter(|(name, _)| posted.text(name).trim().is_empty());
    faults.extend(
        missing.map(|(name, why)| Fault { field: name.to_owned(), message: desk.visit.t(why.key()).to_owned() }),
    );
    if !faults.is_empty() {
        let (case, ..) = desk.open(id, What::Case).await?;
        return web::show_faulty(&build(desk, &case, &service, posted, faults));
    }
    match attempt(desk, id, deed).await? {
        Attempt::Done(_) => leave(desk, "cases.office.done.passed_on"),
        Attempt::NotNow(case, why @ (NotNow::WrongOffice | NotNow::NoReasons)) => {
            let field = if why == NotNow::NoReasons { REASON } else { OFFICE };
            let faults = vec![Fault { field: field.to_owned(), message: desk.visit.t(why.key()).to_owned() }];
            web::show_faulty(&build(desk, &case, &service, posted, faults))
        }
        attempt => {
            let kept = vec![TypedText::new(desk.visit.t("cases.office.passing.reason"), reason)];
            settle(desk, attempt, "cases.office.done.passed_on", kept)
        }
    }
}

/// To the list: the case is not this office's any more.
fn leave(desk: &Desk, notice: &'static str) -> Answer {
    Ok((SetCookie::notice(&desk.visit, notice), Redirect::to("/ufficio/pratiche")).into_response())
}

/// Whether it is where it is because this officer sent the same form.
async fn sent_before(tx: &mut Tx, desk: &Desk, id: &str, deed: &Deed) -> Result<bool, Failure> {
    let Ok(id) = id.parse::<Uuid>() else { return Ok(false) };
    let case = store::find(tx, id).await?;
    Ok(case.is_some_and(|case| deed.was_done(&case, &desk.actor(&case))))
}

fn build(desk: &Desk, case: &Case, service: &Service, posted: &Posted, faults: Vec<Fault>) -> FormPage {
    let page = desk.page("cases.office.passing.title", case);
    let (ground, actor) = (desk.cases.ground(case, service).read_by(&desk.officer, case), desk.actor(case));
    let context = ground.context(&actor, today(&desk.visit));
    let choice = |office: &OtherOffice| {
        let name: Translated = desk.cases.catalogue.office_name(&office.id, &office.name);
        let choice = Choice::new(&office.id, name.get(page.language)).chosen(office.id == posted.text(OFFICE));
        choice.hint(then(&page, case, &context, office))
    };
    let choices = ground.other_offices.iter().map(choice).collect();
    let reason = Field::area(REASON, page.t("cases.office.passing.reason"));
    FormPage {
        id: case.id.to_string(),
        lead: page.t("cases.office.passing.lead").to_owned(),
        fields: vec![
            Field::radios(OFFICE, page.t("cases.office.passing.to"), choices).fault_from(&faults),
            reason.hint(page.t("cases.office.passing.reason_hint")).value(posted.text(REASON)).fault_from(&faults),
        ],
        send: page.t("cases.office.passing.confirm").to_owned(),
        page: page.faulty(!faults.is_empty()),
        faults,
    }
}

/// What happens to the term if the case is passed on today.
fn then(page: &Page, case: &Case, context: &Context<'_>, office: &OtherOffice) -> String {
    let (term, anew) = term_at(case, context, office);
    let key = if anew { "cases.office.passing.anew" } else { "cases.office.passing.goes_on" };
    page.t1(key, "due", page.date(&term.due))
}
