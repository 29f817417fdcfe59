use std::collections::BTreeMap;

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

/// A dependency that a Cargo file names, in whichever of its forms.
#[derive(Debug, PartialEq, Eq)]
pub struct Dependency {
    /// Line of its name, from 1.
    pub line: usize,
    /// The name under which the code uses it.
    pub key: String,
    /// The crate that it really is, if it was renamed here.
    pub package: Option<String>,
    /// Whether it is a folder of this tree.
    pub own: bool,
    /// Whether version and sentence stand in the root's Cargo file.
    pub inherited: bool,
    /// For tests only.
    pub dev: bool,
}

/// Every dependency of a Cargo file: `[dependencies]`, `[build-dependencies]`, `[dev-dependencies]`, each also below
/// `[target.…]`, and `[workspace.dependencies]`; as `name = …`, `name.workspace = true` or `[dependencies.name]`.
pub fn dependencies(manifest: &str) -> Vec<Dependency> {
    // What Cargo cannot read never gets as far as these rules.
    let Ok(root) = DeTable::parse(manifest) else { return Vec::new() };
    let mut found = Vec::new();
    let root = root.get_ref();
    let targets = table(root, "target").into_iter().flat_map(|targets| targets.values());
    let targets = targets.filter_map(|target| target.get_ref().as_table());
    for holder in [Some(root), table(root, "workspace")].into_iter().flatten().chain(targets) {
        for (section, dev) in [("dependencies", false), ("build-dependencies", false), ("dev-dependencies", true)] {
            let entries = table(holder, section).into_iter().flatten();
            found.extend(entries.map(|(key, value)| dependency(manifest, key, value, dev)));
        }
    }
    found
}

/// The names that `[workspace.dependencies]` gives to crates of another name.
pub fn renamed(root_manifest: &str) -> BTreeMap<String, String> {
    dependencies(root_manifest).into_iter().filter_map(|one| Some((one.key, one.package?))).collect()
}

fn table<'a, 'i>(holder: &'a DeTable<'i>, name: &str) -> Option<&'a DeTable<'i>> {
    holder.get(name)?.get_ref().as_table()
}

fn dependency(
    manifest: &str,
    key: &Spanned<std::borrow::Cow<'_, str>>,
    value: &Spanned<DeValue<'_>>,
    dev: bool,
) -> Dependency {
    let details = value.get_ref().as_table();
    let field = |name: &str| details.and_then(|details| details.get(name)).map(Spanned::get_ref);
    Dependency {
        line: 1 + manifest[..key.span().start].matches('\n').count(),
        key: key.get_ref().to_string(),
        package: field("package").and_then(DeValue::as_str).map(str::to_owned),
        own: field("path").is_some(),
        inherited: field("workspace").is_some(),
        dev,
    }
}
