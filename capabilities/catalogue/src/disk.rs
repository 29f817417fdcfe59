//! The only place that reads folders: thin, so that everything else can be tried on texts.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use rules::Diagnostic;

use crate::{Folder, Offer, source::whole_file};

/// Longest file, in bytes: a text that somebody wrote, not a document that somebody dropped there.
const LONGEST: u64 = 2 * 1024 * 1024;

/// The texts of `services/` and `content/` below a root, with what could not be read as text.
#[derive(Debug, Clone, Default)]
pub struct Declared {
    /// One for each service, in order of slug, completed with the letters of `content/letters/`.
    pub folders: Vec<Folder>,
    /// Path below `content/` → text.
    pub content: BTreeMap<String, String>,
    /// By slug, or `content`: files that are not UTF-8 text, or too long.
    pub unreadable: BTreeMap<String, Vec<Diagnostic>>,
}

impl Declared {
    /// Reads `root/services/*/**` and `root/content/**`. Hidden files and backups of editors are passed over.
    ///
    /// # Errors
    /// When a folder or a file cannot be read at all.
    pub fn read(root: &Path) -> io::Result<Self> {
        let mut declared = Self::default();
        for (slug, path) in folders(&root.join("services"))? {
            let mut texts = Texts::new(&path, format!("services/{slug}"));
            texts.gather(&path)?;
            let Texts { label, files, unreadable, .. } = texts;
            declared.note(&slug, unreadable);
            declared.folders.push(Folder { slug, label, files, ..Folder::default() });
        }
        let content = root.join("content");
        let mut texts = Texts::new(&content, "content".to_owned());
        texts.gather(&content)?;
        declared.content = texts.files;
        declared.note(Offer::SHARED, texts.unreadable);
        let own = std::mem::take(&mut declared.folders);
        declared.folders = own.into_iter().map(|folder| declared.completed(folder)).collect();
        Ok(declared)
    }

    /// A folder with the letters of `content/letters/` where it has none of its own: one that lies elsewhere is read so
    /// beside those of the house.
    #[must_use]
    pub fn completed(&self, folder: Folder) -> Folder {
        folder.with_common_letters(&self.content)
    }

    fn note(&mut self, slug: &str, unreadable: Vec<Diagnostic>) {
        if !unreadable.is_empty() {
            self.unreadable.insert(slug.to_owned(), unreadable);
        }
    }
}

impl Folder {
    /// Reads one service folder, wherever it lies: the draft of a reform beside the law in force. Its name is its slug.
    /// It has only its own letters: see [`Declared::completed`].
    ///
    /// # Errors
    /// When the folder or a file cannot be read at all, or a file is no text.
    pub fn read(path: &Path) -> io::Result<Self> {
        let whole = path.canonicalize()?;
        let slug = whole.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        let mut texts = Texts::new(&whole, path.display().to_string());
        texts.gather(&whole)?;
        match texts.unreadable.first() {
            Some(told) => Err(io::Error::new(io::ErrorKind::InvalidData, format!("{}: {}", told.file, told.message))),
            None => Ok(Self { slug, label: texts.label, files: texts.files, ..Self::default() }),
        }
    }
}

fn folders(root: &Path) -> io::Result<Vec<(String, PathBuf)>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(root)? {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str()).filter(|name| !hidden(name));
        if let Some(name) = name.filter(|_| path.is_dir()) {
            found.push((name.to_owned(), path.clone()));
        }
    }
    found.sort();
    Ok(found)
}

struct Texts {
    root: PathBuf,
    label: String,
    files: BTreeMap<String, String>,
    unreadable: Vec<Diagnostic>,
}

impl Texts {
    fn new(root: &Path, label: String) -> Self {
        Self { root: root.to_owned(), label, files: BTreeMap::new(), unreadable: Vec::new() }
    }

    fn gather(&mut self, folder: &Path) -> io::Result<()> {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.file_name().and_then(|name| name.to_str()).is_none_or(hidden) {
                continue;
            }
            if path.is_dir() { self.gather(&path)? } else { self.take(&path)? }
        }
        Ok(())
    }

    fn take(&mut self, path: &Path) -> io::Result<()> {
        let inside = path.strip_prefix(&self.root).unwrap_or(path).to_string_lossy().replace('\\', "/");
        let name = format!("{}/{inside}", self.label);
        if LONGEST < fs::metadata(path)?.len() {
            self.unreadable.push(whole_file(
                &name,
                "il file è troppo lungo",
                "qui stanno solo testi, al massimo di 2 MB",
            ));
            return Ok(());
        }
        match String::from_utf8(fs::read(path)?) {
            // Editors on Windows write both; one version must have one text.
            Ok(text) => drop(self.files.insert(inside, text.trim_start_matches('\u{feff}').replace("\r\n", "\n"))),
            Err(_) => self.unreadable.push(whole_file(
                &name,
                "il file non è testo UTF-8",
                "salvarlo di nuovo come testo UTF-8",
            )),
        }
        Ok(())
    }
}

fn hidden(name: &str) -> bool {
    name.starts_with('.') || name.ends_with('~') || name.ends_with(".swp") || name.ends_with(".orig")
}
