//! Applications that cannot be written as they came.

use std::time::{Duration, Instant};

use base::{ManualClock, SeededChance};
use catalogue::{Declared, Offer};
use database::testing::TestDatabase;
use web::{Mode, Settings, Words};

use super::*;
use crate::{
    payload::{Protocol, Source},
    testing,
};

const MARIA: &str = "DMSMRA80A41H501R";
const LUCA: &str = "DMSLCU80A01H501D";

struct Bench {
    clerk: Clerk,
    _data: TestDatabase,
}

impl Bench {
    async fn at(now: &str) -> Self {
        let rooms = [
            [acts::MIGRATIONS, queue::MIGRATIONS, web::MIGRATIONS, identity::MIGRATIONS].concat(),
            [registry::MIGRATIONS, catalogue::MIGRATIONS, crate::MIGRATIONS, protocol::MIGRATIONS].concat(),
        ];
        let data = TestDatabase::migrated(&rooms.concat()).await;
        let (clock, chance) = (Arc::new(ManualClock::at(now.parse().unwrap())), Arc::new(SeededChance::new(7)));
        let settings = Settings::new("http://localhost:8080", Mode::Demo);
        let web = Web::new(data.open().await, clock, chance, settings, Words::merge(&[web::WORDS]).unwrap());
        let catalogue = Catalogue::new(Offer::read(&Declared::read(&tidy::house()).unwrap()));
        Self { clerk: Clerk { web, catalogue }, _data: data }
    }

    /// What somebody sends for a service, and where the answer arrives.
    fn sent(&self, applicant: &str, service: &str) -> (Waiting, oneshot::Receiver<Result<Filed, Failure>>) {
        let service = self.clerk.catalogue.service(service).unwrap();
        let day = rome_date(self.clerk.web.clock().now());
        let filing = Filing {
            case: base::new_id(self.clerk.web.clock(), self.clerk.web.chance()),
            key: format!("{applicant} {}", service.slug),
            claim: Claim::oneself(Actor { subject: applicant.to_owned(), ..Actor::system() }),
            actor: Actor { subject: applicant.to_owned(), door: acts::Door::Citizen, ..Actor::system() },
            draft_owner: applicant.to_owned(),
            submitted: testing::submitted(applicant, Protocol::awaited(&service.office, day)),
            service,
            calendar: Arc::default(),
            day,
            uploads: Vec::new(),
            known: BTreeSet::new(),
        };
        let (tell, told) = oneshot::channel();
        (Waiting { filing, tell }, told)
    }

    /// The years of the register under which applications were written.
    async fn years(&self) -> Vec<i64> {
        let mut tx = self.clerk.web.database().read().await.unwrap();
        let rows = tx.rows("SELECT protocol_year FROM cases ORDER BY protocol_year", &[]).await.unwrap();
        rows.iter().map(|row| row.int("protocol_year").unwrap()).collect()
    }
}

#[tokio::test]
async fn whoever_was_told_that_nothing_was_written_has_filed_nothing() {
    let bench = Bench::at("2026-11-21T10:00:00Z").await;
    let ((gone, _), (waits, told)) = (bench.sent(MARIA, "istanza-generica"), bench.sent(LUCA, "istanza-generica"));
    bench.clerk.write(vec![gone, waits]).await;
    assert!(matches!(told.await.unwrap(), Ok(Filed::Case(_))));
    let (gone, _) = bench.sent(MARIA, "istanza-generica");
    bench.clerk.write(vec![gone]).await;
    assert_eq!(bench.years().await, [2026], "who had gone has no case");
}

#[tokio::test]
async fn a_database_that_is_busy_for_everybody_is_asked_once() {
    let bench = Bench::at("2026-11-21T10:00:00Z").await;
    let (batch, told): (Vec<_>, Vec<_>) =
        [MARIA, LUCA].into_iter().map(|who| bench.sent(who, "istanza-generica")).unzip();
    let writer = bench.clerk.web.database().begin().await.unwrap();
    let began = Instant::now();
    bench.clerk.write(batch).await;
    assert!(began.elapsed() < Duration::from_secs(9), "as long as one waits for a turn, not as long as each");
    for told in told {
        assert!(matches!(told.await.unwrap(), Err(Failure::Busy)));
    }
    drop(writer);
}

#[tokio::test]
async fn over_new_year_each_application_gets_a_number_of_its_own_year() {
    let bench = Bench::at("2026-12-31T22:59:00Z").await;
    let services = ["assegno-unico", "istanza-generica"].map(|slug| bench.clerk.catalogue.service(slug).unwrap());
    assert!(services[0].office < services[1].office, "the register that is further comes second");
    // Another process, whose clock is ahead, has closed the year of one of them.
    let closed = "INSERT INTO protocol_registers (office, year, last, last_at) \
                  VALUES ($1, 2026, 0, '2026-12-31T23:00:00.000000Z')";
    let mut tx = bench.clerk.web.database().begin().await.unwrap();
    tx.execute(closed, database::params![&services[1].office]).await.unwrap();
    tx.commit().await.unwrap();
    let sent = [bench.sent(MARIA, "assegno-unico"), bench.sent(LUCA, "istanza-generica")];
    let (batch, told): (Vec<_>, Vec<_>) = sent.into_iter().unzip();
    bench.clerk.write(batch).await;
    for told in told {
        assert!(matches!(told.await.unwrap(), Ok(Filed::Case(_))));
    }
    assert_eq!(bench.years().await, [2026, 2027]);
}

#[tokio::test]
async fn a_new_account_is_not_filed_when_a_second_identity_came_after_the_page_was_read() {
    const IBAN: &str = "IT60X0542811101000000123456";
    let bench = Bench::at("2026-11-21T10:00:00Z").await;
    let mut tx = bench.clerk.web.database().begin().await.unwrap();
    for (provider, at) in [("uno", "2026-01-01T00:00:00Z"), ("due", "2026-11-21T09:59:00Z")] {
        let sql =
            "INSERT INTO identity_pairs (fiscal_code, provider, spid_code, first_login_at) VALUES ($1, $2, $2, $3)";
        tx.execute(sql, database::params![MARIA, provider, at.parse::<Timestamp>().unwrap()]).await.unwrap();
    }
    tx.commit().await.unwrap();
    let file = async |who: &str, known: bool| {
        let (mut sent, told) = bench.sent(who, "assegno-unico");
        let submitted = &mut sent.filing.submitted;
        forms::Path::of("iban").set(&mut submitted.answers, rules::Value::Text(IBAN.to_owned()));
        if known {
            let (registry, registry_name) = ("inps-pagamenti".to_owned(), "Archivio dei pagamenti".to_owned());
            let source = Source { registry, registry_name, recorded_on: "2026-01-01".parse().unwrap() };
            submitted.sources.insert("iban".to_owned(), source);
        }
        bench.clerk.write(vec![sent]).await;
        told.await.unwrap().unwrap()
    };
    assert_eq!(file(MARIA, false).await, Filed::Frozen);
    assert!(bench.years().await.is_empty(), "nothing is written");
    assert!(matches!(file(LUCA, false).await, Filed::Case(_)), "whose identity is one");
    assert!(matches!(file(MARIA, true).await, Filed::Case(_)), "a registry's account is no new one");
}
