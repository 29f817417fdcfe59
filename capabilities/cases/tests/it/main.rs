//! The room against a database: whose a case is, how numbers are given, what two devices do to one draft.

mod anonymous;
mod book;
mod drafts;
mod helping;
mod home;
mod house;
mod mass;
mod passing;
mod signing;
mod timers;
mod uploads;
mod words;
mod worklist;
