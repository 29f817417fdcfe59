//! What the book says, asked directly, and whether it agrees with what people hold.

use std::collections::{BTreeMap, BTreeSet};

use database::{Database, Row, Tx, params};

use super::ledger::{Ledger, Written};

/// A registration.
struct Entry {
    register: (String, i64),
    number: i64,
    at: String,
    case: String,
    act: i64,
}

/// The book, its register and its log.
pub struct Book {
    /// Position, case, place in the case, kind, what is written of it.
    acts: Vec<(i64, String, i64, String)>,
    written: BTreeMap<String, Vec<Written>>,
    entries: Vec<Entry>,
    /// Case and applicant.
    cases: Vec<(String, String)>,
    submissions: Vec<String>,
    checkpoints: BTreeSet<String>,
}

impl Book {
    /// Reads all of it.
    pub async fn read(url: &str) -> database::Result<Self> {
        let database = Database::open(url).await?;
        let mut tx = database.read().await?;
        let book = Self::gather(&mut tx).await;
        drop(tx);
        database.close().await;
        book
    }

    async fn gather(tx: &mut Tx) -> database::Result<Self> {
        let entries = tx.rows(ENTRIES, params![]).await?.iter().map(entry).collect::<database::Result<Vec<_>>>()?;
        let numbers: BTreeMap<_, _> = entries.iter().map(|one| ((one.case.as_str(), one.act), one)).collect();
        let (mut acts, mut written) = (Vec::new(), BTreeMap::<_, Vec<_>>::new());
        for row in
            tx.rows("SELECT position, case_id, seq, kind, at, digest FROM acts ORDER BY position", params![]).await?
        {
            let act = (row.int("position")?, row.text("case_id")?, row.int("seq")?, row.text("kind")?);
            if let (1, Some(entry)) = (act.2, numbers.get(&(act.1.as_str(), 1))) {
                let number = (entry.register.0.clone(), entry.register.1, entry.number);
                let digest = hex::encode(row.blob("digest")?);
                let one = Written { position: act.0, digest, at: row.text("at")?, number };
                written.entry(act.1.clone()).or_default().push(one);
            }
            acts.push(act);
        }
        let cases = texts(tx, "SELECT id AS a, applicant AS b FROM cases").await?;
        let submissions = texts(tx, "SELECT case_id AS a, applicant AS b FROM submissions").await?;
        let checkpoints = texts(tx, "SELECT note AS a, note AS b FROM log_checkpoints").await?;
        let head = |(note, _): (String, String)| note.lines().take(3).collect::<Vec<_>>().join("\n");
        let submissions = submissions.into_iter().map(|(case, _)| case).collect();
        let checkpoints = checkpoints.into_iter().map(head).collect();
        Ok(Self { acts, written, entries, cases, submissions, checkpoints })
    }

    /// What is wrong with it in itself, and what people hold that it does not; notes what it says of new receipts.
    pub fn faults(&self, ledger: &mut Ledger) -> Vec<String> {
        let mut faults = self.own_faults();
        for receipt in ledger.receipts_mut() {
            let case = &receipt.case;
            match self.written.get(case).map(Vec::as_slice) {
                Some([once]) => {
                    if receipt.written.as_ref().is_some_and(|first| first != once) {
                        faults.push(format!("the receipt of case {case} was {:?} and is {once:?}", receipt.written));
                    }
                    if receipt.shown.is_some_and(|shown| shown != once.number.2) {
                        faults
                            .push(format!("the page of case {case} showed {:?}, the book has {once:?}", receipt.shown));
                    }
                    receipt.written = Some(once.clone());
                }
                Some(twice) => faults.push(format!("case {case} was filed {} times", twice.len())),
                None => faults.push(format!("LOST: the receipt of case {case} was given out and is not in the book")),
            }
        }
        let gone = ledger.checkpoints().filter(|given| !self.checkpoints.contains(*given));
        faults.extend(gone.map(|given| format!("a checkpoint was given out and is not in the log: {given:?}")));
        faults
    }

    fn own_faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        if !self.acts.iter().zip(0..).all(|(act, position)| act.0 == position) {
            faults.push("positions in the book have holes".to_owned());
        }
        faults.extend(self.register_faults());
        let filed: Vec<&str> = self.acts.iter().filter(|act| act.3 == "submitted").map(|act| act.1.as_str()).collect();
        for (what, cases) in [
            ("cases", self.cases.iter().map(|(case, _)| case.as_str()).collect::<Vec<_>>()),
            ("keys", self.submissions.iter().map(String::as_str).collect()),
        ] {
            let (left, right): (BTreeSet<_>, BTreeSet<_>) =
                (filed.iter().copied().collect(), cases.iter().copied().collect());
            if left != right || filed.len() != cases.len() {
                faults.push(format!("{} acts that file and {} {what} do not agree", filed.len(), cases.len()));
            }
        }
        let applicants: BTreeSet<_> = self.cases.iter().map(|(_, applicant)| applicant).collect();
        if applicants.len() != self.cases.len() {
            faults.push(format!("{} people have {} cases: somebody has two", applicants.len(), self.cases.len()));
        }
        faults
    }

    /// Numbers without holes, in the order of their instants and of the book; no act without its number.
    fn register_faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        let mut last = BTreeMap::<&(String, i64), (i64, &str)>::new();
        for entry in &self.entries {
            let before = last.insert(&entry.register, (entry.number, &entry.at)).unwrap_or((0, ""));
            if entry.number != before.0 + 1 || entry.at.as_str() < before.1 {
                faults
                    .push(format!("{:?}: {before:?} is followed by {} of {}", entry.register, entry.number, entry.at));
            }
        }
        let filed = self.acts.iter().filter(|act| act.3 == "submitted");
        let mut numbers = BTreeMap::<_, i64>::new();
        for (_, case, ..) in filed {
            let Some([written, ..]) = self.written.get(case).map(Vec::as_slice) else {
                faults.push(format!("case {case} was filed without a number"));
                continue;
            };
            let (office, year, number) = &written.number;
            if numbers.insert((office, year), *number).is_some_and(|before| *number <= before) {
                faults.push(format!("number {number} of {office} is not in the order of the book"));
            }
        }
        faults
    }
}

const ENTRIES: &str = "SELECT office, year, number, registered_at, case_id, act_seq FROM protocol_entries \
                       ORDER BY office, year, number";

fn entry(row: &Row) -> database::Result<Entry> {
    Ok(Entry {
        register: (row.text("office")?, row.int("year")?),
        number: row.int("number")?,
        at: row.text("registered_at")?,
        case: row.text("case_id")?,
        act: row.int("act_seq")?,
    })
}

async fn texts(tx: &mut Tx, sql: &str) -> database::Result<Vec<(String, String)>> {
    tx.rows(sql, params![]).await?.iter().map(|row| Ok((row.text("a")?, row.text("b")?))).collect()
}
