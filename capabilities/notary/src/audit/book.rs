use std::collections::HashMap;

use acts::Act;
use base::{Timestamp, Uuid};
use cases::payload::{Protocol, kind, protocols_of};
use database::{Error, Result, Tx};
use proofs::{Hash, act_digest, leaf_hash};
use serde::Deserialize;

use super::Findings;

/// Acts read at once.
const BATCH: i64 = 500;

/// What the rest of the audit needs of the book.
pub(super) struct Book {
    /// The leaves of the log, as the book has them.
    pub(super) leaves: Vec<Hash>,
    /// Whether there is a leaf for every position; otherwise no tree can be computed.
    pub(super) whole: bool,
    /// The protocol numbers that acts speak of.
    pub(super) registered: Vec<Registered>,
}

/// A protocol number in an act.
pub(super) struct Registered {
    pub(super) position: i64,
    pub(super) case: Uuid,
    pub(super) protocol: Protocol,
}

/// What the content states of itself beside payload and actor.
#[derive(Deserialize)]
struct Stated {
    at: Timestamp,
    case: Uuid,
    kind: String,
    seq: i64,
}

/// Reads all acts and checks each by itself and in its place.
pub(super) async fn read(tx: &mut Tx, findings: &mut Findings) -> Result<Book> {
    let count = acts::count(tx).await?;
    let mut reading = Reading::new();
    let mut limit = BATCH;
    loop {
        match acts::after(tx, reading.next, limit).await {
            Ok(acts) if acts.is_empty() => break,
            Ok(acts) => acts.into_iter().for_each(|act| reading.take(act, findings)),
            // One row of the batch cannot be read: from here one by one, until it is found.
            Err(Error::Column(..)) if limit > 1 => limit = 1,
            Err(Error::Column(_, why)) if reading.next < count => {
                let digest = acts::digests(tx, reading.next, reading.next + 1).await;
                reading.skip(digest.ok().and_then(|found| found.first().copied()), why, findings);
                limit = BATCH;
            }
            Err(error) => return Err(error),
        }
    }
    reading.note_lost(findings);
    if reading.next != count {
        let values = [("expected", count.to_string()), ("found", reading.next.to_string())];
        findings.note("notary.audit.count", &values);
    }
    Ok(reading.book)
}

struct Reading {
    book: Book,
    next: i64,
    last_seq: HashMap<Uuid, i64>,
    /// Acts without content, by case, until an act of the case says that it was destroyed.
    unexplained: HashMap<Uuid, Vec<i64>>,
}

impl Reading {
    fn new() -> Self {
        let book = Book { leaves: Vec::new(), whole: true, registered: Vec::new() };
        Self { book, next: 0, last_seq: HashMap::new(), unexplained: HashMap::new() }
    }

    fn take(&mut self, act: Act, findings: &mut Findings) {
        if act.position != self.next {
            let values = [("from", self.next.to_string()), ("to", (act.position - 1).to_string())];
            findings.note("notary.audit.gap", &values);
            self.book.whole = false;
        }
        self.check_seq(&act, findings);
        check_content(&act, findings);
        match &act.body {
            None => self.unexplained.entry(act.case).or_default().push(act.position),
            Some(_) if act.kind == kind::DESTROYED => drop(self.unexplained.remove(&act.case)),
            Some(_) => {}
        }
        self.book.leaves.push(leaf_hash(&act.digest));
        self.next = act.position + 1;
        for protocol in protocols_of(&act) {
            self.book.registered.push(Registered { position: act.position, case: act.case, protocol });
        }
    }

    /// Content that went without an act that says so is lost.
    fn note_lost(&self, findings: &mut Findings) {
        let mut lost: Vec<_> = self.unexplained.values().flatten().collect();
        lost.sort_unstable();
        lost.into_iter().for_each(|position| findings.note("notary.audit.lost", &at(*position)));
    }

    fn check_seq(&mut self, act: &Act, findings: &mut Findings) {
        let last = self.last_seq.entry(act.case).or_default();
        let expected = *last + 1;
        *last = act.seq;
        if act.seq != expected {
            let case = act.case.to_string();
            let values = [("case", case), ("found", act.seq.to_string()), ("expected", expected.to_string())];
            findings.note("notary.audit.seq", &[at(act.position).as_slice(), &values].concat());
        }
    }

    /// Passes over an act that cannot be read; its digest may still be there.
    fn skip(&mut self, digest: Option<Hash>, why: String, findings: &mut Findings) {
        findings.note("notary.audit.unreadable", &[at(self.next).as_slice(), &[("why", why)]].concat());
        match digest {
            Some(digest) => self.book.leaves.push(leaf_hash(&digest)),
            None => self.book.whole = false,
        }
        self.next += 1;
    }
}

/// The content must be what was digested, and the columns beside it what the content states. Erased content proves
/// nothing, and takes nothing away from the proofs; an act of its case says why it is gone ([`Reading::note_lost`]).
fn check_content(act: &Act, findings: &mut Findings) {
    let Some(body) = &act.body else { return };
    if act_digest(&body.salt, &body.content) != act.digest {
        findings.note("notary.audit.content", &at(act.position));
    }
    // Instants are stored to the microsecond.
    let stored = |at: Timestamp| format!("{at:.6}");
    let agrees = serde_json::from_str(&body.content).is_ok_and(|stated: Stated| {
        (stated.case, stated.seq, &stated.kind, stored(stated.at)) == (act.case, act.seq, &act.kind, stored(act.at))
    });
    if !agrees {
        findings.note("notary.audit.columns", &at(act.position));
    }
}

fn at(position: i64) -> [(&'static str, String); 1] {
    [("position", position.to_string())]
}
