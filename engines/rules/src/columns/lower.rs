//! From the expressions that govern at a moment to a graph of column operations.

use std::collections::HashMap;

use base::Date;
use rust_decimal::Decimal;

use crate::{Expr, InputType, Program, Unit, Value, evaluation::Run, language::Comparison};

use super::{
    brackets::{Amounts, Brackets},
    column::{NO, NO_DAY, UNKNOWN, YES},
    graph::{Graph, Id, Lane, Level, Op},
    lower_quotients::Quotient,
    mistyped::{Made, Mistyped},
    value::{Col, Kind, Scaled, Val},
    words::Words,
};

/// Integers of a column beyond this, some hundred thousand billions, are set apart, so that sums and products of
/// ordinary ones need no check.
pub(super) const GREATEST_INPUT: i64 = 1 << 47;

/// How many digits behind the point an input has in a plan; rows with more are set apart.
pub(super) fn scale_of(input: &crate::Input) -> u32 {
    match input.kind {
        InputType::Decimal if input.unit == Unit::Percent => 4,
        InputType::Decimal => 2,
        _ => 0,
    }
}

/// What a rule is, and where it has no value.
type Ruled = (Val, Option<Id>);

/// A plan under construction.
pub(super) struct Lowering<'p> {
    pub program: &'p Program,
    /// The law at the moment; computes constants with the meaning of the other evaluator.
    pub run: Run<'p>,
    pub on: Date,
    pub words: Words,
    pub graph: Graph,
    /// Places of inputs in the program.
    pub inputs: Vec<usize>,
    pub tables: Vec<Brackets>,
    pub amounts: Vec<Amounts>,
    /// Scaled quotients by the decimal that each of them is.
    pub quotients: HashMap<Id, Quotient>,
    /// Whether texts that the law does not list are told apart from one another.
    pub free_texts: bool,
    /// By rule.
    rules: Vec<Option<Made<Ruled>>>,
}

impl<'p> Lowering<'p> {
    pub fn new(program: &'p Program, run: Run<'p>, on: Date) -> Self {
        Self {
            program,
            run,
            on,
            words: Words::of(program),
            graph: Graph::default(),
            inputs: Vec::new(),
            tables: Vec::new(),
            amounts: Vec::new(),
            quotients: HashMap::new(),
            free_texts: false,
            rules: vec![None; program.rules.len()],
        }
    }

    /// The value of a rule; one that is not in force has none.
    pub fn rule(&mut self, slot: usize) -> Made<Val> {
        if self.rules[slot].is_none() {
            let made = self.apart(|lowering| match lowering.run.governing(slot) {
                Some(version) => lowering.value(&version.expr),
                None => Ok(lowering.without_value()),
            });
            self.rules[slot] = Some(made);
        }
        let (value, fault) = self.rules[slot].clone().unwrap_or(Err(Mistyped))?;
        fault.into_iter().for_each(|fault| self.graph.fails(fault));
        Ok(value)
    }

    /// What has no value for anybody.
    fn without_value(&mut self) -> Val {
        let everywhere = self.graph.truth(YES);
        self.graph.fails(everywhere);
        Val::Known(Value::Null)
    }

    pub fn value(&mut self, expr: &Expr) -> Made<Val> {
        match expr {
            Expr::Input(slot) => Ok(self.input(*slot)),
            Expr::Rule(slot) => self.rule(*slot),
            Expr::Not(x) => {
                let x = self.truth(x)?;
                let not = self.graph.not(x);
                Ok(self.graph.truth_value(not))
            }
            Expr::And(l, r) => self.logical(l, r, NO),
            Expr::Or(l, r) => self.logical(l, r, YES),
            Expr::Negate(x) => {
                let x = self.value(x)?;
                self.negated(&x)
            }
            Expr::Round(x, digits) => {
                let x = self.value(x)?;
                self.rounded(&x, *digits, super::graph::Rounding::HalfAway)
            }
            Expr::IsNull(x) => {
                let x = self.value(x)?;
                let null = self.graph.null_of(&x).unwrap_or_else(|| self.graph.truth(NO));
                Ok(self.graph.truth_value(null))
            }
            Expr::Arithmetic(operation, l, r) => {
                let (left, right) = (self.value(l)?, self.value(r)?);
                self.arithmetic(*operation, &left, &right)
            }
            Expr::Compare(comparison, l, r) => {
                let (left, right) = (self.value(l)?, self.value(r)?);
                self.compare(*comparison, &left, &right)
            }
            Expr::InList(operand, list) => self.in_list(operand, list),
            Expr::Case(branches, otherwise) => self.case(branches, otherwise.as_deref()),
            Expr::Call(function, arguments) => self.call(*function, arguments),
            Expr::Lookup { table, column, operand } => self.lookup(*table, *column, operand),
            Expr::Aggregate { function, relation, operand, filter } => {
                self.aggregate(*function, *relation, operand.as_deref(), filter.as_deref())
            }
            Expr::Place { relation, partition, keys, ties } => self.place(*relation, partition, keys, *ties),
            Expr::Const(_) | Expr::Today | Expr::Parameter(_) => Ok(self.known(expr)),
        }
    }

    /// The value of an expression of constants, by the other evaluator.
    fn known(&mut self, expr: &Expr) -> Val {
        self.run.eval(expr, 0).map_or_else(|_| self.without_value(), Val::Known)
    }

    /// Computes with constants where both are.
    pub fn fold(&mut self, values: &[&Val], build: impl FnOnce(Vec<Expr>) -> Expr) -> Made<Option<Val>> {
        let constant = |value: &&Val| match value {
            Val::Known(value) => Some(Expr::Const(value.clone())),
            Val::Col(_) => None,
        };
        match values.iter().map(constant).collect::<Option<Vec<Expr>>>() {
            Some(constants) => Ok(Some(self.known(&build(constants)))),
            None => Ok(None),
        }
    }

    /// Notes that a column is not only compared with texts that the law lists.
    pub fn told_apart(&mut self, col: &Col) {
        self.free_texts |= col.kind == Kind::Text { declared: false };
    }

    pub fn truth(&mut self, expr: &Expr) -> Made<Id> {
        let value = self.value(expr)?;
        self.graph.truth_of(&value)
    }

    fn input(&mut self, slot: usize) -> Val {
        let input = &self.program.inputs[slot];
        let place = self.inputs.iter().position(|known| *known == slot).unwrap_or_else(|| {
            self.inputs.push(slot);
            self.inputs.len() - 1
        });
        let level = input.owner.map_or(Level::Household, Level::Members);
        let (kind, lane) = match input.kind {
            InputType::Bool => (Kind::Truth, Lane::Truth),
            InputType::Date => (Kind::Day, Lane::Int),
            InputType::Text => (Kind::Text { declared: !input.values.is_empty() }, Lane::Int),
            InputType::Integer | InputType::Decimal => {
                let range = Scaled {
                    scale: scale_of(input),
                    low: i128::from(-GREATEST_INPUT),
                    high: i128::from(GREATEST_INPUT),
                };
                (Kind::Number(range), Lane::Long)
            }
        };
        let op = match kind {
            Kind::Truth | Kind::Day => Op::Input(place),
            Kind::Text { .. } => Op::Text(place),
            _ => Op::Number(place),
        };
        let data = self.graph.add(op, lane, level);
        let null = match kind {
            Kind::Truth => None,
            Kind::Day => {
                Some(self.graph.unary(Lane::Truth, data, |day| Op::CompareConst(Comparison::Equal, day, NO_DAY.into())))
            }
            _ => Some(self.graph.add(Op::InputNull(place), Lane::Truth, level)),
        };
        Val::Col(Col { kind, data, null })
    }

    /// The first where the condition, which is never UNKNOWN, is YES, otherwise the second.
    pub fn choose(&mut self, condition: Id, then: &Val, otherwise: &Val) -> Made<Val> {
        match (then, otherwise) {
            (Val::Known(one), Val::Known(other)) if one == other => return Ok(then.clone()),
            _ => {}
        }
        let (one, other) = self.alike(then, otherwise)?;
        let data = self.graph.select(condition, one.data, other.data);
        if one.kind == Kind::Truth {
            return Ok(self.graph.truth_value(data));
        }
        let kind = match (one.kind, other.kind) {
            (Kind::Number(one), Kind::Number(other)) => Kind::Number(one.union(other)),
            (Kind::Text { declared: one }, Kind::Text { declared: other }) => Kind::Text { declared: one && other },
            (kind, _) => kind,
        };
        let null = match (one.null, other.null) {
            (None, None) => None,
            (one, other) => {
                let (one, other) = (self.or_no(one), self.or_no(other));
                Some(self.graph.select(condition, one, other))
            }
        };
        Ok(Val::Col(Col { kind, data, null }))
    }

    fn or_no(&mut self, null: Option<Id>) -> Id {
        null.unwrap_or_else(|| self.graph.truth(NO))
    }

    /// Both as columns of one kind, scale and lane.
    pub fn alike(&mut self, left: &Val, right: &Val) -> Made<(Col, Col)> {
        match (left.is_null(), right.is_null()) {
            (true, true) => Err(Mistyped),
            (true, false) => {
                let right = self.graph.column_of(right, &self.words)?;
                Ok((self.null_like(right), right))
            }
            (false, true) => {
                let left = self.graph.column_of(left, &self.words)?;
                Ok((left, self.null_like(left)))
            }
            (false, false) => {
                let left = self.graph.column_of(left, &self.words)?;
                let right = self.graph.column_of(right, &self.words)?;
                self.aligned(left, right)
            }
        }
    }

    fn null_like(&mut self, col: Col) -> Col {
        let lane = self.graph.lane(col.data);
        match (col.kind, lane) {
            (Kind::Truth, _) => Col { data: self.graph.truth(UNKNOWN), null: None, ..col },
            (_, Lane::Decimal) => {
                let zero = self.graph.add(Op::ConstDecimal(Decimal::ZERO), lane, Level::Household);
                Col { data: zero, null: Some(self.graph.truth(YES)), ..col }
            }
            (kind, _) => {
                // Zero is among the numbers of the column from here on.
                let kind = match kind {
                    Kind::Number(range) => Kind::Number(range.union(Scaled::of(0, range.scale))),
                    other => other,
                };
                Col { kind, data: self.graph.constant(0, lane), null: Some(self.graph.truth(YES)) }
            }
        }
    }

    pub fn aligned(&mut self, left: Col, right: Col) -> Made<(Col, Col)> {
        match (left.kind, right.kind) {
            (Kind::Number(one), Kind::Number(other)) => {
                let scale = one.scale.max(other.scale);
                let Ok((one_data, one)) = self.graph.rescaled(left.data, one, scale) else {
                    return Ok((self.decimal(left), self.decimal(right)));
                };
                let Ok((other_data, other)) = self.graph.rescaled(right.data, other, scale) else {
                    return Ok((self.decimal(left), self.decimal(right)));
                };
                let (one_data, other_data, _) = self.graph.same_lane(one_data, other_data, Lane::Int);
                Ok((
                    Col { kind: Kind::Number(one), data: one_data, ..left },
                    Col { kind: Kind::Number(other), data: other_data, ..right },
                ))
            }
            (Kind::Number(_) | Kind::Decimal, Kind::Number(_) | Kind::Decimal) => {
                Ok((self.decimal(left), self.decimal(right)))
            }
            (Kind::Truth, Kind::Truth) | (Kind::Day, Kind::Day) | (Kind::Text { .. }, Kind::Text { .. }) => {
                Ok((left, right))
            }
            _ => Err(Mistyped),
        }
    }

    pub fn decimal(&mut self, col: Col) -> Col {
        Col { kind: Kind::Decimal, data: self.graph.decimal_of(col), null: col.null }
    }

    fn lookup(&mut self, table: usize, column: usize, operand: &Expr) -> Made<Val> {
        let key = self.value(operand)?;
        let build = |mut one: Vec<Expr>| Expr::Lookup { table, column, operand: Box::new(one.remove(0)) };
        if let Some(known) = self.fold(&[&key], build)? {
            return Ok(known);
        }
        let Some(rows) = self.run.brackets(table) else { return Ok(self.without_value()) };
        let key = self.graph.column_of(&key, &self.words)?;
        let scale = if let Kind::Number(range) = key.kind { Some(range.scale) } else { None };
        let brackets = Brackets::new(table, scale, rows);
        let place =
            position(&mut self.tables, brackets, |known, new| known.table == new.table && known.scale == new.scale);
        let bracket = match key.kind {
            Kind::Number(_) => {
                let wide = self.graph.in_lane(key.data, Lane::Long);
                self.graph.unary(Lane::Int, wide, |key| Op::Bracket { table: place, key })
            }
            Kind::Decimal => self.graph.unary(Lane::Int, key.data, |key| Op::BracketDecimal { table: place, key }),
            _ => return Err(Mistyped),
        };
        let amounts = Amounts::new(table, column, rows);
        let (kind, lane) =
            amounts.range.map_or((Kind::Decimal, Lane::Decimal), |range| (Kind::Number(range), range.lane()));
        let amounts = position(&mut self.amounts, amounts, |known, new| known == new);
        let data = self.graph.unary(lane, bracket, |bracket| Op::Pick { amounts, bracket });
        Ok(Val::Col(Col { kind, data, null: key.null }))
    }
}

/// Where `new` is, put there if it is not yet.
fn position<T>(all: &mut Vec<T>, new: T, same: impl Fn(&T, &T) -> bool) -> usize {
    all.iter().position(|known| same(known, &new)).unwrap_or_else(|| {
        all.push(new);
        all.len() - 1
    })
}
