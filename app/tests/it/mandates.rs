//! Acting for somebody else: what a mandate lets do, and everything that it does not.

mod by_law;
mod companies;
mod counter;
mod offices;

use std::time::Duration;

use acts::Act;

use crate::{
    client::{Client, Form, Page},
    world::World,
};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// What the form offers as usual.
const USUAL: &[&str] = &["see", "draft", "submit", "answer", "receive"];
pub const ALL: &[&str] = &["see", "draft", "submit", "answer", "receive", "withdraw", "object", "account"];

/// The fiscal code and the surname of who is logged in.
pub fn identity(client: &Client) -> (String, String) {
    let words = client.get("/profilo").words();
    let is_code = |word: &&str| word.len() == 16 && word.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
    let code = words.split_whitespace().find(is_code).expect("a fiscal code").to_owned();
    let name = words.split("Nome e cognome ").nth(1).expect("a name");
    (code, name.split_whitespace().nth(1).expect("a surname").to_owned())
}

/// The form of a new mandate, filled in.
pub fn form(giver: &Client, (code, surname): (&str, &str), services: &[&str], verbs: &[&str]) -> Form {
    let mut form = giver.get("/deleghe/nuova").form("/deleghe/nuova");
    form = form.with("codice_fiscale", code).with("cognome", surname);
    form.fields.retain(|(name, _)| name != "poteri" && name != "servizi");
    let checked = |name: &str, values: &[&str]| -> Vec<(String, String)> {
        values.iter().map(|value| (name.to_owned(), (*value).to_owned())).collect()
    };
    form.fields.extend(checked("servizi", services));
    form.fields.extend(checked("poteri", verbs));
    until(form, (31, 12, 2026))
}

fn until(form: Form, (day, month, year): (i8, i8, i16)) -> Form {
    let form = form.with("fino_al.giorno", &day.to_string()).with("fino_al.mese", &month.to_string());
    form.with("fino_al.anno", &year.to_string())
}

/// Proposes a mandate; gives its page.
pub fn propose(giver: &Client, taker: &Client, services: &[&str], verbs: &[&str]) -> String {
    let (code, surname) = identity(taker);
    let page = giver.post(&form(giver, (&code, &surname), services, verbs));
    assert!(page.status == 200 && page.place.starts_with("/deleghe/"), "{} {}", page.status, page.words());
    page.place.split('?').next().unwrap_or_default().to_owned()
}

/// Proposes and accepts; gives its page.
pub fn give(giver: &Client, taker: &Client, services: &[&str], verbs: &[&str]) -> String {
    let place = propose(giver, taker, services, verbs);
    let accepted = press(taker, &place, "accetta");
    assert!(accepted.words().contains("in vigore"), "{}", accepted.words());
    place
}

pub fn press(client: &Client, place: &str, what: &str) -> Page {
    client.post(&Form { action: format!("{place}/{what}"), fields: Vec::new() })
}

pub fn act_for(taker: &Client, place: &str) -> Page {
    let page = press(taker, place, "agisci");
    assert!(page.place == "/pratiche" && page.body.contains("Stai agendo per"), "{} {}", page.place, page.words());
    page
}

fn submitted(world: &World) -> Vec<Act> {
    world.book().into_iter().filter(|act| act.kind == "submitted").collect()
}

/// Luca acts for Silvia.
fn acting(world: &World, services: &[&str], verbs: &[&str]) -> (Client, Client, String) {
    let (silvia, luca) = (world.person("silvia"), world.person("luca"));
    let place = give(&silvia, &luca, services, verbs);
    act_for(&luca, &place);
    (silvia, luca, place)
}

#[test]
fn what_a_delegate_files_is_the_principals_and_says_who_filed_it() {
    let world = World::new();
    let (silvia, luca, place) = acting(&world, &["istanza-generica"], USUAL);
    let receipt = luca.request("Una copia", "Chiedo una copia dei miei atti.");
    let act = submitted(&world).remove(0);
    let body = act.body.as_ref().expect("what it says");
    let authority = body.actor.authority.as_ref().expect("by which authority");
    assert_eq!(
        (body.actor.subject.as_str(), body.actor.on_behalf_of.as_deref()),
        (identity(&luca).0.as_str(), Some(identity(&silvia).0.as_str()))
    );
    assert_eq!(act.field("applicant")["fiscal_code"], identity(&silvia).0.as_str());
    assert_eq!((authority.kind.as_str(), authority.number.as_str()), ("mandate", "1/2026"));
    let told = format!("{} per conto di {} (delega n. 1/2026)", body.actor.name, authority.principal);
    assert!(receipt.words().contains(&told), "{}", receipt.words());
    let case = format!("/pratiche/{}", act.case);
    for page in [luca.get(&case), silvia.get(&case)] {
        assert!(page.words().contains(&told), "{}", page.words());
    }
    let desk = world.officer("carla.neri").get(&format!("/ufficio{case}"));
    assert!(desk.words().contains(&told), "{}", desk.words());
    world.acts_of(act.case, 2);
    let letter = silvia.get(&case).links().into_iter().find(|link| link.contains("/comunicazioni/")).expect("a letter");
    assert!(silvia.get(&letter).words().contains("(delega n. 1/2026)"), "the receipt as a letter");
    assert_eq!(luca.get(&letter).status, 200);
    // Of one's own there is nothing to be seen.
    assert_eq!(press(&luca, "/deleghe", "torna").status, 200);
    assert_eq!(luca.get(&case).status, 404);
    assert!(!luca.get("/pratiche").body.contains(&act.case.to_string()));
    assert!(luca.get(&place).words().contains("ha presentato una domanda"));
}

#[test]
fn whoever_is_acted_for_reads_each_opening_and_each_act() {
    let world = World::new();
    let (silvia, luca, place) = acting(&world, &["tutti"], USUAL);
    luca.request("Una copia", "Chiedo una copia dei miei atti.");
    let case = submitted(&world)[0].case;
    luca.get(&format!("/pratiche/{case}"));
    let reads = silvia.get("/profilo/letture").words();
    for told in ["con la delega n. 1/2026", "Tutta la pratica", "I dati per la domanda", "Per agire per te"] {
        assert!(reads.contains(told), "{told}: {reads}");
    }
    world.acts_of(case, 2);
    let began = std::time::Instant::now();
    let home = loop {
        let home = silvia.get("/").words();
        if home.contains("ha presentato una domanda") || Duration::from_secs(30) < began.elapsed() {
            break home;
        }
        std::thread::sleep(Duration::from_millis(50));
    };
    assert!(home.contains("Fatto per te da altri") && home.contains("ha presentato una domanda"), "{home}");
    assert!(silvia.get(&place).words().contains("ha presentato una domanda"));
    // Of what one reads of oneself nothing is written, as ever.
    assert!(!luca.get("/profilo/letture").words().contains("delega"));
}

#[test]
fn a_delegate_sees_nothing_but_what_the_mandate_names() {
    let world = World::new();
    let silvia = world.person("silvia");
    silvia.request("Ametista", "Un testo di Silvia.");
    let case = format!("/pratiche/{}", submitted(&world)[0].case);
    let luca = world.person("luca");
    // Another service.
    let other_service = give(&silvia, &luca, &["assegno-unico"], ALL);
    act_for(&luca, &other_service);
    for place in [&case, &format!("{case}/ricevuta"), &format!("{case}/prova/1"), &format!("{case}/ritiro")] {
        assert_eq!(luca.get(place).status, 404, "{place}");
    }
    assert!(!luca.get("/pratiche").body.contains("Ametista") && !luca.get("/pratiche").body.contains(&case));
    let queue = "/servizi/istanza-generica/attesa";
    let places = [luca.get(queue), luca.post(&bound(&other_service, queue))];
    assert!(places.iter().all(|page| page.status == 409 && page.words().contains("La delega non comprende")));
    let other = luca.get("/servizi/istanza-generica/domanda");
    assert!(
        other.status == 409 && other.words().contains("La delega non comprende questo servizio"),
        "{}",
        other.words()
    );
    // Another verb: whoever only sees does nothing, and reads no letter.
    let sees = give(&silvia, &luca, &["istanza-generica"], &["see"]);
    act_for(&luca, &sees);
    world.acts_of(submitted(&world)[0].case, 2);
    let letter = silvia.get(&case).links().into_iter().find(|link| link.contains("/comunicazioni/")).expect("a letter");
    let page = luca.get(&case);
    assert!(page.status == 200 && page.body.contains("Ametista"), "{}", page.words());
    for away in ["/comunicazioni/", "/ritiro"] {
        assert!(!page.links().iter().any(|link| link.contains(away)), "{away}");
    }
    for place in
        [letter.as_str(), &format!("{case}/ritiro"), &format!("{case}/osservazioni"), &format!("{case}/integrazione")]
    {
        assert_eq!(luca.get(place).status, 404, "{place}");
    }
    assert_eq!(luca.get("/servizi/istanza-generica/domanda").status, 409);
    let sent = luca.post(&bound(&sees, &format!("{case}/ritiro")));
    assert!(sent.status == 404 && submitted(&world).len() == 1, "{}", sent.words());
    assert!(world.book().iter().all(|act| act.kind != "withdrawn"));
    // The profile is one's own, and says so.
    let profile = luca.get("/profilo");
    assert!(profile.words().contains(&identity(&luca).0) && profile.body.contains("Questa pagina riguarda te"));
    assert!(!luca.get("/profilo/dati").body.contains(&identity(&silvia).0));
}

/// An empty form that says for whom it was opened, as the pages of who acts by this mandate do.
fn bound(mandate: &str, place: &str) -> Form {
    let under = format!("delega:{}", mandate.trim_start_matches("/deleghe/"));
    Form { action: place.to_owned(), fields: vec![("sp.per".to_owned(), under)] }
}

#[test]
fn nobody_acts_before_it_is_accepted_nor_after_its_end() {
    let world = World::new();
    let (silvia, luca) = (world.person("silvia"), world.person("luca"));
    let place = propose(&silvia, &luca, &["tutti"], ALL);
    for who in [&luca, &silvia] {
        let page = press(who, &place, "agisci");
        assert!(!page.body.contains("Stai agendo"), "{}", page.words());
    }
    // Thirty days pass without an answer.
    world.advance(31 * DAY);
    let luca = world.person("luca");
    assert!(press(&luca, &place, "accetta").words().contains("mai accettata"));
    assert!(!press(&luca, &place, "agisci").body.contains("Stai agendo"));
    // Declined is declined.
    let silvia = world.person("silvia");
    let again = until(form(&silvia, parts(&identity(&luca)), &["tutti"], ALL), (31, 1, 2027));
    let place = silvia.post(&again).place;
    press(&luca, &place, "rifiuta");
    assert!(press(&luca, &place, "accetta").words().contains("rifiutata"));
    // Renounced, and nobody but the delegate can.
    let third = until(form(&silvia, parts(&identity(&luca)), &["tutti"], ALL), (31, 1, 2027));
    let place = silvia.post(&third).place;
    press(&luca, &place, "accetta");
    assert!(press(&silvia, &place, "rinuncia").words().contains("in vigore"));
    assert!(press(&luca, &place, "revoca").words().contains("in vigore"));
    assert!(press(&luca, &place, "rinuncia").words().contains("rinunciata"));
    assert!(!press(&luca, &place, "agisci").body.contains("Stai agendo"));
}

fn parts((code, surname): &(String, String)) -> (&str, &str) {
    (code, surname)
}

#[test]
fn a_mandate_ends_at_the_end_of_its_last_day_also_for_who_is_acting() {
    let world = World::new();
    world.advance(Duration::from_secs((12 * 60 + 45) * 60)); // a quarter to midnight
    let (silvia, luca) = (world.person("silvia"), world.person("luca"));
    let today = until(form(&silvia, parts(&identity(&luca)), &["tutti"], ALL), (21, 11, 2026));
    let place = silvia.post(&today).place;
    press(&luca, &place, "accetta");
    act_for(&luca, &place);
    let page = luca.get("/servizi/istanza-generica/domanda");
    let typed =
        page.form("/domanda/").with("oggetto", "Scritto prima").with("testo", "Un testo lungo, scritto con cura.");
    world.advance(Duration::from_secs(20 * 60));
    assert_eq!(luca.get("/pratiche").status, 404);
    let late = luca.post(&typed);
    assert_eq!((late.status, late.title().as_str()), (409, "Non puoi più agire per questa persona"));
    assert!(late.body.contains("Un testo lungo, scritto con cura."), "{}", late.words());
    assert!(luca.get("/deleghe").words().contains("scaduta"));
    press(&luca, "/deleghe", "torna");
    assert_eq!(luca.get("/pratiche").status, 200);
}

#[test]
fn what_is_revoked_ends_at_once_and_nothing_typed_is_lost() {
    let world = World::new();
    let (silvia, luca, place) = acting(&world, &["tutti"], ALL);
    luca.request("Prima", "La prima richiesta.");
    let case = format!("/pratiche/{}", submitted(&world)[0].case);
    let page = luca.get("/servizi/istanza-generica/domanda");
    let typed = page.form("/domanda/").with("oggetto", "Seconda").with("testo", "Un testo lungo, scritto con cura.");
    let withdrawal = luca.get(&format!("{case}/ritiro")).form("/ritiro").with("motivo", "Non serve più.");
    let before = world.book().len();
    assert!(press(&silvia, &place, "revoca").words().contains("revocata"));
    for place in ["/pratiche", case.as_str(), "/servizi/istanza-generica/domanda"] {
        let gone = luca.get(place);
        assert!(gone.status == 404 && gone.body.contains("Non puoi più agire per"), "{place}: {}", gone.words());
    }
    for (form, text) in [(&typed, "Un testo lungo, scritto con cura."), (&withdrawal, "Non serve più.")] {
        let refused = luca.post(form);
        assert_eq!((refused.status, refused.title().as_str()), (409, "Non puoi più agire per questa persona"));
        assert!(refused.body.contains(text), "{}", refused.words());
    }
    let told = world.book().len() - before;
    assert_eq!(told, 1, "the revocation and nothing else");
    // What was done stays done; the principal sees it all.
    assert_eq!(silvia.get(&case).status, 200);
}

#[test]
fn a_form_opened_for_one_person_is_never_taken_for_another() {
    let world = World::new();
    let (silvia, elena, luca) = (world.person("silvia"), world.person("elena"), world.person("luca"));
    let for_silvia = give(&silvia, &luca, &["tutti"], ALL);
    let for_elena = give(&elena, &luca, &["tutti"], ALL);
    let open = |subject: &str| {
        let page = luca.get("/servizi/istanza-generica/domanda");
        page.form("/domanda/").with("oggetto", subject).with("testo", "Un testo lungo, scritto con cura.")
    };
    let own = open("Per me");
    act_for(&luca, &for_silvia);
    let silvias = open("Per Silvia");
    act_for(&luca, &for_elena);
    for form in [&own, &silvias] {
        let refused = luca.post(form);
        assert_eq!(
            (refused.status, refused.title().as_str()),
            (409, "Questo modulo era stato aperto per un’altra persona")
        );
        assert!(refused.body.contains("Un testo lungo, scritto con cura."), "{}", refused.words());
    }
    press(&luca, "/deleghe", "torna");
    let refused = luca.post(&silvias);
    assert!(refused.status == 409 && refused.body.contains("scritto con cura"), "{}", refused.words());
    // Nothing of it went anywhere.
    for who in [&silvia, &elena, &luca] {
        assert!(!who.get("/pratiche").body.contains("Salvata il") && who.get("/pratiche").status == 200);
    }
    // Once the person is chosen again the page sends it as it was.
    act_for(&luca, &for_silvia);
    let sent = luca.post(&refused.form("/domanda/"));
    assert_eq!(sent.status, 200, "{}", sent.words());
    assert!(silvia.get("/pratiche").words().contains("Salvata il"), "{}", silvia.get("/pratiche").words());
    assert!(!elena.get("/pratiche").words().contains("Salvata il") && submitted(&world).is_empty());
}

#[test]
fn a_delegate_gives_no_mandates_for_the_principal() {
    let world = World::new();
    let (_, luca, _) = acting(&world, &["tutti"], ALL);
    let elena = world.person("elena");
    let refused = luca.get("/deleghe/nuova");
    assert!(refused.status == 409 && refused.words().contains("nessuno dà deleghe al posto di un altro"));
    press(&luca, "/deleghe", "torna");
    let own = form(&luca, parts(&identity(&elena)), &["tutti"], ALL);
    let mandates = luca.get("/deleghe").links().into_iter().find(|link| link.len() == 45).expect("the mandate");
    act_for(&luca, &mandates);
    let before = world.book().len();
    assert_eq!(luca.post(&own).status, 409);
    assert_eq!(world.book().len(), before);
    // And whoever Luca lets act for himself does not reach Silvia.
    press(&luca, "/deleghe", "torna");
    let place = give(&luca, &elena, &["tutti"], ALL);
    act_for(&elena, &place);
    assert_eq!(press(&elena, &mandates, "agisci").status, 404);
    assert_eq!(elena.get(&mandates).status, 404);
}

#[test]
fn somebody_elses_mandate_and_none_look_the_same() {
    let world = World::new();
    let (silvia, luca, elena) = (world.person("silvia"), world.person("luca"), world.person("elena"));
    let place = give(&silvia, &luca, &["tutti"], ALL);
    for nothing in [place.as_str(), "/deleghe/00000000-0000-0000-0000-000000000000", "/deleghe/1"] {
        assert_eq!(elena.get(nothing).status, 404, "{nothing}");
        for what in ["accetta", "rifiuta", "revoca", "rinuncia", "agisci"] {
            assert_eq!(press(&elena, nothing, what).status, 404, "{nothing}/{what}");
        }
    }
    assert!(silvia.get(&place).words().contains("in vigore"));
}

#[test]
fn a_proposal_tells_nothing_of_whether_the_person_exists() {
    let world = World::new();
    let silvia = world.person("silvia");
    let there = identity(&world.person("luca"));
    let shown = |who: (&str, &str)| {
        let page = silvia.post(&form(&silvia, who, &["tutti"], USUAL));
        assert_eq!(page.status, 200, "{}", page.words());
        page.words().replace(who.0, "CODICE").replace(who.1, "COGNOME")
    };
    let (known, unknown) = (shown(parts(&there)), shown(("DMSLCU80A01H501D", "Dimostrativi")));
    assert_eq!(known.replace("1/2026", "N"), unknown.replace("2/2026", "N"));
    // A code that is not that person's is noticed, as is one that is none.
    for (code, surname) in
        [(there.0.as_str(), "Altrui"), ("DMSLCU80A01H501X", "Dimostrativi"), (identity(&silvia).0.as_str(), "")]
    {
        let page = silvia.post(&form(&silvia, (code, surname), &["tutti"], USUAL));
        assert_eq!(page.status, 422, "{}", page.words());
    }
    // Sent twice it is one, and nobody floods people with proposals.
    let twice = form(&silvia, parts(&there), &["tutti"], USUAL);
    assert_eq!(silvia.post(&twice).place, silvia.post(&twice).place);
    for _ in 3..20 {
        assert_eq!(silvia.post(&form(&silvia, parts(&there), &["tutti"], USUAL)).status, 200);
    }
    assert_eq!(silvia.post(&form(&silvia, parts(&there), &["tutti"], USUAL)).status, 422);
}

#[test]
fn the_account_is_named_by_the_person_unless_the_mandate_says_so() {
    let world = World::new();
    let (noe, luca) = (world.person("noe"), world.person("luca"));
    act_for(&luca, &give(&noe, &luca, &["assegno-unico"], USUAL));
    let page = luca.get("/servizi/assegno-unico/domanda");
    assert!(page.words().contains("La tua delega non comprende il conto"), "{}", page.words());
    let form = page.form("/domanda/");
    let id = form.action.rsplit('/').next().unwrap_or_default().to_owned();
    assert!(!page.has_id("iban"), "the account is not asked: {id}");
    luca.post(&form.with("iban", "IT60X0542811101000000123456"));
    assert!(!noe.get("/servizi/assegno-unico/domanda").body.contains("0123 456"), "it was not written");
    assert!(submitted(&world).is_empty());
    // With it, it can.
    act_for(&luca, &give(&noe, &luca, &["assegno-unico"], ALL));
    let page = luca.get("/servizi/assegno-unico/domanda");
    let summary = luca.post(&page.form("/domanda/").with("iban", "IT60X0542811101000000123456"));
    assert!(summary.has_form("/domanda/invia"), "{}", summary.words());
    luca.post(&summary.form("/domanda/invia"));
    assert_eq!(submitted(&world).len(), 1);
}

#[test]
fn who_may_only_fill_in_does_not_send() {
    let world = World::new();
    let (_, luca, _) = acting(&world, &["istanza-generica"], &["draft"]);
    let mut page = luca.get("/servizi/istanza-generica/domanda");
    let mut pages = 0;
    while !page.title().contains("Controlla") {
        let form = page.form("/domanda/").with("ufficio", "relazioni").with("oggetto", "Una copia");
        page = luca.post(&form.with("testo", "Un testo.").with("dichiara_veridicita", "si"));
        pages += 1;
        assert!(page.status == 200 && pages < 9, "{}", page.words());
    }
    assert!(page.words().contains("permette di compilare la domanda, non di inviarla"), "{}", page.words());
    let sent = luca.post(&page.form("/domanda/invia"));
    assert!(sent.status == 409 && submitted(&world).is_empty(), "{}", sent.words());
}
