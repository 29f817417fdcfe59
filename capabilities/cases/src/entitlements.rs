//! What a person is entitled to and has not asked for: the rules run on what registries know, before anybody applies.

use catalogue::{HomeItem, LawTeller, Service};
use database::Tx;
use rules::{Decision, Facts, Unit};
use web::{Failure, Visit, components::Tone};

use crate::{
    case::State,
    pages::decide,
    room::{Cases, today},
    store::CaseRow,
    view::{state_key, tone},
};

/// Benefits that are due to a person by what registries know, as items of the home page. Services that the person
/// already asked for are left out.
///
/// # Errors
/// What the database refuses.
pub async fn entitlements(
    cases: &Cases,
    visit: &Visit,
    tx: &mut Tx,
    fiscal_code: &str,
    rows: &[CaseRow],
) -> Result<Vec<HomeItem>, Failure> {
    let offer = cases.catalogue.offer();
    let known = registry::known(tx, &offer.registries, fiscal_code, today(visit)).await?;
    let asked = |service: &Service| rows.iter().any(|row| row.service == service.slug && row.state != State::Withdrawn);
    let open = offer.public().filter(|service| service.can_be_asked() && service.program.is_some() && !asked(service));
    let due = open.filter_map(|service| {
        let prefilled = service.form.prefill(&known, today(visit));
        let answers = service.form.submission(&prefilled.facts, today(visit));
        item(visit, service, &decide(service, &answers, today(visit))?)
    });
    Ok(due.collect())
}

/// Only what is certain is said: a decision that lacks a required fact is not shown.
fn item(visit: &Visit, service: &Service, decision: &Decision) -> Option<HomeItem> {
    let amount = decision.amount.filter(|amount| !amount.is_zero())?;
    let certain = decision.entitled == Some(true) && !decision.missing.iter().any(|fact| fact.required);
    let unit = service.pays().unwrap_or(Unit::Euro);
    let law = LawTeller { words: &service.law, facts: &Facts::default(), language: visit.language };
    certain.then(|| HomeItem {
        title: service.name.get(visit.language).to_owned(),
        text: visit.t1("cases.home.amount", "amount", law.amount(amount, unit)),
        href: service.href(),
        badge: None,
    })
}

/// The badge of a state, for lists outside this room.
#[must_use]
pub fn badge(visit: &Visit, state: State) -> (Tone, String) {
    (tone(state), visit.t(&state_key(state)).to_owned())
}
