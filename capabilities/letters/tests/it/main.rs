//! The letters through their door.

mod composing;
mod issuing;
mod office;
mod reading;
mod service_folders;
mod tools;
