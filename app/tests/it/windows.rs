//! A service with a window: when it opens and closes, and in which order applications are then examined.

use std::time::Duration;

use crate::{client::Form, world::World};

const PLACE: &str = "/servizi/contributo-affitto";
/// From the day of the tests to five minutes after the opening: 1 December 2026, 9:05 in Italy.
const TO_THE_OPENING: Duration = Duration::from_secs((9 * 24 + 22) * 3_600 + 5 * 60);
/// From there to an hour after the closing: 15 December 2026, 13:00.
const TO_AFTER_THE_CLOSING: Duration = Duration::from_secs((14 * 24 + 3) * 3_600 + 55 * 60);

/// Fills in what nobody knows.
fn prepare(world: &World, handle: &str) {
    let person = world.person(handle);
    let page = person.get(&format!("{PLACE}/domanda"));
    let summary = person.post(&page.form("/domanda/affitto").with("canone", "6000"));
    assert!(summary.place.ends_with("/riepilogo"), "{} {}", summary.place, summary.words());
}

#[test]
fn before_the_window_one_prepares_in_it_one_confirms_and_after_it_nothing_is_lost() {
    let world = World::new();
    let page = world.visitor().get(PLACE);
    for words in [
        "dal 1º dicembre 2026, ore 09:00 al 15 dicembre 2026, ore 12:00",
        "L’ordine di arrivo non conta",
        "«ISEE, in euro»",
        "art. 4 del bando",
        "Prepara la domanda",
    ] {
        assert!(page.words().contains(words), "{words}: {}", page.words());
    }

    prepare(&world, "chiara");
    prepare(&world, "elena");
    let chiara = world.person("chiara");
    let summary = chiara.get(&format!("{PLACE}/domanda/riepilogo"));
    assert!(summary.words().contains("Potrai confermare dal 1º dicembre 2026, ore 09:00"), "{}", summary.words());
    assert!(!summary.body.contains("/domanda/invia"), "there is nothing to press");
    let forced = Form { action: format!("{PLACE}/domanda/invia"), fields: vec![("sp.chiave".into(), "k".into())] };
    let refused = chiara.post(&forced);
    assert!(
        refused.place.ends_with("/riepilogo") && refused.words().contains("Potrai confermare"),
        "{}",
        refused.words()
    );
    assert!(world.book().is_empty(), "nothing was filed");

    world.advance(TO_THE_OPENING);
    let chiara = world.person("chiara");
    let receipt = chiara.apply("contributo-affitto");
    assert!(receipt.words().contains("L’ordine di arrivo non conta"), "{}", receipt.words());

    world.advance(TO_AFTER_THE_CLOSING);
    let elena = world.person("elena");
    let late = elena.get(&format!("{PLACE}/domanda/riepilogo"));
    assert!(late.words().contains("Si poteva confermare fino al 15 dicembre 2026, ore 12:00"), "{}", late.words());
    assert!(late.words().contains("Adesso non si può confermare") && !late.words().contains("ricevi subito"));
    assert!(late.words().contains("6.000"), "what she prepared is there: {}", late.words());
    assert!(elena.post(&forced).place.ends_with("/riepilogo"));
    let page = world.visitor().get(PLACE);
    assert!(page.words().contains("Ora la finestra è chiusa"), "{}", page.words());
    assert!(!page.body.contains(&format!("{PLACE}/domanda\"")));
}

#[test]
fn after_closing_the_office_sees_applications_by_need_and_not_by_arrival() {
    let world = World::new();
    world.advance(TO_THE_OPENING);
    // The richest is the fastest, and one says nothing of an ISEE.
    let people = ["silvia", "nadia", "chiara", "sofia"];
    for handle in people {
        prepare(&world, handle);
        world.person(handle).apply("contributo-affitto");
        world.advance(Duration::from_secs(60));
    }
    let list = "/ufficio/pratiche?servizio=contributo-affitto";
    let before = world.officer("carla.neri").get(list).words();
    assert!(before.contains("si mettono in ordine dopo la chiusura, il 15 dicembre 2026"), "{before}");

    world.advance(TO_AFTER_THE_CLOSING);
    let after = world.officer("carla.neri").get(list).words();
    assert!(after.contains("prima chi ha il valore più basso di «ISEE, in euro»"), "{after}");
    // By their names: letters take numbers of the same register.
    let (_, rows) = after.split_once("In carico a").expect("a list");
    let order = ["Sofia", "Chiara", "Silvia", "Nadia"].map(|name| rows.find(name).expect("each is there"));
    assert!(order.is_sorted(), "{order:?}: {after}");
}
