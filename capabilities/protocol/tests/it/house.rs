//! A database with the register in it, the offices as they are declared, and a seal.

use std::sync::Arc;

use base::{Clock, ManualClock, Timestamp};
use catalogue::{Catalogue, Declared, Offer};
use database::{Database, Tx, testing::TestDatabase};
use protocol::{Correspondent, DailyRegisters, Direction, Document, Entry, Numbers, Seal, next_number};

pub const OFFICE: &str = "famiglia";
pub const MARIA: &str = "DMSMRA80A41H501R";
pub const LUCA: &str = "DMSLCU80A01H501D";

pub struct House {
    pub database: Database,
    pub clock: Arc<ManualClock>,
    pub catalogue: Catalogue,
    pub seal: Seal,
    pub folder: tempfile::TempDir,
    data: TestDatabase,
}

pub fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

impl House {
    pub async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(ManualClock::at(at("2026-03-02T09:00:00Z")));
        let rooms = [web::MIGRATIONS, identity::MIGRATIONS, cases::MIGRATIONS, protocol::MIGRATIONS];
        let data = TestDatabase::migrated(&rooms.concat()).await;
        let database = data.open().await;
        let catalogue = Catalogue::new(Offer::read(&Declared::read(&tidy::house()).unwrap()));
        let seal = Seal::open_or_create(&folder.path().join("keys"), "Ente di prova").unwrap();
        Self { database, clock, catalogue, seal, folder, data }
    }

    /// Another process on the same database.
    pub async fn other_process(&self) -> Database {
        self.data.open().await
    }

    pub fn daily(&self) -> DailyRegisters {
        DailyRegisters::new(self.database.clone(), self.clock.clone(), self.catalogue.clone(), self.seal.clone())
    }

    /// Registers something that came in now.
    pub async fn register(&self) -> Entry {
        let mut tx = self.database.begin().await.unwrap();
        let entry = register(&mut tx, OFFICE, self.clock.now()).await;
        tx.commit().await.unwrap();
        entry
    }
}

/// Something that came in from Maria.
pub fn incoming(numbers: &Numbers) -> Entry {
    let maria = Correspondent { name: "Maria Dimostrativa".to_owned(), code: MARIA.to_owned() };
    let document = Document {
        name: "domanda & co.json".to_owned(),
        media_type: "application/json".to_owned(),
        sha256: "ab".repeat(32),
    };
    Entry::new(numbers, Direction::In, maria, "Assegno unico <e universale>", document)
}

pub async fn register(tx: &mut Tx, office: &str, now: Timestamp) -> Entry {
    let entry = incoming(&next_number(tx, office, now).await.unwrap());
    protocol::register(tx, &entry).await.unwrap();
    entry
}
