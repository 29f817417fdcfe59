//! The receipt that a person downloads.

use axum::http::StatusCode;
use base::Language;
use notary::{Outcome, verify_file};
use serde_json::json;

use crate::house::{House, LUCA, MARIA};

#[tokio::test]
async fn the_applicant_gets_a_receipt_that_anybody_can_check() {
    let house = House::new().await;
    house.write_acts(3).await;
    let act = house.file(MARIA).await;
    house.issue_letter(act.case, b"%PDF-1.7 ricevuta").await;
    let cookie = house.login(MARIA).await;
    // The follower has not run: the log grows because somebody asks.
    let reply = house.send("GET", &format!("/pratiche/{}/prova/1", act.case), &cookie).await;
    assert_eq!(reply.status, StatusCode::OK);
    assert!(reply.header("content-disposition").starts_with("attachment; filename=\"prova-0000001-2026.json\""));
    assert_eq!(reply.header("cache-control"), "no-store");

    let verified = proofs::verify(&reply.body, Some(house.notary.verifier())).unwrap();
    let acts: Vec<_> = verified.acts.iter().map(|act| (act.position, act.kind.as_str())).collect();
    assert_eq!(acts, [(3, "submitted"), (4, "letter-issued")]);
    assert_eq!(verified.documents[0].name, "ricevuta-0000001-2026.pdf");
    assert_eq!(verified.documents[0].content, b"%PDF-1.7 ricevuta");
    let report = verify_file(&reply.body, Some(house.notary.verifier()), Language::Italian);
    assert_eq!(report.outcome, Outcome::Genuine, "{}", report.text);

    let later = house.send("GET", &format!("/pratiche/{}/prova/2", act.case), &cookie).await;
    assert!(later.header("content-disposition").contains("\"prova-0000001-2026-2.json\""));
    let verified = proofs::verify(&later.body, Some(house.notary.verifier())).unwrap();
    assert_eq!((verified.acts.len(), verified.documents.len()), (1, 1));
}

#[tokio::test]
async fn a_receipt_holds_without_the_letter_and_after_the_content_is_erased() {
    let house = House::new().await;
    let act = house.file(MARIA).await;
    let cookie = house.login(MARIA).await;
    let path = format!("/pratiche/{}/prova/1", act.case);
    let kept = house.send("GET", &path, &cookie).await;
    let verified = proofs::verify(&kept.body, Some(house.notary.verifier())).unwrap();
    assert_eq!((verified.acts.len(), verified.documents.len()), (1, 0));

    house.destroy(act.case).await;
    house.write_acts(2).await;
    house.follow().await;
    assert!(proofs::verify(&kept.body, Some(house.notary.verifier())).is_ok());
    assert_eq!(house.audit().await, Vec::<String>::new());
    assert_eq!(house.send("GET", &path, &cookie).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn nobody_gets_the_receipt_of_somebody_else() {
    let house = House::new().await;
    let act = house.file(MARIA).await;
    let path = format!("/pratiche/{}/prova/1", act.case);
    let stranger = house.login(LUCA).await;
    assert_eq!(house.send("GET", &path, &stranger).await.status, StatusCode::NOT_FOUND);
    let own = house.login(MARIA).await;
    for missing in ["/prova/2", "/prova/0", "/prova/-1"] {
        let path = format!("/pratiche/{}{missing}", act.case);
        assert_eq!(house.send("GET", &path, &own).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    for mistyped in [format!("/pratiche/{}/prova/x", act.case), "/pratiche/x/prova/1".to_owned()] {
        assert_eq!(house.send("GET", &mistyped, &own).await.status, StatusCode::NOT_FOUND, "{mistyped}");
    }
    let nobody = house.get(&path).await;
    assert_eq!(nobody.status, StatusCode::SEE_OTHER);
    assert!(nobody.header("location").starts_with("/accesso?"));
}

#[tokio::test]
async fn what_is_the_offices_own_has_no_receipt() {
    let house = House::new().await;
    let case = house.file(MARIA).await.case;
    let cookie = house.login(MARIA).await;
    let question = |shared: bool| json!({ "expert": "Perito", "question": "È sicuro?", "shared": shared, "answer_by": "2026-03-22" });
    let assigned = |reason: &str| json!({ "officer": "op-1", "officer_name": "Olga Inventata", "reason": reason });
    let mut statuses = Vec::new();
    for shared in [true, false] {
        let asked = house.add(case, "opinion-requested", question(shared)).await;
        let about = |text: &str| json!({ "request": asked, "expert": "Perito", "text": text });
        let reminded = house.add(case, "opinion-reminded", about("")).await;
        let given = house.add(case, "opinion-given", about("Sì")).await;
        statuses.extend([(asked, shared), (reminded, shared), (given, shared)]);
    }
    statuses.push((house.add(case, "note-added", json!({ "text": "Sentito al telefono" })).await, false));
    statuses.push((house.add(case, "assigned", assigned("")).await, true));
    statuses.push((house.add(case, "assigned", assigned("Bruno è assente")).await, false));
    for (seq, open) in statuses {
        let reply = house.send("GET", &format!("/pratiche/{case}/prova/{seq}"), &cookie).await;
        assert_eq!(reply.status, if open { StatusCode::OK } else { StatusCode::NOT_FOUND }, "act {seq}");
    }
}

#[tokio::test]
async fn a_receipt_that_would_not_verify_is_not_given_out() {
    let house = House::new().await;
    let act = house.file(MARIA).await;
    house.follow().await;
    house.tamper("UPDATE act_contents SET content = replace(content, 'generica', 'speciale')").await;
    let cookie = house.login(MARIA).await;
    let reply = house.send("GET", &format!("/pratiche/{}/prova/1", act.case), &cookie).await;
    assert_eq!(reply.status, StatusCode::INTERNAL_SERVER_ERROR);
}
