//! Who represents a company, by the registry of companies, and who does not or does not any more.

use acts::Act;
use base::{VatNumber, rome_date};
use jiff::ToSpan;
use population::CompanyOffice;
use registry::{Asked, COMPANY_REGISTRY};

use super::{USUAL, act_for, give, identity, press, submitted};
use crate::{
    client::{Client, Form, Page},
    program::{run, stdout},
    world::{NOW, World},
};

const ALFA: &str = "00000069005";
const REPORT: &str = "/servizi/rapporto-personale/domanda";

/// Chooses to act for a company by its page.
fn choose(who: &Client, company: &str) -> Page {
    let page = who.get(&format!("/deleghe/imprese/{company}"));
    assert_eq!(page.status, 200, "{}", page.words());
    let page = who.post(&page.form("/deleghe/imprese"));
    assert!(page.place == "/pratiche" && page.body.contains("Stai agendo per"), "{} {}", page.place, page.words());
    page
}

/// The first page that asks something, filled in.
fn answered(who: &Client) -> Form {
    let page = who.get(REPORT);
    assert_eq!(page.status, 200, "{}", page.words());
    let form = page.form("/domanda/").with("fine_biennio.giorno", "31").with("fine_biennio.mese", "12");
    let form = form.with("fine_biennio.anno", "2025").with("donne", "41").with("uomini", "23");
    form.with("donne_dirigenti", "6").with("uomini_dirigenti", "7")
}

/// Files the report; gives the receipt.
fn file(who: &Client) -> Page {
    let summary = who.post(&answered(who));
    assert!(summary.has_form("/domanda/invia"), "{}", summary.words());
    let receipt = who.post(&summary.form("/domanda/invia"));
    assert!(receipt.place.ends_with("/ricevuta"), "{} {}", receipt.place, receipt.words());
    receipt
}

/// What the registry says of who represents a company becomes something else.
fn change(world: &World, company: &str, change: impl Fn(&mut CompanyOffice)) {
    let code: VatNumber = company.parse().expect("a company's code");
    let today = rome_date(NOW.parse().expect("an instant"));
    let done = async {
        let mut tx = world.database().begin().await?;
        let Asked::Answer(Some(found)) = registry::company(&mut tx, &code).await? else { panic!("no company") };
        let Asked::Answer(mut offices) = registry::representatives_in(&mut tx, &code, today).await? else { panic!() };
        offices.iter_mut().for_each(&change);
        registry::record_company(&mut tx, &found, &offices, today).await?;
        anyhow::Ok(tx.commit().await?)
    };
    world.block_on(done).expect("the registry");
}

/// Somebody is not in the company any more since yesterday.
fn dismiss(world: &World, company: &str, who: &str) {
    let yesterday = rome_date(NOW.parse().expect("an instant")).saturating_sub(1.day());
    change(world, company, |office| {
        if office.id.ends_with(who) {
            office.until = Some(yesterday);
        }
    });
}

fn silence(world: &World) {
    let done = async {
        let mut tx = world.database().begin().await?;
        registry::fall_silent(&mut tx, COMPANY_REGISTRY, NOW.parse()?).await?;
        anyhow::Ok(tx.commit().await?)
    };
    world.block_on(done).expect("the registry");
}

fn filed(world: &World) -> Act {
    submitted(world).pop().expect("an application")
}

#[test]
fn who_represents_a_company_files_for_it_and_colleagues_see_the_case() {
    let world = World::new();
    let (davide, elena, teresa) = (world.person("davide"), world.person("elena"), world.person("teresa"));
    let listed = davide.get("/deleghe").words();
    assert!(listed.contains("Alfa Prova S.r.l.") && listed.contains("firma disgiunta"), "{listed}");
    choose(&davide, ALFA);
    let banner = davide.get("/pratiche");
    assert!(banner.body.contains("come legale rappresentante, dal registro delle imprese"), "{}", banner.words());
    // What the registry of companies knows is there, and nothing of the person.
    let summary = davide.post(&answered(&davide));
    let words = summary.words();
    assert!(
        words.contains("Alfa Prova S.r.l.") && words.contains("Via delle Imprese 1") && words.contains(ALFA),
        "{words}"
    );
    assert!(words.contains("Registro delle imprese") && !words.contains(&identity(&davide).0), "{words}");
    let receipt = davide.post(&summary.form("/domanda/invia"));
    let told = "Davide Inventati per conto di Alfa Prova S.r.l. (legale rappresentante, dal registro delle imprese, letto il 21 novembre 2026)";
    assert!(receipt.words().contains(told), "{}", receipt.words());
    let act = filed(&world);
    let body = act.body.as_ref().expect("what it says");
    let authority = body.actor.authority.as_ref().expect("by which authority");
    assert_eq!((authority.kind.as_str(), authority.principal.as_str()), ("representative", "Alfa Prova S.r.l."));
    assert_eq!(body.actor.on_behalf_of.as_deref(), Some(ALFA));
    assert!(authority.read_at.is_some() && act.field("applicant")["fiscal_code"] == ALFA);
    // A colleague sees it; as themselves nobody does; who was there once does not.
    let case = format!("/pratiche/{}", act.case);
    choose(&elena, ALFA);
    assert!(elena.get(&case).words().contains(told) && elena.get("/pratiche").body.contains(&case));
    press(&davide, "/deleghe", "torna");
    for who in [&davide, &teresa] {
        assert_eq!(who.get(&case).status, 404);
        assert!(!who.get("/pratiche").body.contains(&case));
    }
    assert_eq!(teresa.get(&format!("/deleghe/imprese/{ALFA}")).status, 404);
    assert!(!teresa.get("/deleghe").words().contains("Alfa Prova"));
    // The letter, the desk, and the company's own page, where the officer's reading stands.
    world.acts_of(act.case, 2);
    let letter = elena.get(&case).links().into_iter().find(|link| link.contains("/comunicazioni/")).expect("a letter");
    let letter = elena.get(&letter).words();
    assert!(
        letter.contains("legale rappresentante, dal registro delle imprese, letto il 21 novembre 2026"),
        "{letter}"
    );
    let furio = world.officer("furio.sala");
    assert!(furio.get("/ufficio/pratiche").body.contains("Alfa Prova"));
    assert!(furio.get(&format!("/ufficio{case}")).words().contains(told));
    let company = elena.get(&format!("/deleghe/imprese/{ALFA}")).words();
    assert!(company.contains("Furio Sala") && company.contains("Davide Inventati"), "{company}");
    assert!(!davide.get("/profilo/letture").words().contains("Furio Sala"));
}

#[test]
fn a_service_is_for_people_or_for_companies_and_says_so() {
    let world = World::new();
    let davide = world.person("davide");
    let page = davide.get(REPORT);
    assert_eq!((page.status, page.title().as_str()), (200, "Questa domanda la fa un’impresa"));
    assert!(page.links().iter().any(|link| link == "/deleghe"), "{:?}", page.links());
    let waits = davide.get("/servizi/rapporto-personale/attesa");
    assert!(waits.status == 409 && waits.words().contains("Questa domanda la fa un’impresa"), "{}", waits.words());
    assert_eq!(davide.get("/servizi/rapporto-personale/aiuto").status, 409);
    choose(&davide, ALFA);
    let page = davide.get("/servizi/istanza-generica/domanda");
    assert_eq!((page.status, page.title().as_str()), (200, "Questa domanda la fa una persona"));
    // Neither is taken where the page was not asked.
    let form = |action: &str, under: &str| Form {
        action: action.to_owned(),
        fields: [("oggetto", "Una copia"), ("testo", "Un testo."), ("sp.per", under)]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .to_vec(),
    };
    let refused = davide.post(&form("/servizi/istanza-generica/domanda/richiesta", "impresa:alfa-davide"));
    assert!(
        refused.status == 409 && refused.words().contains("Questa domanda la fa una persona"),
        "{}",
        refused.words()
    );
    press(&davide, "/deleghe", "torna");
    let refused = davide.post(&form("/servizi/rapporto-personale/domanda/personale", ""));
    assert!(
        refused.status == 409 && refused.words().contains("Questa domanda la fa un’impresa"),
        "{}",
        refused.words()
    );
    // A mandate of a person is a person's.
    let (silvia, luca) = (world.person("silvia"), world.person("luca"));
    act_for(&luca, &give(&silvia, &luca, &["tutti"], USUAL));
    assert_eq!(luca.get(REPORT).title(), "Questa domanda la fa un’impresa");
    assert!(submitted(&world).is_empty());
}

#[test]
fn joint_signature_a_ceased_company_and_the_offices_of_others_are_refused() {
    let world = World::new();
    let (davide, roberto, giorgio) = (world.person("davide"), world.person("roberto"), world.person("giorgio"));
    let told = roberto.get("/deleghe").words();
    assert!(told.contains("serve anche quella di Paolo Prova") && told.contains("posta certificata"), "{told}");
    assert!(!roberto.get("/deleghe").has_form("/deleghe/imprese"));
    let ceased = davide.get("/deleghe/imprese/00000089003").words();
    assert!(ceased.contains("L’impresa è cessata il"), "{ceased}");
    let post = |who: &Client, office: &str| {
        who.post(&Form {
            action: "/deleghe/imprese".to_owned(),
            fields: vec![("carica".to_owned(), office.to_owned())],
        })
    };
    let joint = post(&roberto, "beta-roberto");
    assert!(joint.body.contains("La firma è congiunta: da soli non si può agire"), "{}", joint.words());
    assert!(post(&davide, "gamma-davide").body.contains("L’impresa è cessata: non si può agire per lei."));
    // Somebody else's office, one that ended, and one that is none.
    for office in ["delta-giorgio", "alfa-teresa", "alfa-elena", "nulla", ""] {
        assert_eq!(post(&davide, office).status, 404, "{office}");
    }
    assert!(
        !davide.get("/pratiche").body.contains("Stai agendo") && !roberto.get("/pratiche").body.contains("Stai agendo")
    );
    for company in ["00000109009", "00000099002", "00000000000", "altro"] {
        assert_eq!(davide.get(&format!("/deleghe/imprese/{company}")).status, 404, "{company}");
    }
    // Another company's case by its address.
    choose(&davide, ALFA);
    file(&davide);
    let case = format!("/pratiche/{}", filed(&world).case);
    choose(&giorgio, "00000109009");
    for place in ["", "/ricevuta", "/ritiro", "/prova/1"] {
        assert_eq!(giorgio.get(&format!("{case}{place}")).status, 404, "{place}");
    }
}

#[test]
fn an_office_that_ends_ends_at_once_and_nothing_typed_is_lost() {
    let world = World::new();
    let (davide, elena) = (world.person("davide"), world.person("elena"));
    choose(&davide, ALFA);
    choose(&elena, ALFA);
    file(&davide);
    let case = format!("/pratiche/{}", filed(&world).case);
    let withdrawal = davide.get(&format!("{case}/ritiro")).form("/ritiro").with("motivo", "Lo ripresentiamo.");
    let typed = answered(&davide).with("donne", "4242");
    dismiss(&world, ALFA, "davide");
    for place in [&case, "/pratiche", REPORT] {
        let gone = davide.get(place);
        assert!(gone.status == 404 && gone.body.contains("Non puoi più agire per"), "{place} {}", gone.words());
    }
    for (form, text) in [(&typed, "4242"), (&withdrawal, "Lo ripresentiamo.")] {
        let refused = davide.post(form);
        assert_eq!((refused.status, refused.title().as_str()), (409, "Non puoi più agire per questa persona"));
        assert!(refused.body.contains(text), "{}", refused.words());
    }
    assert!(world.book().iter().all(|act| act.kind != "withdrawn"));
    // The case is the company's: who is still there goes on.
    assert_eq!(elena.get(&case).status, 200);
    // From sole to joint power is an end, too.
    change(&world, ALFA, |office| office.signature = population::Signature::Congiunta);
    assert_eq!(elena.get(&case).status, 404);
}

#[test]
fn while_the_registry_is_silent_nobody_acts_and_what_was_typed_is_kept() {
    let world = World::new();
    let (davide, elena) = (world.person("davide"), world.person("elena"));
    choose(&davide, ALFA);
    let summary = davide.post(&answered(&davide));
    let typed = davide.get(&format!("{REPORT}/personale")).form("/domanda/").with("donne", "4242");
    silence(&world);
    let list = elena.get("/deleghe").words();
    assert!(list.contains("Il registro delle imprese non risponde"), "{list}");
    assert_eq!(elena.get(&format!("/deleghe/imprese/{ALFA}")).status, 503);
    for place in ["/pratiche", REPORT] {
        let page = davide.get(place);
        assert!(page.status == 503 && page.body.contains("Adesso non sappiamo se puoi agire per"), "{}", page.words());
    }
    let refused = davide.post(&typed);
    assert_eq!((refused.status, refused.title().as_str()), (503, "Adesso non sappiamo se puoi agire"));
    assert!(refused.body.contains("4242"), "{}", refused.words());
    let sent = davide.post(&summary.form("/domanda/invia"));
    assert!(sent.status == 503 && submitted(&world).is_empty(), "{}", sent.words());
    // Operators are told, and say so by a command.
    let told = |switch: &str| stdout(&run(&["silence", switch, "--database", world.database_url()]));
    assert!(told("status").contains("non risponde dal 21 novembre 2026"), "{}", told("status"));
    // Pages that are about nobody stay.
    assert_eq!(davide.get("/servizi/rapporto-personale").status, 200);
    assert!(told("off").contains("«registro-imprese» risponde."));
    let again = davide.post(&refused.form("/domanda/"));
    assert!(again.status == 200 && again.words().contains("4.242"), "{}", again.words());
    davide.post(&again.form("/domanda/invia"));
    assert_eq!(submitted(&world).len(), 1);
}

#[test]
fn a_form_of_ones_own_is_never_taken_for_the_company_nor_the_other_way_round() {
    let world = World::new();
    let davide = world.person("davide");
    let own = davide
        .get("/servizi/istanza-generica/domanda")
        .form("/domanda/")
        .with("oggetto", "Per me")
        .with("testo", "Un testo mio.");
    choose(&davide, ALFA);
    let companys = answered(&davide).with("donne", "4242");
    let refused = davide.post(&own);
    assert_eq!(
        (refused.status, refused.title().as_str()),
        (409, "Questo modulo era stato aperto per un’altra persona")
    );
    assert!(refused.body.contains("Un testo mio."), "{}", refused.words());
    press(&davide, "/deleghe", "torna");
    let refused = davide.post(&companys);
    assert!(refused.status == 409 && refused.body.contains("4242"), "{}", refused.words());
    assert!(!davide.get("/pratiche").body.contains("Salvata il"));
    choose(&davide, ALFA);
    let sent = davide.post(&refused.form("/domanda/"));
    assert!(sent.status == 200 && sent.has_form("/domanda/invia"), "{}", sent.words());
}
