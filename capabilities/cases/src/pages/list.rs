use std::collections::BTreeMap;

use askama::Template;
use base::Translated;
use mandates::Verb;
use web::{
    Answer, Page,
    components::{Card, Tone},
};

use super::{Counter, sign};
use crate::{
    clock::Reading,
    room::today,
    signing::State,
    store::{self, CaseRow},
    view::{euro, state_key, tone},
};

/// All that a person asked for, on one page.
#[derive(Template)]
#[template(path = "pages/list.html")]
struct ListPage {
    page: Page,
    drafts: Vec<Card>,
    signings: Vec<Card>,
    open: Vec<Entry>,
    closed: Vec<Entry>,
}

/// A case in a person's list.
struct Entry {
    href: String,
    service: String,
    tone: Tone,
    state: String,
    protocol: String,
    filed: String,
    sentence: String,
    notes: Vec<String>,
    usual: String,
}

/// Shows drafts and cases.
pub async fn show(counter: Counter) -> Answer {
    let mut tx = counter.view().await?;
    let Counter { cases, visit, .. } = &counter;
    let capacity = counter.claim.capacity(&mut tx, visit).await?;
    let person = &capacity.principal().fiscal_code;
    let mut drafts = store::drafts_of(&mut tx, person).await?;
    let all = !capacity.sees_only_its_own();
    drafts.retain(|draft| all && capacity.allows(&draft.service, Verb::Draft));
    let mut asked = store::signings_of_applicant(&mut tx, person).await?;
    asked.retain(|signing| all && capacity.allows(&signing.service, Verb::Draft));
    let mut rows = store::of_applicant(&mut tx, person).await?;
    rows.retain(|row| all && capacity.allows(&row.service, Verb::See));
    let page = visit.page("cases.list.title");
    let signings: Vec<Card> = asked.iter().filter_map(|signing| sign::card(cases, &page, signing, visit.now)).collect();
    let waits =
        |service: &str| asked.iter().any(|one| one.service == service && one.state_at(visit.now) == State::Waiting);
    let drafts = drafts.iter().filter(|draft| !waits(&draft.service)).filter_map(|draft| {
        let service = cases.catalogue.service(&draft.service)?;
        let saved = page.t1("cases.list.draft_saved", "at", page.moment(&draft.updated_at));
        let href = format!("/servizi/{}/domanda", draft.service);
        Some(Card::new(service.name.get(visit.language), saved, href).over(page.t("cases.list.draft")))
    });
    let drafts = drafts.collect();
    let (mut open, mut closed) = (Vec::new(), Vec::new());
    let mut usual_days: BTreeMap<&str, Option<i64>> = BTreeMap::new();
    for row in &rows {
        let usual = match usual_days.get(row.service.as_str()) {
            Some(days) => *days,
            None if row.state.is_closed() => None, // how long it usually takes is told of what is still to come
            None => *usual_days.entry(&row.service).or_insert(store::ninth_decile_days(&mut tx, &row.service).await?),
        };
        let list = if row.state.is_closed() { &mut closed } else { &mut open };
        let service = cases.catalogue.service_name(&row.service, &row.service_name);
        let clock = cases.reading(row, today(visit));
        let number = protocol::shown(&cases.catalogue, &row.protocol);
        list.push(entry(&page, (row, &service, number), usual, &clock));
    }
    let shown = rows.first().and_then(|row| capacity.may(&row.service, Verb::See));
    if let Some(acting) = shown {
        counter.seen(tx, &acting, ("cases.read.list", None)).await?;
    }
    web::show(&ListPage { page, drafts, signings, open, closed })
}

fn entry(
    page: &Page,
    (row, service, number): (&CaseRow, &Translated, String),
    usual: Option<i64>,
    clock: &Reading,
) -> Entry {
    Entry {
        href: format!("/pratiche/{}", row.id),
        service: service.get(page.language).to_owned(),
        tone: tone(row.state),
        state: page.t(&state_key(row.state)).to_owned(),
        protocol: number,
        filed: page.moment(&row.submitted_at),
        sentence: sentence(page, row, clock),
        notes: [clock.silence(page), clock.substitute(page)].into_iter().filter(|note| !note.is_empty()).collect(),
        usual: usual
            .filter(|_| !row.state.is_closed())
            .map(|days| page.tn("cases.list.usual", days))
            .unwrap_or_default(),
    }
}

fn sentence(page: &Page, row: &CaseRow, clock: &Reading) -> String {
    match (&row.amount, row.state.is_closed()) {
        (Some(amount), true) => page.t1("cases.list.granted", "amount", euro(amount, page.language)),
        (None, true) => String::new(),
        (_, false) => clock.sentence(page),
    }
}
