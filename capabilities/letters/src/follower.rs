use acts::{Act, FollowError, Follower};
use async_trait::async_trait;
use cases::payload::{PassedOn, kind};
use catalogue::LetterAct;
use database::Tx;

use crate::store::{self, Due};

/// Notes, for each act that people are told about, that a letter is due; and which office is told of those that did not go
/// out. Composing takes milliseconds of processor and would hold the only writer of a SQLite database for every letter of a
/// batch: that is left to [`crate::Composer`].
#[derive(Debug, Clone, Copy, Default)]
pub struct DueLetters;

#[async_trait]
impl Follower for DueLetters {
    fn name(&self) -> &'static str {
        "letters"
    }

    async fn follow(&self, tx: &mut Tx, acts: &[Act]) -> Result<(), FollowError> {
        for act in acts {
            if act.kind == kind::PASSED_ON
                && let Some(passed) = act.payload::<PassedOn>()
            {
                store::hand_over(tx, act.case, &passed.to).await?;
            }
            let Some(told) = LetterAct::from_kind(&act.kind) else { continue };
            let letter = told.usual_letter().to_owned();
            let due = Due { case: act.case, act_seq: act.seq, letter, attempts: 0 };
            store::queue(tx, &due, act.at).await?;
        }
        Ok(())
    }
}
