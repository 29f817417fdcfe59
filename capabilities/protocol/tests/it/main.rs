//! The room through its door.

mod daily;
mod house;
mod numbers;
mod seal;
mod words;
