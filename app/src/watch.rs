//! `sportello check --watch`: checks again whenever a declared file changes.

use std::{
    collections::BTreeMap, fs, io, path::Path, path::PathBuf, process::ExitCode, time::Duration, time::SystemTime,
};

use crate::{check, terminal::say};

/// How often the folders are looked at: often enough to seem at once, rarely enough to cost nothing.
const PAUSE: Duration = Duration::from_millis(400);
/// The folders that officials edit.
const DECLARED: [&str; 3] = ["services", "law", "content"];

/// Checks, then again after every change, until the program is stopped.
pub async fn run(root: &Path) -> anyhow::Result<ExitCode> {
    let mut seen = None;
    loop {
        let now = changes(root)?;
        if seen.as_ref() != Some(&now) {
            seen = Some(now);
            if let Err(error) = check::run(root) {
                say(format!("{error:#}"));
            }
            say("\nIn attesa di modifiche ai file. Ctrl-C per finire.");
        }
        tokio::select! {
            () = tokio::time::sleep(PAUSE) => {}
            _ = tokio::signal::ctrl_c() => return Ok(ExitCode::SUCCESS),
        }
    }
}

/// Every declared file with the time of its last change.
fn changes(root: &Path) -> io::Result<BTreeMap<PathBuf, SystemTime>> {
    let mut found = BTreeMap::new();
    let mut folders: Vec<PathBuf> = DECLARED.iter().map(|name| root.join(name)).filter(|path| path.is_dir()).collect();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let kind = entry.metadata()?;
            if kind.is_dir() {
                folders.push(entry.path());
            } else {
                found.insert(entry.path(), kind.modified()?);
            }
        }
    }
    Ok(found)
}
