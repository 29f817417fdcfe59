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
    let sync = || File::open(above.unwrap_or(Path::new("."))).and_then(|above| above.sync_all());
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
