use crate::{language::Expr, unit::Kind};

/// What a table does where several rows fit, or none (`criterio`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::reading) enum Policy {
    /// `unica`: exactly one row fits every case.
    Unique,
    /// `prima`: the first row that fits, in the order written.
    First,
    /// `qualsiasi`: rows that fit the same case give the same values.
    Any,
    /// `somma`: the values of all rows that fit, added up; 0 if none fits.
    Sum,
    /// `minimo`: the smallest value among the rows that fit; NULL if none fits.
    Min,
    /// `massimo`: the greatest value among the rows that fit; NULL if none fits.
    Max,
    /// `conteggio`: how many rows fit.
    Count,
}

impl Policy {
    const NAMES: [(Self, &'static str); 7] = [
        (Self::Unique, "unica"),
        (Self::First, "prima"),
        (Self::Any, "qualsiasi"),
        (Self::Sum, "somma"),
        (Self::Min, "minimo"),
        (Self::Max, "massimo"),
        (Self::Count, "conteggio"),
    ];

    pub fn from_name(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(_, known)| *known == name).map(|(policy, _)| *policy)
    }

    /// All names, for messages.
    pub fn all_names() -> String {
        Self::NAMES.map(|(_, name)| name).join(", ")
    }

    /// Whether one row must fit every case.
    pub fn is_complete(self) -> bool {
        matches!(self, Self::Unique | Self::First | Self::Any)
    }

    /// Whether it needs values that are numbers.
    pub fn computes(self) -> bool {
        matches!(self, Self::Sum | Self::Min | Self::Max | Self::Count)
    }
}

/// A column of conditions.
pub(in crate::reading) struct Input {
    /// As written: the heading.
    pub title: String,
    pub expr: Expr,
    pub kind: Kind,
    /// The texts that it may hold; empty: any.
    pub allowed: Vec<String>,
    /// Some row asks whether it is absent; then NULL is a value of the column like another.
    pub may_be_absent: bool,
}

/// What a row asks, column by column.
pub(in crate::reading) struct Conditions(pub Vec<Test>);

impl Conditions {
    pub fn asks_for_absence(&self, column: usize) -> bool {
        self.0[column].pieces.iter().any(|piece| matches!(piece, Piece::Absent))
    }
}

/// One cell: what it accepts. No pieces: anything.
#[derive(Default)]
pub(in crate::reading) struct Test {
    pub pieces: Vec<Piece>,
    /// `non`: everything that is there, except the pieces.
    pub negated: bool,
}

impl Test {
    pub fn is_any(&self) -> bool {
        self.pieces.is_empty()
    }
}

/// One alternative of a cell. Bounds are literals or parameters.
pub(in crate::reading) enum Piece {
    /// `manca`
    Absent,
    /// `grave`, `18`, `= 18`
    Value(Expr),
    /// `<> 18`
    Other(Expr),
    /// `< 18`, `18..20`, `(15000..20000]`
    Range(Bound, Bound),
}

/// One end of a range.
#[derive(Clone)]
pub(in crate::reading) enum Bound {
    Unbounded,
    /// The end itself does not belong to the range.
    Open(Expr),
    Closed(Expr),
}

impl Bound {
    pub fn expr(&self) -> Option<&Expr> {
        match self {
            Self::Unbounded => None,
            Self::Open(end) | Self::Closed(end) => Some(end),
        }
    }
}

impl Piece {
    /// The literals and parameters that it compares with.
    pub fn ends(&self) -> impl Iterator<Item = &Expr> {
        let (first, second) = match self {
            Self::Absent => (None, None),
            Self::Value(value) | Self::Other(value) => (Some(value), None),
            Self::Range(low, high) => (low.expr(), high.expr()),
        };
        first.into_iter().chain(second)
    }
}
