//! Attempts on cases that are not the visitor's, written down for the auditors.

use crate::{room::Cases, store};

/// Notes an attempt beside the request, in a transaction of its own: the visitor's is rolled back, and they learn
/// nothing from how long it takes.
pub fn note(cases: &Cases, subject: &str, asked: &str) {
    let (database, subject) = (cases.web.database().clone(), subject.to_owned());
    let (asked, at) = (asked.chars().take(100).collect::<String>(), cases.web.clock().now());
    tokio::spawn(async move {
        let noted = async {
            let mut tx = database.begin().await?;
            store::note_refusal(&mut tx, &subject, &asked, at).await?;
            tx.commit().await
        };
        if let Err(error) = noted.await {
            tracing::error!(%error, "a refused access could not be written down");
        }
    });
}
