use axum::extract::Path;
use base::Uuid;
use mandates::Verb;
use web::{Answer, Failure};

use super::Counter;
use crate::{files, store};

/// Gives a person back the file that they attached: as an attachment, never inline.
pub async fn download(counter: Counter, Path((case, upload)): Path<(String, String)>) -> Answer {
    let Counter { cases, person, visit, .. } = &counter;
    let mut tx = counter.view().await?;
    let (case, acting) = counter.own(&mut tx, &case, Verb::See).await?;
    let found = match upload.parse::<Uuid>() {
        Ok(id) => store::find_upload(&mut tx, id, &person.fiscal_code).await?,
        Err(_) => None,
    };
    let Some(upload) = found.filter(|upload| upload.case == Some(case.id)) else {
        identity::note_refusal(&cases.web, counter.claim.subject(), &visit.path);
        return Err(Failure::NotFound);
    };
    counter.seen(tx, &acting, ("cases.read.attachment", Some(case.id))).await?;
    Ok(files::download(upload))
}
