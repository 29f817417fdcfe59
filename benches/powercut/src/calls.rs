//! Calls on open files. Each does what the kernel does, and writes down what it did.
//!
//! `open` and `openat` are variadic in C. On the machines that Linux runs on, an argument that was not given is a
//! register that nobody reads: the mode counts only where a file is made, and there it is given.

use std::ffi::{c_char, c_int, c_long, c_uint, c_void};

use libc::{clockid_t, iovec, mode_t, off64_t, size_t, ssize_t, timespec};

use crate::{
    fault::{self, Verdict},
    format::{CREATED, FOLDER_SYNCED, FOUND, SIZED, SYNC_FAILED, SYNCED, WRITTEN, control},
    place::Place,
    state::{self, Open, record, remember, root},
};

/// Nothing but the head.
const NOTHING: [&[u8]; 3] = [&[], &[], &[]];

fn answer<T: From<i8>>(error: c_int) -> T {
    // SAFETY: the place of this thread's error number.
    unsafe { *libc::__errno_location() = error };
    T::from(-1)
}

fn short(result: c_long) -> c_int {
    c_int::try_from(result).unwrap_or(-1)
}

// ---- opening and closing -------------------------------------------------------------------------------------------

/// # Safety
/// `path` is null or a text that ends with a zero byte.
unsafe fn open_at(folder: c_int, path: *const c_char, flags: c_int, mode: c_uint) -> c_int {
    // SAFETY: as the caller of `open` promises.
    unsafe {
        let place = Place::of(root(), folder, path);
        let makes = flags & libc::O_CREAT != 0 && place.is_some();
        let new = makes && libc::syscall(libc::SYS_faccessat, folder, path, libc::F_OK, 0) != 0;
        let file = short(libc::syscall(libc::SYS_openat, folder, path, flags | libc::O_LARGEFILE, mode));
        if file >= 0 {
            remember(file, Open::Elsewhere);
            if let Some(place) = place {
                note_open(file, &place, new, flags);
            }
        }
        file
    }
}

fn note_open(file: c_int, place: &Place, new: bool, flags: c_int) {
    let Some(status) = status(file) else { return };
    match status.st_mode & libc::S_IFMT {
        libc::S_IFDIR => remember(file, Open::Folder),
        libc::S_IFREG => {
            remember(file, Open::File(status.st_ino));
            record(if new { CREATED } else { FOUND }, status.st_ino, 0, [place.bytes(), &[], &[]]);
            if !new && flags & libc::O_TRUNC != 0 {
                record(SIZED, status.st_ino, 0, NOTHING);
            }
        }
        _ => {}
    }
}

fn status(file: c_int) -> Option<libc::stat> {
    // SAFETY: a status of zeros is one; the call fills it in.
    unsafe {
        let mut status: libc::stat = std::mem::zeroed();
        (libc::fstat(file, &raw mut status) == 0).then_some(status)
    }
}

as_in_c! {
    fn open(path: *const c_char, flags: c_int, mode: c_uint) -> c_int { open_at(libc::AT_FDCWD, path, flags, mode) }
    fn open64(path: *const c_char, flags: c_int, mode: c_uint) -> c_int { open_at(libc::AT_FDCWD, path, flags, mode) }
    fn openat(folder: c_int, path: *const c_char, flags: c_int, mode: c_uint) -> c_int {
        open_at(folder, path, flags, mode)
    }
    fn openat64(folder: c_int, path: *const c_char, flags: c_int, mode: c_uint) -> c_int {
        open_at(folder, path, flags, mode)
    }
    fn creat(path: *const c_char, mode: mode_t) -> c_int {
        open_at(libc::AT_FDCWD, path, libc::O_CREAT | libc::O_WRONLY | libc::O_TRUNC, mode)
    }
    fn close(file: c_int) -> c_int {
        remember(file, Open::Elsewhere);
        short(libc::syscall(libc::SYS_close, file))
    }
}

// ---- writing -------------------------------------------------------------------------------------------------------

/// Writes at a place, or where the file stands, one buffer of bytes.
///
/// # Safety
/// The buffer has as many bytes.
unsafe fn write_at(file: c_int, buffer: *const c_void, length: size_t, at: Option<off64_t>) -> ssize_t {
    let write = || {
        // SAFETY: as the caller promises.
        let written = unsafe {
            match at {
                Some(at) => libc::syscall(libc::SYS_pwrite64, file, buffer, length, at),
                None => libc::syscall(libc::SYS_write, file, buffer, length),
            }
        };
        isize::try_from(written).unwrap_or(-1)
    };
    let Open::File(inode) = state::open(file) else { return write() };
    let verdict = may_write(file, length, at);
    if let Verdict::Fail(error) = verdict {
        return answer(error);
    }
    let written = write();
    if let Ok(length) = usize::try_from(written) {
        // SAFETY: so many bytes were read from it just now.
        let bytes = unsafe { std::slice::from_raw_parts(buffer.cast::<u8>(), length) };
        let start = at.unwrap_or_else(|| stands_at(file) - i64::try_from(length).unwrap_or(0));
        record(WRITTEN, inode, u64::try_from(start).unwrap_or(0), [bytes, &[], &[]]);
    }
    if let Verdict::DoAndFail(error) = verdict { answer(error) } else { written }
}

fn stands_at(file: c_int) -> i64 {
    // SAFETY: asks for the place and changes nothing.
    unsafe { libc::syscall(libc::SYS_lseek, file, 0, libc::SEEK_CUR) }
}

fn may_write(file: c_int, length: usize, at: Option<off64_t>) -> Verdict {
    match fault::counted(control::WRITE_THAT_FAILS) {
        Verdict::Do if 0 <= fault::number(control::ROOM) => {
            let end = at.unwrap_or_else(|| stands_at(file)) + i64::try_from(length).unwrap_or(0);
            fault::room_for(end - status(file).map_or(0, |status| status.st_size))
        }
        verdict => verdict,
    }
}

/// Several buffers, one after the other; stops where the kernel takes less than a whole one.
///
/// # Safety
/// There are as many, each with as many bytes as it says.
unsafe fn write_all_at(file: c_int, pieces: *const iovec, many: c_int, at: Option<off64_t>) -> ssize_t {
    // SAFETY: as the caller promises.
    unsafe {
        if state::open(file) == Open::Elsewhere {
            let done = match at {
                Some(at) => libc::syscall(libc::SYS_pwritev, file, pieces, many, at, 0),
                None => libc::syscall(libc::SYS_writev, file, pieces, many),
            };
            return isize::try_from(done).unwrap_or(-1);
        }
        let pieces = std::slice::from_raw_parts(pieces, usize::try_from(many).unwrap_or(0));
        let mut total: ssize_t = 0;
        for piece in pieces.iter().filter(|piece| 0 < piece.iov_len) {
            let written = write_at(file, piece.iov_base, piece.iov_len, at.map(|at| at + total as off64_t));
            if written < 0 {
                return if total == 0 { written } else { total };
            }
            total += written;
            if written.unsigned_abs() < piece.iov_len {
                break;
            }
        }
        total
    }
}

/// Grows or cuts a file.
///
/// # Safety
/// As `ftruncate`.
unsafe fn resize(file: c_int, size: off64_t) -> c_int {
    // SAFETY: as the caller promises.
    unsafe {
        let grows = size - status(file).map_or(size, |status| status.st_size);
        if let (Open::File(_), Verdict::Fail(error)) = (state::open(file), fault::room_for(grows)) {
            return answer(error);
        }
        let done = short(libc::syscall(libc::SYS_ftruncate, file, size));
        if let (Open::File(inode), 0) = (state::open(file), done) {
            record(SIZED, inode, u64::try_from(size).unwrap_or(0), NOTHING);
        }
        done
    }
}

/// Takes room for a file; gives the error number, 0 if there is none.
///
/// # Safety
/// As `fallocate`.
unsafe fn allocate(file: c_int, mode: c_int, at: off64_t, length: off64_t) -> c_int {
    let before = status(file).map_or(0, |status| status.st_size);
    if let (Open::File(_), Verdict::Fail(error)) = (state::open(file), fault::room_for(at + length - before)) {
        return error;
    }
    // SAFETY: as the caller promises.
    let done = unsafe { libc::syscall(libc::SYS_fallocate, file, mode, at, length) };
    if done != 0 {
        // SAFETY: this thread's error number.
        return unsafe { *libc::__errno_location() };
    }
    let after = status(file).map_or(0, |status| status.st_size);
    if let (Open::File(inode), true) = (state::open(file), before < after) {
        record(SIZED, inode, u64::try_from(after).unwrap_or(0), NOTHING);
    }
    0
}

as_in_c! {
    fn write(file: c_int, buffer: *const c_void, length: size_t) -> ssize_t { write_at(file, buffer, length, None) }
    fn pwrite(file: c_int, buffer: *const c_void, length: size_t, at: off64_t) -> ssize_t {
        write_at(file, buffer, length, Some(at))
    }
    fn pwrite64(file: c_int, buffer: *const c_void, length: size_t, at: off64_t) -> ssize_t {
        write_at(file, buffer, length, Some(at))
    }
    fn writev(file: c_int, pieces: *const iovec, many: c_int) -> ssize_t { write_all_at(file, pieces, many, None) }
    fn pwritev(file: c_int, pieces: *const iovec, many: c_int, at: off64_t) -> ssize_t {
        write_all_at(file, pieces, many, Some(at))
    }
    fn pwritev64(file: c_int, pieces: *const iovec, many: c_int, at: off64_t) -> ssize_t {
        write_all_at(file, pieces, many, Some(at))
    }
    fn ftruncate(file: c_int, size: off64_t) -> c_int { resize(file, size) }
    fn ftruncate64(file: c_int, size: off64_t) -> c_int { resize(file, size) }
    fn fallocate(file: c_int, mode: c_int, at: off64_t, length: off64_t) -> c_int {
        match allocate(file, mode, at, length) {
            0 => 0,
            error => answer(error),
        }
    }
    fn fallocate64(file: c_int, mode: c_int, at: off64_t, length: off64_t) -> c_int {
        match allocate(file, mode, at, length) {
            0 => 0,
            error => answer(error),
        }
    }
    fn posix_fallocate(file: c_int, at: off64_t, length: off64_t) -> c_int { allocate(file, 0, at, length) }
    fn posix_fallocate64(file: c_int, at: off64_t, length: off64_t) -> c_int { allocate(file, 0, at, length) }
}

// ---- making durable ------------------------------------------------------------------------------------------------

/// The disk is simulated: that a file is on it is what the journal says. The real one is not asked.
///
/// # Safety
/// `call` takes the number of an open file, and nothing else.
unsafe fn sync(file: c_int, call: c_long) -> c_int {
    let open = state::open(file);
    if open == Open::Elsewhere {
        // SAFETY: as the caller promises.
        return short(unsafe { libc::syscall(call, file) });
    }
    let before = state::journal_length();
    if let Ok(micros @ 1..) = u32::try_from(fault::number(control::SYNC_TAKES)) {
        // SAFETY: waits.
        unsafe { libc::usleep(micros) };
    }
    if fault::is_set(control::LYING) {
        return 0;
    }
    let verdict = fault::counted(control::SYNC_THAT_FAILS);
    match (open, verdict) {
        (Open::File(inode), Verdict::Fail(_)) => record(SYNC_FAILED, inode, before, NOTHING),
        (_, Verdict::Fail(_)) => {}
        (Open::File(inode), _) => record(SYNCED, inode, before, NOTHING),
        _ => {
            if let Some(place) = Place::of_open(root(), file) {
                record(FOLDER_SYNCED, 0, before, [place.bytes(), &[], &[]]);
            }
        }
    }
    match verdict {
        Verdict::Do => 0,
        Verdict::Fail(error) | Verdict::DoAndFail(error) => answer(error),
    }
}

/// The machine's clock, wrong by what the control page says.
///
/// # Safety
/// As `clock_gettime`.
unsafe fn time(clock: clockid_t, time: *mut timespec) -> c_int {
    // SAFETY: as the caller promises.
    unsafe {
        let done = short(libc::syscall(libc::SYS_clock_gettime, clock, time));
        if done == 0 && (clock == libc::CLOCK_REALTIME || clock == libc::CLOCK_REALTIME_COARSE) && !time.is_null() {
            (*time).tv_sec += fault::number(control::CLOCK_OFFSET);
        }
        done
    }
}

as_in_c! {
    fn fsync(file: c_int) -> c_int { sync(file, libc::SYS_fsync) }
    fn fdatasync(file: c_int) -> c_int { sync(file, libc::SYS_fdatasync) }
    fn clock_gettime(clock: clockid_t, result: *mut timespec) -> c_int { time(clock, result) }
}
