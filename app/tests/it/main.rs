//! The whole program: stories over real HTTP, faults that it must survive, commands as people type them.

mod backup;
mod client;
mod collector;
mod commands;
mod crawl;
mod deploy;
mod desk;
mod doors;
mod folders;
mod health;
mod killed;
mod languages;
mod law;
mod postgres;
mod program;
mod screener;
mod simulate;
mod sqlite;
mod stopping;
mod stories;
mod submissions;
mod telling;
mod upgrade;
mod uploads;
mod world;
