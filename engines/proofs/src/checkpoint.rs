//! Checkpoints: what a log says of itself at one moment. <https://c2sp.org/tlog-checkpoint>

use thiserror::Error;

use crate::{
    Hash, Note, NoteError, SignerKey, VerifierKey,
    encoding::{hash_from_base64, to_base64},
};

/// Why a text is not a checkpoint that may be believed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CheckpointError {
    /// The text is not origin, size, root and extension lines.
    #[error("this is not a checkpoint")]
    Malformed,
    /// The note around it is malformed or its signatures are wrong.
    #[error(transparent)]
    Note(#[from] NoteError),
}

/// The head of a log: how many leaves, under which root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// The log's name: an address without scheme.
    pub origin: String,
    /// The number of leaves.
    pub size: u64,
    /// The root of the tree of `size` leaves.
    pub root: Hash,
    /// Further lines, if any; the specification advises against them.
    pub extensions: Vec<String>,
}

impl Checkpoint {
    /// A checkpoint without extensions.
    #[must_use]
    pub fn new(origin: &str, size: u64, root: Hash) -> Self {
        Self { origin: origin.to_owned(), size, root, extensions: Vec::new() }
    }

    /// The text that is signed.
    #[must_use]
    pub fn text(&self) -> String {
        let head = [self.origin.clone(), self.size.to_string(), to_base64(&self.root)];
        head.iter().chain(&self.extensions).map(|line| format!("{line}\n")).collect()
    }

    /// Reads the text that is signed, strictly: one checkpoint has one text.
    ///
    /// # Errors
    /// [`CheckpointError::Malformed`].
    pub fn parse(text: &str) -> Result<Self, CheckpointError> {
        Self::read(text).filter(|checkpoint| checkpoint.text() == text).ok_or(CheckpointError::Malformed)
    }

    fn read(text: &str) -> Option<Self> {
        let mut lines = text.strip_suffix('\n')?.split('\n');
        let origin = lines.next()?.to_owned();
        let size = lines.next()?.parse().ok()?;
        let root = hash_from_base64(lines.next()?)?;
        let extensions: Vec<String> = lines.map(str::to_owned).collect();
        let sound = |line: &String| !line.is_empty() && !line.contains(|c: char| c < ' ');
        let all_sound = sound(&origin) && extensions.iter().all(sound);
        all_sound.then_some(Self { origin, size, root, extensions })
    }

    /// The signed note to publish. Make it durable before giving it out: a log may never sign two that disagree.
    ///
    /// # Errors
    /// [`CheckpointError`] if the fields cannot make a checkpoint, or nobody signs.
    pub fn sign(&self, signers: &[&SignerKey]) -> Result<String, CheckpointError> {
        let text = self.text();
        if Self::parse(&text).as_ref() != Ok(self) {
            return Err(CheckpointError::Malformed);
        }
        Ok(Note::sign(&text, signers)?.to_string())
    }

    /// Reads a signed note and believes it if a key of `known` signed it.
    ///
    /// # Errors
    /// [`CheckpointError`].
    pub fn open(note: &str, known: &[VerifierKey]) -> Result<Self, CheckpointError> {
        let note = Note::parse(note)?;
        note.verify(known)?;
        Self::parse(note.text())
    }
}
