use crate::{InputType, Program, Value};

use super::{Aggregate, Arithmetic, Expr, Function};

/// For each rule, whether its value is always a whole number. Needs [`Program::order`].
pub(crate) fn whole_rules(program: &Program) -> Vec<bool> {
    let mut whole = vec![false; program.rules.len()];
    for slot in &program.order {
        let versions = &program.rules[*slot].versions;
        whole[*slot] = versions.iter().all(|version| is_whole(&version.expr, program, &whole));
    }
    whole
}

/// Whether an expression never gives a fraction: then nothing lies between 20 and 21.
pub(crate) fn is_whole(expr: &Expr, program: &Program, rules: &[bool]) -> bool {
    let all = |list: &[&Expr]| list.iter().all(|one| is_whole(one, program, rules));
    match expr {
        Expr::Const(Value::Dec(number)) => number.is_integer(),
        Expr::Const(Value::Null) | Expr::Round(_, 0) => true,
        Expr::Input(slot) => program.inputs[*slot].kind == InputType::Integer,
        Expr::Rule(slot) => rules[*slot],
        Expr::Parameter(slot) => {
            let rows = &program.parameters[*slot].rows;
            rows.iter().all(|row| row.value.as_decimal().is_some_and(|number| number.is_integer()))
        }
        Expr::Negate(x) => all(&[x]),
        Expr::Arithmetic(Arithmetic::Divide, ..) => false,
        Expr::Arithmetic(Arithmetic::Subtract, l, r) if [&**l, &**r].iter().all(|side| is_day(side, program)) => true,
        Expr::Arithmetic(_, l, r) => all(&[l, r]),
        Expr::Case(branches, otherwise) => {
            branches.iter().map(|(_, then)| then).chain(otherwise.as_deref()).all(|then| all(&[then]))
        }
        Expr::Call(Function::Floor | Function::Ceil | Function::Years | Function::Months, _) => true,
        Expr::Call(Function::NullIf, arguments) => arguments.first().is_some_and(|first| all(&[first])),
        Expr::Call(_, arguments) => all(&arguments.iter().collect::<Vec<_>>()),
        Expr::Place { .. } | Expr::Aggregate { function: Aggregate::Count, .. } => true,
        Expr::Aggregate { function: Aggregate::Avg, .. } => false,
        Expr::Aggregate { operand, .. } => operand.as_deref().is_some_and(|operand| all(&[operand])),
        _ => false,
    }
}

/// Whether an expression is a day, as far as it shows.
fn is_day(expr: &Expr, program: &Program) -> bool {
    match expr {
        Expr::Today | Expr::Const(Value::Date(_)) => true,
        Expr::Input(slot) => program.inputs[*slot].kind == InputType::Date,
        Expr::Rule(slot) => program.rules[*slot].unit == crate::Unit::Date,
        Expr::Parameter(slot) => program.parameters[*slot].unit == crate::Unit::Date,
        _ => false,
    }
}
