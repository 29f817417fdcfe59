use std::fmt::Write;

use crate::{Program, Value};

use super::{Arithmetic, Comparison, Expr, Ties};

/// The expression as text that reads back as the same tree. Every operation is in parentheses.
pub(crate) fn to_sql(expr: &Expr, program: &Program) -> String {
    let mut text = String::new();
    Printer { program, qualified: false, text: &mut text }.print(expr);
    text
}

struct Printer<'p> {
    program: &'p Program,
    /// Inside an aggregate the members' names carry their relation.
    qualified: bool,
    text: &'p mut String,
}

impl Printer<'_> {
    fn print(&mut self, expr: &Expr) {
        match expr {
            Expr::Const(value) => self.constant(value),
            Expr::Input(slot) => {
                let input = &self.program.inputs[*slot];
                self.name(input.relation.as_deref(), &input.name);
            }
            Expr::Rule(slot) => {
                let rule = &self.program.rules[*slot];
                self.name(rule.relation.as_deref(), &rule.name);
            }
            Expr::Parameter(slot) => self.text.push_str(&self.program.parameters[*slot].name),
            Expr::Today => self.text.push_str("giorno()"),
            Expr::Not(x) => self.around("(NOT ", &[x], ""),
            Expr::Negate(x) => self.around("(- ", &[x], ""),
            Expr::IsNull(x) => self.around("((", &[x], ") IS NULL"),
            Expr::And(l, r) => self.around("(", &[l, r], " AND "),
            Expr::Or(l, r) => self.around("(", &[l, r], " OR "),
            Expr::Arithmetic(op, l, r) => self.around("(", &[l, r], op.symbol()),
            Expr::Compare(op, l, r) => self.around("(", &[l, r], op.symbol()),
            Expr::InList(operand, list) => self.in_list(operand, list),
            Expr::Case(branches, otherwise) => self.case(branches, otherwise.as_deref()),
            Expr::Call(function, arguments) => self.call(function.name(), arguments),
            Expr::Round(operand, digits) => {
                self.text.push_str("round(");
                self.print(operand);
                let _infallible = write!(self.text, ", {digits})");
            }
            Expr::Lookup { table, column, operand } => {
                let name = self.program.tables[*table].function(*column);
                self.call(&name, std::slice::from_ref(operand));
            }
            Expr::Place { partition, keys, ties, .. } => self.place(partition, keys, *ties),
            Expr::Aggregate { function, operand, filter, .. } => {
                self.aggregate(function.name(), operand.as_deref(), filter.as_deref());
            }
        }
    }

    fn constant(&mut self, value: &Value) {
        let _infallible = match value {
            Value::Null => write!(self.text, "NULL"),
            Value::Bool(truth) => write!(self.text, "{}", if *truth { "TRUE" } else { "FALSE" }),
            Value::Int(number) => write!(self.text, "{number}"),
            Value::Dec(number) => write!(self.text, "{number}"),
            Value::Date(day) => write!(self.text, "DATE '{day}'"),
            Value::Text(text) => write!(self.text, "'{}'", text.replace('\'', "''")),
        };
    }

    fn name(&mut self, relation: Option<&str>, name: &str) {
        if let (true, Some(relation)) = (self.qualified, relation) {
            self.text.push_str(relation);
            self.text.push('.');
        }
        self.text.push_str(name);
    }

    /// `open`, the operands with `between` after the first one, and a closing parenthesis.
    fn around(&mut self, open: &str, operands: &[&Expr], between: &str) {
        self.text.push_str(open);
        self.print(operands[0]);
        self.text.push_str(between);
        if let Some(second) = operands.get(1) {
            self.print(second);
        }
        self.text.push(')');
    }

    fn in_list(&mut self, operand: &Expr, list: &[Expr]) {
        self.text.push('(');
        self.print(operand);
        self.call(" IN ", list);
        self.text.push(')');
    }

    fn call(&mut self, name: &str, arguments: &[impl std::borrow::Borrow<Expr>]) {
        self.text.push_str(name);
        self.text.push('(');
        for (place, argument) in arguments.iter().enumerate() {
            if place > 0 {
                self.text.push_str(", ");
            }
            self.print(argument.borrow());
        }
        self.text.push(')');
    }

    fn place(&mut self, partition: &[Expr], keys: &[(Expr, bool)], ties: Ties) {
        self.text.push_str(if ties == Ties::Shared { "rank() OVER (" } else { "row_number() OVER (" });
        for (at, key) in partition.iter().enumerate() {
            self.text.push_str(if at == 0 { "PARTITION BY " } else { ", " });
            self.print(key);
        }
        for (at, (key, falling)) in keys.iter().enumerate() {
            self.text.push_str(match at {
                0 if partition.is_empty() => "ORDER BY ",
                0 => " ORDER BY ",
                _ => ", ",
            });
            self.print(key);
            self.text.push_str(if *falling { " DESC" } else { "" });
        }
        self.text.push(')');
    }

    fn case(&mut self, branches: &[(Expr, Expr)], otherwise: Option<&Expr>) {
        self.text.push_str("CASE");
        for (when, then) in branches {
            self.text.push_str(" WHEN ");
            self.print(when);
            self.text.push_str(" THEN ");
            self.print(then);
        }
        if let Some(last) = otherwise {
            self.text.push_str(" ELSE ");
            self.print(last);
        }
        self.text.push_str(" END");
    }

    fn aggregate(&mut self, name: &str, operand: Option<&Expr>, filter: Option<&Expr>) {
        self.qualified = true;
        self.text.push_str(name);
        self.text.push('(');
        match operand {
            Some(operand) => self.print(operand),
            None => self.text.push('*'),
        }
        self.text.push(')');
        if let Some(filter) = filter {
            self.text.push_str(" FILTER (WHERE ");
            self.print(filter);
            self.text.push(')');
        }
        self.qualified = false;
    }
}

impl Arithmetic {
    pub(crate) fn symbol(self) -> &'static str {
        match self {
            Self::Add => " + ",
            Self::Subtract => " - ",
            Self::Multiply => " * ",
            Self::Divide => " / ",
        }
    }
}

impl Comparison {
    pub(crate) fn symbol(self) -> &'static str {
        match self {
            Self::Equal => " = ",
            Self::NotEqual => " <> ",
            Self::Less => " < ",
            Self::LessOrEqual => " <= ",
            Self::Greater => " > ",
            Self::GreaterOrEqual => " >= ",
        }
    }
}
