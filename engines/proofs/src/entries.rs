//! Entry bundles of the tlog-tiles layout: each entry after its length in two big-endian bytes.

use thiserror::Error;

/// Why an entry bundle could not be written or read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum EntriesError {
    /// An entry of more than 65,535 bytes has no place in a bundle.
    #[error("entry {0} of the bundle is longer than 65535 bytes")]
    TooLong(usize),
    /// The bytes end inside an entry.
    #[error("the bundle ends inside an entry")]
    Torn,
}

/// The bytes of a bundle.
///
/// # Errors
/// [`EntriesError::TooLong`], with the place of the entry.
pub fn encode_entries<E: AsRef<[u8]>>(entries: impl IntoIterator<Item = E>) -> Result<Vec<u8>, EntriesError> {
    let mut bytes = Vec::new();
    for (place, entry) in entries.into_iter().enumerate() {
        let entry = entry.as_ref();
        let length = u16::try_from(entry.len()).map_err(|_| EntriesError::TooLong(place))?;
        bytes.extend_from_slice(&length.to_be_bytes());
        bytes.extend_from_slice(entry);
    }
    Ok(bytes)
}

/// The entries of a bundle.
///
/// # Errors
/// [`EntriesError::Torn`].
pub fn decode_entries(mut bytes: &[u8]) -> Result<Vec<&[u8]>, EntriesError> {
    let mut entries = Vec::new();
    while !bytes.is_empty() {
        let (length, rest) = bytes.split_first_chunk().ok_or(EntriesError::Torn)?;
        let (entry, rest) = rest.split_at_checked(u16::from_be_bytes(*length).into()).ok_or(EntriesError::Torn)?;
        entries.push(entry);
        bytes = rest;
    }
    Ok(entries)
}
