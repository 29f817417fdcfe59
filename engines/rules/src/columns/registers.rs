//! Memory for the results of operations, used again as soon as nobody reads them any more.

use std::ops::Range;

use rust_decimal::Decimal;

use super::{
    bind::BoundColumn,
    graph::{Id, Lane, Node, Op},
    plan::{Source, SourceValue},
};

/// Where results lie: for each operation the place in the file of its lane.
#[derive(Debug)]
pub(super) struct Layout {
    /// By operation; `None` where nobody reads it, or where the batch itself has it.
    pub places: Vec<Option<usize>>,
    /// How many of each lane.
    pub counts: [usize; 4],
}

impl Layout {
    pub fn new(nodes: &[Node], outputs: &[Source], fault: Option<Id>) -> Self {
        let last = last_reads(nodes, outputs, fault);
        let mut free: [Vec<usize>; 4] = Default::default();
        let mut layout = Self { places: vec![None; nodes.len()], counts: [0; 4] };
        // Constants first: they are written once and stay.
        for (place, node) in nodes.iter().enumerate().filter(|(place, _)| last[*place].is_some()) {
            if is_constant(node) {
                layout.places[place] = Some(layout.take(&mut free, node.lane));
            }
        }
        for (place, node) in nodes.iter().enumerate() {
            if last[place].is_none() || is_constant(node) || node.borrowed() {
                continue;
            }
            layout.places[place] = Some(layout.take(&mut free, node.lane));
            let mut read = node.op.operands();
            read.sort_unstable();
            read.dedup();
            for operand in read {
                let used = nodes[operand.place()];
                if last[operand.place()] == Some(place)
                    && !is_constant(&used)
                    && let Some(register) = layout.places[operand.place()]
                {
                    free[used.lane as usize].push(register);
                }
            }
        }
        layout
    }

    fn take(&mut self, free: &mut [Vec<usize>; 4], lane: Lane) -> usize {
        free[lane as usize].pop().unwrap_or_else(|| {
            self.counts[lane as usize] += 1;
            self.counts[lane as usize] - 1
        })
    }
}

/// The last operation that reads each one; beyond all for outputs and for where they fail, `None` for what is not
/// needed. Numbers of the batch are always needed: what is known of their range must hold even where nobody reads them.
fn last_reads(nodes: &[Node], outputs: &[Source], fault: Option<Id>) -> Vec<Option<usize>> {
    let mut last: Vec<Option<usize>> = vec![None; nodes.len()];
    let columns = outputs.iter().flat_map(|output| match &output.value {
        SourceValue::Column { data, null, .. } => [Some(*data), *null],
        SourceValue::Known(_) => [None, None],
    });
    for id in columns.flatten().chain(fault) {
        last[id.place()] = Some(usize::MAX);
    }
    for (place, node) in nodes.iter().enumerate().rev() {
        if last[place].is_none() && matches!(node.op, Op::Number(_)) {
            last[place] = Some(place);
        }
        if last[place].is_some() {
            for operand in node.op.operands() {
                last[operand.place()] = last[operand.place()].max(Some(place));
            }
        }
    }
    last
}

pub(super) fn is_constant(node: &Node) -> bool {
    matches!(node.op, Op::Const(_) | Op::ConstDecimal(_))
}

impl Node {
    /// Whether it is read where the batch has it.
    pub fn borrowed(&self) -> bool {
        matches!(self.op, Op::Input(_))
    }
}

impl Op {
    /// What it reads.
    pub fn operands(&self) -> Vec<Id> {
        match *self {
            Self::Const(_)
            | Self::ConstDecimal(_)
            | Self::Input(_)
            | Self::Number(_)
            | Self::Text(_)
            | Self::InputNull(_)
            | Self::Members(_) => Vec::new(),
            Self::Spread(x)
            | Self::Not(x)
            | Self::IsTrue(x)
            | Self::IsUnknown(x)
            | Self::CompareConst(_, x, _)
            | Self::Abs(x)
            | Self::Widen(x)
            | Self::Age(_, x)
            | Self::FirstOfMonth(x)
            | Self::Failed(x)
            | Self::Count { include: x, .. }
            | Self::Times { value: x, .. }
            | Self::Shrink { value: x, .. }
            | Self::Bracket { key: x, .. }
            | Self::BracketDecimal { key: x, .. }
            | Self::Pick { bracket: x, .. }
            | Self::Sum { value: x, .. }
            | Self::ToDecimal { value: x, .. }
            | Self::FromDecimal { value: x, .. }
            | Self::Round { value: x, .. } => vec![x],
            Self::And(l, r)
            | Self::Or(l, r)
            | Self::UnknownIf(l, r)
            | Self::Compare(_, l, r)
            | Self::Keep(l, r)
            | Self::Least(l, r)
            | Self::Greatest(l, r)
            | Self::Add { left: l, right: r, .. }
            | Self::Subtract { left: l, right: r, .. }
            | Self::Multiply { left: l, right: r, .. }
            | Self::Elapsed(_, l, r)
            | Self::Later { day: l, count: r, .. }
            | Self::Group { before: l, key: r }
            | Self::Order { before: l, key: r, .. }
            | Self::Place { group: l, order: r, .. }
            | Self::Ratio(l, r)
            | Self::Quotient { left: l, right: r, .. }
            | Self::Extreme { value: l, include: r, .. }
            | Self::SumDecimal { value: l, include: r, .. } => vec![l, r],
            Self::Select(c, l, r) => vec![c, l, r],
            Self::Decimal { left, right, skip, .. } => [Some(left), Some(right), skip].into_iter().flatten().collect(),
        }
    }

    /// Whether a lane may have no result.
    pub fn can_fail(&self) -> bool {
        match self {
            Self::Add { checked, .. }
            | Self::Subtract { checked, .. }
            | Self::Multiply { checked, .. }
            | Self::Times { checked, .. }
            | Self::Sum { checked, .. } => *checked,
            Self::Decimal { .. }
            | Self::SumDecimal { .. }
            | Self::FromDecimal { .. }
            | Self::Quotient { .. }
            | Self::Later { .. } => true,
            _ => false,
        }
    }
}

/// The values of one block, by lane.
#[derive(Debug, Default)]
pub(super) struct Registers {
    pub truths: Vec<Vec<u8>>,
    pub ints: Vec<Vec<i32>>,
    pub longs: Vec<Vec<i64>>,
    pub decimals: Vec<Vec<Decimal>>,
}

/// A type that a lane holds.
pub(super) trait Cell: Copy + Default + PartialOrd {
    fn file(registers: &Registers) -> &Vec<Vec<Self>>;
    fn file_mut(registers: &mut Registers) -> &mut Vec<Vec<Self>>;
    /// The rows of a batch as they are there.
    fn borrowed<'b>(_column: &BoundColumn<'b>, _rows: Range<usize>) -> &'b [Self] {
        &[]
    }
}

impl Cell for u8 {
    fn file(registers: &Registers) -> &Vec<Vec<Self>> {
        &registers.truths
    }
    fn file_mut(registers: &mut Registers) -> &mut Vec<Vec<Self>> {
        &mut registers.truths
    }
    fn borrowed<'b>(column: &BoundColumn<'b>, rows: Range<usize>) -> &'b [Self] {
        if let BoundColumn::Truth(values) = column { &values[rows] } else { &[] }
    }
}

impl Cell for i32 {
    fn file(registers: &Registers) -> &Vec<Vec<Self>> {
        &registers.ints
    }
    fn file_mut(registers: &mut Registers) -> &mut Vec<Vec<Self>> {
        &mut registers.ints
    }
    fn borrowed<'b>(column: &BoundColumn<'b>, rows: Range<usize>) -> &'b [Self] {
        if let BoundColumn::Day(days) = column { &days[rows] } else { &[] }
    }
}

impl Cell for i64 {
    fn file(registers: &Registers) -> &Vec<Vec<Self>> {
        &registers.longs
    }
    fn file_mut(registers: &mut Registers) -> &mut Vec<Vec<Self>> {
        &mut registers.longs
    }
}

impl Cell for Decimal {
    fn file(registers: &Registers) -> &Vec<Vec<Self>> {
        &registers.decimals
    }
    fn file_mut(registers: &mut Registers) -> &mut Vec<Vec<Self>> {
        &mut registers.decimals
    }
}
