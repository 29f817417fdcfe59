//! A receipt is genuine to the last bit or it is refused, and the refusal says what is wrong.

use std::collections::BTreeSet;

use proofs::{Bundle, Flaw, MAX_BYTES, VerifierKey, verify, words};
use proptest::prelude::*;

use crate::sample;

#[test]
fn a_genuine_receipt_says_what_was_recorded_where_and_when() {
    let bytes = sample::bundle().encode();
    let verified = verify(&bytes, Some(&sample::trusted())).unwrap();
    let acts: Vec<_> = verified.acts.iter().map(|act| (act.position, act.kind.as_str(), act.at.as_str())).collect();
    assert_eq!(acts, [(41, "submitted", "2026-03-02T09:15:00Z"), (57, "letter-issued", "2026-03-02T09:15:01Z")]);
    assert_eq!(verified.acts[0].content["payload"]["protocol"]["number"], 12);
    assert_eq!((verified.origin.as_str(), verified.tree_size), ("sportello.esempio.it/registro", 300));
    let names: Vec<_> = verified.documents.iter().map(|document| document.name.as_str()).collect();
    assert_eq!(names, ["0195f2a0-0000-7000-8000-0000000000d1.pdf", "attestazione à.txt"]);
    assert!(verified.trusted);
}

#[test]
fn without_a_trusted_key_a_receipt_is_only_consistent() {
    assert!(!verify(&sample::bundle().encode(), None).unwrap().trusted);
}

#[test]
fn a_receipt_comes_back_as_it_was_whatever_the_order_it_was_made_in() {
    let bundle = sample::bundle();
    assert_eq!(Bundle::decode(&bundle.encode()).unwrap(), bundle);
    let mut other = bundle.clone();
    other.acts.reverse();
    assert_eq!(other.encode(), bundle.encode());
}

#[test]
fn every_way_to_spoil_a_receipt_is_found_and_named() {
    let mut seen = BTreeSet::from(["too-large"]);
    for (code, bytes) in sample::spoilt_receipts() {
        let flaw = verify(&bytes, Some(&sample::trusted())).unwrap_err();
        assert_eq!(flaw.code(), code, "{}", String::from_utf8_lossy(&bytes));
        assert!(!flaw.to_string().contains('{'), "a particular was not filled in: {flaw}");
        seen.insert(code);
    }
    assert_eq!(verify(&vec![b' '; MAX_BYTES + 1], None), Err(Flaw::TooLarge));
    assert_eq!(seen, words().map(|(code, ..)| code).collect(), "a flaw that no sample shows");
}

#[test]
fn every_single_bit_counts() {
    let (bytes, key) = (sample::bundle().encode(), sample::trusted());
    for bit in 0..bytes.len() * 8 {
        let mut flipped = bytes.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        assert!(verify(&flipped, Some(&key)).is_err(), "bit {bit}");
        assert!(verify(&flipped, None).is_err(), "bit {bit}, without a trusted key");
    }
}

#[test]
fn every_truncation_and_every_lost_byte_is_found() {
    let bytes = sample::bundle().encode();
    for place in 0..bytes.len() {
        assert!(verify(&bytes[..place], None).is_err(), "cut at {place}");
        let lost = [&bytes[..place], &bytes[place + 1..]].concat();
        assert!(verify(&lost, None).is_err(), "byte {place} lost");
    }
}

#[test]
fn the_samples_of_the_static_page_are_current() {
    // cargo run -p proofs --example sample_receipts > content/verifica/samples.json
    let stored = include_str!("../../../../content/verifica/samples.json");
    assert!(stored == sample::fixture(), "run the example again to renew content/verifica/samples.json");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn a_byte_replaced_or_inserted_anywhere_is_found(pick in any::<prop::sample::Index>(), byte: u8) {
        let bytes = sample_bytes();
        let place = pick.index(bytes.len());
        let inserted = [&bytes[..place], &[byte], &bytes[place..]].concat();
        prop_assert!(verify(&inserted, None).is_err());
        let mut replaced = bytes.clone();
        replaced[place] = byte;
        prop_assert_eq!(verify(&replaced, None).is_ok(), bytes[place] == byte);
    }

    #[test]
    fn arbitrary_bytes_are_refused_without_panic(bytes: Vec<u8>, text in "(?s)\\{.{0,80}\\}") {
        prop_assert!(verify(&bytes, None).is_err());
        prop_assert!(verify(text.as_bytes(), None).is_err());
    }

    #[test]
    fn arbitrary_fields_are_refused_without_panic(
        content in "(?s).{0,40}", salt in "[A-Za-z0-9+/=]{0,48}", position: u64, checkpoint in "(?s).{0,80}",
        key in prop::option::of("(?s).{0,40}"),
    ) {
        let key = key.unwrap_or_else(|| sample::trusted().to_string());
        let text = serde_json::json!({ "format": "sportello-ricevuta/1", "documents": [], "checkpoint": checkpoint, "key": key,
            "acts": [{ "position": position, "content": content, "salt": salt, "digest": salt, "proof": [salt] }] });
        prop_assert!(verify(text.to_string().as_bytes(), None).is_err());
        prop_assert!(verify(text.to_string().as_bytes(), VerifierKey::parse(&key).ok().as_ref()).is_err());
    }
}

/// The sample costs three hundred digests: once is enough.
fn sample_bytes() -> &'static Vec<u8> {
    static BYTES: std::sync::OnceLock<Vec<u8>> = std::sync::OnceLock::new();
    BYTES.get_or_init(|| sample::bundle().encode())
}
