use axum::extract::Path;
use base::Uuid;
use web::{Answer, Failure};

use super::Counter;
use crate::{files, store};

/// Gives a person back the file that they attached: as an attachment, never inline.
pub async fn download(counter: Counter, Path((case, upload)): Path<(String, String)>) -> Answer {
    let Counter { cases, person, visit } = &counter;
    let mut tx = cases.web.database().read().await?;
    let case = counter.own(&mut tx, &case).await?;
    let found = match upload.parse::<Uuid>() {
        Ok(id) => store::find_upload(&mut tx, id, &person.fiscal_code).await?,
        Err(_) => None,
    };
    let Some(upload) = found.filter(|upload| upload.case == Some(case.id)) else {
        identity::note_refusal(&cases.web, &person.fiscal_code, &visit.path);
        return Err(Failure::NotFound);
    };
    Ok(files::download(upload))
}
