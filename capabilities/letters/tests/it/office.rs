//! An office at work on a SQLite file: a book of acts, the follower, the composer, the folders of `services/`.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use acts::{Act, Actor, Door, NewAct};
use async_trait::async_trait;
use base::{Clock, Language, ManualClock, SeededChance, Uuid};
use catalogue::{Declared, Offer};
use database::{Database, Tx};
use letters::{
    Composer, DueLetters, Folders, Names, OfficeFacts, QuestionFacts, ServiceFacts, Shape, Viewer, compose::Letterhead,
};
use rules::Unit;
use serde_json::{Value, json};

pub(crate) const CASE: Uuid = Uuid::from_u128(0x018f_2d3c_0000_7000_8000_0000_0000_0001);

/// The applicant.
pub(crate) const MARIA: Viewer<'static> = Viewer::Applicant("PRVMRA85A41H501V");

/// Services on a shelf instead of in a catalogue.
#[derive(Default)]
pub(crate) struct Shelf(pub(crate) Mutex<BTreeMap<String, ServiceFacts>>);

#[async_trait]
impl Folders for Shelf {
    async fn service(&self, _: &mut Tx, slug: &str, _: &str) -> Result<Option<Arc<ServiceFacts>>, String> {
        Ok(self.0.lock().unwrap().get(slug).cloned().map(Arc::new))
    }
}

pub(crate) struct Office {
    pub(crate) database: Database,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) chance: Arc<SeededChance>,
    pub(crate) shelf: Arc<Shelf>,
    pub(crate) composer: Composer,
    _folder: tempfile::TempDir,
}

impl Office {
    pub(crate) async fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::open(&format!("sqlite:{}/office.db", folder.path().display())).await.unwrap();
        let clock = Arc::new(ManualClock::at("2026-03-02T09:05:00Z".parse().unwrap()));
        let steps: Vec<_> = [acts::MIGRATIONS, web::MIGRATIONS, identity::MIGRATIONS, letters::MIGRATIONS].concat();
        database.migrate(&steps, clock.now()).await.unwrap();
        let (chance, shelf) = (Arc::new(SeededChance::new(7)), Arc::new(Shelf::default()));
        let composer = Composer {
            database: database.clone(),
            clock: clock.clone(),
            chance: chance.clone(),
            folders: shelf.clone(),
            public_url: "https://sportello.example".to_owned(),
        };
        Self { database, clock, chance, shelf, composer, _folder: folder }
    }

    pub(crate) fn put(&self, slug: &str) {
        self.shelf.0.lock().unwrap().insert(slug.to_owned(), service(slug));
    }

    pub(crate) async fn write(&self, kind: &'static str, payload: Value) -> Act {
        let actor =
            Actor { subject: "op1".into(), name: "Ugo Prova".into(), door: Door::Staff, level: 2, on_behalf_of: None };
        let act = NewAct { case: CASE, kind, actor, payload };
        let mut tx = self.database.begin().await.unwrap();
        let written = acts::append(&mut tx, &*self.clock, &*self.chance, None, &[act]).await.unwrap();
        tx.commit().await.unwrap();
        written[0].clone()
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

/// A service with the letters of its real folder.
fn service(slug: &str) -> ServiceFacts {
    let offer = Offer::read(&Declared::read(&tidy::house()).unwrap());
    let folder = tidy::house().join("services").join(slug).join("letters");
    let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    let letters = files
        .map(|path| (path.file_stem().unwrap().to_str().unwrap().to_owned(), std::fs::read_to_string(path).unwrap()));
    let choices = [("nessuna".to_owned(), "Nessuna".to_owned())].into();
    let question =
        |name: &str, label: &str, shape| QuestionFacts { name: name.to_owned(), label: label.to_owned(), shape };
    let german = Names { office: "Amt für Familie und Elternschaft".to_owned(), ..Names::default() };
    let law = offer.services[slug].law.clone();
    ServiceFacts {
        name: "Assegno unico e universale per i figli".to_owned(),
        letters: letters.collect(),
        appeal: "Contro un rifiuto puoi presentare ricorso al comitato entro 90 giorni da quando lo ricevi.".to_owned(),
        office: OfficeFacts {
            head: Letterhead {
                body: "Istituto Dimostrativo di Previdenza".to_owned(),
                name: "Ufficio Famiglia e Genitorialità".to_owned(),
                address: "Via dell’Esempio 1, 00100 Roma".to_owned(),
                pec: "famiglia@pec.istituto.example".to_owned(),
            },
            phone: "06 0000 0010".to_owned(),
            hours: "dal lunedì al venerdì, dalle 9 alle 13".to_owned(),
            substitute: "Direzione centrale Prestazioni".to_owned(),
            substitute_pec: "sostituto@pec.istituto.example".to_owned(),
            privacy: "protezionedati@istituto.example".to_owned(),
        },
        questions: vec![
            question("figli.nome", "Nome e cognome", Shape::Plain),
            question("figli.data_nascita", "Data di nascita", Shape::Plain),
            question("figli.disabilita", "Disabilità riconosciuta", Shape::Choice(choices)),
            question("isee", "ISEE", Shape::Money),
            question("residente_in_italia", "Sei residente e domiciliato in Italia?", Shape::Plain),
            question("iban", "IBAN del conto su cui ricevere l’assegno", Shape::Plain),
            question("allegati", "Documenti allegati", Shape::Files),
        ],
        abroad: [(Language::German, german)].into(),
        law,
        pays: Some(Unit::EuroPerMonth),
    }
}

/// An application as `cases` files it.
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
