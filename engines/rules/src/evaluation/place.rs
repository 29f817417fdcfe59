//! The place of a member among the others.

use std::cmp::Ordering;

use crate::{
    Value,
    language::{Expr, Ties},
};

use super::{
    Run,
    arithmetic::order,
    run::{Cell, Origin},
};

impl Run<'_> {
    pub(super) fn place(
        &mut self,
        relation: usize,
        partition: &[Expr],
        (keys, ties): (&[(Expr, bool)], Ties),
        member: usize,
    ) -> Cell {
        let mut place = 1u64;
        let (Some(own_part), Some(own)) =
            (self.all(partition.iter(), member)?, self.all(keys.iter().map(key), member)?)
        else {
            return Ok(Value::Null);
        };
        for other in (0..self.frame.count(Some(relation))).filter(|other| *other != member) {
            let (Some(part), Some(theirs)) =
                (self.all(partition.iter(), other)?, self.all(keys.iter().map(key), other)?)
            else {
                return Ok(Value::Null);
            };
            if part != own_part {
                continue;
            }
            let before = match self.order_of(&theirs, &own, keys)? {
                Ordering::Less => true,
                Ordering::Equal => ties == Ties::ByList && other < member,
                Ordering::Greater => false,
            };
            place += u64::from(before);
        }
        Ok(Value::Dec(place.into()))
    }

    /// The values for one member; `None` if one is NULL.
    fn all<'e>(&mut self, exprs: impl Iterator<Item = &'e Expr>, member: usize) -> Result<Option<Vec<Value>>, Origin> {
        let values = exprs.map(|expr| self.eval(expr, member)).collect::<Result<Vec<_>, _>>()?;
        Ok((!values.iter().any(Value::is_null)).then_some(values))
    }

    fn order_of(&self, left: &[Value], right: &[Value], keys: &[(Expr, bool)]) -> Result<Ordering, Origin> {
        for ((left, right), (_, falling)) in left.iter().zip(right).zip(keys) {
            let found = order(left, right).map_err(|fault| self.fault(fault))?.unwrap_or(Ordering::Equal);
            if found.is_ne() {
                return Ok(if *falling { found.reverse() } else { found });
            }
        }
        Ok(Ordering::Equal)
    }
}

fn key((key, _): &(Expr, bool)) -> &Expr {
    key
}
