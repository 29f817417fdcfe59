use acts::{Act, FollowError, Follower};
use async_trait::async_trait;
use database::Tx;

use crate::store::{self, Due};

/// Notes, for each act that people are told about, that a letter is due. Composing takes milliseconds of processor and
/// would hold the only writer of a SQLite database for every letter of a batch: that is left to [`crate::Composer`].
#[derive(Debug, Clone, Copy, Default)]
pub struct DueLetters;

#[async_trait]
impl Follower for DueLetters {
    fn name(&self) -> &'static str {
        "letters"
    }

    async fn follow(&self, tx: &mut Tx, acts: &[Act]) -> Result<(), FollowError> {
        for act in acts {
            let Some(letter) = letter_for(&act.kind) else { continue };
            let due = Due { case: act.case, act_seq: act.seq, letter: letter.to_owned(), attempts: 0 };
            store::queue(tx, &due, act.at).await?;
        }
        Ok(())
    }
}

/// The letter that tells of an act; `None` for acts that need none.
#[must_use]
pub fn letter_for(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "submitted" => "ricevuta",
        "integration-requested" => "integrazione",
        "refusal-proposed" => "preavviso",
        "granted" => "accoglimento",
        "refused" => "diniego",
        "withdrawn" => "ritiro",
        _ => return None,
    })
}
