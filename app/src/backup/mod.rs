//! `sportello backup` and `sportello restore`: one file that holds the whole book of a moment, sealed with the key of the
//! log, and the proof that what was restored is that book.

mod facts;
mod file;
mod manifest;
mod restore;

use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
    time::Instant,
};

use anyhow::{Context, bail};
use base::Clock;
use database::Database;
use manifest::Manifest;
use proofs::SignerKey;
pub use restore::run as restore;
use sha2::{Digest, Sha256};

use crate::{
    arguments::Backup,
    house::migrations,
    machine::SystemClock,
    settings::{database, refuse_absent},
    terminal::{clear, counted, say, seconds},
    told,
};

/// `sportello backup`.
pub async fn run(backup: Backup) -> anyhow::Result<ExitCode> {
    let (began, url) = (Instant::now(), database(&backup.place));
    refuse_absent(&backup.place)?;
    let keys = backup.place.data.join("keys");
    let signer = signer(&keys.join(notary::key::FILE))?;
    let part = beside(&backup.to, "part");
    if backup.to.exists() {
        bail!("{} esiste già: una copia non ne sostituisce un’altra, scegli un altro nome", backup.to.display());
    }
    // What an earlier run left half done.
    clear_away(&part)?;
    let made_at = SystemClock.now();
    let source = Database::open(&url).await.map_err(|error| told::unusable(&url, &error))?;
    let copied = source.copy_to(&part, &migrations(), made_at, counted).await;
    clear();
    source.close().await;
    let made = async {
        copied.map_err(|error| told::unusable(&url, &error))?;
        let facts = facts::of_file(&part).await?;
        let manifest = Manifest {
            made_at: made_at.to_string(),
            program: env!("CARGO_PKG_VERSION").to_owned(),
            book: file::digest(&part)?,
            keys: named_keys(&keys, &signer),
            facts,
        };
        file::seal(&part, &manifest.sign(&signer)?)?;
        let unwritable = |error| told::unwritable(&backup.to, &error);
        fs::rename(&part, &backup.to).map_err(unwritable)?;
        database::sync_name(&backup.to).map_err(unwritable)?;
        anyhow::Ok(manifest)
    };
    let made = made.await;
    clear_away(&part)?; // after the rename there is nothing of it
    let manifest = made?;
    manifest.said().into_iter().for_each(say);
    say(format!("✓ Copia in {} ({}).", backup.to.display(), seconds(began.elapsed())));
    say("  Le chiavi non sono nella copia: conservale a parte. Prova la copia: sportello restore --check --from …");
    Ok(ExitCode::SUCCESS)
}

/// The key of the log, with which the copy is sealed.
fn signer(path: &Path) -> anyhow::Result<SignerKey> {
    let text = fs::read_to_string(path).map_err(|error| told::unreadable(path, &error))?;
    let wrong = || format!("{} non è la chiave di un registro", path.display());
    SignerKey::parse(text.trim_end()).with_context(wrong)
}

/// What has to be kept beside the copy, by name and public part: whoever restores sees whether the keys are the right
/// ones.
fn named_keys(keys: &Path, signer: &SignerKey) -> Vec<String> {
    let mut named = vec![format!("{} {}", notary::key::FILE, signer.verifier())];
    for name in ["seal.crt", "sp.crt"] {
        if let Ok(certificate) = fs::read(keys.join(name)) {
            named.push(format!("{name} sha256:{}", hex::encode(Sha256::digest(&certificate))));
        }
    }
    named
}

/// A file of another ending in the same folder: renaming it is one step.
fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_os_string();
    name.push(format!(".{ending}"));
    path.with_file_name(name)
}

/// Removes a book that is nobody's any more, with what SQLite keeps beside it.
fn clear_away(path: &Path) -> anyhow::Result<()> {
    for ending in ["", "-wal", "-shm", "-journal"] {
        let mut name = path.as_os_str().to_os_string();
        name.push(ending);
        match fs::remove_file(&name) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(told::unwritable(Path::new(&name), &error));
            }
            _ => {}
        }
    }
    Ok(())
}
