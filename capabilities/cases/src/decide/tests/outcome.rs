//! Granting and withdrawing.

use jiff::ToSpan;
use rules::Decision;

use super::desk::{Desk, FILED, decision, granted, officer};
use crate::{
    case::State,
    decide::{NotNow, grant, take, withdraw},
    payload::{Granted, kind},
};

fn grant_of(said: Option<Decision>, note: &str) -> Result<Granted, NotNow> {
    let desk = Desk::ruled(said).then(take).unwrap();
    let case = desk.then(|case, context| grant(case, context, note))?.case();
    assert_eq!((case.state, case.closed_on), (State::Granted, Some(FILED)));
    Ok(case.granted.unwrap())
}

#[test]
fn a_grant_within_the_rules_carries_amount_and_unit() {
    let said = decision(true, Some("914.30"));
    let grant = grant_of(Some(said.clone()), "").unwrap();
    assert_eq!((grant.amount.as_deref(), grant.unit.as_deref()), (Some("914.30"), Some("euro/mese")));
    assert_eq!((grant.note, grant.overrides_rules, grant.decided_by), (None, false, officer().name));
    assert_eq!(grant.decision, Some(said));
}

#[test]
fn where_nothing_is_paid_there_is_no_unit() {
    for said in [None, Some(decision(true, None))] {
        let grant = grant_of(said, " Va bene ").unwrap();
        assert_eq!((grant.amount, grant.unit, grant.overrides_rules), (None, None, false));
        assert_eq!(grant.note.as_deref(), Some("Va bene"));
    }
}

#[test]
fn a_grant_against_the_rules_needs_a_note_and_is_marked() {
    let said = decision(false, Some("914.30"));
    for silent in ["", " \n"] {
        assert_eq!(grant_of(Some(said.clone()), silent), Err(NotNow::OverrideNeedsReason));
    }
    let grant = grant_of(Some(said), "Sentenza di prova").unwrap();
    assert!(grant.overrides_rules);
    assert_eq!((grant.amount, grant.unit), (None, None));
    assert_eq!(grant.note.as_deref(), Some("Sentenza di prova"));
}

#[test]
fn an_application_is_withdrawn_from_every_open_state() {
    let asked = Desk::taken().asked(FILED + 10.days());
    let proposed = Desk::taken().proposed(FILED + 10.days());
    for desk in [Desk::filed(), Desk::taken(), asked, proposed] {
        let state = desk.case().state;
        let case = desk.later(4).then(|case, context| withdraw(case, context, "")).unwrap().case();
        assert_eq!((case.state, case.closed_on), (State::Withdrawn, Some(FILED + 4.days())), "{state:?}");
        assert_eq!(case.open_request, None, "{state:?}");
    }
}

#[test]
fn a_renounced_grant_leaves_no_amount() {
    let desk = Desk::taken().with(kind::GRANTED, &granted(Some("914.30"))).later(9);
    assert_eq!(desk.case().granted, Some(granted(Some("914.30"))));
    let case = desk.then(|case, context| withdraw(case, context, " Ho trovato lavoro ")).unwrap().case();
    assert_eq!((case.state, case.granted, case.closed_on), (State::Withdrawn, None, Some(FILED + 9.days())));
}
