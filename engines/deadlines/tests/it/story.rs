//! Situations of an office, one by one.

use base::Date;
use deadlines::{Cause, Clock, Count, Event, EventKind, Phase, Rules, Silence, Slide, State, WhyIgnored};
use jiff::civil::date;

use crate::italy;

const RECEIVED: Event = Event::new(Date::constant(2026, 3, 2), EventKind::Received);
const ASKED: EventKind = EventKind::IntegrationRequested { answer_by: None };

fn state(rules: &Rules, events: &[Event], today: Date) -> State {
    Clock::new(rules, &italy()).state(events, today).expect("received")
}

fn at(month: i8, day: i8, kind: EventKind) -> Event {
    Event::new(date(2026, month, day), kind)
}

#[test]
fn nothing_runs_before_the_application() {
    assert_eq!(Clock::new(&Rules::default(), &italy()).state(&[RECEIVED], date(2026, 3, 1)), None);
    assert_eq!(Clock::new(&Rules::default(), &italy()).state(&[], date(2026, 3, 1)), None);
}

#[test]
fn a_quiet_case_counts_down_and_expires() {
    let rules = Rules::default();
    let first = state(&rules, &[RECEIVED], date(2026, 3, 2));
    assert_eq!((first.due, first.elapsed, first.days_left, first.overdue()), (date(2026, 4, 1), 0, 30, false));
    let last = state(&rules, &[RECEIVED], date(2026, 4, 1));
    assert_eq!((last.phase, last.elapsed, last.days_left), (Phase::Running, 30, 0));
    let late = state(&rules, &[RECEIVED], date(2026, 4, 11));
    assert_eq!((late.phase, late.days_late, late.substitute_due), (Phase::Overdue, 10, date(2026, 4, 16)));
    assert_eq!(late.history.last().map(|segment| (segment.cause, segment.days())), Some((Cause::Late, 10)));
}

#[test]
fn a_suspension_is_shown_with_its_end_and_its_article() {
    let events = [RECEIVED, at(3, 12, ASKED), at(3, 20, EventKind::IntegrationSupplied)];
    let rules = Rules::default();
    let open = state(&rules, &events, date(2026, 3, 15));
    assert_eq!(open.phase, Phase::Suspended { until: date(2026, 4, 11), cause: Cause::IntegrationRequest });
    assert!(!open.can_suspend);
    let after = state(&rules, &events, date(2026, 3, 21));
    assert_eq!((after.phase, after.raw_due, after.elapsed), (Phase::Running, date(2026, 4, 9), 11));
    let stretches: Vec<_> = after.history.iter().map(|segment| (segment.cause, segment.days())).collect();
    assert_eq!(stretches, [(Cause::Running, 10), (Cause::IntegrationRequest, 8), (Cause::Running, 20)]);
    assert_eq!(Cause::IntegrationRequest.article(), "art. 2 c. 7 L. 241/1990");
}

#[test]
fn a_shorter_day_for_the_answer_ends_the_suspension() {
    let asked = EventKind::IntegrationRequested { answer_by: Some(date(2026, 3, 22)) };
    assert_eq!(state(&Rules::default(), &[RECEIVED, at(3, 12, asked)], date(2026, 4, 1)).raw_due, date(2026, 4, 11));
}

#[test]
fn the_second_suspension_and_the_late_one_change_nothing() {
    let second = [RECEIVED, at(3, 12, ASKED), at(3, 14, EventKind::IntegrationSupplied), at(3, 20, ASKED)];
    let with_second = state(&Rules::default(), &second, date(2026, 3, 25));
    assert_eq!((with_second.raw_due, with_second.ignored[0].why), (date(2026, 4, 3), WhyIgnored::AlreadyUsed));
    let late = state(&Rules::default(), &[RECEIVED, at(4, 5, ASKED)], date(2026, 4, 6));
    assert_eq!((late.due, late.ignored[0].why), (date(2026, 4, 1), WhyIgnored::AlreadyExpired));
}

#[test]
fn a_suspension_on_the_last_day_still_counts() {
    let asked = state(&Rules::default(), &[RECEIVED, at(4, 1, ASKED)], date(2026, 4, 2));
    assert_eq!(asked.raw_due, date(2026, 5, 1));
}

#[test]
fn a_suspension_on_a_day_won_by_a_holiday_counts_too() {
    // Received on 4 March, the term ends on Friday 3 April; with 5 days more, on Easter Monday: moved to Tuesday 7.
    let rules = Rules { days: 33, ..Rules::default() };
    let plain = state(&rules, &[at(3, 4, EventKind::Received)], date(2026, 3, 4));
    assert_eq!((plain.raw_due, plain.due), (date(2026, 4, 6), date(2026, 4, 7)));
    assert_eq!(plain.history.last().map(|segment| segment.cause), Some(Cause::MovedToWorkingDay));
    let asked = state(&rules, &[at(3, 4, EventKind::Received), at(4, 7, ASKED)], date(2026, 4, 7));
    assert_eq!((asked.raw_due, asked.elapsed), (date(2026, 5, 7), 33));
    let causes: Vec<Cause> = asked.history.iter().map(|segment| segment.cause).collect();
    assert_eq!(causes, [Cause::Running, Cause::MovedToWorkingDay, Cause::IntegrationRequest]);
}

#[test]
fn social_security_bodies_give_no_notice_before_refusal() {
    let rules = Rules { notice_before_refusal: false, ..Rules::default() };
    let noticed = state(&rules, &[RECEIVED, at(3, 20, EventKind::RefusalNoticeReceived)], date(2026, 3, 20));
    assert_eq!((noticed.due, noticed.ignored[0].why), (date(2026, 4, 1), WhyIgnored::NotForeseen));
}

#[test]
fn observations_after_the_ten_days_do_not_stop_the_term_again() {
    let notice = at(3, 20, EventKind::RefusalNoticeReceived);
    let late = [RECEIVED, notice, at(4, 2, EventKind::ObservationsFiled)];
    let heard = state(&Rules::default(), &late, date(2026, 4, 3));
    assert_eq!((heard.raw_due, heard.ignored[0].why), (date(2026, 4, 11), WhyIgnored::TooLate));
    assert_eq!(heard.observations_by, Some(date(2026, 3, 30)));
}

#[test]
fn working_days_leave_out_easter() {
    let rules =
        Rules { days: 5, count: Count::WorkingFiveDays, slide: Slide::HolidaysAndSaturdays, ..Rules::default() };
    // Wednesday 1 April; Thursday 2, Friday 3, (Easter Monday 6), Tuesday 7, Wednesday 8, Thursday 9.
    let running = state(&rules, &[at(4, 1, EventKind::Received)], date(2026, 4, 6));
    assert_eq!((running.due, running.elapsed, running.days_left), (date(2026, 4, 9), 2, 3));
}

#[test]
fn where_silence_decides_the_days_of_the_wrong_office_do_not_count() {
    let (moved, again) =
        (at(3, 9, EventKind::ReceivedByCompetentOffice), at(3, 16, EventKind::ReceivedByCompetentOffice));
    let raw_due = |silence, events: &[Event]| {
        let rules = Rules { silence, ..Rules::default() };
        state(&rules, events, date(2026, 4, 20)).raw_due
    };
    for silence in [Silence::Consent, Silence::Refusal] {
        assert_eq!(raw_due(silence, &[RECEIVED, moved]), date(2026, 4, 8), "{silence:?}");
        assert_eq!(raw_due(silence, &[RECEIVED, moved, again]), date(2026, 4, 8), "it does not go round and round");
        let over = [RECEIVED, at(4, 15, EventKind::ReceivedByCompetentOffice)];
        assert_eq!(raw_due(silence, &over), date(2026, 4, 1), "what is over stays over");
    }
    assert_eq!(raw_due(Silence::Late, &[RECEIVED, moved]), date(2026, 4, 1), "by no law: art. 2 c. 6");
}

#[test]
fn the_term_of_a_case_that_the_substitute_has_taken_over_goes_on() {
    let called = at(5, 4, EventKind::SubstituteCalled);
    let moved = [RECEIVED, called, at(5, 6, EventKind::ReceivedByCompetentOffice)];
    let (before, after) =
        (state(&Rules::default(), &moved[..2], date(2026, 5, 6)), state(&Rules::default(), &moved, date(2026, 5, 6)));
    assert_eq!((after.due, after.substitute_due, after.ignored.len()), (before.due, before.substitute_due, 1));
}

#[test]
fn an_extension_is_granted_once_and_only_where_foreseen() {
    let extended = EventKind::Extended { days: 20 };
    let events = [RECEIVED, at(3, 10, extended), at(3, 11, extended)];
    let rules = Rules { extension_days: 30, ..Rules::default() };
    let once = state(&rules, &events, date(2026, 3, 12));
    assert_eq!((once.raw_due, once.extended_by, once.ignored.len()), (date(2026, 4, 21), 20, 1));
    assert_eq!(state(&Rules::default(), &events, date(2026, 3, 12)).ignored.len(), 2);
}

#[test]
fn silence_grants_and_a_later_refusal_has_no_effect() {
    let rules = Rules { silence: Silence::Consent, ..Rules::default() };
    let silent = state(&rules, &[RECEIVED], date(2026, 4, 2)).silence.expect("silence means consent");
    assert!(silent.formed && silent.on == date(2026, 4, 1));
    let late = state(&rules, &[RECEIVED, at(4, 10, EventKind::Decided)], date(2026, 4, 10));
    let closing = late.closing.expect("decided");
    assert_eq!((closing.late_by, closing.effective, late.phase), (9, false, Phase::Closed));
    let in_time = state(&rules, &[RECEIVED, at(4, 1, EventKind::Decided)], date(2026, 6, 1));
    assert!(!in_time.silence.expect("silence means consent").formed && !in_time.overdue());
}

#[test]
fn nothing_moves_a_closed_case() {
    let events = [RECEIVED, at(3, 5, EventKind::Withdrawn), at(3, 6, ASKED)];
    let closed = state(&Rules::default(), &events, date(2026, 5, 1));
    assert_eq!((closed.phase, closed.ignored[0].why, closed.days_left), (Phase::Closed, WhyIgnored::AlreadyClosed, 0));
    assert_eq!(closed.history.last().map(|segment| segment.to), Some(date(2026, 3, 5)));
}
