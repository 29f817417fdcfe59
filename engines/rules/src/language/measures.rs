//! Functions that only change in what a value is measured.

use rust_decimal::Decimal;
use sqlparser::ast as sql;

use crate::{Unit, Value, unit::Kind};

use super::{
    Arithmetic, Expr, Function,
    lower::{Lowered, Lowering, wants},
    parse::ExprError,
};

impl Lowering<'_> {
    /// `al_mese`, `all_anno`, `numero`, `dopo_anni`; `None` if `name` is none of them.
    pub(super) fn measure(&mut self, name: &str, arguments: &[&sql::Expr]) -> Option<Lowered> {
        let read = match name {
            "al_mese" => self.converted(name, arguments, (Unit::EuroPerYear, Unit::EuroPerMonth), Arithmetic::Divide),
            "all_anno" => {
                self.converted(name, arguments, (Unit::EuroPerMonth, Unit::EuroPerYear), Arithmetic::Multiply)
            }
            "numero" => self.bare(arguments),
            "dopo_anni" => self.years_later(arguments),
            _ => return None,
        };
        Some(read)
    }

    /// A yearly amount by month, or back: exact, nothing is rounded.
    fn converted(
        &mut self,
        name: &str,
        arguments: &[&sql::Expr],
        (takes, gives): (Unit, Unit),
        operation: Arithmetic,
    ) -> Lowered {
        let (operand, kind) = self.single(name, arguments)?;
        if kind.unify(Kind::Number(Some(takes))).is_none() {
            return Err(wants(name, &format!("un importo in {takes}"), kind));
        }
        Ok((Expr::Arithmetic(operation, Box::new(operand), Box::new(twelve())), Kind::Number(Some(gives))))
    }

    /// A measure as a pure number.
    fn bare(&mut self, arguments: &[&sql::Expr]) -> Lowered {
        let (operand, kind) = self.single("numero", arguments)?;
        match kind {
            Kind::Number(_) | Kind::Any => Ok((operand, Kind::Number(Some(Unit::Number)))),
            _ => Err(wants("numero", "un valore misurato", kind)),
        }
    }

    fn years_later(&mut self, arguments: &[&sql::Expr]) -> Lowered {
        let [day, years] = arguments else {
            return Err(ExprError::new(
                "`dopo_anni` vuole una data e degli anni",
                "per esempio dopo_anni(nato_il, 18)",
            ));
        };
        let ((day, day_kind), (years, years_kind)) = (self.read(day)?, self.read(years)?);
        let fits = matches!(years_kind, Kind::Any | Kind::Number(None | Some(Unit::Number | Unit::Years)));
        if !matches!(day_kind, Kind::Date | Kind::Any) || !fits {
            let found = if fits { day_kind } else { years_kind };
            return Err(wants("dopo_anni", "una data e un numero di anni", found));
        }
        let months = Expr::Arithmetic(Arithmetic::Multiply, Box::new(years), Box::new(twelve()));
        Ok((Expr::Call(Function::AddMonths, vec![day, months]), Kind::Date))
    }

    fn single(&mut self, name: &str, arguments: &[&sql::Expr]) -> Lowered {
        let [argument] = arguments else {
            return Err(ExprError::new(format!("`{name}` vuole un solo valore"), format!("scrivere {name}(valore)")));
        };
        self.read(argument)
    }
}

fn twelve() -> Expr {
    Expr::Const(Value::Dec(Decimal::from(12)))
}
