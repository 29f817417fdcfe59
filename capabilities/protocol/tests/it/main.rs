//! The room through its door.

mod daily;
mod house;
mod numbers;
mod office;
mod seal;
mod words;
