//! Reading what was typed into the forms of the register.

use std::str::FromStr;

use base::{Date, Timestamp, rome_date, rome_instant};
use jiff::civil::Time;
use web::{
    Posted, Visit,
    components::{Fault, Field, day_of},
};

/// The longest text that the register takes from a form, in characters.
pub const LONGEST: usize = 500;

/// What was typed, and what is wrong with it so far.
pub struct Typed<'a> {
    visit: &'a Visit,
    posted: &'a Posted,
    /// What is wrong.
    pub faults: Vec<Fault>,
}

impl<'a> Typed<'a> {
    /// Begins to read.
    pub fn new(visit: &'a Visit, posted: &'a Posted) -> Self {
        Self { visit, posted, faults: Vec::new() }
    }

    /// Complains about a field.
    pub fn wrong(&mut self, field: &str, key: &str) {
        let message = self.visit.t1(key, "most", LONGEST);
        self.faults.push(Fault { field: field.to_owned(), message });
    }

    /// A text that must be there.
    pub fn need(&mut self, field: &str, missing: &str) -> String {
        let text = self.text(field);
        if text.is_empty() {
            self.wrong(field, missing);
        }
        text
    }

    /// An act that must be there, as people quote it: with a number. A word or two name none.
    pub fn act(&mut self, field: &str, missing: &str) -> String {
        let text = self.text(field);
        if !text.chars().any(char::is_numeric) || !text.chars().any(char::is_alphabetic) {
            self.wrong(field, missing);
        }
        text
    }

    /// One of a few.
    pub fn choice<T: FromStr>(&mut self, field: &str) -> Option<T> {
        let chosen = self.posted.text(field).parse().ok();
        if chosen.is_none() {
            self.wrong(field, "protocol.emergency.choose");
        }
        chosen
    }

    /// A text that may be empty.
    pub fn text(&mut self, field: &str) -> String {
        let text = self.posted.text(field).trim().to_owned();
        if LONGEST < text.chars().count() {
            self.wrong(field, "protocol.annul.too_long");
        }
        text
    }

    /// A day; `None` where it is not one.
    pub fn day(&mut self, field: &str) -> Option<Date> {
        let day = day_of(&self.posted.day_parts(field));
        if day.is_none() {
            self.wrong(field, "protocol.emergency.wrong_day");
        }
        day
    }

    /// A day that is not in the future.
    pub fn past_day(&mut self, field: &str) -> Option<Date> {
        let day = self.day(field)?;
        if rome_date(self.visit.now) < day {
            self.wrong(field, "protocol.emergency.future");
        }
        Some(day)
    }

    /// Whether nothing was typed into a day.
    pub fn no_day(&self, field: &str) -> bool {
        self.posted.day_parts(field).iter().all(String::is_empty)
    }

    /// A day with the time beside it, on Italian clocks, not in the future.
    pub fn instant(&mut self, day_field: &str, time_field: &str) -> Option<Timestamp> {
        let day = self.day(day_field);
        let typed = self.posted.text(time_field).trim().replace('.', ":");
        let time = typed
            .split_once(':')
            .and_then(|(hour, minute)| Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok());
        if time.is_none() {
            self.wrong(time_field, "protocol.emergency.wrong_time");
        }
        let at = rome_instant(day?.to_datetime(time?));
        if self.visit.now < at {
            self.wrong(day_field, "protocol.emergency.future");
            return None;
        }
        Some(at)
    }
}

/// A question for a day, with what was typed.
pub fn day_field(visit: &Visit, posted: &Posted, (name, label): (&str, &str), faults: &[Fault]) -> Field {
    Field::date(name, visit.t(label), posted.day_parts(name)).fault_from(faults)
}

/// A question for one line, with what was typed.
pub fn line(visit: &Visit, posted: &Posted, (name, label): (&str, &str), faults: &[Fault]) -> Field {
    Field::text(name, visit.t(label)).value(posted.text(name)).fault_from(faults)
}
