//! A sample log with a receipt of two acts and one document, and the same receipt spoilt in every way that has a name.
//! All of it follows from fixed texts, so that the static page can be tested on the same bytes.

use base::Language;
use proofs::{
    Bundle, Checkpoint, Document, Flaw, LeafHashes, ProvenAct, SignerKey, VerifierKey, act_digest, inclusion_proof,
    leaf_hash, root, verify, words,
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

const ORIGIN: &str = "sportello.esempio.it/registro";
const LOG_SIZE: u64 = 300;
const SUBMITTED: u64 = 41;
const LETTER: u64 = 57;
const UNREADABLE: u64 = 58;
const LETTER_ID: &str = "0195f2a0-0000-7000-8000-0000000000d1";
const ATTACHMENT: &str = "attestazione à.txt";

fn secret(purpose: &str) -> [u8; 32] {
    Sha256::digest(purpose).into()
}

pub fn signer() -> SignerKey {
    SignerKey::new(ORIGIN, &secret("sample log")).unwrap()
}

fn stranger() -> SignerKey {
    SignerKey::new(ORIGIN, &secret("another office")).unwrap()
}

pub fn trusted() -> VerifierKey {
    signer().verifier().clone()
}

fn letter() -> Document {
    Document::new(&format!("{LETTER_ID}.pdf"), b"%PDF-1.7 (un documento di esempio)\n".to_vec())
}

fn attachment() -> Document {
    Document::new(ATTACHMENT, b"un allegato di esempio\n".to_vec())
}

fn content(position: u64) -> String {
    let actor = json!({ "subject": "SMPDAA90A41H501U", "name": "Adà Esempio", "door": "citizen", "level": 2 });
    let (seq, kind, at, payload) = match position {
        SUBMITTED => (1, "submitted", "2026-03-02T09:15:00Z", submitted()),
        LETTER => (2, "letter-issued", "2026-03-02T09:15:01Z", letter_issued()),
        UNREADABLE => return "né oggetto né atto".to_owned(),
        _ => (1, "note-added", "2026-03-01T08:00:00Z", json!({ "text": format!("nota {position}") })),
    };
    let case = "0195f2a0-0000-7000-8000-000000000001";
    json!({ "actor": actor, "at": at, "case": case, "kind": kind, "payload": payload, "seq": seq }).to_string()
}

fn submitted() -> Value {
    json!({
        "service": "assegno-unico", "service_name": "Assegno unico e universale", "amount": "201.00",
        "protocol": { "office": "prestazioni", "year": 2026, "number": 12 },
        "attachments": [{ "file_name": ATTACHMENT, "sha256": attachment().sha256 }],
    })
}

fn letter_issued() -> Value {
    let title = "Ricevuta della domanda";
    json!({ "letter": "ricevuta", "title": title, "act_seq": 1, "document": LETTER_ID, "sha256": letter().sha256 })
}

fn salt(position: u64) -> [u8; 32] {
    secret(&format!("salt {position}"))
}

fn leaves() -> Vec<[u8; 32]> {
    (0..LOG_SIZE).map(|position| leaf_hash(&act_digest(&salt(position), &content(position)))).collect()
}

fn checkpoint(signers: &[&SignerKey]) -> String {
    let root = root(&LeafHashes(&leaves()), LOG_SIZE).unwrap();
    Checkpoint::new(ORIGIN, LOG_SIZE, root).sign(signers).unwrap()
}

fn act(position: u64) -> ProvenAct {
    let proof = inclusion_proof(&LeafHashes(&leaves()), position, LOG_SIZE).unwrap();
    ProvenAct::new(position, content(position), salt(position), proof)
}

pub fn bundle() -> Bundle {
    Bundle {
        acts: vec![act(SUBMITTED), act(LETTER)],
        documents: vec![letter(), attachment()],
        checkpoint: checkpoint(&[&signer()]),
        key: trusted(),
    }
}

fn spoilt(spoil: impl FnOnce(&mut Bundle)) -> Vec<u8> {
    let mut bundle = bundle();
    spoil(&mut bundle);
    bundle.encode()
}

fn rewritten(from: &str, to: &str) -> Vec<u8> {
    let text = String::from_utf8(bundle().encode()).unwrap();
    assert!(text.contains(from), "{from}");
    text.replacen(from, to, 1).into_bytes()
}

/// One act's text and digest made to agree again after the change: what a clever forger would do.
fn forge_content(bundle: &mut Bundle) {
    let act = &mut bundle.acts[0];
    *act = ProvenAct::new(act.position, act.content.replace("201.00", "901.00"), act.salt, act.proof.clone());
}

fn spoilt_acts() -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("act-changed", spoilt(|b| b.acts[0].content = b.acts[0].content.replace("201.00", "901.00"))),
        ("act-changed", spoilt(|b| b.acts[1].salt[31] ^= 1)),
        ("act-digest", spoilt(|b| b.acts[1].digest[0] ^= 128)),
        ("act-not-in-log", spoilt(forge_content)),
        ("act-not-in-log", spoilt(|b| b.acts[1].position = 56)),
        ("act-not-in-log", spoilt(|b| b.acts[1].position = 300)),
        ("act-not-in-log", spoilt(|b| b.acts[0].proof[3][3] ^= 3)),
        ("act-not-in-log", spoilt(|b| b.acts[0].proof.truncate(8))),
        ("act-unreadable", spoilt(|b| b.acts.push(act(UNREADABLE)))),
        ("document-changed", spoilt(|b| b.documents[0].content[0] ^= 1)),
        ("document-changed", spoilt(|b| b.documents[0].sha256 = "0".repeat(64))),
        ("document-changed", spoilt(|b| b.documents[1] = Document::new(ATTACHMENT, b"altro".to_vec()))),
        ("document-renamed", spoilt(|b| b.documents[0].name = "altro nome.pdf".to_owned())),
        ("document-renamed", spoilt(|b| b.documents[0].name = LETTER_ID.to_owned())),
        ("document-unknown", spoilt(|b| b.documents.push(Document::new("di troppo.pdf", b"altro".to_vec())))),
        ("document-unknown", spoilt(|b| b.acts.truncate(1))),
    ]
}

fn spoilt_frames() -> Vec<(&'static str, Vec<u8>)> {
    let other = Checkpoint::new("altro.esempio.it/registro", LOG_SIZE, [1; 32]).sign(&[&signer()]).unwrap();
    vec![
        ("pdf", b"%PDF-1.7\n%%EOF\n".to_vec()),
        ("not-a-receipt", Vec::new()),
        ("not-a-receipt", b"{}\n".to_vec()),
        ("not-a-receipt", b"null\n".to_vec()),
        ("not-a-receipt", spoilt(|b| b.acts.clear())),
        ("not-a-receipt", spoilt(|b| b.acts.push(b.acts[1].clone()))),
        ("not-a-receipt", spoilt(|b| b.documents[0].name = "../fuori.pdf".to_owned())),
        ("not-a-receipt", rewritten("{\"format\"", "{\"extra\":1,\"format\"")),
        ("not-a-receipt", rewritten("\"proof\":[", "\"proof\":[\"AA==\",")),
        ("not-a-receipt", rewritten("ricevuta/1\"", "ricevuta/\"")),
        ("not-a-receipt", rewritten("ricevuta/1\"", "ricevuta/x\"")),
        ("not-a-receipt", rewritten("Esempio", "Esempio\\ud800")),
        ("not-a-receipt", rewritten(":41,", ":9007199254740992,")),
        ("not-a-receipt", rewritten(":41,", ":-41,")),
        ("other-version", rewritten("ricevuta/1\"", "ricevuta/2\"")),
        ("other-version", b"{\"format\":\"sportello-ricevuta/12\",\"altro\":true}\n".to_vec()),
        ("wrapping", rewritten("\"documents\":", " \"documents\":")),
        ("wrapping", rewritten("Esempio", "Es\\u0065mpio")),
        ("wrapping", rewritten("}\n", "}")),
        ("wrapping", rewritten("}\n", "}\n\n")),
        ("wrapping", rewritten("}\n", "}\r\n")),
        ("key-unreadable", rewritten("\"key\":\"sportello", "\"key\":\"sportella")),
        ("key-unreadable", rewritten("\"key\":\"sportello", "\"key\":\"sportello ")),
        (
            "key-not-trusted",
            spoilt(|b| {
                b.key = stranger().verifier().clone();
                b.checkpoint = checkpoint(&[&stranger()]);
            }),
        ),
        ("checkpoint-unreadable", rewritten("\\n300\\n", "\\n0300\\n")),
        ("checkpoint-unreadable", rewritten("\\n300\\n", "\\n9007199254740992\\n")),
        ("checkpoint-unreadable", rewritten("\\n— ", "\\n- ")),
        ("checkpoint-of-other-log", spoilt(|b| b.checkpoint = other)),
        ("checkpoint-signer", spoilt(|b| b.checkpoint = checkpoint(&[&stranger()]))),
        ("checkpoint-signer", spoilt(|b| b.checkpoint = checkpoint(&[&signer(), &stranger()]))),
        ("checkpoint-signer", spoilt(|b| b.checkpoint = checkpoint(&[&signer(), &signer()]))),
        ("checkpoint-signature", rewritten("\\n300\\n", "\\n301\\n")),
    ]
}

/// Spoilt receipts with the code of the flaw that must be found. `too-large` is not among them, for its size.
pub fn spoilt_receipts() -> Vec<(&'static str, Vec<u8>)> {
    [spoilt_frames(), spoilt_acts()].concat()
}

/// The outcome as the page's tests compare it.
fn outcome(bytes: &[u8]) -> Value {
    match verify(bytes, Some(&trusted())) {
        Ok(_) => json!({ "genuine": true }),
        Err(flaw) => json!({
            "code": flaw.code(), "it": flaw.message(Language::Italian), "en": flaw.message(Language::English),
            "de": flaw.message(Language::German),
        }),
    }
}

/// For each byte of the receipt, the code found when its lowest bit is flipped.
fn flips(receipt: &[u8]) -> Vec<&'static str> {
    let flipped = |place: usize| {
        let mut bytes = receipt.to_vec();
        bytes[place] ^= 1;
        verify(&bytes, Some(&trusted())).map_or_else(|flaw: Flaw| flaw.code(), |_| "genuine")
    };
    (0..receipt.len()).map(flipped).collect()
}

/// Runs of equal codes, as (code, how many), to keep the file short.
fn runs(codes: Vec<&'static str>) -> Vec<(&'static str, usize)> {
    codes.chunk_by(|a, b| a == b).map(|run| (run[0], run.len())).collect()
}

/// Everything the page's tests need, in one JSON text.
pub fn fixture() -> String {
    let receipt = bundle().encode();
    let spoilt: Vec<_> = spoilt_receipts()
        .into_iter()
        .map(|(_, bytes)| json!({ "outcome": outcome(&bytes), "file": String::from_utf8(bytes).unwrap() }))
        .collect();
    let table: Vec<_> = words().map(|(code, language, text)| json!([code, language.tag(), text])).collect();
    let fixture = json!({
        "key": trusted().to_string(),
        "other_key": stranger().verifier().to_string(),
        "receipt": String::from_utf8(receipt.clone()).unwrap(),
        "verified": verify(&receipt, Some(&trusted())).unwrap(),
        "spoilt": spoilt,
        "flips": runs(flips(&receipt)),
        "words": table,
    });
    format!("{fixture:#}\n")
}
