//! The meaning of each form of expression.

use rust_decimal::Decimal;

use crate::{
    Value,
    language::{Aggregate, Arithmetic, Expr, Function, Reference},
};

use super::{
    Fault, Run,
    arithmetic::{compare, compute, from_truth, on_number, order, round, truth},
    run::{Cell, Origin},
};

impl Run<'_> {
    /// The value of an expression for one entity.
    pub fn eval(&mut self, expr: &Expr, member: usize) -> Cell {
        match expr {
            Expr::Const(value) => Ok(value.clone()),
            Expr::Input(slot) => {
                self.note(Reference::Input(*slot), self.of(self.program.inputs[*slot].owner, member));
                Ok(self.input(*slot, member).clone())
            }
            Expr::Rule(slot) => {
                let member = self.of(self.program.rules[*slot].owner, member);
                self.note(Reference::Rule(*slot), member);
                self.value(*slot, member).clone()
            }
            Expr::Parameter(slot) => {
                self.note(Reference::Parameter(*slot), 0);
                self.parameters[*slot].map(|row| row.value.clone()).ok_or_else(|| self.fault(Fault::NotInForce))
            }
            Expr::Today => Ok(Value::Date(self.moment.on)),
            Expr::Not(x) => Ok(from_truth(self.truth(x, member)?.map(|truth| !truth))),
            Expr::And(l, r) => self.logical(l, r, false, member),
            Expr::Or(l, r) => self.logical(l, r, true, member),
            Expr::Negate(x) => self.number(x, member, |number| -number),
            Expr::Round(x, digits) => self.number(x, member, |number| round(number, *digits)),
            Expr::IsNull(x) => Ok(Value::Bool(self.eval(x, member)?.is_null())),
            Expr::Arithmetic(operation, l, r) => {
                let (left, right) = (self.eval(l, member)?, self.eval(r, member)?);
                compute(*operation, &left, &right).map_err(|fault| self.fault(fault))
            }
            Expr::Compare(comparison, l, r) => {
                let (left, right) = (self.eval(l, member)?, self.eval(r, member)?);
                compare(*comparison, &left, &right).map_err(|fault| self.fault(fault))
            }
            Expr::InList(operand, list) => self.in_list(operand, list, member),
            Expr::Case(branches, otherwise) => self.case(branches, otherwise.as_deref(), member),
            Expr::Call(function, arguments) => self.call(*function, arguments, member),
            Expr::Lookup { table, column, operand } => self.lookup(*table, *column, operand, member),
            Expr::Place { relation, partition, keys, ties } => self.place(*relation, partition, (keys, *ties), member),
            Expr::Aggregate { function, relation, operand, filter } => {
                self.aggregate(*function, *relation, operand.as_deref(), filter.as_deref())
            }
        }
    }

    /// The household is entity 0 whoever asks.
    fn of(&self, owner: Option<usize>, member: usize) -> usize {
        if owner.is_some() { member } else { 0 }
    }

    pub(super) fn truth(&mut self, expr: &Expr, member: usize) -> Result<Option<bool>, Origin> {
        let value = self.eval(expr, member)?;
        truth(&value).map_err(|fault| self.fault(fault))
    }

    fn number(&mut self, expr: &Expr, member: usize, function: impl Fn(Decimal) -> Decimal) -> Cell {
        let value = self.eval(expr, member)?;
        on_number(&value, function).map_err(|fault| self.fault(fault))
    }

    /// AND (`decisive` false) and OR (`decisive` true): one side may decide whatever the other is.
    fn logical(&mut self, left: &Expr, right: &Expr, decisive: bool, member: usize) -> Cell {
        let first = self.truth(left, member)?;
        if first == Some(decisive) {
            return Ok(Value::Bool(decisive));
        }
        let second = self.truth(right, member)?;
        let undecided = first.is_none() && second != Some(decisive);
        Ok(if undecided { Value::Null } else { from_truth(second) })
    }

    fn in_list(&mut self, operand: &Expr, list: &[Expr], member: usize) -> Cell {
        let value = self.eval(operand, member)?;
        let mut found = Some(false);
        for item in list {
            let item = self.eval(item, member)?;
            match order(&value, &item).map_err(|fault| self.fault(fault))? {
                Some(order) if order.is_eq() => return Ok(Value::Bool(true)),
                Some(_) => {}
                None => found = None,
            }
        }
        Ok(from_truth(found))
    }

    fn case(&mut self, branches: &[(Expr, Expr)], otherwise: Option<&Expr>, member: usize) -> Cell {
        for (when, then) in branches {
            if self.truth(when, member)? == Some(true) {
                return self.eval(then, member);
            }
        }
        otherwise.map_or(Ok(Value::Null), |last| self.eval(last, member))
    }

    fn call(&mut self, function: Function, arguments: &[Expr], member: usize) -> Cell {
        match function {
            Function::Coalesce => {
                for argument in arguments {
                    let value = self.eval(argument, member)?;
                    if !value.is_null() {
                        return Ok(value);
                    }
                }
                Ok(Value::Null)
            }
            Function::NullIf => {
                let (value, other) = (self.eval(&arguments[0], member)?, self.eval(&arguments[1], member)?);
                let same = order(&value, &other).map_err(|fault| self.fault(fault))?;
                Ok(if same.is_some_and(std::cmp::Ordering::is_eq) { Value::Null } else { value })
            }
            Function::Least | Function::Greatest => {
                let mut best = Value::Null;
                for argument in arguments {
                    let value = self.eval(argument, member)?;
                    best = self.extreme(function == Function::Greatest, best, value)?;
                }
                Ok(best)
            }
            Function::Abs => self.number(&arguments[0], member, |number| number.abs()),
            Function::Floor => self.number(&arguments[0], member, |number| number.floor()),
            Function::Ceil => self.number(&arguments[0], member, |number| number.ceil()),
            Function::Years | Function::Months | Function::AddMonths | Function::AddDays | Function::FirstOfMonth => {
                self.calendar(function, arguments, member)
            }
        }
    }

    /// The better of two, NULLs left out.
    fn extreme(&self, greatest: bool, best: Value, value: Value) -> Cell {
        let order = order(&value, &best).map_err(|fault| self.fault(fault))?;
        let better = match order {
            Some(order) => {
                if greatest {
                    order.is_gt()
                } else {
                    order.is_lt()
                }
            }
            None => best.is_null(),
        };
        Ok(if better { value } else { best })
    }

    fn lookup(&mut self, table: usize, column: usize, operand: &Expr, member: usize) -> Cell {
        let value = self.eval(operand, member)?;
        let rows = self.tables[table].ok_or_else(|| self.fault(Fault::NotInForce))?;
        on_number(&value, |key| {
            let bracket = rows.bounds.partition_point(|bound| *bound < key);
            rows.rows[bracket][column]
        })
        .map_err(|fault| self.fault(fault))
    }

    fn aggregate(
        &mut self,
        function: Aggregate,
        relation: usize,
        operand: Option<&Expr>,
        filter: Option<&Expr>,
    ) -> Cell {
        let mut total = Value::Null;
        let mut count = 0u64;
        for member in 0..self.frame.count(Some(relation)) {
            if let Some(filter) = filter
                && self.truth(filter, member)? != Some(true)
            {
                continue;
            }
            let value = operand.map_or(Ok(Value::Bool(true)), |operand| self.eval(operand, member))?;
            if !value.is_null() {
                count += 1;
                total = self.accumulate(function, total, value)?;
            }
        }
        match function {
            Aggregate::Count => Ok(Value::Dec(Decimal::from(count))),
            Aggregate::Avg => compute(Arithmetic::Divide, &total, &Value::Dec(Decimal::from(count.max(1))))
                .map_err(|fault| self.fault(fault)),
            _ => Ok(total),
        }
    }

    fn accumulate(&self, function: Aggregate, total: Value, value: Value) -> Cell {
        match function {
            Aggregate::Count => Ok(Value::Null),
            Aggregate::Min | Aggregate::BoolAnd => self.extreme(false, total, value),
            Aggregate::Max | Aggregate::BoolOr => self.extreme(true, total, value),
            Aggregate::Sum | Aggregate::Avg if total.is_null() => Ok(value),
            Aggregate::Sum | Aggregate::Avg => {
                compute(Arithmetic::Add, &total, &value).map_err(|fault| self.fault(fault))
            }
        }
    }
}
