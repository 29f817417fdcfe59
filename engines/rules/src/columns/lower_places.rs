//! The order among members while a plan is made.

use crate::{Expr, Value, language::Ties};

use super::{
    column::NO,
    graph::{Id, Lane, Level, Op},
    lower::Lowering,
    mistyped::Made,
    value::{Col, Kind, Scaled, Val},
};

impl Lowering<'_> {
    /// One key after the other: members are grouped, then counted off, by what came before and by the key.
    pub(super) fn place(
        &mut self,
        relation: usize,
        partition: &[Expr],
        keys: &[(Expr, bool)],
        ties: Ties,
    ) -> Made<Val> {
        let level = Level::Members(relation);
        let partition = self.of_everybody(relation, partition.iter())?;
        let ordered = self.of_everybody(relation, keys.iter().map(|(key, _)| key))?;
        let (Some(partition), Some(ordered)) = (partition, ordered) else { return Ok(Val::Known(Value::Null)) };
        let mut unknown = self.graph.truth(NO);
        let zero = self.graph.constant(0, Lane::Int);
        let (mut group, mut order) = (zero, zero);
        for col in partition {
            unknown = self.or_unknown(unknown, &col);
            let key = self.key(&col, level);
            group = self.graph.add(Op::Group { before: group, key }, Lane::Int, level);
        }
        for (col, (_, falling)) in ordered.into_iter().zip(keys) {
            unknown = self.or_unknown(unknown, &col);
            let key = self.key(&col, level);
            order = self.graph.add(Op::Order { before: order, key, falling: *falling }, Lane::Int, level);
        }
        let data = self.graph.add(Op::Place { group, order, ties }, Lane::Int, level);
        let range = Scaled { scale: 0, low: 0, high: super::lower_calls::MOST_MEMBERS.into() };
        // Where one key is NULL the order is not known to anybody.
        let null = match self.graph.known_truth(unknown) {
            Some(NO) => None,
            _ => {
                let somebody = self.somebody(relation, unknown);
                Some(self.graph.at(somebody, level))
            }
        };
        Ok(Val::Col(Col { kind: Kind::Number(range), data, null }))
    }

    /// Each key as a column; a fault of one member is everybody's. `None`: one is NULL for all.
    fn of_everybody<'e>(&mut self, relation: usize, keys: impl Iterator<Item = &'e Expr>) -> Made<Option<Vec<Col>>> {
        let (values, fault) = self.apart(|lowering| keys.map(|key| lowering.value(key)).collect::<Made<Vec<Val>>>())?;
        if let Some(fault) = fault {
            let somebody = self.somebody(relation, fault);
            self.graph.fails(somebody);
        }
        if values.iter().any(Val::is_null) {
            return Ok(None);
        }
        values.iter().map(|value| self.graph.column_of(value, &self.words)).collect::<Made<_>>().map(Some)
    }

    fn or_unknown(&mut self, unknown: Id, col: &Col) -> Id {
        let null = match col.kind {
            Kind::Truth => Some(self.graph.is_unknown(col.data)),
            _ => col.null,
        };
        null.map_or(unknown, |null| self.graph.or(unknown, null))
    }

    fn key(&mut self, col: &Col, level: Level) -> Id {
        self.told_apart(col);
        self.graph.at(col.data, level)
    }
}
