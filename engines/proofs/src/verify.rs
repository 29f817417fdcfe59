//! The whole check of a receipt, without network.

use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::{
    Bundle, Checkpoint, Document, Flaw, Note, Place, ProvenAct, VerifierKey, act_digest, bundle::MAX_POSITION,
    encoding::to_hex, leaf_hash, verify_inclusion,
};

/// What a genuine receipt shows.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Verified {
    /// The acts, by position.
    pub acts: Vec<VerifiedAct>,
    /// The documents, by name.
    pub documents: Vec<VerifiedDocument>,
    /// The name of the log.
    pub origin: String,
    /// How many acts the log had when the checkpoint was signed.
    pub tree_size: u64,
    /// Whether the key was one that the checker trusts. If not, the file is consistent in itself, and anybody with
    /// any key could have made it.
    pub trusted: bool,
}

/// An act that is in the log.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct VerifiedAct {
    /// Its leaf in the log, from 0.
    pub position: u64,
    /// What kind of act: the field `kind` of its content.
    pub kind: String,
    /// When it was recorded: the field `at` of its content, RFC 3339.
    pub at: String,
    /// The whole content.
    pub content: Value,
}

/// A document whose name and digest a verified act states.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct VerifiedDocument {
    /// The file name.
    pub name: String,
    /// SHA-256 in lower-case hexadecimal.
    pub sha256: String,
    /// The document.
    #[serde(skip)]
    pub content: Vec<u8>,
}

/// Checks the bytes of a receipt: form, key, checkpoint, every act, every document, in this order.
///
/// With `trusted`, the receipt must be of that log; without, the key inside the file is used, which proves only that
/// the file is consistent ([`Verified::trusted`] is then false).
///
/// # Errors
/// The first [`Flaw`] found.
pub fn verify(bytes: &[u8], trusted: Option<&VerifierKey>) -> Result<Verified, Flaw> {
    let bundle = Bundle::decode(bytes)?;
    if trusted.is_some_and(|trusted| *trusted != bundle.key) {
        return Err(Flaw::KeyNotTrusted);
    }
    let checkpoint = check_checkpoint(&bundle)?;
    let acts = bundle.acts.iter().zip(1..).map(|(act, number)| check_act(act, number, &checkpoint));
    let acts = acts.collect::<Result<Vec<_>, _>>()?;
    let stated: Vec<_> = acts.iter().flat_map(|act| stated_documents(&act.content)).collect();
    bundle.documents.iter().try_for_each(|document| check_document(document, &stated))?;
    let documents =
        bundle.documents.into_iter().map(|d| VerifiedDocument { name: d.name, sha256: d.sha256, content: d.content });
    let documents = documents.collect();
    let (origin, tree_size) = (checkpoint.origin, checkpoint.size);
    Ok(Verified { acts, documents, origin, tree_size, trusted: trusted.is_some() })
}

/// A note ignores the signatures of unknown keys, so they could be altered unseen: a receipt has none.
fn check_checkpoint(bundle: &Bundle) -> Result<Checkpoint, Flaw> {
    let note = Note::parse(&bundle.checkpoint).map_err(|_| Flaw::CheckpointUnreadable)?;
    let checkpoint = Checkpoint::parse(note.text()).map_err(|_| Flaw::CheckpointUnreadable)?;
    if checkpoint.size > MAX_POSITION {
        return Err(Flaw::CheckpointUnreadable);
    }
    if checkpoint.origin != bundle.key.name() {
        return Err(Flaw::CheckpointOfOtherLog);
    }
    match note.signatures() {
        [only] if only.names(&bundle.key) => {}
        _ => return Err(Flaw::CheckpointSigner),
    }
    note.verify(std::slice::from_ref(&bundle.key)).map_err(|_| Flaw::CheckpointSignature)?;
    Ok(checkpoint)
}

fn check_act(act: &ProvenAct, number: usize, checkpoint: &Checkpoint) -> Result<VerifiedAct, Flaw> {
    let place = Place { act: number, position: act.position };
    let in_log = |digest: &[u8; 32]| {
        verify_inclusion(&leaf_hash(digest), act.position, checkpoint.size, &act.proof, &checkpoint.root)
    };
    let computed = act_digest(&act.salt, &act.content);
    match (computed == act.digest, in_log(&computed)) {
        (true, true) => read_act(act).ok_or(Flaw::ActUnreadable(place)),
        (true, false) => Err(Flaw::ActNotInLog(place)),
        (false, true) => Err(Flaw::ActDigest(place)),
        (false, false) if in_log(&act.digest) => Err(Flaw::ActChanged(place)),
        (false, false) => Err(Flaw::ActNotInLog(place)),
    }
}

fn read_act(act: &ProvenAct) -> Option<VerifiedAct> {
    let content: Value = serde_json::from_str(&act.content).ok()?;
    let text = |field: &str| content.get(field)?.as_str().map(str::to_owned);
    Some(VerifiedAct { position: act.position, kind: text("kind")?, at: text("at")?, content })
}

/// What the acts state of documents, as (name, digest): every object with a text `sha256` and a name, however deep.
fn stated_documents(value: &Value) -> Vec<(String, String)> {
    let sha256 = value.get("sha256").and_then(Value::as_str).map(str::to_owned);
    let own = stated_name(value).zip(sha256);
    let within: Vec<&Value> = match value {
        Value::Array(items) => items.iter().collect(),
        Value::Object(fields) => fields.values().collect(),
        _ => Vec::new(),
    };
    own.into_iter().chain(within.into_iter().flat_map(stated_documents)).collect()
}

/// The first of these that is there, so that one statement gives one name: `name`, `file_name`, or `document`, which is
/// the identifier of a PDF that the office composed.
fn stated_name(value: &Value) -> Option<String> {
    let text = |field: &str| value.get(field).and_then(Value::as_str).map(str::to_owned);
    text("name").or_else(|| text("file_name")).or_else(|| text("document").map(|id| format!("{id}.pdf")))
}

fn check_document(document: &Document, stated: &[(String, String)]) -> Result<(), Flaw> {
    let name = document.name.clone();
    let computed = to_hex(&Sha256::digest(&document.content));
    let states = |sha256: &str| stated.iter().any(|(_, stated)| stated == sha256);
    let matches = |sha256: &str| stated.iter().any(|(n, stated)| *n == name && stated == sha256);
    if computed == document.sha256 && matches(&computed) {
        return Ok(());
    }
    let named = stated.iter().any(|(n, _)| *n == name);
    match (computed == document.sha256, states(&computed)) {
        (true, true) => Err(Flaw::DocumentRenamed { name }),
        (true, false) if !named => Err(Flaw::DocumentUnknown { name }),
        _ => Err(Flaw::DocumentChanged { name }),
    }
}
