#![doc = include_str!("../README.md")]

mod calendar;
mod clock;
mod days;
mod declared;
mod event;
mod other_terms;
mod rules;
mod state;
mod track;

pub use calendar::{Calendar, Holiday, On, Week};
pub use clock::Clock;
pub use days::{easter, plus};
pub use declared::CalendarError;
pub use event::{Event, EventKind};
pub use other_terms::{ReceiptTerms, access_silence, own_motion_annulment_until, receipt_terms, substitute_days};
pub use rules::{Count, Rules, RulesError, Silence, Slide};
pub use state::{Cause, Closing, Ignored, Phase, Segment, SilenceAt, State, WhyIgnored};
