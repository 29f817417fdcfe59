//! An office with many cases of one service.

use base::{Clock, Uuid, rome_date};
use cases::{
    Case, MassJob,
    payload::{Ordering, Submitted},
};
use jiff::SignedDuration;
use queue::{Waiting, Work};
use rules::{Decision, Moment, Unverified, Value};
use rust_decimal::Decimal;
use web::testing::Browser;

use crate::house::{House, MARIA, case_of, now};

pub const SERVICE: &str = "assegno-unico";
pub const MASS: &str = "/ufficio/decisioni-collettive";
/// What each case gives.
pub const LUMP: &str = "183.00";

pub struct Desk {
    pub house: House,
}

/// What the rules say of a case in which nothing is to be looked at.
fn decision(entitled: bool) -> Decision {
    let amount: Decimal = LUMP.parse().unwrap();
    Decision {
        moment: Moment::at(rome_date(now())),
        entitled: Some(entitled),
        amount: entitled.then_some(amount),
        reasons: Vec::new(),
        near_misses: Vec::new(),
        missing: Vec::new(),
        unverified: Vec::new(),
        trace: Vec::new(),
    }
}

pub fn plain(submitted: &mut Submitted) {
    submitted.decision = Some(decision(true));
}

pub fn refused(submitted: &mut Submitted) {
    submitted.decision = Some(decision(false));
}

pub fn uncertain(submitted: &mut Submitted) {
    let text = |text: &str| text.to_owned();
    let (name, paragraph) = (text("soglia"), text("art. 4 c. 1"));
    let point =
        Unverified { label: name.clone(), name, paragraph, text: text("importo: da verificare nella circolare") };
    submitted.decision = Some(Decision { unverified: vec![point], ..decision(true) });
}

impl Desk {
    pub async fn new() -> Self {
        let house = House::new().await;
        let mut tx = house.begin().await;
        house.cases.catalogue.publish_all(&mut tx, house.clock.now()).await.unwrap();
        tx.commit().await.unwrap();
        Self { house }
    }

    pub async fn head(&self, id: &str) -> Browser {
        self.house.officer(id, "famiglia", identity::HEAD).await
    }

    pub async fn filed(&self, many: usize, change: fn(&mut Submitted)) -> Vec<Uuid> {
        let version = self.house.cases.catalogue.service(SERVICE).unwrap().version.clone();
        let mut tx = self.house.begin().await;
        let mut filed = Vec::new();
        for _ in 0..many {
            let submitted = self.house.file(&mut tx, MARIA, |submitted| {
                (submitted.service, submitted.service_version) = (SERVICE.to_owned(), version.clone());
                change(submitted);
            });
            filed.push(case_of(&submitted.await));
        }
        tx.commit().await.unwrap();
        filed
    }

    /// Applications of a window, from the one that needs least to the one that needs most.
    pub async fn ranked(&self, many: i64) -> Vec<Uuid> {
        let service = self.house.cases.catalogue.service("contributo-affitto").unwrap();
        let mut tx = self.house.begin().await;
        let mut filed = Vec::new();
        for number in 0..many {
            let submitted = self.house.file(&mut tx, MARIA, |submitted| {
                (submitted.service, submitted.service_version) = (service.slug.clone(), service.version.clone());
                submitted.office = service.office.clone();
                submitted.answers.values.insert("isee".to_owned(), Value::Dec(Decimal::from(50_000 - number * 100)));
                let (order, datum, law) = ("need".to_owned(), "isee".to_owned(), "art. 4".to_owned());
                submitted.ordering = Some(Ordering { order, datum, law, lot: format!("{number:016x}") });
                plain(submitted);
            });
            filed.push(case_of(&submitted.await));
        }
        tx.commit().await.unwrap();
        filed
    }

    /// Begins a mass decision and tries all its cases; gives its page.
    pub async fn listed(&self, head: &mut Browser, whose: &str) -> String {
        let place = head.post(MASS, &[("servizio", SERVICE), ("chi", whose)]).await.location().to_owned();
        assert!(place.starts_with(MASS), "{place}");
        self.work().await;
        place
    }

    /// The same, confirmed for so many cases.
    pub async fn confirmed(&self, head: &mut Browser, many: usize) -> String {
        let place = self.listed(head, "").await;
        let many = many.to_string();
        let confirmed = head.post(&place, &[("conteggio", &many), ("motivo", "Requisiti verificati.")]).await;
        assert_eq!(confirmed.location(), place, "{}", confirmed.text());
        place
    }

    pub fn worker(&self) -> Work {
        let cases = || self.house.cases.clone();
        let jobs: Vec<std::sync::Arc<dyn queue::Job>> =
            vec![std::sync::Arc::new(MassJob::list(cases())), std::sync::Arc::new(MassJob::apply(cases()))];
        Work::new(self.house.database.clone(), self.house.clock.clone(), jobs)
    }

    /// The queue of another process.
    pub async fn worker_elsewhere(&self) -> Work {
        let cases = || self.house.cases.clone();
        Work::new(
            self.house.another().await,
            self.house.clock.clone(),
            vec![std::sync::Arc::new(MassJob::apply(cases()))],
        )
    }

    pub async fn work(&self) {
        self.worker().do_due().await.unwrap();
    }

    pub async fn later(&self, by: SignedDuration) {
        self.house.clock.advance(by);
        self.work().await;
    }

    pub async fn case(&self, id: Uuid) -> Case {
        cases::find(&mut self.house.database.read().await.unwrap(), id).await.unwrap().unwrap()
    }

    /// How many of these are granted.
    pub async fn granted(&self, ids: &[Uuid]) -> usize {
        let mut granted = 0;
        for id in ids {
            granted += usize::from(self.case(*id).await.state.is_granted());
        }
        granted
    }

    pub async fn waiting(&self) -> Vec<Waiting> {
        queue::waiting(&mut self.house.database.read().await.unwrap()).await.unwrap()
    }
}
