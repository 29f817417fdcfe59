/// How many people a door lets in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// How many may come at the same moment before the next ones wait; 0 counts as 1.
    pub at_once: u32,
    /// How many come in each minute when there are more; 0: nobody ever waits.
    pub per_minute: u32,
    /// For how many minutes somebody whose turn has come may enter.
    pub minutes: u32,
}

impl Limit {
    /// A door at which nobody ever waits.
    pub const NONE: Self = Self { at_once: 0, per_minute: 0, minutes: 0 };
}

/// A limit as a rate over time: each person takes the next *slot*, one [`Pace::step`] after the one before. In
/// microseconds, as everything here.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pace {
    /// Between one slot and the next.
    pub step: i64,
    /// How far ahead of now slots may be given away before somebody waits.
    ahead: i64,
    /// How long a turn lasts.
    pub stay: i64,
}

const MINUTE: i64 = 60_000_000;

impl Pace {
    /// `None` where nobody ever waits.
    pub fn of(limit: Limit) -> Option<Self> {
        if limit.per_minute == 0 {
            return None;
        }
        let step = (MINUTE / i64::from(limit.per_minute)).max(1);
        Some(Self {
            step,
            ahead: step * i64::from(limit.at_once.max(1)),
            stay: MINUTE * i64::from(limit.minutes.max(1)),
        })
    }

    /// When whoever has this slot may come in; not before `earliest`.
    pub fn turn(&self, slot: i64, earliest: i64) -> i64 {
        (slot - self.ahead + self.step).max(earliest)
    }

    /// Whether whoever takes this slot now must wait.
    pub fn is_crowded(&self, slot: i64, now: i64) -> bool {
        now < self.turn(slot, i64::MIN)
    }

    /// Whether slots of this length are more than a process may give away without telling the others.
    pub fn is_worth_telling(&self, given: i64) -> bool {
        self.ahead < given.saturating_mul(10)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn as_many_as_the_limit_says_come_in_at_once_and_the_next_ones_one_by_one() {
        let pace = Pace::of(Limit { at_once: 3, per_minute: 60, minutes: 1 }).unwrap();
        let slots = (0..6).map(|nth| 1_000 + nth * pace.step);
        let turns: Vec<i64> = slots.map(|slot| pace.turn(slot, 1_000) - 1_000).collect();
        assert_eq!(turns, [0, 0, 0, 1_000_000, 2_000_000, 3_000_000]);
        assert!(Pace::of(Limit::NONE).is_none());
    }

    proptest! {
        /// Whoever need not wait has a turn that has come, and the other way round.
        #[test]
        fn crowded_means_that_the_turn_is_later(at_once in 1u32..50, rate in 1u32..100_000, given in 0i64..200, now in 0i64..1 << 50) {
            let pace = Pace::of(Limit { at_once, per_minute: rate, minutes: 1 }).unwrap();
            let slot = now + given * pace.step;
            prop_assert_eq!(pace.is_crowded(slot, now), now < pace.turn(slot, i64::MIN));
            prop_assert_eq!(pace.is_crowded(slot, now), i64::from(at_once) <= given);
        }
    }
}
