//! Applications that many people send at the same moment are written together: one unit of work takes their numbers in
//! a row and writes each table once. Who sends alone is written alone, at once.

#[cfg(test)]
mod tests;

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    sync::{Arc, Mutex, PoisonError},
};

use acts::{Actor, NewAct};
use base::{Date, Timestamp, Uuid, rome_date};
use catalogue::{Again, Catalogue, Service};
use database::Tx;
use deadlines::Calendar;
use mandates::{Claim, Verb};
use protocol::Numbers;
use tokio::sync::{mpsc, oneshot};
use web::{Failure, Web};

use crate::{
    account,
    case::Case,
    earlier::Earlier,
    files,
    payload::{Submitted, kind},
    registration,
    store::{self, NewCase},
};

/// How many applications share a unit of work: what they take of the writer's turn keeps others waiting.
const MOST: usize = 64;

/// An application that is ready: all that can be known before its turn is known.
#[derive(Debug, Clone)]
pub struct Filing {
    /// The identifier that its case will have.
    pub case: Uuid,
    /// What the page carried: the same twice is the same application.
    pub key: String,
    /// Who sends it, and for whom: asked once more where it is written.
    pub claim: Claim,
    /// The same, as the act names them.
    pub actor: Actor,
    /// Whose the draft is that it was made of: it goes with the filing.
    pub draft_owner: String,
    /// What it says; the number is put in when it is taken.
    pub submitted: Submitted,
    /// The service.
    pub service: Arc<Service>,
    /// The holidays of its office.
    pub calendar: Arc<Calendar>,
    /// The day for which law and clock were computed.
    pub day: Date,
    /// Files that become the case's.
    pub uploads: Vec<Uuid>,
    /// Standing cases that the page knew of: they do not stand in its way.
    pub known: BTreeSet<Uuid>,
}

impl Filing {
    fn applicant(&self) -> &str {
        &self.submitted.applicant.fiscal_code
    }
}

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Filed {
    /// It is on disk as this case; sent twice, both times the same.
    Case(Uuid),
    /// Meanwhile another application for the same was sent, and the service allows one.
    Standing,
    /// Who sends it may do so for this person no longer: nothing was written.
    NoLonger,
    /// It names an account that no registry knows, and for now none is taken: nothing was written.
    Frozen,
    /// Midnight has passed: law and clock are to be computed for this day.
    OtherDay(Date),
}

struct Waiting {
    filing: Filing,
    tell: oneshot::Sender<Result<Filed, Failure>>,
}

/// The door to the task that files.
#[derive(Clone)]
pub struct Sequencer {
    clerk: Clerk,
    door: Arc<Mutex<mpsc::UnboundedSender<Waiting>>>,
}

impl Sequencer {
    pub fn new(web: Web, catalogue: Catalogue) -> Self {
        let (closed, _) = mpsc::unbounded_channel();
        Self { clerk: Clerk { web, catalogue }, door: Arc::new(Mutex::new(closed)) }
    }

    /// Files an application; when this returns a case, it is durable.
    ///
    /// # Errors
    /// What the database refuses: nothing was written then, or the same key will find it.
    pub async fn file(&self, filing: Filing) -> Result<Filed, Failure> {
        let (tell, told) = oneshot::channel();
        self.hand_in(Waiting { filing, tell });
        told.await.unwrap_or(Err(Failure::Busy))
    }

    /// Files an application in a unit of work of the caller's, which makes it durable or leaves nothing of it.
    ///
    /// # Errors
    /// What the database refuses.
    pub async fn file_one(&self, tx: &mut Tx, filing: Filing, now: Timestamp) -> Result<Filed, Failure> {
        let mut filed = self.clerk.file_all(tx, &[filing], now).await?;
        filed.pop().ok_or(Failure::Busy)
    }

    /// Writes applications in a unit of work of the caller's, as they are written when many people send; their service
    /// allows several.
    ///
    /// # Errors
    /// What the database refuses.
    #[cfg(feature = "testing")]
    pub async fn file_in(&self, tx: &mut Tx, filings: &mut [Filing]) -> Result<(), Failure> {
        let at = number(tx, filings, self.clerk.web.clock().now()).await?;
        self.clerk.record(tx, filings, at).await
    }

    /// The task begins with the first application, and anew should it ever have ended.
    fn hand_in(&self, waiting: Waiting) {
        let mut door = self.door.lock().unwrap_or_else(PoisonError::into_inner);
        if let Err(mpsc::error::SendError(waiting)) = door.send(waiting) {
            let (open, handed_in) = mpsc::unbounded_channel();
            tokio::spawn(self.clerk.clone().work(handed_in));
            // Just opened: the task has not had the time to end. Should it all the same, the sender is told so.
            let _ = open.send(waiting);
            *door = open;
        }
    }
}

/// Who writes applications down.
#[derive(Clone)]
struct Clerk {
    web: Web,
    catalogue: Catalogue,
}

impl Clerk {
    async fn work(self, mut handed_in: mpsc::UnboundedReceiver<Waiting>) {
        let mut left = VecDeque::new();
        loop {
            let first = match left.pop_front() {
                Some(waiting) => waiting,
                None => match handed_in.recv().await {
                    Some(waiting) => waiting,
                    None => return,
                },
            };
            let mut batch = Batch::with(first);
            let mut later = VecDeque::new();
            while batch.waiting.len() < MOST
                && let Some(waiting) = left.pop_front().or_else(|| handed_in.try_recv().ok())
            {
                later.extend(batch.take(waiting));
            }
            later.append(&mut left);
            left = later;
            self.write(batch.waiting).await;
        }
    }

    /// Writes them together; one that cannot be written takes nobody with it. Whose request ended meanwhile was told that
    /// nothing was written, and so nothing is.
    async fn write(&self, batch: Vec<Waiting>) {
        let waits = batch.into_iter().filter(|one| !one.tell.is_closed());
        let (filings, tell): (Vec<_>, Vec<_>) = waits.map(|one| (one.filing, one.tell)).unzip();
        if filings.is_empty() {
            return;
        }
        match self.file(&filings).await {
            Ok(outcomes) => {
                for (tell, outcome) in tell.into_iter().zip(outcomes) {
                    let _gone = tell.send(Ok(outcome));
                }
            }
            Err(failure) if filings.len() == 1 || is_for_everybody(&failure) => {
                for tell in tell {
                    let _gone = tell.send(Err(failure.clone()));
                }
            }
            Err(_) => {
                for (tell, filing) in tell.into_iter().zip(filings).filter(|(tell, _)| !tell.is_closed()) {
                    let one = self.file(std::slice::from_ref(&filing)).await;
                    let _gone = tell.send(one.and_then(|mut filed| filed.pop().ok_or(Failure::Busy)));
                }
            }
        }
    }

    /// One unit of work. The instant is read in it, once: registers, acts and instants are in the same order.
    async fn file(&self, filings: &[Filing]) -> Result<Vec<Filed>, Failure> {
        let mut tx = self.web.database().begin().await?;
        let filed = self.file_all(&mut tx, filings, self.web.clock().now()).await?;
        tx.commit().await?;
        Ok(filed)
    }

    async fn file_all(&self, tx: &mut Tx, filings: &[Filing], now: Timestamp) -> Result<Vec<Filed>, Failure> {
        let mut outcomes = self.settled(tx, filings, now).await?;
        let fresh = |(filing, outcome): (&Filing, &Option<Filed>)| outcome.is_none().then(|| filing.clone());
        let mut fresh: Vec<Filing> = filings.iter().zip(&outcomes).filter_map(fresh).collect();
        if !fresh.is_empty() {
            let at = number(tx, &mut fresh, now).await?;
            self.record(tx, &fresh, at).await?;
        }
        let filed = |(outcome, filing): (Option<Filed>, &Filing)| outcome.unwrap_or(Filed::Case(filing.case));
        Ok(outcomes.drain(..).zip(filings).map(filed).collect())
    }

    /// What needs no writing: no leave, sent before, another case stands, an account must wait, the day is
    /// another.
    async fn settled(&self, tx: &mut Tx, filings: &[Filing], now: Timestamp) -> Result<Vec<Option<Filed>>, Failure> {
        let today = rome_date(now);
        let applicants: Vec<&str> = filings.iter().map(Filing::applicant).collect();
        let sent = store::submissions_of(tx, &applicants).await?;
        let once = filings.iter().filter(|filing| matches!(filing.service.process.again, Again::NeverWhileOpen { .. }));
        let mut standing = store::standing_cases_of(tx, &once.map(Filing::applicant).collect::<Vec<_>>()).await?;
        let mut outcomes = Vec::with_capacity(filings.len());
        for filing in filings {
            let key = (filing.applicant().to_owned(), filing.key.clone());
            let newer = Earlier::from(standing.remove(filing.applicant()).unwrap_or_default()).without(&filing.known);
            let leave = filing.claim.check(tx, (&filing.service.slug, Verb::Submit), now).await?;
            outcomes.push(match sent.get(&key) {
                _ if leave.is_none_or(|leave| leave.principal().fiscal_code != filing.applicant()) => {
                    Some(Filed::NoLonger)
                }
                Some(case) => Some(Filed::Case(*case)),
                None if newer.against(tx, &filing.service, &filing.submitted.answers).await?.is_some() => {
                    Some(Filed::Standing)
                }
                None if account::must_wait(tx, filing, now).await? => Some(Filed::Frozen),
                None => (filing.day != today).then_some(Filed::OtherDay(today)),
            });
        }
        Ok(outcomes)
    }

    /// Acts, rows, register's entries, keys; drafts are gone, and their files are the cases'.
    async fn record(&self, tx: &mut Tx, filings: &[Filing], now: Timestamp) -> Result<(), Failure> {
        let mut acts = Vec::with_capacity(filings.len());
        for filing in filings {
            let payload = serde_json::to_value(&filing.submitted).map_err(Failure::internal)?;
            acts.push(NewAct { case: filing.case, kind: kind::SUBMITTED, actor: filing.actor.clone(), payload });
        }
        let entry = |(filing, act): (&Filing, &NewAct)| {
            let numbers = Numbers { first: filing.submitted.protocol.clone(), at: now };
            registration::of_filed(&self.catalogue, &numbers, (act, 1), &filing.submitted)
        };
        let entries: Vec<_> = filings.iter().zip(&acts).map(entry).collect();
        let acts = store::open_all(tx, self.web.chance(), now, &acts).await?;
        let mut cases = Vec::with_capacity(filings.len());
        for (filing, act) in filings.iter().zip(acts) {
            let begins = || Failure::internal(anyhow::anyhow!("a case begins with what was submitted"));
            let case = Case::from_acts(vec![act]).ok_or_else(begins)?;
            let term = case.term(&filing.service.process.rules, &filing.calendar, rome_date(now));
            cases.push((case, term));
        }
        let begun = cases.iter().zip(filings).zip(entries);
        let new: Vec<NewCase<'_>> =
            begun.map(|(((case, term), filing), entry)| NewCase { case, term, key: &filing.key, entry }).collect();
        store::insert_cases(tx, &new).await?;
        for filing in filings {
            store::attach(tx, filing.applicant(), &filing.uploads, filing.case).await?;
        }
        forget_drafts(tx, filings).await
    }
}

/// What is to blame on the database, and would be told to each alone as well.
const fn is_for_everybody(failure: &Failure) -> bool {
    matches!(failure, Failure::Busy | Failure::Full | Failure::Broken)
}

/// Who is written together: each person once, so that the second of two tabs sees what the first one sent.
struct Batch {
    waiting: Vec<Waiting>,
    applicants: BTreeSet<String>,
}

impl Batch {
    fn with(first: Waiting) -> Self {
        let applicants = BTreeSet::from([first.filing.applicant().to_owned()]);
        Self { waiting: vec![first], applicants }
    }

    /// Gives back who must wait for the next one.
    fn take(&mut self, waiting: Waiting) -> Option<Waiting> {
        if self.applicants.insert(waiting.filing.applicant().to_owned()) {
            self.waiting.push(waiting);
            None
        } else {
            Some(waiting)
        }
    }
}

/// The next numbers of each office's register, in the order in which applications came; and the one instant of all of
/// them, which is later than `now` where a register was further.
async fn number(tx: &mut Tx, filings: &mut [Filing], now: Timestamp) -> Result<Timestamp, Failure> {
    let mut offices = BTreeMap::<String, i64>::new();
    for filing in filings.iter() {
        *offices.entry(filing.service.office.clone()).or_default() += 1;
    }
    let (mut at, mut taken) = (now, Vec::new());
    for (office, many) in offices {
        let numbers = protocol::next_numbers(tx, &office, at, many).await?;
        let of_office = filings.iter_mut().filter(|filing| filing.service.office == office);
        for (filing, step) in of_office.zip(0..) {
            filing.submitted.protocol = numbers.nth(step);
        }
        at = numbers.at;
        taken.push(numbers);
    }
    for numbers in taken.iter().filter(|numbers| numbers.at < at) {
        // A register that was further than the others moves them on, too.
        protocol::next_numbers(tx, &numbers.first.office, at, 0).await?;
        if rome_date(at).year() != numbers.first.year {
            // Over New Year: each alone gets a number of its own year.
            return Err(Failure::Conflict(store::STALE));
        }
    }
    Ok(at)
}

/// Drafts without files go in one statement for each service.
async fn forget_drafts(tx: &mut Tx, filings: &[Filing]) -> Result<(), Failure> {
    let mut plain = BTreeMap::<&str, Vec<&str>>::new();
    for filing in filings {
        if files::may_be_attached(&filing.service.form) {
            let whose = (filing.draft_owner.as_str(), filing.applicant());
            files::forget_draft(tx, &filing.service, whose).await?;
        } else {
            plain.entry(&filing.service.slug).or_default().push(&filing.draft_owner);
        }
    }
    for (service, owners) in plain {
        store::forget_drafts(tx, &owners, service).await?;
        web::parked::forget_all_below(tx, &owners, &format!("/servizi/{service}/domanda")).await?;
    }
    Ok(())
}
