//! The numbers at which a fact begins to count otherwise: thresholds that it is compared with, brackets of a table.

use rust_decimal::Decimal;

use crate::{
    InputType, NearMiss, Program, RuleVersion, Value,
    language::{Comparison, Expr, Function, Reference},
};

use super::{
    Run,
    near_misses::{Outcome, rank},
    run::Read,
    suppositions::Suppositions,
};

/// Where a number comes from that a fact is measured against.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum BoundSource {
    Fixed(Decimal),
    Parameter(usize),
    Table(usize),
}

/// Steps through names that a value may take unchanged before it is compared.
pub(super) const MOST_NAMES: u32 = 8;
/// Candidates tried on each side of a value.
const MOST_TRIED: usize = 3;

/// For each input, the bounds that the rules in force at any time measure it against.
pub(crate) fn bounds(program: &Program) -> Vec<Vec<BoundSource>> {
    let mut found = vec![Vec::new(); program.inputs.len()];
    for version in program.rules.iter().flat_map(|rule| &rule.versions) {
        collect(program, &version.expr, &mut found);
    }
    found
}

fn collect(program: &Program, expr: &Expr, found: &mut [Vec<BoundSource>]) {
    let mut add = |subject: &Expr, bound: BoundSource| {
        if let Some(input) = subject_of(program, subject)
            && !found[input].contains(&bound)
        {
            found[input].push(bound);
        }
    };
    match expr {
        Expr::Lookup { table, operand, .. } => add(operand, BoundSource::Table(*table)),
        Expr::Compare(comparison, left, right) if !matches!(comparison, Comparison::Equal | Comparison::NotEqual) => {
            for (subject, bound) in [(left, right), (right, left)] {
                match &**bound {
                    Expr::Const(Value::Dec(number)) => add(subject, BoundSource::Fixed(*number)),
                    Expr::Parameter(slot) => add(subject, BoundSource::Parameter(*slot)),
                    _ => {}
                }
            }
        }
        _ => {}
    }
    expr.children().into_iter().for_each(|child| collect(program, child, found));
}

/// The numeric input whose value an expression is.
fn subject_of(program: &Program, expr: &Expr) -> Option<usize> {
    let numeric = |input: &usize| matches!(program.inputs[*input].kind, InputType::Integer | InputType::Decimal);
    input_of(program, expr, MOST_NAMES).filter(numeric)
}

/// The input whose value an expression is, perhaps through at most `left` names, and through `coalesce`.
pub(super) fn input_of(program: &Program, expr: &Expr, left: u32) -> Option<usize> {
    match expr {
        Expr::Input(slot) => Some(*slot),
        Expr::Call(Function::Coalesce, arguments) => input_of(program, arguments.first()?, left),
        Expr::Rule(slot) if left > 0 => {
            let last: &RuleVersion = program.rules[*slot].versions.last()?;
            input_of(program, &last.expr, left - 1)
        }
        _ => None,
    }
}

/// The nearest value below and above each number that the person gave which changes the outcome.
pub(super) fn moved_inputs(run: &Run<'_>, suppositions: &mut Suppositions<'_, '_>, now: Outcome) -> Vec<NearMiss> {
    let mut found = Vec::new();
    for (slot, input) in run.program.inputs.iter().enumerate() {
        if run.program.bounds[slot].is_empty() {
            continue;
        }
        for member in 0..run.frame.count(input.owner) {
            let Some(value) = run.input(slot, member).as_decimal() else { continue };
            let (below, above) = candidates(run, slot, value);
            let mut nearest = |list: Vec<Decimal>| {
                list.into_iter()
                    .take(MOST_TRIED)
                    .find_map(|moved| moved_input(run, suppositions, (slot, member), (value, moved), now))
            };
            found.extend(nearest(below));
            found.extend(nearest(above));
        }
    }
    found
}

/// Values on either side of a bound, those below the value and those above, the nearest first.
fn candidates(run: &Run<'_>, slot: usize, value: Decimal) -> (Vec<Decimal>, Vec<Decimal>) {
    let whole = run.program.inputs[slot].kind == InputType::Integer;
    let step = if whole { Decimal::ONE } else { Decimal::new(1, 2) };
    let (mut below, mut above) = (Vec::new(), Vec::new());
    let mut take = |bound: Decimal| {
        for near in [bound.checked_sub(step), Some(bound), bound.checked_add(step)].into_iter().flatten() {
            if near < value {
                below.push(near);
            } else if near > value {
                above.push(near);
            }
        }
    };
    for source in &run.program.bounds[slot] {
        match source {
            BoundSource::Fixed(bound) => take(*bound),
            BoundSource::Parameter(slot) => run.parameter(*slot).as_decimal().into_iter().for_each(&mut take),
            BoundSource::Table(slot) => {
                let Some(version) = run.tables[*slot] else { continue };
                let at = version.bounds.partition_point(|bound| *bound < value);
                version.bounds[at.saturating_sub(1)..].iter().take(2).copied().for_each(&mut take);
            }
        }
    }
    below.sort_unstable_by(|a, b| b.cmp(a));
    above.sort_unstable();
    below.dedup();
    above.dedup();
    (below, above)
}

fn moved_input(
    run: &Run<'_>,
    suppositions: &mut Suppositions<'_, '_>,
    (slot, member): (usize, usize),
    (value, moved): (Decimal, Decimal),
    now: Outcome,
) -> Option<NearMiss> {
    let input = &run.program.inputs[slot];
    let this = Read { reference: Reference::Input(slot), member };
    let then = suppositions.outcome(this, Value::Dec(moved)).filter(|then| *then != now)?;
    Some(NearMiss {
        rule: input.name.clone(),
        label: input.label.clone(),
        paragraph: run.paragraph_reading(slot),
        member: run.member(input.owner, member),
        now: Value::Dec(value),
        needed: Some(Value::Dec(moved)),
        distance: Some((value - moved).abs()),
        unit: Some(input.unit),
        improves: rank(then) > rank(now),
        entitled_then: then.0,
        amount_then: then.1,
    })
}
