//! Granting many cases together: only what is plain, and by the rules of a single grant.

use acts::Actor;
use deadlines::Silence;
use jiff::ToSpan;
use rules::{Decision, InputType, MissingFact, Unit};
use serde_json::json;

use super::desk::{Desk, FILED, decision, granted, officer, submitted, taken_by};
use crate::{
    decide::{NotNow, grant, grant_together},
    payload::{Granted, Replaced, Together, kind},
};

fn together() -> Together {
    Together { mass_decision: "1".to_owned(), confirmed_at: "2026-03-02T12:00:00Z".parse().unwrap() }
}

fn tried(desk: &Desk) -> Result<Granted, NotNow> {
    let act = desk.decide(|case, context| grant_together(case, context, ("Requisiti verificati.", &together())))?;
    Ok(serde_json::from_value(act.payload).unwrap())
}

fn due() -> Decision {
    decision(true, Some("914.30"))
}

fn plain() -> Desk {
    Desk::ruled(Some(due()))
}

#[test]
fn a_plain_case_of_nobody_or_of_ones_own_is_granted_as_a_single_one_with_the_decision_named() {
    let mine = plain().with(kind::TAKEN, &taken_by(&officer()));
    let single = mine.decide(|case, context| grant(case, context, "Requisiti verificati.")).unwrap();
    let single: Granted = serde_json::from_value(single.payload).unwrap();
    for desk in [plain(), mine] {
        assert_eq!(tried(&desk), Ok(Granted { together: Some(together()), ..single.clone() }));
    }
}

#[test]
fn what_asks_for_somebody_who_looks_is_not_granted_together() {
    let colleague = Actor { subject: "bruno.prova".to_owned(), ..officer() };
    let asked = json!({ "expert": "Ugo", "question": "?", "shared": true, "answer_by": FILED, "stops_term": false });
    let mut against = submitted(Some(due()));
    let replaced = Replaced { registry: "anagrafe".to_owned(), registry_name: "Anagrafe".to_owned(), on: FILED };
    against.replaced.insert("residenza".to_owned(), replaced);
    let point = || "punto".to_owned();
    let missing = MissingFact {
        name: point(),
        label: point(),
        member: None,
        kind: InputType::Bool,
        unit: Unit::Euro,
        required: true,
    };
    let ruled = |decision: Decision| Desk::ruled(Some(decision));
    for (desk, why) in [
        (plain().with(kind::TAKEN, &taken_by(&colleague)), NotNow::HeldByColleague),
        (plain().with(kind::GRANTED, &granted(None)), NotNow::Closed),
        (plain().silent(Silence::Consent).later(40), NotNow::ConsentFormed),
        (plain().asked(FILED + 10.days()), NotNow::AwaitingAnswer),
        (plain().proposed(FILED + 10.days()), NotNow::RefusalUnderWay),
        (plain().with(kind::OPINION_REQUESTED, &asked), NotNow::OpinionAwaited),
        (Desk::of(&against), NotNow::AgainstRegistry),
        (ruled(decision(false, None)), NotNow::NotDue),
        (ruled(Decision { entitled: None, missing: vec![missing], ..due() }), NotNow::FactsMissing),
        (ruled(Decision { entitled: None, ..due() }), NotNow::NotComputed),
        (ruled(decision(true, None)), NotNow::NotComputed),
        (Desk::filed(), NotNow::NotComputed),
    ] {
        assert_eq!(tried(&desk), Err(why));
    }
}
