//! Whatever people do to a mandate, in whatever order: it lets act between its acceptance and its end, and at no other time.

use acts::{Act, Actor, Body, Door, NewAct};
use base::{Timestamp, Uuid, rome_date};
use jiff::{SignedDuration, ToSpan};
use mandates::{
    Delegate, Limits, Mandate, Proposal, Services, Verb, Verbs, accept, decline, propose, renounce, revoke,
};
use proptest::prelude::*;

const GIVER: &str = "DMSMRA80A41H501R";
const TAKER: &str = "DMSLCU80A01H501D";
const STRANGER: &str = "RSSMRA80A01H501U";

#[derive(Debug, Clone, Copy)]
enum Step {
    Accept(&'static str, u8),
    Decline(&'static str),
    Revoke(&'static str),
    Renounce(&'static str),
    Days(i64),
}

fn somebody() -> impl Strategy<Value = &'static str> {
    prop_oneof![Just(GIVER), Just(TAKER), Just(STRANGER)]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (somebody(), 1u8..=3).prop_map(|(who, level)| Step::Accept(who, level)),
        1 => somebody().prop_map(Step::Decline),
        1 => somebody().prop_map(Step::Revoke),
        1 => somebody().prop_map(Step::Renounce),
        3 => (0i64..20).prop_map(Step::Days),
    ]
}

fn actor(who: &str, level: u8) -> Actor {
    let name = format!("Nome di {who}");
    Actor { subject: who.to_owned(), name, door: Door::Citizen, level, on_behalf_of: None, authority: None }
}

/// The act as the book would hold it.
fn written(act: NewAct, seq: i64, at: Timestamp) -> Act {
    let body = Body { actor: act.actor, payload: (&act.payload).into(), content: String::new(), salt: [0; 32] };
    Act { position: seq, case: act.case, seq, kind: act.kind.to_owned(), at, digest: [0; 32], body: Some(body) }
}

proptest! {
    #[test]
    fn a_mandate_lets_act_only_between_acceptance_and_end(
        lasts in 0i64..90,
        steps in proptest::collection::vec(step(), 0..12),
    ) {
        let mut now: Timestamp = "2026-11-21T10:00:00Z".parse().unwrap();
        let until = rome_date(now).checked_add(lasts.days()).unwrap();
        let verbs: Verbs = [Verb::Submit].into_iter().collect();
        let services = Services::only(["uno".to_owned()]);
        let proposal = Proposal {
            delegate: Delegate::Person(TAKER.parse().unwrap(), "Dimostrativi".to_owned()),
            services,
            service_names: Vec::new(),
            verbs,
            until,
        };
        let named = (Uuid::from_u128(1), "1/2026".to_owned());
        let first = propose(proposal, named, &actor(GIVER, 2), Limits::default(), now).unwrap();
        let mut acts = vec![written(first, 1, now)];
        // What must hold, kept beside the program in the simplest words.
        let answer_by = rome_date(now).checked_add(30.days()).unwrap().min(until);
        let (mut accepted, mut ended) = (false, false);
        for step in steps {
            let mandate = Mandate::from_acts(&acts).unwrap();
            let today = rome_date(now);
            let outcome = match step {
                Step::Days(days) => {
                    now = now.checked_add(SignedDuration::from_hours(24 * days)).unwrap();
                    continue;
                }
                Step::Accept(who, level) => accept(&mandate, &actor(who, level), now),
                Step::Decline(who) => decline(&mandate, &actor(who, 1), now),
                Step::Revoke(who) => revoke(&mandate, &actor(who, 1), now),
                Step::Renounce(who) => renounce(&mandate, &actor(who, 1), now),
            };
            let open = !ended && !accepted && today <= answer_by;
            let live = !ended && accepted && today <= until;
            let allowed = match step {
                Step::Accept(who, level) => open && who == TAKER && level >= 2,
                Step::Decline(who) => open && who == TAKER,
                Step::Revoke(who) => (open || live) && who == GIVER,
                Step::Renounce(who) => live && who == TAKER,
                Step::Days(_) => false,
            };
            prop_assert_eq!(outcome.is_ok(), allowed, "{:?} on {}", step, today);
            if let Ok(act) = outcome {
                if matches!(step, Step::Accept(..)) { accepted = true } else { ended = true }
                acts.push(written(act, i64::try_from(acts.len()).unwrap() + 1, now));
            }
            let mandate = Mandate::from_acts(&acts).unwrap();
            let holds = accepted && !ended && rome_date(now) <= until;
            for verb in Verb::ALL {
                let named = matches!(verb, Verb::Submit | Verb::Draft | Verb::See);
                prop_assert_eq!(mandate.may("uno", verb, now), holds && named);
                prop_assert!(!mandate.may("due", verb, now));
            }
        }
    }
}

#[test]
fn what_cannot_be_proposed() {
    let now: Timestamp = "2026-11-21T10:00:00Z".parse().unwrap();
    let today = rome_date(now);
    let sound = || Proposal {
        delegate: Delegate::Person(TAKER.parse().unwrap(), "Dimostrativi".to_owned()),
        services: Services::ALL,
        service_names: Vec::new(),
        verbs: Verbs::all(),
        until: today,
    };
    let tried = |proposal: Proposal, who: &Actor| {
        propose(proposal, (Uuid::from_u128(1), "1/2026".to_owned()), who, Limits::default(), now).is_ok()
    };
    assert!(tried(sound(), &actor(GIVER, 2)));
    assert!(!tried(sound(), &actor(GIVER, 1)), "with too weak an e-ID");
    assert!(!tried(sound(), &actor(TAKER, 2)), "to oneself");
    let mistyped = Delegate::Person(TAKER.parse().unwrap(), "Altrui".to_owned());
    assert!(!tried(Proposal { delegate: mistyped, ..sound() }, &actor(GIVER, 2)));
    let office = Delegate::Office("caf-prove".to_owned(), "CAF delle Prove".to_owned());
    assert!(tried(Proposal { delegate: office, ..sound() }, &actor(GIVER, 2)), "an office has no surname");
    assert!(!tried(Proposal { verbs: Verbs::default(), ..sound() }, &actor(GIVER, 2)));
    assert!(!tried(Proposal { services: Services::only([]), ..sound() }, &actor(GIVER, 2)));
    let day = |days: i64| today.checked_add(days.days()).unwrap();
    assert!(!tried(Proposal { until: day(-1), ..sound() }, &actor(GIVER, 2)));
    assert!(tried(Proposal { until: day(1095), ..sound() }, &actor(GIVER, 2)));
    assert!(!tried(Proposal { until: day(1096), ..sound() }, &actor(GIVER, 2)));
}
