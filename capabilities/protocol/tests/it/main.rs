//! The room through its door.

mod daily;
mod house;
mod numbers;
mod older;
mod office;
mod seal;
mod words;
