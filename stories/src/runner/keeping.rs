//! Remembering, downloading, verifying.

use super::Runner;
use crate::{Host, Verdict, action::What};

impl<H: Host> Runner<H> {
    pub(super) fn keep(&mut self, what: What, under: Option<&str>) -> Result<(), String> {
        match what {
            What::RememberValue(label, name) => {
                let value = self.page().value_after(&label, under)?;
                self.memory.insert(name, value);
            }
            What::RememberPlace(name) => {
                let place = self.page().place().to_owned();
                self.memory.insert(name, place);
            }
            What::Download { link, file } => {
                let href = self.page().link(&link, under)?.to_owned();
                let bytes = self.browser().download(&href)?;
                self.files.insert(file, bytes);
            }
            What::IsPdf(file) => is_pdf(self.kept(&file)?)?,
            What::FileHolds(file, text) => {
                let found = String::from_utf8_lossy(self.kept(&file)?).contains(&text);
                return if found { Ok(()) } else { Err(format!("{file} non contiene «{text}»")) };
            }
            What::Verify(file) => match self.verdict(&file)? {
                Verdict::Genuine(_) => {}
                Verdict::Wrong(why) => return Err(format!("la prova non è autentica: {why}")),
            },
            What::VerifyFails(file) => match self.verdict(&file)? {
                Verdict::Genuine(words) => return Err(format!("la prova risulta autentica: {words}")),
                Verdict::Wrong(_) => {}
            },
            What::Alter(file) => {
                let mut bytes = self.kept(&file)?.to_vec();
                let middle = bytes.len() / 2;
                *bytes.get_mut(middle).ok_or("il file è vuoto")? ^= 1;
                self.files.insert(file, bytes);
            }
            _ => {}
        }
        Ok(())
    }

    fn kept(&self, file: &str) -> Result<&[u8], String> {
        self.file(file).ok_or_else(|| format!("nessun passo ha scaricato {file}"))
    }

    fn verdict(&mut self, file: &str) -> Result<Verdict, String> {
        let bytes = self.kept(file)?.to_vec();
        self.host.verify(&bytes).map_err(|error| error.to_string())
    }
}

/// The first and the last words that every PDF has.
fn is_pdf(bytes: &[u8]) -> Result<(), String> {
    let end = &bytes[bytes.len().saturating_sub(1024)..];
    let whole = bytes.starts_with(b"%PDF-") && end.windows(5).any(|window| window == b"%%EOF");
    if whole { Ok(()) } else { Err(format!("il file, di {} byte, non è un PDF intero", bytes.len())) }
}
