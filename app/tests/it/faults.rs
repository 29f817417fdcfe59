//! Every step of a submission fails once, in both ways: the database never heard of it, or did it and the answer was
//! lost. The sender is told that it did not go through; nothing of it is half there; sent again, it is one application.

use database::testing::{Effect, Planned};

use crate::{
    client::{Client, Form, Page},
    world::World,
};

/// Words of the first statement of the unit of work that files applications.
const FILING: &str = "FROM submissions WHERE applicant IN";
/// More steps than a submission has.
const ENOUGH: usize = 60;

/// The confirmation of an application that anybody may make as often as they like.
fn confirmation(luca: &Client) -> Form {
    let place = "/servizi/istanza-generica/domanda";
    let page = luca.get(place);
    let form = page.form("/domanda/").with("oggetto", "Copia di un documento").with("testo", "Chiedo una copia.");
    let page = luca.post(&form);
    let page = luca.post(&page.form("/domanda/").with("dichiara_veridicita", "si"));
    page.form("/domanda/invia")
}

/// What the book, the cases and the register hold, each counted; and whether numbers have holes.
fn counted(world: &World) -> (usize, i64, i64, i64) {
    let filed = world.book().iter().filter(|act| act.kind == "submitted").count();
    let count = |sql: &'static str| {
        let counted = world.block_on(async { world.database().read().await?.number(sql, &[]).await });
        counted.expect("it can be counted")
    };
    let entries = count("SELECT count(*) AS n FROM protocol_entries");
    assert_eq!(entries, count("SELECT max(number) AS n FROM protocol_entries"), "the register has no holes");
    (filed, count("SELECT count(*) AS n FROM cases"), count("SELECT count(*) AS n FROM submissions"), entries)
}

fn is_receipt(page: &Page) -> bool {
    page.status == 200 && page.place.ends_with("/ricevuta")
}

/// Lets step after step fail until a submission has no such step; gives what failed.
fn matrix(effect: Effect) -> Vec<String> {
    let world = World::new();
    let luca = world.person("luca");
    let mut failed = Vec::new();
    for step in 1..ENOUGH {
        let form = confirmation(&luca);
        await_rest(&world);
        let before = counted(&world);
        world.database().let_fail(Planned { unit: FILING, step, effect });
        let first = luca.post(&form);
        let Some(what) = world.database().failed_step() else {
            assert!(is_receipt(&first), "step {step}: {}", first.words());
            return failed;
        };
        assert_eq!(first.status, 503, "{what}: {}", first.words());
        assert!(first.words().contains("C’è molto traffico"), "{what}: {}", first.words());
        let written = usize::from(effect == Effect::Done && what.contains("COMMIT"));
        assert_eq!(counted(&world).0 - before.0, written, "{what}");
        let receipt = luca.post(&form);
        assert!(is_receipt(&receipt), "{what}: {}", receipt.words());
        assert_eq!(luca.post(&form).place, receipt.place, "{what}: a third time, the same");
        let after = counted(&world);
        assert_eq!((after.0 - before.0, after.1 - before.1, after.2 - before.2), (1, 1, 1), "{what}");
        failed.push(what);
    }
    panic!("a submission has no {ENOUGH} steps")
}

/// Until every letter is issued: nothing else writes then.
fn await_rest(world: &World) {
    let filed = world.book().into_iter().filter(|act| act.kind == "submitted").collect::<Vec<_>>();
    for act in filed {
        assert_eq!(world.acts_of(act.case, 2).len(), 2, "one letter each");
    }
}

#[test]
fn a_submission_of_which_a_step_was_not_done_leaves_nothing_and_can_be_sent_again() {
    let failed = matrix(Effect::None);
    for step in ["protocol_registers", "INTO acts", "INTO act_contents", "INTO cases", "protocol_entries", "COMMIT"] {
        assert!(failed.iter().any(|what| what.contains(step)), "{step} is no step of {failed:#?}");
    }
    assert_eq!(failed.last().map(String::as_str), Some("COMMIT"), "{failed:#?}");
}

#[test]
fn a_submission_of_which_a_step_was_done_unheard_is_one_application_when_it_is_sent_again() {
    let failed = matrix(Effect::Done);
    assert!(failed.len() > 8 && failed.last().is_some_and(|what| what == "the answer to COMMIT"), "{failed:#?}");
}
