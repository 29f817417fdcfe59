use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

/// The texts of one service, as they lie in `services/<slug>/`: a value, so that a version stored years ago is read
/// exactly as one on disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folder {
    /// Name of the folder, which is the service's place in URLs.
    pub slug: String,
    /// How its author knows the folder, for messages: `services/assegno-unico`.
    pub label: String,
    /// Path inside the folder (`letters/ricevuta.md`) → text.
    pub files: BTreeMap<String, String>,
}

/// Hexadecimal digits of a version: 64 bits, far more than the versions one service will ever have.
const VERSION_DIGITS: usize = 16;

impl Folder {
    /// The text of a file.
    #[must_use]
    pub fn text(&self, path: &str) -> Option<&str> {
        self.files.get(path).map(String::as_str)
    }

    /// The name of a file as its author knows it, whether it exists or not.
    #[must_use]
    pub fn name_of(&self, path: &str) -> String {
        format!("{}/{path}", self.label)
    }

    /// Files below `prefix`, with what follows the prefix.
    pub fn below<'f>(&'f self, prefix: &'f str) -> impl Iterator<Item = (&'f str, &'f str)> {
        self.files.iter().filter_map(move |(path, text)| Some((path.strip_prefix(prefix)?, text.as_str())))
    }

    /// Names the content: the first digits of a SHA-256 over all files in order of path, each with its length, so
    /// that moving text from one file to another gives another version.
    #[must_use]
    pub fn version(&self) -> String {
        let mut hash = Sha256::new();
        hash.update(b"sportello/service/v1\n");
        for (path, text) in &self.files {
            hash.update(format!("{path}\n{}\n", text.len()));
            hash.update(text);
        }
        let mut version = hex::encode(hash.finalize());
        version.truncate(VERSION_DIGITS);
        version
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(files: &[(&str, &str)]) -> Folder {
        let files = files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
        Folder { slug: "prova".into(), label: "services/prova".into(), files }
    }

    #[test]
    fn a_version_names_paths_and_texts() {
        let first = folder(&[("a.md", "uno"), ("b.md", "due")]).version();
        assert_eq!(first.len(), VERSION_DIGITS);
        assert_eq!(first, folder(&[("b.md", "due"), ("a.md", "uno")]).version());
        for other in
            [[("a.md", "uno"), ("b.md", "tre")], [("a.md", "unodue"), ("b.md", "")], [("a.md", "uno"), ("c.md", "due")]]
        {
            assert_ne!(first, folder(&other).version());
        }
    }
}
