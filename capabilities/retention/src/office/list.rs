use askama::Template;
use axum::extract::Path;
use protocol::Protocol;
use web::{
    Answer, Failure, Page, Posted,
    components::{Cell, Fact, Fault, Field, Table, Tone},
};

use super::{
    Desk,
    overview::{state_key, tone},
    place_of,
};
use crate::{
    certificate,
    decide::{self, NotNow},
    list::{Approval, Line, List, Outcome, State},
    store,
};

/// Lines on a page.
const LINES: i64 = 100;
pub const NUMBER: &str = "numero";
pub const REASON: &str = "motivo";
pub const AUTHORITY: &str = "autorita";
pub const ACT: &str = "provvedimento";
pub const DAY: &str = "giorno";
pub const DIGEST: &str = "impronta";

#[derive(Template)]
#[template(path = "office/list.html")]
struct ListPage {
    page: Page,
    faults: Vec<Fault>,
    place: String,
    tone: Tone,
    state: String,
    /// What to do next.
    next: &'static str,
    facts: Vec<Fact>,
    digest: String,
    counts: Vec<Fact>,
    lines: Table,
    later: Option<String>,
    strike: Vec<Field>,
    authorise: Vec<Field>,
    approve: bool,
    reject: Option<Field>,
    certificate: bool,
}

/// `GET /ufficio/scarto/elenchi/{list}`.
pub async fn show(desk: Desk, Path(id): Path<String>) -> Answer {
    web::show(&build(&desk, &id, &Posted::default(), Vec::new()).await?)
}

/// The list again, with what was typed and what is wrong with it.
pub async fn faulty(desk: &Desk, id: &str, posted: &Posted, faults: Vec<Fault>) -> Answer {
    web::show_faulty(&build(desk, id, posted, faults).await?)
}

async fn build(desk: &Desk, id: &str, posted: &Posted, faults: Vec<Fault>) -> Result<ListPage, Failure> {
    let after = desk.visit.query("dopo").and_then(|place| place.parse().ok()).unwrap_or(0);
    let mut tx = desk.visit.web.database().read().await?;
    let list = desk.list(&mut tx, id).await?;
    let approvals = store::approvals(&mut tx, list.id).await?;
    let lines = store::lines_from(&mut tx, &list, after, LINES).await?;
    let outcomes = store::outcomes(&mut tx, list.id).await?;
    drop(tx);
    let page =
        desk.page_titled(desk.visit.t1("retention.list.title", "number", list.shown())).faulty(!faults.is_empty());
    let more = lines.last().filter(|_| i64::try_from(lines.len()).is_ok_and(|many| many == LINES));
    let changeable = decide::change(&list, &approvals).is_ok();
    let deciding = decide::approve(&list, &approvals, desk.approver(), &list.digest);
    Ok(ListPage {
        place: place_of(list.id),
        tone: tone(list.state),
        state: page.t(&state_key(list.state)).to_owned(),
        next: next(&list, deciding.err()),
        facts: facts(desk, &page, &list, &approvals),
        counts: counts(&page, &outcomes),
        lines: table(desk, &page, &lines),
        later: more.map(|line| format!("{}?dopo={}", place_of(list.id), line.place)),
        strike: if changeable { strike_fields(desk, posted, &faults) } else { Vec::new() },
        authorise: if changeable { authorise_fields(desk, &list, posted, &faults) } else { Vec::new() },
        approve: deciding.is_ok(),
        reject: decide::reject(&list)
            .is_ok()
            .then(|| desk.area(posted, ("respinto", "retention.list.reject_reason"), &faults)),
        certificate: list.registered.is_some(),
        digest: list.digest,
        faults,
        page,
    })
}

/// The key of what is to be done now.
fn next(list: &List, why_not: Option<NotNow>) -> &'static str {
    match (list.state, why_not) {
        (State::Proposed, Some(why)) => why.key(),
        (State::Proposed, None) => "retention.next.approve",
        (State::Gathering, _) => "retention.next.gathering",
        (State::Approved, _) => "retention.next.approved",
        (State::Done, _) => "retention.next.done",
        (State::Rejected, _) => "retention.next.rejected",
    }
}

fn facts(desk: &Desk, page: &Page, list: &List, approvals: &[Approval]) -> Vec<Fact> {
    let fact = |key: &str, value: String| Fact::new(page.t(&format!("retention.list.{key}")), value);
    let signed = |name: &str, at| page.t2("retention.list.signed", "name", name, "at", page.moment(at));
    let office = desk.room.catalogue.office(&list.office);
    let title = office.as_ref().and_then(|office| office.title_for(&list.service));
    let mut facts = vec![fact("service", list.service_name.clone())];
    facts.extend(title.map(|title| fact("series", format!("{} {}", title.code, title.name.get(page.language)))));
    facts.push(fact("cases", list.cases.to_string()));
    facts.extend(list.closed.map(|(first, last)| {
        fact("closed", page.t2("retention.list.between", "first", page.date(&first), "last", page.date(&last)))
    }));
    facts.push(fact("proposed", signed(&list.proposed_by.1, &list.proposed_at)));
    facts.extend(list.authorisation.as_ref().map(|given| fact("authorisation", certificate::authorised(given))));
    facts.extend(approvals.iter().map(|given| {
        Fact::new(page.t(&format!("retention.approved_as.{}", given.role.key())), signed(&given.name, &given.at))
    }));
    facts
        .extend(list.rejected.as_ref().map(|(at, name, why)| fact("rejected", format!("{}: {why}", signed(name, at)))));
    facts.extend(list.began_at.map(|at| fact("began", page.moment(&at))));
    facts.extend(list.ended_at.map(|at| fact("ended", page.moment(&at))));
    let shown = |number: &Protocol| protocol::shown(&desk.room.catalogue, number);
    facts.extend(list.registered.as_ref().map(|number| {
        let place = format!("/ufficio/protocollo/{}/{}", number.year, number.number);
        fact("certificate", shown(number)).action(page.t("retention.list.open_entry"), place)
    }));
    facts
}

fn counts(page: &Page, outcomes: &[(Outcome, i64)]) -> Vec<Fact> {
    let told = outcomes.iter().filter(|(_, many)| *many > 0);
    told.map(|(outcome, many)| Fact::new(page.t(&outcome_key(*outcome)), many.to_string())).collect()
}

fn outcome_key(outcome: Outcome) -> String {
    format!("retention.outcome.{}", outcome.key())
}

fn table(desk: &Desk, page: &Page, lines: &[Line]) -> Table {
    let head = ["place", "number", "closed_on", "outcome"];
    let row = |line: &Line| {
        let outcome = line.outcome.map(|outcome| page.t(&outcome_key(outcome)).to_owned()).unwrap_or_default();
        let outcome = if line.reason.is_empty() { outcome } else { format!("{outcome}: {}", line.reason) };
        let number = protocol::shown(&desk.room.catalogue, &line.protocol);
        vec![
            Cell::text(line.place.to_string()),
            Cell::link(number, format!("/ufficio/pratiche/{}", line.case)),
            Cell::text(page.date(&line.closed_on)),
            Cell::text(outcome),
        ]
    };
    Table {
        caption: page.t("retention.list.lines").to_owned(),
        head: head.map(|column| page.t(&format!("retention.list.{column}")).to_owned()).to_vec(),
        rows: lines.iter().map(row).collect(),
    }
}

fn strike_fields(desk: &Desk, posted: &Posted, faults: &[Fault]) -> Vec<Field> {
    let number = desk.line(posted, (NUMBER, "retention.list.strike_number"), faults);
    let hint = desk.visit.t("retention.list.strike_hint");
    vec![number.hint(hint).width(14), desk.area(posted, (REASON, "retention.list.strike_reason"), faults)]
}

fn authorise_fields(desk: &Desk, list: &List, posted: &Posted, faults: &[Fault]) -> Vec<Field> {
    let given = list.authorisation.as_ref();
    let typed = |name: &str, kept: Option<&String>| match posted.text(name) {
        "" => kept.cloned().unwrap_or_default(),
        typed => typed.to_owned(),
    };
    let text = |name: &str, label: &str, kept| {
        Field::text(name, desk.visit.t(label)).value(typed(name, kept)).fault_from(faults)
    };
    let mut day = posted.day_parts(DAY);
    if let Some(on) = given.map(|given| given.on).filter(|_| day.iter().all(String::is_empty)) {
        day = [on.day().to_string(), on.month().to_string(), on.year().to_string()];
    }
    vec![
        text(AUTHORITY, "retention.list.authority", given.map(|given| &given.authority)),
        text(ACT, "retention.list.act", given.map(|given| &given.number)).width(20),
        Field::date(DAY, desk.visit.t("retention.list.day"), day).fault_from(faults),
    ]
}

/// `GET …/verbale.xml`: the certificate as it was sealed.
pub async fn download(desk: Desk, Path(id): Path<String>) -> Answer {
    let mut tx = desk.visit.web.database().read().await?;
    let list = desk.list(&mut tx, &id).await?;
    let bytes = store::certificate(&mut tx, list.id).await?.ok_or(Failure::NotFound)?;
    Ok(web::download(&certificate::file_name(&list), "application/xml", bytes))
}
