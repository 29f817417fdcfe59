//! What every kind of answer tells the browser where people come by https: pages, refusals, files, cookies. Whether every
//! page is protected, [`crate::crawl`] looks at.

use std::{
    collections::BTreeSet,
    io::{Read, Write},
    net::TcpStream,
};

use crate::{
    client::{Client, Form, Page},
    crawl::PROTECTION,
    uploads::attach,
    world::{PUBLIC_URL, World},
};

const YEAR: u64 = 31_536_000;

/// How long browsers and caches may keep it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kept {
    /// Nobody keeps what one person sees, or what went wrong.
    Never,
    /// For a time, by everybody.
    AWhile,
    Anyhow,
}

/// What is wrong with an answer.
fn faults(page: &Page, kept: Kept) -> Vec<String> {
    let shown = |name: &str| format!("{name}: {}", page.header(name));
    let mut faults: Vec<_> = PROTECTION
        .iter()
        .filter(|(name, value)| !page.header(name).contains(value))
        .map(|(name, _)| shown(name))
        .collect();
    let powers = page.header("permissions-policy");
    let cache = page.header("cache-control");
    let rules = [
        (lasts(page.header("strict-transport-security")), "strict-transport-security"),
        (["camera=()", "geolocation=()", "microphone=()"].iter().all(|off| powers.contains(off)), "permissions-policy"),
        (page.header("access-control-allow-origin").is_empty(), "access-control-allow-origin"),
        (page.header("server").is_empty() && page.header("x-powered-by").is_empty(), "server"),
        (is_strict(page), "content-security-policy"),
        (says_what_it_is(page), "content-type"),
        (kept != Kept::Never || cache == "no-store", "cache-control"),
        (kept != Kept::AWhile || cache.starts_with("public, max-age="), "cache-control"),
    ];
    faults.extend(rules.into_iter().filter(|(holds, _)| !holds).map(|(_, name)| shown(name)));
    faults
}

/// A year or more, for what lies below the host, too.
fn lasts(policy: &str) -> bool {
    let mut parts = policy.split(';').map(str::trim);
    let seconds = parts.next().and_then(|part| part.strip_prefix("max-age=")?.parse::<u64>().ok());
    seconds.is_some_and(|seconds| YEAR <= seconds) && parts.any(|part| part == "includeSubDomains")
}

/// Nothing but our own files, nothing inline, no frame around it; what is to be saved acts nowhere.
fn is_strict(page: &Page) -> bool {
    let policy = page.header("content-security-policy");
    let directives: Vec<_> = policy.split(';').map(str::trim).collect();
    let has = |one: &str| directives.contains(&one);
    let foreign = ["unsafe", "*", "http:", "https:", "blob:", "nonce-"].iter().any(|word| policy.contains(word));
    let saved = page.header("content-disposition").starts_with("attachment;");
    let closed = if saved { has("sandbox") } else { has("frame-ancestors 'none'") && has("base-uri 'none'") };
    has("default-src 'none'") && closed && !foreign
}

/// Texts say how they are written; what has no content needs no name.
fn says_what_it_is(page: &Page) -> bool {
    let kind = page.header("content-type");
    (page.body.is_empty() || !kind.is_empty()) && (!kind.starts_with("text/") || kind.contains("charset=utf-8"))
}

/// With the way from the proxy's name to this machine, where the program says the public one.
fn at_home(place: &str) -> &str {
    place.strip_prefix(PUBLIC_URL).unwrap_or(place)
}

fn sent(client: &Client, form: Form) -> Page {
    client.post_only(&Form { action: at_home(&form.action).to_owned(), ..form })
}

/// A sample person's login, step by step, with every answer on the way.
fn logged_in(world: &World, handle: &str) -> (Client, Vec<Page>) {
    let client = world.visitor();
    let door = client.get_only("/accesso").links().into_iter().find(|link| link.contains("/accesso/saml/avvia"));
    let started = client.get_only(&door.expect("the login page offers a provider"));
    let choice = client.get_only(at_home(started.header("location")));
    let answered = sent(&client, choice.form("/idp-dimostrativo/scelta").with("persona", handle));
    let delivered = sent(&client, answered.form("/accesso/saml/"));
    let entered = client.get_only(at_home(delivered.header("location")));
    assert_eq!((entered.status, entered.header("location")), (303, "/profilo"), "{}", entered.words());
    (client, vec![started, choice, answered, delivered, entered])
}

/// What is to be saved: an attachment, by the person and by an officer, a proof, a list of an office, the page to check
/// receipts.
fn to_be_saved(world: &World, silvia: &Client) -> Vec<Page> {
    let form = silvia.get("/servizi/istanza-generica/domanda").place;
    assert_eq!(attach(silvia, &form, "però; x=1.pdf", b"%PDF-1.7 una prova").status, 200);
    silvia.request("Ametista", "Ametista");
    let case = world.book()[0].case;
    assert_eq!(world.acts_of(case, 2).len(), 2, "the receipt is issued");
    let links = silvia.get(&format!("/pratiche/{case}")).links();
    let attachment = links.into_iter().find(|link| link.contains("/allegati/")).expect("a link to the attachment");
    let carla = world.officer("carla.neri");
    let list = carla.post_only(&carla.get("/ufficio/pratiche/esporta").form("/ufficio/pratiche/esporta"));
    vec![
        silvia.get_only(&attachment),
        silvia.get_only(&format!("/pratiche/{case}/prova/1")),
        carla.get_only(&format!("/ufficio{attachment}")),
        list,
        world.visitor().get_only("/verifica/pagina"),
    ]
}

#[test]
fn every_kind_of_answer_is_graded() {
    let world = World::behind_tls();
    let (visitor, (silvia, way_in)) = (world.visitor(), logged_in(&world, "silvia"));
    let (anna, gaia) = (world.officer("anna.ferri"), world.officer("gaia.longo"));
    let style = visitor.get("/").links().into_iter().find(|link| link.ends_with(".css")).expect("a style sheet");
    let mut wrong = Vec::new();
    let mut grade = |who: &str, page: &Page, status: u16, kept: Kept| {
        let other = (page.status != status).then(|| format!("status {}", page.status));
        let told = other.into_iter().chain(faults(page, kept)).map(|fault| format!("{who}: {}: {fault}", page.place));
        wrong.extend(told);
    };
    for (place, status, kept) in [
        ("/", 200, Kept::Anyhow),
        ("/servizi", 200, Kept::Anyhow),
        ("/accesso", 200, Kept::Anyhow),
        ("/accesso/saml/metadata", 200, Kept::Anyhow),
        ("/ufficio/accesso", 200, Kept::Anyhow),
        ("/registro/checkpoint", 200, Kept::Anyhow),
        ("/verifica/controllo.js", 200, Kept::AWhile),
        ("/salute", 200, Kept::Never),
        ("/salute/pronto", 200, Kept::Never),
        (style.as_str(), 200, Kept::AWhile),
        ("/static/0/non-esiste", 404, Kept::Never),
        ("/non-esiste", 404, Kept::Never),
        ("/pratiche", 303, Kept::Never),
        ("/ufficio/pratiche", 303, Kept::Never),
        ("/accesso/fine?codice=0", 400, Kept::Never),
    ] {
        grade("nobody", &visitor.get_only(place), status, kept);
    }
    grade("nobody", &visitor.post_zeros("/accesso/saml/acs", 1 << 20, true), 413, Kept::Never);
    for (place, status) in [("/", 200), ("/profilo", 200), ("/pratiche", 200), ("/pratiche/0", 404), ("/ufficio", 303)]
    {
        grade("a citizen", &silvia.get_only(place), status, Kept::Never);
    }
    for (client, place, status) in
        [(&anna, "/ufficio/pratiche", 200), (&anna, "/ufficio/pratiche/0", 404), (&gaia, "/ufficio/carichi", 403)]
    {
        grade("an officer", &client.get_only(place), status, Kept::Never);
    }
    let foreign = Form { action: "/esci".to_owned(), fields: Vec::new() };
    grade("another site", &silvia.post_from("https://altrove.example", &foreign), 403, Kept::Never);
    for step in &way_in {
        grade("who comes in", step, step.status, Kept::Never);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_is_saved_cannot_act_in_the_name_of_the_site() {
    let world = World::behind_tls();
    let (silvia, _) = logged_in(&world, "silvia");
    let mut wrong = Vec::new();
    for file in to_be_saved(&world, &silvia) {
        let disposition = file.header("content-disposition");
        let whole = disposition.starts_with("attachment; filename=\"") && disposition.matches('"').count() == 2;
        if file.status != 200
            || !whole
            || file.header("content-security-policy") != "default-src 'none'; frame-ancestors 'none'; sandbox"
        {
            wrong.push(format!("{}: {} {disposition}", file.place, file.status));
        }
        let kept = if file.place.starts_with("/verifica/") { Kept::Anyhow } else { Kept::Never };
        wrong.extend(faults(&file, kept).into_iter().map(|fault| format!("{}: {fault}", file.place)));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_cookie_is_bound_to_the_host_and_out_of_reach() {
    let world = World::behind_tls();
    let (silvia, mut answers) = logged_in(&world, "silvia");
    answers.push(silvia.get_only("/profilo?lingua=it"));
    answers.push(silvia.post_only(&silvia.get("/profilo").form("/profilo")));
    answers.push(silvia.post_only(&silvia.get("/esci").form("/esci")));
    let mut seen = BTreeSet::new();
    for value in answers.iter().flat_map(|page| page.headers.get_all("set-cookie")) {
        let cookie = value.to_str().expect("a cookie is text");
        let mut parts = cookie.split("; ");
        let name = parts.next().and_then(|pair| pair.split_once('=')).map_or("", |(name, _)| name);
        let attributes: BTreeSet<_> = parts.collect();
        seen.insert(name.to_owned());
        assert!(name.starts_with("__Host-sportello"), "{cookie}");
        assert!(["Path=/", "HttpOnly", "Secure"].iter().all(|one| attributes.contains(one)), "{cookie}");
        assert!(!cookie.to_lowercase().contains("domain="), "{cookie}");
        // Providers answer by a form of their own site, which brings no other cookie.
        let login = name == "__Host-sportello-accesso" && attributes.contains("Max-Age=600");
        assert!(attributes.contains(if login { "SameSite=None" } else { "SameSite=Lax" }), "{cookie}");
    }
    let kinds = ["", "-accesso", "-lingua", "-avviso", "-riporto"].map(|kind| format!("__Host-sportello{kind}"));
    assert_eq!(seen, BTreeSet::from(kinds));
}

/// What the program answers to these very bytes.
fn raw(world: &World, request: &str) -> String {
    let host = world.url.trim_start_matches("http://");
    let mut stream = TcpStream::connect(host).expect("the program listens");
    stream.write_all(request.as_bytes()).expect("it reads");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).expect("it answers");
    String::from_utf8_lossy(&answer).into_owned()
}

#[test]
fn a_method_that_no_page_has_is_refused() {
    let world = World::new();
    for method in ["TRACE", "PUT", "DELETE", "PATCH", "PROPFIND"] {
        let head = format!("{method} / HTTP/1.1\r\nHost: localhost\r\nX-Word: Ametista\r\nConnection: close\r\n\r\n");
        let answer = raw(&world, &head);
        assert!(answer.starts_with("HTTP/1.1 405"), "{method}: {answer}");
        assert!(!answer.contains("Ametista"), "{method} tells what was sent");
    }
}
