use askama::Template;
use axum::extract::Path;
use catalogue::Service;
use web::{
    Answer, Page, Posted,
    components::{Choice, Fault, Field, Tone},
};

use super::{
    Desk, What,
    act::LONGEST,
    settle::{overtaken, settle},
};
use crate::{
    case::Case,
    decide::{Deed, NotNow, Refusing, notice_first},
    explain::{Explained, explained},
    perform::{Attempt, attempt},
    typed::{TypedText, too_long},
};

/// What the form says that it is for, in its field `passo`.
const NOTICE: &str = "preavviso";
const REFUSAL: &str = "rifiuto";
/// The reasons.
const REASONS: &str = "motivi";
/// How the applicant's observations were weighed.
const WEIGHED: &str = "controdeduzioni";
/// Grounds that follow from the observations.
const FURTHER: &str = "motivi-ulteriori";

/// Confirms that it goes against the computation.
const AGAINST: &str = "contro";
/// Whoever refuses what the computation grants says why in more than a word: in as many characters at least.
const SHORTEST: usize = 20;

/// Refusing: the reasons, in words that the person will read. First the notice, where the service foresees one.
#[derive(Template)]
#[template(path = "office/refusal.html")]
struct RefusalPage {
    page: Page,
    id: String,
    faults: Vec<Fault>,
    notice: bool,
    step: &'static str,
    decision: Option<Explained>,
    observations: Option<String>,
    /// The grounds of the notice, once it was sent: no others may be added, but for those that follow from observations.
    noticed: Option<String>,
    reasons: Field,
    on_observations: Field,
    further: Field,
    /// Where the computation says that it is due.
    against: Option<Field>,
}

/// Shows the form of the notice or of the refusal.
pub async fn show(desk: Desk, Path(id): Path<String>) -> Answer {
    let (case, service, parked) = desk.open(&id, What::Decision).await?;
    web::show(&build(&desk, &case, &service, &parked, Vec::new()))
}

/// Sends the notice, or refuses.
pub async fn refuse(desk: Desk, Path(id): Path<String>, posted: Posted) -> Answer {
    let answer = refuse_now(&desk, &id, &posted).await;
    overtaken(&desk, &id, answer, &posted).await
}

async fn refuse_now(desk: &Desk, id: &str, posted: &Posted) -> Answer {
    let visit = &desk.visit;
    let (case, service) = desk.look(id).await?;
    let against = unconfirmed(desk, &case, posted);
    let why = Refusing {
        reasons: posted.text(REASONS).to_owned(),
        on_observations: posted.text(WEIGHED).to_owned(),
        further_grounds: posted.text(FURTHER).to_owned(),
    };
    let typed = [(REASONS, why.reasons.as_str()), (WEIGHED, &why.on_observations), (FURTHER, &why.further_grounds)];
    let faults = [too_long(visit, LONGEST, typed), against].concat();
    if !faults.is_empty() {
        let (case, ..) = desk.open(id, What::Decision).await?;
        return web::show_faulty(&build(desk, &case, &service, posted, faults));
    }
    let notice = is_notice(posted, &case, &service);
    match attempt(desk, id, &deed(notice, &why)).await? {
        Attempt::NotNow(case, why @ (NotNow::NoReasons | NotNow::ObservationsIgnored | NotNow::NewGrounds)) => {
            let field = match why {
                NotNow::ObservationsIgnored => WEIGHED,
                NotNow::NewGrounds => FURTHER,
                _ => REASONS,
            };
            let faults = vec![Fault { field: field.to_owned(), message: visit.t(why.key()).to_owned() }];
            web::show_faulty(&build(desk, &case, &service, posted, faults))
        }
        attempt => {
            let done = if notice { "cases.office.done.noticed" } else { "cases.office.done.refused" };
            let kept = vec![
                TypedText::new(visit.t("cases.office.refusal.reasons"), &why.reasons),
                TypedText::new(visit.t("cases.office.refusal.on_observations"), &why.on_observations),
                TypedText::new(visit.t("cases.office.refusal.further"), &why.further_grounds),
            ];
            settle(desk, attempt, done, kept)
        }
    }
}

/// Whether the computation says that what is asked for is due.
fn is_due(case: &Case) -> bool {
    case.decision.as_ref().is_some_and(|decision| decision.entitled == Some(true))
}

/// What is missing of a refusal against the computation.
fn unconfirmed(desk: &Desk, case: &Case, posted: &Posted) -> Vec<Fault> {
    let fault = |field: &str, key: &str| Fault { field: field.to_owned(), message: desk.visit.t(key).to_owned() };
    let mut faults = Vec::new();
    if is_due(case) && case.proposal.is_none() && posted.text(REASONS).trim().chars().count() < SHORTEST {
        faults.push(fault(REASONS, "cases.office.refusal.against_reasons"));
    }
    if is_due(case) && posted.text(AGAINST).is_empty() {
        faults.push(fault(AGAINST, "cases.office.refusal.against_missing"));
    }
    faults
}

/// What the form was for when it was shown, not what would come next now: sent twice, a notice stays a notice.
fn is_notice(posted: &Posted, case: &Case, service: &Service) -> bool {
    match posted.text("passo") {
        NOTICE => true,
        REFUSAL => false,
        _ => notice_first(case, &service.process.rules),
    }
}

fn deed(notice: bool, why: &Refusing) -> Deed {
    if notice { Deed::Notice(why.reasons.clone()) } else { Deed::Refuse(why.clone()) }
}

fn build(desk: &Desk, case: &Case, service: &Service, posted: &Posted, faults: Vec<Fault>) -> RefusalPage {
    let notice = notice_first(case, &service.process.rules);
    let title = if notice { "cases.office.refusal.notice_title" } else { "cases.office.refusal.title" };
    let page = desk.page(title, case);
    let area = |name: &str, key: &str| Field::area(name, page.t(key)).value(posted.text(name)).fault_from(&faults);
    let against = || {
        let yes =
            Choice::new("si", page.t("cases.office.refusal.against_yes")).chosen(!posted.text(AGAINST).is_empty());
        Field::checks(AGAINST, page.t("cases.office.refusal.against"), vec![yes]).fault_from(&faults)
    };
    RefusalPage {
        against: is_due(case).then(against),
        id: case.id.to_string(),
        notice,
        step: if notice { NOTICE } else { REFUSAL },
        decision: explained(&page, service, case),
        observations: case.observations.clone(),
        noticed: case.proposal.as_ref().map(|proposal| proposal.reasons.clone()),
        further: area(FURTHER, "cases.office.refusal.further")
            .hint(page.t("cases.office.refusal.further_hint"))
            .optional(),
        reasons: area(REASONS, "cases.office.refusal.reasons").hint(page.t("cases.office.refusal.reasons_hint")),
        on_observations: area(WEIGHED, "cases.office.refusal.on_observations"),
        page: page.faulty(!faults.is_empty()),
        faults,
    }
}
