//! How far a comparison is from turning, and which value would turn it.

use rust_decimal::{Decimal, RoundingStrategy};

use crate::{
    InputType, Unit, Value,
    language::{Aggregate, Arithmetic, Comparison, Expr, Function, Reference},
};

use super::{
    Run,
    arithmetic::{compare, days},
    bounds::{MOST_NAMES, input_of},
    run::Read,
};

/// How far a single comparison is from turning.
pub(super) struct Gap {
    /// What is compared.
    pub now: Value,
    /// The nearest value, in whole steps, with which the comparison turns; never `now`.
    pub needed: Value,
    /// From `now` to `needed`: days for dates.
    pub distance: Decimal,
    pub unit: Option<Unit>,
    /// The fact that is compared, where it is one as it stands.
    pub datum: Option<Read>,
}

/// How far a rule is from being `wanted`: a comparison; of a conjunction or disjunction, the side that alone keeps it from
/// it. `None` where no single number or day would do.
pub(super) fn gap(run: &mut Run<'_>, expr: &Expr, wanted: bool, member: usize) -> Option<Gap> {
    match expr {
        Expr::Compare(comparison, left, right) => comparison_gap(run, *comparison, (left, right), wanted, member),
        Expr::Not(inner) => gap(run, inner, !wanted, member),
        Expr::And(left, right) if wanted => one_sided_gap(run, (left, right), wanted, member),
        Expr::Or(left, right) if !wanted => one_sided_gap(run, (left, right), wanted, member),
        _ => None,
    }
}

/// Of an AND that is wanted true and an OR that is wanted false: the only side that is not as wanted.
fn one_sided_gap(run: &mut Run<'_>, (left, right): (&Expr, &Expr), wanted: bool, member: usize) -> Option<Gap> {
    let mut truth = |side: &Expr| run.eval(side, member).ok()?.as_bool();
    match (truth(left)? == wanted, truth(right)? == wanted) {
        (false, true) => gap(run, left, wanted, member),
        (true, false) => gap(run, right, wanted, member),
        _ => None,
    }
}

fn comparison_gap(
    run: &mut Run<'_>,
    comparison: Comparison,
    (left, right): (&Expr, &Expr),
    wanted: bool,
    member: usize,
) -> Option<Gap> {
    let fixed = |side: &Expr| matches!(side, Expr::Const(_) | Expr::Parameter(_) | Expr::Today);
    let (subject, comparison, threshold) =
        if fixed(left) && !fixed(right) { (right, comparison.mirrored(), left) } else { (left, comparison, right) };
    let now = run.eval(subject, member).ok()?;
    let bound = run.eval(threshold, member).ok()?;
    if compare(comparison, &now, &bound) != Ok(Value::Bool(!wanted)) {
        return None;
    }
    let unit = unit_of(run, subject);
    let needed = match (&bound, way(comparison, wanted)?) {
        (_, Way::At) => bound,
        (Value::Dec(bound), way) => Value::Dec(on_the_grid(*bound, digits(run, subject, unit), way)?),
        (Value::Date(day), Way::Below { itself: false }) => Value::Date(day.yesterday().ok()?),
        (Value::Date(day), Way::Above { itself: false }) => Value::Date(day.tomorrow().ok()?),
        (Value::Date(_), _) => bound,
        _ => return None,
    };
    let distance = match (&now, &needed) {
        (Value::Dec(now), Value::Dec(needed)) => now.checked_sub(*needed)?.abs(),
        (Value::Date(now), Value::Date(needed)) => Decimal::from(days(*now, *needed).unsigned_abs()),
        _ => return None,
    };
    let datum = datum(run, subject, &now, member);
    Some(Gap { now, needed, distance, unit, datum })
}

/// On which side of the threshold the value lies that is needed, and whether the threshold itself will do.
#[derive(Clone, Copy)]
enum Way {
    Below { itself: bool },
    At,
    Above { itself: bool },
}

/// `None`: anything but the threshold would do, which is no nearest value.
fn way(comparison: Comparison, wanted: bool) -> Option<Way> {
    Some(match (comparison, wanted) {
        (Comparison::Equal, true) | (Comparison::NotEqual, false) => Way::At,
        (Comparison::Equal, false) | (Comparison::NotEqual, true) => return None,
        (Comparison::Less, true) | (Comparison::GreaterOrEqual, false) => Way::Below { itself: false },
        (Comparison::LessOrEqual, true) | (Comparison::Greater, false) => Way::Below { itself: true },
        (Comparison::Greater, true) | (Comparison::LessOrEqual, false) => Way::Above { itself: false },
        (Comparison::GreaterOrEqual, true) | (Comparison::Less, false) => Way::Above { itself: true },
    })
}

/// The value of so many decimals that is nearest to the bound on its side.
fn on_the_grid(bound: Decimal, digits: u32, way: Way) -> Option<Decimal> {
    let step = Decimal::new(1, digits);
    let (rounding, beyond, itself) = match way {
        Way::Below { itself } => (RoundingStrategy::ToNegativeInfinity, bound.checked_sub(step)?, itself),
        Way::Above { itself } => (RoundingStrategy::ToPositiveInfinity, bound.checked_add(step)?, itself),
        Way::At => return Some(bound),
    };
    let near = bound.round_dp_with_strategy(digits, rounding);
    Some(if near == bound && !itself { beyond } else { near })
}

/// Decimals of the smallest step: whole numbers, cents; of a share, hundredths of a percent.
fn digits(run: &Run<'_>, subject: &Expr, unit: Option<Unit>) -> u32 {
    match unit {
        _ if whole(run, subject, MOST_NAMES) => 0,
        Some(Unit::Percent) => 4,
        _ => 2,
    }
}

/// Whether an expression can only be a whole number.
fn whole(run: &Run<'_>, expr: &Expr, left: u32) -> bool {
    let all = |list: &[Expr]| list.iter().all(|one| whole(run, one, left));
    match expr {
        Expr::Const(value) => value.as_decimal().is_some_and(|number| number.fract().is_zero()),
        Expr::Parameter(slot) => run.parameter(*slot).as_decimal().is_some_and(|number| number.fract().is_zero()),
        Expr::Input(slot) => run.program.inputs[*slot].kind == InputType::Integer,
        Expr::Rule(slot) => left > 0 && run.versions[*slot].is_some_and(|version| whole(run, &version.expr, left - 1)),
        Expr::Negate(inner) => whole(run, inner, left),
        Expr::Arithmetic(Arithmetic::Divide, ..) => false,
        Expr::Arithmetic(_, one, other) => {
            unit_of(run, one) == Some(Unit::Date) || (whole(run, one, left) && whole(run, other, left))
        }
        Expr::Case(branches, otherwise) => {
            branches.iter().map(|(_, then)| then).chain(otherwise.as_deref()).all(|then| whole(run, then, left))
        }
        Expr::Call(Function::Floor | Function::Ceil | Function::Years | Function::Months, _)
        | Expr::Round(_, 0)
        | Expr::Aggregate { function: Aggregate::Count, .. }
        | Expr::Place { .. } => true,
        Expr::Call(_, arguments) => all(arguments),
        Expr::Aggregate {
            function: Aggregate::Sum | Aggregate::Min | Aggregate::Max, operand: Some(operand), ..
        } => whole(run, operand, left),
        _ => false,
    }
}

fn unit_of(run: &Run<'_>, subject: &Expr) -> Option<Unit> {
    match subject {
        Expr::Input(slot) => Some(run.program.inputs[*slot].unit),
        Expr::Rule(slot) => Some(run.program.rules[*slot].unit),
        Expr::Parameter(slot) => Some(run.program.parameters[*slot].unit),
        Expr::Call(Function::Years, _) => Some(Unit::Years),
        Expr::Call(Function::Months, _) => Some(Unit::Months),
        Expr::Today => Some(Unit::Date),
        _ => None,
    }
}

/// The fact that the subject is, unless something else stands in for it (`coalesce`).
fn datum(run: &Run<'_>, subject: &Expr, now: &Value, member: usize) -> Option<Read> {
    let slot = input_of(run.program, subject, MOST_NAMES)?;
    let member = if run.program.inputs[slot].owner.is_some() { member } else { 0 };
    (run.input(slot, member) == now).then_some(Read { reference: Reference::Input(slot), member })
}
