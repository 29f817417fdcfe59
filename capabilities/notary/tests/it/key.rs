//! The log's key in the data folder.

use std::{fs, os::unix::fs::PermissionsExt};

use base::SeededChance;
use notary::key::{FILE, KeyFileError, load_or_create};

#[test]
fn the_key_is_made_once_and_only_its_owner_reads_it() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("dati");
    let made = load_or_create(&data, "a.example/registro", &SeededChance::new(1)).unwrap();
    let again = load_or_create(&data, "a.example/registro", &SeededChance::new(2)).unwrap();
    assert_eq!(made.verifier(), again.verifier());
    let mode = fs::metadata(data.join(FILE)).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert_eq!(fs::read_dir(&data).unwrap().count(), 1, "nothing else is left behind");
}

#[test]
fn a_key_of_another_name_or_that_others_read_or_that_is_damaged_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let load = |name| load_or_create(folder.path(), name, &SeededChance::new(1));
    load("a.example/registro").unwrap();
    assert!(matches!(load("b.example/registro"), Err(KeyFileError::OtherName { .. })));
    let path = folder.path().join(FILE);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    let message = load("a.example/registro").unwrap_err().to_string();
    assert!(message.contains("mode 640") && message.contains("chmod 600"), "{message}");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    fs::write(&path, "PRIVATE+KEY+a").unwrap();
    assert!(matches!(load("a.example/registro"), Err(KeyFileError::Unreadable(..))));
    assert!(matches!(
        load_or_create(&folder.path().join("altra"), "con spazi", &SeededChance::new(1)),
        Err(KeyFileError::Name(..))
    ));
}
