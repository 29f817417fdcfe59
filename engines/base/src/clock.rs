use std::sync::Mutex;

use jiff::{SignedDuration, Timestamp};

/// Where the time comes from. The program passes the machine's clock, a test passes one that it moves by hand.
pub trait Clock: Send + Sync {
    /// The present instant, UTC.
    fn now(&self) -> Timestamp;
}

/// A clock that stands still until it is told to move: for tests and for recomputing the past.
#[derive(Debug)]
pub struct ManualClock(Mutex<Timestamp>);

impl ManualClock {
    /// A clock that shows `start`.
    #[must_use]
    pub fn at(start: Timestamp) -> Self {
        Self(Mutex::new(start))
    }

    /// Moves the hands; a negative step goes back, as machines' clocks sometimes do.
    ///
    /// # Panics
    /// When the result is outside the range of [`Timestamp`] (years -9999 to 9999).
    pub fn advance(&self, step: SignedDuration) {
        let mut now = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        *now = now.checked_add(step).expect("a test clock stays within four-digit years");
    }

    /// Puts the hands on `instant`.
    pub fn set(&self, instant: Timestamp) {
        *self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = instant;
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moves_only_when_told() {
        let clock = ManualClock::at("2026-03-02T09:00:00Z".parse().unwrap());
        assert_eq!(clock.now(), clock.now());
        clock.advance(SignedDuration::from_hours(24));
        assert_eq!(clock.now().to_string(), "2026-03-03T09:00:00Z");
        clock.advance(SignedDuration::from_hours(-48));
        assert_eq!(clock.now().to_string(), "2026-03-01T09:00:00Z");
    }
}
