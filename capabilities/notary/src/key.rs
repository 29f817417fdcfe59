//! The log's key in the data folder. The only file that this room touches, once, when the program starts.

use std::{
    fs::{self, OpenOptions},
    io::{self, Write},
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};

use base::Chance;
use proofs::{KeyError, SignerKey};

/// Name of the file in the data folder.
pub const FILE: &str = "registro.key";
/// Whoever can read the key can sign another history: its owner alone.
const OWNER_ONLY: u32 = 0o600;

/// Why the log cannot have its key.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    /// The file cannot be read or written.
    #[error("{}: {source}", .path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// Others than the owner may read or write the file.
    #[error("{0}: others can read this key (mode {1:03o}): run `chmod 600 {0}`, and consider whether it was copied")]
    Exposed(String, u32),
    /// The content is not a private key.
    #[error("{0}: not a private key ({1}): restore it from the backup; a new key would begin another log")]
    Unreadable(String, KeyError),
    /// The key signs for a log of another name.
    #[error(
        "{path}: the key is of the log `{found}`, not of `{expected}`: set the name back, or use another data folder"
    )]
    OtherName {
        /// The file.
        path: String,
        /// The name in the key.
        found: String,
        /// The configured name.
        expected: String,
    },
    /// The configured name cannot be that of a log.
    #[error("`{0}` cannot name a log: {1}")]
    Name(String, KeyError),
}

/// The key of the log `name` out of `folder`; made from `chance` and written there when there is none yet.
///
/// # Errors
/// [`KeyFileError`]: the program should not start then, because a log without its key, or with another one, is of no
/// use to anybody who holds a receipt.
pub fn load_or_create(folder: &Path, name: &str, chance: &dyn Chance) -> Result<SignerKey, KeyFileError> {
    let path = folder.join(FILE);
    let in_file = |source| KeyFileError::File { path: path.clone(), source };
    if !path.try_exists().map_err(in_file)? {
        let key = SignerKey::generate(name, chance).map_err(|error| KeyFileError::Name(name.to_owned(), error))?;
        create(folder, &path, &key.to_secret_text()).map_err(in_file)?;
    }
    // Read back even when just made: another process may have been faster, and its key is then the one that counts.
    load(&path, name)
}

fn load(path: &Path, name: &str) -> Result<SignerKey, KeyFileError> {
    let in_file = |source| KeyFileError::File { path: path.to_owned(), source };
    let shown = path.display().to_string();
    let mode = fs::metadata(path).map_err(in_file)?.permissions().mode() & 0o777;
    if mode & 0o077 != 0 {
        return Err(KeyFileError::Exposed(shown, mode));
    }
    let text = fs::read_to_string(path).map_err(in_file)?;
    let key = SignerKey::parse(text.trim_end()).map_err(|error| KeyFileError::Unreadable(shown.clone(), error))?;
    let found = key.verifier().name();
    if found == name {
        Ok(key)
    } else {
        Err(KeyFileError::OtherName { path: shown, found: found.to_owned(), expected: name.to_owned() })
    }
}

/// Written and synced under another name first, then linked: the file is there whole or not at all, and never replaced.
fn create(folder: &Path, path: &Path, secret: &str) -> io::Result<()> {
    database::make_folder(folder)?;
    let draft = folder.join(format!("{FILE}.{}", std::process::id()));
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(OWNER_ONLY).open(&draft)?;
    file.write_all(format!("{secret}\n").as_bytes())?;
    file.sync_all()?;
    let linked = fs::hard_link(&draft, path);
    fs::remove_file(&draft)?;
    match linked {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => database::sync_name(path),
    }
}
