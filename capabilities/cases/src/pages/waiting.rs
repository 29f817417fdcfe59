//! The waiting room of a service: a page that stands still, needs no script and no reload, and says a time that holds.

use askama::Template;
use axum::{
    extract::Path,
    http::{HeaderValue, header},
    response::{IntoResponse, Redirect},
};
use base::Timestamp;
use catalogue::{Phase, Service};
use mandates::{Capacity, Verb};
use waiting::Place;
use web::{
    Answer, Failure, Page, Posted, Visit,
    components::{Card, Tone},
};

use super::{
    Counter,
    ask::{gives_places, take_place, who_may_ask},
};
use crate::{room::Cases, view::BY_ITSELF};

/// How often, in seconds.
const PAUSES: (i64, i64) = (20, 60);

#[derive(Template)]
#[template(path = "pages/waiting.html")]
struct WaitingPage {
    page: Page,
    service: String,
    slug: String,
    state: State,
    /// How many minutes a turn lasts, in words.
    stay: String,
    by_itself: bool,
    meanwhile: Vec<Card>,
}

impl WaitingPage {
    fn ahead(&self, people: &i64) -> String {
        if *people == 0 {
            return self.page.t("cases.waiting.next").to_owned();
        }
        self.page.tn("cases.waiting.ahead", *people)
    }
}

/// Where somebody stands.
enum State {
    /// Without a place.
    Outside,
    /// Without a place for an opening.
    OutsideBefore(Timestamp),
    /// Waits for the draw at the opening.
    Draw(Timestamp),
    /// Waits until the turn, behind so many people.
    Waits(Timestamp, i64),
    /// May enter until.
    Up(Timestamp),
}

/// Shows where the person stands.
pub async fn show(counter: Counter, Path(slug): Path<String>) -> Answer {
    let Counter { cases, person, visit, capacity, .. } = counter;
    let service = asked((&cases, &capacity), &slug)?;
    let place = cases.waiting.place(&slug, &person.fiscal_code, visit.now).await?;
    let Some(state) = state(&cases, &visit, &service, place) else { return onward(&slug) };
    let again = refresh(&visit, &state);
    let name = service.name.get(visit.language).to_owned();
    let page = visit.page("cases.waiting.title").crumb(&name, service.href());
    let meanwhile = meanwhile(&page, &service);
    let stay = page.tn("cases.waiting.stay", cases.waiting.limit().minutes);
    let by_itself = again.is_some();
    let shown = web::show(&WaitingPage { service: name, slug, state, stay, by_itself, meanwhile, page })?;
    Ok(match again {
        Some(again) => ([(header::REFRESH, again)], shown).into_response(),
        None => shown,
    })
}

/// Takes a place, or finds the one there is.
pub async fn take(
    Counter { cases, person, visit, capacity, .. }: Counter,
    Path(slug): Path<String>,
    _: Posted,
) -> Answer {
    let service = asked((&cases, &capacity), &slug)?;
    match take_place(&cases, &visit, &service, &person.fiscal_code).await? {
        Some(_) => Ok(Redirect::to(&format!("/servizi/{slug}/attesa")).into_response()),
        None => onward(&slug),
    }
}

/// A place is the person's: who may not file for them takes none.
fn asked((cases, capacity): (&Cases, &Capacity), slug: &str) -> Result<std::sync::Arc<Service>, Failure> {
    if !capacity.allows(slug, Verb::Submit) {
        return Err(Failure::Conflict(mandates::NOT_IN_SCOPE));
    }
    let service = cases.catalogue.service(slug).filter(|service| service.can_be_asked()).ok_or(Failure::NotFound)?;
    who_may_ask(&service, capacity.principal().kind())?;
    Ok(service)
}

/// Nobody waits here now: the application says what there is to do.
fn onward(slug: &str) -> Answer {
    Ok(Redirect::to(&format!("/servizi/{slug}/domanda")).into_response())
}

/// `None` where there is nothing to wait for.
fn state(cases: &Cases, visit: &Visit, service: &Service, place: Option<Place>) -> Option<State> {
    if !cases.waiting.has_limit() {
        return None;
    }
    let window = service.process.window_at(visit.now);
    match (place, window) {
        (Some(Place { turn: Some(turn), .. }), _) if visit.now < turn => {
            Some(State::Waits(to_the_minute(turn), cases.waiting.ahead(turn, visit.now)))
        }
        (Some(Place { until: Some(until), .. }), _) => Some(State::Up(until)),
        (Some(_), Some((window, _))) => Some(State::Draw(window.opens)),
        (None, Some((_, Phase::After))) => None,
        (None, Some((window, Phase::Before))) => {
            gives_places(cases, window.opens, visit.now).then_some(State::OutsideBefore(window.opens))
        }
        (None | Some(_), _) => Some(State::Outside),
    }
}

/// Never earlier than the truth.
fn to_the_minute(turn: Timestamp) -> Timestamp {
    let over = turn.as_second().rem_euclid(60);
    let more = if over == 0 && turn.subsec_nanosecond() == 0 { 0 } else { 60 - over };
    Timestamp::from_second(turn.as_second().saturating_add(more)).unwrap_or(turn)
}

/// After how many seconds the page comes again, where the person wants that and there is something to wait for.
fn refresh(visit: &Visit, state: &State) -> Option<HeaderValue> {
    visit.query(BY_ITSELF)?;
    let awaited = match state {
        State::Draw(at) | State::Waits(at, _) => *at,
        State::Outside | State::OutsideBefore(_) | State::Up(_) => return None,
    };
    let wait = awaited.duration_since(visit.now).as_secs().saturating_add(1);
    HeaderValue::from_str(&wait.clamp(PAUSES.0, PAUSES.1).to_string()).ok()
}

/// All that stays open while somebody waits.
fn meanwhile(page: &Page, service: &Service) -> Vec<Card> {
    let card = |key: &str, href: String| {
        let (title, text) = (format!("cases.waiting.{key}.title"), format!("cases.waiting.{key}.text"));
        Card::new(page.t(&title), page.t(&text), href)
    };
    let draft = service.form.pages.first().map(|first| format!("{}/domanda/{}?modifica=1", service.href(), first.id));
    let draft = draft.map(|href| card("draft", href));
    let rest = [card("cases", "/pratiche".to_owned()), card("services", "/servizi".to_owned())];
    draft.into_iter().chain(rest).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_turn_is_told_by_the_next_full_minute() {
        for (turn, told) in [
            ("2026-12-01T08:00:00Z", "2026-12-01T08:00:00Z"),
            ("2026-12-01T08:00:00.000001Z", "2026-12-01T08:01:00Z"),
            ("2026-12-01T08:00:59.999Z", "2026-12-01T08:01:00Z"),
        ] {
            assert_eq!(to_the_minute(turn.parse().unwrap()), told.parse::<Timestamp>().unwrap());
        }
    }
}
