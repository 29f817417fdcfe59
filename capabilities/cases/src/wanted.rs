//! What is wanted of the list of an office: the names and values of its form, as a filter and in words. The list, its
//! file and mass decisions choose by the same ones.

use base::{Date, Timestamp, rome_date};
use catalogue::Phase;
use identity::{Officer, Power};
use jiff::ToSpan;
use web::{Page, components::Fact};

use crate::{
    room::Cases,
    store::{DUE_SOON, Filter},
    view::state_key,
};

/// The value of `chi` for one's own cases.
pub const MINE: &str = "mie";
/// What addresses of the list say of what is wanted.
pub const FILTERS: [&str; 5] = ["q", "chi", "stato", "servizio", "scadenza"];

/// What is wanted at an instant, by the names and values of the form.
#[must_use]
pub fn filter_of((cases, officer): (&Cases, &Officer), now: Timestamp, get: &dyn Fn(&str) -> Option<String>) -> Filter {
    let today = rome_date(now);
    let given = |name: &str| get(name).filter(|value| !value.is_empty());
    let whose = given("chi");
    let service = given("servizio").and_then(|slug| cases.catalogue.service(&slug));
    let typed = given("q").unwrap_or_default();
    let (registers, words) = looked_for(cases, &typed);
    Filter {
        office: officer.office.clone(),
        state: given("stato").and_then(|key| key.parse().ok()),
        service: given("servizio"),
        officer: whose_cases(whose.as_deref(), (cases, officer)),
        also_closed: false,
        unassigned: whose.as_deref() == Some("libere"),
        due_before: given("scadenza").and_then(|which| due_before(&which, today)),
        words: words.chars().take(100).collect(),
        registers,
        ranked: service.is_some_and(|one| matches!(one.process.window_at(now), Some((_, Phase::After)))),
        today,
    }
}

/// The filters of the list, without what was searched for: a search has its own, short list.
#[must_use]
pub fn kept(get: &dyn Fn(&str) -> Option<String>) -> Vec<(&'static str, String)> {
    let of = |name: &'static str| Some((name, get(name).filter(|value| !value.is_empty())?));
    FILTERS.into_iter().filter(|name| *name != "q").filter_map(of).collect()
}

/// What is wanted, in words.
#[must_use]
pub fn facts(page: &Page, (cases, officer): (&Cases, &Officer), filter: &Filter) -> Vec<Fact> {
    let t = |key: &str| page.t(&format!("cases.office.worklist.{key}")).to_owned();
    let service = filter.service.as_ref().map_or_else(
        || t("all_services"),
        |slug| cases.catalogue.service_name(slug, slug).get(page.language).to_owned(),
    );
    let state = filter.state.map_or_else(|| t("all_open"), |state| page.t(&state_key(state)).to_owned());
    let whose = match (&filter.officer, filter.unassigned) {
        (_, true) => t("unassigned"),
        (Some(whose), _) if *whose == officer.id => t("mine"),
        (Some(whose), _) => whose.clone(),
        (None, _) => t("everybody"),
    };
    let mut facts = vec![Fact::new(t("service"), service), Fact::new(t("state"), state), Fact::new(t("whose"), whose)];
    if let Some(day) = filter.due_before {
        facts.push(Fact::new(page.t("cases.office.export.due_before"), page.date(&day)));
    }
    facts
}

/// A number as it is shown, `FAMGEN 0000123/2026`: the offices of that register, and the words without it.
pub fn looked_for<'t>(cases: &Cases, typed: &'t str) -> (Vec<String>, &'t str) {
    let offer = cases.catalogue.offer();
    let without = |aoo: &str| {
        let (register, number) = typed.trim().split_once(' ')?;
        register.eq_ignore_ascii_case(aoo).then_some(number)
    };
    let named = offer.offices.iter().filter_map(|(id, office)| Some((id.clone(), without(&office.aoo)?)));
    let (registers, words): (Vec<_>, Vec<_>) = named.unzip();
    (registers, words.first().copied().unwrap_or(typed))
}

/// One's own with `mie`; a colleague's, by identifier, for who gives cases to colleagues or does the work of
/// that one.
fn whose_cases(whose: Option<&str>, (cases, officer): (&Cases, &Officer)) -> Option<String> {
    match whose? {
        MINE => Some(officer.id.clone()),
        "libere" => None,
        colleague => {
            let away = officer.stands_in.iter().any(|one| one.absent.id == colleague);
            (away || cases.catalogue.allows(officer, Power::AssignCases)).then(|| colleague.to_owned())
        }
    }
}

/// `passata`: the term is over; `vicina`: it ends soon, or is over.
fn due_before(which: &str, today: Date) -> Option<Date> {
    match which {
        "passata" => Some(today),
        "vicina" => Some(today.saturating_add((DUE_SOON + 1).days())),
        _ => None,
    }
}
