//! The receipt: one file that a person keeps, from which everything can be checked without the office.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{
    Flaw, Hash, VerifierKey, act_digest,
    encoding::{from_base64, hash_from_base64, to_base64, to_hex},
};

/// A receipt longer than this is not read: 32 MiB.
pub const MAX_BYTES: usize = 32 * 1024 * 1024;
/// The most acts in one receipt.
pub const MAX_ACTS: usize = 1000;
/// The most documents in one receipt.
pub const MAX_DOCUMENTS: usize = 100;
const MAX_NAME_CHARS: usize = 200;
/// JavaScript counts exactly up to here, and no log will have more leaves.
pub(crate) const MAX_POSITION: u64 = (1 << 53) - 1;
const FORMAT: &str = "sportello-ricevuta/1";
const FORMAT_FAMILY: &str = "sportello-ricevuta/";

/// What a receipt holds. Reading one proves nothing yet: see [`crate::verify`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bundle {
    /// The acts, by position.
    pub acts: Vec<ProvenAct>,
    /// Documents whose name and digest an act of the receipt states, by name.
    pub documents: Vec<Document>,
    /// The signed note of the log's checkpoint.
    pub checkpoint: String,
    /// The key that the log signs with.
    pub key: VerifierKey,
}

/// An act with what shows that it is in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProvenAct {
    /// The act's leaf in the log, from 0.
    pub position: u64,
    /// The exact JSON text of the act.
    pub content: String,
    /// The act's salt.
    pub salt: [u8; 32],
    /// [`act_digest`] of the two. It is implied, and written so that a checker can tell a changed text from an act that
    /// is not in the log.
    pub digest: Hash,
    /// The inclusion proof in the tree of the checkpoint.
    pub proof: Vec<Hash>,
}

impl ProvenAct {
    /// With the digest of `salt` and `content`.
    #[must_use]
    pub fn new(position: u64, content: String, salt: [u8; 32], proof: Vec<Hash>) -> Self {
        Self { position, digest: act_digest(&salt, &content), content, salt, proof }
    }
}

/// A document that travels with the receipt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// The file name, as an act of the receipt states it beside the digest (`name`, `file_name` or `document` + `.pdf`).
    pub name: String,
    /// SHA-256 of the content, in lower-case hexadecimal.
    pub sha256: String,
    /// The document itself.
    pub content: Vec<u8>,
}

impl Document {
    /// With the digest of `content`.
    #[must_use]
    pub fn new(name: &str, content: Vec<u8>) -> Self {
        Self { name: name.to_owned(), sha256: to_hex(&Sha256::digest(&content)), content }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct BundleText {
    format: String,
    acts: Vec<ActText>,
    documents: Vec<DocumentText>,
    checkpoint: String,
    key: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ActText {
    position: u64,
    content: String,
    salt: String,
    digest: String,
    proof: Vec<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct DocumentText {
    name: String,
    sha256: String,
    content: String,
}

impl Bundle {
    /// The bytes of the file, in the one form that is accepted: JSON without spaces, fields in the order of the format,
    /// acts by position, documents by name, a newline at the end.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut acts: Vec<_> = self.acts.iter().collect();
        acts.sort_by_key(|act| act.position);
        let mut documents: Vec<_> = self.documents.iter().collect();
        documents.sort_by_key(|document| &document.name);
        let text = BundleText {
            format: FORMAT.to_owned(),
            acts: acts.into_iter().map(write_act).collect(),
            documents: documents.into_iter().map(write_document).collect(),
            checkpoint: self.checkpoint.clone(),
            key: self.key.to_string(),
        };
        let mut bytes = serde_json::to_vec(&text).expect("a structure of texts and numbers is always JSON");
        bytes.push(b'\n');
        bytes
    }

    /// Reads a file strictly: the right shape, within bounds, and byte for byte what [`Bundle::encode`] would write.
    ///
    /// # Errors
    /// [`Flaw::TooLarge`], [`Flaw::Pdf`], [`Flaw::NotAReceipt`], [`Flaw::OtherVersion`], [`Flaw::KeyUnreadable`],
    /// [`Flaw::Wrapping`].
    pub fn decode(bytes: &[u8]) -> Result<Self, Flaw> {
        if bytes.len() > MAX_BYTES {
            return Err(Flaw::TooLarge);
        }
        if bytes.starts_with(b"%PDF-") {
            return Err(Flaw::Pdf);
        }
        let text: BundleText = serde_json::from_slice(bytes).map_err(|_| other_version(bytes))?;
        if text.format != FORMAT {
            return Err(other_version(bytes));
        }
        let key = VerifierKey::parse(&text.key).map_err(|_| Flaw::KeyUnreadable)?;
        let bundle = read_bundle(text, key).ok_or(Flaw::NotAReceipt)?;
        match first_difference(bytes, &bundle.encode()) {
            None => Ok(bundle),
            Some(byte) => Err(Flaw::Wrapping { byte }),
        }
    }
}

/// A receipt of another version may have other fields: it deserves another message than a file that is no receipt.
fn other_version(bytes: &[u8]) -> Flaw {
    let value: serde_json::Value = serde_json::from_slice(bytes).unwrap_or_default();
    let format = value.get("format").and_then(|format| format.as_str()).unwrap_or_default();
    let numbered = |version: &str| !version.is_empty() && version.bytes().all(|b| b.is_ascii_digit());
    let ours = format.strip_prefix(FORMAT_FAMILY).is_some_and(numbered);
    if ours && format != FORMAT { Flaw::OtherVersion } else { Flaw::NotAReceipt }
}

fn first_difference(found: &[u8], expected: &[u8]) -> Option<usize> {
    let common = found.iter().zip(expected).take_while(|(a, b)| a == b).count();
    (found.len() != common || expected.len() != common).then_some(common)
}

fn write_act(act: &ProvenAct) -> ActText {
    ActText {
        position: act.position,
        content: act.content.clone(),
        salt: to_base64(&act.salt),
        digest: to_base64(&act.digest),
        proof: act.proof.iter().map(|hash| to_base64(hash)).collect(),
    }
}

fn write_document(document: &Document) -> DocumentText {
    DocumentText { name: document.name.clone(), sha256: document.sha256.clone(), content: to_base64(&document.content) }
}

fn read_bundle(text: BundleText, key: VerifierKey) -> Option<Bundle> {
    if text.acts.is_empty() || text.acts.len() > MAX_ACTS || text.documents.len() > MAX_DOCUMENTS {
        return None;
    }
    let acts: Vec<_> = text.acts.into_iter().map(read_act).collect::<Option<_>>()?;
    let documents: Vec<_> = text.documents.into_iter().map(read_document).collect::<Option<_>>()?;
    let repeated = acts.windows(2).any(|pair| pair[0].position == pair[1].position)
        || documents.windows(2).any(|pair| pair[0].name == pair[1].name);
    (!repeated).then_some(Bundle { acts, documents, checkpoint: text.checkpoint, key })
}

fn read_act(text: ActText) -> Option<ProvenAct> {
    Some(ProvenAct {
        position: Some(text.position).filter(|position| *position <= MAX_POSITION)?,
        content: text.content,
        salt: hash_from_base64(&text.salt)?,
        digest: hash_from_base64(&text.digest)?,
        proof: text.proof.iter().map(|hash| hash_from_base64(hash)).collect::<Option<_>>()?,
    })
}

fn read_document(text: DocumentText) -> Option<Document> {
    let hex = text.sha256.len() == 64 && text.sha256.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    let content = from_base64(&text.content)?;
    (hex && is_file_name(&text.name)).then_some(Document { name: text.name, sha256: text.sha256, content })
}

/// A name under which a browser or a person may save the document: no path, no hidden file.
fn is_file_name(name: &str) -> bool {
    let forbidden = |c: char| c.is_control() || matches!(c, '/' | '\\' | ':');
    !name.is_empty() && name.chars().count() <= MAX_NAME_CHARS && !name.starts_with('.') && !name.contains(forbidden)
}
