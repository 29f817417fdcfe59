//! The catalogue through its door: folders as texts, SQLite, HTTP.

mod folders;
mod households;
mod law;
mod mistakes;
mod pages;
mod real;
mod screener;
mod search;
mod signatures;
mod versions;
mod who;
mod windows;
mod world;
