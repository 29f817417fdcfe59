//! Consents through the door of the room.

mod sequences;
mod words;
