//! The expression language: a typed, resolved tree, how it is read from SQL text and how it is written back.

mod calls;
mod expr;
mod functions;
mod literals;
mod lower;
mod measures;
mod names;
mod operators;
mod parse;
mod print;
mod whole;
mod windows;

pub(crate) use expr::Reference;
pub use expr::{Aggregate, Arithmetic, Comparison, Expr, Function, Ties};
pub(crate) use functions::RESERVED;
pub(crate) use names::{Column, Meaning, Names};
pub(crate) use parse::read_expression;
pub(crate) use print::to_sql;
pub(crate) use whole::{is_whole, whole_rules};
