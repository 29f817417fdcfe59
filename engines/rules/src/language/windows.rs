//! Order among members: `row_number() OVER (PARTITION BY spetta ORDER BY data_nascita)`, as in SQL.

use sqlparser::ast::{self as sql, OrderBySort, WindowSpec, WindowType};

use crate::{Unit, unit::Kind};

use super::{
    Expr, Ties,
    lower::{Lowered, Lowering},
    parse::ExprError,
};

impl Lowering<'_> {
    /// The place of the current member among the members of its relation.
    pub(super) fn place(&mut self, name: &str, arguments: usize, window: &WindowType) -> Lowered {
        let ties = match name {
            "row_number" => Ties::ByList,
            "rank" => Ties::Shared,
            _ => {
                let mend = "row_number() dà a ciascuno un posto, rank() lo stesso posto a chi è pari";
                return Err(ExprError::new(format!("`{name}` non si usa con OVER"), mend));
            }
        };
        let (Some(relation), None) = (self.owner, self.aggregate) else {
            let mend = "dare un nome al posto con una regola di quella relazione (di: figli), e usare quel nome";
            return Err(ExprError::new("il posto fra i membri si calcola nella regola di un membro", mend));
        };
        let spec = plain(window).filter(|_| arguments == 0).ok_or_else(not_allowed)?;
        let partition = spec.partition_by.iter().map(|key| Ok(self.read(key)?.0)).collect::<Result<Vec<_>, _>>()?;
        let mut keys = Vec::with_capacity(spec.order_by.len());
        for key in &spec.order_by {
            let falling = match &key.options.sort {
                None | Some(OrderBySort::Asc) => false,
                Some(OrderBySort::Desc) => true,
                Some(_) => return Err(not_allowed()),
            };
            if key.options.nulls_first.is_some() || key.with_fill.is_some() {
                return Err(not_allowed());
            }
            keys.push((self.read(&key.expr)?.0, falling));
        }
        let place = Expr::Place { relation, partition, keys, ties };
        Ok((place, Kind::Number(Some(Unit::Number))))
    }
}

/// A window that is written out, ordered, and has no frame.
fn plain(window: &WindowType) -> Option<&WindowSpec> {
    let WindowType::WindowSpec(spec) = window else { return None };
    let plain = spec.window_name.is_none() && spec.window_frame.is_none() && !spec.order_by.is_empty();
    plain.then_some(spec)
}

fn not_allowed() -> ExprError {
    ExprError::new(
        "ordine fra i membri scritto in una forma non ammessa",
        "per esempio row_number() OVER (PARTITION BY spetta ORDER BY data_nascita DESC)",
    )
}

/// Whether a call asks for an order although it has no window.
pub(super) fn is_place(function: &sql::Function) -> bool {
    matches!(function.name.0.as_slice(), [part] if part.as_ident().is_some_and(|name| matches!(name.value.as_str(), "row_number" | "rank")))
}
