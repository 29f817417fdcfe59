//! What the library knows: where the disk is, which open files are on it, what the control page says.

use std::{
    ffi::{CStr, c_char, c_int, c_void},
    sync::atomic::{AtomicI32, AtomicI64, AtomicPtr, AtomicU64, AtomicUsize, Ordering},
};

use crate::format::{Head, control};

/// Open files with higher numbers are taken for ones that are not on the disk.
const MOST_FILES: usize = 1 << 16;
/// Marks an open folder.
const FOLDER: u64 = 1 << 63;

static ROOT: AtomicPtr<c_char> = AtomicPtr::new(std::ptr::null_mut());
static ROOT_LENGTH: AtomicUsize = AtomicUsize::new(0);
static JOURNAL: AtomicI32 = AtomicI32::new(-1);
static CONTROL: AtomicPtr<AtomicI64> = AtomicPtr::new(std::ptr::null_mut());
static OPEN: [AtomicU64; MOST_FILES] = [const { AtomicU64::new(0) }; MOST_FILES];

/// What is open under a number.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Open {
    /// Nothing of the disk.
    Elsewhere,
    /// A file of the disk, by its inode.
    File(u64),
    /// A folder of the disk.
    Folder,
}

/// Run by the loader before the program begins.
#[used]
#[unsafe(link_section = ".init_array")]
static BEGIN: extern "C" fn() = begin;

extern "C" fn begin() {
    // SAFETY: the names are texts; what `getenv` gives lives as long as nobody changes the environment, and the program
    // does not. The path of the journal is such a text.
    unsafe {
        let root = libc::getenv(c"POWERCUT_DISK".as_ptr());
        let journal = libc::getenv(c"POWERCUT_JOURNAL".as_ptr());
        if !journal.is_null() {
            let flags = libc::O_WRONLY | libc::O_APPEND | libc::O_CREAT | libc::O_CLOEXEC;
            let file = libc::syscall(libc::SYS_openat, libc::AT_FDCWD, journal, flags, 0o666);
            JOURNAL.store(c_int::try_from(file).unwrap_or(-1), Ordering::SeqCst);
        }
        map_control(libc::getenv(c"POWERCUT_CONTROL".as_ptr()));
        if !root.is_null() {
            ROOT.store(root, Ordering::SeqCst);
            ROOT_LENGTH.store(CStr::from_ptr(root).to_bytes().len(), Ordering::SeqCst);
        }
    }
}

/// # Safety
/// `path` is null or a text that ends with a zero byte.
unsafe fn map_control(path: *const c_char) {
    if path.is_null() {
        return;
    }
    // SAFETY: a file of at least these bytes, made by the test; a failure leaves the page out.
    unsafe {
        let file = libc::syscall(libc::SYS_openat, libc::AT_FDCWD, path, libc::O_RDWR | libc::O_CLOEXEC, 0);
        let Ok(file) = c_int::try_from(file) else { return };
        let (length, access) = (control::SLOTS * 8, libc::PROT_READ | libc::PROT_WRITE);
        let page = libc::mmap(std::ptr::null_mut(), length, access, libc::MAP_SHARED, file, 0);
        libc::syscall(libc::SYS_close, file);
        if page != libc::MAP_FAILED {
            CONTROL.store(page.cast(), Ordering::SeqCst);
        }
    }
}

/// The disk's root; empty where there is none.
pub fn root() -> &'static [u8] {
    let (root, length) = (ROOT.load(Ordering::Relaxed), ROOT_LENGTH.load(Ordering::Relaxed));
    if root.is_null() {
        return &[];
    }
    // SAFETY: set once, together, to a text that lives as long as the process.
    unsafe { std::slice::from_raw_parts(root.cast(), length) }
}

/// A number of the control page; `None` where there is no page.
pub fn control(slot: usize) -> Option<&'static AtomicI64> {
    let page = CONTROL.load(Ordering::Relaxed);
    // SAFETY: mapped once, for as long as the process lives, with as many numbers.
    (!page.is_null() && slot < control::SLOTS).then(|| unsafe { &*page.add(slot) })
}

/// What is open as `file`.
pub fn open(file: c_int) -> Open {
    let known = usize::try_from(file).ok().and_then(|at| OPEN.get(at));
    match known.map_or(0, |known| known.load(Ordering::Relaxed)) {
        0 => Open::Elsewhere,
        FOLDER => Open::Folder,
        inode => Open::File(inode),
    }
}

/// From now on this is open as `file`.
pub fn remember(file: c_int, what: Open) {
    if let Some(known) = usize::try_from(file).ok().and_then(|at| OPEN.get(at)) {
        let number = match what {
            Open::Elsewhere => 0,
            Open::Folder => FOLDER,
            Open::File(inode) => inode,
        };
        known.store(number, Ordering::Relaxed);
    }
}

/// How long the journal is now.
pub fn journal_length() -> u64 {
    // SAFETY: asks for the place of the end in a file of ours.
    let end = unsafe { libc::syscall(libc::SYS_lseek, JOURNAL.load(Ordering::Relaxed), 0, libc::SEEK_END) };
    u64::try_from(end).unwrap_or(0)
}

/// Appends a record, as a whole: appending is one step for the kernel, also between processes.
pub fn record(kind: u32, file: u64, place: u64, parts: [&[u8]; 3]) {
    let length: usize = parts.iter().map(|part| part.len()).sum();
    let head = Head { kind, length: u32::try_from(length).unwrap_or(u32::MAX), file, place }.bytes();
    let piece = |bytes: &[u8]| libc::iovec { iov_base: bytes.as_ptr() as *mut c_void, iov_len: bytes.len() };
    let pieces = [piece(&head), piece(parts[0]), piece(parts[1]), piece(parts[2])];
    let journal = JOURNAL.load(Ordering::Relaxed);
    // SAFETY: the pieces live until the call returns.
    let written = unsafe { libc::syscall(libc::SYS_writev, journal, pieces.as_ptr(), pieces.len()) };
    if journal >= 0 && usize::try_from(written) != Ok(head.len() + length) {
        // A journal with a hole would accuse the program of what it did not do.
        // SAFETY: ends the process.
        unsafe { libc::abort() }
    }
}
