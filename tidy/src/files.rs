use std::{collections::BTreeMap, fmt, fs, io, path::Path};

/// The text files of the project, by path from the root with `/`.
#[derive(Debug, Clone, Default)]
pub struct Tree(pub BTreeMap<String, String>);

/// A rule that is broken somewhere, and the mend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Path from the root.
    pub file: String,
    /// Line, from 1; 0 for the file as a whole.
    pub line: usize,
    /// What is wrong and how to mend it.
    pub message: String,
}

impl Fault {
    /// A fault of a file, or of one of its lines.
    pub fn new(file: &str, line: usize, message: impl Into<String>) -> Self {
        Self { file: file.to_owned(), line, message: message.into() }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.message)
    }
}

const SKIPPED: [&str; 6] = ["target", "node_modules", "generated", "data", ".git", "output"];

impl Tree {
    /// Reads every text file below `root` that belongs to the project.
    ///
    /// # Errors
    /// When a folder cannot be read.
    pub fn read(root: &Path) -> io::Result<Self> {
        let mut tree = Self::default();
        tree.read_folder(root, root)?;
        Ok(tree)
    }

    fn read_folder(&mut self, root: &Path, folder: &Path) -> io::Result<()> {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            if path.is_dir() {
                if !SKIPPED.contains(&name.as_str()) {
                    self.read_folder(root, &path)?;
                }
            } else if let Ok(text) = fs::read_to_string(&path) {
                let relative = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().replace('\\', "/");
                self.0.insert(relative, text);
            }
        }
        Ok(())
    }

    /// Files whose path ends with `suffix`.
    pub fn ending<'a>(&'a self, suffix: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.0.iter().filter(move |(path, _)| path.ends_with(suffix)).map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// The lines of all files whose path ends with `suffix`, numbered from 1.
    pub fn lines<'a>(&'a self, suffix: &'a str) -> impl Iterator<Item = (&'a str, usize, &'a str)> {
        self.ending(suffix)
            .flat_map(|(path, text)| text.lines().zip(1..).map(move |(line, number)| (path, number, line)))
    }
}
