//! Every step of a piece fails once, in both ways: the database never heard of it, or did it and the answer was lost.
//! Tried again, it goes on, and no case is granted twice.

use cases::payload::kind;
use database::testing::{Effect, Planned};

use super::{
    MINUTE,
    desk::{Desk, plain},
};

/// Words of the first statement of a job's unit of work.
const JOB: &str = "SELECT key, kind, payload, run_at, attempts FROM jobs WHERE run_at";
/// More steps than a piece with two cases has.
const ENOUGH: usize = 90;

async fn matrix(effect: Effect) -> Vec<String> {
    let desk = Desk::new().await;
    let mut failed = Vec::new();
    for step in 1..ENOUGH {
        let due = desk.filed(2, plain).await;
        let mut anna = desk.head("anna.prova").await;
        let place = desk.confirmed(&mut anna, 2).await;
        desk.house.clock.advance(MINUTE * 15);
        desk.house.database.let_fail(Planned { unit: JOB, step, effect });
        let _told = desk.worker().do_due().await;
        let Some(what) = desk.house.database.failed_step() else { return failed };
        for _ in 0..3 {
            desk.later(MINUTE * 3).await; // a job that failed comes again after a minute, or two
        }
        for id in due {
            let kinds: Vec<_> = desk.case(id).await.acts.into_iter().map(|act| act.kind).collect();
            assert_eq!(kinds, [kind::SUBMITTED, kind::GRANTED], "{what}");
        }
        let page = anna.get(&place).await.text();
        assert!(page.contains("Accolte: 2. Rimaste fuori dopo la conferma: 0."), "{what}: {page}");
        failed.push(what);
    }
    panic!("a piece has no {ENOUGH} steps")
}

#[tokio::test]
async fn a_piece_of_which_a_step_was_not_done_comes_again() {
    let failed = matrix(Effect::None).await;
    for step in ["FROM mass_decisions", "INTO acts", "INTO cases", "UPDATE mass_items", "INTO jobs", "COMMIT"] {
        assert!(failed.iter().any(|what| what.contains(step)), "{step} is no step of {failed:#?}");
    }
}

#[tokio::test]
async fn a_piece_of_which_a_step_was_done_unheard_is_done_once() {
    let failed = matrix(Effect::Done).await;
    assert!(failed.len() > 20 && failed.last().is_some_and(|what| what == "the answer to COMMIT"), "{failed:#?}");
}
