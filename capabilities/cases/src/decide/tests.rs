//! The law of the desk: what may be done to a case, when, and what it leads to.

mod counter;
mod desk;
mod folding;
mod integration;
mod outcome;
mod passing;
mod refusal;
mod terms;
mod together;
mod who_may;
