//! Refusing: reasons, notice, ten days, observations (art. 3 and 10-bis L. 241/1990).

use base::{Date, Translated};
use jiff::{ToSpan, civil::date};

use super::desk::{Desk, FILED, decision, officer, words};
use crate::{
    case::State,
    decide::{NotNow, Refusing, observe, propose_refusal, refuse, take},
    payload::{RefusalReasons, kind},
};

const REASONS: &str = "Residenza non provata";

fn notice(desk: &Desk) -> RefusalReasons {
    let act = desk.decide(|case, context| propose_refusal(case, context, REASONS)).unwrap();
    serde_json::from_value(act.payload).unwrap()
}

fn refused(desk: &Desk, discussed: &str) -> Result<RefusalReasons, NotNow> {
    let act = desk.decide(|case, context| refuse(case, context, &why(REASONS, discussed, "")))?;
    assert_eq!(act.kind, kind::REFUSED);
    Ok(serde_json::from_value(act.payload).unwrap())
}

fn why(reasons: &str, on_observations: &str, further_grounds: &str) -> Refusing {
    let [reasons, on_observations, further_grounds] = [reasons, on_observations, further_grounds].map(str::to_owned);
    Refusing { reasons, on_observations, further_grounds }
}

fn last_day(desk: &Desk) -> Date {
    notice(desk).observations_by.unwrap()
}

#[test]
fn nobody_is_refused_without_reasons() {
    let plain = Desk::taken().without_notice();
    assert_eq!(plain.decide(|case, context| refuse(case, context, &why(" ", "", ""))), Err(NotNow::NoReasons));
    assert_eq!(Desk::taken().decide(|case, context| propose_refusal(case, context, "")), Err(NotNow::NoReasons));
}

#[test]
fn nobody_is_refused_while_an_answer_may_still_come() {
    for desk in [Desk::taken(), Desk::taken().without_notice(), Desk::taken().proposed(FILED + 10.days())] {
        let asked = desk.asked(FILED + 30.days()).later(20);
        assert_eq!(refused(&asked, ""), Err(NotNow::AwaitingAnswer));
    }
    let asked = Desk::taken().asked(FILED + 30.days());
    assert_eq!(asked.decide(|case, context| propose_refusal(case, context, REASONS)), Err(NotNow::AwaitingAnswer));
}

#[test]
fn where_no_notice_is_foreseen_a_refusal_comes_at_once() {
    let desk = Desk::taken().without_notice();
    assert_eq!(desk.decide(|case, context| propose_refusal(case, context, REASONS)), Err(NotNow::NoticeNotForeseen));
    let refusal = refused(&desk, "").unwrap();
    assert_eq!((refusal.reasons.as_str(), refusal.decided_by), (REASONS, officer().name));
    assert_eq!((refusal.on_observations, refusal.observations_by), (None, None));
}

#[test]
fn without_observations_a_refusal_waits_until_their_last_day_has_passed() {
    let desk = Desk::taken().later(5);
    let by = last_day(&desk);
    assert_eq!(by, date(2026, 3, 17));
    let noticed = desk.then(|case, context| propose_refusal(case, context, REASONS)).unwrap();
    assert_eq!(noticed.case().state, State::RefusalProposed);
    assert_eq!(refused(&noticed.clone().on(by), ""), Err(NotNow::NoticeFirst));
    assert!(refused(&noticed.on(by + 1.day()), "").is_ok());
}

#[test]
fn the_ten_days_end_on_a_working_day() {
    let patron: Translated = serde_json::from_value("Patrono".into()).unwrap();
    let (in_time, overdue) = (Desk::taken().later(5), Desk::taken().later(49));
    for (desk, month, day) in [(in_time, 3, 17), (overdue, 4, 30)] {
        let feast = Desk { calendar: desk.calendar.clone().with_patron(patron.clone(), month, day), ..desk };
        assert_eq!(last_day(&feast), date(2026, month, day) + 1.day());
    }
}

#[test]
fn on_an_overdue_case_the_ten_days_still_hold() {
    let overdue = Desk::taken().on(date(2026, 4, 20));
    assert_eq!(refused(&overdue, ""), Err(NotNow::NoticeFirst));
    let noticed = overdue.then(|case, context| propose_refusal(case, context, REASONS)).unwrap();
    let by = date(2026, 4, 30);
    assert_eq!(noticed.case().proposal.as_ref().and_then(|proposal| proposal.observations_by), Some(by));
    assert_eq!(refused(&noticed.clone().on(by), ""), Err(NotNow::NoticeFirst));
    assert!(refused(&noticed.on(by + 1.day()), "").is_ok());
}

#[test]
fn observations_open_the_way_at_once_and_must_be_discussed() {
    let observed = Desk::taken().proposed(FILED + 10.days()).later(1).observed();
    for silent in ["", " \n"] {
        assert_eq!(refused(&observed, silent), Err(NotNow::ObservationsIgnored));
    }
    let refusal = refused(&observed, " Non bastano ").unwrap();
    assert_eq!(refusal.on_observations.as_deref(), Some("Non bastano"));
    // Nor are late ones ignored.
    let late = Desk::taken().proposed(FILED + 10.days()).later(12).observed();
    assert_eq!(refused(&late, ""), Err(NotNow::ObservationsIgnored));
}

#[test]
fn observations_are_words_and_are_filed_once() {
    let proposed = Desk::taken().proposed(FILED + 10.days());
    assert_eq!(proposed.decide(|case, context| observe(case, context, " ")), Err(NotNow::NoReasons));
    let observed = proposed.then(|case, context| observe(case, context, "Abito qui")).unwrap();
    assert_eq!(observed.case().observations.as_deref(), Some("Abito qui"));
    assert_eq!(observed.decide(|case, context| observe(case, context, "Ancora")), Err(NotNow::NothingAsked));
}

#[test]
fn an_integration_after_the_notice_leaves_the_notice_standing() {
    let asked = Desk::taken().proposed(FILED + 10.days()).later(2).asked(FILED + 20.days());
    assert_eq!(asked.case().state, State::AwaitingApplicant);
    let lapsed = asked.clone().later(20).with(kind::INTEGRATION_LAPSED, &words(""));
    for desk in [asked.later(2).supplied(), lapsed] {
        assert_eq!(desk.case().state, State::RefusalProposed);
        let observed = desk.then(|case, context| observe(case, context, "Abito qui")).unwrap();
        assert_eq!(observed.case().state, State::RefusalProposed);
        assert_eq!(refused(&observed, ""), Err(NotNow::ObservationsIgnored));
        assert!(refused(&observed, "Non bastano").is_ok());
    }
}

#[test]
fn a_refusal_of_what_the_rules_give_is_marked() {
    for (said, overrides) in [(None, false), (Some(false), false), (Some(true), true)] {
        let ruled = Desk::ruled(said.map(|entitled| decision(entitled, None)));
        let desk = ruled.then(take).unwrap();
        assert_eq!(notice(&desk).overrides_rules, overrides, "{said:?}");
        let refusal = refused(&desk.without_notice(), "").unwrap();
        assert_eq!((refusal.overrides_rules, refusal.decision.is_some()), (overrides, said.is_some()), "{said:?}");
    }
}

#[test]
fn after_the_notice_only_grounds_that_follow_from_observations_may_be_added() {
    let noticed = Desk::taken().then(|case, context| propose_refusal(case, context, REASONS)).unwrap().later(20);
    let silent = noticed.decide(|case, context| refuse(case, context, &why("Altro", "", "")));
    let silent: RefusalReasons = serde_json::from_value(silent.unwrap().payload).unwrap();
    assert_eq!((silent.reasons.as_str(), silent.further_grounds), (REASONS, None), "the grounds are the notice's");
    let added = noticed.decide(|case, context| refuse(case, context, &why("", "", "Anche questo")));
    assert_eq!(added, Err(NotNow::NewGrounds));
    let observed = Desk::taken().proposed(FILED + 10.days()).later(1).observed();
    let heard = observed.decide(|case, context| refuse(case, context, &why("", "Non bastano", "Ne nasce un altro")));
    let heard: RefusalReasons = serde_json::from_value(heard.unwrap().payload).unwrap();
    assert_eq!(heard.further_grounds.as_deref(), Some("Ne nasce un altro"));
}
