use uuid::Uuid;

use crate::{Chance, Clock};

/// A new identifier, ordered by time (UUID version 7, RFC 9562), from the given clock and chance.
#[must_use]
pub fn new_id(clock: &dyn Clock, chance: &dyn Chance) -> Uuid {
    let millis = u64::try_from(clock.now().as_millisecond()).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(millis, &chance.bytes::<10>()).into_uuid()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ManualClock, SeededChance};

    #[test]
    fn later_identifiers_sort_later() {
        let clock = ManualClock::at("2026-03-02T09:00:00Z".parse().unwrap());
        let chance = SeededChance::new(1);
        let first = new_id(&clock, &chance);
        clock.advance(jiff::SignedDuration::from_millis(1));
        let second = new_id(&clock, &chance);
        assert!(first.to_string() < second.to_string());
        assert_eq!(first.get_version_num(), 7);
    }
}
