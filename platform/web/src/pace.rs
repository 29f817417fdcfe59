//! How often somebody may come: by address before anything is read, by person once it is known who it is, and less often
//! where a request costs much. Beyond that the answer is 429, with the seconds to wait.
//!
//! Each bucket is one instant (the "generic cell rate algorithm" of ATM Forum TM 4.0, 4.4): when it would be full again. Buckets
//! are this process's own: with several processes somebody gets as much from each.

use std::{
    collections::{BTreeMap, HashMap},
    net::IpAddr,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use base::Timestamp;

/// How much somebody may ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// So many requests at once.
    pub burst: u32,
    /// And then one in every such time; not zero.
    pub every: Duration,
}

impl Pace {
    /// So many at once, and one more in every `every`.
    #[must_use]
    pub const fn new(burst: u32, every: Duration) -> Self {
        Self { burst, every }
    }

    fn every(self) -> i64 {
        i64::try_from(self.every.as_millis()).unwrap_or(i64::MAX).max(1)
    }

    /// The time in which an empty bucket fills.
    fn whole(self) -> i64 {
        self.every().saturating_mul(self.burst.into())
    }
}

/// What the office decides about it. Requests that come from this machine itself are not limited, nor are files of the
/// pages.
#[derive(Debug, Clone)]
pub struct Limits {
    /// For each person who is logged in.
    pub person: Pace,
    /// For each address: behind one of them there may be a whole office, or a town.
    pub address: Pace,
    /// For each person, or address of who is not logged in, on costly routes by their templates.
    pub routes: BTreeMap<String, Pace>,
}

impl Default for Limits {
    fn default() -> Self {
        let [quarter, hundredth] = [250, 10].map(Duration::from_millis);
        Self { person: Pace::new(240, quarter), address: Pace::new(3000, hundredth), routes: BTreeMap::new() }
    }
}

/// Who comes.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Who {
    Address(IpAddr),
    Person(String),
}

/// Buckets that are kept at most, about 20 MB of them.
const MOST: usize = 200_000;

/// By whom, and on which route: when the bucket is full again, in milliseconds since 1970.
#[derive(Default)]
pub(crate) struct Buckets(Mutex<HashMap<(Who, Option<String>), i64>>);

impl Buckets {
    /// Takes one request out of a bucket; in an empty one, gives the seconds until there is one again.
    pub(crate) fn take(&self, who: Who, route: Option<&str>, pace: Pace, now: Timestamp) -> Result<(), u32> {
        let now = now.as_millisecond();
        let mut buckets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= MOST {
            // A full bucket says nothing. Should most of them have been used just now, they are forgotten: to let in more than
            // was meant is better than to shut out everybody, or to look through all of them at each request.
            buckets.retain(|_, full| now < *full);
            if buckets.len() > MOST / 2 {
                buckets.clear();
            }
        }
        let full = buckets.entry((who, route.map(str::to_owned))).or_insert(now);
        // A clock that was set back shuts nobody out for longer than an empty bucket does.
        *full = (*full).clamp(now, now.saturating_add(pace.whole()));
        let next = full.saturating_add(pace.every());
        let wait = next.saturating_sub(now).saturating_sub(pace.whole());
        if wait > 0 {
            return Err(u32::try_from(wait.saturating_add(999) / 1000).unwrap_or(u32::MAX));
        }
        *full = next;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use jiff::ToSpan;
    use proptest::prelude::*;

    use super::*;

    const PACE: Pace = Pace::new(3, Duration::from_secs(2));

    fn noon() -> Timestamp {
        "2026-11-21T12:00:00Z".parse().unwrap()
    }

    fn somebody() -> Who {
        Who::Person("DMSMRA80A41H501R".to_owned())
    }

    #[test]
    fn so_many_at_once_and_then_one_every_so_often() {
        let buckets = Buckets::default();
        let take = |at: Timestamp| buckets.take(somebody(), None, PACE, at);
        assert_eq!([0, 1, 2].map(|_| take(noon())), [Ok(()); 3]);
        assert_eq!(take(noon()), Err(2));
        assert_eq!(take(noon() + 1500.milliseconds()), Err(1));
        assert_eq!(take(noon() + 2.seconds()), Ok(()));
        assert_eq!(take(noon() + 2.seconds()), Err(2), "a refusal costs nothing, and gives nothing");
        assert_eq!(buckets.take(somebody(), Some("/cerca"), PACE, noon()), Ok(()), "a route has its own");
        assert_eq!(buckets.take(Who::Address([192, 0, 2, 1].into()), None, PACE, noon()), Ok(()));
    }

    #[test]
    fn a_clock_that_was_set_back_shuts_nobody_out() {
        let buckets = Buckets::default();
        assert_eq!(buckets.take(somebody(), None, PACE, noon() + 48.hours()), Ok(()));
        assert_eq!(buckets.take(somebody(), None, PACE, noon()), Err(2));
        assert_eq!(buckets.take(somebody(), None, PACE, noon() + 2.seconds()), Ok(()));
    }

    #[test]
    fn memory_is_bounded() {
        let buckets = Buckets::default();
        for one in 0..=u32::try_from(MOST).unwrap() {
            assert_eq!(buckets.take(Who::Address(IpAddr::from(one.to_be_bytes())), None, PACE, noon()), Ok(()));
        }
        assert!(buckets.0.lock().unwrap().len() <= MOST);
    }

    proptest! {
        /// Over any time, nobody gets more than the burst and what came in meanwhile; whoever waits as told gets in.
        #[test]
        fn nobody_gets_more_than_the_pace(waits in proptest::collection::vec(0_i64..5_000, 1..200)) {
            let (buckets, mut now, mut let_in) = (Buckets::default(), noon(), 0_i64);
            for wait in waits {
                now += wait.milliseconds();
                match buckets.take(somebody(), None, PACE, now) {
                    Ok(()) => let_in += 1,
                    Err(seconds) => {
                        now += i64::from(seconds).seconds();
                        prop_assert_eq!(buckets.take(somebody(), None, PACE, now), Ok(()));
                        let_in += 1;
                    }
                }
                let passed = now.as_millisecond() - noon().as_millisecond();
                prop_assert!(let_in <= 3 + passed / 2000, "{} in {} ms", let_in, passed);
            }
        }
    }
}
