use crate::Value;

/// A resolved, type-checked scalar expression. Names are slots of the [`crate::Program`]; nothing is looked up by name
/// while evaluating. It knows nothing of the parser that it came from.
#[derive(Debug, Clone, PartialEq)]
pub enum Expr {
    /// A literal.
    Const(Value),
    /// An input, by its place in [`crate::Program::inputs`]; of the current member if the input belongs to a relation.
    Input(usize),
    /// Another rule, by its place in [`crate::Program::rules`]; of the current member if the rule is a member's.
    Rule(usize),
    /// A dated parameter, by its place in [`crate::Program::parameters`].
    Parameter(usize),
    /// The day of evaluation.
    Today,
    /// Three-valued negation.
    Not(Box<Expr>),
    /// Sign change.
    Negate(Box<Expr>),
    /// Three-valued conjunction; the right side is not evaluated if the left one is false.
    And(Box<Expr>, Box<Expr>),
    /// Three-valued disjunction; the right side is not evaluated if the left one is true.
    Or(Box<Expr>, Box<Expr>),
    /// `+ - * /` on exact decimals.
    Arithmetic(Arithmetic, Box<Expr>, Box<Expr>),
    /// `= <> < <= > >=`; NULL on either side gives NULL.
    Compare(Comparison, Box<Expr>, Box<Expr>),
    /// `IS NULL`.
    IsNull(Box<Expr>),
    /// `IN (…)`.
    InList(Box<Expr>, Vec<Expr>),
    /// The first branch whose condition is true; otherwise the last expression, or NULL.
    Case(Vec<(Expr, Expr)>, Option<Box<Expr>>),
    /// A built-in function.
    Call(Function, Vec<Expr>),
    /// `round(x, digits)`, half away from zero.
    Round(Box<Expr>, u32),
    /// A column of an amount table at the bracket of the operand.
    Lookup {
        /// Place in [`crate::Program::tables`].
        table: usize,
        /// Column of that table.
        column: usize,
        /// What is looked up.
        operand: Box<Expr>,
    },
    /// A value over the members of a relation.
    Aggregate {
        /// Which one.
        function: Aggregate,
        /// Place in [`crate::Program::relations`].
        relation: usize,
        /// What is aggregated; `None` only for `count(*)`.
        operand: Option<Box<Expr>>,
        /// Members for which this is not true are left out.
        filter: Option<Box<Expr>>,
    },
    /// The place of the current member among those of its relation, from 1; stands only in a member's rule. NULL for
    /// everybody if the partition or a key of any member is NULL: then the order is not known.
    Place {
        /// Place in [`crate::Program::relations`].
        relation: usize,
        /// Only members with equal values here are compared; none: all.
        partition: Vec<Expr>,
        /// What the order goes by, and whether it falls (`DESC`).
        keys: Vec<(Expr, bool)>,
        /// What members with equal keys get.
        ties: Ties,
    },
}

/// What members with equal keys get in an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Ties {
    /// `row_number()`: one place each, in the order in which the facts list them.
    ByList,
    /// `rank()`: the same place; the next one is left out.
    Shared,
}

/// Arithmetic operators.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Arithmetic {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`: always an exact decimal quotient, never a whole-number division.
    Divide,
}

/// Comparison operators.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Comparison {
    /// `=`
    Equal,
    /// `<>`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

impl Comparison {
    /// The same with its sides exchanged: `a < b` is `b > a`.
    pub(crate) const fn mirrored(self) -> Self {
        match self {
            Self::Less => Self::Greater,
            Self::LessOrEqual => Self::GreaterOrEqual,
            Self::Greater => Self::Less,
            Self::GreaterOrEqual => Self::LessOrEqual,
            Self::Equal | Self::NotEqual => self,
        }
    }
}

/// Built-in functions with ordinary arguments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Function {
    /// The first argument that is not NULL.
    Coalesce,
    /// NULL if both arguments are equal, otherwise the first.
    NullIf,
    /// The smallest, NULLs left out.
    Least,
    /// The greatest, NULLs left out.
    Greatest,
    /// Absolute value.
    Abs,
    /// The greatest whole number not above.
    Floor,
    /// The smallest whole number not below.
    Ceil,
    /// `anni(date)`: completed years on the day of evaluation; `anni(date, day)`: on another day.
    Years,
    /// `mesi(date)`: completed months on the day of evaluation; `mesi(date, day)`: on another day.
    Months,
    /// `dopo_mesi(date, n)`: the same day `n` months later, or the last of that month (art. 2963 c. 5 c.c.).
    AddMonths,
    /// `dopo_giorni(date, n)`
    AddDays,
    /// `primo_del_mese(date)`
    FirstOfMonth,
}

/// Aggregates over members.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aggregate {
    /// Sum; NULL over none.
    Sum,
    /// How many (0 over none).
    Count,
    /// Smallest.
    Min,
    /// Greatest.
    Max,
    /// Mean.
    Avg,
    /// Whether one is true.
    BoolOr,
    /// Whether all are true.
    BoolAnd,
}

/// What an expression depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Reference {
    Input(usize),
    Rule(usize),
    Parameter(usize),
    Table(usize),
}

impl Expr {
    /// The direct sub-expressions, left to right.
    #[must_use]
    pub fn children(&self) -> Vec<&Self> {
        let mut children = Vec::new();
        self.each_child(|child| children.push(child));
        children
    }

    /// Calls `visit` for the direct sub-expressions, left to right.
    fn each_child<'e>(&'e self, mut visit: impl FnMut(&'e Self)) {
        match self {
            Self::Const(_) | Self::Input(_) | Self::Rule(_) | Self::Parameter(_) | Self::Today => {}
            Self::Not(x) | Self::Negate(x) | Self::IsNull(x) | Self::Round(x, _) => visit(x),
            Self::Lookup { operand, .. } => visit(operand),
            Self::And(l, r) | Self::Or(l, r) | Self::Arithmetic(_, l, r) | Self::Compare(_, l, r) => {
                visit(l);
                visit(r);
            }
            Self::InList(operand, list) => std::iter::once(&**operand).chain(list).for_each(visit),
            Self::Case(branches, otherwise) => {
                let branches = branches.iter().flat_map(|(when, then)| [when, then]);
                branches.chain(otherwise.as_deref()).for_each(visit);
            }
            Self::Call(_, arguments) => arguments.iter().for_each(visit),
            Self::Place { partition, keys, .. } => {
                partition.iter().chain(keys.iter().map(|(key, _)| key)).for_each(visit);
            }
            Self::Aggregate { operand, filter, .. } => {
                operand.as_deref().into_iter().chain(filter.as_deref()).for_each(visit);
            }
        }
    }

    /// Calls `visit` for every name used, in reading order.
    pub(crate) fn references(&self, visit: &mut impl FnMut(Reference)) {
        match self {
            Self::Input(slot) => visit(Reference::Input(*slot)),
            Self::Rule(slot) => visit(Reference::Rule(*slot)),
            Self::Parameter(slot) => visit(Reference::Parameter(*slot)),
            Self::Lookup { table, .. } => visit(Reference::Table(*table)),
            _ => {}
        }
        self.each_child(|child| child.references(visit));
    }
}
