use askama::Template;
use base::Timestamp;
use database::Tx;
use web::{Answer, Failure, Page, Visit, components::Card};

use super::{LIST, Oneself, place, state_key, until};
use crate::{
    room::Cases,
    signing::{Signing, State},
    store,
};

/// What others ask a person to sign.
#[derive(Template)]
#[template(path = "pages/sign/list.html")]
struct ListPage {
    page: Page,
    awaited: Vec<Card>,
    earlier: Vec<Card>,
}

/// Shows what waits for this person's signature, and what they answered before.
pub async fn show(counter: Oneself) -> Answer {
    let Oneself { cases, person, visit } = &counter;
    let mut tx = cases.web.database().read().await?;
    let found = store::signings_of_signer(&mut tx, &person.fiscal_code).await?;
    drop(tx);
    let page = visit.page("cases.signing.list.title");
    let (mut awaited, mut earlier) = (Vec::new(), Vec::new());
    for signing in &found {
        let open = is_awaited(signing, &person.fiscal_code, visit.now);
        let card = Card::new(counter.named(signing), text(&page, signing, open), format!("{LIST}/{}", signing.id));
        if open { awaited.push(card) } else { earlier.push(card.over(page.t(&state_key(signing.state_at(visit.now))))) }
    }
    web::show(&ListPage { page, awaited, earlier })
}

/// Who asks is told on the page behind, to who came in with the e-ID that the service demands.
fn text(page: &Page, signing: &Signing, open: bool) -> String {
    if open {
        return page.t1("cases.signing.list.by", "when", until(signing.expires_at, page.language));
    }
    page.t1("cases.signing.list.of", "when", page.moment(&signing.confirmed_at))
}

/// An application of a person's own that waits for signatures, or ended without: for the list of what they asked.
pub fn card(cases: &Cases, page: &Page, signing: &Signing, now: Timestamp) -> Option<Card> {
    let state = signing.state_at(now);
    let text = match state {
        State::Waiting => {
            let (n, all) = (signing.signed().count(), signing.people.len());
            page.t2("cases.signing.fact.of", "n", n, "all", all)
        }
        State::Declined | State::Expired => page.t("cases.signing.list.ended").to_owned(),
        State::Filed | State::TakenBack => return None,
    };
    let name = cases.catalogue.service_name(&signing.service, &signing.service_name);
    let card = Card::new(name.get(page.language), text, place(&signing.service));
    Some(card.over(page.t(&state_key(state))))
}

fn is_awaited(signing: &Signing, code: &str, now: Timestamp) -> bool {
    let silent = signing.person(code).is_some_and(|person| person.answered.is_none());
    silent && signing.state_at(now) == State::Waiting
}

/// For the home page: what waits for the signature of a person, with its service and when it was last asked for.
///
/// # Errors
/// What the database refuses.
pub async fn asked_of(
    cases: &Cases,
    tx: &mut Tx,
    visit: &Visit,
    code: &str,
) -> Result<Vec<(String, String, String)>, Failure> {
    let found = store::signings_of_signer(tx, code).await?;
    let awaited = found.iter().filter(|signing| is_awaited(signing, code, visit.now));
    let told = awaited.map(|signing| {
        let name = cases.catalogue.service_name(&signing.service, &signing.service_name);
        let until = until(signing.expires_at, visit.language);
        let mut text = visit.t1("cases.signing.list.by", "when", until);
        if let Some(at) = signing.person(code).and_then(|person| person.reminded_at) {
            let day = base::long_date(base::rome_date(at), visit.language);
            text = format!("{text} {}", visit.t1("cases.signing.list.reminded", "day", day));
        }
        (name.get(visit.language).to_owned(), text, format!("{LIST}/{}", signing.id))
    });
    Ok(told.collect())
}
