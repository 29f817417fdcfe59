//! A book with many cases, written by the program's own functions: acts, rows, registrations, search keys, timers. The
//! log takes them in when the program starts, and every proof verifies.

use std::{fs, path::Path, sync::Arc, time::Duration};

use acts::{Actor, Door};
use anyhow::{anyhow, bail, ensure};
use base::{Clock, ManualClock, SeededChance, Timestamp, Uuid, rome_date};
use cases::{
    Cases,
    payload::{FieldRequest, IntegrationRequested, Submitted},
    testing::{Deed, Filing},
};
use catalogue::{Catalogue, Declared, Offer};
use database::{Database, params};
use deadlines::Calendar;
use jiff::{SignedDuration, ToSpan};
use population::World;
use tokio::runtime::Runtime;
use web::{Mode, Settings, Web, Words};

use crate::{
    dice::Dice,
    person::{self, Visitor},
    program::{Program, Start},
    world,
};

/// How long ago the first case was filed.
const DAYS: i64 = 120;
/// Of those filed within so many days most are open; of those before, few, and they are late.
const RECENT: i64 = 60;
/// Cases in a unit of work.
const UNIT: u64 = 250;
/// Officers besides those who can log in.
const OFFICERS: u64 = 250;
/// Services of the office: of a thousand cases, so many are theirs.
const SERVICES: [(&str, u64); 3] = [("assegno-unico", 780), ("bonus-nido", 210), ("assegno-inclusione", 10)];

/// How many cases there are.
pub async fn count(url: &str) -> anyhow::Result<u64> {
    let database = Database::open(url).await?;
    let found = database.read().await?.number("SELECT count(*) AS n FROM cases", params![]).await?;
    database.close().await;
    Ok(u64::try_from(found)?)
}

/// A real application to which something is due, filed over HTTP in a book of its own: those that fill the book begin
/// long before today.
pub fn template(start: Start<'_>, runtime: &Runtime) -> anyhow::Result<Submitted> {
    let people = person::parents(start.people, 50);
    let program = Program::start(start)?;
    let url = world::database_url(program.data());
    for code in people {
        if Visitor::new(&program.url).apply(&code)?.is_some()
            && let Some(template) = runtime.block_on(first_due(&url))?
        {
            return Ok(template);
        }
    }
    bail!("nobody applied to whom something is due")
}

/// The first application to which something is due.
async fn first_due(url: &str) -> anyhow::Result<Option<Submitted>> {
    let database = Database::open(url).await?;
    let filed = acts::after(&mut database.read().await?, 0, 200).await?;
    database.close().await;
    let mut filed = filed.iter().filter(|act| act.kind == "submitted").filter_map(|act| act.payload::<Submitted>());
    Ok(filed.find(|filed| filed.decision.as_ref().is_some_and(|decision| decision.entitled == Some(true))))
}

/// Fills the book up to `wanted` cases like `template`.
pub async fn fill(url: &str, root: &Path, template: Submitted, wanted: u64) -> anyhow::Result<()> {
    let database = Database::open(url).await?;
    let mut tx = database.read().await?;
    let found = u64::try_from(tx.number("SELECT count(*) AS n FROM cases", params![]).await?)?;
    let acts = acts::count(&mut tx).await?;
    let last = acts::after(&mut tx, acts - 1, 1).await?;
    drop(tx);
    let missing = wanted.saturating_sub(found);
    if missing > 0 {
        let since = last.first().map_or(Timestamp::MIN, |act| act.at);
        let mut writer = Writer::new(&database, root, template, (missing, since))?;
        writer.write_all().await?;
        // Their letters would take days and tens of gigabytes: they count as sent. Everybody else follows for real.
        let mut tx = database.begin().await?;
        let sql = "INSERT INTO act_followers (name, next) SELECT 'letters', next FROM act_counter WHERE next > 0 \
                   ON CONFLICT (name) DO UPDATE SET next = excluded.next";
        tx.execute(sql, params![]).await?;
        tx.commit().await?;
    }
    let filled = database.read().await?.number("SELECT count(*) AS n FROM cases", params![]).await?;
    database.close().await;
    ensure!(wanted <= u64::try_from(filled)?, "{filled} cases in the book, not {wanted}: are their services offered?");
    Ok(())
}

/// Waits until nobody who follows the book is behind: the log has taken in what was written.
pub async fn followed(url: &str) -> database::Result<()> {
    loop {
        match behind(url).await {
            Ok(false) => return Ok(()),
            // Those who catch up may hold the only writer for longer than opening the book waits for it.
            Ok(true) | Err(database::Error::Busy) => tokio::time::sleep(Duration::from_millis(500)).await,
            Err(error) => return Err(error),
        }
    }
}

async fn behind(url: &str) -> database::Result<bool> {
    let database = Database::open(url).await?;
    let lags = acts::lags(&mut database.read().await?).await?;
    database.close().await;
    Ok(lags.values().any(|behind| 0 < *behind))
}

struct Writer {
    database: Database,
    cases: Cases,
    clock: Arc<ManualClock>,
    template: Submitted,
    people: Vec<(String, String)>,
    many: u64,
    step: SignedDuration,
    ends: Timestamp,
}

impl Writer {
    fn new(
        database: &Database,
        root: &Path,
        template: Submitted,
        (many, since): (u64, Timestamp),
    ) -> anyhow::Result<Self> {
        let now = Timestamp::now();
        // A book that has acts goes on from the last one: time runs forward in it.
        let begins = now.checked_sub(SignedDuration::from_hours(24 * DAYS))?.max(since);
        let clock = Arc::new(ManualClock::at(begins));
        let offer = Offer::read(&Declared::read(root)?);
        let settings = Settings::new("http://localhost", Mode::Demo);
        let chance = Arc::new(SeededChance::new(many ^ 7));
        let words = Words::merge(&[web::WORDS]).map_err(|error| anyhow!("{error:?}"))?;
        let web = Web::new(database.clone(), clock.clone(), chance, settings, words);
        let text = fs::read_to_string(root.join("law/calendars/italia.toml"))?;
        let calendar = Calendar::parse("italia.toml", &text).map_err(|told| anyhow!("{told:?}"))?;
        let cases = Cases::new(web, Catalogue::new(offer), Arc::new(calendar));
        let world = World::new(11, (many / 2).clamp(1000, 300_000), rome_date(now))?;
        let people = world.flat_map(|household| household.members).map(|member| member.person);
        let people = people
            .map(|person| (person.fiscal_code.to_string(), format!("{} {}", person.name.given, person.name.surname)))
            .collect();
        let step = SignedDuration::from_micros((now.as_microsecond() - begins.as_microsecond()) / i64::try_from(many)?);
        Ok(Self { database: database.clone(), cases, clock, template, people, many, step, ends: now })
    }

    async fn write_all(&mut self) -> anyhow::Result<()> {
        for from in (0..self.many).step_by(usize::try_from(UNIT)?) {
            let until = (from + UNIT).min(self.many);
            self.write(from, until).await.map_err(|failure| anyhow!("{failure:?}"))?;
            self.clock.advance(self.step.saturating_mul(i32::try_from(until - from)?));
            if from % 50_000 < UNIT {
                eprintln!("{until} of {}", self.many);
            }
        }
        Ok(())
    }

    async fn write(&self, from: u64, until: u64) -> Result<(), web::Failure> {
        let mut tx = self.database.begin().await?;
        let mut filings: Vec<Filing> = (from..until).filter_map(|number| self.filing(number)).collect();
        self.cases.sequencer.file_in(&mut tx, &mut filings).await?;
        for (filing, number) in filings.iter().zip(from..) {
            let deeds = self.deeds(number, filing);
            if deeds.is_empty() {
                continue;
            }
            let Some(mut case) = cases::find(&mut tx, filing.case).await? else { continue };
            for (actor, deed) in deeds {
                let done =
                    self.cases.perform(&mut tx, &case, &actor, |case, context| deed.decide(case, context)).await?;
                case = done.map_err(|why| web::Failure::internal(anyhow!("{why:?} of {deed:?}")))?;
            }
        }
        tx.commit().await?;
        Ok(())
    }

    fn filing(&self, number: u64) -> Option<Filing> {
        let drawn = mixed(number) % 1000;
        let (slug, _) = SERVICES
            .iter()
            .scan(0, |sum, (slug, share)| {
                *sum += share;
                Some((*slug, *sum))
            })
            .find(|(_, sum)| drawn < *sum)?;
        let service = self.cases.catalogue.service(slug)?;
        let (code, name) = &self.people[usize::try_from(mixed(number ^ 0xA5A5) % self.people.len() as u64).ok()?];
        let day = rome_date(self.clock.now());
        let calendar = self.cases.calendar_of(&service.office);
        let mut submitted = self.template.clone();
        submitted.applicant.fiscal_code.clone_from(code);
        submitted.applicant.name.clone_from(name);
        submitted.due = deadlines::receipt_terms(day, &service.process.rules, &calendar).answer_by;
        if slug != submitted.service {
            // Of the other services only the frame: what their forms ask is not invented here.
            submitted.service = slug.to_owned();
            submitted.service_version.clone_from(&service.version);
            submitted.service_name = service.name.get(base::Language::Italian).to_owned();
            submitted.decision = None;
            submitted.answers = rules::Facts::default();
            (submitted.sources, submitted.replaced) = (Default::default(), Default::default());
        }
        let actor = Actor { subject: code.clone(), name: name.clone(), door: Door::Citizen, ..Actor::system() };
        let case: Uuid = base::new_id(self.cases.web.clock(), self.cases.web.chance());
        Some(Filing {
            claim: mandates::Claim::oneself(actor.clone()),
            case,
            key: case.simple().to_string(),
            actor,
            draft_owner: code.clone(),
            submitted,
            calendar,
            day,
            service,
            uploads: Vec::new(),
            known: Default::default(),
        })
    }

    /// What became of a case: of the recent ones most are open, half of them in somebody's hands; of the others most
    /// are granted.
    fn deeds(&self, number: u64, filing: &Filing) -> Vec<(Actor, Deed)> {
        let drawn = mixed(number ^ 0x5A5A) % 1000;
        let age = self.ends.duration_since(self.clock.now());
        let open = if age < SignedDuration::from_hours(24 * RECENT) { 950 } else { 50 };
        let officer = officer(mixed(number ^ 0x33));
        match drawn {
            drawn if drawn < open / 2 => Vec::new(),
            drawn if drawn < open * 9 / 10 => vec![(officer, Deed::Take)],
            drawn if drawn < open => vec![(officer.clone(), Deed::Take), (officer, ask(filing.day))],
            _ if drawn.is_multiple_of(10) => {
                let reason = String::new();
                vec![(filing.actor.clone(), Deed::Withdraw { reason, gives_up: false })]
            }
            _ => vec![(officer.clone(), Deed::Take), (officer, Deed::Grant("Accolta.".to_owned()))],
        }
    }
}

fn ask(day: base::Date) -> Deed {
    let field = FieldRequest {
        path: "iban".to_owned(),
        label: "IBAN".to_owned(),
        reason: "Il conto risulta chiuso.".to_owned(),
    };
    let deadline = day.saturating_add(20.days());
    Deed::Ask(IntegrationRequested { fields: vec![field], deadline, message: String::new() })
}

fn officer(drawn: u64) -> Actor {
    let (subject, name) = match drawn % OFFICERS {
        0 => ("anna.ferri".to_owned(), "Anna Ferri".to_owned()),
        1 => ("bruno.conti".to_owned(), "Bruno Conti".to_owned()),
        other => (format!("operatore.{other}"), format!("Operatore {other}")),
    };
    Actor { subject, name, door: Door::Staff, ..Actor::system() }
}

/// Spreads numbers.
fn mixed(number: u64) -> u64 {
    Dice::new(number).number()
}
