//! Who comes too often is told how long to wait; nobody else notices.

use std::time::Duration;

use sportello::limits::{COSTLY, usual};
use web::{Limits, Pace};

use crate::{client::Page, routes::routes, world::World};

const SECOND: Duration = Duration::from_secs(1);
const HERE: &str = "198.51.100.7";

fn asked_to_wait(page: &Page) -> bool {
    page.status == 429
        && page.header("retry-after") == "1"
        && page.words().contains("Serve aspettare ancora 1 secondo.")
}

#[test]
fn an_address_that_comes_too_often_waits_and_others_do_not() {
    let world = World::behind_a_proxy(Limits { address: Pace::new(5, SECOND), ..usual() });
    let (here, there) = (world.visitor_from(HERE), world.visitor_from("203.0.113.7"));
    for _ in 0..5 {
        assert_eq!(here.get("/servizi").status, 200);
    }
    let refused = here.get("/servizi");
    assert!(asked_to_wait(&refused), "{} {}", refused.status, refused.words());
    assert_eq!(refused.header("cache-control"), "no-store");
    let invented = world.visitor_from(&format!("192.0.2.1, {HERE}"));
    assert!(asked_to_wait(&invented.get("/servizi")), "what stands before the proxy's word is anybody's");
    let files = refused.links().into_iter().filter(|link| link.starts_with("/static/"));
    assert!(files.map(|file| here.get(&file).status).all(|status| status == 200), "the page has its style");
    assert_eq!((here.get("/salute").status, there.get("/servizi").status), (200, 200));
    assert_eq!(world.visitor().get("/servizi").status, 200, "the machine itself");
    world.advance(SECOND);
    assert_eq!(here.get("/servizi").status, 200);
}

#[test]
fn a_person_who_comes_too_often_waits_and_what_was_sent_is_not_done() {
    let world = World::behind_a_proxy(Limits { person: Pace::new(12, SECOND), ..usual() });
    let (elena, paolo) = (world.visitor_from(HERE), world.visitor_from(HERE));
    elena.log_in("elena");
    paolo.log_in("paolo");
    world.advance(12 * SECOND);
    let form = elena.confirmation("assegno-unico");
    while elena.get("/profilo").status == 200 {}
    let refused = elena.post(&form);
    assert!(asked_to_wait(&refused), "{} {}", refused.status, refused.words());
    assert_eq!(world.book().len(), 0, "nothing was filed");
    assert_eq!(paolo.get("/profilo").status, 200, "at the same address");
    world.advance(2 * SECOND);
    assert!(elena.post(&form).place.ends_with("/ricevuta"), "the same form again");
}

#[test]
fn what_costs_much_is_asked_for_less_often() {
    let world = World::behind_a_proxy(usual());
    let here = world.visitor_from(HERE);
    let (route, burst, _) = COSTLY.into_iter().find(|(route, ..)| *route == "/cerca").expect("searching costs");
    let answers = (0..=burst).map(|_| here.get(&format!("{route}?q=assegno")).status).collect::<Vec<_>>();
    assert_eq!(answers.iter().filter(|status| **status == 200).count(), usize::try_from(burst).expect("few"));
    assert_eq!((answers.last(), here.get("/servizi").status), (Some(&429), 200));
    let known: Vec<String> = routes().into_iter().map(|route| route.path).collect();
    for (route, ..) in COSTLY {
        assert!(known.iter().any(|path| path == route), "{route} is no route");
    }
}

#[test]
fn every_way_in_has_a_pace_of_its_own() {
    // Pages with words and nothing else; and what stands at the port of cards, where no pace holds.
    let cheap = ["/accesso", "/accesso/cns/esito", "/accesso/cns/carta"];
    let ways = routes().into_iter().map(|route| route.path);
    let ways = ways.filter(|path| path.starts_with("/accesso") || path.starts_with("/.well-known/openid"));
    let ways: Vec<_> = ways.filter(|path| !cheap.contains(&path.as_str())).collect();
    assert!(ways.len() > 8, "{ways:?}");
    for path in ways {
        assert!(COSTLY.iter().any(|(route, ..)| *route == path), "{path}");
    }
}
