//! A ZIP archive that is written as it comes (APPNOTE.TXT 6.3.10, without ZIP64): each part is compressed while it
//! grows, and its sizes stand behind it.

use std::{io::Write, mem};

use flate2::{Compression, Crc, write::DeflateEncoder};

/// 1 January 1980, the first day that ZIP knows: the same table is the same file.
const DAY: u16 = (1 << 5) | 1;
/// Version 2.0: compression.
const NEEDED: u16 = 20;
const STORED: u16 = 0;
const DEFLATED: u16 = 8;
/// The sizes stand behind the part, and its name is UTF-8.
const SIZES_FOLLOW: u16 = (1 << 3) | (1 << 11);
/// How much is gathered before it is compressed, in bytes.
const PIECE: usize = 1 << 15;

#[derive(Debug)]
struct Entry {
    name: &'static str,
    number: u32,
    flags: u16,
    method: u16,
    crc: u32,
    packed: u32,
    plain: u32,
    offset: u32,
}

/// An archive; parts are written one after the other.
#[derive(Debug, Default)]
pub(crate) struct Zip {
    /// How the part under way goes on; compressed when it is worth it.
    pub(crate) text: String,
    ready: Vec<u8>,
    /// How much was taken already.
    taken: u64,
    entries: Vec<Entry>,
    part: Option<Part>,
}

#[derive(Debug)]
struct Part {
    packer: DeflateEncoder<Vec<u8>>,
    crc: Crc,
    packed: u64,
}

impl Zip {
    /// A part that is there as a whole and not compressed.
    pub(crate) fn store(&mut self, name: &'static str, content: &[u8]) {
        let mut crc = Crc::new();
        crc.update(content);
        let size = small(content.len() as u64);
        let offset = small(self.length());
        let (crc, number) = (crc.sum(), 0);
        let entry = Entry { name, number, flags: 0, method: STORED, crc, packed: size, plain: size, offset };
        self.local(&entry);
        self.ready.extend_from_slice(content);
        self.entries.push(entry);
    }

    /// A part that is there as a whole.
    pub(crate) fn whole(&mut self, name: &'static str, content: &str) {
        self.begin(name, 0);
        self.text.push_str(content);
        self.end();
    }

    /// Begins a part. `{}` in the name stands for the number.
    pub(crate) fn begin(&mut self, name: &'static str, number: u32) {
        self.end();
        let offset = small(self.length());
        let (flags, method) = (SIZES_FOLLOW, DEFLATED);
        let entry = Entry { name, number, flags, method, crc: 0, packed: 0, plain: 0, offset };
        self.local(&entry);
        self.entries.push(entry);
        self.part =
            Some(Part { packer: DeflateEncoder::new(Vec::new(), Compression::fast()), crc: Crc::new(), packed: 0 });
    }

    /// Compresses what was gathered, if that is much.
    pub(crate) fn gathered(&mut self) {
        if self.text.len() >= PIECE {
            self.pack();
        }
    }

    fn pack(&mut self) {
        let Some(part) = &mut self.part else { return };
        part.crc.update(self.text.as_bytes());
        part.packer.write_all(self.text.as_bytes()).expect("bytes in memory take what is written");
        self.text.clear();
        let packed = mem::take(part.packer.get_mut());
        part.packed += packed.len() as u64;
        self.ready.extend_from_slice(&packed);
    }

    fn end(&mut self) {
        self.pack();
        let (Some(part), Some(entry)) = (self.part.take(), self.entries.last_mut()) else { return };
        let plain = part.packer.total_in();
        let rest = part.packer.finish().expect("bytes in memory take what is written");
        (entry.crc, entry.plain) = (part.crc.sum(), small(plain));
        entry.packed = small(part.packed + rest.len() as u64);
        let sizes = [0x0807_4b50, entry.crc, entry.packed, entry.plain];
        self.ready.extend_from_slice(&rest);
        for size in sizes {
            self.ready.extend_from_slice(&size.to_le_bytes());
        }
    }

    pub(crate) fn take(&mut self) -> Vec<u8> {
        self.taken += self.ready.len() as u64;
        mem::take(&mut self.ready)
    }

    /// The directory at the end.
    pub(crate) fn finish(mut self) -> Vec<u8> {
        self.end();
        let begins = self.length();
        let entries = mem::take(&mut self.entries);
        for entry in &entries {
            self.numbers(&[0x4b50, 0x0201, NEEDED, NEEDED]);
            self.common(entry);
            self.numbers(&[0, 0, 0, 0, 0]); // no comment, first disk, no attributes
            self.ready.extend_from_slice(&entry.offset.to_le_bytes());
            self.ready.extend_from_slice(entry.called().as_bytes());
        }
        let many = u16::try_from(entries.len()).unwrap_or(u16::MAX);
        let size = small(self.length() - begins);
        self.numbers(&[0x4b50, 0x0605, 0, 0, many, many]);
        self.ready.extend_from_slice(&size.to_le_bytes());
        self.ready.extend_from_slice(&small(begins).to_le_bytes());
        self.numbers(&[0]);
        self.ready
    }

    fn local(&mut self, entry: &Entry) {
        self.numbers(&[0x4b50, 0x0403, NEEDED]);
        self.common(entry);
        self.ready.extend_from_slice(entry.called().as_bytes());
    }

    /// What both the part and the directory say of it.
    fn common(&mut self, entry: &Entry) {
        self.numbers(&[entry.flags, entry.method, 0, DAY]);
        for number in [entry.crc, entry.packed, entry.plain] {
            self.ready.extend_from_slice(&number.to_le_bytes());
        }
        self.numbers(&[u16::try_from(entry.called().len()).unwrap_or(u16::MAX), 0]);
    }

    fn numbers(&mut self, numbers: &[u16]) {
        for number in numbers {
            self.ready.extend_from_slice(&number.to_le_bytes());
        }
    }

    fn length(&self) -> u64 {
        self.taken + self.ready.len() as u64
    }
}

impl Entry {
    fn called(&self) -> String {
        self.name.replace("{}", &self.number.to_string())
    }
}

/// Sizes are bounded by the number of rows; a larger one would be told wrong, and the archive refused by who opens it.
fn small(size: u64) -> u32 {
    u32::try_from(size).unwrap_or(u32::MAX)
}
