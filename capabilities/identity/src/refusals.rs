//! Attempts on what is not the visitor's, written down for the auditors.

use base::Timestamp;
use database::{Database, Tx};
use jiff::{RoundMode, TimestampRound, Unit};
use tokio::task::JoinHandle;
use web::Web;

use crate::store;

/// Longest address that is kept: who sends longer ones does not fill the disk.
const LONGEST: usize = 200;

/// Different things that are kept by name for one person and hour; more are counted together, as [`REST`].
const MOST_NAMED: i64 = 100;
/// Refusals that are counted for one person and hour. Beyond it nothing is written: who asks in a loop shall not keep the
/// only writer of the database busy.
const MOST_COUNTED: i64 = 1_000;
/// What stands for the things that are not named.
const REST: &str = "…";

/// Notes that `subject` (a fiscal code, or the identifier of an official) asked for something that is somebody else's or
/// does not exist; both get the same "not found". Written beside the request, in a transaction of its own: the visitor's
/// is rolled back, and they learn nothing from how long it takes. Who needs to know that it is written waits for the handle.
pub fn note_refusal(web: &Web, subject: &str, asked: &str) -> JoinHandle<()> {
    let (database, subject) = (web.database().clone(), subject.to_owned());
    let (asked, hour) = (asked.chars().take(LONGEST).collect::<String>(), full_hour(web.clock().now()));
    tokio::spawn(async move {
        if let Err(error) = count(&database, &subject, &asked, hour).await {
            tracing::error!(%error, "a refused access could not be written down");
        }
    })
}

async fn count(database: &Database, subject: &str, asked: &str, hour: Timestamp) -> database::Result<()> {
    let (named, counted) = store::refusals::of_hour(&mut database.read().await?, subject, hour).await?;
    if MOST_COUNTED <= counted {
        return Ok(());
    }
    let mut tx = database.begin().await?;
    let asked = if MOST_NAMED <= named { REST } else { asked };
    store::refusals::count(&mut tx, subject, asked, hour).await?;
    tx.commit().await
}

fn full_hour(at: Timestamp) -> Timestamp {
    let hour = at.round(TimestampRound::new().smallest(Unit::Hour).mode(RoundMode::Trunc));
    hour.unwrap_or(at)
}

/// How often somebody was refused since an instant.
///
/// # Errors
/// What the database refuses.
pub async fn refusals_since(tx: &mut Tx, subject: &str, since: Timestamp) -> database::Result<i64> {
    store::refusals::since(tx, subject, since).await
}
