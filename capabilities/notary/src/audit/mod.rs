//! The independent check of everything that is kept: the book of acts, the log over it, the protocol registers.

mod book;
mod protocol;
mod tree;

use base::Language;
use database::{Result, Tx};
use proofs::{Hash, VerifierKey};

use crate::report::Voice;

/// Recomputes the whole tree from the book of acts and compares it with what is stored and signed: every content with
/// its digest, every digest with its tile, every checkpoint with the root that the tree had, every protocol number with
/// the register. One sentence for each thing that is wrong; empty when nothing is.
///
/// It sees what `tx` sees, so give it one view of one moment ([`database::Database::read`]). It cannot see that book and
/// log were both put back to an earlier state: for that somebody outside must hold a later checkpoint or receipt.
///
/// # Errors
/// What the database refuses; damaged content is a finding, not an error.
pub async fn audit(tx: &mut Tx, key: &VerifierKey, language: Language) -> Result<Vec<String>> {
    let mut findings = Findings { voice: Voice(language), sentences: Vec::new() };
    let book = book::read(tx, &mut findings).await?;
    tree::check(tx, key, &book, &mut findings).await?;
    protocol::check(tx, &book.registered, &mut findings).await?;
    Ok(findings.sentences)
}

/// The root of the log over its first `size` acts, computed anew from the book of acts and from nothing that was stored
/// of the log; `None` when the book has fewer acts, or not all of them.
///
/// # Errors
/// What the database refuses.
pub async fn root_of_book(tx: &mut Tx, size: u64) -> Result<Option<Hash>> {
    tree::root_of_book(tx, size).await
}

/// What is wrong, in sentences.
struct Findings {
    voice: Voice,
    sentences: Vec<String>,
}

impl Findings {
    fn note(&mut self, key: &str, values: &[(&str, String)]) {
        self.sentences.push(self.voice.say(key, values));
    }
}
