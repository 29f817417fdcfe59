//! A small program with the notary's pages on a database of its own, and a room of documents that is only a list.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use acts::{Act, Actor, NewAct};
use async_trait::async_trait;
use axum::{
    Router,
    body::Body,
    http::{Request, header},
    response::{IntoResponse, Redirect},
    routing::post,
};
use base::{ManualClock, SeededChance, Uuid};
use cases::payload::LetterIssued;
use catalogue::{Catalogue, Offer};
use database::{Database, Param, Tx, testing::TestDatabase};
use deadlines::{Calendar, Rules};
use notary::{Documents, Notary};
use proofs::SignerKey;
use serde_json::{Value, json};
use web::{Answer, Door, Mode, NewSession, Settings, Visit, Web, Words, sessions, testing::Reply};

pub const ORIGIN: &str = "sportello.example/registro";
pub const MARIA: &str = "DMSMRA80A41H501R";
pub const LUCA: &str = "DMSLCU80A01H501D";

/// A document: its case, the act that issued it, the PDF.
type Paper = (Uuid, i64, Vec<u8>);

/// Documents by identifier.
#[derive(Default)]
pub struct Shelf(Mutex<BTreeMap<Uuid, Paper>>);

#[async_trait]
impl Documents for Shelf {
    async fn pdf(&self, _: &mut Tx, document: Uuid) -> database::Result<Option<Vec<u8>>> {
        Ok(self.0.lock().unwrap().get(&document).map(|(.., pdf)| pdf.clone()))
    }

    async fn issued_by(&self, _: &mut Tx, document: Uuid) -> database::Result<Option<(Uuid, i64)>> {
        Ok(self.0.lock().unwrap().get(&document).map(|(case, seq, _)| (*case, *seq)))
    }
}

pub struct House {
    pub database: Database,
    pub notary: Notary,
    pub web: Web,
    pub shelf: Arc<Shelf>,
    router: Router,
    _data: TestDatabase,
}

impl House {
    pub async fn new() -> Self {
        let clock = Arc::new(ManualClock::at("2026-03-02T09:00:00Z".parse().unwrap()));
        let steps = [
            web::MIGRATIONS,
            acts::MIGRATIONS,
            identity::MIGRATIONS,
            cases::MIGRATIONS,
            protocol::MIGRATIONS,
            notary::MIGRATIONS,
        ]
        .concat();
        let data = TestDatabase::migrated(&steps).await;
        let database = data.open().await;
        let words = Words::merge(&[web::WORDS, cases::WORDS, notary::WORDS]).unwrap();
        let settings = Settings::new("http://localhost:8080", Mode::Demo);
        let web = Web::new(database.clone(), clock, Arc::new(SeededChance::new(7)), settings, words);
        let key = Arc::new(SignerKey::new(ORIGIN, &[3; 32]).unwrap());
        let shelf = Arc::new(Shelf::default());
        let notary = Notary::new(web.clone(), key, shelf.clone(), Catalogue::new(Offer::default()));
        let routes = notary::router(notary.clone()).route("/entra", post(enter));
        let router = web::frame(routes, web.clone());
        Self { database, notary, web, shelf, router, _data: data }
    }

    pub async fn send(&self, method: &str, path: &str, cookie: &str) -> Reply {
        let request = Request::builder().method(method).uri(path);
        let request = request.header(header::HOST, "localhost:8080").header(header::COOKIE, cookie);
        Reply::of(&self.router, request.body(Body::empty()).unwrap()).await
    }

    pub async fn get(&self, path: &str) -> Reply {
        self.send("GET", path, "").await
    }

    /// Logs a person in and gives the cookie.
    pub async fn login(&self, fiscal_code: &str) -> String {
        let reply = self.send("POST", &format!("/entra?chi={fiscal_code}"), "").await;
        reply.cookie("sportello")
    }

    /// Writes `many` acts without a case behind them: for the log alone.
    pub async fn write_acts(&self, many: usize) -> Vec<Act> {
        let mut tx = self.database.begin().await.unwrap();
        let new = NewAct {
            case: Uuid::from_u128(77),
            kind: "taken",
            actor: Actor::system(),
            payload: json!({ "officer": "op-1", "officer_name": "Olga Inventata" }),
        };
        let (now, chance) = (self.web.clock().now(), self.web.chance());
        let written = acts::append(&mut tx, now, chance, None, &vec![new; many]).await.unwrap();
        tx.commit().await.unwrap();
        written
    }

    pub async fn follow(&self) -> usize {
        acts::catch_up(&self.database, &self.notary).await.unwrap()
    }

    /// Files an application as `cases` does.
    pub async fn file(&self, fiscal_code: &str) -> Act {
        let mut tx = self.database.begin().await.unwrap();
        let now = self.web.clock().now();
        let numbers = protocol::next_number(&mut tx, "aoo-demo", now).await.unwrap();
        let submitted = cases::testing::submitted(fiscal_code, numbers.first.clone());
        let case = base::new_id(self.web.clock(), self.web.chance());
        let payload = serde_json::to_value(&submitted).unwrap();
        let actor = Actor { subject: fiscal_code.to_owned(), door: acts::Door::Citizen, ..Actor::system() };
        let act = NewAct { case, kind: "submitted", actor, payload };
        let rules = (&Rules::default(), &Calendar::default());
        let entry = cases::testing::entry(&numbers, &act, &submitted);
        cases::testing::open(&mut tx, self.web.chance(), rules, (now, act)).await.unwrap();
        protocol::register(&mut tx, &entry).await.unwrap();
        let act = acts::one(&mut tx, case, 1).await.unwrap().unwrap();
        tx.commit().await.unwrap();
        act
    }

    /// Writes one more act of a case; gives its place.
    pub async fn add(&self, case: Uuid, kind: &'static str, payload: Value) -> i64 {
        let act = NewAct { case, kind, actor: Actor::system(), payload };
        let mut tx = self.database.begin().await.unwrap();
        let (now, chance) = (self.web.clock().now(), self.web.chance());
        let written = acts::append(&mut tx, now, chance, None, &[act]).await.unwrap();
        tx.commit().await.unwrap();
        written[0].seq
    }

    /// Destroys what a case says, as `cases` does.
    pub async fn destroy(&self, case: Uuid) {
        let seq = self.add(case, "destroyed", json!({})).await;
        let mut tx = self.database.begin().await.unwrap();
        acts::erase(&mut tx, case, seq).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// Issues the receipt's letter as `letters` does; gives the document's identifier.
    pub async fn issue_letter(&self, case: Uuid, pdf: &[u8]) -> Uuid {
        let document = base::new_id(self.web.clock(), self.web.chance());
        let letter = LetterIssued {
            letter: "ricevuta".to_owned(),
            title: "Ricevuta di presentazione".to_owned(),
            file_name: "ricevuta-0000001-2026.pdf".to_owned(),
            act_seq: 1,
            sha256: hex::encode(<sha2::Sha256 as sha2::Digest>::digest(pdf)),
            document: document.to_string(),
        };
        let payload = serde_json::to_value(letter).unwrap();
        let act = NewAct { case, kind: "letter-issued", actor: Actor::system(), payload };
        let mut tx = self.database.begin().await.unwrap();
        let (now, chance) = (self.web.clock().now(), self.web.chance());
        let written = acts::append(&mut tx, now, chance, None, &[act]).await.unwrap();
        tx.commit().await.unwrap();
        self.shelf.0.lock().unwrap().insert(document, (case, written[0].seq, pdf.to_vec()));
        document
    }

    /// Runs one statement behind everybody's back.
    pub async fn tamper(&self, sql: &str) {
        self.tamper_with(sql, &[]).await;
    }

    pub async fn tamper_with(&self, sql: &str, params: &[Param]) {
        let mut tx = self.database.begin().await.unwrap();
        assert!(tx.execute(sql, params).await.unwrap() > 0, "nothing was tampered with: {sql}");
        tx.commit().await.unwrap();
    }

    pub async fn audit(&self) -> Vec<String> {
        let mut tx = self.database.read().await.unwrap();
        notary::audit(&mut tx, self.notary.verifier(), base::Language::Italian).await.unwrap()
    }
}

async fn enter(visit: Visit) -> Answer {
    let subject = visit.query("chi").unwrap_or_default();
    let data: Value = json!({
        "name": { "surname": "Dimostrativa", "given": "Maria" },
        "born": null, "provider": "prova", "name_id": "n", "session_index": null,
    });
    let new = NewSession { subject, name: "Maria Dimostrativa".to_owned(), door: Door::Citizen, level: 2, data };
    let mut tx = visit.web.database().begin().await?;
    let cookie = sessions::begin(&mut tx, &visit, new).await?;
    tx.commit().await?;
    Ok((cookie, Redirect::to("/pratiche")).into_response())
}
