//! Parents, and whom a court appointed.

use super::{DAY, identity, submitted};
use crate::world::World;

#[test]
fn a_parent_acts_for_a_minor_child_and_for_nobody_elses() {
    let world = World::new();
    let (chiara, elena) = (world.person("chiara"), world.person("elena"));
    let own = chiara.get("/deleghe");
    assert!(own.words().contains("Anna Dimostrativi come genitore, fino al"), "{}", own.words());
    let power = own.form("/deleghe/rappresentanza");
    let page = chiara.post(&power);
    assert!(page.place == "/pratiche" && page.body.contains("Stai agendo per"), "{}", page.words());
    let receipt = chiara.request("Per mia figlia", "Chiedo una copia.");
    assert!(receipt.words().contains("per conto di Anna Dimostrativi, come genitore"), "{}", receipt.words());
    let body = submitted(&world).remove(0).body.expect("what it says");
    assert_eq!(body.actor.authority.expect("the title").kind, "parent");
    assert_eq!(body.actor.subject, identity(&chiara).0);
    // Of age nobody is represented by parents; and the children of others are others'.
    let elenas = elena.get("/deleghe").words();
    assert!(elenas.contains("Leo Modello come genitore") && !elenas.contains("Marta Modello"), "{elenas}");
    for form in [power.clone(), power.with("potere", "decreto.attilio")] {
        assert_eq!(elena.post(&form.made_up()).status, 404);
    }
    assert!(!elena.get("/pratiche").body.contains("Stai agendo"));
}

#[test]
fn whom_a_court_appointed_acts_until_the_decree_ends_and_the_person_sees_it() {
    let world = World::new();
    let (attilio, nadia) = (world.person("attilio"), world.person("nadia"));
    let told = "come amministratore di sostegno (decreto n. 412 V.G.), fino al";
    assert!(attilio.get("/deleghe").words().contains(told), "{}", attilio.get("/deleghe").words());
    let page = nadia.get("/deleghe");
    assert!(page.words().contains("Attilio Sostegni") && page.words().contains(told), "{}", page.words());
    nadia.post(&page.form("/deleghe/rappresentanza"));
    nadia.request("Per Attilio", "Chiedo una copia.");
    let case = submitted(&world)[0].case;
    let seen = attilio.get(&format!("/pratiche/{case}"));
    assert!(
        seen.words().contains("per conto di Attilio Sostegni, come amministratore di sostegno"),
        "{}",
        seen.words()
    );
    assert!(attilio.get("/profilo/letture").words().contains("amministratore di sostegno"));
    world.acts_of(case, 2);
    let letter = seen.links().into_iter().find(|link| link.contains("/comunicazioni/"));
    let letter = letter.unwrap_or_else(|| format!("/pratiche/{case}/comunicazioni/1"));
    assert!(attilio.get(&letter).words().contains("decreto n. 412 V.G."), "{}", attilio.get(&letter).words());
    // Two years on it has ended.
    world.advance(2 * 366 * DAY);
    let nadia = world.person("nadia");
    assert!(!nadia.get("/deleghe").words().contains("Attilio"));
    assert_eq!(nadia.post(&page.form("/deleghe/rappresentanza")).status, 404);
    assert_eq!(nadia.get(&format!("/pratiche/{case}")).status, 404);
}
