//! Whatever the book says, a case can be read from it.

use proptest::{collection::vec, prelude::*};
use serde_json::{Value, json};

use super::{
    desk::{Desk, FILED, answers, granted, officer, passed_on, refusal, silence_effect, taken_by, words},
    who_may::ACTIONS,
};
use crate::{case::Case, decide::lapse, payload::kind};

const KINDS: [&str; 24] = [
    kind::SUBMITTED,
    kind::TAKEN,
    kind::RELEASED,
    kind::ASSIGNED,
    kind::PASSED_ON,
    kind::INTEGRATION_REQUESTED,
    kind::INTEGRATION_SUPPLIED,
    kind::INTEGRATION_LAPSED,
    kind::NOTE_ADDED,
    kind::REFUSAL_PROPOSED,
    kind::OBSERVATIONS_FILED,
    kind::EXTENDED,
    kind::OPINION_REQUESTED,
    kind::OPINION_REMINDED,
    kind::OPINION_GIVEN,
    kind::SUBSTITUTE_CALLED,
    kind::SUBSTITUTE_TOOK_OVER,
    kind::SILENCE_CONSENT,
    kind::SILENCE_REFUSAL,
    kind::GRANTED,
    kind::REFUSED,
    kind::WITHDRAWN,
    kind::LETTER_ISSUED,
    "of-a-later-version",
];

/// Erased, of a form nobody knows, or readable by one kind of act or another.
fn payloads() -> impl Strategy<Value = Option<Value>> {
    let request = json!({ "fields": [], "deadline": FILED, "message": "" });
    let readable = [
        serde_json::to_value(taken_by(&officer())),
        serde_json::to_value(answers(None)),
        serde_json::to_value(refusal(Some(FILED))),
        serde_json::to_value(granted(Some("1"))),
        serde_json::to_value(silence_effect()),
        Ok(json!({ "days": 5, "reason": "", "law": "", "due": FILED })),
        Ok(json!({ "expert": "x", "question": "y", "shared": true, "answer_by": FILED, "stops_term": true })),
        Ok(json!({ "request": 2, "expert": "x", "text": "y" })),
        Ok(json!({ "officer": "x", "officer_name": "y", "conclude_by": FILED })),
        serde_json::to_value(words("prova")),
        serde_json::to_value(passed_on("altro")),
        Ok(request),
    ];
    let readable = readable.into_iter().map(|payload| Some(payload.unwrap()));
    prop::sample::select(
        [None, Some(Value::Null), Some(json!(["prova"]))].into_iter().chain(readable).collect::<Vec<_>>(),
    )
}

proptest! {
    #[test]
    fn any_sequence_of_acts_folds(acts in vec((prop::sample::select(&KINDS[..]), payloads(), 0_i64..20), 0..20)) {
        let mut desk = Desk::filed();
        for (kind, payload, days) in acts {
            desk = desk.later(days);
            desk.write(kind, payload);
            let case = desk.case();
            prop_assert_eq!(case.last_seq(), i64::try_from(desk.acts.len()).unwrap());
            prop_assert_eq!(case.last_at(), desk.acts.last().unwrap().at);
            prop_assert!(!case.state.is_closed() || case.closed_on.is_some());
            let started = case.term(&desk.rules, &desk.calendar, desk.today).started;
            prop_assert!(started == FILED || case.passed_on.is_some());
            prop_assert_eq!(case.office().id, case.passed_on.as_ref().map_or("anagrafe", |passed| passed.to.as_str()));
        }
    }

    #[test]
    fn what_the_law_of_the_desk_lets_through_is_consistent(steps in vec((0..=ACTIONS.len(), 0_i64..12), 0..40)) {
        let mut desk = Desk::filed();
        for (step, days) in steps {
            desk = desk.later(days);
            let done = ACTIONS.get(step).map_or_else(|| desk.decide(lapse).ok(), |(_, action)| desk.decide(action).ok());
            if let Some(act) = done {
                desk.write(act.kind, Some(act.payload));
            }
            let case = desk.case();
            prop_assert_eq!(case.state.is_closed(), case.closed_on.is_some());
            prop_assert!(case.open_request.is_none() || !case.state.is_closed());
            let times = |kind| desk.acts.iter().filter(|act| act.kind == kind).count();
            prop_assert!(times(kind::INTEGRATION_REQUESTED) <= 1 && times(kind::REFUSAL_PROPOSED) <= 1);
            prop_assert!(times(kind::REFUSED) <= times(kind::REFUSAL_PROPOSED), "refused without notice");
        }
    }
}

#[test]
fn without_a_readable_submission_there_is_nothing_to_show() {
    assert_eq!(Case::from_acts(Vec::new()), None);
    let mut erased = Desk::taken();
    erased.acts[0].body = None;
    assert_eq!(Case::from_acts(erased.acts), None);
    assert_eq!(Case::from_acts(Desk::taken().acts.split_off(1)), None);
}
