//! Terms that execute by themselves: through the queue, over restarts, with two workers, with a clock that is put back.

use std::sync::Arc;

use base::{Clock, ManualClock, Timestamp, Uuid, rome_date};
use cases::{Case, SettleBySilence, State, find, measured};
use catalogue::{Catalogue, Declared, Offer};
use deadlines::{Calendar, Rules, Silence};
use jiff::SignedDuration;
use queue::Work;

use crate::house::{House, LUCA, case_of, now};

const SERVICE: &str = "accesso-documenti";

/// The rules of the service, as its folder declares them.
fn rules() -> Rules {
    Rules { silence: Silence::Refusal, law: "art. 25, comma 4, L. 241/1990".to_owned(), ..Rules::default() }
}

/// A process of its own on the house's database.
async fn process(house: &House, clock: &Arc<ManualClock>) -> Work {
    let database = house.another().await;
    let web = house.web_at(database.clone(), clock.clone());
    let catalogue = Catalogue::new(Offer::read(&Declared::read(&tidy::house()).unwrap()));
    let mut tx = database.begin().await.unwrap();
    catalogue.publish_all(&mut tx, clock.now()).await.unwrap();
    tx.commit().await.unwrap();
    let cases = cases::Cases::new(web, catalogue, Arc::new(Calendar::default()));
    Work::new(database, clock.clone(), vec![Arc::new(SettleBySilence(cases))])
}

async fn filed(house: &House) -> Uuid {
    let catalogue = Catalogue::new(Offer::read(&Declared::read(&tidy::house()).unwrap()));
    let version = catalogue.service(SERVICE).unwrap().version.clone();
    let mut tx = house.begin().await;
    let change = |submitted: &mut cases::payload::Submitted| {
        submitted.service = SERVICE.to_owned();
        submitted.service_version = version;
        submitted.office = "relazioni".to_owned();
    };
    let submitted = house.file_under(&mut tx, LUCA, &rules(), change).await;
    tx.commit().await.unwrap();
    case_of(&submitted)
}

async fn case(house: &House, id: Uuid) -> Case {
    find(&mut house.database.read().await.unwrap(), id).await.unwrap().unwrap()
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// Filed on 21 November 2026, the term ends on Monday 21 December; in Rome the day is over at 23:00 UTC.
#[tokio::test]
async fn silence_takes_effect_once_after_midnight_in_rome_whichever_process_is_there() {
    let house = House::new().await;
    let clock = Arc::new(ManualClock::at(now()));
    let (one, other) = (process(&house, &clock).await, process(&house, &clock).await);
    let id = filed(&house).await;
    let until = |instant: &str| clock.advance(at(instant).duration_since(clock.now()));

    until("2026-12-21T22:59:00Z");
    assert_eq!(one.do_due().await.unwrap(), 0, "the last day is not over in Rome");
    assert_eq!(case(&house, id).await.state, State::Received);

    until("2026-12-21T23:00:00Z");
    let (mine, theirs) = tokio::join!(one.do_due(), other.do_due());
    assert_eq!(mine.unwrap() + theirs.unwrap(), 1);
    let settled = case(&house, id).await;
    assert_eq!((settled.state, settled.acts.len()), (State::RefusedBySilence, 2));
    assert_eq!(settled.closed_on, Some(rome_date(at("2026-12-21T10:00:00Z"))));

    // The clock is put back by hours and goes forward again: nothing fires twice.
    clock.advance(SignedDuration::from_hours(-9));
    assert_eq!(one.do_due().await.unwrap() + other.do_due().await.unwrap(), 0);
    clock.advance(SignedDuration::from_hours(48));
    assert_eq!(one.do_due().await.unwrap() + other.do_due().await.unwrap(), 0);
    assert_eq!(case(&house, id).await.acts.len(), 2);
}

#[tokio::test]
async fn a_job_that_comes_too_early_waits_for_its_day() {
    let house = House::new().await;
    let clock = Arc::new(ManualClock::at(now()));
    let work = process(&house, &clock).await;
    let id = filed(&house).await;
    // Somebody made it due at once: the decision reads the clock, finds that the term runs, and sets it again.
    let mut tx = house.begin().await;
    let waiting = queue::waiting(&mut tx).await.unwrap().remove(0);
    queue::enqueue(&mut tx, "cases/silence", &waiting.key, &waiting.payload, clock.now()).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(work.do_due().await.unwrap(), 1);
    assert_eq!(case(&house, id).await.acts.len(), 1);
    let again = queue::waiting(&mut house.database.read().await.unwrap()).await.unwrap();
    assert_eq!((again.len(), again[0].run_at), (1, at("2026-12-21T23:00:00Z")));
}

/// Real times are published from ten decided cases on: an average of fewer would tell of single people.
#[tokio::test]
async fn real_times_are_measured_on_ten_decided_cases_or_more() {
    let house = House::new().await;
    let mut tx = house.begin().await;
    let service = "istanza-generica";
    for number in 1..=10 {
        assert_eq!(measured(&mut tx, service).await.unwrap(), None, "{number}");
        let submitted = house.file(&mut tx, LUCA, |submitted| submitted.service = service.to_owned()).await;
        // Nine were decided after 4 days, one after 44.
        let closed = if number == 1 { "2027-01-04" } else { "2026-11-25" };
        let decided = "UPDATE cases SET state = 'granted', closed_on = $2 WHERE id = $1";
        tx.execute(decided, database::params![case_of(&submitted), closed]).await.unwrap();
    }
    let times = measured(&mut tx, service).await.unwrap().unwrap();
    assert_eq!((times.cases, times.average_days, times.in_time_percent), (10, 8, 90));
}
