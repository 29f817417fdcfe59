//! What the command says of a file.

use base::Language;
use notary::{Outcome, verify_file};

use crate::house::{House, MARIA};

async fn receipt() -> (House, Vec<u8>) {
    let house = House::new().await;
    let act = house.file(MARIA).await;
    house.issue_letter(act.case, b"%PDF-1.7 ricevuta").await;
    let cookie = house.login(MARIA).await;
    let reply = house.send("GET", &format!("/pratiche/{}/prova/1", act.case), &cookie).await;
    (house, reply.body.to_vec())
}

#[tokio::test]
async fn a_genuine_receipt_is_told_line_by_line() {
    let (house, bytes) = receipt().await;
    let report = verify_file(&bytes, Some(house.notary.verifier()), Language::Italian);
    assert_eq!((report.outcome, report.outcome.exit_code()), (Outcome::Genuine, 0));
    assert!(report.text.starts_with("Autentica: registrata alla posizione 0 il 2 marzo 2026"), "{}", report.text);
    for line in [
        "Registro: sportello.example/registro, con 2 atti al momento della firma.",
        "  0 · Domanda presentata · 2 marzo 2026",
        "      Numero di protocollo: 0000001/2026",
        "      Servizio: Istanza generica",
        "  1 · Comunicazione emessa",
        "  ricevuta-0000001-2026.pdf (17 byte)",
        "      SHA-256 ",
    ] {
        assert!(report.text.contains(line), "{line}\n{}", report.text);
    }
}

#[tokio::test]
async fn without_the_key_nothing_is_called_genuine() {
    let (_, bytes) = receipt().await;
    let report = verify_file(&bytes, None, Language::German);
    assert_eq!((report.outcome, report.outcome.exit_code()), (Outcome::Consistent, 2));
    assert!(report.text.starts_with("In sich stimmig"), "{}", report.text);
}

#[tokio::test]
async fn a_changed_receipt_is_told_exactly() {
    let (house, bytes) = receipt().await;
    let changed = String::from_utf8(bytes.clone()).unwrap().replace("Istanza generica", "Istanza speciale");
    let key = house.notary.verifier();
    for (bytes, said) in [
        (changed.as_bytes(), "Non autentica: Il testo dell'atto n. 1 (posizione 0) è stato modificato"),
        (&bytes[..bytes.len() - 1], "Non autentica: Il file è stato modificato nella forma"),
        (b"ciao", "Non autentica: Questo file non è una ricevuta"),
    ] {
        let report = verify_file(bytes, Some(key), Language::Italian);
        assert_eq!((report.outcome, report.outcome.exit_code()), (Outcome::Wrong, 1));
        assert!(report.text.starts_with(said), "{}", report.text);
    }
    let other = proofs::SignerKey::new("altro.example/registro", &[9; 32]).unwrap();
    let report = verify_file(&bytes, Some(other.verifier()), Language::English);
    assert!(report.text.starts_with("Not genuine: The key in the receipt is not the one"), "{}", report.text);
}
