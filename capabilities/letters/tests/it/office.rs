//! An office at work: a book of acts, the follower, the composer, the folders of `services/`.

use std::sync::Arc;

use acts::{Act, Actor, Door, NewAct};
use base::{Clock, ManualClock, SeededChance, Uuid};
use catalogue::{Catalogue, Declared, Offer};
use database::{Database, testing::TestDatabase};
use deadlines::{Calendar, Rules};
use letters::{Composer, DueLetters, Viewer};
use serde_json::{Value, json};

pub(crate) const CASE: Uuid = Uuid::from_u128(0x018f_2d3c_0000_7000_8000_0000_0000_0001);

/// The applicant.
pub(crate) const MARIA: Viewer<'static> = Viewer::Applicant("PRVMRA85A41H501V");

pub(crate) struct Office {
    pub(crate) database: Database,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) chance: Arc<SeededChance>,
    pub(crate) catalogue: Catalogue,
    pub(crate) composer: Composer,
    /// The folders as they are offered now.
    declared: Declared,
    _data: TestDatabase,
}

impl Office {
    pub(crate) async fn open() -> Self {
        let clock = Arc::new(ManualClock::at("2026-03-02T09:05:00Z".parse().unwrap()));
        let rooms = [acts::MIGRATIONS, web::MIGRATIONS, identity::MIGRATIONS, catalogue::MIGRATIONS];
        let rooms = [rooms.as_slice(), &[cases::MIGRATIONS, protocol::MIGRATIONS, letters::MIGRATIONS]].concat();
        let data = TestDatabase::migrated(&rooms.concat()).await;
        let database = data.open().await;
        let declared = Declared::read(&tidy::house()).unwrap();
        let (chance, catalogue) = (Arc::new(SeededChance::new(7)), Catalogue::new(Offer::read(&declared)));
        let composer = Composer {
            database: database.clone(),
            clock: clock.clone(),
            chance: chance.clone(),
            catalogue: catalogue.clone(),
            public_url: "https://sportello.example".to_owned(),
        };
        let office = Self { database, clock, chance, catalogue, composer, declared, _data: data };
        office.publish().await;
        office
    }

    async fn publish(&self) {
        let mut tx = self.database.begin().await.unwrap();
        self.catalogue.publish_all(&mut tx, self.clock.now()).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// Offers a service with another text in one of its files, as a new version; gives the text that was there.
    pub(crate) async fn rewrite(&mut self, slug: &str, path: &str, text: &str) -> String {
        let folder = self.declared.folders.iter_mut().find(|folder| folder.slug == slug).unwrap();
        let before = folder.files.insert(path.to_owned(), text.to_owned()).unwrap();
        let offer = Offer::read(&self.declared);
        assert!(offer.services.contains_key(slug), "{:#?}", offer.problems);
        self.catalogue.replace(offer);
        self.publish().await;
        before
    }

    /// Offers a service whose letter lies in another file.
    pub(crate) async fn rename(&mut self, slug: &str, from: &str, (to, text): (&str, &str)) {
        let folder = self.declared.folders.iter_mut().find(|folder| folder.slug == slug).unwrap();
        folder.files.remove(from).unwrap();
        folder.files.insert(to.to_owned(), String::new());
        self.rewrite(slug, to, text).await;
    }

    /// Why letters could not be composed.
    pub(crate) async fn failures(&self) -> Vec<String> {
        let mut tx = self.database.read().await.unwrap();
        letters::failures(&mut tx).await.unwrap().into_iter().map(|failed| failed.reason).collect()
    }

    pub(crate) async fn sql(&self, sql: &'static str) {
        let mut tx = self.database.begin().await.unwrap();
        tx.execute(sql, &[]).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// An application as `cases` files it, with the version that is offered now.
    pub(crate) fn application(&self, slug: &str) -> Value {
        let mut application = submitted(slug);
        application["service_version"] = json!(self.catalogue.service(slug).unwrap().version);
        application
    }

    pub(crate) async fn apply(&self, slug: &str) -> Act {
        self.write("submitted", self.application(slug)).await
    }

    pub(crate) async fn write(&self, kind: &'static str, payload: Value) -> Act {
        let actor = Actor {
            subject: "op1".into(),
            name: "Ugo Prova".into(),
            door: Door::Staff,
            level: 2,
            on_behalf_of: None,
            authority: None,
        };
        let act = NewAct { case: CASE, kind, actor, payload };
        let mut tx = self.database.begin().await.unwrap();
        let (now, chance) = (self.clock.now(), &*self.chance);
        let written = if kind == "submitted" {
            let rules = (&Rules::default(), &Calendar::default());
            cases::testing::open(&mut tx, chance, rules, (now, act)).await.unwrap().acts.remove(0)
        } else {
            acts::append(&mut tx, now, chance, None, &[act]).await.unwrap().remove(0)
        };
        tx.commit().await.unwrap();
        written
    }

    /// Follows and composes until nothing is left; tells how many letters were issued.
    pub(crate) async fn work(&self) -> usize {
        let mut issued = 0;
        loop {
            let followed = acts::catch_up(&self.database, &DueLetters).await.unwrap();
            let made = self.composer.compose_due().await.unwrap();
            issued += made;
            if followed + made == 0 {
                return issued;
            }
        }
    }

    pub(crate) async fn html(&self, seq: i64) -> String {
        let mut tx = self.database.read().await.unwrap();
        letters::html(&mut tx, CASE, seq, MARIA).await.unwrap().unwrap().1
    }

    pub(crate) async fn pdf(&self, seq: i64) -> Vec<u8> {
        let mut tx = self.database.read().await.unwrap();
        letters::pdf(&mut tx, CASE, seq, MARIA).await.unwrap().unwrap().1
    }
}

/// With a version that nobody keeps.
pub(crate) fn submitted(service: &str) -> Value {
    json!({
        "service": service, "service_version": "v1", "service_name": "Assegno unico", "office": "famiglia",
        "office_name": "Ufficio Famiglia", "responsible": "Responsabile dell’Ufficio Famiglia e Genitorialità",
        "applicant": { "fiscal_code": "PRVMRA85A41H501V", "name": "Maria Prova *D’Àquila*" },
        "protocol": { "office": "famiglia", "year": 2026, "number": 123 },
        "answers": {
            "values": { "isee": { "dec": "24210.50" }, "residente_in_italia": true, "iban": "IT60X0542811101000000123456", "allegati": "0190-a,0190-b" },
            "groups": { "figli": [{ "nome": "Ada <Prova>", "data_nascita": { "date": "2019-05-04" }, "disabilita": "nessuna" }] },
        },
        "sources": { "isee": { "registry": "inps-isee", "registry_name": "ISEE (INPS)", "recorded_on": "2026-01-20" } },
        "attachments": [{ "upload": "0190-a", "file_name": "contratto <1>.pdf", "sha256": "00" }],
        "decision": decision(true),
        "due": "2026-04-01",
        "remedies": "Se il termine passa senza risposta puoi chiedere di concludere al titolare del potere sostitutivo.",
    })
}

/// A decision as `rules` makes it.
pub(crate) fn decision(entitled: bool) -> Value {
    let used =
        json!([{ "name": "isee", "label": "ISEE", "member": null, "value": { "dec": "24210.50" }, "unit": "euro" }]);
    json!({
        "moment": { "on": "2026-03-02", "known": "2026-03-02" },
        "entitled": entitled,
        "amount": if entitled { json!("167.3") } else { Value::Null },
        "reasons": [
            { "rule": "residente", "label": "Residenza e domicilio in Italia", "paragraph": "art. 3 c. 1 lett. c", "member": null,
              "value": entitled, "unit": "sì/no", "requirement": true, "satisfied": entitled,
              "note": if entitled { Value::Null } else { json!("non risulta residente") }, "values_used": [] },
            { "rule": "quota", "label": "Quota per il figlio minorenne", "paragraph": "art. 4 c. 1",
              "member": { "relation": "figli", "index": 0 }, "value": { "dec": "167.3" }, "unit": "euro/mese",
              "requirement": false, "satisfied": entitled, "note": null, "values_used": used },
        ],
        "near_misses": [
            { "rule": "isee", "label": "ISEE", "paragraph": "art. 4 c. 1", "member": null, "now": { "dec": "24210.50" },
              "needed": { "dec": "24000" }, "distance": "210.50", "unit": "euro", "improves": true,
              "entitled_then": true, "amount_then": "168.50" },
        ],
        "missing": [], "trace": [],
    })
}
