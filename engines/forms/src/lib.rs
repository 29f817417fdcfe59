#![doc = include_str!("../README.md")]

mod condition;
mod declared;
mod filling;
mod form;
mod kind;
mod path;
mod problem;
mod reading;
mod words;

pub use condition::When;
pub use filling::{
    Field, FieldState, FieldStatus, Known, KnownValue, PageStatus, PageToAsk, Prefilled, Provenance, Status,
};
pub use form::{Check, Form, Group, Item, Page, Question};
pub use kind::{Choice, DateBound, Files, Kind};
pub use path::{Path, PathError, overlay, put_over};
pub use problem::FieldError;
pub use reading::Reading;
