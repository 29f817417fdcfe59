use std::{
    fs::{self, File},
    io::{ErrorKind, Result},
    path::Path,
};

/// Makes a folder, and those above it, so that they outlast a power cut: a folder is on the disk when the one that names
/// it was synced, and no sooner.
///
/// # Errors
/// What the file system refuses.
pub fn make_folder(folder: &Path) -> Result<()> {
    if folder.as_os_str().is_empty() {
        return Ok(()); // the working folder
    }
    let above = folder.parent().filter(|above| !above.as_os_str().is_empty());
    let sync = || sync_name(folder);
    if folder.is_dir() {
        // Made by somebody who may not have come as far as syncing. One that we may not read was made before us.
        drop(sync());
        return Ok(());
    }
    above.map_or(Ok(()), make_folder)?;
    match fs::create_dir(folder) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists || !folder.is_dir() => Err(error),
        _ => sync(),
    }
}

/// Waits until the disk has the name of a file or folder, too.
///
/// # Errors
/// What the file system refuses.
pub fn sync_name(path: &Path) -> Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_made_once_and_a_file_in_the_way_is_told() {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("a/b/c");
        make_folder(&folder).unwrap();
        make_folder(&folder).unwrap();
        assert!(folder.is_dir());
        fs::write(place.path().join("file"), "").unwrap();
        assert!(make_folder(&place.path().join("file")).is_err() && make_folder(&place.path().join("file/d")).is_err());
    }
}
