//! Guessing of passwords is slowed: every attempt counts as wrong beforehand and is forgiven when it was right, so
//! that attempts at the same time do not slip through together.

use base::Timestamp;
use database::Tx;
use jiff::SignedDuration;

use crate::store::guesses::{self as store, Guesses};

/// Wrong passwords in a row that cost nothing, for an account and for an address (a whole office may share one).
const FREE_FOR_ACCOUNT: i64 = 4;
const FREE_FOR_ADDRESS: i64 = 20;
const FIRST_WAIT: SignedDuration = SignedDuration::from_secs(30);
const LONGEST_WAIT: SignedDuration = SignedDuration::from_mins(15);
/// Old mistakes are forgotten.
const MEMORY: SignedDuration = SignedDuration::from_hours(12);

/// The two counters of an attempt.
pub(crate) struct Attempt {
    account: String,
    address: String,
}

impl Attempt {
    pub(crate) fn new(account: &str, address: &str) -> Self {
        Self { account: format!("account:{account}"), address: format!("address:{address}") }
    }

    /// Counts the attempt; gives the instant from which the next one is allowed when this one comes too early.
    pub(crate) async fn admit(&self, tx: &mut Tx, now: Timestamp) -> database::Result<Result<(), Timestamp>> {
        let counters = [(&self.account, FREE_FOR_ACCOUNT), (&self.address, FREE_FOR_ADDRESS)];
        let mut next = Vec::new();
        for (subject, free) in counters {
            let before = store::find(tx, subject).await?.filter(|row| now.duration_since(row.last_at) < MEMORY);
            if let Some(free_at) = before.as_ref().map(|row| row.free_at).filter(|free_at| now < *free_at) {
                return Ok(Err(free_at));
            }
            let failures = before.map_or(0, |row| row.failures) + 1;
            let free_at = now.saturating_add(wait(failures - free)).unwrap_or(Timestamp::MAX);
            next.push((subject, Guesses { failures, last_at: now, free_at }));
        }
        for (subject, guesses) in next {
            store::put(tx, subject, &guesses).await?;
        }
        Ok(Ok(()))
    }

    /// The password was right: the account begins anew. The address only gets this attempt back, or whoever has one
    /// account could use it to clear the way for guessing others.
    pub(crate) async fn forgive(&self, tx: &mut Tx, now: Timestamp) -> database::Result<()> {
        store::delete(tx, &self.account).await?;
        if let Some(row) = store::find(tx, &self.address).await? {
            let guesses = Guesses { failures: (row.failures - 1).max(0), last_at: row.last_at, free_at: now };
            store::put(tx, &self.address, &guesses).await?;
        }
        Ok(())
    }
}

/// 30 seconds after the first mistake too many, then twice as long each time, at most a quarter of an hour.
fn wait(too_many: i64) -> SignedDuration {
    let Ok(doublings) = u32::try_from(too_many - 1) else { return SignedDuration::ZERO };
    FIRST_WAIT.saturating_mul(1 << doublings.min(16)).min(LONGEST_WAIT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_grows_and_ends() {
        let seconds = |too_many| wait(too_many).as_secs();
        assert_eq!([-3, 0, 1, 2, 3, 6, 60].map(seconds), [0, 0, 30, 60, 120, 900, 900]);
    }
}
