//! What a copy says of itself, as a signed note (<https://c2sp.org/signed-note>).

use anyhow::{Context, bail};
use proofs::{Note, SignerKey, VerifierKey};

/// The first line: what this note is, so that it can be taken for no other that the same key signs.
const FIRST: &str = "sportello/backup/v1";

/// The book's bytes inside the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bytes {
    /// How many.
    pub length: u64,
    /// SHA-256, hexadecimal.
    pub sha256: String,
}

/// What a copy says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    /// When it was made.
    pub made_at: String,
    /// By which version of the program.
    pub program: String,
    /// The bytes.
    pub book: Bytes,
    /// Keys that belong to it and are not in it.
    pub keys: Vec<String>,
    /// What is in it, without showing anything of it.
    pub facts: Vec<String>,
}

impl Manifest {
    pub fn sign(&self, signer: &SignerKey) -> anyhow::Result<String> {
        let Self { made_at, program, book, keys, facts } = self;
        let mut lines = vec![FIRST.to_owned(), format!("made {made_at}"), format!("program {program}")];
        lines.push(format!("book {} {}", book.length, book.sha256));
        lines.extend(keys.iter().map(|key| format!("key {key}")));
        lines.extend(facts.iter().map(|fact| format!("fact {fact}")));
        let text = lines.join("\n") + "\n";
        let note = Note::sign(&text, &[signer]).context("difetto del programma: la copia non si può sigillare")?;
        Ok(note.to_string())
    }

    /// Reads a manifest that `key` has signed.
    pub fn open(note: &str, key: &VerifierKey) -> anyhow::Result<Self> {
        let note = Note::parse(note).context("la copia è alterata: il suo sigillo non si legge")?;
        let forged = || {
            format!(
                "la copia è alterata, oppure è di un altro registro: il sigillo non è della chiave «{}»",
                key.name()
            )
        };
        note.verify(std::slice::from_ref(key)).with_context(forged)?;
        Self::parse(note.text()).context("la copia è di una versione del programma che non conosco")
    }

    fn parse(text: &str) -> Option<Self> {
        let mut lines = text.lines();
        if lines.next()? != FIRST {
            return None;
        }
        let made_at = lines.next()?.strip_prefix("made ")?.to_owned();
        let program = lines.next()?.strip_prefix("program ")?.to_owned();
        let (length, sha256) = lines.next()?.strip_prefix("book ")?.split_once(' ')?;
        let book = Bytes { length: length.parse().ok()?, sha256: sha256.to_owned() };
        let (mut keys, mut facts) = (Vec::new(), Vec::new());
        for line in lines {
            match line.split_once(' ')? {
                ("key", key) => keys.push(key.to_owned()),
                ("fact", fact) => facts.push(fact.to_owned()),
                _ => return None,
            }
        }
        Some(Self { made_at, program, book, keys, facts })
    }

    /// For the terminal: the moment, and everything but the tables' digests.
    pub fn said(&self) -> Vec<String> {
        let tables = self.facts.iter().filter(|fact| fact.starts_with("table ")).count();
        let mut said = vec![
            format!("· Fatta il {} dalla versione {}: {} byte.", self.made_at, self.program, self.book.length),
            format!("· SHA-256 del libro: {}", self.book.sha256),
        ];
        said.extend(
            self.facts.iter().filter(|fact| !fact.starts_with("table ")).map(|fact| format!("· {}", word(fact))),
        );
        said.push(format!("· {tables} tabelle, ciascuna con numero di righe e impronta"));
        said.extend(self.keys.iter().map(|key| format!("· chiave da conservare a parte: {key}")));
        said
    }

    /// Refuses what is not the same here and there.
    pub fn compare(&self, found: &[String]) -> anyhow::Result<()> {
        let wanting = self.facts.iter().filter(|fact| !found.contains(fact));
        let foreign = found.iter().filter(|fact| !self.facts.contains(fact));
        let differences: Vec<_> = wanting
            .map(|fact| format!("  manca: {}", word(fact)))
            .chain(foreign.map(|fact| format!("  c’è: {}", word(fact))))
            .collect();
        if differences.is_empty() {
            return Ok(());
        }
        bail!("il libro ripristinato non è quello della copia:\n{}", differences.join("\n"))
    }
}

/// A fact in Italian.
fn word(fact: &str) -> String {
    let (what, rest) = fact.split_once(' ').unwrap_or((fact, ""));
    match what {
        "acts" => format!("libro degli atti: {rest} atti"),
        "checkpoint" => {
            let (size, root) = rest.split_once(' ').unwrap_or((rest, ""));
            format!("ultimo punto di controllo firmato: {size}, radice {root}")
        }
        "follower" => format!("segue il libro: {rest}"),
        _ => format!("tabella {rest}"),
    }
}

#[cfg(test)]
mod tests {
    use base::SeededChance;

    use super::*;

    fn manifest() -> Manifest {
        Manifest {
            made_at: "2026-11-22T10:00:00Z".to_owned(),
            program: "0.1.0".to_owned(),
            book: Bytes { length: 7, sha256: "aa".to_owned() },
            keys: vec!["registro.key sportello.example/registro+0+x".to_owned()],
            facts: vec!["acts 3".to_owned(), "table acts 3 bb".to_owned()],
        }
    }

    #[test]
    fn what_was_signed_is_read_back_and_any_other_character_is_refused() {
        let key = SignerKey::generate("sportello.example/registro", &SeededChance::new(1)).unwrap();
        let note = manifest().sign(&key).unwrap();
        assert_eq!(Manifest::open(&note, key.verifier()).unwrap(), manifest());
        for place in 0..note.len() {
            let mut bytes = note.clone().into_bytes();
            bytes[place] ^= 1;
            let altered = String::from_utf8_lossy(&bytes).into_owned();
            assert!(Manifest::open(&altered, key.verifier()).is_err(), "byte {place}: {altered}");
        }
    }

    #[test]
    fn another_key_and_another_note_of_the_same_key_are_refused() {
        let (key, other) = (SeededChance::new(1), SeededChance::new(2));
        let [key, other] =
            [key, other].map(|chance| SignerKey::generate("sportello.example/registro", &chance).unwrap());
        assert!(Manifest::open(&manifest().sign(&other).unwrap(), key.verifier()).is_err());
        let checkpoint = proofs::Checkpoint::new("sportello.example/registro", 3, [7; 32]).sign(&[&key]).unwrap();
        assert!(Manifest::open(&checkpoint, key.verifier()).is_err());
    }

    #[test]
    fn a_difference_on_either_side_is_told() {
        let manifest = manifest();
        manifest.compare(&manifest.facts).unwrap();
        let told = manifest.compare(&["acts 4".to_owned(), "table acts 3 bb".to_owned()]).unwrap_err().to_string();
        assert!(
            told.contains("manca: libro degli atti: 3 atti") && told.contains("c’è: libro degli atti: 4"),
            "{told}"
        );
    }
}
