//! Asking again: once, with reasons, for at most thirty days (art. 2 c. 7 L. 241/1990).

use jiff::ToSpan;
use rules::Value;

use super::desk::{Desk, FILED, answers, decision, fields, officer, submitted, taken_by};
use crate::{
    case::State,
    decide::{NotNow, lapse, release, request_integration, supply},
    payload::{IntegrationSupplied, Replaced, Source, kind},
};

fn ask(desk: &Desk, reason: &str, days: i64) -> Result<&'static str, NotNow> {
    let deadline = desk.today + days.days();
    let fields = fields(reason);
    let act = desk.decide(|case, context| request_integration(case, context, fields, deadline, String::new()));
    act.map(|act| act.kind)
}

#[test]
fn the_deadline_is_from_tomorrow_to_the_thirtieth_day() {
    for (days, allowed) in [(-1, false), (0, false), (1, true), (30, true), (31, false)] {
        let expected = if allowed { Ok(kind::INTEGRATION_REQUESTED) } else { Err(NotNow::Deadline) };
        assert_eq!(ask(&Desk::taken(), "È scaduto", days), expected, "after {days} days");
    }
}

#[test]
fn a_service_may_foresee_a_shorter_suspension_or_none() {
    let mut desk = Desk::taken();
    desk.rules.max_suspension_days = 15;
    assert_eq!(ask(&desk, "È scaduto", 15), Ok(kind::INTEGRATION_REQUESTED));
    assert_eq!(ask(&desk, "È scaduto", 16), Err(NotNow::Deadline));
    desk.rules.max_suspension_days = 0;
    assert_eq!(ask(&desk, "È scaduto", 1), Err(NotNow::SuspensionNotForeseen));
}

#[test]
fn every_field_is_asked_for_a_reason() {
    assert_eq!(ask(&Desk::taken(), "  ", 10), Err(NotNow::NoFields));
    let day = FILED + 10.days();
    for chosen in [Vec::new(), [fields("È scaduto"), fields("")].concat()] {
        let told = Desk::taken().decide(|case, context| request_integration(case, context, chosen, day, String::new()));
        assert_eq!(told, Err(NotNow::NoFields));
    }
}

#[test]
fn the_clock_stops_once_only() {
    let asked = Desk::taken().asked(FILED + 10.days());
    let lapsed = asked.clone().later(11).then(lapse).unwrap();
    for (name, desk) in [("open", asked.clone()), ("answered", asked.later(2).supplied()), ("lapsed", lapsed)] {
        assert_eq!(ask(&desk, "È scaduto", 5), Err(NotNow::AlreadySuspended), "{name}");
    }
}

#[test]
fn a_term_that_is_over_cannot_be_stopped() {
    assert_eq!(ask(&Desk::taken().later(30), "È scaduto", 5), Ok(kind::INTEGRATION_REQUESTED));
    assert_eq!(ask(&Desk::taken().later(31), "È scaduto", 5), Err(NotNow::TermOver));
}

#[test]
fn an_answer_brings_the_new_decision_and_the_state_before() {
    let asked = Desk::taken().asked(FILED + 10.days()).later(3);
    let given_back = asked.clone().then(release).unwrap();
    for (desk, state) in [(asked, State::InProgress), (given_back, State::Received)] {
        let new = answers(Some(decision(true, Some("199.40"))));
        let case = desk.then(|case, context| supply(case, context, &new)).unwrap().case();
        assert_eq!((case.state, case.open_request), (state, None));
        assert_eq!(case.decision, new.decision);
    }
}

#[test]
fn what_is_answered_again_is_the_persons_word_and_no_registrys() {
    let source = |name: &str| Source {
        registry: name.to_owned(),
        registry_name: name.to_uppercase(),
        recorded_on: FILED - 30.days(),
    };
    let mut filed = submitted(None);
    filed.sources = ["isee", "figli.0.nome"].map(|path| (path.to_owned(), source("banca"))).into();
    filed.answers.values.insert("isee".to_owned(), Value::Int(15_000));
    let asked = Desk::of(&filed).with(kind::TAKEN, &taken_by(&officer())).asked(FILED + 10.days()).later(3);
    assert_eq!(asked.case().sources, filed.sources, "asking changes nothing yet");
    let mut now = filed.answers.clone();
    now.values.insert("isee".to_owned(), Value::Int(9_000));
    let case = asked.with(kind::INTEGRATION_SUPPLIED, &IntegrationSupplied { answers: now, ..answers(None) }).case();
    assert_eq!(case.sources.keys().collect::<Vec<_>>(), ["figli.0.nome"], "what was not asked stays the registry's");
    let replaced = Replaced { registry: "banca".to_owned(), registry_name: "BANCA".to_owned(), on: FILED + 3.days() };
    assert_eq!(case.replaced, [("isee".to_owned(), replaced)].into());
    assert_eq!(case.submitted, filed, "the application stays as it was filed");
}

#[test]
fn an_answer_given_for_a_registrys_and_asked_again_is_of_the_later_day() {
    let mut filed = submitted(None);
    let replaced = Replaced { registry: "banca".to_owned(), registry_name: "BANCA".to_owned(), on: FILED };
    filed.replaced.insert("isee".to_owned(), replaced);
    let case = Desk::of(&filed).asked(FILED + 10.days()).later(3).supplied().case();
    assert_eq!(case.replaced["isee"].on, FILED + 3.days());
}

#[test]
fn a_request_lapses_only_after_its_last_day_and_once() {
    let asked = Desk::taken().asked(FILED + 10.days());
    for (days, lapses) in [(0, false), (10, false), (11, true), (40, true)] {
        let act = asked.clone().later(days).decide(lapse);
        let expected = if lapses { Ok(kind::INTEGRATION_LAPSED) } else { Err(NotNow::AwaitingAnswer) };
        assert_eq!(act.map(|act| act.kind), expected, "after {days} days");
    }
    let lapsed = asked.clone().later(11).then(lapse).unwrap();
    assert_eq!(lapsed.case().state, State::InProgress);
    assert_eq!(lapsed.decide(lapse), Err(NotNow::NothingAsked));
    assert_eq!(lapsed.decide(|case, context| supply(case, context, &answers(None))), Err(NotNow::NothingAsked));
    assert_eq!(asked.supplied().later(11).decide(lapse), Err(NotNow::NothingAsked));
}

#[test]
fn an_answer_counts_until_the_request_has_lapsed() {
    // The deadline passed, but nobody has written so yet: the answer is the better news.
    let late = Desk::taken().asked(FILED + 10.days()).later(11);
    assert!(late.then(|case, context| supply(case, context, &answers(None))).is_ok());
}
