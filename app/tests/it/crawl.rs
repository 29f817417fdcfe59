//! Every page that links lead to: none is missing, none fails, all are protected, nothing personal is kept by caches.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::{
    client::{Client, Page, inside},
    world::World,
};

/// What every answer says.
pub const PROTECTION: [(&str, &str); 6] = [
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("vary", "accept-language, cookie"),
];
/// More would be a maze of links.
const MOST: usize = 600;

/// What is wrong with an answer.
fn faults(page: &Page, private: bool) -> Vec<String> {
    let mut faults: Vec<_> = PROTECTION
        .iter()
        .filter(|(name, value)| !page.header(name).contains(value))
        .map(|(name, _)| format!("{name}: {}", page.header(name)))
        .collect();
    let policy = page.header("content-security-policy");
    if !policy.contains("default-src 'none'") || policy.contains("unsafe") {
        faults.push(format!("content-security-policy: {policy}"));
    }
    if private && !page.place.starts_with("/static/") && page.header("cache-control") != "no-store" {
        faults.push(format!("cache-control: {}", page.header("cache-control")));
    }
    if page.status != 200 {
        faults.push(format!("status {}", page.status));
    }
    faults
}

/// Follows every link from these pages on; gives the places that were seen, without query.
fn walk(base: &str, client: &Client, from: &[String], private: bool) -> BTreeSet<String> {
    let mut waiting: VecDeque<(String, String)> =
        from.iter().map(|place| (place.clone(), "the start".to_owned())).collect();
    let mut seen: BTreeSet<String> = from.iter().cloned().collect();
    let (mut wrong, mut ids, mut anchors) = (Vec::new(), BTreeMap::new(), Vec::new());
    while let Some((place, linked_by)) = waiting.pop_front() {
        let page = client.get(&place);
        wrong.extend(
            faults(&page, private).into_iter().map(|fault| format!("{place} (linked by {linked_by}): {fault}")),
        );
        if !page.header("content-type").starts_with("text/html") {
            continue;
        }
        for link in page.links() {
            let Some((next, anchor)) = inside(base, &page.place, &link) else { continue };
            anchors.extend(anchor.map(|id| (next.clone(), id, place.clone())));
            // Languages: one page of each is enough, and they would be remembered.
            if !next.contains("lingua=") && seen.insert(next.clone()) {
                waiting.push_back((next, place.clone()));
            }
        }
        assert!(seen.len() < MOST, "links without end: {:?}", seen.iter().rev().take(20).collect::<Vec<_>>());
        ids.insert(place, page);
    }
    for (place, id, by) in anchors {
        if ids.get(&place).is_some_and(|page| !page.has_id(&id)) {
            wrong.push(format!("{place} has no place called {id} (linked by {by})"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    seen.into_iter().map(|place| place.split('?').next().unwrap_or_default().to_owned()).collect()
}

fn has_seen(seen: &BTreeSet<String>, wanted: &[String]) {
    let missing: Vec<_> = wanted.iter().filter(|place| !seen.contains(*place)).collect();
    assert!(missing.is_empty(), "no link leads to {missing:?}; seen: {seen:#?}");
}

#[test]
fn nobody_finds_a_dead_end_on_the_public_pages() {
    let world = World::new();
    let seen = walk(&world.url, &world.visitor(), &["/".to_owned()], false);
    let public = [
        "/servizi",
        "/servizi/assegno-inclusione",
        "/servizi/assegno-unico",
        "/servizi/invalidita-civile",
        "/servizi/istanza-generica",
        "/servizi/naspi",
        "/servizi/bonus-nido",
        "/servizi/congedo-parentale",
        "/eventi-della-vita/difficolta",
        "/accessibilita",
        "/privacy",
        "/note-legali",
        "/verifica",
    ];
    has_seen(&seen, &public.map(str::to_owned));
}

#[test]
fn who_is_logged_in_finds_no_dead_end_and_leaves_nothing_in_caches() {
    let world = World::new();
    let chiara = world.person("chiara");
    chiara.apply("assegno-unico");
    let case = world.book()[0].case;
    world.acts_of(case, 2);
    let seen = walk(&world.url, &chiara, &["/".to_owned()], true);
    let own =
        ["", "/ricevuta", "/ritiro", "/prova/1", "/comunicazioni/2.pdf"].map(|rest| format!("/pratiche/{case}{rest}"));
    has_seen(&seen, &own);
    has_seen(&seen, &["/pratiche", "/profilo", "/profilo/dati", "/profilo/letture"].map(str::to_owned));
}

#[test]
fn an_officer_finds_no_dead_end_and_leaves_nothing_in_caches() {
    let world = World::new();
    for handle in ["chiara", "luca"] {
        world.person(handle).apply("assegno-unico");
    }
    let book = world.book();
    let cases: Vec<_> = book.iter().filter(|act| act.kind == "submitted").map(|act| act.case).collect();
    let anna = world.officer("anna.ferri");
    for case in &cases {
        world.acts_of(*case, 2);
        let desk = anna.get(&format!("/ufficio/pratiche/{case}"));
        assert_eq!(anna.post(&desk.form("/prendi")).status, 200);
    }
    let seen = walk(&world.url, &anna, &["/ufficio".to_owned()], true);
    let desk = cases.iter().flat_map(|case| {
        ["", "/accogli", "/rigetta", "/integrazione"].map(|rest| format!("/ufficio/pratiche/{case}{rest}"))
    });
    has_seen(&seen, &desk.collect::<Vec<_>>());
}
