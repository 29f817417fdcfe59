//! The catalogue through its door: folders as texts, SQLite, HTTP.

mod folders;
mod law;
mod mistakes;
mod pages;
mod real;
mod search;
mod versions;
mod world;
