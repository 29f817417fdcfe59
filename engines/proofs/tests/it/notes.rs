//! Keys, notes and checkpoints: strict reading, and signatures that hold only for what was signed.

use base::SeededChance;
use proofs::{Checkpoint, CheckpointError, KeyError, Note, NoteError, NoteSignature, SignerKey, VerifierKey};
use proptest::prelude::*;

fn signer(name: &str, seed: u64) -> SignerKey {
    SignerKey::generate(name, &SeededChance::new(seed)).unwrap()
}

fn checkpoint() -> Checkpoint {
    Checkpoint::new("registro.esempio.it/atti", 42, [5; 32])
}

#[test]
fn a_checkpoint_comes_back_from_its_note() {
    let key = signer("registro.esempio.it/atti", 1);
    let note = checkpoint().sign(&[&key]).unwrap();
    assert_eq!(Checkpoint::open(&note, &[key.verifier().clone()]), Ok(checkpoint()));
    let extended = Checkpoint { extensions: vec!["una riga".to_owned()], ..checkpoint() };
    let note = extended.sign(&[&key]).unwrap();
    assert_eq!(Checkpoint::open(&note, &[key.verifier().clone()]), Ok(extended));
}

#[test]
fn several_may_sign_and_strangers_are_ignored() {
    let (log, old, witness) = (signer("registro", 1), signer("registro", 2), signer("testimone", 3));
    let mut note = Note::sign("testo\n\ncon una riga vuota\n", &[&log, &witness]).unwrap();
    note.extend([NoteSignature { name: "testimone".to_owned(), id: [4; 4], bytes: vec![0; 72] }]);
    let note = Note::parse(&note.to_string()).unwrap();
    assert_eq!(note.text(), "testo\n\ncon una riga vuota\n");
    assert_eq!(note.signatures().len(), 3);
    let [log, old, witness] = [log, old, witness].map(|key| key.verifier().clone());
    assert_eq!(note.verify(&[old.clone(), witness.clone(), log.clone()]).unwrap(), [&witness, &log]);
    assert_eq!(note.verify(&[old]), Err(NoteError::NoKnownKey));
}

#[test]
fn a_wrong_signature_of_a_known_key_condemns_the_note() {
    let (log, witness) = (signer("registro", 1), signer("testimone", 3));
    let mut note = Note::sign("testo\n", &[&log]).unwrap();
    let wrong = witness.sign(b"altro\n").to_vec();
    note.extend([NoteSignature { name: "testimone".to_owned(), id: witness.verifier().id(), bytes: wrong }]);
    let known = [log.verifier().clone(), witness.verifier().clone()];
    assert_eq!(note.verify(&known), Err(NoteError::WrongSignature("testimone".to_owned())));
}

#[test]
fn malformed_notes_are_refused() {
    let good = Note::sign("testo\n", &[&signer("registro", 1)]).unwrap().to_string();
    assert!(Note::parse(&good).is_ok());
    let bad = [
        String::new(),
        "testo\n".to_owned(),
        "testo\n\n".to_owned(),
        good.trim_end().to_owned(),
        format!("{good}\n"),
        format!("{good}x"),
        good.replace("\n\n", "\n"),
        good.replace("— ", "- "),
        good.replace("— ", "—  "),
        good.replace("testo", "te\tsto"),
        good.replace("testo", "te\rsto"),
        good.replace("— registro", "— regi+stro"),
        good.replace("— registro", "— regi\u{a0}stro"),
        good.replace("==\n", "\n").replace("=\n", "\n"),
        "testo\n\n— registro AAAAAA==\n".to_owned(),
    ];
    for note in bad {
        assert_eq!(Note::parse(&note), Err(NoteError::Malformed), "{note:?}");
    }
    let line = good.rsplit_once("\n\n").unwrap().1;
    assert_eq!(Note::parse(&format!("testo\n\n{}", line.repeat(65))), Err(NoteError::TooLarge));
    assert!(Note::parse(&format!("testo\n\n{}", line.repeat(16))).is_ok());
    assert_eq!(Note::sign("senza fine", &[&signer("registro", 1)]), Err(NoteError::Malformed));
    assert_eq!(Note::sign("testo\n", &[]), Err(NoteError::Malformed));
}

#[test]
fn malformed_checkpoints_are_refused() {
    let text = checkpoint().text();
    assert_eq!(Checkpoint::parse(&text), Ok(checkpoint()));
    let bad = [
        String::new(),
        text.replace("42", "042"),
        text.replace("42", "+42"),
        text.replace("42", "-1"),
        text.replace("42", "18446744073709551616"),
        text.replace("registro.esempio.it/atti", ""),
        text.replace("BQU=", "BQV="),
        text.replace('=', ""),
        text.trim_end().to_owned(),
        format!("{text}\n"),
        format!("{text}a\tb\n"),
    ];
    for text in bad {
        assert_eq!(Checkpoint::parse(&text), Err(CheckpointError::Malformed), "{text:?}");
    }
    let key = signer("registro", 1);
    for origin in ["", "due\nrighe"] {
        let wrong = Checkpoint { origin: origin.to_owned(), ..checkpoint() };
        assert_eq!(wrong.sign(&[&key]), Err(CheckpointError::Malformed));
    }
}

#[test]
fn malformed_keys_are_refused_and_say_why() {
    let key = signer("registro", 1);
    let (public, secret) = (key.verifier().to_string(), key.to_secret_text());
    let why = |text: &str| VerifierKey::parse(text).unwrap_err();
    assert_eq!(why(""), KeyError::Shape);
    assert_eq!(why(&public.replace("registro", "registra")), KeyError::Identifier);
    assert_eq!(why(&public.replace("registro", "")), KeyError::Name);
    assert_eq!(why(&public.replace("registro", "regi stro")), KeyError::Name);
    assert_eq!(why(&public[..public.len() - 4]), KeyError::Shape);
    assert_eq!(why(&public.replace("+A", "+B")), KeyError::Algorithm);
    // The neutral element: under it a signature of anything could be made.
    assert_eq!(VerifierKey::new("registro", &std::array::from_fn(|i| u8::from(i == 0))), Err(KeyError::Point));
    assert_eq!(SignerKey::parse(&public).unwrap_err(), KeyError::Shape);
    assert_eq!(SignerKey::parse(&secret.replace("registro", "registra")).unwrap_err(), KeyError::Identifier);
    assert!(!format!("{key:?}").contains(secret.rsplit('+').next().unwrap()));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_changed_note_never_verifies(seed: u64, pick in any::<prop::sample::Index>(), flip in 1_u8..=255) {
        let key = signer("registro.esempio.it/atti", seed);
        let mut note = checkpoint().sign(&[&key]).unwrap().into_bytes();
        let place = pick.index(note.len());
        note[place] ^= flip;
        let opened = String::from_utf8(note).ok().and_then(|note| {
            Checkpoint::open(&note, std::slice::from_ref(key.verifier())).ok()
        });
        prop_assert_eq!(opened, None);
    }

    #[test]
    fn reading_never_panics(text in "(?s).{0,200}") {
        let _ = Note::parse(&text);
        let _ = Note::parse(&format!("{text}\n\n— {text} {text}\n"));
        let _ = Checkpoint::parse(&text);
        let _ = VerifierKey::parse(&text);
        let _ = SignerKey::parse(&format!("PRIVATE+KEY+{text}"));
    }

    #[test]
    fn keys_come_back_from_their_text(seed: u64) {
        let key = signer("registro.esempio.it/atti", seed);
        prop_assert_eq!(&VerifierKey::parse(&key.verifier().to_string()).unwrap(), key.verifier());
        prop_assert_eq!(SignerKey::parse(&key.to_secret_text()).unwrap().to_secret_text(), key.to_secret_text());
    }
}
