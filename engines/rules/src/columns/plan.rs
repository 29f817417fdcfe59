use std::collections::BTreeSet;

use crate::{
    Expr, Facts, Moment, Program,
    evaluation::{Frame, Run},
    language::Reference,
};

use super::{
    batch::{Batch, BatchError},
    bind::Bound,
    brackets::{Amounts, Brackets},
    calendar::{Age, Ages},
    exact::Exact,
    graph::{Id, Level, Node},
    lower::Lowering,
    machine::Machine,
    mistyped::{Made, Mistyped},
    outcomes::{Gathering, Outcomes},
    registers::Layout,
    value::{Kind, Val},
    words::Words,
};

/// A law at one moment, ready to compute columns. Immutable, and free to be shared between threads.
#[derive(Debug)]
pub struct Plan<'p> {
    pub(super) exact: Exact<'p>,
    /// The rules whose values are given, by place in the program: entitlement and amount are among them.
    pub(super) outputs: Vec<usize>,
    /// Inputs that the outputs can depend on.
    pub(super) needed: BTreeSet<usize>,
    /// Relations that the outputs can depend on.
    pub(super) relations: BTreeSet<usize>,
    pub(super) words: Words,
    /// An error: every household is computed by itself.
    pub(super) kernel: Made<Kernel>,
}

/// Operations in the order in which they are computed, and where each result lies.
#[derive(Debug)]
pub(super) struct Kernel {
    pub nodes: Vec<Node>,
    pub layout: Layout,
    /// Places in the program of what `Op::Input` names.
    pub inputs: Vec<usize>,
    pub tables: Vec<Brackets>,
    pub amounts: Vec<Amounts>,
    pub years: Ages,
    pub months: Ages,
    pub outputs: Vec<Source>,
    /// Households that an output has no value for, or none that columns hold.
    pub fault: Option<Id>,
    /// Whether texts that the law does not list are told apart from one another.
    pub free_texts: bool,
}

/// Where the value of an output comes from.
#[derive(Debug, Clone)]
pub(super) struct Source {
    pub level: Level,
    pub value: SourceValue,
}

#[derive(Debug, Clone)]
pub(super) enum SourceValue {
    Known(crate::Value),
    Column { kind: Kind, data: Id, null: Option<Id> },
}

/// A plan that cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// An output that is no rule of the law.
    #[error("la regola «{0}» non esiste")]
    UnknownRule(String),
}

/// The memory in which a plan computes: made once for each thread, and used again for every batch.
#[derive(Debug, Default)]
pub struct Worker {
    pub(super) machine: Machine,
}

impl<'p> Plan<'p> {
    /// Makes the plan of a law at a moment: parameters are constants, versions are chosen, and only what entitlement,
    /// amount and the further `outputs` need is kept.
    ///
    /// # Errors
    /// If an output is no rule of the law.
    pub fn compile(program: &'p Program, moment: Moment, outputs: &[&str]) -> Result<Self, PlanError> {
        let named = outputs.iter().map(|name| {
            let slot = program.rules.iter().position(|rule| rule.name == **name);
            slot.ok_or_else(|| PlanError::UnknownRule((*name).to_owned()))
        });
        let mut slots: Vec<usize> = program.entitlement.into_iter().chain(program.amount).collect();
        for slot in named.collect::<Result<Vec<_>, _>>()? {
            if !slots.contains(&slot) {
                slots.push(slot);
            }
        }
        let exact = Exact::new(program, moment, &slots);
        let (needed, relations) = needed(&exact);
        // Constants are computed by the other evaluator, for a household that has no facts.
        let frame = Frame::load(program, &Facts::default(), true);
        let kernel = frame.map_err(|_| Mistyped).and_then(|nobody| {
            let run = Run::new(program, &nobody, moment);
            Kernel::make(Lowering::new(program, run, moment.on), &exact.rules, &slots)
        });
        Ok(Self { exact, outputs: slots, needed, relations, words: Words::of(program), kernel })
    }

    /// Whether whole columns are computed: the checks of the language let no other law through. Otherwise each household is
    /// computed by itself, which is slow and gives the same.
    #[must_use]
    pub fn is_columnar(&self) -> bool {
        self.kernel.is_ok()
    }

    /// The rules whose values [`Outcomes`] gives, in its order: entitlement, amount, and those that were asked for.
    pub fn outputs(&self) -> impl Iterator<Item = &str> {
        self.outputs.iter().map(|slot| self.exact.program.rules[*slot].name.as_str())
    }

    /// The columns that a batch needs: relation, if of members, and name.
    pub fn columns(&self) -> impl Iterator<Item = (Option<&str>, &str)> {
        let inputs = self.needed.iter().map(|slot| &self.exact.program.inputs[*slot]);
        inputs.map(|input| (input.relation.as_deref(), input.name.as_str()))
    }

    /// Computes a batch.
    ///
    /// # Errors
    /// If a column that the law uses is not there, or holds another type.
    pub fn run(&self, batch: &Batch<'_>, worker: &mut Worker) -> Result<Outcomes, BatchError> {
        let bound = Bound::new(self, batch)?;
        let mut gathering = Gathering::new(self, &bound);
        let mut apart: BTreeSet<usize> = bound.apart.clone();
        match &self.kernel {
            Ok(kernel) => worker.machine.run(kernel, &bound, &mut gathering, &mut apart),
            Err(_) => apart.extend(0..batch.len()),
        }
        Ok(gathering.finish(self, batch, &apart))
    }
}

impl Kernel {
    fn make(mut lowering: Lowering<'_>, order: &[usize], slots: &[usize]) -> Made<Self> {
        // Each rule after those that it uses: a chain of a thousand rules is no recursion. What columns cannot compute
        // may be a rule that nobody needs at this moment.
        for slot in order {
            let _ = lowering.apart(|lowering| lowering.rule(*slot));
        }
        let mut outputs = Vec::with_capacity(slots.len());
        for slot in slots {
            let owner = lowering.program.rules[*slot].owner;
            let level = owner.map_or(Level::Household, Level::Members);
            let value = match owner {
                Some(relation) => lowering.of_members(relation, |lowering| lowering.rule(*slot))?,
                None => lowering.rule(*slot)?,
            };
            outputs.push(Source { level, value: source(&mut lowering, value, level) });
        }
        let fault = lowering.graph.fault;
        let layout = Layout::new(&lowering.graph.nodes, &outputs, fault);
        Ok(Self {
            layout,
            nodes: lowering.graph.nodes,
            inputs: lowering.inputs,
            tables: lowering.tables,
            amounts: lowering.amounts,
            years: Ages::new(Age::Years, lowering.on),
            months: Ages::new(Age::Months, lowering.on),
            outputs,
            fault,
            free_texts: lowering.free_texts,
        })
    }
}

fn source(lowering: &mut Lowering<'_>, value: Val, level: Level) -> SourceValue {
    let col = match value {
        Val::Known(value) => return SourceValue::Known(value),
        Val::Col(col) => col,
    };
    lowering.told_apart(&col);
    let graph = &mut lowering.graph;
    let data = graph.at(col.data, level);
    let null = col.null.map(|null| graph.at(null, level));
    SourceValue::Column { kind: col.kind, data, null }
}

/// Inputs and relations that the rules reach in their versions of the moment.
fn needed(exact: &Exact<'_>) -> (BTreeSet<usize>, BTreeSet<usize>) {
    let (mut inputs, mut relations) = (BTreeSet::new(), BTreeSet::new());
    for expr in exact.rules.iter().filter_map(|slot| exact.text(*slot)) {
        expr.references(&mut |reference| {
            if let Reference::Input(slot) = reference {
                inputs.insert(slot);
            }
        });
        aggregated(expr, &mut relations);
    }
    relations.extend(inputs.iter().filter_map(|slot| exact.program.inputs[*slot].owner));
    relations.extend(exact.rules.iter().filter_map(|slot| exact.program.rules[*slot].owner));
    (inputs, relations)
}

fn aggregated(expr: &Expr, relations: &mut BTreeSet<usize>) {
    if let Expr::Aggregate { relation, .. } = expr {
        relations.insert(*relation);
    }
    for child in expr.children() {
        aggregated(child, relations);
    }
}
