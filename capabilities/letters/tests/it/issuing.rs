use base::{Clock, Uuid};
use jiff::SignedDuration;
use letters::Viewer;
use serde_json::json;

use crate::{
    office::{CASE, MARIA, Office, submitted},
    tools::Pdf,
};

#[tokio::test]
async fn an_application_gets_its_receipt_once() {
    let office = Office::open().await;
    office.apply("assegno-unico").await;
    office.write("taken", json!({ "officer": "op1", "officer_name": "Ugo Prova" })).await;
    assert_eq!(office.work().await, 1);
    assert_eq!(office.work().await, 0);

    let mut tx = office.database.read().await.unwrap();
    let acts = acts::of_case(&mut tx, CASE).await.unwrap();
    let kinds: Vec<_> = acts.iter().map(|act| act.kind.as_str()).collect();
    assert_eq!(kinds, ["submitted", "taken", "letter-issued"]);
    let documents = letters::of_case(&mut tx, CASE).await.unwrap();
    let [document] = &documents[..] else { panic!("{documents:?}") };
    assert_eq!((document.act_seq, document.issued_seq, document.letter.as_str()), (1, 3, "ricevuta"));
    assert_eq!(acts[2].text("sha256"), document.sha256);
    assert_eq!(acts[2].text("document"), document.id.to_string());
    assert_eq!(acts[2].text("file_name"), "ricevuta-0000123-2026.pdf");
    assert_eq!(acts[2].text("title"), "Ricevuta della domanda");
    let pdf = office.pdf(3).await;
    assert_eq!(hex::encode(<sha2::Sha256 as sha2::Digest>::digest(&pdf)), document.sha256);
    assert_eq!(pdf, office.pdf(1).await, "found by the act that it tells of, too");
    assert_eq!(letters::by_id(&mut tx, document.id).await.unwrap().as_ref(), Some(document));
    assert!(letters::pdf(&mut tx, Uuid::from_u128(9), 1, MARIA).await.unwrap().is_none(), "only with its own case");
    let others =
        [Viewer::Applicant("VRDLGU80A01H501Q"), Viewer::Office("relazioni"), Viewer::Office("PRVMRA85A41H501V")];
    for other in others {
        assert!(letters::pdf(&mut tx, CASE, 1, other).await.unwrap().is_none(), "{other:?}");
        assert!(letters::html(&mut tx, CASE, 1, other).await.unwrap().is_none(), "{other:?}");
    }
    assert!(letters::pdf(&mut tx, CASE, 1, Viewer::Office("famiglia")).await.unwrap().is_some());
}

/// A letter with a name that nothing has.
const BROKEN: &str = "+++\ntitle = \"x\"\nfor_act = \"submitted\"\n+++\n\n{{ inventato }}\n";

#[tokio::test]
async fn an_answer_that_was_asked_again_is_the_persons_and_no_registrys() {
    let mut office = Office::open().await;
    let table = "+++\ntitle = \"x\"\nfor_act = \"withdrawn\"\n+++\n\n{{ dati | tabella_dati }}\n";
    office.rewrite("assegno-unico", "letters/ritiro.md", table).await;
    let filed = office.application("assegno-unico");
    let mut answers = filed["answers"].clone();
    answers["values"]["isee"] = json!({ "dec": "9000" });
    let supplied = json!({ "answers": answers, "paths": ["isee"], "decision": filed["decision"] });
    office.write("submitted", filed).await;
    office.write("integration-supplied", supplied).await;
    office.write("withdrawn", json!({ "text": "Ho cambiato idea." })).await;
    office.work().await;
    let (receipt, letter) = (Pdf::of(&office.pdf(1).await).text(), Pdf::of(&office.pdf(3).await).text());
    assert!(receipt.contains("24.210,50") && receipt.contains("ISEE (INPS)"), "{receipt}");
    assert!(letter.contains("9.000,00") && !letter.contains("ISEE (INPS)"), "{letter}");
}

#[tokio::test]
async fn a_broken_template_holds_nobody_up_and_is_tried_again_when_mended() {
    let mut office = Office::open().await;
    let whole = office.rewrite("assegno-unico", "letters/ricevuta.md", BROKEN).await;
    office.apply("assegno-unico").await;
    office.write("withdrawn", json!({ "text": "Ho cambiato idea." })).await;
    assert_eq!(office.work().await, 1, "the withdrawal is confirmed all the same");

    let mut tx = office.database.begin().await.unwrap();
    let failures = letters::failures(&mut tx).await.unwrap();
    assert_eq!((failures.len(), failures[0].act_seq), (1, 1));
    assert_eq!(failures[0].reason, "content/letters/ricevuta.md:6: `inventato`: questo nome non esiste");
    assert_eq!(letters::retry_failed(&mut tx, office.clock.now()).await.unwrap(), 1);
    tx.commit().await.unwrap();
    assert_eq!(office.work().await, 0, "still broken");

    // The case stays with its version, which nobody can change any more: the mended one takes its place.
    office.rewrite("assegno-unico", "letters/ricevuta.md", &whole).await;
    let mut tx = office.database.begin().await.unwrap();
    assert_eq!(letters::retry_failed(&mut tx, office.clock.now()).await.unwrap(), 1);
    tx.commit().await.unwrap();
    assert_eq!(office.work().await, 1);
    let mut tx = office.database.read().await.unwrap();
    assert!(letters::failures(&mut tx).await.unwrap().is_empty());
    assert_eq!(letters::of_case(&mut tx, CASE).await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_letter_keeps_the_words_of_its_version() {
    let mut office = Office::open().await;
    office.apply("assegno-unico").await;
    let other = "+++\ntitle = \"Altra\"\nfor_act = \"submitted\"\n+++\n\nAltre parole.\n";
    office.rewrite("assegno-unico", "letters/ricevuta.md", other).await;
    assert_eq!(office.work().await, 1);
    let html = office.html(1).await;
    assert!(html.contains("Che cosa succede adesso") && !html.contains("Altre parole"), "{html}");
}

#[tokio::test]
async fn a_letter_is_found_by_the_act_that_it_is_for() {
    let mut office = Office::open().await;
    let own = "+++\ntitle = \"Ecco la risposta\"\nfor_act = \"granted\"\n+++\n\nSì.\n";
    office.rename("istanza-generica", "letters/accoglimento.md", ("letters/risposta.md", own)).await;
    office.apply("istanza-generica").await;
    office.work().await;
    let grant = json!({ "amount": null, "unit": null, "decision": null, "decided_by": "Ugo Prova" });
    let seq = office.write("granted", grant).await.seq;
    assert_eq!(office.work().await, 1);
    let mut tx = office.database.read().await.unwrap();
    let letters = letters::of_case(&mut tx, CASE).await.unwrap();
    assert_eq!((letters[1].act_seq, letters[1].letter.as_str()), (seq, "risposta"));
    assert_eq!(letters[1].file_name(), "risposta-0000123-2026.pdf");
}

/// A document of the same act that is there already: storing the letter fails however often it is tried.
const IN_THE_WAY: &str = "INSERT INTO documents (id, case_id, act_seq, issued_seq, letter, title, applicant, office, \
    office_name, service_name, protocol, sha256, pdf, html, created_at) \
    VALUES ('x', $1, 1, 99, '', '', '', '', '', '', '', '', '', '', '')";

#[tokio::test]
async fn a_letter_that_cannot_be_stored_waits_alone_and_longer_each_time() {
    let office = Office::open().await;
    let mut tx = office.database.begin().await.unwrap();
    tx.execute(IN_THE_WAY, database::params![CASE]).await.unwrap();
    tx.commit().await.unwrap();
    office.apply("assegno-unico").await;
    office.write("withdrawn", json!({ "text": "Ho cambiato idea." })).await;
    assert_eq!(office.work().await, 1, "the withdrawal is confirmed all the same");

    let mut waits = Vec::new();
    for _ in 0..9 {
        let tx = &mut office.database.read().await.unwrap();
        let row = tx.row("SELECT attempts, next_at FROM letters_due", &[]).await.unwrap().unwrap();
        let next = row.instant("next_at").unwrap();
        waits.push(next.duration_since(office.clock.now()).as_secs());
        office.clock.advance(SignedDuration::from_secs(waits.last().unwrap() - 1));
        assert_eq!(office.work().await, 0, "not before its time");
        office.clock.advance(SignedDuration::from_secs(1));
        assert_eq!(office.work().await, 0);
    }
    assert_eq!(waits, [30, 60, 120, 240, 480, 960, 1920, 3600, 3600]);

    let mut tx = office.database.begin().await.unwrap();
    tx.execute("DELETE FROM documents WHERE id = 'x'", &[]).await.unwrap();
    tx.commit().await.unwrap();
    office.clock.advance(SignedDuration::from_hours(1));
    assert_eq!(office.work().await, 1);
}

#[tokio::test]
async fn a_version_that_is_not_kept_is_told_to_operators() {
    let office = Office::open().await;
    office.write("submitted", submitted("assegno-unico")).await;
    assert_eq!(office.work().await, 0);
    assert_eq!(office.failures().await, ["il servizio assegno-unico non ha la versione v1"]);
}

#[tokio::test]
async fn a_version_that_cannot_be_read_fails_and_a_database_that_refuses_waits() {
    let office = Office::open().await;
    office.write("submitted", submitted("assegno-unico")).await;
    office
        .sql("INSERT INTO service_versions (slug, version, files, first_seen) VALUES ('assegno-unico', 'v1', '{}', '')")
        .await;
    assert_eq!(office.work().await, 0);
    let failures = office.failures().await;
    assert!(failures[0].contains("assegno-unico@v1 can no longer be read"), "{failures:?}");

    let office = Office::open().await;
    office.write("submitted", submitted("assegno-unico")).await;
    office.sql("DROP TABLE service_versions").await;
    assert_eq!(office.work().await, 0);
    assert!(office.failures().await.is_empty(), "the template is not to blame");
    let mut tx = office.database.read().await.unwrap();
    assert_eq!(tx.number("SELECT attempts AS n FROM letters_due", &[]).await.unwrap(), 1);
}

#[tokio::test]
async fn only_services_with_the_notice_send_it() {
    for (service, letters) in [("assegno-unico", 0), ("istanza-generica", 1)] {
        let office = Office::open().await;
        office.apply(service).await;
        office.work().await;
        office.write("refusal-proposed", json!({ "reasons": "Manca l’oggetto.", "decided_by": "Ugo Prova" })).await;
        assert_eq!(office.work().await, letters, "{service}");
        assert!(office.failures().await.is_empty());
    }
}

#[tokio::test]
async fn only_the_first_reading_counts() {
    let office = Office::open().await;
    office.apply("assegno-unico").await;
    office.work().await;
    let mut tx = office.database.begin().await.unwrap();
    let document = letters::of_case(&mut tx, CASE).await.unwrap().remove(0);
    let first = office.clock.now();
    assert!(letters::mark_read(&mut tx, document.id, first).await.unwrap());
    assert!(!letters::mark_read(&mut tx, document.id, first + SignedDuration::from_hours(1)).await.unwrap());
    assert_eq!(letters::of_case(&mut tx, CASE).await.unwrap()[0].read_at, Some(first));
}
