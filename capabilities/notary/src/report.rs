//! What `sportello verify FILE` says.

use std::sync::LazyLock;

use base::{Language, ProtocolNumber, Timestamp, long_timestamp};
use proofs::{Flaw, Verified, VerifiedAct, VerifiedDocument, VerifierKey};
use serde::Deserialize;
use serde_json::Value;
use web::{Words, words::fill};

/// The words of this room alone, for what is said outside of pages.
static WORDS: LazyLock<Words> =
    LazyLock::new(|| Words::merge(&[crate::WORDS]).expect("a test reads these files, which are part of the program"));

/// What came of checking a receipt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Recorded in the log whose key is trusted, and unchanged.
    Genuine,
    /// Consistent in itself; but no trusted key was given, so anybody could have made it.
    Consistent,
    /// Something is wrong.
    Wrong,
}

impl Outcome {
    /// The exit code of the command: 0 genuine, 1 wrong, 2 of unchecked origin. Scripts may rely on 0.
    #[must_use]
    pub const fn exit_code(self) -> u8 {
        match self {
            Self::Genuine => 0,
            Self::Wrong => 1,
            Self::Consistent => 2,
        }
    }
}

/// The outcome with the text for a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// In one word.
    pub outcome: Outcome,
    /// In lines, the first one saying it all.
    pub text: String,
}

/// Checks the bytes of a receipt and says what it holds, or exactly what is wrong with it.
#[must_use]
pub fn verify_file(bytes: &[u8], trusted: Option<&VerifierKey>, language: Language) -> Report {
    let voice = Voice(language);
    match proofs::verify(bytes, trusted) {
        Ok(verified) => {
            let outcome = if verified.trusted { Outcome::Genuine } else { Outcome::Consistent };
            Report { outcome, text: voice.contents(&verified) }
        }
        Err(flaw) => Report { outcome: Outcome::Wrong, text: voice.flaw(&flaw) },
    }
}

/// The key of the words for a kind of act; `None` for one that this room does not know.
pub(crate) fn kind_key(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "submitted" => "notary.kind.submitted",
        "taken" => "notary.kind.taken",
        "released" => "notary.kind.released",
        "assigned" => "notary.kind.assigned",
        "passed-on" => "notary.kind.passed_on",
        "integration-requested" => "notary.kind.integration_requested",
        "integration-supplied" => "notary.kind.integration_supplied",
        "integration-lapsed" => "notary.kind.integration_lapsed",
        "note-added" => "notary.kind.note_added",
        "refusal-proposed" => "notary.kind.refusal_proposed",
        "filing-contested" => "notary.kind.filing_contested",
        "mandate-proposed" => "notary.kind.mandate_proposed",
        "mandate-accepted" => "notary.kind.mandate_accepted",
        "mandate-declined" => "notary.kind.mandate_declined",
        "mandate-revoked" => "notary.kind.mandate_revoked",
        "mandate-renounced" => "notary.kind.mandate_renounced",
        "counter-opened" => "notary.kind.counter_opened",
        "counter-closed" => "notary.kind.counter_closed",
        "observations-filed" => "notary.kind.observations_filed",
        "granted" => "notary.kind.granted",
        "refused" => "notary.kind.refused",
        "withdrawn" => "notary.kind.withdrawn",
        "letter-issued" => "notary.kind.letter_issued",
        "destroyed" => "notary.kind.destroyed",
        _ => return None,
    })
}

/// Somebody who speaks one language.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Voice(pub(crate) Language);

impl Voice {
    /// The words of `key` with values in their places.
    pub(crate) fn say(self, key: &str, values: &[(&str, String)]) -> String {
        fill(WORDS.t(self.0, key), values)
    }

    fn contents(self, verified: &Verified) -> String {
        let mut lines = vec![self.headline(verified)];
        let log = [("origin", printable(&verified.origin)), ("size", verified.tree_size.to_string())];
        lines.push(self.say("notary.report.log", &log));
        lines.push(format!("\n{}", self.say("notary.report.acts", &[])));
        lines.extend(verified.acts.iter().map(|act| self.act(act)));
        if !verified.documents.is_empty() {
            lines.push(format!("\n{}", self.say("notary.report.documents", &[])));
            lines.extend(verified.documents.iter().map(document));
        }
        lines.join("\n") + "\n"
    }

    fn headline(self, verified: &Verified) -> String {
        match verified.acts.first().filter(|_| verified.trusted) {
            Some(first) => {
                let values = [("position", first.position.to_string()), ("at", self.moment(&first.at))];
                self.say("notary.report.genuine", &values)
            }
            None => self.say("notary.report.consistent", &[]),
        }
    }

    fn act(self, act: &VerifiedAct) -> String {
        let kind = kind_key(&act.kind).map_or_else(|| printable(&act.kind), |key| self.say(key, &[]));
        let mut text = format!("  {} · {kind} · {}", act.position, self.moment(&act.at));
        let at = |pointer: &str| act.content.pointer(pointer).and_then(Value::as_str).unwrap_or("").to_owned();
        let particulars = [
            ("notary.report.who", at("/actor/name")),
            ("notary.report.behalf", at("/actor/authority/principal")),
            ("notary.report.service", at("/payload/service_name")),
            ("notary.report.protocol", protocol(&act.content)),
            ("notary.report.letter", at("/payload/title")),
        ];
        for (key, value) in particulars.into_iter().filter(|(_, value)| !value.is_empty()) {
            text.push_str("\n      ");
            text.push_str(&self.say(key, &[("value", printable(&value))]));
        }
        text
    }

    fn moment(self, at: &str) -> String {
        let instant: Result<Timestamp, _> = at.parse();
        instant.map_or_else(|_| printable(at), |instant| long_timestamp(instant, self.0))
    }

    fn flaw(self, flaw: &Flaw) -> String {
        if flaw.is_other_file() {
            return self.say("notary.report.other_file", &[("flaw", flaw.message(self.0))]) + "\n";
        }
        let mut text = self.say("notary.report.wrong", &[("flaw", flaw.message(self.0))]);
        text.push('\n');
        text.push_str(&self.say("notary.report.advice", &[]));
        text + "\n"
    }
}

/// Control characters of a stranger's file must not reach the terminal.
fn printable(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).collect()
}

/// As on paper: at least seven digits and the year.
fn protocol(content: &Value) -> String {
    let number = content.pointer("/payload/protocol").map(ProtocolNumber::deserialize).and_then(Result::ok);
    number.map_or_else(String::new, |number| number.to_string())
}

fn document(document: &VerifiedDocument) -> String {
    let VerifiedDocument { name, sha256, content } = document;
    format!("  {name} ({} byte)\n      SHA-256 {sha256}", content.len())
}
