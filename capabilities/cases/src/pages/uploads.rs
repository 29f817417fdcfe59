use axum::extract::Path;
use base::Uuid;
use web::{Answer, Failure};

use super::{Counter, own};
use crate::store;

/// Gives a person back the file that they attached: as an attachment, never inline.
pub async fn download(
    Counter { cases, person, visit: _ }: Counter,
    Path((case, upload)): Path<(String, String)>,
) -> Answer {
    let mut tx = cases.web.database().read().await?;
    let case = own(&mut tx, &cases, &case, &person.fiscal_code).await?;
    let id: Uuid = upload.parse().map_err(|_| Failure::NotFound)?;
    let found = store::find_upload(&mut tx, id, &person.fiscal_code).await?;
    let upload = found.filter(|upload| upload.case == Some(case.id)).ok_or(Failure::NotFound)?;
    Ok(web::download(&upload.file_name, web::FileKind::of_media_type(&upload.media_type).media_type(), upload.bytes))
}
