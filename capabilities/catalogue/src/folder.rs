use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

/// The texts of one service, as they lie in `services/<slug>/`, with the letters common to all services: a value, so that
/// a version stored years ago is read exactly as one on disk.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Folder {
    /// Name of the folder, which is the service's place in URLs.
    pub slug: String,
    /// How its author knows the folder, for messages: `services/assegno-unico`.
    pub label: String,
    /// Path inside the folder (`letters/ricevuta.md`) → text.
    pub files: BTreeMap<String, String>,
    /// Which of them are not the service's own but common to all: path inside the folder → name for messages.
    pub common: BTreeMap<String, String>,
}

/// Where letters lie, in the folder of a service and below `content/`.
pub(crate) const LETTERS: &str = "letters/";

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
        self.common.get(path).cloned().unwrap_or_else(|| format!("{}/{path}", self.label))
    }

    /// The folder with the letters of `content/letters/`; a file of the service takes the place of the common one of the
    /// same name. They become part of the version: a case keeps them as they were.
    #[must_use]
    pub(crate) fn with_common_letters(mut self, content: &BTreeMap<String, String>) -> Self {
        let letters = content.iter().filter(|(path, _)| path.starts_with(LETTERS) && path.ends_with(".md"));
        for (path, text) in letters {
            if !self.files.contains_key(path) {
                self.files.insert(path.clone(), text.clone());
                self.common.insert(path.clone(), format!("content/{path}"));
            }
        }
        self
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
        Folder { slug: "prova".into(), label: "services/prova".into(), files, ..Folder::default() }
    }

    #[test]
    fn an_own_letter_takes_the_place_of_the_common_one_and_both_make_the_version() {
        let content = |receipt: &str| {
            [("letters/a.md", receipt), ("letters/b.md", "comune"), ("offices.toml", "")]
                .map(|(path, text)| (path.to_owned(), text.to_owned()))
                .into()
        };
        let own = folder(&[("letters/b.md", "propria")]);
        let whole = own.clone().with_common_letters(&content("uno"));
        assert_eq!((whole.text("letters/a.md"), whole.text("letters/b.md")), (Some("uno"), Some("propria")));
        assert_eq!(whole.name_of("letters/a.md"), "content/letters/a.md");
        assert_eq!(whole.name_of("letters/b.md"), "services/prova/letters/b.md");
        assert_eq!(whole.text("offices.toml"), None);
        assert_ne!(whole.version(), own.clone().with_common_letters(&content("due")).version());
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
