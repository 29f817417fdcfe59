//! From the parser's tree to ours: names become slots, types and units are checked, everything that the language does
//! not have is refused where it stands.

use sqlparser::ast::{self as sql, CeilFloorKind, Spanned};

use base::nearest;

use crate::{Value, unit::Kind};

use super::{
    Comparison, Expr, Function,
    literals::{date, literal},
    names::Names,
    parse::ExprError,
};

/// Deepest tree; a chain of operators counts one level for each.
const MAX_DEPTH: usize = 100;

pub(super) type Typed = (Expr, Kind);
pub(super) type Lowered = Result<Typed, ExprError>;

/// The reading of one expression.
pub(super) struct Lowering<'n> {
    pub(super) owner: Option<usize>,
    pub(super) names: &'n mut Names,
    /// Inside an aggregate: the relation that it goes over, once a qualified name has told it.
    pub(super) aggregate: Option<Option<usize>>,
    depth: usize,
}

/// In SQL double quotes make a name; who writes them mostly means a text.
fn quoted(name: &sql::Ident, error: ExprError) -> ExprError {
    if name.quote_style.is_none() {
        return error;
    }
    let mend = format!("un testo sta fra apici: '{}'; un nome si scrive senza virgolette", name.value);
    ExprError { mend, ..error }
}

impl<'n> Lowering<'n> {
    pub(super) fn new(owner: Option<usize>, names: &'n mut Names) -> Self {
        Self { owner, names, aggregate: None, depth: 0 }
    }

    pub(super) fn read(&mut self, parsed: &sql::Expr) -> Lowered {
        if self.depth >= MAX_DEPTH {
            return Err(ExprError::new("espressione troppo annidata", "dividerla in più regole con un nome"));
        }
        self.depth += 1;
        let read = self.node(parsed);
        self.depth -= 1;
        read.map_err(|error| if error.place.is_some() { error } else { error.at(parsed.span().start) })
    }

    fn node(&mut self, parsed: &sql::Expr) -> Lowered {
        use sql::Expr as P;
        match parsed {
            P::Identifier(name) => self.name(None, &name.value).map_err(|error| quoted(name, error)),
            P::CompoundIdentifier(parts) if parts.len() == 2 => self.name(Some(&parts[0].value), &parts[1].value),
            P::Nested(inner) => self.read(inner),
            P::Value(value) => literal(&value.value),
            P::TypedString(text) => date(text),
            P::UnaryOp { op, expr } => self.unary(*op, expr),
            P::BinaryOp { left, op, right } => self.binary(left, op, right),
            P::IsNull(x) => Ok((Expr::IsNull(Box::new(self.read(x)?.0)), Kind::Bool)),
            P::IsNotNull(x) => Ok((not(Expr::IsNull(Box::new(self.read(x)?.0))), Kind::Bool)),
            P::IsTrue(x) => self.is_truth(x, true),
            P::IsFalse(x) => self.is_truth(x, false),
            P::IsNotTrue(x) => self.is_truth(x, true).map(|(expr, kind)| (not(expr), kind)),
            P::IsNotFalse(x) => self.is_truth(x, false).map(|(expr, kind)| (not(expr), kind)),
            P::InList { expr, list, negated } => self.in_list(expr, list, *negated),
            P::Between { expr, negated, low, high } => self.between(expr, low, high, *negated),
            P::Case { operand, conditions, else_result, .. } => {
                self.case(operand.as_deref(), conditions, else_result.as_deref())
            }
            P::Floor { expr, field: CeilFloorKind::DateTimeField(sql::DateTimeField::NoDateTime) } => {
                self.call(Function::Floor, &[expr])
            }
            P::Ceil { expr, field: CeilFloorKind::DateTimeField(sql::DateTimeField::NoDateTime) } => {
                self.call(Function::Ceil, &[expr])
            }
            P::Function(function) => self.function(function),
            _ => Err(ExprError::new(
                "questa forma di SQL non fa parte del linguaggio delle regole",
                "usare confronti, AND/OR/NOT, CASE, IN, BETWEEN, aritmetica e le funzioni della specifica",
            )),
        }
    }

    fn name(&mut self, qualifier: Option<&str>, name: &str) -> Lowered {
        let Some(qualifier) = qualifier else { return self.plain_name(name) };
        let relation = self.known_relation(qualifier)?;
        match &mut self.aggregate {
            Some(over) if over.is_none_or(|other| other == relation) => *over = Some(relation),
            None if self.owner == Some(relation) => {}
            _ => {
                let message = format!("`{qualifier}.{name}` ha un valore per ciascun membro di «{qualifier}»");
                return Err(ExprError::new(
                    message,
                    format!("riunirli con un aggregato, per esempio sum({qualifier}.{name})"),
                ));
            }
        }
        self.meaning(Some(relation), name)
    }

    pub(super) fn known_relation(&mut self, name: &str) -> Result<usize, ExprError> {
        if self.names.open.is_some() {
            return Ok(self.names.relation(name));
        }
        self.names.relations.iter().position(|relation| relation == name).ok_or_else(|| {
            let known = self.names.relations.iter().map(String::as_str);
            let mend = nearest(name, known).map_or_else(
                || format!("relazioni note: {}", self.names.relations.join(", ")),
                |near| format!("forse si voleva `{near}`"),
            );
            ExprError::new(format!("relazione sconosciuta `{name}`"), mend)
        })
    }

    fn plain_name(&mut self, name: &str) -> Lowered {
        if self.names.open.is_none()
            && let Some(relation) = self.owner
            && self.names.of(self.owner, name).is_some()
        {
            if self.aggregate.is_some() {
                let full = format!("{}.{name}", self.names.relations[relation]);
                return Err(ExprError::new(
                    format!("`{name}` dentro un aggregato è ambiguo"),
                    format!("scrivere {full}"),
                ));
            }
            return self.meaning(self.owner, name);
        }
        self.meaning(None, name).map_err(|_| self.names.unknown(self.owner, name))
    }

    fn meaning(&mut self, owner: Option<usize>, name: &str) -> Lowered {
        let meaning = self.names.of(owner, name).ok_or_else(|| self.names.unknown(owner, name))?;
        Ok((meaning.expr, meaning.kind))
    }

    fn is_truth(&mut self, operand: &sql::Expr, truth: bool) -> Lowered {
        let (expr, kind) = self.read(operand)?;
        if !matches!(kind, Kind::Bool | Kind::Any) {
            return Err(wants("IS TRUE / IS FALSE", "un valore sì/no", kind));
        }
        let condition = if truth { expr } else { not(expr) };
        let branch = (condition, Expr::Const(Value::Bool(true)));
        Ok((Expr::Case(vec![branch], Some(Box::new(Expr::Const(Value::Bool(false))))), Kind::Bool))
    }

    fn in_list(&mut self, operand: &sql::Expr, list: &[sql::Expr], negated: bool) -> Lowered {
        let value = self.read(operand)?;
        let mut items = Vec::with_capacity(list.len());
        for item in list {
            let typed = self.read(item)?;
            self.comparable(operand, &value, &typed).map_err(|error| error.at(item.span().start))?;
            items.push(typed.0);
        }
        let found = Expr::InList(Box::new(value.0), items);
        Ok((if negated { not(found) } else { found }, Kind::Bool))
    }

    fn between(&mut self, operand: &sql::Expr, low: &sql::Expr, high: &sql::Expr, negated: bool) -> Lowered {
        let (above, _) = self.compare(Comparison::GreaterOrEqual, operand, low)?;
        let (below, _) = self.compare(Comparison::LessOrEqual, operand, high)?;
        let within = Expr::And(Box::new(above), Box::new(below));
        Ok((if negated { not(within) } else { within }, Kind::Bool))
    }

    fn case(
        &mut self,
        operand: Option<&sql::Expr>,
        conditions: &[sql::CaseWhen],
        otherwise: Option<&sql::Expr>,
    ) -> Lowered {
        let mut common = Kind::Any;
        let mut branches = Vec::with_capacity(conditions.len());
        for when in conditions {
            let (condition, kind) = match operand {
                Some(operand) => self.compare(Comparison::Equal, operand, &when.condition)?,
                None => self.read(&when.condition)?,
            };
            if !matches!(kind, Kind::Bool | Kind::Any) {
                return Err(wants("WHEN", "un valore sì/no", kind).at(when.condition.span().start));
            }
            branches.push((condition, self.branch(&when.result, &mut common)?));
        }
        let otherwise = otherwise.map(|last| self.branch(last, &mut common)).transpose()?;
        Ok((Expr::Case(branches, otherwise.map(Box::new)), common))
    }

    fn branch(&mut self, result: &sql::Expr, common: &mut Kind) -> Result<Expr, ExprError> {
        let (expr, kind) = self.read(result)?;
        *common = common.unify(kind).ok_or_else(|| {
            let message = format!("i rami del CASE non vanno insieme: {common} e {kind}");
            ExprError::new(message, "dare a tutti i rami lo stesso tipo e la stessa unità").at(result.span().start)
        })?;
        Ok(expr)
    }
}

pub(super) fn not(expr: Expr) -> Expr {
    Expr::Not(Box::new(expr))
}

pub(super) fn wants(what: &str, wanted: &str, found: Kind) -> ExprError {
    ExprError::new(format!("`{what}` vuole {wanted}, qui c'è: {found}"), format!("dare a `{what}` {wanted}"))
}
