use std::{
    fs::{self, File},
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

use crate::error::SimulationError;

/// A file that appears whole or not at all: it is written under another name beside its place, and takes its name when
/// it is finished. Given up before, it is removed; a program that was killed leaves `.NAME.incompleto`, which the next
/// run overwrites.
#[derive(Debug)]
pub struct WholeFile {
    path: PathBuf,
    beside: PathBuf,
    file: Option<BufWriter<File>>,
}

impl WholeFile {
    /// Begins the file.
    ///
    /// # Errors
    /// If its folder cannot be written.
    pub fn create(path: &Path) -> Result<Self, SimulationError> {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let beside = path.with_file_name(format!(".{name}.incompleto"));
        let file = File::create(&beside).map_err(|error| SimulationError::write(path, &error))?;
        Ok(Self { path: path.to_owned(), beside, file: Some(BufWriter::new(file)) })
    }

    /// Gives it its name, once all of it is on the disk.
    ///
    /// # Errors
    /// If the disk refuses.
    pub fn finish(mut self) -> Result<(), SimulationError> {
        let named = |mut file: BufWriter<File>| {
            file.flush()?;
            file.get_ref().sync_all()?;
            fs::rename(&self.beside, &self.path)
        };
        let file = self.file.take();
        file.map_or(Ok(()), named).map_err(|error| {
            // What could not be finished is of no use, and the first error tells more than this one.
            let _ = fs::remove_file(&self.beside);
            SimulationError::write(&self.path, &error)
        })
    }

    /// Writes a whole text.
    ///
    /// # Errors
    /// If the disk refuses.
    pub fn text(path: &Path, text: &str) -> Result<(), SimulationError> {
        let mut file = Self::create(path)?;
        file.write_all(text.as_bytes()).map_err(|error| SimulationError::write(path, &error))?;
        file.finish()
    }
}

impl Write for WholeFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.as_mut().map_or(Ok(0), |file| file.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.as_mut().map_or(Ok(()), Write::flush)
    }
}

impl Drop for WholeFile {
    fn drop(&mut self) {
        if let Some(file) = self.file.take() {
            // Its last bytes are not wanted.
            drop(file.into_parts());
            let _ = fs::remove_file(&self.beside);
        }
    }
}
