//! Makes sure that the folder of generated files exists, so that the crate compiles before `make assets` has run.

use std::{fs, path::Path};

fn main() {
    let folder = Path::new("assets/generated");
    println!("cargo::rerun-if-changed=assets/generated");
    if let Err(error) = fs::create_dir_all(folder) {
        println!("cargo::warning=cannot create {}: {error}", folder.display());
    }
    if !folder.join("sportello.css").exists() {
        println!("cargo::warning=styles, fonts and icons are missing: run `make assets` (pages will look bare)");
    }
}
