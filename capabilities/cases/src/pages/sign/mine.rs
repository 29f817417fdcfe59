use askama::Template;
use axum::{
    extract::Path,
    response::{IntoResponse, Redirect},
};
use web::{
    Answer, Page, Posted,
    components::{Fact, Tone},
};

use super::{Oneself, answer_badge, capital, onward, place, state_key, tone, until};
use crate::{
    signing::{self, Person, Signing, State},
    store,
};

/// Who has signed an application, for the applicant.
#[derive(Template)]
#[template(path = "pages/sign/mine.html")]
struct MinePage {
    page: Page,
    service: String,
    slug: String,
    tone: Tone,
    state: String,
    lead: String,
    facts: Vec<Fact>,
    people: Vec<Row>,
    waiting: bool,
    /// From when on everybody can be reminded again; empty: now.
    remind_from: String,
    text: String,
    digest: String,
}

/// Somebody who must sign.
struct Row {
    who: String,
    tone: Tone,
    answer: String,
    notes: Vec<String>,
}

/// Shows who has signed and who has not; leads to the receipt once it is filed.
pub async fn show(counter: Oneself, Path(service): Path<String>) -> Answer {
    let Oneself { cases, person, visit } = &counter;
    let mut tx = cases.web.database().read().await?;
    let last = store::last_signing(&mut tx, &person.fiscal_code, &service).await?;
    let kept = match &last {
        Some(signing) => store::kept_of_signing(&mut tx, signing.id).await?,
        None => None,
    };
    drop(tx);
    let Some(signing) = last else {
        return Ok(Redirect::to(&format!("/servizi/{service}/domanda")).into_response());
    };
    if let Some(case) = signing.case {
        return Ok(Redirect::to(&format!("/pratiche/{case}/ricevuta")).into_response());
    }
    let state = signing.state_at(visit.now);
    let waiting = state == State::Waiting;
    let name = counter.named(&signing);
    let page = visit.page("cases.signing.mine.title").crumb(&name, format!("/servizi/{service}"));
    let remind_from = signing::reminds_from(&signing, visit.now);
    web::show(&MinePage {
        tone: tone(state),
        state: page.t(&state_key(state)).to_owned(),
        lead: page.t(&format!("cases.signing.mine.lead.{}", state.key())).to_owned(),
        facts: facts(&page, &signing, waiting),
        people: signing.people.iter().map(|one| row(&page, one, &counter.role(&signing, &one.role))).collect(),
        remind_from: remind_from
            .map(|from| page.t1("cases.signing.mine.remind_from", "when", page.moment(&from)))
            .unwrap_or_default(),
        text: kept.map(|kept| kept.text).filter(|_| waiting).unwrap_or_default(),
        digest: signing.digest.clone(),
        service: name,
        slug: service,
        waiting,
        page,
    })
}

fn facts(page: &Page, signing: &Signing, waiting: bool) -> Vec<Fact> {
    let fact = |key: &str, value: String| Fact::new(page.t(key), value);
    let mut facts = vec![fact("cases.signing.fact.confirmed", page.moment(&signing.confirmed_at))];
    match signing.ended_at.filter(|_| !waiting) {
        Some(ended) => facts.push(fact("cases.signing.fact.ended", page.moment(&ended))),
        None => facts.push(fact("cases.signing.fact.until", until(signing.expires_at, page.language))),
    }
    let progress = page.t2("cases.signing.fact.of", "n", signing.signed().count(), "all", signing.people.len());
    facts.push(fact("cases.signing.fact.signatures", progress));
    facts
}

/// Who has not answered is named by the code alone, as the applicant wrote it: whose it is nobody says.
fn row(page: &Page, person: &Person, role: &str) -> Row {
    let (tone, answer) = answer_badge(page, person);
    let mut notes = Vec::new();
    let who = match &person.answered {
        Some(answered) => {
            notes.push(page.moment(&answered.at));
            notes.extend(
                (!answered.reason.is_empty()).then(|| page.t1("cases.signing.mine.reason", "reason", &answered.reason)),
            );
            format!("{}: {} ({})", capital(role), answered.name, person.code)
        }
        None => {
            let at = person.reminded_at.map(|at| page.t1("cases.signing.mine.reminded", "when", page.moment(&at)));
            notes.extend(at);
            format!("{}: {}", capital(role), person.code)
        }
    };
    Row { who, tone, answer, notes }
}

/// Has everybody reminded who has not signed, once a day at most.
pub async fn remind(Oneself { cases, person, visit }: Oneself, Path(service): Path<String>, _: Posted) -> Answer {
    let done = signing::remind(&cases, &person.fiscal_code, &service).await?;
    let key = if done { "cases.signing.mine.remind_done" } else { "cases.signing.mine.remind_not" };
    onward(&visit, &place(&service), done, key)
}

/// Takes the application back: signatures fall, and the draft can be changed again.
pub async fn take_back(Oneself { cases, person, visit }: Oneself, Path(service): Path<String>, _: Posted) -> Answer {
    if signing::take_back(&cases, &person.fiscal_code, &service).await? {
        return onward(&visit, &format!("/servizi/{service}/domanda/riepilogo"), true, "cases.signing.mine.taken_back");
    }
    onward(&visit, &place(&service), false, "cases.signing.done.over")
}
