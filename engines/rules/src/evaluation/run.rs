use crate::{
    Moment, ParameterRow, Program, RuleVersion, Value, language::Reference, program::TableVersion, validity::in_force,
};

use super::{Fault, Frame, MemberRef, RuleFault};

/// Where and why a value could not be computed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Origin {
    /// Rule and member; `None` in a form condition.
    pub at: Option<(usize, usize)>,
    pub fault: Fault,
}

pub(super) type Cell = Result<Value, Origin>;

/// A name read for one entity.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Read {
    pub reference: Reference,
    pub member: usize,
}

/// One evaluation: what is in force, and the value of every rule for every entity.
///
/// Rules are computed in dependency order, so there is no recursion between them; a failure stays in its cell and
/// spreads only to rules that really read it.
#[derive(Clone)]
pub(crate) struct Run<'a> {
    pub(crate) program: &'a Program,
    pub(super) frame: &'a Frame,
    pub(super) moment: Moment,
    pub(crate) versions: Vec<Option<&'a RuleVersion>>,
    pub(crate) parameters: Vec<Option<&'a ParameterRow>>,
    pub(crate) tables: Vec<Option<&'a TableVersion>>,
    /// First cell of each rule.
    starts: Vec<usize>,
    pub(super) cells: Vec<Cell>,
    /// What each cell read; filled by [`Run::traced`] only.
    pub(super) reads: Vec<Vec<Read>>,
    log: Option<Vec<Read>>,
    current: Option<(usize, usize)>,
    /// An input of one entity that is supposed to have another value than the facts give.
    pub(super) supposed: Option<(usize, usize, Value)>,
}

impl<'a> Run<'a> {
    pub fn new(program: &'a Program, frame: &'a Frame, moment: Moment) -> Self {
        let mut cells = 0;
        let starts = program.rules.iter().map(|rule| {
            cells += frame.count(rule.owner);
            cells - frame.count(rule.owner)
        });
        let starts = starts.collect();
        let version = |rule: &'a crate::Rule| {
            in_force(rule.versions.iter().map(|version| version.validity), moment).map(|at| &rule.versions[at])
        };
        let parameter = |one: &'a crate::Parameter| {
            in_force(one.rows.iter().map(|row| row.validity), moment).map(|at| &one.rows[at])
        };
        let table = |table: &'a crate::Table| {
            in_force(table.versions.iter().map(|version| version.validity), moment).map(|at| &table.versions[at])
        };
        Self {
            program,
            frame,
            moment,
            versions: program.rules.iter().map(version).collect(),
            parameters: program.parameters.iter().map(parameter).collect(),
            tables: program.tables.iter().map(table).collect(),
            starts,
            cells: vec![Ok(Value::Null); cells],
            reads: Vec::new(),
            log: None,
            current: None,
            supposed: None,
        }
    }

    /// Computes every rule.
    pub fn computed(mut self) -> Self {
        self.compute(&self.program.order);
        self
    }

    /// Computes every rule and notes what each one read.
    pub fn traced(mut self) -> Self {
        self.reads = vec![Vec::new(); self.cells.len()];
        self.log = Some(Vec::new());
        self.compute(&self.program.order);
        self.log = None;
        self
    }

    /// The same values, without what was read.
    pub(super) fn again(&self) -> Self {
        Self {
            program: self.program,
            frame: self.frame,
            moment: self.moment,
            versions: self.versions.clone(),
            parameters: self.parameters.clone(),
            tables: self.tables.clone(),
            starts: self.starts.clone(),
            cells: self.cells.clone(),
            reads: Vec::new(),
            log: None,
            current: None,
            supposed: None,
        }
    }

    /// Computes `slots`, which come in dependency order, for all their entities.
    pub fn compute(&mut self, slots: &[usize]) {
        for slot in slots {
            for member in 0..self.frame.count(self.program.rules[*slot].owner) {
                let cell = self.cell(*slot, member);
                self.cells[cell] = self.rule(*slot, member);
                if let Some(log) = &mut self.log {
                    self.reads[cell].extend_from_slice(log);
                    log.clear();
                }
            }
        }
    }

    /// Computes a rule for one entity.
    pub(super) fn rule(&mut self, slot: usize, member: usize) -> Cell {
        self.current = Some((slot, member));
        let version = self.versions[slot].ok_or_else(|| self.fault(Fault::NotInForce))?;
        self.eval(&version.expr, member)
    }

    pub(super) fn cell(&self, slot: usize, member: usize) -> usize {
        self.starts[slot] + member
    }

    pub(super) fn value(&self, slot: usize, member: usize) -> &Cell {
        &self.cells[self.cell(slot, member)]
    }

    /// The value of an input as the facts give it, or as it is supposed to be.
    pub(super) fn input(&self, slot: usize, member: usize) -> &Value {
        match &self.supposed {
            Some((supposed, whose, value)) if (*supposed, *whose) == (slot, member) => value,
            _ => self.frame.value(self.program.inputs[slot].owner, member, slot),
        }
    }

    pub(super) fn parameter(&self, slot: usize) -> Value {
        self.parameters[slot].map_or(Value::Null, |row| row.value.clone())
    }

    /// The failure in words.
    pub(crate) fn explain(&self, origin: Origin) -> RuleFault {
        let rule = origin.at.map(|(slot, _)| &self.program.rules[slot]);
        let member = origin.at.and_then(|(slot, index)| self.member(self.program.rules[slot].owner, index));
        RuleFault { rule: rule.map_or(String::new(), |rule| rule.name.clone()), member, fault: origin.fault }
    }

    pub(super) fn member(&self, owner: Option<usize>, index: usize) -> Option<MemberRef> {
        owner.map(|relation| MemberRef { relation: self.program.relations[relation].clone(), index })
    }

    pub(super) fn fault(&self, fault: Fault) -> Origin {
        Origin { at: self.current, fault }
    }

    pub(super) fn note(&mut self, reference: Reference, member: usize) {
        if let Some(log) = &mut self.log {
            let read = Read { reference, member };
            if !log.contains(&read) {
                log.push(read);
            }
        }
    }
}
