//! The engine against the law's worked vectors and against properties that must hold for any dates.

mod properties;
mod story;
mod vectors;

use deadlines::Calendar;

fn italy() -> Calendar {
    Calendar::parse("italia.toml", include_str!("../../../../law/calendars/italia.toml")).expect("the law's calendar")
}
