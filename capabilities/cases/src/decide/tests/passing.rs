//! A case at the wrong office: who may pass it on, when, where to, and what becomes of its term.

use acts::{Actor, NewAct};
use deadlines::Silence;
use jiff::{ToSpan, civil::date};
use proptest::{collection::vec, prelude::*};

use super::desk::{Desk, FILED, granted, officer, other_office, passed_on, refusal, silence_effect, taken_by, words};
use crate::{
    case::{Case, State},
    decide::{Context, Deed, NotNow, Question, Step, advise, allowed, consult, lapse, pass_on, release, take},
    payload::{PassedOn, SubstituteCalled, kind},
};

const WHY: &str = "È materia sua";

/// Where the case may go; the second one is closed on 8 April.
fn desk(desk: Desk) -> Desk {
    desk.beside(vec![other_office("tributi", None), other_office("casa", Some(date(2026, 4, 8)))])
}

fn to(office: &'static str) -> impl Fn(&Case, &Context<'_>) -> Result<NewAct, NotNow> {
    move |case, context| pass_on(case, context, office, WHY)
}

fn said(desk: &Desk) -> PassedOn {
    desk.acts.last().unwrap().payload().unwrap()
}

#[test]
fn only_what_waits_for_nobody_passes_and_not_out_of_a_colleagues_hands() {
    let colleague = Actor { subject: "bruno.prova".to_owned(), ..officer() };
    let asked = Question {
        expert: "Ordine".to_owned(),
        officer: None,
        question: "Vale?".to_owned(),
        shared: true,
        technical: false,
    };
    let consulted = Desk::taken().then(|case, context| consult(case, context, &asked)).unwrap();
    let advised = consulted.clone().then(|case, context| advise(case, context, 3, "Vale.")).unwrap();
    let late = |silence| Desk::filed().silent(silence).later(40);
    let rows = [
        ("nobody's", Desk::filed(), None),
        ("mine", Desk::taken(), None),
        ("a colleague's", Desk::filed().with(kind::TAKEN, &taken_by(&colleague)), Some(NotNow::HeldByColleague)),
        ("asked again", Desk::taken().asked(FILED + 10.days()), Some(NotNow::AwaitingAnswer)),
        ("answered", Desk::taken().asked(FILED + 10.days()).supplied(), None),
        ("before an opinion", consulted, Some(NotNow::OpinionAwaited)),
        ("with an opinion", advised, None),
        ("after the notice", Desk::taken().proposed(FILED + 10.days()), Some(NotNow::RefusalUnderWay)),
        ("late", late(Silence::Late), None),
        ("granted by the law", late(Silence::Consent), Some(NotNow::ConsentFormed)),
        ("refused by the law", late(Silence::Refusal), Some(NotNow::RefusalFormed)),
        ("granted", Desk::taken().with(kind::GRANTED, &granted(None)), Some(NotNow::Closed)),
        ("refused", Desk::taken().with(kind::REFUSED, &refusal(None)), Some(NotNow::Closed)),
        ("withdrawn", Desk::filed().with(kind::WITHDRAWN, &words("")), Some(NotNow::Closed)),
        ("settled by silence", Desk::filed().with(kind::SILENCE_CONSENT, &silence_effect()), Some(NotNow::Closed)),
    ];
    for (name, case, why) in rows {
        let case = desk(case);
        assert_eq!(case.decide(to("tributi")).err(), why, "{name}");
        assert_eq!(case.decide(|case, context| allowed(case, context, Step::PassOn)).err(), why, "offered: {name}");
        let alone = case.beside(Vec::new());
        let nowhere = why.filter(|why| *why == NotNow::HeldByColleague || *why == NotNow::Closed);
        let nowhere = nowhere.unwrap_or(NotNow::NoOtherOffice);
        assert_eq!(alone.decide(to("tributi")).err(), Some(nowhere), "{name}, of a service with one office");
    }
}

#[test]
fn it_goes_to_an_office_that_may_have_it_and_with_a_reason() {
    let case = desk(Desk::filed());
    assert_eq!(case.decide(to("anagrafe")).err(), Some(NotNow::WrongOffice), "where it is already");
    assert_eq!(case.decide(to("altrove")).err(), Some(NotNow::WrongOffice));
    let silent = case.decide(|case, context| pass_on(case, context, "casa", " \n"));
    assert_eq!(silent.err(), Some(NotNow::NoReasons));
    let passed = desk(Desk::taken()).then(to("casa")).unwrap();
    let case = passed.case();
    assert_eq!(
        (case.office().id, case.office().name, case.office().responsible),
        ("casa", "Ufficio casa", "Responsabile di casa")
    );
    assert_eq!((case.state, case.officer), (State::Received, None), "in nobody's hands there");
    let said = said(&passed);
    assert_eq!(
        (said.from.as_str(), said.from_name.as_str(), said.reason.as_str()),
        ("anagrafe", "Ufficio di prova", WHY)
    );
}

/// Filed on Monday 2 March, the term ends on 1 April; received on 9 March, on 8 April.
#[test]
fn where_silence_grants_days_at_the_wrong_office_do_not_count_and_the_holidays_are_those_of_the_right_one() {
    let week = desk(Desk::filed().silent(Silence::Consent)).later(7);
    let passed = week.clone().then(to("tributi")).unwrap();
    assert_eq!((said(&passed).due, said(&passed).anew), (date(2026, 4, 8), true));
    let closed = week.then(to("casa")).unwrap();
    assert_eq!(said(&closed).due, date(2026, 4, 9), "8 April is the feast of that town");
    let other = desk(Desk::filed()).later(7).then(to("tributi")).unwrap();
    assert_eq!((said(&other).due, said(&other).anew), (date(2026, 4, 1), false), "by no law elsewhere");
    let late = desk(Desk::filed()).later(40).then(to("tributi")).unwrap();
    assert!(late.decide(|case, context| context.term(case).overdue()), "what was late stays late");
}

#[test]
fn the_term_goes_on_where_somebody_has_worked_on_the_case() {
    let answered =
        desk(Desk::taken().silent(Silence::Consent).later(5).asked(FILED + 15.days()).later(5).supplied()).later(2);
    let before = answered.decide(|case, context| context.term(case).due);
    let passed = answered.then(to("tributi")).unwrap();
    assert_eq!((said(&passed).due, said(&passed).anew), (before, false));
    let lapsed = desk(Desk::taken().silent(Silence::Consent).asked(FILED + 5.days()).later(8))
        .then(lapse)
        .unwrap()
        .then(to("casa"))
        .unwrap();
    assert!(!said(&lapsed).anew);
    let called = SubstituteCalled { due: date(2026, 4, 1), conclude_by: date(2026, 4, 17), on_request: true };
    let called = desk(Desk::filed()).later(32).with(kind::SUBSTITUTE_CALLED, &called);
    assert_eq!(called.decide(to("tributi")).err(), Some(NotNow::SubstituteCalled), "who was called concludes");
}

#[test]
fn the_same_form_twice_is_once_and_a_case_that_came_back_passes_again() {
    let deed = Deed::PassOn { to: "casa".to_owned(), reason: WHY.to_owned() };
    let actor = Desk::filed().acts[0].body.clone().unwrap().actor;
    let done = |desk: &Desk| deed.was_done(&desk.case(), &actor);
    let passed = desk(Desk::filed()).then(to("casa")).unwrap();
    assert!(!done(&desk(Desk::filed())) && done(&passed));
    assert!(done(&passed.clone().with(kind::LETTER_ISSUED, &words(""))), "what follows by itself changes nothing");
    let other = Deed::PassOn { to: "tributi".to_owned(), reason: WHY.to_owned() };
    assert!(!other.was_done(&passed.case(), &actor) && !deed.was_done(&passed.case(), &officer()));
    let back = passed.with(kind::PASSED_ON, &passed_on("anagrafe"));
    assert!(!done(&back));
    assert!(done(&back.then(to("casa")).unwrap()));
}

proptest! {
    /// However often it is passed on, one office has it, and it is the last one that took it in.
    #[test]
    fn a_case_is_at_one_office(steps in vec((0_usize..4, 0_i64..12), 0..20)) {
        let offices = ["anagrafe", "tributi", "casa"];
        let (mut desk, mut has) = (Desk::filed(), "anagrafe");
        for (step, days) in steps {
            let others = offices.into_iter().filter(|office| *office != has);
            desk = desk.later(days).beside(others.map(|office| other_office(office, None)).collect());
            match offices.get(step) {
                Some(office) => {
                    let passed = desk.clone().then(to(office));
                    prop_assert_eq!(passed.is_ok(), *office != has);
                    if let Ok(passed) = passed {
                        (desk, has) = (passed, office);
                        let term = desk.decide(|case, context| context.term(case));
                        prop_assert_eq!((term.started, said(&desk).due), (FILED, term.due));
                    }
                }
                None => desk = desk.clone().then(take).or_else(|_| desk.then(release)).unwrap(),
            }
            let case = desk.case();
            prop_assert_eq!(case.office().id, has);
        }
    }
}
