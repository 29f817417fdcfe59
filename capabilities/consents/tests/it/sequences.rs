//! Whatever somebody does, in whatever order: a consent stands from when it was given for a sentence until it is taken back.

use std::collections::BTreeMap;

use acts::{Act, Actor, Body, Door, NewAct};
use base::{Date, Language, Timestamp, Uuid};
use catalogue::{ConsentAsked, Folder, Service};
use consents::{Consent, NotNow, Question, give, withdraw};
use proptest::prelude::*;

const PERSON: &str = "DMSMRA80A41H501R";
const STRANGER: &str = "DMSLCU80A01H501D";

fn now() -> Timestamp {
    "2026-11-21T10:00:00Z".parse().unwrap()
}

fn actor(who: &str) -> Actor {
    let name = format!("Nome di {who}");
    Actor { subject: who.to_owned(), name, door: Door::Citizen, level: 2, on_behalf_of: None, authority: None }
}

fn written(act: NewAct, seq: i64) -> Act {
    let body = Body { actor: act.actor, payload: (&act.payload).into(), content: String::new(), salt: [0; 32] };
    Act { position: seq, case: act.case, seq, kind: act.kind.to_owned(), at: now(), digest: [0; 32], body: Some(body) }
}

/// The sample service that asks for consents.
fn service() -> Service {
    let place = tidy::room().join("../../services/sala-civica");
    Service::read(Folder::read(&place).unwrap()).unwrap_or_else(|told| panic!("{told:?}"))
}

fn sentence(words: usize) -> ConsentAsked {
    let text = base::Translated::Many(BTreeMap::from([(Language::Italian, format!("Acconsento alla cosa {words}."))]));
    ConsentAsked { id: "prova".to_owned(), office: "relazioni".to_owned(), title: text.clone(), text }
}

#[derive(Debug, Clone, Copy)]
enum Step {
    Give(usize),
    Withdraw,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![3 => (0usize..3).prop_map(Step::Give), 2 => Just(Step::Withdraw)]
}

proptest! {
    #[test]
    fn it_stands_for_the_last_sentence_until_it_is_taken_back(steps in proptest::collection::vec(step(), 0..12)) {
        let service = service();
        let mut acts: Vec<Act> = Vec::new();
        // What must hold, in the simplest words: which sentence stands.
        let mut stands: Option<usize> = None;
        for step in steps {
            let before = Consent::from_acts(&acts);
            let outcome = match step {
                Step::Give(words) => {
                    let asked = sentence(words);
                    let read = asked.fingerprint();
                    let question = Question { service: &service, asked: &asked, read: &read, language: Language::German };
                    give(before.as_ref(), Uuid::from_u128(7), question, (&actor(PERSON), None), now())
                }
                Step::Withdraw => match &before {
                    Some(before) => withdraw(before, &actor(PERSON)),
                    None => continue,
                },
            };
            let wanted = match step { Step::Give(words) => Some(words), Step::Withdraw => None };
            prop_assert_eq!(outcome.is_ok(), stands != wanted);
            if let Ok(act) = outcome {
                acts.push(written(act, i64::try_from(acts.len()).unwrap() + 1));
                stands = wanted;
            }
            let consent = Consent::from_acts(&acts);
            for words in 0..3 {
                let covered = consent.as_ref().is_some_and(|one| one.covers(&sentence(words).fingerprint()));
                prop_assert_eq!(covered, stands == Some(words));
            }
        }
    }
}

#[test]
fn nobody_agrees_for_others_nor_to_what_they_did_not_read() {
    let (service, asked) = (service(), sentence(0));
    let read = asked.fingerprint();
    let tried = |read: &str, who: &Actor, born: Option<Date>| {
        let question = Question { service: &service, asked: &asked, read, language: Language::Italian };
        give(None, Uuid::from_u128(7), question, (who, born), now())
    };
    let act = tried(&read, &actor(PERSON), None).unwrap();
    assert_eq!(tried("0123456789abcdef", &actor(PERSON), None).err(), Some(NotNow::Changed));
    let for_another = Actor { on_behalf_of: Some(STRANGER.to_owned()), ..actor(PERSON) };
    assert_eq!(tried(&read, &for_another, None).err(), Some(NotNow::NotOneself));
    let born = |day: &str| Some(day.parse::<Date>().unwrap());
    assert_eq!(tried(&read, &actor(PERSON), born("2008-11-22")).err(), Some(NotNow::TooYoung));
    assert!(tried(&read, &actor(PERSON), born("2008-11-21")).is_ok(), "on the eighteenth birthday");
    let consent = Consent::from_acts(&[written(act, 1)]).unwrap();
    assert_eq!(withdraw(&consent, &actor(STRANGER)).err(), Some(NotNow::NotOneself));
}
