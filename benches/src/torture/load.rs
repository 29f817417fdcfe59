//! People who apply while things fail: who is told nothing sends again.

use std::{
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use serde_json::Value;

use super::{
    journal::Pen,
    ledger::{Attempt, Ledger, Receipt, Told},
};
use crate::{applicant, client::Client};

/// How long somebody waits for an answer.
const PATIENCE: Duration = Duration::from_secs(8);
/// Until the next try.
const PAUSE: Duration = Duration::from_millis(30);
/// One in so many asks for the proof at once.
const PROOFS: usize = 3;

/// The crowd before the counters.
pub struct Crowd<'a> {
    /// Where the program answers; several of them take turns.
    pub hosts: Vec<String>,
    /// The cookie of each person.
    pub cookies: &'a [String],
    /// Who comes next.
    pub next: &'a AtomicUsize,
    /// What they hold.
    pub ledger: &'a Mutex<Ledger>,
    /// Where it is noted that they were told.
    pub pen: Mutex<Pen>,
    /// What the program refused, in its words; the last one.
    pub refused: Mutex<String>,
    /// How long a hand rests after each receipt: the crowd is there to be told things, not to measure.
    pub rest: Duration,
    /// Everybody goes home.
    pub end: AtomicBool,
}

impl Crowd<'_> {
    /// As many at once; comes back when everybody has gone home, that is after `meanwhile` has come to its end.
    pub fn apply_while<T>(&self, many: usize, meanwhile: impl FnOnce() -> T) -> T {
        thread::scope(|scope| {
            for hand in 0..many {
                scope.spawn(move || self.come(hand));
            }
            let result = meanwhile();
            self.end.store(true, Ordering::SeqCst);
            result
        })
    }

    fn come(&self, hand: usize) {
        let host = &self.hosts[hand % self.hosts.len()];
        let mut client = Client::new(host).patient_for(PATIENCE);
        while !self.ended() {
            let waiting = lock(self.ledger).open.pop();
            let fresh = || Attempt { person: self.next.fetch_add(1, Ordering::SeqCst), form: String::new() };
            let mut attempt = waiting.unwrap_or_else(fresh);
            if self.cookies.len() <= attempt.person {
                return; // everybody has applied
            }
            if !self.insist(&mut client, &mut attempt) {
                lock(self.ledger).open.push(attempt);
                return;
            }
            thread::sleep(self.rest);
        }
    }

    fn ended(&self) -> bool {
        self.end.load(Ordering::SeqCst)
    }

    /// Tries until there is a receipt, or the session has ended; false when everybody goes home before.
    fn insist(&self, client: &mut Client, attempt: &mut Attempt) -> bool {
        loop {
            match self.send(client, attempt) {
                Ok(place) => {
                    self.note(client, attempt.clone(), &place);
                    return true;
                }
                Err(error) if error.to_string() == applicant::LOGGED_OUT => {
                    lock(self.ledger).later.push(attempt.clone());
                    return true;
                }
                Err(error) => *lock(&self.refused) = format!("{error:#}"),
            }
            if self.ended() {
                return false;
            }
            thread::sleep(PAUSE);
        }
    }

    /// The same form again, where there is one: the same application. Where its draft is gone with the power, a new one.
    fn send(&self, client: &mut Client, attempt: &mut Attempt) -> anyhow::Result<String> {
        let cookie = &self.cookies[attempt.person];
        if !attempt.form.is_empty() {
            let sent = applicant::confirm(client, cookie, &attempt.form);
            // A page that leads elsewhere does not know the draft any more; anything else may be better next time.
            if !sent.as_ref().is_err_and(|error| error.to_string().starts_with("not accepted: 303")) {
                return sent;
            }
        }
        attempt.form = applicant::fill_in(client, cookie, &mut Duration::default())?;
        applicant::confirm(client, cookie, &attempt.form)
    }

    /// What somebody holds from now on: the receipt, its number, now and then a proof with a checkpoint.
    fn note(&self, client: &mut Client, attempt: Attempt, place: &str) {
        let case = place.trim_start_matches("/pratiche/").trim_end_matches("/ricevuta").to_owned();
        let (person, cookie) = (attempt.person, &self.cookies[attempt.person]);
        let receipt = Receipt { attempt, case, shown: None, written: None };
        let number = self.tell(Told::Receipt(receipt));
        let page = client.get(place, cookie).ok().filter(|page| page.status == 200);
        if let (Some(shown), Told::Receipt(receipt)) =
            (page.and_then(|page| shown_number(&page.body)), &mut lock(self.ledger).told[number])
        {
            receipt.shown = Some(shown);
        }
        if person.is_multiple_of(PROOFS) {
            let proof = client.get(&place.replace("/ricevuta", "/prova/1"), cookie);
            let proof = proof.ok().filter(|page| page.status == 200);
            if let Some(checkpoint) = proof.and_then(|page| checkpoint(page.body.as_bytes())) {
                self.tell(Told::Checkpoint(checkpoint));
            }
        }
    }

    fn tell(&self, told: Told) -> usize {
        let mut ledger = lock(self.ledger);
        ledger.told.push(told);
        let number = ledger.told.len() - 1;
        // In the order of the numbers; a journal that cannot be written ends the run when it is read.
        let _written = lock(&self.pen).told(number as u64);
        number
    }
}

/// Never poisoned for long: who panicked has told it.
pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The protocol number that a receipt's page shows: seven digits before the year.
pub fn shown_number(page: &str) -> Option<i64> {
    let words = page.split(['<', '>', ' ', '\n', '\u{a0}']);
    let mut numbers = words.filter_map(|word| word.split_once("/20").filter(|(number, _)| number.len() == 7));
    numbers.find_map(|(number, _)| number.parse().ok())
}

/// Name, size and root in the checkpoint of a proof.
pub fn checkpoint(proof: &[u8]) -> Option<String> {
    let proof: Value = serde_json::from_slice(proof).ok()?;
    let lines: Vec<&str> = proof["checkpoint"].as_str()?.lines().take(3).collect();
    Some(lines.join("\n"))
}
