//! The room through its door.

mod daily;
mod house;
mod numbers;
mod office;
mod older;
mod seal;
mod words;
