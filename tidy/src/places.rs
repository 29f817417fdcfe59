use std::path::{Path, PathBuf};

/// The folder of the room whose test is running. For tests: `env!` would name the clone in which the test was built.
///
/// # Panics
/// When neither cargo nor nextest runs the test.
#[must_use]
pub fn room() -> PathBuf {
    PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").expect("cargo and nextest say where a room stands"))
}

/// The root of the tree: the folder with services/, law/ and content/. For tests.
///
/// # Panics
/// See [`room`]; when no folder above the room has these.
#[must_use]
pub fn house() -> PathBuf {
    let room = room();
    let root = room.ancestors().find(|folder| folder.join("services").is_dir() && folder.join("Cargo.lock").is_file());
    root.map(Path::to_owned).expect("every room stands in the house")
}
