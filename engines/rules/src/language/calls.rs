//! Function calls: built-in functions, columns of tables, aggregates over members.

use sqlparser::ast::{self as sql, FunctionArg, FunctionArgExpr, FunctionArguments, Spanned};

use crate::{Value, unit::Kind};

use super::{
    Aggregate, Expr, Function, functions,
    lower::{Lowered, Lowering, wants},
    names::Column,
    parse::ExprError,
    windows::is_place,
};

/// One argument of a call.
#[derive(Clone, Copy)]
enum Argument<'a> {
    Value(&'a sql::Expr),
    /// `*`, or `figli.*` with its relation.
    All(Option<&'a str>),
}

/// Operand, filter, and the operand's type.
type Aggregated = (Option<Box<Expr>>, Option<Box<Expr>>, Kind);

impl Lowering<'_> {
    pub(super) fn function(&mut self, function: &sql::Function) -> Lowered {
        if let Some(window) = function.over.as_ref().filter(|_| function.filter.is_none()) {
            let bare = sql::Function { over: None, ..function.clone() };
            let name = plain_call(&bare)?;
            return self.place(name, arguments(&bare)?.len(), window);
        }
        if is_place(function) {
            let mend = "per esempio row_number() OVER (ORDER BY data_nascita)";
            return Err(ExprError::new("un posto vuole un ordine", mend));
        }
        let name = plain_call(function)?;
        let arguments = arguments(function)?;
        if let Some(aggregate) = Aggregate::from_name(name) {
            return self.aggregate(aggregate, &arguments, function.filter.as_deref());
        }
        if function.filter.is_some() {
            return Err(ExprError::new(
                format!("FILTER non vale per `{name}`"),
                "FILTER va dopo un aggregato: count, sum, min…",
            ));
        }
        let arguments: Vec<&sql::Expr> = arguments
            .into_iter()
            .map(|argument| if let Argument::Value(expr) = argument { Some(expr) } else { None })
            .collect::<Option<_>>()
            .ok_or_else(|| ExprError::new(format!("`{name}(*)` non esiste"), "l'asterisco vale solo in count(*)"))?;
        if let Some(read) = self.measure(name, &arguments) {
            return read;
        }
        match name {
            "giorno" if arguments.is_empty() => Ok((Expr::Today, Kind::Date)),
            "round" => self.round(&arguments),
            _ => match (Function::from_name(name), self.names.column(name)) {
                (Some(known), _) => self.call(known, &arguments),
                (None, Some(column)) => self.lookup(name, column, &arguments),
                (None, None) => Err(functions::unknown(name, self.names)),
            },
        }
    }

    pub(super) fn call(&mut self, function: Function, arguments: &[&sql::Expr]) -> Lowered {
        let (exprs, kinds): (Vec<_>, Vec<_>) =
            arguments.iter().map(|argument| self.read(argument)).collect::<Result<Vec<_>, _>>()?.into_iter().unzip();
        let kind = function.kind(&kinds).map_err(|(message, mend)| ExprError::new(message, mend))?;
        Ok((Expr::Call(function, exprs), kind))
    }

    fn round(&mut self, arguments: &[&sql::Expr]) -> Lowered {
        let wrong = || {
            ExprError::new("`round` vuole un numero e le cifre decimali da tenere", "per esempio round(quota / 2, 2)")
        };
        let digits = match arguments {
            [_] => 0,
            [_, digits] => match self.read(digits)?.0 {
                Expr::Const(Value::Dec(digits)) => {
                    u32::try_from(digits).ok().filter(|digits| *digits <= 20).ok_or_else(wrong)?
                }
                _ => return Err(wrong()),
            },
            _ => return Err(wrong()),
        };
        let (operand, kind) = self.read(arguments[0])?;
        match kind {
            Kind::Number(_) | Kind::Any => Ok((Expr::Round(Box::new(operand), digits), kind.as_number())),
            _ => Err(wants("round", "un numero", kind)),
        }
    }

    fn lookup(&mut self, name: &str, column: Column, arguments: &[&sql::Expr]) -> Lowered {
        let [argument] = arguments else {
            return Err(ExprError::new(format!("`{name}` vuole un solo valore"), format!("scrivere {name}(valore)")));
        };
        let (operand, kind) = self.read(argument)?;
        if kind.unify(column.takes).is_none() {
            return Err(wants(name, &format!("un valore in {}", column.takes), kind));
        }
        let lookup = Expr::Lookup { table: column.table, column: column.column, operand: Box::new(operand) };
        Ok((lookup, column.gives))
    }

    fn aggregate(&mut self, function: Aggregate, arguments: &[Argument<'_>], filter: Option<&sql::Expr>) -> Lowered {
        let name = function.name();
        if self.aggregate.is_some() {
            return Err(ExprError::new(
                "aggregato dentro un aggregato",
                "dare un nome a quello interno con una regola",
            ));
        }
        let operand = match arguments {
            [Argument::All(_)] if function == Aggregate::Count => None,
            [Argument::Value(operand)] => Some(*operand),
            _ => {
                return Err(ExprError::new(
                    format!("`{name}` vuole un solo valore"),
                    format!("per esempio {name}(figli.quota)"),
                ));
            }
        };
        let over = match arguments {
            [Argument::All(Some(relation))] => Some(self.known_relation(relation)?),
            _ => None,
        };
        self.aggregate = Some(over);
        let read = self.aggregated(operand, filter);
        let relation = self.aggregate.take().flatten();
        let (operand, filter, kind) = read?;
        let relation = relation.or_else(|| (self.names.relations.len() == 1).then_some(0)).ok_or_else(|| {
            ExprError::new(
                "non si capisce su quale relazione conta l'aggregato",
                "usare un nome qualificato, per esempio figli.quota",
            )
        })?;
        let result = function.kind(kind).map_err(|wanted| wants(name, wanted, kind))?;
        Ok((Expr::Aggregate { function, relation, operand, filter }, result))
    }

    fn aggregated(&mut self, operand: Option<&sql::Expr>, filter: Option<&sql::Expr>) -> Result<Aggregated, ExprError> {
        let operand = operand.map(|operand| self.read(operand)).transpose()?;
        let condition = filter.map(|filter| self.read(filter)).transpose()?;
        if let (Some((_, kind)), Some(filter)) = (&condition, filter)
            && !matches!(kind, Kind::Bool | Kind::Any)
        {
            return Err(wants("FILTER", "un valore sì/no", *kind).at(filter.span().start));
        }
        let (operand, kind) = operand.map_or((None, Kind::Any), |(expr, kind)| (Some(Box::new(expr)), kind));
        Ok((operand, condition.map(|(expr, _)| Box::new(expr)), kind))
    }
}

/// The name of a call without any of the decorations that SQL allows and the language does not.
fn plain_call(function: &sql::Function) -> Result<&str, ExprError> {
    let decorated = function.over.is_some()
        || function.null_treatment.is_some()
        || !function.within_group.is_empty()
        || function.parameters != FunctionArguments::None;
    match function.name.0.as_slice() {
        [part] if !decorated => part.as_ident().map(|ident| ident.value.as_str()),
        _ => None,
    }
    .ok_or_else(|| {
        ExprError::new("chiamata di funzione non ammessa", "scrivere nome(argomenti), senza OVER né altre clausole")
    })
}

/// Arguments in order.
fn arguments(function: &sql::Function) -> Result<Vec<Argument<'_>>, ExprError> {
    let wrong = || {
        ExprError::new("argomenti non ammessi", "separare gli argomenti con virgole, senza DISTINCT, ORDER BY o nomi")
    };
    let FunctionArguments::List(list) = &function.args else { return Err(wrong()) };
    if list.duplicate_treatment.is_some() || !list.clauses.is_empty() {
        return Err(wrong());
    }
    list.args.iter().map(|argument| argument_of(argument).ok_or_else(wrong)).collect()
}

fn argument_of(argument: &FunctionArg) -> Option<Argument<'_>> {
    match argument {
        FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => Some(Argument::Value(expr)),
        FunctionArg::Unnamed(FunctionArgExpr::Wildcard) => Some(Argument::All(None)),
        FunctionArg::Unnamed(FunctionArgExpr::QualifiedWildcard(relation)) => match relation.0.as_slice() {
            [part] => part.as_ident().map(|name| Argument::All(Some(&name.value))),
            _ => None,
        },
        _ => None,
    }
}
