//! Calls that make, change and take away names.

use std::ffi::{c_char, c_int, c_long, c_uint};

use libc::mode_t;

use crate::{
    format::{FOLDER_MADE, LINKED, REMOVED, RENAMED},
    place::Place,
    state::{record, root},
};

const HERE: c_int = libc::AT_FDCWD;

/// Writes down that a path was made or removed, if it was, and hands on what the kernel said.
fn one(kind: u32, place: Option<&Place>, done: c_long) -> c_int {
    if let (Some(place), 0) = (place, done) {
        record(kind, 0, 0, [place.bytes(), &[], &[]]);
    }
    c_int::try_from(done).unwrap_or(-1)
}

/// The same of two paths.
fn two(kind: u32, (from, to): (Option<&Place>, Option<&Place>), done: c_long) -> c_int {
    if let (Some(from), Some(to), 0) = (from, to, done) {
        record(kind, 0, 0, [from.bytes(), &[0], to.bytes()]);
    }
    c_int::try_from(done).unwrap_or(-1)
}

/// # Safety
/// The paths are texts that end with a zero byte.
unsafe fn rename_at((old, from): (c_int, *const c_char), (new, to): (c_int, *const c_char), flags: c_uint) -> c_int {
    // SAFETY: as the caller promises.
    unsafe {
        let places = (Place::of(root(), old, from), Place::of(root(), new, to));
        let done = libc::syscall(libc::SYS_renameat2, old, from, new, to, flags);
        two(RENAMED, (places.0.as_ref(), places.1.as_ref()), done)
    }
}

/// # Safety
/// As [`rename_at`].
unsafe fn link_at((old, from): (c_int, *const c_char), (new, to): (c_int, *const c_char), flags: c_int) -> c_int {
    // SAFETY: as the caller promises.
    unsafe {
        let places = (Place::of(root(), old, from), Place::of(root(), new, to));
        let done = libc::syscall(libc::SYS_linkat, old, from, new, to, flags);
        two(LINKED, (places.0.as_ref(), places.1.as_ref()), done)
    }
}

/// # Safety
/// The path is a text that ends with a zero byte.
unsafe fn remove_at(folder: c_int, path: *const c_char, flags: c_int) -> c_int {
    // SAFETY: as the caller promises.
    unsafe {
        let place = Place::of(root(), folder, path);
        one(REMOVED, place.as_ref(), libc::syscall(libc::SYS_unlinkat, folder, path, flags))
    }
}

/// # Safety
/// The path is a text that ends with a zero byte.
unsafe fn make_at(folder: c_int, path: *const c_char, mode: mode_t) -> c_int {
    // SAFETY: as the caller promises.
    unsafe {
        let place = Place::of(root(), folder, path);
        one(FOLDER_MADE, place.as_ref(), libc::syscall(libc::SYS_mkdirat, folder, path, mode))
    }
}

as_in_c! {
    fn rename(from: *const c_char, to: *const c_char) -> c_int { rename_at((HERE, from), (HERE, to), 0) }
    fn renameat(old: c_int, from: *const c_char, new: c_int, to: *const c_char) -> c_int {
        rename_at((old, from), (new, to), 0)
    }
    fn renameat2(old: c_int, from: *const c_char, new: c_int, to: *const c_char, flags: c_uint) -> c_int {
        rename_at((old, from), (new, to), flags)
    }
    fn link(from: *const c_char, to: *const c_char) -> c_int { link_at((HERE, from), (HERE, to), 0) }
    fn linkat(old: c_int, from: *const c_char, new: c_int, to: *const c_char, flags: c_int) -> c_int {
        link_at((old, from), (new, to), flags)
    }
    fn unlink(path: *const c_char) -> c_int { remove_at(HERE, path, 0) }
    fn unlinkat(folder: c_int, path: *const c_char, flags: c_int) -> c_int { remove_at(folder, path, flags) }
    fn rmdir(path: *const c_char) -> c_int { remove_at(HERE, path, libc::AT_REMOVEDIR) }
    fn mkdir(path: *const c_char, mode: mode_t) -> c_int { make_at(HERE, path, mode) }
    fn mkdirat(folder: c_int, path: *const c_char, mode: mode_t) -> c_int { make_at(folder, path, mode) }
}
