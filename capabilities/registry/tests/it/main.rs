//! The room against a database: what registries know of the documented sample people, and how a world is loaded.

mod amounts;
mod benefits;
mod declared;
mod house;
mod known;
mod loading;
mod page;
mod remembered;
mod two_times;
mod words;
