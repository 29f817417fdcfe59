use base::Date;
use jiff::ToSpan;

/// How long the cases of a service are kept, and from when that counts (art. 5 par. 1 lett. e GDPR; the administration's
/// plan of what it may destroy). The book knows when a case was closed and nothing of payments: what was granted is kept
/// for as long as the benefit may run, and only then do the years begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Retention {
    /// Years after the case was closed.
    pub years: u16,
    /// For how many years what was granted may run: so much longer it is kept.
    pub benefit_years: u16,
}

/// What was closed before these days has been kept long enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Horizons {
    /// What was granted.
    pub granted: Date,
    /// What was refused or withdrawn.
    pub other: Date,
}

impl Retention {
    /// The last day on which a case that was closed on a day must be there.
    #[must_use]
    pub fn kept_until(self, closed_on: Date, granted: bool) -> Date {
        closed_on.saturating_add(self.span(granted).years())
    }

    /// What has been kept long enough on `today`.
    #[must_use]
    pub fn horizons(self, today: Date) -> Horizons {
        let before = |granted| today.saturating_sub(self.span(granted).years());
        Horizons { granted: before(true), other: before(false) }
    }

    fn span(self, granted: bool) -> i64 {
        i64::from(self.years) + if granted { i64::from(self.benefit_years) } else { 0 }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn nothing_goes_before_its_last_day_has_passed_nor_stays_two_days_more(
            closed in 0i64..30_000, later in -400i64..400, years in 1u16..40, benefit_years in 0u16..40, granted: bool,
        ) {
            let retention = Retention { years, benefit_years };
            let closed_on = Date::constant(1990, 1, 1).saturating_add(closed.days());
            let last = retention.kept_until(closed_on, granted);
            let today = last.saturating_add(later.days());
            let horizons = retention.horizons(today);
            let gone = closed_on < if granted { horizons.granted } else { horizons.other };
            prop_assert!(!gone || last < today, "closed {closed_on}, kept until {last}, gone on {today}");
            prop_assert!(gone || later < 2, "closed {closed_on}, kept until {last}, still there on {today}");
        }
    }
}
