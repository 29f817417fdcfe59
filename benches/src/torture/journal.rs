//! What `powercut` wrote down.

use std::{fs::File, io::Write, path::Path};

use anyhow::{Context, ensure};

#[path = "../../powercut/src/format.rs"]
pub mod format;

use format::{HEAD, Head};

/// One record.
#[derive(Debug, Clone, Copy)]
pub struct Record<'a> {
    /// Where it stands in the journal, in bytes.
    pub at: u64,
    /// Kind, file, place.
    pub head: Head,
    /// What follows.
    pub body: &'a [u8],
}

/// All records, in their order. A last one that is not whole is left out.
pub fn records(journal: &[u8]) -> anyhow::Result<Vec<Record<'_>>> {
    let (mut found, mut at) = (Vec::new(), 0);
    while let Some(head) = journal.get(at..at + HEAD) {
        let head = read_head(head)?;
        let start = at + HEAD;
        let Some(body) = journal.get(start..start + head.length as usize) else { break };
        found.push(Record { at: at as u64, head, body });
        at = start + body.len();
    }
    Ok(found)
}

fn read_head(bytes: &[u8]) -> anyhow::Result<Head> {
    let small = |at: usize| bytes[at..at + 4].try_into().map(u32::from_le_bytes);
    let large = |at: usize| bytes[at..at + 8].try_into().map(u64::from_le_bytes);
    let head = Head { kind: small(0)?, length: small(4)?, file: large(8)?, place: large(16)? };
    ensure!((format::CREATED..=format::TOLD).contains(&head.kind), "the journal is not one: kind {}", head.kind);
    Ok(head)
}

/// The load's pen: what somebody was told stands in the journal behind what made it durable.
#[derive(Debug)]
pub struct Pen(File);

impl Pen {
    /// Opens the journal to append.
    pub fn open(journal: &Path) -> anyhow::Result<Self> {
        let file = File::options().append(true).create(true).open(journal);
        Ok(Self(file.with_context(|| format!("{} cannot be written", journal.display()))?))
    }

    /// Notes that somebody was told the thing of this number.
    pub fn told(&mut self, number: u64) -> std::io::Result<()> {
        self.0.write_all(&Head { kind: format::TOLD, length: 0, file: number, place: 0 }.bytes())
    }
}
