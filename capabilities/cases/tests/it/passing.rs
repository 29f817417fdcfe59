//! A case that one office passes on to another, through the door: which office finds it afterwards, and what both registers
//! say.

use base::Uuid;
use cases::{find, office_of, testing};
use database::params;
use proptest::prelude::*;
use protocol::{Direction, Entry};
use web::testing::Browser;

use crate::house::{House, MARIA, OFFICE, case_of, now};

const OFFICES: [&str; 3] = ["relazioni", "famiglia", "lavoro"];
const SERVICE: &str = "istanza-generica";

/// An office with one request, that came to `relazioni`.
struct Desk {
    house: House,
    case: Uuid,
    officers: Vec<Browser>,
}

impl Desk {
    async fn new() -> Self {
        let house = House::new().await;
        let mut tx = house.begin().await;
        house.cases.catalogue.publish_all(&mut tx, now()).await.unwrap();
        let version = house.cases.catalogue.service(SERVICE).unwrap().version.clone();
        let change = |submitted: &mut cases::payload::Submitted| {
            (submitted.service, submitted.service_version) = (SERVICE.to_owned(), version);
            submitted.office = OFFICES[0].to_owned();
        };
        let case = case_of(&house.file(&mut tx, MARIA, change).await);
        tx.commit().await.unwrap();
        let mut officers = Vec::new();
        for office in OFFICES {
            officers.push(house.officer(&format!("chi.{office}"), office, identity::HEAD).await);
        }
        Self { house, case, officers }
    }

    fn place(&self) -> String {
        format!("/ufficio/pratiche/{}", self.case)
    }

    async fn pass(&mut self, from: usize, to: usize) -> (u16, String) {
        let place = format!("{}/trasmissione", self.place());
        let typed = [("ufficio", OFFICES[to]), ("motivo", "È materia dell’altro ufficio.")];
        let answer = self.officers[from].post(&place, &typed).await;
        (answer.status.as_u16(), answer.text())
    }

    /// Every way to see the case is open to one office, and shut to the others.
    async fn is_only_at(&mut self, has: usize) {
        for (at, office) in OFFICES.into_iter().enumerate() {
            let one = at == has;
            let place = self.place();
            let page = self.officers[at].get(&place).await;
            assert_eq!(page.status.as_u16(), if one { 200 } else { 404 }, "{office}");
            for wanted in ["", "?q=maria", "?q=DMSMRA80A"] {
                let list = self.officers[at].get(&format!("/ufficio/pratiche{wanted}")).await;
                assert_eq!(list.text().contains(&place), one, "{office} {wanted}");
            }
            let mut tx = self.house.database.read().await.unwrap();
            assert_eq!(testing::find_in_office(&mut tx, self.case, office).await.unwrap().is_some(), one, "{office}");
            let keys = "SELECT count(*) AS n FROM case_names WHERE office = $1 AND case_id = $2";
            assert_eq!(tx.number(keys, params![office, self.case]).await.unwrap() > 0, one, "{office}");
        }
        let mut tx = self.house.database.read().await.unwrap();
        assert_eq!(office_of(&mut tx, self.case).await.unwrap().as_deref(), Some(OFFICES[has]));
    }

    async fn entries(&self, office: &str) -> Vec<Entry> {
        protocol::entries(&mut self.house.database.read().await.unwrap(), office, 2026).await.unwrap()
    }
}

#[tokio::test]
async fn both_registers_say_that_it_went_and_came() {
    let mut desk = Desk::new().await;
    assert_eq!(desk.pass(0, 1).await.0, 303);
    let (out, taken_in) = (desk.entries("relazioni").await.remove(0), desk.entries(OFFICE).await.pop().unwrap());
    assert_eq!((out.direction, taken_in.direction), (Direction::Out, Direction::In));
    assert_eq!(out.correspondent.name, "Ufficio Famiglia e Genitorialità");
    assert_eq!(taken_in.correspondent.name, "Ufficio Relazioni con il Pubblico");
    assert_eq!(taken_in.received.as_ref().unwrap().protocol, format!("RELPUB {}", out.protocol));
    assert_eq!(
        (out.registered_at, &out.document),
        (taken_in.registered_at, &taken_in.document),
        "one instant, one act"
    );
    assert_eq!(out.attachments[0].name, "domanda.json", "what passed");
    let filed = desk.entries(OFFICE).await.remove(0);
    assert_eq!(out.attachments[0].sha256, filed.document.sha256, "is what was registered when it was filed");
    let case = find(&mut desk.house.database.read().await.unwrap(), desk.case).await.unwrap().unwrap();
    let passed = case.passed_on.unwrap();
    assert_eq!(
        (passed.sent, passed.received),
        (Some(out.protocol), Some(taken_in.protocol)),
        "both numbers are in the act"
    );
    assert_eq!(out.act, Some((case.id, 2)));
    assert_eq!(taken_in.act, out.act);
}

#[tokio::test]
async fn what_is_wrong_in_the_form_is_said_and_what_was_typed_is_kept() {
    let mut desk = Desk::new().await;
    let place = format!("{}/trasmissione", desk.place());
    let page = desk.officers[0].get(&place).await.text();
    assert!(page.contains("cambia: 21 dicembre 2026") && page.contains("Ufficio Sostegno al Reddito"), "{page}");
    assert!(!page.contains("value=\"relazioni\""), "not where it is already");
    for (office, reason, told) in [
        ("", "Non è nostra", "Scegli l’ufficio competente"),
        ("relazioni", "Non è nostra", "Scegli l’ufficio competente"),
        ("famiglia", " ", "Scrivi"),
    ] {
        let again = desk.officers[0].post(&place, &[("ufficio", office), ("motivo", reason)]).await;
        assert_eq!(again.status.as_u16(), 422, "{office}");
        let again = again.text();
        assert!(again.contains(told) && again.contains(reason), "{office}: {again}");
    }
    desk.is_only_at(0).await;
}

#[tokio::test]
async fn an_office_passes_on_what_it_has_and_the_same_form_twice_does_it_once() {
    let mut desk = Desk::new().await;
    assert_eq!(desk.pass(1, 2).await.0, 404, "it is not theirs");
    assert_eq!(desk.pass(0, 1).await.0, 303);
    assert_eq!(desk.pass(0, 1).await.0, 303, "the same form: done already");
    assert_eq!(desk.pass(0, 2).await.0, 404, "another one: the case is somebody else's");
    desk.is_only_at(1).await;
    assert_eq!(desk.pass(1, 0).await.0, 303);
    desk.is_only_at(0).await;
    assert_eq!(desk.pass(0, 1).await.0, 303, "it came back, and passes again");
    desk.is_only_at(1).await;
    let case = find(&mut desk.house.database.read().await.unwrap(), desk.case).await.unwrap().unwrap();
    assert_eq!(case.acts.len(), 4);
    assert_eq!((desk.entries("relazioni").await.len(), desk.entries(OFFICE).await.len()), (3, 4));
}

#[tokio::test]
async fn a_list_of_many_numbers_and_a_search_by_number_hold_what_came_from_elsewhere() {
    let mut desk = Desk::new().await;
    assert_eq!(desk.pass(0, 2).await.0, 303);
    for typed in ["1", "0000001/2026", "FAMGEN 0000001/2026", "maria 1"] {
        let found = desk.officers[2].get(&format!("/ufficio/pratiche?q={}", typed.replace(' ', "+"))).await;
        assert!(found.text().contains(&desk.place()), "{typed}");
        let before = desk.officers[0].get(&format!("/ufficio/pratiche?q={}", typed.replace(' ', "+"))).await;
        assert!(!before.text().contains(&desk.place()), "{typed}");
    }
    // With another register's code it is another case.
    let other = desk.officers[2].get("/ufficio/pratiche?q=RELPUB+0000001/2026").await;
    assert!(!other.text().contains(&desk.place()), "{}", other.text());
    let file = [("formato", "csv")];
    let there = desk.officers[2].post("/ufficio/pratiche/esporta", &file).await;
    assert_eq!(there.text().lines().count(), 2, "{}", there.text());
    let before = desk.officers[0].post("/ufficio/pratiche/esporta", &file).await;
    assert_eq!(before.text().lines().count(), 1, "{}", before.text());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, max_shrink_iters: 20, ..ProptestConfig::default() })]

    /// Whoever passes it on, or tries to: one office has it, and no other finds it.
    #[test]
    fn two_offices_never_both_have_a_case(steps in prop::collection::vec((0_usize..3, 0_usize..3), 1..5)) {
        tokio::runtime::Runtime::new().unwrap().block_on(async {
            let (mut desk, mut has) = (Desk::new().await, 0);
            for (from, to) in steps {
                let (status, _) = desk.pass(from, to).await;
                if from == has && to != has {
                    assert_eq!(status, 303);
                    has = to;
                }
                desk.is_only_at(has).await;
            }
        });
    }
}
