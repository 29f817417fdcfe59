//! Mandates through the door of the room.

mod words;
