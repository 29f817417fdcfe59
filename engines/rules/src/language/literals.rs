//! Values written in a rule.

use rust_decimal::Decimal;
use sqlparser::ast as sql;

use crate::{Value, unit::Kind};

use super::{Expr, lower::Lowered, parse::ExprError};

pub(super) fn literal(value: &sql::Value) -> Lowered {
    match value {
        sql::Value::Number(digits, false) => Decimal::from_str_exact(digits)
            .map(|number| (Expr::Const(Value::Dec(number)), Kind::Number(None)))
            .map_err(|_| {
                ExprError::new(
                    format!("numero non rappresentabile: {digits}"),
                    "al più 28 cifre, con il punto decimale",
                )
            }),
        sql::Value::SingleQuotedString(text) => Ok((Expr::Const(Value::Text(text.clone())), Kind::Text)),
        sql::Value::Boolean(truth) => Ok((Expr::Const(Value::Bool(*truth)), Kind::Bool)),
        sql::Value::Null => Ok((Expr::Const(Value::Null), Kind::Any)),
        _ => Err(ExprError::new(
            "valore scritto in una forma non ammessa",
            "numeri 12.50, testi 'abc', date DATE '2026-03-01', TRUE, FALSE, NULL",
        )),
    }
}

pub(super) fn date(typed: &sql::TypedString) -> Lowered {
    let wrong = || ExprError::new("data scritta male", "scrivere DATE 'aaaa-mm-gg'");
    let sql::Value::SingleQuotedString(text) = &typed.value.value else { return Err(wrong()) };
    if typed.data_type != sql::DataType::Date {
        return Err(wrong());
    }
    let day = text.parse().map_err(|_| wrong())?;
    Ok((Expr::Const(Value::Date(day)), Kind::Date))
}
