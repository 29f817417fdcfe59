//! Checking what the register gave out: a sealed file by itself, and the chain of the daily registers.

use std::sync::LazyLock;

use base::{Date, Language};
use database::{Result, Tx};
use identity::Certificate;
use roxmltree::{Document, Node};
use sha2::{Digest, Sha256};
use web::{Words, words::fill};

use crate::{
    daily::{self, NONE_BEFORE},
    seal::{self, SealError},
    segnatura, store,
};

static WORDS: LazyLock<Words> =
    LazyLock::new(|| Words::merge(&[crate::WORDS]).expect("a test reads these files, which are part of the program"));
/// Files of the chain read at once, without their content.
const BATCH: i64 = 200;

/// Whether a file looks like one of those that this room seals; which is not to say that it is one.
#[must_use]
pub fn is_sealed_file(bytes: &[u8]) -> bool {
    let root = |namespace: &str| std::str::from_utf8(bytes).is_ok_and(|text| text.contains(namespace));
    bytes.trim_ascii_start().starts_with(b"<") && (root(segnatura::NAMESPACE) || root(daily::NAMESPACE))
}

/// What came of checking a file: whether it is accepted, and the answer in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// Accepted.
    pub sound: bool,
    /// For the person who asked.
    pub text: String,
}

/// Checks a segnatura or a daily register by itself: its form, its seal, and that nothing in it was changed. `trusted` is
/// the certificate of the administration, from the administration: the one in the file proves nothing.
#[must_use]
pub fn verify_file(bytes: &[u8], trusted: &Certificate, language: Language) -> Checked {
    let checked = std::str::from_utf8(bytes).map_err(|_| SealError::NotXml);
    match checked.and_then(|xml| seal::check(xml, trusted).map(|()| told(xml, language))) {
        Ok(what) => Checked { sound: true, text: what },
        Err(error) => Checked { sound: false, text: WORDS.t(language, refusal(error)).to_owned() },
    }
}

const fn refusal(error: SealError) -> &'static str {
    match error {
        SealError::NotXml => "protocol.check.not_xml",
        SealError::Shape => "protocol.check.shape",
        SealError::OtherCertificate => "protocol.check.other_certificate",
        SealError::Changed => "protocol.check.changed",
    }
}

/// What an accepted file says of itself.
fn told(xml: &str, language: Language) -> String {
    let Ok(document) = Document::parse(xml) else { return String::new() };
    let text = |name: &str| {
        let found = document.descendants().find(|node: &Node| node.tag_name().name() == name);
        found.and_then(|node| node.text()).unwrap_or_default().to_owned()
    };
    let values = ["NumeroRegistrazione", "DataRegistrazione", "CodiceAOO", "Giorno", "Parte", "Parti"];
    let keys = ["number", "date", "aoo", "day", "part", "parts"];
    let mut values: Vec<_> = keys.into_iter().zip(values.map(text)).collect();
    values.push(("entries", text("NumeroRegistrazioni")));
    let key = match document.root_element().tag_name().namespace() {
        Some(segnatura::NAMESPACE) => "protocol.check.segnatura",
        _ => "protocol.check.day",
    };
    fill(WORDS.t(language, key), &values)
}

/// Whether any daily register was made yet.
///
/// # Errors
/// What the database refuses.
pub async fn has_days(tx: &mut Tx) -> Result<bool> {
    store::any_file(tx).await
}

/// Checks the daily registers of all offices: each file is the one that was kept, sealed with `trusted`, names the one
/// before it, and no day is missing. Gives what is wrong, in sentences.
///
/// # Errors
/// What the database refuses.
pub async fn audit_days(tx: &mut Tx, trusted: &Certificate, language: Language) -> Result<Vec<String>> {
    let mut faults = Vec::new();
    for office in store::offices(tx).await? {
        let mut previous = (NONE_BEFORE.to_owned(), None::<(Date, i64, i64)>);
        loop {
            let place = previous.1.map_or((Date::MIN, 0), |(day, part, _)| (day, part));
            let files = store::files_after(tx, &office, place, BATCH).await?;
            if files.is_empty() {
                break;
            }
            for file in files {
                let bytes = store::day_bytes(tx, &office, file.day, file.part).await?.unwrap_or_default();
                let sound = hex::encode(Sha256::digest(&bytes)) == file.sha256
                    && verify_file(&bytes, trusted, language).sound
                    && named_before(&bytes).as_deref() == Some(previous.0.as_str());
                let follows = previous.1.is_none_or(|(day, part, last)| match part == last {
                    true => day.tomorrow().ok() == Some(file.day) && file.part == 1,
                    false => day == file.day && file.part == part + 1,
                });
                for (holds, key) in [(sound, "protocol.audit.changed"), (follows, "protocol.audit.missing")] {
                    let values = [("office", office.clone()), ("day", file.day.to_string())];
                    faults.extend((!holds).then(|| fill(WORDS.t(language, key), &values)));
                }
                previous = (file.sha256, Some((file.day, file.part, file.last_part)));
            }
        }
    }
    Ok(faults)
}

fn named_before(bytes: &[u8]) -> Option<String> {
    let document = Document::parse(std::str::from_utf8(bytes).ok()?).ok()?;
    let node = document.descendants().find(|node| node.has_tag_name((daily::NAMESPACE, "ImprontaPrecedente")))?;
    Some(node.text()?.to_owned())
}
