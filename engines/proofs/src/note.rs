//! Signed notes: a text, an empty line, and lines of signatures. <https://c2sp.org/signed-note>

use std::fmt;

use thiserror::Error;

use crate::{
    SignerKey, VerifierKey,
    encoding::{from_base64, to_base64},
    key::is_key_name,
};

/// More than any checkpoint with its witnesses; what is longer is not read.
const MAX_BYTES: usize = 256 * 1024;
/// The specification asks that at least 16 be accepted.
const MAX_SIGNATURES: usize = 64;
const ID_BYTES: usize = 4;

/// Why a text is not a signed note, or is not to be believed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum NoteError {
    /// Too long, or with too many signatures.
    #[error("the note is too long or has too many signatures")]
    TooLarge,
    /// Not text, an empty line and signature lines; or with control characters.
    #[error("this is not a signed note")]
    Malformed,
    /// A signature that names a known key is not that key's.
    #[error("the signature of {0} is wrong")]
    WrongSignature(String),
    /// No signature is of a known key.
    #[error("the note is signed by no known key")]
    NoKnownKey,
}

/// One line of signature. Other algorithms than Ed25519 (witness cosignatures, for one) are carried, not judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteSignature {
    /// The key's name.
    pub name: String,
    /// The key's identifier.
    pub id: [u8; 4],
    /// The signature in the form of its algorithm; 64 bytes for Ed25519.
    pub bytes: Vec<u8>,
}

impl NoteSignature {
    /// Whether it claims to be made with `key`.
    #[must_use]
    pub fn names(&self, key: &VerifierKey) -> bool {
        self.name == key.name() && self.id == key.id()
    }

    fn parse(line: &str) -> Option<Self> {
        let (name, data) = line.strip_prefix("— ")?.split_once(' ')?;
        let data = from_base64(data)?;
        let (id, bytes) = data.split_first_chunk::<ID_BYTES>().filter(|(_, bytes)| !bytes.is_empty())?;
        is_key_name(name).then(|| Self { name: name.to_owned(), id: *id, bytes: bytes.to_vec() })
    }
}

/// A text with its signatures. The text is not to be believed before [`Note::verify`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    text: String,
    signatures: Vec<NoteSignature>,
}

impl Note {
    /// Signs `text`, which ends with a newline, with every key of `signers`.
    ///
    /// # Errors
    /// [`NoteError::Malformed`] if the text cannot be that of a note, or nobody signs.
    pub fn sign(text: &str, signers: &[&SignerKey]) -> Result<Self, NoteError> {
        let signature = |signer: &&SignerKey| NoteSignature {
            name: signer.verifier().name().to_owned(),
            id: signer.verifier().id(),
            bytes: signer.sign(text.as_bytes()).to_vec(),
        };
        let note = Self { text: text.to_owned(), signatures: signers.iter().map(signature).collect() };
        // Reading it back is the one definition of what a note may contain.
        if Self::parse(&note.to_string())? == note { Ok(note) } else { Err(NoteError::Malformed) }
    }

    /// Reads a note strictly; its signatures are not checked yet.
    ///
    /// # Errors
    /// [`NoteError::TooLarge`], [`NoteError::Malformed`].
    pub fn parse(note: &str) -> Result<Self, NoteError> {
        if note.len() > MAX_BYTES {
            return Err(NoteError::TooLarge);
        }
        if note.contains(|c: char| c < ' ' && c != '\n') {
            return Err(NoteError::Malformed);
        }
        let last_empty_line = note.rfind("\n\n").ok_or(NoteError::Malformed)?;
        let (text, rest) = note.split_at(last_empty_line + 1);
        let lines = rest.strip_prefix('\n').and_then(|lines| lines.strip_suffix('\n')).ok_or(NoteError::Malformed)?;
        if lines.split('\n').count() > MAX_SIGNATURES {
            return Err(NoteError::TooLarge);
        }
        let signatures: Option<Vec<_>> = lines.split('\n').map(NoteSignature::parse).collect();
        Ok(Self { text: text.to_owned(), signatures: signatures.ok_or(NoteError::Malformed)? })
    }

    /// The keys of `known` that signed the note, at least one. Signatures of other keys are ignored.
    ///
    /// # Errors
    /// [`NoteError::WrongSignature`] if one that names a known key does not verify; [`NoteError::NoKnownKey`].
    pub fn verify<'k>(&self, known: &'k [VerifierKey]) -> Result<Vec<&'k VerifierKey>, NoteError> {
        let mut signed_by = Vec::new();
        for key in known {
            let mut of_key = self.signatures.iter().filter(|signature| signature.names(key)).peekable();
            if of_key.peek().is_some() {
                signed_by.push(key);
            }
            if !of_key.all(|signature| key.verifies(self.text.as_bytes(), &signature.bytes)) {
                return Err(NoteError::WrongSignature(key.name().to_owned()));
            }
        }
        if signed_by.is_empty() { Err(NoteError::NoKnownKey) } else { Ok(signed_by) }
    }

    /// What is signed, with its last newline.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// All signatures, known and unknown, in their order.
    #[must_use]
    pub fn signatures(&self) -> &[NoteSignature] {
        &self.signatures
    }

    /// Adds signatures made elsewhere over the same text, such as those of witnesses.
    pub fn extend(&mut self, signatures: impl IntoIterator<Item = NoteSignature>) {
        self.signatures.extend(signatures);
    }
}

impl fmt::Display for Note {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(out, "{}", self.text)?;
        self.signatures.iter().try_for_each(|NoteSignature { name, id, bytes }| {
            writeln!(out, "— {name} {}", to_base64(&[id.as_slice(), bytes].concat()))
        })
    }
}
