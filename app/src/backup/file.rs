//! The file of a copy: the bytes of the book, the note that seals them, and at the very end where the note begins.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read, Seek, SeekFrom, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

use anyhow::{anyhow, bail};
use sha2::{Digest, Sha256};

use super::manifest::{Bytes, Manifest};
use crate::told;

/// The last line: the length of the note in 16 hexadecimal digits, and this.
const LAST: &str = " SPORTELLO-BACKUP-1\n";
const DIGITS: usize = 16;
/// More than any note.
const LONGEST_NOTE: u64 = 256 * 1024;
const BLOCK: usize = 1 << 20;

/// Length and digest of a file.
pub fn digest(path: &Path) -> anyhow::Result<Bytes> {
    let failed = |error| told::unreadable(path, &error);
    let file = File::open(path).map_err(failed)?;
    pour(&file, &mut io::sink(), u64::MAX).map_err(failed)
}

/// Puts the note behind the book, and waits until the disk has all of it.
pub fn seal(path: &Path, note: &str) -> anyhow::Result<()> {
    let write = || {
        let mut file = OpenOptions::new().append(true).open(path)?;
        write!(file, "{note}{:016x}{LAST}", note.len())?;
        file.sync_all()
    };
    write().map_err(|error| told::unwritable(path, &error))
}

/// The note at the end of a copy. Nothing in it is to be believed before [`Manifest::open`].
pub fn note(path: &Path) -> anyhow::Result<String> {
    let failed = |error: io::Error| told::unreadable(path, &error);
    let strange = || anyhow!("{} non è una copia fatta con «sportello backup», oppure è troncata", path.display());
    let mut file = File::open(path).map_err(failed)?;
    let length = file.metadata().map_err(failed)?.len();
    let tail = (DIGITS + LAST.len()) as u64;
    let start = length.checked_sub(tail).ok_or_else(strange)?;
    let last = text(&mut file, start, tail).map_err(failed)?.ok_or_else(strange)?;
    let digits = last.strip_suffix(LAST).ok_or_else(strange)?;
    let long = u64::from_str_radix(digits, 16).ok().filter(|long| *long <= LONGEST_NOTE).ok_or_else(strange)?;
    let begin = start.checked_sub(long).ok_or_else(strange)?;
    text(&mut file, begin, long).map_err(failed)?.ok_or_else(strange)
}

fn text(file: &mut File, from: u64, length: u64) -> io::Result<Option<String>> {
    file.seek(SeekFrom::Start(from))?;
    let mut bytes = Vec::new();
    file.take(length).read_to_end(&mut bytes)?;
    Ok(String::from_utf8(bytes).ok())
}

/// Writes the book of a copy to `to`, byte for byte as it was sealed, or refuses the copy.
pub fn extract(copy: &Path, manifest: &Manifest, note: &str, to: &Path) -> anyhow::Result<()> {
    let altered = || anyhow!("{} è alterata: non è più la copia che fu sigillata. Usane un’altra", copy.display());
    let source = File::open(copy).map_err(|error| told::unreadable(copy, &error))?;
    let length = source.metadata().map_err(|error| told::unreadable(copy, &error))?.len();
    let rest = (note.len() + DIGITS + LAST.len()) as u64;
    if manifest.book.length.checked_add(rest) != Some(length) {
        return Err(altered());
    }
    let failed = |error| told::unwritable(to, &error);
    let mut target = OpenOptions::new().write(true).create_new(true).mode(0o600).open(to).map_err(failed)?;
    let poured = pour(&source, &mut target, manifest.book.length).map_err(failed)?;
    target.sync_all().map_err(failed)?;
    if poured == manifest.book { Ok(()) } else { Err(altered()) }
}

fn pour(mut from: &File, to: &mut impl Write, most: u64) -> io::Result<Bytes> {
    let (mut hash, mut length, mut block) = (Sha256::new(), 0, vec![0; BLOCK]);
    while length < most {
        let wanted = usize::try_from(most - length).unwrap_or(BLOCK).min(BLOCK);
        let read = from.read(&mut block[..wanted])?;
        if read == 0 {
            break;
        }
        hash.update(&block[..read]);
        to.write_all(&block[..read])?;
        length += read as u64;
    }
    Ok(Bytes { length, sha256: hex::encode(hash.finalize()) })
}

/// Refuses a place where there is something already.
pub fn refuse_taken(path: &Path) -> anyhow::Result<()> {
    for ending in ["", "-wal"] {
        let mut name = path.as_os_str().to_os_string();
        name.push(ending);
        if fs::exists(&name).unwrap_or(true) {
            bail!(
                "{} c’è già: si ripristina solo in un posto vuoto. Sposta altrove quello che c’è",
                Path::new(&name).display()
            );
        }
    }
    Ok(())
}
