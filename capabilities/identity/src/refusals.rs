//! Attempts on what is not the visitor's, written down for the auditors.

use base::Timestamp;
use database::Tx;
use web::Web;

use crate::store;

/// Longest address that is kept: who sends longer ones does not fill the disk.
const LONGEST: usize = 200;

/// Notes that `subject` (a fiscal code, or the identifier of an official) asked for something that is somebody else's or
/// does not exist; both get the same "not found". Written beside the request, in a transaction of its own: the visitor's
/// is rolled back, and they learn nothing from how long it takes.
pub fn note_refusal(web: &Web, subject: &str, asked: &str) {
    let (database, subject) = (web.database().clone(), subject.to_owned());
    let (asked, at) = (asked.chars().take(LONGEST).collect::<String>(), web.clock().now());
    tokio::spawn(async move {
        let noted = async {
            let mut tx = database.begin().await?;
            store::refusals::insert(&mut tx, &subject, &asked, at).await?;
            tx.commit().await
        };
        if let Err(error) = noted.await {
            tracing::error!(%error, "a refused access could not be written down");
        }
    });
}

/// How often somebody was refused since an instant.
///
/// # Errors
/// What the database refuses.
pub async fn refusals_since(tx: &mut Tx, subject: &str, since: Timestamp) -> database::Result<i64> {
    store::refusals::since(tx, subject, since).await
}
