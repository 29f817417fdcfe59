//! Fault after fault, and after each the question whether everything is there.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::PathBuf,
    process::Command,
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicUsize},
    },
    time::{Duration, Instant},
};

use anyhow::{Context, ensure};

use super::{
    book::Book,
    disk::{Disk, Names},
    faults::{Engine, Fault},
    journal::{self, Pen, format::TOLD},
    ledger::Ledger,
    load::{Crowd, lock},
    machine::{Machine, Running},
    receipts,
};
use crate::{dice::Dice, person, world};

/// How many people a fault needs at most, and how many of the last ones are looked at again.
const FOR_EACH: usize = 40;
/// And how many one that takes its time.
const FOR_LONG: usize = 240;
/// People who apply at once.
pub(super) const HANDS: usize = 8;
/// How long each rests after a receipt.
const REST: Duration = Duration::from_millis(100);
/// How many receipts of long ago are opened after each fault, beside all of the last round.
const OF_OLD: usize = 3;
/// After this time sessions are given more of it: people whose session ended cannot open their receipt.
const SESSIONS_LAST: Duration = Duration::from_secs(15 * 60);

/// What is to be done.
#[derive(Debug, Clone)]
pub struct Campaign {
    /// The program.
    pub binary: PathBuf,
    /// The folder with services/, law/ and content/.
    pub root: PathBuf,
    /// On what it stands.
    pub engine: Engine,
    /// Of chance.
    pub seed: u64,
    /// How many faults.
    pub faults: usize,
    /// Which ones; all where none is named.
    pub only: Vec<Fault>,
    /// The disk lies about `fsync`: the campaign must find losses.
    pub weaken: bool,
}

/// What was tried and found.
#[derive(Debug, Default)]
pub struct Report {
    /// How many faults of each kind.
    pub tried: BTreeMap<Fault, usize>,
    /// Receipts that people hold at the end.
    pub receipts: usize,
    /// Receipts that were opened, and whose proof `sportello verify` accepted or not.
    pub opened: usize,
    /// How often the whole book was compared with all that people hold.
    pub compared: usize,
    /// What is wrong.
    pub findings: Vec<String>,
    /// Where everything is kept, if something is wrong.
    pub kept: Option<PathBuf>,
}

/// A campaign under way.
pub(super) struct Field {
    pub(super) machine: Machine,
    pub(super) dice: Dice,
    pub(super) ledger: Mutex<Ledger>,
    cookies: Vec<String>,
    next: AtomicUsize,
    refreshed: Instant,
    sessions_end: bool,
    key: String,
    runtime: tokio::runtime::Runtime,
    report: Report,
}

impl Campaign {
    /// Does it, and tells each fault as it was met.
    pub fn run(&self, tell: &mut dyn FnMut(String)) -> anyhow::Result<Report> {
        let mut dice = Dice::new(self.seed);
        let faults = Fault::sequence(self.engine, &self.only, self.faults, &mut dice);
        ensure!(!faults.is_empty(), "this engine meets none of these faults");
        let mut field = self.prepare(&faults, dice)?;
        if self.weaken {
            field.machine.control.lie()?;
        }
        for (number, fault) in faults.into_iter().enumerate() {
            let before = field.report.findings.len();
            let began = Instant::now();
            let met = self.meet(&mut field, fault);
            let told = met.unwrap_or_else(|error| {
                if field.report.findings.len() == before {
                    field.report.findings.push(format!("{error:#}"));
                }
                "it ended here".to_owned()
            });
            *field.report.tried.entry(fault).or_default() += 1;
            let wrong: Vec<_> =
                field.report.findings[before..].iter().take(4).map(|finding| format!("\n      ✗ {finding}")).collect();
            let seconds = began.elapsed().as_secs_f32();
            tell(format!("{:>4} {fault:?}: {told} ({seconds:.1} s){}", number + 1, wrong.concat()));
            if before < field.report.findings.len() {
                break; // what comes later would only repeat it
            }
        }
        if field.report.findings.is_empty() {
            field.last_look()?;
        }
        field.end()
    }

    /// A house with people in it, all of whom are logged in.
    fn prepare(&self, faults: &[Fault], dice: Dice) -> anyhow::Result<Field> {
        let each = faults.iter().map(|fault| if fault.takes_its_time() { FOR_LONG } else { FOR_EACH });
        let many = FOR_EACH + each.sum::<usize>();
        let people = (many as u64 * 3 / 2).max(300);
        let machine = Machine::new(self.binary.clone(), &self.root, self.engine, people)?;
        let mut running = machine.start(None)?;
        running.wait()?;
        let key = receipts::published_key(&running.host)?;
        let adults = person::adults(people, many);
        let first = adults.first().context("nobody is grown up")?;
        person::Visitor::new(&format!("http://{}", running.host)).log_in(first, "/")?;
        running.kill();
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
        let url = machine.database(&machine.disk());
        let cookies = runtime.block_on(world::sessions(&url, &adults))?;
        runtime.block_on(world::prolong_sessions(&url))?;
        Ok(Field {
            machine,
            dice,
            ledger: Mutex::default(),
            cookies,
            next: AtomicUsize::new(0),
            refreshed: Instant::now(),
            sessions_end: false,
            key,
            runtime,
            report: Report::default(),
        })
    }

    /// One fault, from a start of the program to the look at what is left.
    fn meet(&self, field: &mut Field, fault: Fault) -> anyhow::Result<String> {
        if fault == Fault::Birth {
            return super::birth::meet(self, &mut field.dice);
        }
        field.keep_sessions()?;
        let cuts = fault.ends_with_the_power();
        let disk = if cuts { Some(Disk::of(&field.machine.disk(), Names::WithTheirFolder)?) } else { None };
        lock(&field.ledger).begin();
        let how = field.happen(fault)?;
        field.machine.control.calm()?;
        let cut = disk.map_or_else(|| Ok(String::new()), |disk| field.cut_power(disk))?;
        field.compare()?;
        // By another clock sessions that were used may have ended.
        field.sessions_end |= fault == Fault::Clock;
        let told = lock(&field.ledger).since_start();
        Ok(format!("{how}{cut}; {told} receipts since the start"))
    }
}

impl Field {
    /// People before the counters of these programs.
    pub(super) fn crowd(&self, hosts: &[&str]) -> anyhow::Result<Crowd<'_>> {
        Ok(Crowd {
            hosts: hosts.iter().map(|&host| host.to_owned()).collect(),
            cookies: &self.cookies,
            next: &self.next,
            ledger: &self.ledger,
            pen: Mutex::new(Pen::open(&self.machine.journal())?),
            refused: Mutex::default(),
            rest: REST,
            end: AtomicBool::new(false),
        })
    }

    /// Starts the program; those who hold receipts look whether it still knows them.
    pub(super) fn open(&mut self) -> anyhow::Result<Running> {
        self.open_by(None)
    }

    /// The same, on another way to its database if one is named.
    pub(super) fn open_by(&mut self, database: Option<&str>) -> anyhow::Result<Running> {
        let mut running = self.machine.start(database)?;
        running.wait()?;
        self.look(&running)?;
        Ok(running)
    }

    /// Receipts of the last round and some of long ago are opened.
    pub(super) fn look(&mut self, running: &Running) -> anyhow::Result<()> {
        let ledger = lock(&self.ledger);
        let all: Vec<_> = ledger.receipts().collect();
        let recent = all.len().saturating_sub(HANDS);
        let mut chosen: BTreeSet<_> = (recent..all.len()).collect();
        let old = all.len().saturating_sub(FOR_EACH);
        chosen.extend((0..OF_OLD).map(|_| old + self.dice.place(recent.saturating_sub(old))).filter(|at| *at < recent));
        let receipts: Vec<_> =
            chosen.iter().map(|at| (all[*at], self.cookies[all[*at].attempt.person].as_str())).collect();
        let faults = receipts::faults(&self.machine, &running.host, &self.key, &receipts)?;
        self.report.opened += receipts.len();
        drop(ledger);
        self.find(faults)
    }

    fn find(&mut self, faults: Vec<String>) -> anyhow::Result<()> {
        let first = faults.first().cloned();
        let more = faults.len();
        self.report.findings.extend(faults);
        first.map_or(Ok(()), |first| Err(anyhow::anyhow!("{more} findings, the first: {first}")))
    }

    /// The power goes at a moment of the journal: the disk is what is left of it then.
    fn cut_power(&mut self, disk: Disk) -> anyhow::Result<String> {
        let bytes = fs::read(self.machine.journal())?;
        let records = journal::records(&bytes)?;
        let moment = self.moment(&records);
        let told = records[..moment].iter().filter(|record| record.head.kind == TOLD);
        lock(&self.ledger).forget_all_but(&told.map(|record| record.head.file).collect());
        let lost = self.machine.lose_power(disk, &records[..moment], &mut self.dice)?;
        Ok(format!(", power cut at record {moment} of {} with {lost} not durable", records.len()))
    }

    /// Any moment of the run; more often one just after somebody was told something.
    fn moment(&mut self, records: &[journal::Record<'_>]) -> usize {
        let told: Vec<usize> = (0..records.len()).filter(|at| records[*at].head.kind == TOLD).collect();
        if told.is_empty() || self.dice.once_in(4) {
            return self.dice.place(records.len() + 1);
        }
        let after = told[self.dice.place(told.len())] + 1;
        (after + self.dice.place(6)).min(records.len())
    }

    /// The whole book beside all that people hold, and the log beside the book; on a copy, as the machine would find
    /// it at its next start.
    fn compare(&mut self) -> anyhow::Result<()> {
        let data = if self.machine.server.is_some() {
            self.machine.disk()
        } else {
            let copy = self.machine.scratch("copy")?;
            let done = Command::new("cp").arg("-rT").arg(self.machine.disk()).arg(&copy).status()?;
            ensure!(done.success(), "the disk cannot be copied");
            copy
        };
        let url = self.machine.database(&data);
        let book = self.runtime.block_on(Book::read(&url)).context("the book cannot be read")?;
        let mut faults = book.faults(&mut lock(&self.ledger));
        let place = data.display().to_string();
        let checked = self.machine.run(&["verify", "--book", "--data", &place, "--database", &url])?;
        faults.extend(checked.err().map(|said| format!("sportello verify --book: {said}")));
        self.report.compared += 1;
        self.find(faults)
    }

    /// Not by chance, and while nothing runs: whoever holds a session keeps it.
    fn keep_sessions(&mut self) -> anyhow::Result<()> {
        if self.refreshed.elapsed() < SESSIONS_LAST && !self.sessions_end {
            return Ok(());
        }
        (self.refreshed, self.sessions_end) = (Instant::now(), false);
        let url = self.machine.database(&self.machine.disk());
        Ok(self.runtime.block_on(world::prolong_sessions(&url))?)
    }

    /// At the end everybody opens their receipt.
    fn last_look(&mut self) -> anyhow::Result<()> {
        self.sessions_end = true;
        self.keep_sessions()?;
        let mut running = self.machine.start(None)?;
        running.wait()?;
        let ledger = lock(&self.ledger);
        let all: Vec<_> = ledger.receipts().map(|one| (one, self.cookies[one.attempt.person].as_str())).collect();
        let faults = receipts::faults(&self.machine, &running.host, &self.key, &all)?;
        self.report.opened += all.len();
        self.report.receipts = all.len();
        self.report.findings.extend(faults);
        Ok(())
    }

    fn end(mut self) -> anyhow::Result<Report> {
        self.report.receipts = lock(&self.ledger).receipts().count();
        if !self.report.findings.is_empty() {
            self.report.kept = Some(self.machine.keep()?);
        }
        Ok(self.report)
    }
}
