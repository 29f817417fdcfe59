//! The whole program: stories over real HTTP, faults that it must survive, commands as people type them.

mod client;
mod commands;
mod crawl;
mod doors;
mod folders;
mod killed;
mod languages;
mod program;
mod storage;
mod stories;
mod submissions;
mod uploads;
mod world;
