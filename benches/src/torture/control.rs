//! The control page of `powercut`: what goes wrong, changed while the program runs.

use std::{
    fs::{self, File},
    os::unix::fs::FileExt,
    path::Path,
};

use super::journal::format::control as slot;

/// As long as a good disk takes, in microseconds: in a shorter time too few wait for the same commit.
const SYNC_TAKES: i64 = 800;
/// Files may grow as they like.
const UNLIMITED: i64 = -1;

/// The page, as a file.
#[derive(Debug)]
pub struct Control(File);

impl Control {
    /// A page on which nothing goes wrong.
    pub fn new(path: &Path) -> anyhow::Result<Self> {
        fs::write(path, [0; slot::SLOTS * 8])?;
        let control = Self(File::options().read(true).write(true).open(path)?);
        control.calm()?;
        Ok(control)
    }

    /// Nothing goes wrong any more. What the disk is like stays.
    pub fn calm(&self) -> anyhow::Result<()> {
        for place in [slot::CLOCK_OFFSET, slot::SYNC_THAT_FAILS, slot::WRITE_THAT_FAILS, slot::FAILED] {
            self.set(place, 0)?;
        }
        self.set(slot::ROOM, UNLIMITED)?;
        self.set(slot::SYNC_TAKES, SYNC_TAKES)
    }

    /// From now on `fsync` says that all is well, and does nothing.
    pub fn lie(&self) -> anyhow::Result<()> {
        self.set(slot::LYING, 1)
    }

    /// The clock is wrong by so many seconds.
    pub fn clock_is_wrong_by(&self, seconds: i64) -> anyhow::Result<()> {
        self.set(slot::CLOCK_OFFSET, seconds)
    }

    /// The n-th `fsync` from now on fails, having done its work or not.
    pub fn fail_sync(&self, nth: u64, nevertheless: bool) -> anyhow::Result<()> {
        self.set(slot::DONE_NEVERTHELESS, i64::from(nevertheless))?;
        self.set(slot::SYNC_THAT_FAILS, i64::try_from(nth)?)
    }

    /// The n-th write from now on fails, having done its work or not.
    pub fn fail_write(&self, nth: u64, nevertheless: bool) -> anyhow::Result<()> {
        self.set(slot::DONE_NEVERTHELESS, i64::from(nevertheless))?;
        self.set(slot::WRITE_THAT_FAILS, i64::try_from(nth)?)
    }

    /// So many bytes are left.
    pub fn leave_room(&self, bytes: u64) -> anyhow::Result<()> {
        self.set(slot::ROOM, i64::try_from(bytes)?)
    }

    /// There is room again.
    pub fn make_room(&self) -> anyhow::Result<()> {
        self.set(slot::ROOM, UNLIMITED)
    }

    /// How many calls failed because the page said so.
    pub fn failed(&self) -> anyhow::Result<i64> {
        let mut bytes = [0; 8];
        self.0.read_exact_at(&mut bytes, at(slot::FAILED))?;
        Ok(i64::from_ne_bytes(bytes))
    }

    fn set(&self, place: usize, number: i64) -> anyhow::Result<()> {
        Ok(self.0.write_all_at(&number.to_ne_bytes(), at(place))?)
    }
}

const fn at(slot: usize) -> u64 {
    slot as u64 * 8
}
