//! What readers of PDF files see of ours: poppler and qpdf, which `make setup` installs.

use std::{path::PathBuf, process::Command};

/// A PDF on disk, gone when dropped.
pub(crate) struct Pdf {
    path: PathBuf,
    _folder: tempfile::TempDir,
}

impl Pdf {
    pub(crate) fn of(bytes: &[u8]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lettera.pdf");
        std::fs::write(&path, bytes).unwrap();
        Self { path, _folder: folder }
    }

    /// The text as people copy it, white space reduced to single spaces.
    pub(crate) fn text(&self) -> String {
        let text = self.run("pdftotext", &["-layout"], &["-"]);
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// `pdfinfo`: title, tagging, pages.
    pub(crate) fn facts(&self) -> String {
        self.run("pdfinfo", &[], &[])
    }

    /// The structure tree that screen readers walk.
    pub(crate) fn structure(&self) -> String {
        self.run("pdfinfo", &["-struct"], &[])
    }

    /// What qpdf says of the file's syntax.
    pub(crate) fn check(&self) -> String {
        self.run("qpdf", &["--check"], &[])
    }

    fn run(&self, tool: &str, before: &[&str], after: &[&str]) -> String {
        let made = Command::new(tool).args(before).arg(&self.path).args(after).output();
        let made = made.unwrap_or_else(|error| panic!("{tool}: {error}; `make setup` installs poppler-utils and qpdf"));
        assert!(made.status.success(), "{tool}: {}", String::from_utf8_lossy(&made.stderr));
        String::from_utf8_lossy(&made.stdout).into_owned() // poppler prints titles beyond ASCII as raw UTF-16
    }
}
