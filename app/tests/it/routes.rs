//! Every route of the program, as those who may not come in: read from the sources, so that a new one is tried, too.

use std::{collections::BTreeMap, fs, path::Path};

use base::Uuid;

use crate::{
    client::{Client, Form, Page},
    mandates,
    uploads::attach,
    world::{World, root},
};

/// Where anybody may come: nothing there is about a person. Whatever is not named here is behind a login.
const PUBLIC: [&str; 54] = [
    "/",
    "/.well-known/openid-federation",
    "/accessibilita",
    "/accesso",
    "/accesso/fine",
    "/accesso/cie/metadata",
    "/accesso/cns/avvia",
    "/accesso/cns/esito",
    "/accesso/oidc/avvia",
    "/accesso/oidc/risolvi",
    "/accesso/oidc/ritorno",
    "/accesso/saml/acs",
    identity::CROSS_SITE_PATHS[1],
    "/accesso/saml/avvia",
    "/accesso/saml/metadata",
    "/bozza", // who has no code finds nothing behind these
    "/servizi/{service}/bozza",
    "/servizi/{service}/bozza/inizia",
    "/servizi/{service}/bozza/pagina/{page}",
    "/servizi/{service}/bozza/chiudi",
    "/servizi/{service}/bozza/elimina",
    "/cerca",
    "/esci",
    "/esci/fatto",
    "/eventi-della-vita/{id}",
    "/favicon.ico",
    "/note-legali",
    "/potere-sostitutivo",
    "/privacy",
    "/registro/checkpoint",
    "/registro/chiave",
    "/registro/tile/{*path}",
    "/salute",
    "/salute/pronto",
    "/servizi",
    "/servizi/{slug}",
    "/servizi/{slug}/informativa",
    "/servizi/{slug}/informativa/{version}",
    "/servizi/{slug}/novita",
    "/static/{digest}/{*name}",
    "/ufficio/accesso",
    "/ufficio/accesso/ente/avvia", // where a provider is declared; the answer of another machine opens nothing by itself
    "/ufficio/accesso/ente/chiavi.json",
    "/ufficio/accesso/ente/fuori",
    "/ufficio/accesso/ente/ritorno",
    "/ufficio/accesso/passkey.js",
    "/ufficio/accesso/passkey/inizia",
    "/verifica",
    "/verifica/controllo.css",
    "/verifica/controllo.js",
    "/verifica/documento/{document}",
    "/verifica/pagina",
    "/verifica/{position}/{digest}",
    catalogue::SCREENER,
];
/// Only in a demonstration.
const DEMONSTRATION: [&str; 2] = ["/idp-dimostrativo", "/stile"];
/// At an address of its own, for operators; at a port of its own, for cards.
const OPERATORS: [&str; 2] = ["/metrics", "/accesso/cns/carta"];
/// What every official sees: the own ways in, the own powers, what is offered.
const FOR_ALL_OFFICIALS: [&str; 4] = ["/ufficio/accesso", "/ufficio/sicurezza", "/ufficio/compiti", "/ufficio/servizi"];
/// Pages of the desk that an officer who only handles cases does not see.
const FOR_ROLES: [&str; 11] = [
    "/ufficio/aiuto",
    "/ufficio/carichi",
    "/ufficio/consensi",
    "/ufficio/decisioni-collettive",
    "/ufficio/emergenza",
    "/ufficio/personale",
    "/ufficio/scarto",
    "/ufficio/ritardi",
    "/ufficio/simulazioni",
    "/ufficio/sportello",
    "/ufficio/pratiche/{case}/assegna",
];

/// Where a session ends: whoever goes there acts for nobody any more.
const LEAVING: [&str; 2] = ["/esci/fatto", "/accesso/fine"];

/// The fiscal code of the sample person who is asked to sign.
const PAOLO: &str = "PRVPLA85A30F205X";

/// Addresses that sources write by names of other sources.
const NAMED: [(&str, &str); 9] = [
    ("SHOW", "/accesso/cns/carta"),
    ("CALLBACK", "/ufficio/accesso/ente/ritorno"),
    ("LEFT", identity::CROSS_SITE_PATHS[2]),
    ("KEYS", "/ufficio/accesso/ente/chiavi.json"),
    ("CONSUMER", identity::CROSS_SITE_PATHS[0]),
    ("LOGOUT", identity::CROSS_SITE_PATHS[1]),
    ("Kind::Spid.metadata_path()", "/accesso/saml/metadata"),
    ("Kind::Cie.metadata_path()", "/accesso/cie/metadata"),
    ("screener::PATH", catalogue::SCREENER),
];

pub struct Route {
    pub path: String,
    get: bool,
    post: bool,
}

/// All that the sources of the program route.
pub fn routes() -> Vec<Route> {
    let mut found = Vec::new();
    for folder in ["capabilities", "platform", "app"] {
        read(&root().join(folder), &mut found);
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(80 < found.len(), "{} routes are too few to be all", found.len());
    found
}

fn read(folder: &Path, found: &mut Vec<Route>) {
    for entry in fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
        let name = entry.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
        if entry.is_dir() && !["tests", "node_modules", "ui", "testing"].contains(&name.as_str()) {
            read(&entry, found);
        } else if name.ends_with(".rs") {
            let text = fs::read_to_string(&entry).expect("a source");
            // What stands behind is tests.
            let text = text.split("#[cfg(test)]").next().unwrap_or_default();
            found.extend(text.split(".route(").skip(1).map(|behind| route(text, behind)));
        }
    }
}

/// What stands between the brackets of `.route(…)` in a source.
fn route(source: &str, behind: &str) -> Route {
    let mut depth = 1;
    let end = behind.char_indices().find(|(_, letter)| {
        depth += i32::from(*letter == '(') - i32::from(*letter == ')');
        depth == 0
    });
    let within = &behind[..end.expect("a closing bracket").0];
    let (path, handlers) = within.split_once(',').expect("an address and what answers there");
    let has = |method: &str| handlers.contains(&format!("{method}("));
    Route { path: address(source, path.trim()), get: has("get"), post: has("post") }
}

/// An address as it is written in a source: a text, or the name of one.
fn address(source: &str, written: &str) -> String {
    let constant = source.split_once(&format!("const {written}: &str = \"")).map(|(_, behind)| behind);
    let text = written.strip_prefix('"').or(constant).and_then(|text| text.split('"').next());
    let named = NAMED.iter().find(|(name, _)| *name == written).map(|(_, path)| *path);
    text.or(named).unwrap_or_else(|| panic!("{written} is no address that this test knows")).to_owned()
}

fn is_about(path: &str, places: &[&str]) -> bool {
    places.iter().any(|place| path.starts_with(place))
}

/// A case of Silvia's at Carla's office, with all that addresses can name.
struct Concerned {
    case: Uuid,
    /// What stands in the place of `{…}`.
    values: BTreeMap<&'static str, String>,
    secrets: Vec<String>,
    /// Who acted for Silvia with a mandate over everything, which she took back while they were acting.
    ended: Client,
}

impl Concerned {
    fn filed(world: &World) -> Self {
        let silvia = world.person("silvia");
        let page = silvia.get("/servizi/istanza-generica/domanda").place;
        let sent = attach(&silvia, &page, "documento.pdf", b"%PDF-1.7 una prova");
        assert_eq!(sent.status, 200, "{}", sent.words());
        silvia.request("Ametista-Quarzo", "Ametista-Quarzo");
        let case = world.book()[0].case;
        let filed = world.acts_of(case, 2).remove(0);
        let text = |name: &str| filed.field("applicant")[name].as_str().expect("an applicant").to_owned();
        let (carla, place) = (world.officer("carla.neri"), format!("/ufficio/pratiche/{case}"));
        carla.post(&carla.get(&place).form("/prendi"));
        let question = carla.get(&format!("{place}/parere")).form("/parere");
        carla.post(&question.with("esterno", "Un ente esterno").with("quesito", "È tutto?"));
        let (ended, mandate) = taken_back(world, &silvia);
        let asked = world.book().into_iter().rfind(|act| act.kind == "opinion-requested").expect("the question");
        let link = |part: &str| {
            let links = silvia.get(&format!("/pratiche/{case}")).links();
            let link = links.into_iter().find(|link| link.contains(part)).expect(part);
            link.rsplit('/').next().unwrap_or_default().to_owned()
        };
        let values = BTreeMap::from([
            ("signing", to_be_signed(world, &silvia)),
            ("case", case.to_string()),
            ("upload", link("/allegati/")),
            ("letter", link("/comunicazioni/")),
            ("seq", "1".to_owned()),
            ("mandate", mandate),
            ("company", "00000069005".to_owned()),
            ("office", "patronato-esempi-roma".to_owned()),
            ("act", asked.seq.to_string()),
            ("service", "istanza-generica".to_owned()),
            ("consent", "iniziative".to_owned()),
            ("slug", "istanza-generica".to_owned()),
            ("page", page.rsplit('/').next().unwrap_or_default().to_owned()),
            ("year", "2026".to_owned()),
            ("number", filed.field("protocol")["number"].to_string()),
        ]);
        Self { case, values, secrets: vec![text("name"), text("fiscal_code"), "Ametista".to_owned()], ended }
    }

    fn place(&self, route: &Route) -> Option<String> {
        filled(route, &self.values)
    }
}

/// An application of hers that waits for Paolo's signature.
fn to_be_signed(world: &World, silvia: &Client) -> String {
    let mut page = silvia.get("/servizi/trasferimento-scuola/domanda");
    while !page.has_form("/domanda/invia") {
        let form = page.form("/domanda/").with("figlio", "Ametista Prova").with("figlio_nato_il", "01/12/2015");
        let form = form.with("altro_genitore", PAOLO).with("scuola_da", "Prima").with("scuola_a", "Seconda");
        page = silvia.post(&form.with("dal", "07/01/2027"));
        assert_eq!(page.status, 200, "{}", page.words());
    }
    silvia.post(&page.form("/domanda/invia"));
    let links = world.person("paolo").get("/firme").links();
    let link = links.into_iter().find_map(|link| link.strip_prefix("/firme/").map(str::to_owned));
    link.expect("he is asked to sign")
}

/// The address; `None` where there is nothing of the kind.
fn filled(route: &Route, values: &BTreeMap<&str, String>) -> Option<String> {
    let mut place = route.path.clone();
    while let Some((before, rest)) = place.clone().split_once('{') {
        let (name, after) = rest.split_once('}')?;
        place = format!("{before}{}{after}", values.get(name)?);
    }
    Some(place)
}

/// Elena, who was acting for Silvia when Silvia took the mandate back; and the mandate.
fn taken_back(world: &World, silvia: &Client) -> (Client, String) {
    let elena = world.person("elena");
    let place = mandates::give(silvia, &elena, &["tutti"], mandates::ALL);
    mandates::act_for(&elena, &place);
    assert!(mandates::press(silvia, &place, "revoca").words().contains("revocata"));
    (elena, place.trim_start_matches("/deleghe/").to_owned())
}

/// Whether somebody was sent away: to a login, to the page above, or nowhere.
fn is_refusal(page: &Page, place: &str) -> bool {
    let leads = page.header("location");
    let over = page.status == 409 && page.title() == "Non puoi più agire per questa persona";
    let away = leads.starts_with("/accesso") || leads.starts_with("/ufficio/accesso") || place.starts_with(leads);
    over || matches!(page.status, 403 | 404) || (page.status == 303 && !leads.is_empty() && away)
}

/// Tries a route as somebody who has no business there, and tells what is wrong with the answers.
fn tried(client: &Client, who: &str, concerned: &Concerned, route: &Route) -> Vec<String> {
    // Where this case has nothing of the kind, one that nobody has.
    let place = concerned.place(route).unwrap_or_else(|| route.path.replace(['{', '}'], ""));
    let mut answers = Vec::new();
    if route.get {
        answers.push(("GET", client.get_only(&place)));
    }
    if route.post {
        answers.push(("POST", client.post_only(&Form { action: place.clone(), fields: Vec::new() })));
    }
    let mut wrong = Vec::new();
    for (method, page) in answers {
        if !is_refusal(&page, &place) {
            wrong.push(format!("{who}: {method} {} gives {} {}", route.path, page.status, page.title()));
        }
        wrong.extend(revealed(&page, concerned).map(|secret| format!("{who}: {method} {} says {secret}", route.path)));
    }
    wrong
}

/// What somebody learns or does whose mandate ended while they were acting: of a case nothing, and nothing is taken for a
/// service; elsewhere they are themselves. Who gave them the mandate they know.
fn by_ended_mandate(concerned: &Concerned, route: &Route) -> Vec<String> {
    let (ended, who) = (&concerned.ended, "whose mandate ended");
    let mut wrong = if ["{case}", "{service}"].iter().any(|part| route.path.contains(part)) {
        tried(ended, who, concerned, route)
    } else if route.get && !LEAVING.contains(&route.path.as_str()) {
        let page = ended.get_only(&concerned.place(route).unwrap_or_else(|| route.path.replace(['{', '}'], "")));
        revealed(&page, concerned).map(|secret| format!("{who}: GET {} says {secret}", route.path)).collect()
    } else {
        Vec::new()
    };
    wrong.retain(|one| !one.ends_with(&concerned.secrets[0]));
    wrong
}

fn revealed<'a>(page: &'a Page, concerned: &'a Concerned) -> impl Iterator<Item = &'a String> {
    concerned.secrets.iter().filter(|secret| page.body.contains(*secret))
}

#[test]
fn who_has_no_business_behind_a_door_is_sent_away_and_learns_nothing() {
    let world = World::new();
    let concerned = Concerned::filed(&world);
    let (before, mut wrong) = (world.book().len(), Vec::new());
    let (nobody, luca, anna) = (world.visitor(), world.person("luca"), world.officer("anna.ferri"));
    let elsewhere = [&PUBLIC[..], &OPERATORS].concat();
    for route in routes() {
        if elsewhere.contains(&route.path.as_str()) || is_about(&route.path, &DEMONSTRATION) {
            continue;
        }
        wrong.extend(tried(&nobody, "nobody", &concerned, &route));
        let (desk, named) = (route.path.starts_with("/ufficio"), concerned.place(&route));
        if desk {
            wrong.extend(tried(&luca, "a citizen", &concerned, &route));
        } else {
            wrong.extend(tried(&anna, "an officer", &concerned, &route));
        }
        // What names a case, or a number of a register, is somebody's; the rest is one's own.
        let theirs = ["{case}", "{number}", "{mandate}", "{signing}", "{company}", "{office}"]
            .iter()
            .any(|part| route.path.contains(part));
        if !desk {
            wrong.extend(by_ended_mandate(&concerned, &route));
        }
        match named {
            Some(_) if theirs && desk => wrong.extend(tried(&anna, "another office", &concerned, &route)),
            Some(_) if theirs => wrong.extend(tried(&luca, "another citizen", &concerned, &route)),
            _ if route.get => {
                let page = (if desk { &anna } else { &luca }).get(&route.path);
                wrong.extend(revealed(&page, &concerned).map(|secret| format!("{} says {secret}", route.path)));
            }
            _ => {}
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(world.book().len(), before, "nobody of them did anything");
}

#[test]
fn who_has_business_there_comes_in_and_leaves_nothing_in_caches() {
    let world = World::new();
    let concerned = Concerned::filed(&world);
    let (silvia, carla, mut wrong) = (world.person("silvia"), world.officer("carla.neri"), Vec::new());
    let (paolo, mut opened) = (world.person("paolo"), 0);
    let named = |route: &Route| ["{case}", "{signing}"].iter().any(|part| route.path.contains(part));
    for route in routes().into_iter().filter(|route| route.get && named(route)) {
        let place = concerned.place(&route).expect("this case has all that addresses name");
        let client = if place.starts_with("/firme") { &paolo } else { &silvia };
        let page = (if place.starts_with("/ufficio") { &carla } else { client }).get(&place);
        if page.status != 200 || page.header("cache-control") != "no-store" {
            wrong.push(format!("{}: {} {}", route.path, page.status, page.header("cache-control")));
        }
        opened += 1;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(20 < opened, "{opened} addresses of case {}", concerned.case);
}

#[test]
fn who_has_no_role_at_all_sees_nothing_but_the_own_access() {
    let world = World::new();
    let concerned = Concerned::filed(&world);
    let (before, idle) = (world.book().len(), world.employ("senza.incarico", "relazioni", &[]));
    let desk = routes().into_iter().filter(|route| route.path.starts_with("/ufficio"));
    // The home of the office leads on to what somebody may do.
    let behind = desk.filter(|route| route.path != "/ufficio" && !is_about(&route.path, &FOR_ALL_OFFICIALS));
    let wrong: Vec<_> = behind.flat_map(|route| tried(&idle, "without a role", &concerned, &route)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(world.book().len(), before, "nothing was done");
    for place in FOR_ALL_OFFICIALS.into_iter().filter(|place| !place.starts_with("/ufficio/accesso")) {
        assert_eq!(idle.get(place).status, 200, "{place}");
    }
}

#[test]
fn an_officer_who_only_handles_cases_does_not_see_what_roles_are_for() {
    let world = World::new();
    world.person("elena").apply("assegno-unico");
    let case = world.book()[0].case.to_string();
    let values = BTreeMap::from([("case", case), ("service", "assegno-unico".to_owned())]);
    let bruno = world.officer("bruno.conti");
    let refused = |route: &Route| {
        let page = bruno.get(&filled(route, &values)?);
        assert!(matches!(page.status, 200 | 403 | 409), "{}: {}", route.path, page.status);
        (page.status == 403).then(|| route.path.clone())
    };
    // Nobody declared a provider of officials here.
    let there = |route: &Route| route.get && !route.path.starts_with("/ufficio/accesso/ente");
    let desk = routes().into_iter().filter(|route| there(route) && route.path.starts_with("/ufficio"));
    let refused: Vec<String> = desk.filter_map(|route| refused(&route)).collect();
    let other: Vec<_> = refused.iter().filter(|path| !is_about(path, &FOR_ROLES)).collect();
    assert!(other.is_empty(), "{other:?}");
    for place in FOR_ROLES {
        assert!(refused.iter().any(|path| path.starts_with(place)), "{place} is for everybody");
    }
}
