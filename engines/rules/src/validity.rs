use base::Date;

use crate::Moment;

/// When a rule, a parameter or a table governs, and since when that has been known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Validity {
    /// First day governed (`dal`, `vale dal`).
    pub from: Date,
    /// Last day governed (`al`), or open.
    pub until: Option<Date>,
    /// Day of publication (`noto dal`); the beginning of time where it was not written.
    pub known_from: Date,
}

impl Validity {
    /// From a day on, known since ever.
    #[must_use]
    pub fn since(from: Date) -> Self {
        Self { from, until: None, known_from: Date::MIN }
    }

    fn governs(&self, moment: Moment) -> bool {
        self.from <= moment.on && self.known_from <= moment.known && self.until.is_none_or(|last| moment.on <= last)
    }
}

/// Position of the one in force: the latest start, and among equals the latest publication.
pub(crate) fn in_force(validities: impl Iterator<Item = Validity>, moment: Moment) -> Option<usize> {
    validities
        .enumerate()
        .filter(|(_, validity)| validity.governs(moment))
        .max_by_key(|(_, validity)| (validity.from, validity.known_from))
        .map(|(position, _)| position)
}

/// What is wrong in the succession of two neighbours, sorted by start and publication.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Seam {
    /// The same start and the same publication: which one governs is undecided.
    Twice,
    /// Days between the two are not governed; the first of them.
    Gap(Date),
    /// Both state an end and share days, without the later publication that a correction has; the first of them.
    Overlap(Date),
}

/// Looks at `earlier` and `later`, where `earlier` sorts before `later` by (from, `known_from`).
pub(crate) fn seam(earlier: Validity, later: Validity) -> Option<Seam> {
    if earlier.from == later.from {
        return (earlier.known_from == later.known_from).then_some(Seam::Twice);
    }
    let last = earlier.until?;
    let following = last.tomorrow().ok()?;
    if following < later.from {
        Some(Seam::Gap(following))
    } else if later.from <= last && later.known_from <= earlier.known_from {
        Some(Seam::Overlap(later.from))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_correction_governs_once_it_is_known() {
        let first = Validity { known_from: date(2025, 12, 19), ..Validity::since(date(2026, 1, 1)) };
        let corrected = Validity { known_from: date(2026, 3, 1), ..first };
        let rows = [first, corrected];
        let pick = |known| in_force(rows.into_iter(), Moment { on: date(2026, 2, 1), known });
        assert_eq!(pick(date(2025, 12, 1)), None);
        assert_eq!(pick(date(2026, 2, 28)), Some(0));
        assert_eq!(pick(date(2026, 3, 1)), Some(1));
    }

    #[test]
    fn seams_are_gaps_overlaps_and_doubles() {
        let closed = Validity { until: Some(date(2022, 12, 31)), ..Validity::since(date(2022, 3, 1)) };
        assert_eq!(seam(closed, Validity::since(date(2023, 1, 1))), None);
        assert_eq!(seam(closed, Validity::since(date(2023, 2, 1))), Some(Seam::Gap(date(2023, 1, 1))));
        assert_eq!(seam(closed, Validity::since(date(2022, 12, 1))), Some(Seam::Overlap(date(2022, 12, 1))));
        assert_eq!(seam(closed, closed), Some(Seam::Twice));
    }
}
