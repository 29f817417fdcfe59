//! One fact or one rule otherwise than it is, and what that changes.

use crate::{Value, language::Reference};

use super::{
    Run,
    near_misses::Outcome,
    run::{Cell, Read},
};

/// An evaluation in which one thing at a time is supposed otherwise. Only cells that read something that changed are
/// computed again: whoever reads what was there before computes what was there before.
pub(super) struct Suppositions<'r, 'a> {
    /// What is, with what each cell read.
    run: &'r Run<'a>,
    /// The same between suppositions.
    scratch: Run<'a>,
    /// By cell, and those that are `true`.
    changed: Vec<bool>,
    touched: Vec<usize>,
}

impl<'r, 'a> Suppositions<'r, 'a> {
    pub fn new(run: &'r Run<'a>) -> Self {
        Self { run, scratch: run.again(), changed: vec![false; run.cells.len()], touched: Vec::new() }
    }

    /// What is, free to compute further expressions.
    pub fn present(&mut self) -> &mut Run<'a> {
        &mut self.scratch
    }

    /// Entitlement and amount if one rule or input had another value for one entity; `None` if they could not be computed.
    pub fn outcome(&mut self, supposed: Read, value: Value) -> Option<Outcome> {
        let program = self.run.program;
        let slots = match supposed.reference {
            Reference::Rule(slot) => {
                self.put(self.run.cell(slot, supposed.member), Ok(value));
                &program.dependents[slot]
            }
            Reference::Input(slot) => {
                self.scratch.supposed = Some((slot, supposed.member, value));
                &program.input_dependents[slot]
            }
            Reference::Parameter(_) | Reference::Table(_) => return None,
        };
        self.spread(supposed, slots);
        let outcome = self.scratch.outcome().ok();
        self.restore();
        outcome
    }

    /// `slots` are all that may depend on what is supposed, in dependency order.
    fn spread(&mut self, supposed: Read, slots: &[usize]) {
        for slot in slots {
            for member in self.run.members(*slot) {
                let cell = self.run.cell(*slot, member);
                if self.run.reads[cell].iter().any(|read| self.differs(*read, supposed)) {
                    let value = self.scratch.rule(*slot, member);
                    if !identical(&value, &self.run.cells[cell]) {
                        self.put(cell, value);
                    }
                }
            }
        }
    }

    fn differs(&self, read: Read, supposed: Read) -> bool {
        match read.reference {
            Reference::Rule(slot) => self.changed[self.run.cell(slot, read.member)],
            _ => read == supposed,
        }
    }

    fn put(&mut self, cell: usize, value: Cell) {
        self.scratch.cells[cell] = value;
        self.changed[cell] = true;
        self.touched.push(cell);
    }

    fn restore(&mut self) {
        self.scratch.supposed = None;
        for cell in self.touched.drain(..) {
            self.scratch.cells[cell].clone_from(&self.run.cells[cell]);
            self.changed[cell] = false;
        }
    }
}

/// Equal, and written alike: 50 and 50.00 are told differently.
fn identical(one: &Cell, other: &Cell) -> bool {
    match (one, other) {
        (Ok(Value::Dec(one)), Ok(Value::Dec(other))) => one == other && one.scale() == other.scale(),
        _ => one == other,
    }
}
