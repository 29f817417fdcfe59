//! The whole program: stories over real HTTP, faults that it must survive, commands as people type them.

mod client;
mod commands;
mod crawl;
mod desk;
mod doors;
mod faults;
mod exports;
mod folders;
mod health;
mod killed;
mod languages;
mod law;
mod postgres;
mod program;
mod read_only;
mod screener;
mod simulate;
mod sqlite;
mod stories;
mod submissions;
mod uploads;
mod waiting_room;
mod windows;
mod world;
