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
    let opinion_suspension = prop_oneof![2 => Just(0u16), 1 => 1u16..=90];
    (1u16..200, count, slide, 0u16..=30, any::<bool>(), 0u16..=60, silence, opinion_suspension).prop_map(
        |(days, count, slide, stop, notice, extension, silence, opinion)| Rules {
            days,
            count,
            slide,
            max_suspension_days: stop,
            notice_before_refusal: notice,
            extension_days: extension,
            silence,
            opinion_suspension_days: opinion,
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
        2 => proptest::option::of(any_day()).prop_map(|answer_by| EventKind::OpinionAsked { answer_by }),
        2 => Just(EventKind::OpinionGiven),
        2 => Just(EventKind::SubstituteCalled),
        2 => Just(EventKind::SilenceTookEffect),
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
    fn an_opinion_moves_the_end_only_where_the_rules_let_it(rules in any_rules(), received in any_day(), asked in 0i32..60, given in proptest::option::of(0i32..100)) {
        let calendar = italy();
        let today = plus(received, 400);
        let mut events = vec![(asked, EventKind::OpinionAsked { answer_by: None })];
        events.extend(given.map(|days| (asked + days, EventKind::OpinionGiven)));
        let plain = state(&rules, &calendar, &dated(received, &[]), today);
        let consulted = state(&rules, &calendar, &dated(received, &events), today);
        prop_assert!(plain.due <= consulted.due);
        if rules.opinion_suspension_days == 0 {
            prop_assert_eq!(plain.due, consulted.due);
        }
        if rules.count == Count::Calendar {
            prop_assert!(consulted.raw_due <= plus(plain.due, i32::from(rules.opinion_suspension_days)));
        }
    }

    #[test]
    fn silence_closes_a_term_that_is_over_and_no_other(rules in any_rules(), received in any_day(), events in any_events(), written in 1i32..400) {
        let calendar = italy();
        let on = plus(received, written);
        let before: Vec<_> = dated(received, &events).into_iter().filter(|event| event.on < on && event.kind != EventKind::SilenceTookEffect).collect();
        let open = state(&rules, &calendar, &before, on);
        let mut after = before.clone();
        after.push(Event::new(on, EventKind::SilenceTookEffect));
        let closed = state(&rules, &calendar, &after, on);
        let takes_effect = open.closing.is_none() && rules.silence != Silence::Late && open.due < on;
        prop_assert_eq!(closed.closing != open.closing, takes_effect);
        if let Some(closing) = closed.closing.filter(|_| takes_effect) {
            prop_assert!(closing.on == open.due && closing.by_silence && closing.effective && closing.late_by == 0);
            prop_assert!(closed.silence.is_some_and(|silence| silence.formed && silence.on == open.due));
        }
    }

    #[test]
    fn the_substitute_has_half_the_term_from_the_day_of_the_call(days in 1u16..200, received in any_day(), later in 1i32..50) {
        let calendar = Calendar::default();
        let rules = Rules { days, slide: Slide::None, ..Rules::default() };
        let called = i32::from(days) + later;
        let events = dated(received, &[(called, EventKind::SubstituteCalled), (called + 1, EventKind::SubstituteCalled)]);
        let state = state(&rules, &calendar, &events, plus(received, called + 1));
        prop_assert_eq!(state.substitute_since, Some(plus(received, called)));
        prop_assert_eq!(state.substitute_due, plus(received, called + i32::from(days.div_ceil(2))));
        prop_assert_eq!(state.ignored.len(), 1);
    }

    #[test]
    fn the_days_left_of_a_running_term_can_be_counted_from_its_last_day(rules in any_rules(), received in any_day(), wait in 0i32..200) {
        let calendar = italy();
        let today = plus(received, wait);
        let state = state(&rules, &calendar, &dated(received, &[]), today);
        prop_assert_eq!(rules.days_between(&calendar, today, state.due), if state.overdue() { 0 } else { state.days_left });
    }

    #[test]
    fn a_feast_of_the_town_never_brings_the_end_nearer(rules in any_rules(), received in any_day(), month in 1i8..=12, day in 1i8..=28) {
        let town = italy().with_patron("Patrono".into(), month, day);
        let due = |calendar: &Calendar| state(&rules, calendar, &dated(received, &[]), received).due;
        prop_assert!(due(&italy()) <= due(&town));
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
