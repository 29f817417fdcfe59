//! Against vectors that this crate did not make: see `vectors.py` for the program and the command.

use std::collections::BTreeMap;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use proofs::{
    Checkpoint, Hash, LeafHashes, SignerKey, VerifierKey, act_digest, append, consistency_proof, inclusion_proof,
    leaf_hash, root, verify_consistency, verify_inclusion,
};
use serde::Deserialize;
use sha2::{Digest, Sha256};

#[derive(Deserialize)]
struct Vectors {
    roots: BTreeMap<u64, String>,
    inclusion: Vec<Inclusion>,
    consistency: Vec<Consistency>,
    tiles: BTreeMap<String, String>,
    note: NoteVector,
    act: ActVector,
}

#[derive(Deserialize)]
struct Inclusion {
    index: u64,
    size: u64,
    proof: Vec<String>,
}

#[derive(Deserialize)]
struct Consistency {
    old: u64,
    size: u64,
    proof: Vec<String>,
}

#[derive(Deserialize)]
struct NoteVector {
    vkey: String,
    skey: String,
    checkpoint: String,
}

#[derive(Deserialize)]
struct ActVector {
    salt: String,
    content: String,
    digest: String,
}

fn vectors() -> Vectors {
    serde_json::from_str(include_str!("vectors.json")).unwrap()
}

fn hash(text: &str) -> Hash {
    STANDARD.decode(text).unwrap().try_into().unwrap()
}

fn leaves() -> Vec<Hash> {
    (0..600).map(|n| leaf_hash(&Sha256::digest(format!("entry {n}")))).collect()
}

#[test]
fn roots_are_those_of_rfc_6962() {
    // The tree of the Certificate Transparency reference implementation's own tests.
    let entries: [&[u8]; 8] = [b"", b"\x00", b"\x10", b" !", b"01", b"@ABC", b"PQRSTUVW", b"`abcdefghijklmno"];
    let leaves: Vec<_> = entries.iter().map(|entry| leaf_hash(entry)).collect();
    let hex = |size| root(&LeafHashes(&leaves), size).unwrap().map(|byte| format!("{byte:02x}")).concat();
    assert_eq!(hex(0), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assert_eq!(hex(1), "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
    assert_eq!(hex(8), "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");
}

#[test]
fn roots_and_proofs_are_those_of_the_independent_program() {
    let (vectors, leaves) = (vectors(), leaves());
    let tree = LeafHashes(&leaves);
    let roots: BTreeMap<u64, Hash> = vectors.roots.iter().map(|(size, text)| (*size, hash(text))).collect();
    for (size, expected) in &roots {
        assert_eq!(root(&tree, *size).unwrap(), *expected, "root of {size}");
    }
    for Inclusion { index, size, proof } in vectors.inclusion {
        let proof: Vec<_> = proof.iter().map(|text| hash(text)).collect();
        assert_eq!(inclusion_proof(&tree, index, size).unwrap(), proof, "leaf {index} in {size}");
        assert!(verify_inclusion(&leaves[index as usize], index, size, &proof, &root(&tree, size).unwrap()));
    }
    for Consistency { old, size, proof } in vectors.consistency {
        let proof: Vec<_> = proof.iter().map(|text| hash(text)).collect();
        assert_eq!(consistency_proof(&tree, old, size).unwrap(), proof, "{old} in {size}");
        let [before, after] = [old, size].map(|size| root(&tree, size).unwrap());
        assert!(verify_consistency(old, size, &proof, &before, &after));
    }
}

#[test]
fn tiles_are_those_of_the_independent_program() {
    let appended = append(0, &leaves(), |_| None).unwrap();
    let hex = |bytes: &[u8]| Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let tiles: BTreeMap<String, String> =
        appended.tiles.iter().map(|(tile, bytes)| (tile.path(), hex(bytes))).collect();
    assert_eq!(tiles, vectors().tiles);
}

#[test]
fn keys_and_checkpoint_are_those_of_the_independent_program() {
    let NoteVector { vkey, skey, checkpoint } = vectors().note;
    let (verifier, signer) = (VerifierKey::parse(&vkey).unwrap(), SignerKey::parse(&skey).unwrap());
    assert_eq!(signer.verifier(), &verifier);
    assert_eq!(signer.to_secret_text(), skey);
    let read = Checkpoint::open(&checkpoint, std::slice::from_ref(&verifier)).unwrap();
    assert_eq!((read.origin.as_str(), read.size), ("registro.esempio.it/atti", 600));
    // Ed25519 has one signature for a text and a key: ours must be the same to the byte.
    assert_eq!(read.sign(&[&signer]).unwrap(), checkpoint);
}

#[test]
fn keys_of_the_go_implementation_are_read() {
    // The documented example pair of golang.org/x/mod/sumdb/note, and the key of the public Go checksum database.
    let pair = SignerKey::parse("PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz");
    let public = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    assert_eq!(pair.unwrap().verifier().to_string(), public);
    let go = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8";
    assert_eq!(VerifierKey::parse(go).unwrap().to_string(), go);
}

#[test]
fn the_digest_of_an_act_is_that_of_the_independent_program() {
    let ActVector { salt, content, digest } = vectors().act;
    assert_eq!(act_digest(&hash(&salt), &content), hash(&digest));
}
