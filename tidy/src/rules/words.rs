use std::collections::BTreeSet;

use crate::{Fault, Tree};

/// `words/{it,en,de}.toml` of a room have the same keys.
pub fn same_keys(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (italian, text) in tree.ending("/words/it.toml") {
        let keys = keys_of(text);
        for language in ["en", "de"] {
            let path = italian.replace("/it.toml", &format!("/{language}.toml"));
            let other = tree.0.get(&path).map(|text| keys_of(text)).unwrap_or_default();
            let missing = keys.difference(&other).map(|key| format!("`{key}` is missing: it.toml has it"));
            let stray = other.difference(&keys).map(|key| format!("`{key}` is not in it.toml"));
            faults.extend(missing.chain(stray).map(|message| Fault::new(&path, 0, message)));
        }
    }
    faults
}

fn keys_of(text: &str) -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    if let Ok(table) = text.parse::<toml::Table>() {
        collect("", &table, &mut keys);
    }
    keys
}

fn collect(prefix: &str, table: &toml::Table, keys: &mut BTreeSet<String>) {
    for (name, value) in table {
        let key = if prefix.is_empty() { name.clone() } else { format!("{prefix}.{name}") };
        match value {
            toml::Value::Table(inner) => collect(&key, inner, keys),
            _ => drop(keys.insert(key)),
        }
    }
}
