//! What was filed at the counter: who filed it does not decide it, and what is contested is looked at.

use acts::Actor;

use super::desk::{Desk, decision, officer, refusal, taken_by};
use crate::{
    decide::{
        Context,
        NotNow::{self, ConcernsOfficer, Contested, ContestedNeedsReason, FiledByOfficer},
        Step, allowed, assign, grant, grant_together, take,
    },
    payload::{Assigned, Together, kind},
};

fn colleague() -> Actor {
    Actor { subject: "bruno.prova".to_owned(), name: "Bruno Prova".to_owned(), ..officer() }
}

fn filed_by(operator: &Actor) -> Desk {
    Desk::ruled(Some(decision(true, Some("914.30")))).at_counter(operator)
}

fn may(desk: &Desk, step: Step) -> Result<(), NotNow> {
    desk.decide(|case, context: &Context<'_>| allowed(case, context, step))
}

#[test]
fn who_filed_it_neither_takes_nor_decides_it() {
    let own = filed_by(&officer());
    assert_eq!(own.clone().then(take).err(), Some(FiledByOfficer));
    assert_eq!(may(&own, Step::GrantTogether), Err(FiledByOfficer));
    let to =
        |who: &Actor| Assigned { officer: who.subject.clone(), officer_name: who.name.clone(), reason: String::new() };
    let given = |who: &Actor| own.decide(|case, context| assign(case, context, &to(who))).map(drop);
    assert_eq!((given(&officer()), given(&colleague())), (Err(FiledByOfficer), Ok(())));
    // Whoever had it in hand all the same ends there, too: by whatever way it came to them.
    let held = own.clone().without_notice().with(kind::TAKEN, &taken_by(&officer()));
    for step in [Step::Grant, Step::Refuse, Step::Ask, Step::Extend, Step::Consult, Step::PassOn, Step::Advise] {
        assert_eq!(may(&held, step), Err(FiledByOfficer), "{step:?}");
    }
    assert_eq!(may(&own.with(kind::TAKEN, &taken_by(&officer())), Step::Notice), Err(FiledByOfficer));
    assert_eq!(may(&held, Step::Release), Ok(()), "it goes back");
    // What a colleague filed is as any other.
    assert_eq!(may(&filed_by(&colleague()), Step::Take), Ok(()));
    assert_eq!(may(&filed_by(&colleague()), Step::GrantTogether), Ok(()));
}

#[test]
fn a_substitute_who_filed_it_does_not_take_it_over() {
    let overdue = |operator: Actor| filed_by(&operator).later(60);
    assert_eq!(may(&overdue(officer()), Step::TakeOver), Err(FiledByOfficer));
    assert_eq!(may(&overdue(colleague()), Step::TakeOver), Ok(()));
}

#[test]
fn what_is_contested_is_granted_by_itself_and_with_a_reason() {
    let contested = filed_by(&colleague()).contested();
    let together = Together { mass_decision: "1".to_owned(), confirmed_at: "2026-03-02T12:00:00Z".parse().unwrap() };
    let many = contested.decide(|case, context| grant_together(case, context, ("Verificato.", &together)));
    assert_eq!(many.err(), Some(Contested));
    let taken = contested.then(take).unwrap();
    let granted = |note: &str| taken.decide(|case, context| grant(case, context, note)).map(drop);
    assert_eq!((granted(" "), granted("Sentita la persona: ricorda.")), (Err(ContestedNeedsReason), Ok(())));
}

#[test]
fn refusing_what_is_contested_needs_no_more_than_any_refusal() {
    let contested = filed_by(&colleague()).contested().without_notice().then(take).unwrap();
    assert_eq!(may(&contested, Step::Refuse), Ok(()));
    assert!(contested.with(kind::REFUSED, &refusal(None)).case().state.is_closed());
}

#[test]
fn whom_the_case_names_has_no_part_in_it() {
    let mut own = Desk::ruled(Some(decision(true, Some("914.30")))).without_notice();
    own.concerned.push(officer().subject);
    for step in [Step::Take, Step::GrantTogether, Step::Advise] {
        assert_eq!(may(&own, step), Err(ConcernsOfficer), "{step:?}");
    }
    let held = own.with(kind::TAKEN, &taken_by(&officer()));
    for step in [Step::Grant, Step::Refuse, Step::Ask, Step::Extend, Step::Consult, Step::PassOn] {
        assert_eq!(may(&held, step), Err(ConcernsOfficer), "{step:?}");
    }
    assert_eq!(may(&held, Step::Release), Ok(()), "it goes back");
}
