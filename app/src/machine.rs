//! The machine's own time and chance: nobody else reads them.

use base::{Chance, Clock, Timestamp};

/// The machine's clock.
#[derive(Debug, Clone, Copy)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place where the machine's clock enters")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// The day in Italy.
pub fn today() -> base::Date {
    base::rome_date(SystemClock.now())
}

/// The operating system's source of random bytes.
#[derive(Debug, Clone, Copy)]
pub struct SystemChance;

impl Chance for SystemChance {
    fn fill(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("without random bytes from the system no secret is safe: better not to go on");
    }
}
