//! The loop over blocks of households, and over the operations of a plan for each.

use std::{collections::BTreeSet, ops::Range};

use super::{
    bind::Bound,
    column::YES,
    graph::{Id, Lane, Level, Node, Op},
    kernels,
    outcomes::Gathering,
    plan::Kernel,
    registers::{Cell, Registers, is_constant},
};

/// Households computed at once: their columns stay in the nearest memory.
const BLOCK: usize = 1024;

/// The memory of one thread.
#[derive(Debug, Default)]
pub(super) struct Machine {
    pub registers: Registers,
    /// The plan for which the constants are there, by address, and for how many lanes.
    ready: (usize, usize),
    /// By relation: the household of each member of the block.
    parents: Vec<Vec<u32>>,
    pub running_ints: Vec<i32>,
    pub running_longs: Vec<i64>,
    /// Households of the batch that are computed by themselves.
    pub failed: BTreeSet<usize>,
    /// Lanes of which the last operation that may fail has no result.
    pub failures: Vec<usize>,
}

/// The rows of a block.
#[derive(Debug)]
pub(super) struct Block<'b> {
    pub bound: &'b Bound<'b>,
    pub kernel: &'b Kernel,
    pub households: Range<usize>,
    /// By relation.
    pub members: &'b [Range<usize>],
}

impl Block<'_> {
    pub fn rows(&self, level: Level) -> Range<usize> {
        match level {
            Level::Household => self.households.clone(),
            Level::Members(relation) => self.members[relation].clone(),
        }
    }

    pub fn offsets(&self, relation: usize) -> &[u32] {
        &self.bound.offsets[relation][self.households.start..=self.households.end]
    }
}

impl Machine {
    pub fn run(&mut self, kernel: &Kernel, bound: &Bound<'_>, out: &mut Gathering<'_>, apart: &mut BTreeSet<usize>) {
        self.ready = (0, 0);
        self.failed.clear();
        let mut start = 0;
        let mut members = Vec::with_capacity(bound.offsets.len());
        while start < bound.households {
            let end = bound.households.min(start + BLOCK);
            members.clear();
            members.extend(bound.offsets.iter().map(|offsets| offsets[start] as usize..offsets[end] as usize));
            let block = Block { bound, kernel, households: start..end, members: &members };
            self.prepare(&block);
            for (place, node) in kernel.nodes.iter().enumerate() {
                if let Some(register) = kernel.layout.places[place].filter(|_| !is_constant(node)) {
                    self.step(&block, *node, register);
                }
            }
            if let Some(fault) = kernel.fault {
                let failed = cells::<u8>(&self.registers, &block, fault, end - start).iter().enumerate();
                self.failed.extend(failed.filter(|(_, byte)| **byte == YES).map(|(lane, _)| start + lane));
            }
            out.gather(&self.registers, &block);
            start = end;
        }
        apart.append(&mut self.failed);
    }

    /// Room for every lane, constants in all of theirs, and the households of members.
    fn prepare(&mut self, block: &Block<'_>) {
        let kernel = block.kernel;
        let widest = block.members.iter().map(Range::len).max().unwrap_or(0).max(BLOCK);
        if self.ready.1 < widest {
            let [truths, ints, longs, decimals] = kernel.layout.counts;
            grow(&mut self.registers.truths, truths, widest);
            grow(&mut self.registers.ints, ints, widest);
            grow(&mut self.registers.longs, longs, widest);
            grow(&mut self.registers.decimals, decimals, widest);
            for (node, place) in kernel.nodes.iter().zip(&kernel.layout.places) {
                if let Some(register) = place {
                    self.constant(*node, *register);
                }
            }
            self.ready.1 = widest;
        }
        self.parents.resize(block.members.len(), Vec::new());
        for (relation, members) in block.members.iter().enumerate() {
            self.parents[relation].resize(members.len(), 0);
            kernels::parents(&mut self.parents[relation], block.offsets(relation));
        }
    }

    fn constant(&mut self, node: Node, register: usize) {
        match (node.op, node.lane) {
            (Op::Const(value), Lane::Truth) => self.registers.truths[register].fill(u8::try_from(value).unwrap_or(0)),
            (Op::Const(value), Lane::Int) => self.registers.ints[register].fill(i32::try_from(value).unwrap_or(0)),
            (Op::Const(value), Lane::Long) => self.registers.longs[register].fill(value),
            (Op::ConstDecimal(value), _) => self.registers.decimals[register].fill(value),
            _ => {}
        }
    }

    fn step(&mut self, block: &Block<'_>, node: Node, register: usize) {
        let rows = block.rows(node.level);
        match node.lane {
            Lane::Truth => self.write(register, &rows, |machine, out| machine.truths(block, node, out)),
            Lane::Int => self.write(register, &rows, |machine, out| machine.ints(block, node, out)),
            Lane::Long => self.write(register, &rows, |machine, out| machine.longs(block, node, out)),
            Lane::Decimal => self.write(register, &rows, |machine, out| machine.decimals(block, node, out)),
        }
    }

    /// Takes the register out while it is written: what is computed reads others.
    fn write<T: Cell>(&mut self, register: usize, rows: &Range<usize>, compute: impl FnOnce(&mut Self, &mut [T])) {
        let mut out = std::mem::take(&mut T::file_mut(&mut self.registers)[register]);
        compute(self, &mut out[..rows.len()]);
        T::file_mut(&mut self.registers)[register] = out;
    }

    /// What all lanes have in common; `false` if the operation is not among it.
    pub fn common<T: Cell>(&self, block: &Block<'_>, node: Node, out: &mut [T]) -> bool {
        let (r, n) = (&self.registers, out.len());
        match node.op {
            Op::Spread(a) => {
                kernels::spread(out, cells::<T>(r, block, a, block.households.len()), self.parents_of(node));
            }
            Op::Select(c, a, b) => {
                kernels::select(out, cells::<u8>(r, block, c, n), cells(r, block, a, n), cells(r, block, b, n));
            }
            Op::Keep(c, a) => kernels::keep(out, cells::<u8>(r, block, c, n), cells(r, block, a, n)),
            Op::Extreme { greatest, value, include, relation } => {
                let members = block.members[relation].len();
                let (values, include) = (cells::<T>(r, block, value, members), cells(r, block, include, members));
                kernels::extremes(out, greatest, (values, include), block.offsets(relation));
            }
            _ => return false,
        }
        true
    }

    fn parents_of(&self, node: Node) -> &[u32] {
        match node.level {
            Level::Members(relation) => &self.parents[relation],
            Level::Household => &[],
        }
    }
}

fn grow<T: Cell>(file: &mut Vec<Vec<T>>, count: usize, lanes: usize) {
    file.resize(count.max(file.len()), Vec::new());
    for register in file {
        if register.len() < lanes {
            register.resize(lanes, T::default());
        }
    }
}

/// The first lanes of a result: of a register, or of the batch where it is read from there.
pub(super) fn cells<'r, T: Cell>(registers: &'r Registers, block: &Block<'r>, id: Id, lanes: usize) -> &'r [T] {
    let node = block.kernel.nodes[id.place()];
    if let Op::Input(place) = node.op {
        return T::borrowed(&block.bound.columns[place], block.rows(node.level));
    }
    let register = block.kernel.layout.places[id.place()].unwrap_or(usize::MAX);
    let values: &[T] = T::file(registers).get(register).map_or(&[], |values| &values[..lanes]);
    // Of another lane: what is computed from it would be that of the block before.
    debug_assert_eq!((values.len(), size_of::<T>()), (lanes, node.lane.bytes()), "{node:?}");
    values
}
