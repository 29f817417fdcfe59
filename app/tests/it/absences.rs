//! Who does the work of an official who is away, and the accounts of an office.

use std::time::Duration;

use crate::{
    client::{Client, Form, Page},
    mandates::press,
    world::World,
};

const PLACE: &str = "/ufficio/personale";
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Writes an absence in November 2026 down.
fn away(head: &Client, absent: &str, substitute: &str, (first, last): (u8, u8)) -> Page {
    let mut fields = vec![("assente".to_owned(), absent.to_owned()), ("sostituto".to_owned(), substitute.to_owned())];
    for (name, day) in [("dal", first), ("al", last)] {
        let parts = [("giorno", day.to_string()), ("mese", "11".to_owned()), ("anno", "2026".to_owned())];
        fields.extend(parts.map(|(part, value)| (format!("{name}.{part}"), value)));
    }
    head.post(&Form { action: PLACE.to_owned(), fields })
}

#[test]
fn a_substitute_decides_what_the_absent_one_holds_and_the_act_says_so() {
    let world = World::new();
    let silvia = world.person("silvia");
    silvia.request("Ametista", "Vorrei sapere dell’ametista.");
    let case = world.book()[0].case;
    world.acts_of(case, 2);
    let place = format!("/ufficio/pratiche/{case}");
    let (carla, lia, gaia) = (world.officer("carla.neri"), world.officer("lia.testa"), world.officer("gaia.longo"));
    lia.post(&lia.get(&place).form("/prendi"));
    assert!(!gaia.get(&place).body.contains("/accogli"), "a colleague's");
    let declared = away(&carla, "lia.testa", "gaia.longo", (21, 23));
    assert!(declared.words().contains("Lia Testa è assente: sostituisce Gaia Longo"), "{}", declared.words());
    assert!(gaia.get("/ufficio/compiti").words().contains("Oggi sostituisci Lia Testa"));
    assert!(lia.get("/ufficio/compiti").words().contains("ti sostituisce Gaia Longo"), "who is away is told");
    assert!(gaia.get("/ufficio/pratiche?chi=lia.testa").body.contains(&case.to_string()), "what is to be done");
    let granted = gaia.post(&gaia.get(&format!("{place}/accogli")).form("/accogli"));
    assert_eq!(granted.status, 200, "{}", granted.words());
    let act = world.book().into_iter().rfind(|act| act.kind == "granted").expect("the grant");
    let actor = act.body.as_ref().expect("what it says").actor.clone();
    let authority = actor.authority.expect("in whose place");
    assert_eq!(
        (actor.subject.as_str(), authority.kind.as_str(), authority.id.as_str()),
        ("gaia.longo", "stand-in", "lia.testa")
    );
    assert_eq!(act.text("decided_by"), "Gaia Longo, in sostituzione di Lia Testa");
    let told = silvia.get(&format!("/pratiche/{case}")).words();
    assert!(told.contains("Gaia Longo in sostituzione di Lia Testa"), "{told}");
}

#[test]
fn tasks_come_and_go_with_the_days() {
    let world = World::new();
    let carla = world.officer("carla.neri");
    assert_eq!(away(&carla, "carla.neri", "lia.testa", (22, 23)).status, 200);
    let may = |who: &str| world.officer(who).get("/ufficio/carichi").status;
    assert_eq!(may("lia.testa"), 403, "it begins tomorrow");
    world.advance(DAY);
    assert_eq!((may("lia.testa"), may("gaia.longo")), (200, 403));
    world.advance(DAY);
    assert_eq!(may("lia.testa"), 200, "the last day");
    world.advance(DAY);
    assert_eq!(may("lia.testa"), 403, "it has ended");
    // Ended before its time, it ends in the middle of a session.
    let (carla, lia) = (world.officer("carla.neri"), world.officer("lia.testa"));
    away(&carla, "carla.neri", "lia.testa", (24, 30));
    assert_eq!(
        (lia.get("/ufficio/carichi").status, lia.get(PLACE).status),
        (200, 403),
        "who runs the office is not lent"
    );
    let place = "/ufficio/personale/carla.neri";
    assert_eq!((press(&lia, place, "chiudi").status, press(&lia, place, "azzera").status), (403, 403));
    assert_eq!(away(&lia, "carla.neri", "lia.testa", (25, 30)).status, 403, "nobody prolongs themselves");
    let end = carla.get(PLACE).form("/fine");
    assert_eq!(world.officer("anna.ferri").post(&end.clone().made_up()).status, 404, "another office's");
    assert!(carla.post(&end).words().contains("Nessuna assenza"));
    assert_eq!(lia.get("/ufficio/carichi").status, 403);
    assert_eq!(carla.post(&end).status, 404, "it is over");
}

#[test]
fn what_cannot_be_is_not_written_down_and_stays_typed() {
    let world = World::new();
    let carla = world.officer("carla.neri");
    let first = away(&carla, "lia.testa", "gaia.longo", (23, 25));
    assert!(first.words().contains("dal 23 novembre 2026"), "{} {} {}", first.status, first.place, first.body);
    for (absent, substitute, days, told) in [
        ("", "gaia.longo", (21, 22), "Scegli chi è assente"),
        ("anna.ferri", "gaia.longo", (21, 22), "Scegli chi è assente"),
        ("carla.neri", "bruno.conti", (21, 22), "Scegli un’altra persona dell’ufficio"),
        ("carla.neri", "carla.neri", (21, 22), "Scegli un’altra persona dell’ufficio"),
        ("carla.neri", "lia.testa", (24, 26), "Scegli un’altra persona dell’ufficio"),
        ("lia.testa", "nora.piani", (25, 27), "c’è già chi sostituisce"),
        ("nora.piani", "carla.neri", (21, 22), "non si dà i compiti di altri"),
        ("nora.piani", "", (21, 22), "Scegli chi fa il suo lavoro"),
        ("gaia.longo", "nora.piani", (24, 26), "ne sostituisce un’altra"),
        ("carla.neri", "gaia.longo", (19, 20), "è già passato"),
        ("carla.neri", "gaia.longo", (24, 22), "viene prima del primo"),
        ("carla.neri", "gaia.longo", (31, 31), "Scrivi giorno, mese e anno"),
    ] {
        let again = away(&carla, absent, substitute, days);
        assert!(again.status == 422 && again.words().contains(told), "{absent} {substitute}: {}", again.words());
        assert!(again.body.contains(&format!("value=\"{}\"", days.1)), "what was typed stays");
    }
    for nobody in ["lia.testa", "nino.guida", "ivo.bassi"] {
        assert_eq!(world.officer(nobody).get(PLACE).status, 403, "{nobody}");
    }
}

#[test]
fn who_runs_the_office_closes_an_account_and_what_is_open_ends() {
    let world = World::new();
    let (carla, lia) = (world.officer("carla.neri"), world.officer("lia.testa"));
    let account = format!("{PLACE}/lia.testa");
    let shown = carla.get(&account);
    assert!(shown.words().contains("Responsabile del procedimento") && shown.has_form("/chiudi"), "{}", shown.words());
    assert!(!carla.get(&format!("{PLACE}/carla.neri")).has_form("/chiudi"), "not one's own");
    let anna = world.officer("anna.ferri");
    assert_eq!(anna.get(&account).status, 404, "another office's and none look the same");
    for (head, place) in
        [(&anna, account.as_str()), (&carla, "/ufficio/personale/carla.neri"), (&anna, "/ufficio/personale/x")]
    {
        assert_eq!(press(head, place, "chiudi").status, 404, "{place}");
        assert_eq!(press(head, place, "azzera").status, 404, "{place}");
    }
    assert!(press(&carla, &account, "azzera").words().contains("Seconda prova azzerata da Carla Neri"));
    assert!(lia.get("/ufficio/compiti").place.starts_with("/ufficio/accesso"), "what was open ended");
    let lia = world.officer("lia.testa");
    let closed = press(&carla, &account, "chiudi");
    assert!(
        closed.words().contains("Accesso chiuso da Carla Neri (carla.neri)") && !closed.has_form("/chiudi"),
        "{}",
        closed.words()
    );
    assert!(lia.get("/ufficio/compiti").place.starts_with("/ufficio/accesso"));
}

#[test]
fn a_lent_task_is_named_in_the_act_and_an_own_one_is_not() {
    let world = World::new();
    let silvia = world.person("silvia");
    silvia.request("Ametista", "Vorrei sapere dell’ametista.");
    silvia.request("Quarzo", "Vorrei sapere del quarzo.");
    let cases: Vec<_> = world.book().into_iter().filter(|act| act.kind == "submitted").map(|act| act.case).collect();
    let assign = |who: &Client, case: base::Uuid, to: &str| {
        let place = format!("/ufficio/pratiche/{case}/assegna");
        let done = who.post(&who.get(&place).form("/assegna").with("operatore", to));
        assert_eq!(done.status, 200, "{}", done.words());
        let act = world.book().into_iter().rfind(|act| act.kind == "assigned").expect("it was assigned");
        act.body.expect("what it says").actor.authority.map(|authority| authority.id)
    };
    let (carla, lia) = (world.officer("carla.neri"), world.officer("lia.testa"));
    away(&carla, "carla.neri", "lia.testa", (21, 23));
    assert_eq!(assign(&lia, cases[0], "gaia.longo").as_deref(), Some("carla.neri"), "a head's task, of nobody's case");
    away(&carla, "gaia.longo", "nora.piani", (21, 23));
    assert_eq!(assign(&carla, cases[0], "nora.piani"), None, "as the head, whoever is away");
    for lent in ["/ufficio/decisioni-collettive", PLACE] {
        assert_eq!(lia.get(lent).status, 403, "{lent} is not lent");
    }
    assert!(world.officer("nora.piani").get("/ufficio/compiti").words().contains("Oggi sostituisci Gaia Longo"));
    away(&carla, "nora.piani", "gaia.longo", (28, 29));
    assert!(world.officer("gaia.longo").get("/ufficio/compiti").words().contains("Sostituirai Nora Piani"));
}
