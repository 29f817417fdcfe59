use base::Uuid;
use cases::testing::{StoredUpload, attach, find_upload, forget_uploads, save_upload, uploads_named};
use database::{Error, Tx};

use crate::house::{House, LUCA, MARIA, now};

const FILE: Uuid = Uuid::from_u128(7);
const CASE: Uuid = Uuid::from_u128(1);

async fn attached_by_maria(tx: &mut Tx) -> StoredUpload {
    let upload = StoredUpload {
        id: FILE,
        owner: MARIA.to_owned(),
        case: None,
        field: "allegati".to_owned(),
        file_name: "contratto.pdf".to_owned(),
        media_type: "application/pdf".to_owned(),
        sha256: "00".to_owned(),
        bytes: b"%PDF-1.7".to_vec(),
        uploaded_at: now(),
    };
    save_upload(tx, &upload).await.unwrap();
    upload
}

#[tokio::test]
async fn a_file_is_found_by_who_attached_it_alone() {
    let house = House::new().await;
    let mut tx = house.begin().await;
    let upload = attached_by_maria(&mut tx).await;
    assert_eq!(find_upload(&mut tx, FILE, MARIA).await.unwrap(), Some(upload));
    for other in [LUCA, "", "%"] {
        assert_eq!(find_upload(&mut tx, FILE, other).await.unwrap(), None, "{other}");
        assert!(uploads_named(&mut tx, &[FILE], other).await.unwrap().is_empty(), "{other}");
    }
}

#[tokio::test]
async fn nobody_makes_a_strangers_file_part_of_a_case_or_deletes_it() {
    let house = House::new().await;
    let mut tx = house.begin().await;
    attached_by_maria(&mut tx).await;
    let stolen = attach(&mut tx, LUCA, &[FILE], CASE).await;
    assert!(matches!(stolen, Err(Error::Conflict(_))), "{stolen:?}");
    forget_uploads(&mut tx, LUCA, &[FILE]).await.unwrap();
    assert_eq!(find_upload(&mut tx, FILE, MARIA).await.unwrap().unwrap().case, None);
}

#[tokio::test]
async fn a_file_belongs_to_one_case_and_stays_with_it() {
    let house = House::new().await;
    let mut tx = house.begin().await;
    attached_by_maria(&mut tx).await;
    attach(&mut tx, MARIA, &[FILE], CASE).await.unwrap();
    attach(&mut tx, MARIA, &[FILE], CASE).await.expect("sent twice it is attached once");
    let elsewhere = attach(&mut tx, MARIA, &[FILE], Uuid::from_u128(2)).await;
    assert!(matches!(elsewhere, Err(Error::Conflict(_))), "{elsewhere:?}");
    forget_uploads(&mut tx, MARIA, &[FILE]).await.unwrap();
    assert_eq!(find_upload(&mut tx, FILE, MARIA).await.unwrap().unwrap().case, Some(CASE), "no draft's any more");
}
