//! Every action in every state.

use acts::{Actor, NewAct};
use jiff::ToSpan;

use super::desk::{Desk, FILED, answers, fields, granted, officer, refusal, silence_effect, taken_by, words};
use crate::{
    case::{Case, State},
    decide::{
        Context,
        NotNow::{
            self, AlreadySuspended, AlreadyTaken, AwaitingAnswer, Closed, NotYours, NothingAsked, NoticeFirst,
            NoticeSent,
        },
        Refusing, Step, allowed, assign, grant, lapse, note, observe, propose_refusal, refuse, release,
        request_integration, supply, take, withdraw,
    },
    payload::{Assigned, kind},
};

pub type Action = fn(&Case, &Context<'_>) -> Result<NewAct, NotNow>;

/// Each action as it is done when nothing but the state stands against it, with the act it writes.
pub const ACTIONS: [(&str, Action); 10] = [
    (kind::TAKEN, |case, context| take(case, context)),
    (kind::RELEASED, |case, context| release(case, context)),
    (kind::INTEGRATION_REQUESTED, |case, context| {
        request_integration(case, context, fields("È scaduto"), context.today + 10.days(), String::new())
    }),
    (kind::NOTE_ADDED, |case, context| note(case, context, "Sentito il richiedente")),
    (kind::GRANTED, |case, context| grant(case, context, "")),
    (kind::REFUSAL_PROPOSED, |case, context| propose_refusal(case, context, "Residenza non provata")),
    (kind::REFUSED, |case, context| {
        let on_observations = case.observations.as_ref().map_or_else(String::new, |_| "Non bastano".to_owned());
        let reasons = "Residenza non provata".to_owned();
        refuse(case, context, &Refusing { reasons, on_observations, further_grounds: String::new() })
    }),
    (kind::INTEGRATION_SUPPLIED, |case, context| supply(case, context, &answers(None))),
    (kind::OBSERVATIONS_FILED, |case, context| observe(case, context, "Abito qui dal 2010")),
    (kind::WITHDRAWN, |case, context| withdraw(case, context, "")),
];

/// The step of each of [`ACTIONS`], which pages ask about before they offer it.
const STEPS: [Step; 10] = [
    Step::Take,
    Step::Release,
    Step::Ask,
    Step::Note,
    Step::Grant,
    Step::Notice,
    Step::Refuse,
    Step::Supply,
    Step::Observe,
    Step::Withdraw,
];

const MAY: Option<NotNow> = None;

/// For a case, its state, and what stands against each of [`ACTIONS`], in their order.
type Row = (&'static str, Desk, State, [Option<NotNow>; 10]);

fn open_cases() -> Vec<Row> {
    let [taken, suspended, awaiting] = [AlreadyTaken, AlreadySuspended, AwaitingAnswer].map(Some);
    let [not_yours, nothing, notice] = [NotYours, NothingAsked, NoticeFirst].map(Some);
    let noticed = Some(NoticeSent);
    let colleague = Actor { subject: "bruno.prova".to_owned(), ..officer() };
    let theirs = Desk::filed().with(kind::TAKEN, &taken_by(&colleague));
    let asked = Desk::taken().asked(FILED + 10.days());
    let proposed = Desk::taken().proposed(FILED + 10.days());
    let foreign = |first| [first, not_yours, not_yours, MAY, not_yours, not_yours, not_yours, nothing, nothing, MAY];
    vec![
        ("nobody's", Desk::filed(), State::Received, foreign(MAY)),
        ("a colleague's", theirs, State::InProgress, foreign(taken)),
        (
            "in my hands",
            Desk::taken(),
            State::InProgress,
            [taken, MAY, MAY, MAY, MAY, MAY, notice, nothing, nothing, MAY],
        ),
        (
            "awaiting an answer",
            asked,
            State::AwaitingApplicant,
            [taken, MAY, suspended, MAY, MAY, awaiting, awaiting, MAY, nothing, MAY],
        ),
        (
            "after the notice",
            proposed,
            State::RefusalProposed,
            [taken, MAY, MAY, MAY, MAY, noticed, notice, nothing, MAY, MAY],
        ),
    ]
}

fn silent(kind: &str) -> Desk {
    Desk::taken().with(kind, &silence_effect())
}

fn closed_cases() -> Vec<Row> {
    // Only a note for the file, and giving up what was granted.
    let after = |withdrawing| {
        let mut row = [Some(Closed); 10];
        (row[3], row[9]) = (MAY, withdrawing);
        row
    };
    let refused = Desk::taken().with(kind::REFUSED, &refusal(None));
    let withdrawn = Desk::taken().with(kind::WITHDRAWN, &words(""));
    vec![
        ("granted", Desk::taken().with(kind::GRANTED, &granted(None)), State::Granted, after(MAY)),
        ("refused", refused, State::Refused, after(Some(Closed))),
        ("withdrawn", withdrawn, State::Withdrawn, after(Some(Closed))),
        ("granted by the law", silent(kind::SILENCE_CONSENT), State::GrantedBySilence, after(MAY)),
        ("refused by the law", silent(kind::SILENCE_REFUSAL), State::RefusedBySilence, after(Some(Closed))),
    ]
}

#[test]
fn each_action_is_open_in_its_states_and_closed_in_all_others() {
    let rows: Vec<_> = open_cases().into_iter().chain(closed_cases()).collect();
    for state in State::ALL {
        assert!(rows.iter().any(|row| row.2 == state), "no row for {state:?}");
    }
    for (name, desk, state, against) in rows {
        assert_eq!(desk.case().state, state, "{name}");
        for (((kind, action), step), why) in ACTIONS.into_iter().zip(STEPS).zip(against) {
            let told = desk.decide(action).map(|act| act.kind);
            assert_eq!(told, why.map_or(Ok(kind), Err), "{kind} on a case {name}");
            let offered = desk.decide(|case, context| allowed(case, context, step));
            assert_eq!(
                offered.err(),
                why,
                "pages offer {kind} on a case {name} when it can be done, and not otherwise"
            );
        }
        assert!(desk.decide(lapse).is_err(), "no deadline has passed on a case {name}");
    }
}

#[test]
fn a_case_given_back_is_anybodys_again() {
    let desk = Desk::taken().then(release).unwrap();
    assert_eq!((desk.case().officer, desk.case().state), (None, State::Received));
    assert_eq!(desk.decide(|case, context| grant(case, context, "")), Err(NotYours));
    assert_eq!(desk.then(take).unwrap().case().officer, Some(taken_by(&officer())));
}

#[test]
fn whoever_heads_the_office_gives_an_open_case_to_another_officer() {
    let to =
        Assigned { officer: "bruno.prova".to_owned(), officer_name: "Bruno Prova".to_owned(), reason: String::new() };
    for desk in [Desk::filed(), Desk::taken()] {
        let given = desk.then(|case, context| assign(case, context, &to)).unwrap();
        let case = given.case();
        assert_eq!((case.state, case.officer.unwrap().officer_name.as_str()), (State::InProgress, "Bruno Prova"));
        assert_eq!(given.decide(|case, context| assign(case, context, &to)), Err(NotNow::AlreadyTheirs));
        assert_eq!(given.decide(|case, context| grant(case, context, "")), Err(NotYours), "the one before is out");
    }
    let closed = Desk::taken().with(kind::GRANTED, &granted(None));
    assert_eq!(closed.decide(|case, context| assign(case, context, &to)), Err(Closed));
}

#[test]
fn an_act_names_its_case_and_whoever_did_it() {
    let act = Desk::filed().decide(take).unwrap();
    assert_eq!((act.case, act.actor), (Desk::filed().case().id, officer()));
}

#[test]
fn an_empty_note_is_none() {
    assert_eq!(Desk::taken().decide(|case, context| note(case, context, " \n")), Err(NotNow::NoReasons));
}
