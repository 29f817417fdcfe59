use base::Timestamp;
use web::Page;

use crate::{Order, Phase, Service, law_reference};

/// When one can apply and how the order is made; empty where it is always possible.
pub(super) fn sentences(service: &Service, page: &Page, now: Timestamp) -> Vec<String> {
    let Some(window) = &service.process.window else { return Vec::new() };
    let span = match window.phase(now) {
        Phase::Before => "catalogue.window.before",
        Phase::Open | Phase::After => "catalogue.window.span",
    };
    let span = page.t2(span, "opens", page.moment(&window.opens), "closes", page.moment(&window.closes));
    [vec![span], order_sentences(service, page)].concat()
}

/// By what applications are put in order, in words; empty where the service has no window.
#[must_use]
pub fn order_sentences(service: &Service, page: &Page) -> Vec<String> {
    let (Some(window), Some(question)) = (&service.process.window, service.ordering_question()) else {
        return Vec::new();
    };
    let order = match window.order {
        Order::Need => "catalogue.window.need",
        Order::EventDate => "catalogue.window.event-date",
    };
    let law = law_reference(&window.law, page.language);
    let made = page.t2(order, "datum", question.label.get(page.language), "law", law);
    vec![page.t("catalogue.window.not_speed").to_owned(), made, page.t("catalogue.window.equal").to_owned()]
}

/// For how many seconds the page may be kept: no longer than it is true.
pub(super) fn kept(service: &Service, now: Timestamp) -> u32 {
    let change = service.process.window.as_ref().and_then(|window| window.next_change(now));
    change.map_or(u32::MAX, |change| u32::try_from(change.duration_since(now).as_secs()).unwrap_or(u32::MAX))
}
