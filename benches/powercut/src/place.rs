use std::ffi::{c_char, c_int};

/// Longer paths are not on the disk.
const LONGEST: usize = 1024;

/// A path below the disk's root, relative to it.
pub struct Place {
    bytes: [u8; LONGEST],
    length: usize,
}

impl Place {
    /// `None` for what is not on the disk, and for the shared memory of SQLite, which every start makes anew.
    ///
    /// # Safety
    /// `path` is null or a text that ends with a zero byte.
    pub unsafe fn of(root: &[u8], folder: c_int, path: *const c_char) -> Option<Self> {
        if root.is_empty() || path.is_null() {
            return None;
        }
        // SAFETY: the caller says so.
        let asked = unsafe { std::ffi::CStr::from_ptr(path) }.to_bytes();
        let mut absolute = Self { bytes: [0; LONGEST], length: 0 };
        if !asked.starts_with(b"/") {
            absolute.begin_in(folder)?;
        }
        for step in asked.split(|byte| *byte == b'/') {
            absolute.step(step)?;
        }
        absolute.below(root)
    }

    /// The folder that is open as `file`.
    pub fn of_open(root: &[u8], file: c_int) -> Option<Self> {
        let mut absolute = Self { bytes: [0; LONGEST], length: 0 };
        absolute.begin_in(file)?;
        absolute.below(root)
    }

    /// The path.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes[..self.length]
    }

    fn begin_in(&mut self, folder: c_int) -> Option<()> {
        let mut link = [0u8; 32];
        let name: &[u8] = if folder == libc::AT_FDCWD { b"/proc/self/cwd\0" } else { open_as(folder, &mut link) };
        // SAFETY: the name ends with a zero byte, the buffer is as long as said.
        let read = unsafe {
            libc::syscall(
                libc::SYS_readlinkat,
                libc::AT_FDCWD,
                name.as_ptr(),
                self.bytes.as_mut_ptr(),
                self.bytes.len(),
            )
        };
        self.length = usize::try_from(read).ok().filter(|read| *read < LONGEST)?;
        Some(())
    }

    fn step(&mut self, step: &[u8]) -> Option<()> {
        match step {
            b"" | b"." => {}
            b".." => self.length = self.bytes().iter().rposition(|byte| *byte == b'/').unwrap_or(0),
            _ => {
                let end = self.length + 1 + step.len();
                self.bytes.get_mut(self.length..end)?[0] = b'/';
                self.bytes[self.length + 1..end].copy_from_slice(step);
                self.length = end;
            }
        }
        Some(())
    }

    fn below(mut self, root: &[u8]) -> Option<Self> {
        let rest = self.bytes().strip_prefix(root)?;
        let rest = if rest.is_empty() { rest } else { rest.strip_prefix(b"/")? };
        if rest.ends_with(b"-shm") {
            return None;
        }
        let (from, length) = (self.length - rest.len(), rest.len());
        self.bytes.copy_within(from..self.length, 0);
        self.length = length;
        Some(self)
    }
}

/// `/proc/self/fd/N`, without asking for memory.
fn open_as(file: c_int, buffer: &mut [u8; 32]) -> &[u8] {
    const BEFORE: &[u8] = b"/proc/self/fd/";
    buffer[..BEFORE.len()].copy_from_slice(BEFORE);
    let (mut digits, mut rest, mut at) = ([0u8; 10], file.unsigned_abs(), 10);
    loop {
        at -= 1;
        digits[at] = b'0' + u8::try_from(rest % 10).unwrap_or(0);
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    let end = BEFORE.len() + digits.len() - at;
    buffer[BEFORE.len()..end].copy_from_slice(&digits[at..]);
    buffer[end] = 0;
    &buffer[..=end]
}
