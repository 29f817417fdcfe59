//! Guessing of passwords and of one-time codes is slowed: every attempt counts as wrong beforehand and is forgiven when it was right, so
//! that attempts at the same time do not slip through together.
//!
//! What counts most is an account as it is tried from one address: a stranger elsewhere who knows a name does not lock
//! its owner out. An account as a whole is slowed only after many mistakes from everywhere, and for seconds: enough
//! against guessing from a thousand places, not enough to keep somebody from work.

use base::Timestamp;
use database::Tx;
use jiff::SignedDuration;

use crate::store::guesses::{self as store, Guesses};

/// How one counter slows attempts down.
#[derive(Debug, Clone, Copy)]
struct Slow {
    /// Wrong passwords in a row that cost nothing.
    free: i64,
    /// The wait after the first mistake too many; twice as long each time.
    first: SignedDuration,
    /// No wait is longer.
    longest: SignedDuration,
}

/// An account from one address.
const PAIR: Slow = Slow { free: 4, first: SignedDuration::from_secs(30), longest: SignedDuration::from_mins(15) };
/// An address, whatever account: a whole office may share one.
const ADDRESS: Slow = Slow { free: 20, first: SignedDuration::from_secs(30), longest: SignedDuration::from_mins(15) };
/// An account from everywhere: 100 mistakes (NIST SP 800-63B, 3.2.2), then some seconds between attempts.
const ACCOUNT: Slow = Slow { free: 100, first: SignedDuration::from_secs(2), longest: SignedDuration::from_secs(10) };
/// Whoever guesses a one-time code knows the password: nobody else can lock the account so, and the account is slowed as a
/// whole, to some hundred guesses a day of a million codes. Passkeys and recovery codes, which nobody guesses, go on opening.
const CODE: Slow = PAIR;
/// Old mistakes are forgotten.
const MEMORY: SignedDuration = SignedDuration::from_hours(12);

/// The counters of an attempt.
pub(crate) struct Attempt {
    /// Those that begin anew when the attempt was right.
    own: Vec<(String, Slow)>,
    address: String,
}

impl Attempt {
    /// At a password.
    pub(crate) fn new(account: &str, address: &str) -> Self {
        let own = vec![(format!("pair:{account}@{address}"), PAIR), (format!("account:{account}"), ACCOUNT)];
        Self { own, address: format!("address:{address}") }
    }

    /// At a code of six digits of who has shown the password.
    pub(crate) fn code(account: &str, address: &str) -> Self {
        Self { own: vec![(format!("second:{account}"), CODE)], address: format!("address:{address}") }
    }

    /// At what nobody guesses: a passkey, a recovery code. It is counted for its address alone.
    pub(crate) fn unguessable(address: &str) -> Self {
        Self { own: Vec::new(), address: format!("address:{address}") }
    }

    /// Counts the attempt; gives the instant from which the next one is allowed when this one comes too early.
    pub(crate) async fn admit(&self, tx: &mut Tx, now: Timestamp) -> database::Result<Result<(), Timestamp>> {
        let address = (self.address.clone(), ADDRESS);
        let mut next = Vec::new();
        for (subject, slow) in self.own.iter().chain([&address]) {
            let before = store::find(tx, subject).await?.filter(|row| now.duration_since(row.last_at) < MEMORY);
            if let Some(free_at) = before.as_ref().map(|row| row.free_at).filter(|free_at| now < *free_at) {
                return Ok(Err(free_at));
            }
            let failures = before.map_or(0, |row| row.failures) + 1;
            let free_at = now.saturating_add(slow.wait(failures)).unwrap_or(Timestamp::MAX);
            next.push((subject, Guesses { failures, last_at: now, free_at }));
        }
        for (subject, guesses) in next {
            store::put(tx, subject, &guesses).await?;
        }
        Ok(Ok(()))
    }

    /// The proof was right: the account begins anew, here and as a whole. The address only gets this attempt back, or
    /// whoever has one account could use it to clear the way for guessing others.
    pub(crate) async fn forgive(&self, tx: &mut Tx, now: Timestamp) -> database::Result<()> {
        for (subject, _) in &self.own {
            store::delete(tx, subject).await?;
        }
        if let Some(row) = store::find(tx, &self.address).await? {
            let guesses = Guesses { failures: (row.failures - 1).max(0), last_at: row.last_at, free_at: now };
            store::put(tx, &self.address, &guesses).await?;
        }
        Ok(())
    }
}

impl Slow {
    /// How long after this many mistakes in a row the next attempt must wait.
    fn wait(self, failures: i64) -> SignedDuration {
        let Ok(doublings) = u32::try_from(failures - self.free - 1) else { return SignedDuration::ZERO };
        self.first.saturating_mul(1 << doublings.min(16)).min(self.longest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_grows_and_ends() {
        let seconds =
            |slow: Slow, failures: &[i64]| failures.iter().map(|many| slow.wait(*many).as_secs()).collect::<Vec<_>>();
        assert_eq!(seconds(PAIR, &[1, 4, 5, 6, 7, 10, 64]), [0, 0, 30, 60, 120, 900, 900]);
        assert_eq!(seconds(ACCOUNT, &[100, 101, 102, 103, 104, 900]), [0, 2, 4, 8, 10, 10]);
    }
}
