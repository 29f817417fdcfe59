//! The operations of a plan: what is the same is there once, and every operation comes after what it reads.

use std::collections::HashMap;

use rust_decimal::Decimal;

use crate::language::{Arithmetic, Comparison, Ties};

use super::{
    calendar::Age,
    column::{NO, UNKNOWN, YES},
};

/// An operation of the graph, and its result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Id(pub u32);

impl Id {
    pub fn place(self) -> usize {
        self.0 as usize
    }
}

/// Whose values a column has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Level {
    Household,
    /// One for each member of a relation.
    Members(usize),
}

/// How a value lies in memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Lane {
    /// A yes/no byte.
    Truth,
    /// 32 bits: days, codes of texts, small scaled numbers.
    Int,
    /// 64 bits: scaled numbers.
    Long,
    /// Numbers without a fixed scale.
    Decimal,
}

impl Lane {
    /// How much memory a value takes.
    pub fn bytes(self) -> usize {
        match self {
            Self::Truth => 1,
            Self::Int => 4,
            Self::Long => 8,
            Self::Decimal => size_of::<Decimal>(),
        }
    }
}

/// How what is behind the last digit goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Rounding {
    HalfAway,
    Floor,
    Ceil,
}

/// One operation on whole columns. Unless it says otherwise, operands and result have one lane and one level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Op {
    /// The same everywhere, as a scaled integer or byte.
    Const(i64),
    /// The same everywhere, without a fixed scale.
    ConstDecimal(Decimal),
    /// A column of the batch as it is there, by its place among the plan's inputs: yes/no bytes, days.
    Input(usize),
    /// A column of numbers in the plan's scale; NULL is 0.
    Number(usize),
    /// A column of texts in the plan's codes; NULL is 0.
    Text(usize),
    /// Whether a number or text of the batch is NULL.
    InputNull(usize),
    /// The household's value for each of its members.
    Spread(Id),
    And(Id, Id),
    Or(Id, Id),
    Not(Id),
    /// YES where YES, otherwise NO.
    IsTrue(Id),
    /// YES where UNKNOWN, otherwise NO.
    IsUnknown(Id),
    /// UNKNOWN where the second is YES, otherwise the first.
    UnknownIf(Id, Id),
    Compare(Comparison, Id, Id),
    /// With a constant in the scale of the operand.
    CompareConst(Comparison, Id, i64),
    /// The second where the first is YES, otherwise the third.
    Select(Id, Id, Id),
    /// The second where the first is YES, otherwise zero.
    Keep(Id, Id),
    Least(Id, Id),
    Greatest(Id, Id),
    /// Where the operation before it has no result that its lane holds.
    Failed(Id),
    /// `checked`: a result may not fit, and [`Op::Failed`] tells where.
    Add {
        left: Id,
        right: Id,
        checked: bool,
    },
    Subtract {
        left: Id,
        right: Id,
        checked: bool,
    },
    Multiply {
        left: Id,
        right: Id,
        checked: bool,
    },
    Times {
        value: Id,
        factor: i64,
        checked: bool,
    },
    Abs(Id),
    /// By a power of ten.
    Shrink {
        value: Id,
        digits: u32,
        rounding: Rounding,
    },
    /// From 32 to 64 bits.
    Widen(Id),
    /// The bracket of a scaled number, by the place among the plan's tables.
    Bracket {
        table: usize,
        key: Id,
    },
    /// The bracket of a number without a fixed scale.
    BracketDecimal {
        table: usize,
        key: Id,
    },
    /// A column of amounts at a bracket.
    Pick {
        amounts: usize,
        bracket: Id,
    },
    Age(Age, Id),
    /// Completed from the first day to the second.
    Elapsed(Age, Id, Id),
    /// The first of the month of a day.
    FirstOfMonth(Id),
    /// The day so many months, or days, later.
    Later {
        months: bool,
        day: Id,
        count: Id,
    },
    /// A number for each member, the same for those of one household that have the same number and the same key.
    Group {
        before: Id,
        key: Id,
    },
    /// How many members of the household come before each, by what `before` counts and then by the key.
    Order {
        before: Id,
        key: Id,
        falling: bool,
    },
    /// The place of each member among those of the same group, from 1.
    Place {
        group: Id,
        order: Id,
        ties: Ties,
    },
    /// How many members: all of the relation, or those where it is YES.
    Members(usize),
    Count {
        include: Id,
        relation: usize,
    },
    /// Over members; what is left out is zero.
    Sum {
        value: Id,
        relation: usize,
        checked: bool,
    },
    /// Over the members where `include` is YES; zero over none.
    Extreme {
        greatest: bool,
        value: Id,
        include: Id,
        relation: usize,
    },
    /// A scaled number as a decimal.
    ToDecimal {
        value: Id,
        scale: u32,
    },
    /// A decimal of at most that many digits as a scaled number, where it is one.
    FromDecimal {
        value: Id,
        scale: u32,
    },
    /// Where `skip` is YES it is zero.
    Decimal {
        operation: Arithmetic,
        left: Id,
        right: Id,
        skip: Option<Id>,
    },
    /// Of numbers without a fixed scale; zero where the divisor is zero.
    Ratio(Id, Id),
    /// Of scaled integers times powers of ten, rounded to an integer; zero where the divisor is zero.
    Quotient {
        left: Id,
        right: Id,
        powers: (u32, u32),
        rounding: Rounding,
    },
    Round {
        value: Id,
        digits: u32,
        rounding: Rounding,
    },
    SumDecimal {
        value: Id,
        include: Id,
        relation: usize,
    },
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Node {
    pub op: Op,
    pub lane: Lane,
    pub level: Level,
    /// A truth that is never UNKNOWN.
    pub decided: bool,
}

/// Operations under construction.
#[derive(Debug, Default)]
pub(super) struct Graph {
    pub nodes: Vec<Node>,
    /// Where what is being made has no value, or none that columns hold; `None`: nowhere. A fault is a column like any
    /// other, so that it can be left out where nobody needs what it stands for.
    pub fault: Option<Id>,
    known: HashMap<(Op, Lane, Level), Id>,
}

impl Graph {
    pub fn node(&self, id: Id) -> Node {
        self.nodes[id.place()]
    }

    pub fn lane(&self, id: Id) -> Lane {
        self.node(id).lane
    }

    pub fn add(&mut self, op: Op, lane: Lane, level: Level) -> Id {
        let decided = lane == Lane::Truth && self.decided(op);
        *self.known.entry((op, lane, level)).or_insert_with(|| {
            self.nodes.push(Node { op, lane, level, decided });
            Id(u32::try_from(self.nodes.len() - 1).expect("texts are bounded, so graphs are"))
        })
    }

    /// Notes where what is being made has no value.
    pub fn fails(&mut self, fault: Id) {
        self.fault = match self.fault {
            _ if self.known_truth(fault) == Some(NO) => self.fault,
            None => Some(fault),
            Some(before) => Some(self.or(before, fault)),
        };
    }

    /// The same, but for what is NULL.
    pub fn fails_unless(&mut self, null: Option<Id>, fault: Id) {
        let fault = match null {
            None => fault,
            Some(null) => {
                let there = self.not(null);
                self.and(there, fault)
            }
        };
        self.fails(fault);
    }

    /// An operation that may have no result, and where it has none.
    pub fn failing(&mut self, op: Op, lane: Lane, level: Level) -> (Id, Id) {
        let id = self.add(op, lane, level);
        // The machine keeps failures until the next operation that may fail: the two stand next to one another.
        (id, self.add(Op::Failed(id), Lane::Truth, level))
    }

    /// An operation, noting where it has no result, if it may have none.
    pub fn checked(&mut self, op: Op, lane: Lane, level: Level) -> Id {
        if !op.can_fail() {
            return self.add(op, lane, level);
        }
        let (id, failed) = self.failing(op, lane, level);
        self.fails(failed);
        id
    }

    fn decided(&self, op: Op) -> bool {
        let of = |id: Id| self.node(id).decided;
        match op {
            Op::Const(value) => value != i64::from(UNKNOWN),
            Op::Input(_) | Op::UnknownIf(..) | Op::Extreme { .. } => false,
            Op::And(l, r) | Op::Or(l, r) | Op::Select(_, l, r) => of(l) && of(r),
            Op::Not(x) | Op::Spread(x) => of(x),
            Op::Least(l, r) | Op::Greatest(l, r) => of(l) && of(r),
            _ => true,
        }
    }

    pub fn constant(&mut self, value: i64, lane: Lane) -> Id {
        self.add(Op::Const(value), lane, Level::Household)
    }

    pub fn truth(&mut self, byte: u8) -> Id {
        self.constant(i64::from(byte), Lane::Truth)
    }

    /// The constant that a truth is everywhere.
    pub fn known_truth(&self, id: Id) -> Option<u8> {
        match self.node(id) {
            Node { op: Op::Const(value), lane: Lane::Truth, .. } => u8::try_from(value).ok(),
            _ => None,
        }
    }

    fn is_constant(&self, id: Id) -> bool {
        matches!(self.node(id).op, Op::Const(_) | Op::ConstDecimal(_))
    }

    /// The level on which operands meet, and each of them there. A constant is at home on every level.
    pub fn meet<const N: usize>(&mut self, ids: [Id; N]) -> (Level, [Id; N]) {
        let levels = ids.iter().filter(|id| !self.is_constant(**id)).map(|id| self.node(*id).level);
        let level = levels.fold(Level::Household, |all, one| if one == Level::Household { all } else { one });
        (level, ids.map(|id| self.at(id, level)))
    }

    /// The value of the household where members want it.
    pub fn at(&mut self, id: Id, level: Level) -> Id {
        let node = self.node(id);
        if node.level == level || self.is_constant(id) {
            return id;
        }
        self.add(Op::Spread(id), node.lane, level)
    }

    fn with2(&mut self, lane: Lane, ids: [Id; 2], op: impl Fn(Id, Id) -> Op) -> Id {
        let (level, [left, right]) = self.meet(ids);
        self.checked(op(left, right), lane, level)
    }

    pub fn and(&mut self, left: Id, right: Id) -> Id {
        match (self.known_truth(left), self.known_truth(right)) {
            (Some(NO), _) | (_, Some(YES)) => left,
            (_, Some(NO)) | (Some(YES), _) => right,
            _ if left == right => left,
            _ => self.with2(Lane::Truth, [left.min(right), left.max(right)], Op::And),
        }
    }

    pub fn or(&mut self, left: Id, right: Id) -> Id {
        match (self.known_truth(left), self.known_truth(right)) {
            (Some(YES), _) | (_, Some(NO)) => left,
            (_, Some(YES)) | (Some(NO), _) => right,
            _ if left == right => left,
            _ => self.with2(Lane::Truth, [left.min(right), left.max(right)], Op::Or),
        }
    }

    pub fn not(&mut self, id: Id) -> Id {
        match (self.known_truth(id), self.node(id).op) {
            (Some(byte), _) => self.truth(YES - byte),
            (None, Op::Not(inner)) => inner,
            _ => self.add(Op::Not(id), Lane::Truth, self.node(id).level),
        }
    }

    pub fn is_true(&mut self, id: Id) -> Id {
        match self.known_truth(id) {
            Some(byte) => self.truth(if byte == YES { YES } else { NO }),
            None if self.node(id).decided => id,
            None => self.add(Op::IsTrue(id), Lane::Truth, self.node(id).level),
        }
    }

    pub fn is_unknown(&mut self, id: Id) -> Id {
        match (self.known_truth(id), self.node(id)) {
            (Some(byte), _) => self.truth(if byte == UNKNOWN { YES } else { NO }),
            (None, node) if node.decided => self.truth(NO),
            (None, Node { op: Op::Not(inner), .. }) => self.is_unknown(inner),
            (None, node) => self.add(Op::IsUnknown(id), Lane::Truth, node.level),
        }
    }

    pub fn unknown_if(&mut self, value: Id, null: Option<Id>) -> Id {
        match null.map(|null| (null, self.known_truth(null))) {
            None | Some((_, Some(NO))) => value,
            Some((_, Some(YES))) => self.truth(UNKNOWN),
            Some((null, _)) => self.with2(Lane::Truth, [value, null], Op::UnknownIf),
        }
    }

    /// `condition` is decided.
    pub fn select(&mut self, condition: Id, then: Id, otherwise: Id) -> Id {
        match self.known_truth(condition) {
            Some(YES) => return then,
            Some(_) => return otherwise,
            None if then == otherwise => return then,
            None => {}
        }
        let lane = self.lane(then);
        let zero = |graph: &Self, id: Id| graph.node(id).op == Op::Const(0) && lane != Lane::Decimal;
        if lane == Lane::Truth && zero(self, otherwise) {
            return self.and(condition, then);
        }
        if zero(self, otherwise) {
            return self.with2(lane, [condition, then], Op::Keep);
        }
        if lane == Lane::Truth && self.node(then).op == Op::Const(i64::from(YES)) {
            return self.or(condition, otherwise);
        }
        if lane == Lane::Truth && zero(self, then) {
            let not = self.not(condition);
            return self.and(not, otherwise);
        }
        let (level, [condition, then, otherwise]) = self.meet([condition, then, otherwise]);
        self.add(Op::Select(condition, then, otherwise), lane, level)
    }

    pub fn binary(&mut self, lane: Lane, left: Id, right: Id, op: impl Fn(Id, Id) -> Op) -> Id {
        self.with2(lane, [left, right], op)
    }

    pub fn unary(&mut self, lane: Lane, id: Id, op: impl Fn(Id) -> Op) -> Id {
        let level = self.node(id).level;
        self.checked(op(id), lane, level)
    }
}
