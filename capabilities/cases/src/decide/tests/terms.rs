//! What is done to the term: silence, substitute, extension, opinions, and late acts.

use acts::NewAct;
use deadlines::Silence;
use jiff::{ToSpan, civil::date};

use super::desk::{Desk, FILED, officer};
use crate::{
    case::{Case, State},
    decide::{
        Context, Deed, NotNow, Question, advise, call_substitute, consult, extend, grant, propose_refusal, release,
        remind, settle_by_silence, take_over,
    },
    payload::{Assigned, Granted, OpinionRequested, SubstituteCalled, SubstituteTookOver, kind},
    timers::{LAPSE, OPINION, SILENCE, timers},
};

/// The last day of the term of every case here, and the day after it.
const DUE: base::Date = date(2026, 4, 1);
const OVER: base::Date = date(2026, 4, 2);

fn timed(desk: &Desk) -> Vec<(&'static str, base::Date)> {
    let case = desk.case();
    let term = case.term(&desk.rules, &desk.calendar, desk.today);
    timers(&case, &term).into_iter().map(|timer| (timer.kind, timer.last)).collect()
}

#[test]
fn the_law_decides_when_the_term_has_passed_and_not_before() {
    for (silence, state) in [(Silence::Consent, State::GrantedBySilence), (Silence::Refusal, State::RefusedBySilence)] {
        let desk = Desk::taken().silent(silence);
        assert_eq!(desk.clone().on(DUE).decide(settle_by_silence), Err(NotNow::TermRuns));
        let settled = desk.on(OVER + 3.days()).then(settle_by_silence).unwrap();
        let case = settled.case();
        assert_eq!((case.state, case.closed_on), (state, Some(DUE)), "dated on the last day, whenever it is written");
        assert_eq!(settled.decide(settle_by_silence), Err(NotNow::Closed), "it is written once");
        assert_eq!(timed(&settled), [], "nothing waits any more");
    }
    assert_eq!(Desk::taken().on(OVER).decide(settle_by_silence), Err(NotNow::SilenceMeansNothing));
}

#[test]
fn what_the_law_has_decided_nobody_decides_also_before_it_is_written_down() {
    for (silence, why) in [(Silence::Consent, NotNow::ConsentFormed), (Silence::Refusal, NotNow::RefusalFormed)] {
        let desk = Desk::taken().silent(silence);
        assert!(desk.clone().on(DUE).decide(|case, context| grant(case, context, "")).is_ok());
        let over = desk.on(OVER);
        assert_eq!(over.decide(|case, context| grant(case, context, "")), Err(why));
        assert_eq!(over.decide(|case, context| propose_refusal(case, context, "Manca")), Err(why));
    }
}

#[test]
fn timers_move_with_the_term() {
    let desk = Desk::taken().silent(Silence::Consent);
    assert_eq!(timed(&desk), [(SILENCE, DUE)]);
    let asked = desk.later(10).asked(FILED + 30.days());
    assert_eq!(timed(&asked), [(LAPSE, FILED + 30.days()), (SILENCE, DUE + 20.days())]);
    let supplied = asked.later(5).supplied();
    assert_eq!(timed(&supplied), [(SILENCE, DUE + 5.days())]);
    assert_eq!(timed(&Desk::taken()), [], "silence decides nothing, and nothing waits");
}

#[test]
fn the_substitute_is_called_once_after_the_term_and_has_half_of_it() {
    assert_eq!(Desk::taken().on(DUE).decide(call_substitute), Err(NotNow::TermRuns));
    let called = Desk::taken().on(OVER).then(call_substitute).unwrap();
    let said: SubstituteCalled = called.acts.last().unwrap().payload().unwrap();
    assert_eq!((said.due, said.conclude_by, said.on_request), (DUE, OVER + 15.days(), true));
    assert_eq!(called.decide(call_substitute), Err(NotNow::SubstituteCalled));
    let at_work = called.later(5).then(take_over).unwrap();
    assert_eq!(at_work.case().officer.unwrap().officer, officer().subject);
    assert_eq!(at_work.case().substitute.unwrap().conclude_by, OVER + 15.days(), "counted from the call");
    assert_eq!(at_work.decide(take_over), Err(NotNow::SubstituteAtWork));
    // Of their own motion: from the day on which they begin.
    let own = Desk::filed().on(OVER + 10.days()).then(take_over).unwrap();
    assert_eq!(own.case().substitute.unwrap().conclude_by, OVER + 25.days());
    let decides = Desk::taken().silent(Silence::Consent).on(OVER);
    assert_eq!(decides.decide(call_substitute), Err(NotNow::SilenceDecides));
}

#[test]
fn every_decision_states_the_legal_term_and_the_time_used() {
    let granted = |desk: &Desk| -> Granted {
        serde_json::from_value(desk.decide(|case, context| grant(case, context, "")).unwrap().payload).unwrap()
    };
    let in_time = granted(&Desk::taken().on(DUE)).timing.unwrap();
    assert_eq!((in_time.term_days, in_time.used_days, in_time.late_by, in_time.due), (30, 30, 0, DUE));
    let late = granted(&Desk::taken().on(OVER + 9.days()).then(take_over).unwrap()).timing.unwrap();
    assert_eq!((late.used_days, late.late_by, late.by_substitute), (40, 10, true));
}

#[test]
fn the_substitute_concludes_only_what_they_hold_and_may_come_back() {
    let head = Assigned { officer: officer().subject, officer_name: officer().name, reason: String::new() };
    let other = SubstituteTookOver {
        officer: "dora.prova".to_owned(),
        officer_name: "Dora Prova".to_owned(),
        conclude_by: OVER + 15.days(),
    };
    let given = Desk::taken().on(OVER).with(kind::SUBSTITUTE_TOOK_OVER, &other).with(kind::ASSIGNED, &head);
    let granted: Granted =
        serde_json::from_value(given.decide(|case, context| grant(case, context, "")).unwrap().payload).unwrap();
    assert!(!granted.timing.unwrap().by_substitute, "an officer of the office decides");
    let own = Desk::taken().on(OVER).then(take_over).unwrap();
    let (again, actor) = (Deed::TakeOver, officer());
    assert!(again.was_done(&own.case(), &actor));
    let released = own.then(release).unwrap();
    assert!(!again.was_done(&released.case(), &actor), "what was given back can be taken over again");
    let back = released.then(take_over).unwrap();
    assert!(back.case().substitute_holds());
    assert_eq!(back.decide(take_over), Err(NotNow::SubstituteAtWork));
}

#[test]
fn a_term_is_extended_once_within_the_law_and_with_a_reason() {
    fn extended(days: u16, why: &'static str) -> impl Fn(&Case, &Context<'_>) -> Result<NewAct, NotNow> {
        move |case, context| extend(case, context, days, why)
    }
    let plain = Desk::taken();
    assert_eq!(plain.decide(extended(5, "Serve")), Err(NotNow::ExtensionNotForeseen));
    let mut desk = plain.silent(Silence::Consent);
    desk.rules.extension_days = 15;
    assert_eq!(desk.decide(extended(16, "Serve")), Err(NotNow::ExtensionDays));
    assert_eq!(desk.decide(extended(0, "Serve")), Err(NotNow::ExtensionDays));
    assert_eq!(desk.decide(extended(15, " ")), Err(NotNow::NoReasons));
    assert_eq!(desk.clone().on(OVER).decide(extended(15, "Serve")), Err(NotNow::TermOver));
    let longer = desk.then(extended(15, "Serve")).unwrap();
    assert_eq!(longer.case().extension.unwrap().due, DUE + 15.days());
    assert_eq!(timed(&longer), [(SILENCE, DUE + 15.days())], "silence waits with the term");
    assert_eq!(longer.decide(extended(15, "Serve")), Err(NotNow::AlreadyExtended));
}

#[test]
fn an_opinion_counts_in_the_term_unless_a_law_lets_it_stop() {
    let ask = |technical| Question {
        expert: "Perito".to_owned(),
        question: "È sicuro?".to_owned(),
        technical,
        ..Question::default()
    };
    let desk = Desk::taken();
    let nobody = desk.decide(|case, context| consult(case, context, &Question::default()));
    assert_eq!(nobody, Err(NotNow::NoExpert));
    let asked = desk.clone().then(|case, context| consult(case, context, &ask(true))).unwrap();
    let request: OpinionRequested = asked.acts.last().unwrap().payload().unwrap();
    assert_eq!((request.stops_term, request.answer_by), (false, FILED + 20.days()));
    let term = asked.case().term(&asked.rules, &asked.calendar, asked.today);
    assert_eq!((term.due, timed(&asked)), (DUE, vec![(OPINION, FILED + 20.days())]));
    let mut technical = desk;
    technical.rules.opinion_suspension_days = 90;
    let over = technical.clone().on(OVER).then(|case, context| consult(case, context, &ask(true))).unwrap();
    let request: OpinionRequested = over.acts.last().unwrap().payload().unwrap();
    assert_eq!((request.stops_term, request.answer_by), (false, OVER + 20.days()), "a term that is over stops no more");
    let stopped = technical.then(|case, context| consult(case, context, &ask(true))).unwrap();
    assert_eq!(stopped.case().term(&stopped.rules, &stopped.calendar, stopped.today).due, DUE + 90.days());
}

#[test]
fn an_opinion_is_given_once_by_whoever_was_asked_and_a_reminder_is_written_once() {
    let question = Question {
        expert: "Bruno Prova".to_owned(),
        officer: Some("bruno.prova".to_owned()),
        question: "È sicuro?".to_owned(),
        ..Question::default()
    };
    let inside = Desk::taken().then(|case, context| consult(case, context, &question)).unwrap();
    let seq = inside.case().last_seq();
    assert_eq!(inside.decide(|case, context| advise(case, context, seq, "Sì")), Err(NotNow::NotTheExpert));
    let outside = Question { officer: None, ..question };
    let asked = Desk::taken().then(|case, context| consult(case, context, &outside)).unwrap();
    assert_eq!(asked.clone().later(20).decide(|case, context| remind(case, context, seq)), Err(NotNow::AwaitingAnswer));
    let reminded = asked.later(21).then(|case, context| remind(case, context, seq)).unwrap();
    assert_eq!(reminded.decide(|case, context| remind(case, context, seq)), Err(NotNow::NothingAsked));
    let given = reminded.then(|case, context| advise(case, context, seq, "Sì")).unwrap();
    assert_eq!(given.decide(|case, context| advise(case, context, seq, "No")), Err(NotNow::NothingAsked));
}
