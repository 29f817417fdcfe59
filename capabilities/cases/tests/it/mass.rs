//! Mass decisions at the front door: what is previewed, confirmed, taken back, granted, and left out.

mod desk;
mod faults;

use axum::http::StatusCode;
use base::{Timestamp, Uuid};
use cases::{MassJob, State, payload::kind};
use jiff::SignedDuration;
use queue::Job;
use serde_json::json;

use self::desk::{Desk, LUMP, MASS, SERVICE, plain, refused, uncertain};
use crate::house::{MARIA, case_of};

const MINUTE: SignedDuration = SignedDuration::from_mins(1);

#[tokio::test]
async fn more_than_a_thousand_cases_are_tried_confirmed_and_granted_each_by_one_act() {
    let desk = Desk::new().await;
    let due = desk.filed(1_060, plain).await;
    let others = desk.filed(15, refused).await;
    let mut anna = desk.head("anna.prova").await;
    let place = desk.listed(&mut anna, "").await;
    let page = anna.get(&place).await.text();
    for words in ["Pratiche da accogliere: 1060.", "193.980,00", "diritto non risulta", ">15<"] {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert_eq!(page.matches("/ufficio/pratiche/").count(), 10, "the sample: {page}");
    assert_eq!(anna.get(&place).await.text(), page, "it is the same for whoever looks again");

    for (count, motivation, told) in [
        ("1059", "Requisiti verificati.", "le pratiche da accogliere sono 1060"),
        ("1060", " ", "Scrivi la motivazione"),
    ] {
        let wrong = anna.post(&place, &[("conteggio", count), ("motivo", motivation)]).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(wrong.text().contains(told) && wrong.text().contains(motivation.trim()), "{}", wrong.text());
    }
    for _ in 0..2 {
        let confirmed = anna.post(&place, &[("conteggio", "1.060"), ("motivo", "Requisiti verificati.")]).await;
        assert_eq!(confirmed.location(), place, "sent twice, it is confirmed once");
    }
    assert!(anna.get(&place).await.text().contains("dal 21 novembre 2026, ore 11:15"));
    desk.later(MINUTE * 14).await;
    assert_eq!(desk.granted(&due).await, 0, "nothing happens before its time");
    desk.later(MINUTE).await;
    assert_eq!((desk.granted(&due).await, desk.granted(&others).await), (1_060, 0));
    for id in [due[0], due[530], due[1_059]] {
        let case = desk.case(id).await;
        let granted = case.granted.unwrap();
        assert_eq!((granted.amount.as_deref(), granted.unit.as_deref()), (Some(LUMP), Some("euro/mese")));
        assert_eq!(
            (granted.note.as_deref(), granted.decided_by.as_str()),
            (Some("Requisiti verificati."), "anna prova")
        );
        assert!(place.ends_with(&granted.together.unwrap().mass_decision));
        assert_eq!(case.acts.last().unwrap().body.as_ref().unwrap().actor.subject, "anna.prova");
    }
    assert!(anna.get(&place).await.text().contains("Accolte: 1060. Rimaste fuori dopo la conferma: 0."));
    assert!(anna.get(MASS).await.text().contains("Conclusa"));
    assert!(desk.waiting().await.is_empty());
}

#[tokio::test]
async fn a_case_that_goes_to_another_office_stays_out_and_is_not_shown_any_more() {
    let desk = Desk::new().await;
    let service = desk.house.cases.catalogue.service("istanza-generica").unwrap();
    let mut tx = desk.house.begin().await;
    let mut filed = Vec::new();
    for _ in 0..2 {
        let submitted = desk.house.file(&mut tx, MARIA, |submitted| {
            (submitted.service, submitted.service_version) = (service.slug.clone(), service.version.clone());
            plain(submitted);
        });
        filed.push(case_of(&submitted.await));
    }
    tx.commit().await.unwrap();
    let mut anna = desk.head("anna.prova").await;
    let place = anna.post(MASS, &[("servizio", "istanza-generica")]).await.location().to_owned();
    desk.work().await;
    let [passed, stays] = [filed[0], filed[1]].map(|id| format!("/ufficio/pratiche/{id}"));
    let typed = [("ufficio", "relazioni"), ("motivo", "È materia loro.")];
    assert_eq!(anna.post(&format!("{passed}/trasmissione"), &typed).await.status, StatusCode::SEE_OTHER);
    let page = anna.get(&place).await.text();
    assert!(page.contains(&stays) && !page.contains(&passed), "{page}");
    let confirmed = anna.post(&place, &[("conteggio", "2"), ("motivo", "Requisiti verificati.")]).await;
    assert_eq!(confirmed.location(), place, "{}", confirmed.text());
    desk.later(MINUTE * 16).await;
    assert_eq!((desk.granted(&filed[..1]).await, desk.granted(&filed[1..]).await), (0, 1));
    let page = anna.get(&place).await.text();
    assert!(page.contains("Accolte: 1. Rimaste fuori dopo la conferma: 1.") && !page.contains(&passed), "{page}");
}

#[tokio::test]
async fn taken_back_in_time_it_changes_nothing() {
    let desk = Desk::new().await;
    let due = desk.filed(3, plain).await;
    let mut anna = desk.head("anna.prova").await;
    let place = desk.confirmed(&mut anna, 3).await;
    desk.later(MINUTE * 14).await;
    anna.post(&format!("{place}/ferma"), &[]).await;
    desk.later(MINUTE * 20).await;
    assert_eq!(desk.granted(&due).await, 0);
    let page = anna.get(&place).await.text();
    assert!(page.contains("nessuna pratica è cambiata"), "{page}");
    assert!(desk.waiting().await.is_empty());
    let again = desk.confirmed(&mut anna, 3).await;
    assert_ne!(again, place, "and another can be begun");
}

#[tokio::test]
async fn whoever_deals_with_a_case_meanwhile_or_takes_it_out_leaves_it_to_a_person() {
    let desk = Desk::new().await;
    let due = desk.filed(5, plain).await;
    let mut anna = desk.head("anna.prova").await;
    let mut bruno = desk.house.officer("bruno.prova", "famiglia", "operator").await;
    let mass = desk.confirmed(&mut anna, 5).await;
    let place = |index: usize| format!("/ufficio/pratiche/{}", due[index]);
    let page = bruno.get(&place(0)).await.text();
    assert!(page.contains("In una decisione collettiva") && page.contains("ore 11:15"), "{page}");
    bruno.post(&format!("{}/togli", place(0)), &[]).await;
    bruno.post(&format!("{}/nota", place(1)), &[("testo", "Sentita la signora al telefono.")]).await;
    bruno.post(&format!("{}/prendi", place(2)), &[]).await;
    let mut maria = desk.house.browser(MARIA).await;
    maria.post(&format!("/pratiche/{}/ritiro", due[3]), &[("motivo", "")]).await;
    for index in 0..4 {
        assert!(!bruno.get(&place(index)).await.text().contains("In una decisione collettiva"), "{index}");
    }
    desk.later(MINUTE * 15).await;
    let states = [State::Received, State::Received, State::InProgress, State::Withdrawn, State::Granted];
    for (id, state) in due.iter().zip(states) {
        assert_eq!(desk.case(*id).await.state, state);
    }
    let page = anna.get(&mass).await.text();
    for why in ["Tolta da un operatore", "è cambiata dopo", "in carico a un collega", "già conclusa", "Accolte: 1. "]
    {
        assert!(page.contains(why), "{why}: {page}");
    }
    let left = anna.get(&format!("{mass}/pratiche?esito=left&motivo=cases.not_now.taken_out")).await.text();
    assert_eq!(left.matches("/ufficio/pratiche/").count(), 1, "{left}");
}

#[tokio::test]
async fn points_of_the_law_that_are_uncertain_are_confirmed_once_for_all() {
    let desk = Desk::new().await;
    let due = desk.filed(3, uncertain).await;
    let mut anna = desk.head("anna.prova").await;
    let place = desk.listed(&mut anna, "").await;
    let page = anna.get(&place).await.text();
    assert!(page.contains("da verificare nella circolare") && page.contains(">3<"), "{page}");
    let mut form = vec![("conteggio", "3"), ("motivo", "Requisiti verificati.")];
    let unread = anna.post(&place, &form).await;
    assert_eq!(unread.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(unread.text().contains("Conferma di aver verificato"), "{}", unread.text());
    form.push(("verificati", "si"));
    assert_eq!(anna.post(&place, &form).await.location(), place);
    desk.later(MINUTE * 15).await;
    assert_eq!(desk.granted(&due).await, 3);
}

#[tokio::test]
async fn stopped_half_way_it_leaves_what_is_granted_and_touches_nothing_more() {
    let desk = Desk::new().await;
    let due = desk.filed(60, plain).await;
    let mut anna = desk.head("anna.prova").await;
    let place = desk.confirmed(&mut anna, 60).await;
    desk.house.clock.advance(MINUTE * 15);
    desk.piece(&place).await;
    assert_eq!(desk.granted(&due).await, 25);
    assert!(anna.get(&place).await.text().contains("Accolte finora: 25. Rimaste fuori: 0. Ancora da accogliere: 35."));
    anna.post(&format!("{place}/ferma"), &[]).await;
    desk.later(MINUTE * 20).await;
    assert_eq!(desk.granted(&due).await, 25);
    assert!(anna.get(&place).await.text().contains("Accolte: 25. Rimaste fuori: 0. Non toccate: 35."));
}

#[tokio::test]
async fn only_who_heads_the_office_decides_together_and_only_its_own_cases() {
    let desk = Desk::new().await;
    desk.filed(2, plain).await;
    let mut anna = desk.head("anna.prova").await;
    let place = desk.confirmed(&mut anna, 2).await;
    let mut bruno = desk.house.officer("bruno.prova", "famiglia", "operator").await;
    let mut carla = desk.house.officer("carla.prova", "relazioni", identity::HEAD).await;
    for page in [MASS.to_owned(), place.clone(), format!("{place}/pratiche?esito=grantable")] {
        assert_eq!(bruno.get(&page).await.status, StatusCode::FORBIDDEN, "{page}");
    }
    for (form, fields) in [(MASS, vec![("servizio", SERVICE)]), (&place, vec![]), (&format!("{place}/ferma"), vec![])] {
        assert_eq!(bruno.post(form, &fields).await.status, StatusCode::FORBIDDEN, "{form}");
    }
    for page in [place.clone(), format!("{place}/pratiche?esito=grantable")] {
        assert_eq!(carla.get(&page).await.status, StatusCode::NOT_FOUND, "{page}");
    }
    assert_eq!(carla.post(&format!("{place}/ferma"), &[]).await.status, StatusCode::NOT_FOUND);
    assert!(
        !bruno.get(&format!("/ufficio/pratiche?servizio={SERVICE}")).await.text().contains("Decidi queste pratiche")
    );
    assert_eq!(anna.post(MASS, &[]).await.status, StatusCode::BAD_REQUEST, "of one service");
    let second = anna.post(MASS, &[("servizio", SERVICE)]).await;
    assert_eq!(second.location(), place, "one at a time");
}

#[tokio::test]
async fn whoever_does_not_head_the_office_any_more_decides_nothing() {
    let desk = Desk::new().await;
    let due = desk.filed(2, plain).await;
    let mut anna = desk.head("anna.prova").await;
    desk.confirmed(&mut anna, 2).await;
    let mut other = desk.head("olga.prova").await;
    desk.house.officer("anna.prova", "famiglia", "operator").await; // the same account, with less to say
    desk.later(MINUTE * 15).await;
    assert_eq!(desk.granted(&due).await, 0);
    let list = other.get(MASS).await.text();
    assert!(list.contains("Fermata"), "{list}");
}

#[tokio::test]
async fn a_window_is_decided_after_it_closed_and_in_its_order() {
    let desk = Desk::new().await;
    let due = desk.ranked(30).await;
    let mut carla = desk.house.officer("carla.prova", "relazioni", identity::HEAD).await;
    let wanted = [("servizio", "contributo-affitto")];
    assert_eq!(carla.post(MASS, &wanted).await.status, StatusCode::BAD_REQUEST, "there is no order yet");
    desk.house.clock.advance("2026-12-16T09:00:00Z".parse::<Timestamp>().unwrap().duration_since(crate::house::now()));
    let mut carla = desk.house.officer("carla.prova", "relazioni", identity::HEAD).await;
    let place = carla.post(MASS, &wanted).await.location().to_owned();
    desk.work().await;
    carla.post(&place, &[("conteggio", "30"), ("motivo", "Graduatoria approvata.")]).await;
    desk.house.clock.advance(MINUTE * 15);
    desk.piece(&place).await;
    // Filed from the richest to the poorest: the last ones come first.
    assert_eq!((desk.granted(&due[..5]).await, desk.granted(&due[5..]).await), (0, 25));
}

#[tokio::test]
async fn two_processes_grant_every_case_once() {
    let desk = Desk::new().await;
    let due = desk.filed(110, plain).await;
    let mut anna = desk.head("anna.prova").await;
    desk.confirmed(&mut anna, 110).await;
    desk.house.clock.advance(MINUTE * 15);
    let (one, other) = (desk.worker(), desk.worker_elsewhere().await);
    let (mine, theirs) = tokio::join!(one.do_due(), other.do_due());
    drop((mine, theirs)); // who came second at a job may have been refused: it is there for the other
    desk.later(MINUTE * 5).await;
    assert_eq!(desk.granted(&due).await, 110);
    for id in due {
        let kinds: Vec<_> = desk.case(id).await.acts.into_iter().map(|act| act.kind).collect();
        assert_eq!(kinds, [kind::SUBMITTED, kind::GRANTED]);
    }
}

impl Desk {
    /// The next piece of a mass decision that takes effect.
    async fn piece(&self, place: &str) {
        let id: Uuid = place.rsplit('/').next().unwrap().parse().unwrap();
        let mut tx = self.house.begin().await;
        MassJob::apply(self.house.cases.clone()).run(&mut tx, &json!({ "mass": id })).await.unwrap();
        tx.commit().await.unwrap();
    }
}
