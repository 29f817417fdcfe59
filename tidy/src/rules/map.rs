use crate::{Fault, Tree};

/// Every room has a README, which is also its documentation, and is named in ARCHITECTURE.md.
pub fn rooms(tree: &Tree) -> Vec<Fault> {
    let map = tree.0.get("ARCHITECTURE.md").map_or("", String::as_str);
    let mut faults = Vec::new();
    for (path, _) in tree.ending("/Cargo.toml") {
        let Some(folder) = path.strip_suffix("/Cargo.toml") else { continue };
        let room = folder.rsplit('/').next().unwrap_or(folder);
        if !tree.0.contains_key(&format!("{folder}/README.md")) {
            faults.push(Fault::new(path, 0, format!("{folder} has no README.md: say what the room does")));
        }
        if !map.contains(&format!("`{room}`")) {
            faults.push(Fault::new("ARCHITECTURE.md", 0, format!("does not name the room `{room}`")));
        }
    }
    faults
}
