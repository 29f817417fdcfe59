use std::collections::BTreeMap;

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect},
};
use base::{Timestamp, Uuid};
use forms::Item;
use mandates::Verb;
use rules::Value;
use web::{Answer, Failure, Posted, Visit, components::Tone};

use super::{
    Application, merge,
    saving::Saving,
    sheet::{Sheet, Show},
};
use crate::{
    files::{self, Keeper},
    pages::{
        Counter,
        moved::{self, Moved},
    },
    room::Cases,
    store,
    typed::typed_again,
};

/// The field that holds the draft's key.
const DRAFT: &str = "sp.bozza";

/// What is answered about one member of a group.
type Member = BTreeMap<String, Value>;

/// Shows a page of questions, with what was typed when a session expired.
pub async fn page(State(cases): State<Cases>, Path((service, id)): Path<(String, String)>, visit: Visit) -> Answer {
    if let Some(way) = super::at_rest(&cases, &visit, &service).await? {
        return Ok(way);
    }
    let mut application = Application::open(&cases, &visit, &service).await?;
    if application.form().page(&id).is_none() {
        return Err(Failure::NotFound);
    }
    if let Some(group) = visit.query("aggiungi") {
        add_row(&mut application, &group);
    }
    let parked = web::parked::find_here(&visit).await?.unwrap_or_default();
    let show = if visit.query("modifica").is_some() { Show::Everything } else { Show::Missing };
    let sheet = Sheet::new(&application, &id, show, typed_again(parked.fields));
    let mut shown = sheet.build(&visit);
    if !parked.files.is_empty() {
        let text = visit.t1("cases.ask.page.files_again", "names", parked.files.join(", "));
        shown.page = shown.page.with_notice(Tone::Warning, text);
    }
    web::show(&shown)
}

/// Reads a page, keeps what is right in the draft, and goes on or shows what is wrong, or what another device wrote.
pub async fn save(
    Counter { cases, person, claim, visit, .. }: Counter,
    Path((service, id)): Path<(String, String)>,
    posted: Posted,
) -> Answer {
    let application = match Application::open(&cases, &visit, &service).await {
        Err(Failure::Conflict(why)) => return closed(&cases, &visit, &service, why, &posted),
        opened => opened?,
    };
    if let Some(case) = sent_elsewhere(&cases, &person.fiscal_code, &posted).await? {
        let kept = moved::typed(Some(application.form()), &visit, &posted);
        let onward = ("cases.moved.receipt", format!("/pratiche/{case}/ricevuta"));
        let text = visit.t("cases.moved.sent").to_owned();
        return Moved { text, kept, files: names(&posted), onward }.show(&visit);
    }
    let declared = application.form().page(&id).ok_or(Failure::NotFound)?;
    let keeper = Keeper { claim: &claim, owner: &person.fiscal_code, leave: (&service, Verb::Draft) };
    let files = files::keep(&cases, &visit, declared, (&keeper, application.answers()), &posted).await?;
    let put = |application: &mut Application| {
        let before = application.draft.updated_at;
        (Saving::put(application, &visit, &id, &posted, &files), before)
    };
    let (application, (saving, before)) = application.change(&cases, &visit, put).await?;
    answer(&application, &visit, &id, saving, before)
}

/// On to the next page; or the same again, with what is wrong or what another device wrote at `elsewhere`.
fn answer(application: &Application, visit: &Visit, id: &str, saving: Saving, elsewhere: Timestamp) -> Answer {
    let Saving { typed, problems, contested } = saving;
    if problems.is_empty() && contested.is_empty() {
        return Ok(Redirect::to(&application.next_place(Some(id))).into_response());
    }
    let elsewhere = (!contested.is_empty())
        .then(|| visit.t1("cases.ask.elsewhere.text", "when", base::long_timestamp(elsewhere, visit.language)));
    let sheet = Sheet { application, id, show: Show::Missing, typed, problems, contested, elsewhere };
    let shown = sheet.build(visit);
    if shown.elsewhere.is_none() {
        return web::show_faulty(&shown);
    }
    Ok((StatusCode::CONFLICT, web::show(&shown)?).into_response())
}

/// The service takes no applications any more: what was typed is given back.
fn closed(cases: &Cases, visit: &Visit, service: &str, why: &str, posted: &Posted) -> Answer {
    let service = cases.catalogue.service(service).ok_or(Failure::NotFound)?;
    let kept = moved::typed(Some(&service.form), visit, posted);
    let onward = ("cases.moved.service", service.href());
    Moved { text: visit.t(why).to_owned(), kept, files: names(posted), onward }.show(visit)
}

fn names(posted: &Posted) -> Vec<String> {
    posted.files.iter().map(|file| file.file_name.clone()).collect()
}

/// The case that another device made of this draft meanwhile.
async fn sent_elsewhere(cases: &Cases, applicant: &str, posted: &Posted) -> Result<Option<Uuid>, Failure> {
    let mut tx = cases.web.database().glance().await?;
    Ok(store::submission_of(&mut tx, applicant, posted.text(DRAFT)).await?)
}

/// Takes a member that the person had added out of the list, wherever another device may have moved it meanwhile.
pub async fn remove(
    Counter { cases, visit, .. }: Counter,
    Path((service, id)): Path<(String, String)>,
    posted: Posted,
) -> Answer {
    let named = posted.text("riga").rsplit_once('.');
    let (group, mark) = named.ok_or(Failure::BadRequest("web.failure.bad_request.advice"))?;
    let application = Application::open(&cases, &visit, &service).await?;
    let take_out = |application: &mut Application| {
        let known = application.prefilled.facts.groups.get(group).map_or(0, Vec::len);
        let Some(rows) = application.draft.answers.groups.get_mut(group) else { return };
        let place = rows.iter().enumerate().skip(known).find(|(_, row)| member_mark(row) == mark);
        if let Some((place, _)) = place {
            rows.remove(place);
        }
    };
    let (application, ()) = application.change(&cases, &visit, take_out).await?;
    Ok(Redirect::to(&format!("{}?modifica=1", application.place(&id))).into_response())
}

/// Names a member by what it says: its place in the list may change while a page is open. Of two that say the same it
/// does not matter which is meant.
pub fn member_mark(row: &Member) -> String {
    merge::digest_of(&serde_json::json!(row).to_string())
}

/// An empty member after those that are known.
pub fn add_row(application: &mut Application, group: &str) {
    let declared = application.service.form.pages.iter().flat_map(|page| &page.items).find_map(|item| match item {
        Item::Group(declared) if declared.id == group => Some(declared),
        _ => None,
    });
    let Some(declared) = declared else { return };
    let (id, max) = (declared.id.clone(), declared.max);
    let rows = application.answers_mut().groups.entry(id).or_default();
    // One unfinished member at a time.
    let unfinished = rows.last().is_some_and(|row| row.values().all(Value::is_null));
    if rows.len() < max && !unfinished {
        rows.push(Member::new());
    }
}
