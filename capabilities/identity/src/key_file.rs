//! Files with keys of ours: made once, whole or not at all, readable by nobody else.

use std::{
    fs,
    io::{self, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::Path,
};

use crate::KeyError;

/// What stands in a file of a key; at the first start it is what `make` gives.
///
/// # Errors
/// [`KeyError`] when it cannot be read, made or written.
pub(crate) fn open_or_make(file: &Path, make: impl FnOnce() -> Result<String, KeyError>) -> Result<String, KeyError> {
    once(file, || write(file, &make()?, 0o600))?;
    read(file)
}

/// Does `make`, unless this file, which it writes last, is there: of two first starts at once one makes it, and the other waits.
///
/// # Errors
/// [`KeyError`] when the folder cannot be made, or what `make` says.
pub(crate) fn once(file: &Path, make: impl FnOnce() -> Result<(), KeyError>) -> Result<(), KeyError> {
    if file.exists() {
        return Ok(());
    }
    let folder = file.parent().unwrap_or(Path::new(""));
    let of_folder = |error| told(folder, error);
    database::make_folder(folder).map_err(of_folder)?;
    let alone = fs::File::open(folder).map_err(of_folder)?;
    alone.lock().map_err(of_folder)?;
    if file.exists() { Ok(()) } else { make() }
}

/// The text of a file.
///
/// # Errors
/// [`KeyError::File`].
pub(crate) fn read(file: &Path) -> Result<String, KeyError> {
    fs::read_to_string(file).map_err(|error| told(file, error))
}

/// Writes a file: it is there whole or not at all, also after a power cut.
///
/// # Errors
/// [`KeyError::File`].
pub(crate) fn write(file: &Path, text: &str, mode: u32) -> Result<(), KeyError> {
    let draft = file.with_added_extension(std::process::id().to_string());
    let whole = || {
        let mut open = fs::OpenOptions::new().write(true).create(true).truncate(true).mode(mode).open(&draft)?;
        open.write_all(text.as_bytes())?;
        open.sync_all()?;
        fs::rename(&draft, file)?;
        database::sync_name(file)
    };
    whole().map_err(|error| told(file, error))
}

fn told(file: &Path, error: io::Error) -> KeyError {
    KeyError::File { file: file.display().to_string(), error }
}
