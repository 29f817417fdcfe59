use base::Clock;
use database::testing::TestDatabase;
use protocol::Protocol;

use crate::house::{MARIA, OFFICE, at};

/// A case, and its registration as the version before this room wrote it.
const BEFORE: [&str; 2] = [
    "INSERT INTO cases (id, service, service_version, service_name, office, applicant, applicant_name, state, \
        submitted_at, protocol_office, protocol_year, protocol_number, due, search) \
     VALUES ('00000000-0000-4000-8000-000000000001', 's', '1', 'S', 'famiglia', 'DMSMRA80A41H501R', 'Maria', \
        'received', '2026-03-02T09:00:00.000000Z', 'famiglia', 2026, 1, '2026-04-01', '')",
    "INSERT INTO protocol_entries (office, year, number, registered_at, direction, correspondent, subject, \
        fingerprint, case_id) \
     VALUES ('famiglia', 2026, 1, '2026-03-02T09:00:00.000000Z', 'in', 'Maria', 'Domanda', 'ab', \
        '00000000-0000-4000-8000-000000000001')",
];

#[tokio::test]
async fn what_an_older_version_registered_is_known_to_be_a_persons() {
    let rooms = [web::MIGRATIONS, identity::MIGRATIONS, cases::MIGRATIONS, &protocol::MIGRATIONS[..1]].concat();
    let data = TestDatabase::migrated(&rooms).await;
    let database = data.open().await;
    let mut tx = database.begin().await.unwrap();
    for sql in BEFORE {
        tx.execute(sql, &[]).await.unwrap();
    }
    tx.commit().await.unwrap();
    let clock = base::ManualClock::at(at("2026-03-03T09:00:00Z"));
    let all = [&rooms[..], &protocol::MIGRATIONS[1..]].concat();
    assert_eq!(database.migrate(&all, clock.now()).await.unwrap(), 1);
    let number = Protocol { office: OFFICE.to_owned(), year: 2026, number: 1 };
    let entry = protocol::find(&mut database.read().await.unwrap(), &number).await.unwrap().unwrap();
    assert_eq!(entry.correspondent.code, MARIA);
}
