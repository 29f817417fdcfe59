use std::fmt;

use serde::{Deserialize, Serialize};

/// In what a value is measured. Serialised as a jurist writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Unit {
    /// sì/no.
    #[serde(rename = "sì/no")]
    YesNo,
    /// A day.
    #[serde(rename = "data")]
    Date,
    /// Text.
    #[serde(rename = "testo")]
    Text,
    /// A pure number.
    #[serde(rename = "numero")]
    Number,
    /// A share, stored as a fraction: `50%` is 0.50.
    #[serde(rename = "percentuale")]
    Percent,
    /// Completed years.
    #[serde(rename = "anni")]
    Years,
    /// Months.
    #[serde(rename = "mesi")]
    Months,
    /// Days.
    #[serde(rename = "giorni")]
    Days,
    /// Euro, once or as a stock (an ISEE).
    #[serde(rename = "euro")]
    Euro,
    /// Euro a month.
    #[serde(rename = "euro/mese")]
    EuroPerMonth,
    /// Euro a year.
    #[serde(rename = "euro/anno")]
    EuroPerYear,
}

impl Unit {
    const NAMES: [(Self, &'static str); 11] = [
        (Self::YesNo, "sì/no"),
        (Self::Date, "data"),
        (Self::Text, "testo"),
        (Self::Number, "numero"),
        (Self::Percent, "percentuale"),
        (Self::Years, "anni"),
        (Self::Months, "mesi"),
        (Self::Days, "giorni"),
        (Self::Euro, "euro"),
        (Self::EuroPerMonth, "euro/mese"),
        (Self::EuroPerYear, "euro/anno"),
    ];

    /// From its Italian name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(_, known)| *known == name).map(|(unit, _)| *unit)
    }

    /// The Italian name.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(unit, _)| *unit == self).map_or("", |(_, name)| name)
    }

    /// All names, for messages.
    pub(crate) fn all_names() -> String {
        Self::NAMES.map(|(_, name)| name).join(", ")
    }

    /// An amount by month during months, or by year during years, is an amount.
    fn over_time(left: Self, right: Self) -> Option<Self> {
        let pair = |rate, time| (left, right) == (rate, time) || (right, left) == (rate, time);
        (pair(Self::EuroPerMonth, Self::Months) || pair(Self::EuroPerYear, Self::Years)).then_some(Self::Euro)
    }

    /// What an amount divided by this becomes.
    fn per_time(self) -> Option<Self> {
        match self {
            Self::Months => Some(Self::EuroPerMonth),
            Self::Years => Some(Self::EuroPerYear),
            Self::EuroPerMonth => Some(Self::Months),
            Self::EuroPerYear => Some(Self::Years),
            _ => None,
        }
    }

    /// Whether it is an amount of money.
    #[must_use]
    pub fn is_money(self) -> bool {
        matches!(self, Self::Euro | Self::EuroPerMonth | Self::EuroPerYear)
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The type of an expression while it is checked. `Number(None)` is a bare literal, which takes the unit of whatever
/// it meets; `Any` is `NULL`, or a name whose type is not declared (form conditions).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Any,
    Bool,
    Date,
    Text,
    Number(Option<Unit>),
}

impl From<Unit> for Kind {
    fn from(unit: Unit) -> Self {
        match unit {
            Unit::YesNo => Self::Bool,
            Unit::Date => Self::Date,
            Unit::Text => Self::Text,
            number => Self::Number(Some(number)),
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Any => f.write_str("valore qualsiasi"),
            Self::Bool => f.write_str("sì/no"),
            Self::Date => f.write_str("data"),
            Self::Text => f.write_str("testo"),
            Self::Number(None) => f.write_str("numero senza unità"),
            Self::Number(Some(unit)) => unit.fmt(f),
        }
    }
}

impl Kind {
    /// The result of an operation that gives a number whatever it was given.
    pub(crate) fn as_number(self) -> Self {
        if self == Self::Any { Self::Number(None) } else { self }
    }

    /// The common type of two values that are added, compared or chosen between; `None` if they do not go together.
    pub(crate) fn unify(self, other: Self) -> Option<Self> {
        match (self, other) {
            (Self::Any, kind) | (kind, Self::Any) => Some(kind),
            (Self::Number(None), Self::Number(unit)) | (Self::Number(unit), Self::Number(None)) => {
                Some(Self::Number(unit))
            }
            (left, right) => (left == right).then_some(left),
        }
    }

    /// The type of a product: a measure may be multiplied by pure numbers and shares only.
    pub(crate) fn times(self, other: Self) -> Option<Self> {
        match (self.measure()?, other.measure()?) {
            (None, None) => Some(if self == other { self } else { Self::Number(Some(Unit::Number)) }),
            (Some(unit), None) | (None, Some(unit)) => Some(Self::Number(Some(unit))),
            (Some(left), Some(right)) => Unit::over_time(left, right).map(|unit| Self::Number(Some(unit))),
        }
    }

    /// The type of a quotient: measure by number, or measure by the same measure.
    pub(crate) fn divided_by(self, other: Self) -> Option<Self> {
        match (self.measure()?, other.measure()?) {
            (None, None) => Some(if self == other { self } else { Self::Number(Some(Unit::Number)) }),
            (Some(unit), None) => Some(Self::Number(Some(unit))),
            (Some(left), Some(right)) if left == right => Some(Self::Number(Some(Unit::Number))),
            (Some(Unit::Euro), Some(right)) => right.per_time().map(|unit| Self::Number(Some(unit))),
            _ => None,
        }
    }

    /// `None`: not a number at all; `Some(None)`: without dimension.
    fn measure(self) -> Option<Option<Unit>> {
        match self {
            Self::Any | Self::Number(None | Some(Unit::Number | Unit::Percent)) => Some(None),
            Self::Number(Some(unit)) => Some(Some(unit)),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MONTHLY: Kind = Kind::Number(Some(Unit::EuroPerMonth));
    const YEARLY: Kind = Kind::Number(Some(Unit::EuroPerYear));
    const NUMBER: Kind = Kind::Number(Some(Unit::Number));

    #[test]
    fn months_and_years_do_not_add_up() {
        assert_eq!(MONTHLY.unify(YEARLY), None);
        assert_eq!(MONTHLY.unify(Kind::Number(None)), Some(MONTHLY));
        assert_eq!(MONTHLY.times(NUMBER), Some(MONTHLY));
        assert_eq!(MONTHLY.times(MONTHLY), None);
        assert_eq!(MONTHLY.divided_by(MONTHLY), Some(NUMBER));
        assert_eq!(NUMBER.divided_by(MONTHLY), None);
        let (euro, months) = (Kind::Number(Some(Unit::Euro)), Kind::Number(Some(Unit::Months)));
        assert_eq!(
            (MONTHLY.times(months), months.times(MONTHLY), YEARLY.times(months)),
            (Some(euro), Some(euro), None)
        );
        assert_eq!((euro.divided_by(months), euro.divided_by(MONTHLY)), (Some(MONTHLY), Some(months)));
    }

    #[test]
    fn every_unit_has_one_name() {
        for (unit, name) in Unit::NAMES {
            assert_eq!(Unit::from_name(name), Some(unit));
            assert_eq!(unit.name(), name);
        }
    }
}
