//! What must hold for any dates from 1900 to 2200 and any order of events.

use base::Date;
use deadlines::{Calendar, Cause, Clock, Count, Event, EventKind, Rules, Silence, Slide, State, Week, plus};
use proptest::prelude::*;

use crate::italy;

fn any_day() -> impl Strategy<Value = Date> {
    (0i32..109_938).prop_map(|days| plus(Date::constant(1900, 1, 1), days))
}

fn any_rules() -> impl Strategy<Value = Rules> {
    let count = prop_oneof![Just(Count::Calendar), Just(Count::WorkingSixDays), Just(Count::WorkingFiveDays)];
    let slide = prop_oneof![Just(Slide::None), Just(Slide::Holidays), Just(Slide::HolidaysAndSaturdays)];
    let silence = prop_oneof![Just(Silence::Late), Just(Silence::Consent), Just(Silence::Refusal)];
    (1u16..200, count, slide, 0u16..=30, any::<bool>(), 0u16..=60, silence).prop_map(
        |(days, count, slide, max_suspension_days, notice_before_refusal, extension_days, silence)| Rules {
            days,
            count,
            slide,
            max_suspension_days,
            notice_before_refusal,
            extension_days,
            silence,
            ..Rules::default()
        },
    )
}

fn any_kind() -> impl Strategy<Value = EventKind> {
    prop_oneof![
        4 => proptest::option::of(any_day()).prop_map(|answer_by| EventKind::IntegrationRequested { answer_by }),
        4 => Just(EventKind::IntegrationSupplied),
        4 => Just(EventKind::RefusalNoticeReceived),
        4 => Just(EventKind::ObservationsFiled),
        2 => (0u16..90).prop_map(|days| EventKind::Extended { days }),
        1 => Just(EventKind::ReceivedByCompetentOffice),
        1 => Just(EventKind::Received),
        1 => Just(EventKind::Decided),
        1 => Just(EventKind::Withdrawn),
    ]
}

/// Days after the receipt, mostly within the life of a term.
fn any_events() -> impl Strategy<Value = Vec<(i32, EventKind)>> {
    proptest::collection::vec((-5i32..250, any_kind()), 0..8)
}

fn dated(received: Date, events: &[(i32, EventKind)]) -> Vec<Event> {
    let later = events.iter().map(|(days, kind)| Event::new(plus(received, *days), *kind));
    std::iter::once(Event::new(received, EventKind::Received)).chain(later).collect()
}

fn state(rules: &Rules, calendar: &Calendar, events: &[Event], today: Date) -> State {
    Clock::new(rules, calendar).state(events, today).expect("received")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn any_story_has_a_coherent_state(rules in any_rules(), received in any_day(), events in any_events(), wait in 0i32..400) {
        let calendar = italy();
        let state = state(&rules, &calendar, &dated(received, &events), plus(received, wait));
        prop_assert!(state.raw_due <= state.due && state.started <= state.raw_due);
        if let Some(week) = match rules.slide { Slide::None => None, Slide::Holidays => Some(Week::SixDays), Slide::HolidaysAndSaturdays => Some(Week::FiveDays) } {
            prop_assert!(calendar.is_working(state.due, week));
        }
        let suspended: Vec<_> = state.history.iter().filter(|segment| segment.cause == Cause::IntegrationRequest).collect();
        prop_assert!(suspended.iter().map(|segment| segment.days()).sum::<i32>() <= i32::from(rules.max_suspension_days));
        prop_assert!(state.elapsed <= state.term_days);
        prop_assert!(state.history.windows(2).all(|pair| plus(pair[0].to, 1) == pair[1].from && pair[0].cause != pair[1].cause));
        prop_assert!(state.substitute_due > state.due);
        let running: i32 = state.history.iter().filter(|segment| segment.cause == Cause::Running).map(|segment| segment.days()).sum();
        if rules.count == Count::Calendar && state.closing.is_none() {
            prop_assert_eq!(running, i32::from(state.term_days));
        }
    }

    #[test]
    fn a_suspension_never_brings_the_end_nearer(rules in any_rules(), received in any_day(), asked in 0i32..200, answered in proptest::option::of(0i32..60)) {
        let calendar = italy();
        let ask = EventKind::IntegrationRequested { answer_by: None };
        let mut events = vec![(asked, ask)];
        events.extend(answered.map(|days| (asked + days, EventKind::IntegrationSupplied)));
        let today = plus(received, 300);
        let plain = state(&rules, &calendar, &dated(received, &[]), today);
        let stopped = state(&rules, &calendar, &dated(received, &events), today);
        prop_assert!(plain.due <= stopped.due);
        if rules.count == Count::Calendar {
            prop_assert!(stopped.raw_due <= plus(plain.due, 30));
        }
    }

    #[test]
    fn notice_and_observations_never_bring_the_end_nearer(rules in any_rules(), received in any_day(), noticed in 0i32..60, heard in 0i32..15) {
        let calendar = italy();
        let today = plus(received, 300);
        let notice = (noticed, EventKind::RefusalNoticeReceived);
        let plain = state(&rules, &calendar, &dated(received, &[]), today);
        let warned = state(&rules, &calendar, &dated(received, &[notice]), today);
        let answered = state(&rules, &calendar, &dated(received, &[notice, (noticed + heard, EventKind::ObservationsFiled)]), today);
        prop_assert!(plain.due <= warned.due && warned.due <= answered.due);
    }

    #[test]
    fn later_receipts_and_longer_terms_end_later(rules in any_rules(), received in any_day(), later in 0i32..40, longer in 0u16..40) {
        let calendar = italy();
        let due = |rules: &Rules, on: Date| state(rules, &calendar, &dated(on, &[]), on).due;
        prop_assert!(due(&rules, received) <= due(&rules, plus(received, later)));
        let longer = Rules { days: rules.days + longer, ..rules.clone() };
        prop_assert!(due(&rules, received) <= due(&longer, received));
    }

    #[test]
    fn a_state_is_kept_as_json(rules in any_rules(), received in any_day(), events in any_events()) {
        let state = state(&rules, &italy(), &dated(received, &events), plus(received, 100));
        let text = serde_json::to_string(&state).expect("plain data");
        prop_assert_eq!(serde_json::from_str::<State>(&text).expect("what was written"), state);
    }

    #[test]
    fn nothing_fails_at_the_ends_of_the_calendar(rules in any_rules(), first in any::<bool>(), events in any_events()) {
        let edge = if first { Date::MIN } else { Date::MAX };
        let _ = state(&rules, &Calendar::default(), &dated(edge, &events), Date::MAX.min(plus(edge, 100)));
    }
}
