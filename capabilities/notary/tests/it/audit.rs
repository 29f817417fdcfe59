//! What the audit finds, and what it must not find.

use database::{Param, params};

use crate::house::{House, LUCA, MARIA};

/// A book with a case, a letter and enough acts for several tiles.
async fn sound() -> House {
    let house = House::new().await;
    let act = house.file(MARIA).await;
    house.issue_letter(act.case, b"%PDF-1.7 prova").await;
    house.write_acts(300).await;
    house.follow().await;
    house.write_acts(3).await;
    house
}

#[tokio::test]
async fn a_sound_book_has_no_findings_followed_or_not() {
    let house = sound().await;
    assert_eq!(house.audit().await, Vec::<String>::new());
    house.follow().await;
    assert_eq!(house.audit().await, Vec::<String>::new());
}

#[tokio::test]
async fn content_that_an_act_says_was_destroyed_is_no_finding_other_that_is_gone_is() {
    let house = sound().await;
    let case = house.file(LUCA).await.case;
    house.follow().await;
    house.destroy(case).await;
    house.follow().await;
    assert_eq!(house.audit().await, Vec::<String>::new());
    house.tamper("DELETE FROM act_contents WHERE position IN (0, 5)").await;
    let found = house.audit().await;
    assert_eq!(found.len(), 2, "{found:#?}");
    assert!(found[1].starts_with("Atto 5: il contenuto non c’è più"), "{found:#?}");
}

#[tokio::test]
async fn every_change_is_found_and_named() {
    let one_bit = [vec![0; 31], vec![1]].concat();
    // The statement, the bytes that it writes, what is found.
    let with_bytes = [
        ("UPDATE act_contents SET salt = $1 WHERE position = 2", one_bit.clone(), "Atto 2: il contenuto"),
        ("UPDATE acts SET digest = $1 WHERE position = 3", one_bit, "Atto 3: il contenuto"),
        ("UPDATE acts SET digest = $1 WHERE position = 3", vec![0], "Atto 3: non è leggibile"),
        (
            "UPDATE log_tiles SET bytes = $1 WHERE level = 0 AND idx = 1",
            vec![0; 46 * 32],
            "Registro: tile/0/001.p/46 è diverso da quello calcolato dagli atti, dalla posizione 0",
        ),
        ("INSERT INTO log_tiles (level, idx, bytes) VALUES (0, 9, $1)", vec![0], "ci sono 4 riquadri invece di 3"),
        ("UPDATE log_checkpoints SET root = $1 WHERE size = 200", vec![0], "Punto di controllo 200: i valori annotati"),
    ];
    for (change, bytes, finding) in with_bytes {
        is_found(change, params![bytes], finding).await;
    }
    for (change, finding) in [
        (
            "UPDATE act_contents SET content = replace(content, 'Maria', 'Mario') WHERE position = 0",
            "Atto 0: il contenuto",
        ),
        ("UPDATE act_contents SET content = 'x' WHERE position = 4", "Atto 4: non è leggibile"),
        ("UPDATE acts SET kind = 'granted' WHERE position = 5", "Atto 5: pratica, numero, tipo o data"),
        (
            "UPDATE acts SET at = '2020-01-01T00:00:00.000000Z' WHERE position = 5",
            "Atto 5: pratica, numero, tipo o data",
        ),
        ("UPDATE acts SET seq = 999 WHERE position = 304", "Atto 304: nella pratica"),
        ("UPDATE act_counter SET next = next + 1", "il contatore dice 306 atti, ce ne sono 305"),
        ("DELETE FROM log_tiles WHERE level = 1", "Registro: manca tile/1/000.p/1"),
        ("UPDATE log_checkpoints SET note = replace(note, '302', '303') WHERE size = 302", "Punto di controllo 302: "),
        ("UPDATE log_checkpoints SET size = 199 WHERE size = 200", "Punto di controllo 199: i valori annotati"),
        ("DELETE FROM log_checkpoints WHERE size = 302", "La dimensione annotata del registro (302)"),
        ("UPDATE protocol_entries SET number = 2", "Protocollo aoo-demo 2026: dopo il numero 0 viene 2"),
        (
            "UPDATE protocol_entries SET case_id = '00000000-0000-0000-0000-000000000000'",
            "Protocollo 0000001/2026: l’atto 0",
        ),
        ("UPDATE protocol_entries SET case_id = 'x'", "Protocollo aoo-demo 2026: il registro non è leggibile"),
    ] {
        is_found(change, params![], finding).await;
    }
}

async fn is_found(change: &str, params: &[Param], finding: &str) {
    let house = sound().await;
    house.tamper_with(change, params).await;
    let found = house.audit().await;
    assert!(found.iter().any(|sentence| sentence.contains(finding)), "{change}: {found:#?}");
}

#[tokio::test]
async fn acts_that_were_removed_are_missed() {
    let house = sound().await;
    house.tamper("DELETE FROM act_contents WHERE position >= 300").await;
    house.tamper("DELETE FROM acts WHERE position >= 300").await;
    house.tamper("UPDATE act_counter SET next = 300").await;
    assert_eq!(house.audit().await, ["Il libro ha 300 atti e il registro ne ha 302: degli atti sono stati tolti."]);

    let house = sound().await;
    house.tamper("DELETE FROM act_contents WHERE position = 7").await;
    house.tamper("DELETE FROM acts WHERE position = 7").await;
    let found = house.audit().await;
    assert!(found.contains(&"Libro degli atti: mancano le posizioni da 7 a 7.".to_owned()), "{found:#?}");
}

#[tokio::test]
async fn a_log_of_another_key_is_not_ours() {
    let house = sound().await;
    let other = proofs::SignerKey::new(crate::house::ORIGIN, &[4; 32]).unwrap();
    let mut tx = house.database.read().await.unwrap();
    let found = notary::audit(&mut tx, other.verifier(), base::Language::English).await.unwrap();
    assert_eq!(found.len(), 2, "{found:#?}");
    assert!(found[0].starts_with("Checkpoint 200: "), "{found:#?}");
}
