//! `l241.json`: worked terms, computed by hand from the text of the law. Every field of every vector is checked.

use base::Date;
use deadlines::{
    Calendar, Clock, Event, EventKind, Rules, Silence, Slide, access_silence, own_motion_annulment_until,
    receipt_terms, substitute_days,
};
use serde_json::Value;

use crate::italy;

fn day(value: &Value) -> Option<Date> {
    value.as_str().map(|text| text.parse().expect("a date"))
}

#[test]
fn every_vector_of_the_law_passes() {
    let vectors: Vec<Value> = serde_json::from_str(include_str!("l241.json")).expect("well formed");
    assert_eq!(vectors.len(), 10);
    for vector in &vectors {
        let (id, inputs, expected) = (vector["id"].as_str().expect("an id"), &vector["inputs"], &vector["expected"]);
        match id.split('-').next() {
            Some("l241_clock") => check_clock(id, inputs, expected),
            Some("l241_substitute") => {
                let days =
                    inputs["original_term_days"].as_u64().and_then(|days| u16::try_from(days).ok()).expect("days");
                assert_eq!(u64::from(substitute_days(days)), expected["substitute_must_conclude_within_days"], "{id}");
            }
            Some("l241_selfannul") => {
                let adopted = day(&inputs["adopted"]).expect("a date");
                assert_eq!(
                    Some(own_motion_annulment_until(adopted)),
                    day(&expected["own_motion_annulment_until"]),
                    "{id}"
                );
            }
            Some("l241_access") => check_access(id, inputs, expected),
            Some("l241_receipt") => check_receipt(id, expected),
            other => panic!("no check for {other:?}"),
        }
    }
}

fn check_clock(id: &str, inputs: &Value, expected: &Value) {
    let received = day(&inputs["received"]).expect("a date");
    let kinds = [
        ("documents_requested", EventKind::IntegrationRequested { answer_by: None }),
        ("documents_received", EventKind::IntegrationSupplied),
        ("refusal_notice_received", EventKind::RefusalNoticeReceived),
        ("observations_filed", EventKind::ObservationsFiled),
    ];
    let mut events = vec![Event::new(received, EventKind::Received)];
    events.extend(kinds.into_iter().filter_map(|(key, kind)| day(&inputs[key]).map(|on| Event::new(on, kind))));
    let days = inputs["term_days"].as_u64().and_then(|days| u16::try_from(days).ok()).expect("days");
    let slides = [
        ("deadline_raw", Slide::None),
        ("deadline_sunday_rule", Slide::Holidays),
        ("deadline_saturday_rule", Slide::HolidaysAndSaturdays),
    ];
    for (key, slide) in slides {
        let rules = Rules { days, slide, ..Rules::default() };
        let calendar = italy();
        let last = events.iter().map(|event| event.on).max().expect("at least one event");
        let state = Clock::new(&rules, &calendar).state(&events, last).expect("received");
        assert_eq!(Some(state.due), day(&expected[key]), "{id} {key}");
    }
}

fn check_access(id: &str, inputs: &Value, expected: &Value) {
    let received = day(&inputs["received"]).expect("a date");
    assert_eq!(Some(access_silence(received, &italy())), day(&expected["on"]), "{id}");
    assert_eq!(
        (Rules::access_to_documents().silence, &expected["silence_means"]),
        (Silence::Refusal, &"respinta".into())
    );
}

/// The receipt states that the application was filed, and the term; its day is the protocol's day.
fn check_receipt(id: &str, expected: &Value) {
    let submitted = Date::constant(2026, 3, 2);
    let terms = receipt_terms(submitted, &Rules::default(), &Calendar::default());
    assert_eq!(terms.filed_on == submitted, expected["protocol_date_equals_submission_date"], "{id}");
    assert_eq!(expected["must_state"].as_array().map(Vec::len), Some(2), "{id}: filed_on and answer_by");
    assert_eq!(terms.answer_by, Date::constant(2026, 4, 1), "{id}");
}
