//! What the library that writes the journal and the program that reads it must agree on. Both include this file.

/// Bytes of a record's head: kind, length of what follows (both `u32`), file, place (both `u64`), little-endian.
pub const HEAD: usize = 24;

/// A file was made. Follows: its path.
pub const CREATED: u32 = 1;
/// A file that was there already was opened. Follows: its path.
pub const FOUND: u32 = 2;
/// Bytes were written at the place. Follow: the bytes.
pub const WRITTEN: u32 = 3;
/// The file has as many bytes as the place says, from now on.
pub const SIZED: u32 = 4;
/// What was written to the file before the place in the journal is on the disk.
pub const SYNCED: u32 = 5;
/// `fsync` failed: what was written before the place in the journal may be forgotten though a later one succeeds.
pub const SYNC_FAILED: u32 = 6;
/// The names in a folder, as of the place in the journal, are on the disk. Follows: its path.
pub const FOLDER_SYNCED: u32 = 7;
/// Follow: the old path, a zero byte, the new path.
pub const RENAMED: u32 = 8;
/// A second name. Follow: the old path, a zero byte, the new path.
pub const LINKED: u32 = 9;
/// Follows: the path.
pub const REMOVED: u32 = 10;
/// A folder was made. Follows: its path.
pub const FOLDER_MADE: u32 = 11;
/// Written by the load: what it was told before this moment, by its own number.
pub const TOLD: u32 = 12;

/// The head of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// One of the constants above.
    pub kind: u32,
    /// Bytes that follow.
    pub length: u32,
    /// The inode; for [`TOLD`] a number of the load's.
    pub file: u64,
    /// Offset in the file, its size, or a place in the journal.
    pub place: u64,
}

impl Head {
    /// As it stands in the journal.
    pub fn bytes(&self) -> [u8; HEAD] {
        let mut bytes = [0; HEAD];
        bytes[..4].copy_from_slice(&self.kind.to_le_bytes());
        bytes[4..8].copy_from_slice(&self.length.to_le_bytes());
        bytes[8..16].copy_from_slice(&self.file.to_le_bytes());
        bytes[16..].copy_from_slice(&self.place.to_le_bytes());
        bytes
    }
}

/// The control page: numbers of 64 bits that the test changes while the program runs.
pub mod control {
    /// How many numbers there are.
    pub const SLOTS: usize = 8;
    /// Seconds by which the machine's clock is wrong.
    pub const CLOCK_OFFSET: usize = 0;
    /// The how manyeth `fsync` from now on fails; 0: none.
    pub const SYNC_THAT_FAILS: usize = 1;
    /// The how manyeth write from now on fails; 0: none.
    pub const WRITE_THAT_FAILS: usize = 2;
    /// 1: what fails was done nevertheless, and only its answer is wrong.
    pub const DONE_NEVERTHELESS: usize = 3;
    /// By how many bytes files may still grow; negative: as they like.
    pub const ROOM: usize = 4;
    /// 1: `fsync` answers that all is well and does nothing, as some disks do.
    pub const LYING: usize = 5;
    /// How long `fsync` takes, in microseconds.
    pub const SYNC_TAKES: usize = 6;
    /// How many calls failed so far because this page says so.
    pub const FAILED: usize = 7;
}
