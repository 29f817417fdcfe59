use std::cell::RefCell;

use crate::{
    Moment, Program, Value,
    language::{Aggregate, Expr, Function, Ties},
};

use super::{Dialect, HOUSEHOLD, POSITION};

/// Writes expressions of one entity's layer. Household columns stand behind `h`, a member's behind `m`.
pub(super) struct Writer<'w> {
    pub program: &'w Program,
    pub moment: Moment,
    pub dialect: Dialect,
    /// Aggregates met so far: (relation, its SQL). They are computed beside the layer, grouped by household.
    pub aggregates: RefCell<Vec<(usize, String)>>,
}

impl Writer<'_> {
    pub fn write(&self, expr: &Expr) -> String {
        match expr {
            Expr::Const(value) => self.constant(value),
            Expr::Input(slot) => {
                let input = &self.program.inputs[*slot];
                column(input.owner, &input.name)
            }
            Expr::Rule(slot) => {
                let rule = &self.program.rules[*slot];
                // A rule that is not in force is no column; who reads it nevertheless has nothing.
                rule.in_force(self.moment).map_or_else(|| "NULL".to_owned(), |_| column(rule.owner, &rule.name))
            }
            Expr::Parameter(slot) => {
                let row = self.program.parameters[*slot].in_force(self.moment);
                row.map_or_else(|| "NULL".to_owned(), |row| self.constant(&row.value))
            }
            Expr::Today => Dialect::date(self.moment.on),
            Expr::Not(x) => format!("(NOT {})", self.write(x)),
            Expr::Negate(x) => format!("(- {})", self.write(x)),
            Expr::IsNull(x) => format!("({} IS NULL)", self.write(x)),
            Expr::And(l, r) => self.between(l, " AND ", r),
            Expr::Or(l, r) => self.between(l, " OR ", r),
            Expr::Compare(comparison, l, r) => self.between(l, comparison.symbol(), r),
            Expr::Arithmetic(operation, l, r) => self.arithmetic(*operation, l, r),
            Expr::InList(operand, list) => format!("({} IN ({}))", self.write(operand), self.list(list)),
            Expr::Case(branches, otherwise) => self.case(branches, otherwise.as_deref()),
            Expr::Call(function, arguments) => self.call(*function, arguments),
            Expr::Round(x, digits) => self.dialect.with_digits(&format!("round({}, {digits})", self.write(x))),
            Expr::Lookup { table, column, operand } => self.lookup(*table, *column, operand),
            Expr::Place { partition, keys, ties, .. } => self.place(partition, keys, *ties),
            Expr::Aggregate { function, relation, operand, filter } => {
                self.aggregate(*function, *relation, operand.as_deref(), filter.as_deref())
            }
        }
    }

    fn constant(&self, value: &Value) -> String {
        match value {
            Value::Null => "NULL".to_owned(),
            Value::Bool(truth) => if *truth { "TRUE" } else { "FALSE" }.to_owned(),
            Value::Int(number) => self.dialect.number((*number).into()),
            Value::Dec(number) => self.dialect.number(*number),
            Value::Date(day) => Dialect::date(*day),
            Value::Text(text) => format!("'{}'", text.replace('\'', "''")),
        }
    }

    fn between(&self, left: &Expr, operator: &str, right: &Expr) -> String {
        format!("({}{operator}{})", self.write(left), self.write(right))
    }

    fn list(&self, list: &[Expr]) -> String {
        list.iter().map(|item| self.write(item)).collect::<Vec<_>>().join(", ")
    }

    fn arithmetic(&self, operation: crate::Arithmetic, left: &Expr, right: &Expr) -> String {
        match operation {
            crate::Arithmetic::Subtract if self.is_date(left) => {
                self.dialect.days_between(&self.write(left), &self.write(right))
            }
            crate::Arithmetic::Divide => {
                let dividend = self.dialect.with_digits(&self.write(left));
                format!("({dividend} / nullif({}, {}))", self.write(right), self.dialect.number(0.into()))
            }
            _ => self.between(left, operation.symbol(), right),
        }
    }

    /// Whether an expression is a day. Types were checked when the law was read: one leaf that gives the type will do.
    fn is_date(&self, expr: &Expr) -> bool {
        match expr {
            Expr::Const(value) => matches!(value, Value::Date(_)),
            Expr::Input(slot) => self.program.inputs[*slot].kind == crate::InputType::Date,
            Expr::Rule(slot) => self.program.rules[*slot].unit == crate::Unit::Date,
            Expr::Parameter(slot) => self.program.parameters[*slot].unit == crate::Unit::Date,
            Expr::Today => true,
            Expr::Call(Function::AddMonths | Function::AddDays | Function::FirstOfMonth, _) => true,
            Expr::Call(Function::Years | Function::Months, _) => false,
            Expr::Call(_, arguments) => arguments.iter().any(|argument| self.is_date(argument)),
            Expr::Case(branches, otherwise) => {
                branches.iter().any(|(_, then)| self.is_date(then))
                    || otherwise.as_ref().is_some_and(|last| self.is_date(last))
            }
            Expr::Aggregate { function: Aggregate::Min | Aggregate::Max, operand: Some(operand), .. } => {
                self.is_date(operand)
            }
            _ => false,
        }
    }

    fn case(&self, branches: &[(Expr, Expr)], otherwise: Option<&Expr>) -> String {
        let branch = |(when, then): &(Expr, Expr)| format!(" WHEN {} THEN {}", self.write(when), self.write(then));
        let branches: String = branches.iter().map(branch).collect();
        let otherwise = otherwise.map(|last| format!(" ELSE {}", self.write(last))).unwrap_or_default();
        format!("(CASE{branches}{otherwise} END)")
    }

    fn call(&self, function: Function, arguments: &[Expr]) -> String {
        let first = || self.write(&arguments[0]);
        match function {
            Function::Coalesce | Function::NullIf | Function::Least | Function::Greatest | Function::Abs => {
                format!("{}({})", function.name(), self.list(arguments))
            }
            Function::Floor | Function::Ceil => {
                self.dialect.with_digits(&format!("{}({})", function.name(), self.list(arguments)))
            }
            Function::Years => self.years(&first(), &self.day_of(arguments)),
            Function::Months => self.months(&first(), &self.day_of(arguments)),
            Function::AddDays => self.dialect.add_days(&first(), &Dialect::integer(&self.write(&arguments[1]))),
            Function::AddMonths => self.dialect.add_months(&first(), &Dialect::integer(&self.write(&arguments[1]))),
            Function::FirstOfMonth => {
                let date = first();
                let days = format!("(1 - {})", Dialect::part("day", &date));
                self.dialect.add_days(&date, &days)
            }
        }
    }

    fn day_of(&self, arguments: &[Expr]) -> String {
        arguments.get(1).map_or_else(|| Dialect::date(self.moment.on), |day| self.write(day))
    }

    /// Completed years: one fewer while the birthday, taken as month and day, is still to come.
    fn years(&self, born: &str, day: &str) -> String {
        let (year, place) = (
            |date| Dialect::part("year", date),
            |date| format!("({} * 100 + {})", Dialect::part("month", date), Dialect::part("day", date)),
        );
        let early = format!("CASE WHEN {} < {} THEN 1 ELSE 0 END", place(day), place(born));
        self.dialect.whole(&format!("({} - {} - {early})", year(day), year(born)))
    }

    fn months(&self, born: &str, day: &str) -> String {
        let index = |date| format!("({} * 12 + {})", Dialect::part("year", date), Dialect::part("month", date));
        let early =
            format!("CASE WHEN {} < {} THEN 1 ELSE 0 END", Dialect::part("day", day), Dialect::part("day", born));
        self.dialect.whole(&format!("({} - {} - {early})", index(day), index(born)))
    }

    fn lookup(&self, table: usize, column: usize, operand: &Expr) -> String {
        let Some(rows) = self.program.tables[table].rows_in_force(self.moment) else { return "NULL".to_owned() };
        let key = self.write(operand);
        let amount = |row: usize| self.dialect.number(rows.rows[row][column]);
        let bound = |(row, bound): (usize, &rust_decimal::Decimal)| {
            format!(" WHEN {key} <= {} THEN {}", self.dialect.number(*bound), amount(row))
        };
        let brackets: String = rows.bounds.iter().enumerate().map(bound).collect();
        format!("(CASE WHEN {key} IS NULL THEN NULL{brackets} ELSE {} END)", amount(rows.bounds.len()))
    }

    fn place(&self, partition: &[Expr], keys: &[(Expr, bool)], ties: Ties) -> String {
        let groups: Vec<String> = partition.iter().map(|one| self.write(one)).collect();
        let orders: Vec<(String, bool)> = keys.iter().map(|(key, falls)| (self.write(key), *falls)).collect();
        let unknown = groups.iter().chain(orders.iter().map(|(key, _)| key)).map(|key| format!("{key} IS NULL"));
        let unknown = unknown.collect::<Vec<_>>().join(" OR ");
        let household = format!("m.\"{HOUSEHOLD}\"");
        let within = std::iter::once(household.clone()).chain(groups).collect::<Vec<_>>().join(", ");
        let mut by: Vec<String> =
            orders.into_iter().map(|(key, falls)| if falls { format!("{key} DESC") } else { key }).collect();
        let function = match ties {
            Ties::ByList => {
                by.push(format!("m.\"{POSITION}\""));
                "row_number()"
            }
            Ties::Shared => "rank()",
        };
        let place = format!("{function} OVER (PARTITION BY {within} ORDER BY {})", by.join(", "));
        let doubtful = format!("bool_or({unknown}) OVER (PARTITION BY {household})");
        format!("(CASE WHEN {doubtful} THEN NULL ELSE {} END)", self.dialect.whole(&place))
    }

    /// Leaves the aggregate for the sub-select beside the layer, and names its column.
    fn aggregate(&self, function: Aggregate, relation: usize, operand: Option<&Expr>, filter: Option<&Expr>) -> String {
        let filter = filter.map(|filter| format!(" FILTER (WHERE {})", self.write(filter))).unwrap_or_default();
        let operand = operand.map_or_else(|| "*".to_owned(), |operand| self.write(operand));
        let text = match function {
            Aggregate::Avg => {
                format!(
                    "(sum({operand}){filter} / nullif({}, {}))",
                    self.dialect.whole(&format!("count({operand}){filter}")),
                    self.dialect.number(0.into())
                )
            }
            Aggregate::Count => self.dialect.whole(&format!("count({operand}){filter}")),
            _ => format!("{}({operand}){filter}", function.name()),
        };
        let mut aggregates = self.aggregates.borrow_mut();
        let place = aggregates.iter().position(|known| *known == (relation, text.clone())).unwrap_or_else(|| {
            aggregates.push((relation, text));
            aggregates.len() - 1
        });
        let column = format!("a{relation}.\"{place}\"");
        // A household without members has no group at all.
        if function == Aggregate::Count {
            format!("coalesce({column}, {})", self.dialect.number(0.into()))
        } else {
            column
        }
    }
}

/// `h."isee"`, `m."eta"`.
fn column(owner: Option<usize>, name: &str) -> String {
    format!("{}.\"{name}\"", if owner.is_some() { 'm' } else { 'h' })
}
