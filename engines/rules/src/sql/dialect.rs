use base::Date;
use rust_decimal::Decimal;

use crate::{InputType, Unit};

/// Whose SQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// PostgreSQL, which computes with NUMERIC of any size.
    PostgreSql,
    /// Apache DataFusion, which computes with decimals of 38 digits.
    DataFusion,
}

impl Dialect {
    /// The type of a column that holds facts of a kind.
    #[must_use]
    pub const fn type_of(self, kind: InputType) -> &'static str {
        match (kind, self) {
            (InputType::Bool, _) => "BOOLEAN",
            (InputType::Date, _) => "DATE",
            (InputType::Text, Self::PostgreSql) => "TEXT",
            (InputType::Text, Self::DataFusion) => "VARCHAR",
            (InputType::Integer | InputType::Decimal, Self::PostgreSql) => "NUMERIC",
            (InputType::Integer | InputType::Decimal, Self::DataFusion) => "DECIMAL(18, 4)",
        }
    }

    /// The type that a rule's value is cast to: without it, the type of a bare NULL would be left to chance.
    pub(super) const fn type_of_rule(self, unit: Unit) -> &'static str {
        match (unit, self) {
            (Unit::YesNo, _) => "BOOLEAN",
            (Unit::Date, _) => "DATE",
            (Unit::Text, Self::PostgreSql) => "TEXT",
            (Unit::Text, Self::DataFusion) => "VARCHAR",
            (_, Self::PostgreSql) => "NUMERIC",
            (_, Self::DataFusion) => "DECIMAL(28, 10)",
        }
    }

    /// A number. Decimals of DataFusion carry their digits in the type, so a literal takes no more than it needs.
    pub(super) fn number(self, number: Decimal) -> String {
        match self {
            Self::PostgreSql => format!("CAST({number} AS NUMERIC)"),
            Self::DataFusion => {
                let scale = number.scale();
                let digits = number.mantissa().unsigned_abs().to_string().len().max(scale as usize + 1);
                format!("CAST('{number}' AS DECIMAL({digits}, {scale}))")
            }
        }
    }

    /// A whole number that a calendar function gave, as a number that the law computes with.
    pub(super) fn whole(self, text: &str) -> String {
        match self {
            Self::PostgreSql => format!("CAST({text} AS NUMERIC)"),
            Self::DataFusion => format!("CAST({text} AS DECIMAL(12, 0))"),
        }
    }

    /// A number with the digits of a rule's value. DataFusion plans what a rounding function gives with another scale than
    /// it then computes it with, and a CASE over both would not run; its quotients have four digits more than the
    /// dividend.
    pub(super) fn with_digits(self, text: &str) -> String {
        match self {
            Self::PostgreSql => text.to_owned(),
            Self::DataFusion => format!("CAST({text} AS {})", self.type_of_rule(Unit::Number)),
        }
    }

    /// A number of the law as a whole number for the calendar.
    pub(super) fn integer(text: &str) -> String {
        format!("CAST({text} AS INTEGER)")
    }

    pub(super) fn date(date: Date) -> String {
        format!("DATE '{date}'")
    }

    /// Days from `earlier` to `later`.
    pub(super) fn days_between(self, later: &str, earlier: &str) -> String {
        match self {
            Self::PostgreSql => self.whole(&format!("({later} - {earlier})")),
            Self::DataFusion => self.whole(&format!("(CAST({later} AS INTEGER) - CAST({earlier} AS INTEGER))")),
        }
    }

    /// The day `days` (a whole number in SQL) after `date`.
    pub(super) fn add_days(self, date: &str, days: &str) -> String {
        match self {
            Self::PostgreSql => format!("({date} + {days})"),
            Self::DataFusion => format!("CAST(CAST({date} AS INTEGER) + {days} AS DATE)"),
        }
    }

    /// A part of a date as a whole number: `year`, `month`, `day`.
    pub(super) fn part(part: &str, date: &str) -> String {
        format!("CAST(date_part('{part}', {date}) AS INTEGER)")
    }

    /// The same day `months` later, or the last of that month.
    pub(super) fn add_months(self, date: &str, months: &str) -> String {
        let index = format!("({} * 12 + {} - 1 + {months})", Self::part("year", date), Self::part("month", date));
        let first = |index: &str| format!("make_date({index} / 12, {index} % 12 + 1, 1)");
        let (this, next) = (first(&index), first(&format!("({index} + 1)")));
        let length = Self::integer(&self.days_between(&next, &this));
        let known = format!("CASE WHEN {date} IS NULL OR {months} IS NULL THEN NULL ELSE");
        let day = format!("least({}, {length}) - 1", Self::part("day", date));
        format!("{known} {} END", self.add_days(&this, &format!("({day})")))
    }
}
