//! Faults that the control page asks for.

use std::{ffi::c_int, sync::atomic::Ordering};

use crate::{format::control, state};

/// What is to be answered instead of what happened, if anything.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing: the call is done.
    Do,
    /// The call is not done.
    Fail(c_int),
    /// The call is done, and its answer is wrong.
    DoAndFail(c_int),
}

/// Counts one call down; the one at which the counter comes to its end fails with an input/output error.
pub fn counted(slot: usize) -> Verdict {
    let Some(counter) = state::control(slot) else { return Verdict::Do };
    let before = counter.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| (left > 0).then(|| left - 1));
    match before {
        Ok(1) if is_set(control::DONE_NEVERTHELESS) => failed(Verdict::DoAndFail(libc::EIO)),
        Ok(1) => failed(Verdict::Fail(libc::EIO)),
        _ => Verdict::Do,
    }
}

/// Takes room for bytes by which a file grows.
pub fn room_for(growth: i64) -> Verdict {
    let Some(room) = state::control(control::ROOM).filter(|_| growth > 0) else { return Verdict::Do };
    let full = room.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| {
        if left < 0 { Some(left) } else { (growth <= left).then(|| left - growth) }
    });
    if full.is_err() { failed(Verdict::Fail(libc::ENOSPC)) } else { Verdict::Do }
}

/// Whether a number of the control page is 1.
pub fn is_set(slot: usize) -> bool {
    number(slot) == 1
}

/// A number of the control page, 0 where there is no page.
pub fn number(slot: usize) -> i64 {
    state::control(slot).map_or(0, |number| number.load(Ordering::Relaxed))
}

fn failed(verdict: Verdict) -> Verdict {
    if let Some(count) = state::control(control::FAILED) {
        count.fetch_add(1, Ordering::SeqCst);
    }
    verdict
}
