//! The crate as a browser sees it: a small program behind [`web::frame`].

mod errors;
mod forms;
mod house;
mod pages;
mod protection;
mod sessions;
