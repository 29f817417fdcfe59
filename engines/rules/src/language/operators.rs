//! Operators: their types, units and operands.

use sqlparser::ast::{self as sql, BinaryOperator, UnaryOperator};

use crate::{Value, unit::Kind};

use super::{
    Arithmetic, Comparison, Expr,
    lower::{Lowered, Lowering, Typed, not, wants},
    parse::ExprError,
};

impl Lowering<'_> {
    pub(super) fn unary(&mut self, operator: UnaryOperator, operand: &sql::Expr) -> Lowered {
        let (expr, kind) = self.read(operand)?;
        match (operator, kind) {
            (UnaryOperator::Not, Kind::Bool | Kind::Any) => Ok((not(expr), Kind::Bool)),
            (UnaryOperator::Not, _) => Err(wants("NOT", "un valore sì/no", kind)),
            (UnaryOperator::Minus, Kind::Number(_) | Kind::Any) => Ok((Expr::Negate(Box::new(expr)), kind.as_number())),
            (UnaryOperator::Plus, Kind::Number(_) | Kind::Any) => Ok((expr, kind.as_number())),
            (operator, _) => Err(wants(&operator.to_string(), "un numero", kind)),
        }
    }

    pub(super) fn binary(&mut self, left: &sql::Expr, operator: &BinaryOperator, right: &sql::Expr) -> Lowered {
        if let Some(comparison) = Comparison::from_sql(operator) {
            return self.compare(comparison, left, right);
        }
        let ((left, a), (right, b)) = (self.read(left)?, self.read(right)?);
        let logical = |kind: Kind| matches!(kind, Kind::Bool | Kind::Any);
        match operator {
            BinaryOperator::And | BinaryOperator::Or if !logical(a) || !logical(b) => {
                Err(wants(&operator.to_string(), "valori sì/no", if logical(a) { b } else { a }))
            }
            BinaryOperator::And => Ok((Expr::And(Box::new(left), Box::new(right)), Kind::Bool)),
            BinaryOperator::Or => Ok((Expr::Or(Box::new(left), Box::new(right)), Kind::Bool)),
            _ => arithmetic(operator, (left, a), (right, b)),
        }
    }

    pub(super) fn compare(&mut self, comparison: Comparison, left: &sql::Expr, right: &sql::Expr) -> Lowered {
        let (a, b) = (self.read(left)?, self.read(right)?);
        self.comparable(left, &a, &b)?;
        self.comparable(right, &b, &a)?;
        Ok((Expr::Compare(comparison, Box::new(a.0), Box::new(b.0)), Kind::Bool))
    }

    /// Whether both go together; and if `source` names an input with a list of texts, whether the other is one of them.
    pub(super) fn comparable(&mut self, source: &sql::Expr, named: &Typed, other: &Typed) -> Result<(), ExprError> {
        if named.1.unify(other.1).is_none() {
            let message = format!("si confrontano cose diverse: {} e {}", named.1, other.1);
            return Err(ExprError::new(message, "confrontare valori dello stesso tipo e della stessa unità"));
        }
        let allowed = self.allowed(source);
        if let Expr::Const(Value::Text(text)) = &other.0
            && !allowed.is_empty()
            && !allowed.contains(text)
        {
            let mend = format!("valori ammessi: {}", allowed.join(", "));
            return Err(ExprError::new(format!("il dato non può valere '{text}'"), mend));
        }
        Ok(())
    }

    fn allowed(&mut self, source: &sql::Expr) -> Vec<String> {
        if self.names.open.is_some() {
            return Vec::new();
        }
        let (owner, name) = match source {
            sql::Expr::Identifier(name) => (self.owner, &name.value),
            sql::Expr::CompoundIdentifier(parts) if parts.len() == 2 => {
                (self.names.relations.iter().position(|relation| *relation == parts[0].value), &parts[1].value)
            }
            _ => return Vec::new(),
        };
        let meaning = self.names.of(owner, name).or_else(|| self.names.of(None, name));
        meaning.map_or_else(Vec::new, |meaning| meaning.allowed)
    }
}

impl Comparison {
    fn from_sql(operator: &BinaryOperator) -> Option<Self> {
        Some(match operator {
            BinaryOperator::Eq => Self::Equal,
            BinaryOperator::NotEq => Self::NotEqual,
            BinaryOperator::Lt => Self::Less,
            BinaryOperator::LtEq => Self::LessOrEqual,
            BinaryOperator::Gt => Self::Greater,
            BinaryOperator::GtEq => Self::GreaterOrEqual,
            _ => return None,
        })
    }
}

fn arithmetic(operator: &BinaryOperator, (left, a): Typed, (right, b): Typed) -> Lowered {
    let (operation, kind) = match operator {
        BinaryOperator::Plus => (Arithmetic::Add, a.unify(b)),
        BinaryOperator::Minus if a == Kind::Date && b == Kind::Date => {
            (Arithmetic::Subtract, Some(Kind::Number(Some(crate::Unit::Days))))
        }
        BinaryOperator::Minus => (Arithmetic::Subtract, a.unify(b)),
        BinaryOperator::Multiply => (Arithmetic::Multiply, a.times(b)),
        BinaryOperator::Divide => (Arithmetic::Divide, a.divided_by(b)),
        _ => {
            let message = format!("l'operatore `{operator}` non fa parte del linguaggio delle regole");
            return Err(ExprError::new(message, "usare + - * / = <> < <= > >= AND OR NOT"));
        }
    };
    match kind {
        Some(kind @ (Kind::Number(_) | Kind::Any)) => {
            Ok((Expr::Arithmetic(operation, Box::new(left), Box::new(right)), kind.as_number()))
        }
        _ => Err(ExprError::new(
            format!("unità che non vanno insieme: {a} {operator} {b}"),
            "portare prima i due valori alla stessa unità; il denaro si moltiplica e si divide solo per numeri",
        )),
    }
}
