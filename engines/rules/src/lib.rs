#![doc = include_str!("../README.md")]

pub mod columns;
mod comparison;
mod condition;
mod diagnostic;
mod evaluation;
mod example;
mod facts;
mod language;
mod money;
mod program;
mod reading;
pub mod sql;
mod unit;
mod validity;
mod value;

pub use comparison::{Cause, Change, ChangeKind, MonthDifference, MonthOutcome, Subject, compare};
pub use condition::{Condition, Formula};
pub use diagnostic::Diagnostic;
pub use evaluation::{
    Decision, EvalError, FactError, Fault, MemberRef, MissingFact, NearMiss, Reason, RuleFault, Step, Unverified,
    UsedValue,
};
pub use example::{Example, ExampleError, Mismatch, Outcome, run_example};
pub use facts::{Facts, Moment};
pub use language::{Aggregate, Arithmetic, Comparison, Expr, Function, Ties};
pub use money::{in_cents, shown_amount, shown_money, shown_period};
pub use program::{
    Input, InputType, Parameter, ParameterRow, Program, Role, Rule, RuleVersion, Sources, Table, Telling,
};
pub use rust_decimal::Decimal;
pub use unit::Unit;
pub use validity::Validity;
pub use value::Value;
