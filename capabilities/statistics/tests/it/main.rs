//! A population through the door of this room: invented people, files, and what is wrong with files.

mod broken_files;
mod files;
mod hand;
mod pages;
mod sums;
mod units;
mod world;
