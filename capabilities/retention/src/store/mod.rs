//! All the SQL of this room.

mod approvals;
mod holds;
mod lines;
mod lists;

pub(crate) use approvals::{approvals, approve};
pub(crate) use holds::{count_standing, find_hold, forget_holds, holds, lift, place, standing};
pub(crate) use lines::{
    add_lines, digest, find_numbered, last_place, lines_from, listed, open_lines, outcomes, settle, strike,
};
pub(crate) use lists::{
    Finished, any_unswept, authorise, begin, certificate, find, finish, freeze, insert, list_of, lists, move_on,
    reject, swept,
};
