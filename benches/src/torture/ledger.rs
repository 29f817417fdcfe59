//! What people hold: the receipts that they were given, the checkpoints that they saw, and what they sent in vain.

use std::collections::BTreeSet;

/// Somebody's confirmation, of which nobody told them what became.
#[derive(Debug, Clone)]
pub struct Attempt {
    /// Who: a place in the list of people.
    pub person: usize,
    /// The form, with its idempotency key; empty where it did not come so far.
    pub form: String,
}

/// What the book said of a receipt when it was first looked up: nothing of it may ever change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Place of the act in the book.
    pub position: i64,
    /// Digest of the act, in hex.
    pub digest: String,
    /// Instant of the act.
    pub at: String,
    /// Office, year and number of the register.
    pub number: (String, i64, i64),
}

/// A receipt that somebody was given.
#[derive(Debug, Clone)]
pub struct Receipt {
    /// What was sent.
    pub attempt: Attempt,
    /// The case.
    pub case: String,
    /// The number on the receipt's page, if the page came through.
    pub shown: Option<i64>,
    /// What the book said first.
    pub written: Option<Written>,
}

/// Something that the program gave out.
#[derive(Debug, Clone)]
pub enum Told {
    /// A receipt.
    Receipt(Receipt),
    /// The checkpoint in a proof: its first three lines (name, size, root).
    Checkpoint(String),
}

/// All of it.
#[derive(Debug, Default)]
pub struct Ledger {
    /// What was given out, by number.
    pub told: Vec<Told>,
    /// What is to be sent again.
    pub open: Vec<Attempt>,
    /// What is to be sent again after the next start, by people whose session ended meanwhile.
    pub later: Vec<Attempt>,
    /// From which number on things were told since the last start.
    began: usize,
}

impl Ledger {
    /// A new start of the program: what was told before it is beyond doubt.
    pub fn begin(&mut self) {
        self.began = self.told.len();
        self.open.append(&mut self.later);
    }

    /// Takes back what was told after the power was cut: it was told in another future. Who confirmed there is to
    /// confirm again.
    pub fn forget_all_but(&mut self, before_the_cut: &BTreeSet<u64>) {
        let (began, mut number) = (self.began, 0);
        let (mut kept, mut again) = (Vec::new(), Vec::new());
        for told in self.told.drain(..) {
            if number < began || before_the_cut.contains(&(number as u64)) {
                kept.push(told);
            } else if let Told::Receipt(receipt) = told {
                again.push(receipt.attempt);
            }
            number += 1;
        }
        (self.told, self.began) = (kept, began);
        self.open.extend(again);
    }

    /// Receipts given since the last start.
    pub fn since_start(&self) -> usize {
        self.told[self.began..].iter().filter(|told| matches!(told, Told::Receipt(_))).count()
    }

    /// All receipts.
    pub fn receipts(&self) -> impl Iterator<Item = &Receipt> {
        self.told.iter().filter_map(|told| if let Told::Receipt(receipt) = told { Some(receipt) } else { None })
    }

    /// All receipts, to note what the book says.
    pub fn receipts_mut(&mut self) -> impl Iterator<Item = &mut Receipt> {
        self.told.iter_mut().filter_map(|told| if let Told::Receipt(receipt) = told { Some(receipt) } else { None })
    }

    /// All checkpoints.
    pub fn checkpoints(&self) -> impl Iterator<Item = &str> {
        self.told.iter().filter_map(|told| if let Told::Checkpoint(note) = told { Some(note.as_str()) } else { None })
    }
}
