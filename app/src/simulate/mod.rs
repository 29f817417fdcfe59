//! `sportello simulate`: a law over a whole population.

mod drawn;
mod people;
mod told;

use std::{
    panic,
    path::Path,
    process::ExitCode,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use statistics::{
    Counted, Files, Invented, OutcomeFile, Pace, Progress, SimulationError, Study, Summary, WholeFile, blocks,
    write_population,
};
use tokio::task::spawn_blocking;

use crate::{
    arguments::Simulate,
    law,
    serve::interrupted,
    terminal::{advance, clear, complain, say, seconds},
};
use people::People;

/// Invented households that are made at once.
const BLOCK: usize = 512;
/// How often the progress line is written anew.
const GLANCE: Duration = Duration::from_millis(100);
/// What a shell expects of a program that Ctrl-C ended.
const INTERRUPTED: u8 = 130;

/// Lets the program tell a spoiled Parquet file in its own words: the library panics on some, which is caught.
fn silence_the_library() {
    let usual = panic::take_hook();
    panic::set_hook(Box::new(move |told| {
        if !told.location().is_some_and(|place| place.file().contains("/parquet-")) {
            usual(told);
        }
    }));
}

/// Runs the simulation beside a watch for Ctrl-C and the termination signal.
pub async fn run(asked: Simulate) -> anyhow::Result<ExitCode> {
    silence_the_library();
    let people = match asked.from {
        Some(_) => None,
        None => Some(People::of(&asked, asked.when.moment().on).await?),
    };
    let stop = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&stop);
    let mut work = spawn_blocking(move || simulate(&asked, people, &flag));
    let done = tokio::select! {
        done = &mut work => done,
        () = interrupted() => {
            stop.store(true, Ordering::Relaxed);
            work.await
        }
    };
    match done? {
        Err(error) if matches!(error.downcast_ref(), Some(SimulationError::Stopped)) => {
            clear();
            complain(&format!("simulazione {error}"));
            Ok(ExitCode::from(INTERRUPTED))
        }
        done => done.map(|()| ExitCode::SUCCESS),
    }
}

fn simulate(asked: &Simulate, people: Option<People>, stop: &AtomicBool) -> anyhow::Result<()> {
    let service = law::read(&asked.root, &asked.service)?;
    let draft = asked.reform.as_deref().map(|path| law::elsewhere(&asked.root, path)).transpose()?;
    let study = Study::new(&service, draft.as_deref(), asked.when.moment())?;
    let mut pace = Pace::usual(stop);
    pace.threads = asked.threads.map_or(pace.threads, Into::into);
    match (people, &asked.write_population) {
        (Some(people), Some(folder)) => write(&study, people, pace, folder),
        (people, _) => compute(asked, &study, people, pace),
    }
}

fn compute(asked: &Simulate, study: &Study<'_>, people: Option<People>, pace: Pace<'_>) -> anyhow::Result<()> {
    let mut file = asked.out.as_ref().map(|path| OutcomeFile::create(path, study.draft.is_some())).transpose()?;
    let began = Instant::now();
    let counted = match people {
        Some(people) => of_people(study, people, pace, &mut file, watch("Nuclei calcolati", began)),
        None => of_files(asked, study, pace, &mut file, watch("Nuclei calcolati", began)),
    };
    clear();
    let summary = Summary::new(study, &counted?)?;
    pace.check()?;
    file.map_or(Ok(()), OutcomeFile::finish)?;
    if let Some(path) = &asked.json {
        WholeFile::text(path, &summary.json())?;
    }
    if let Some(path) = &asked.svg {
        WholeFile::text(path, &drawn::chart(&summary).svg())?;
    }
    told::all(&summary);
    say(format!("\nCalcolato in {}.", seconds(began.elapsed())));
    Ok(())
}

fn of_files(
    asked: &Simulate,
    study: &Study<'_>,
    pace: Pace<'_>,
    results: &mut Option<OutcomeFile>,
    progress: impl FnMut(Progress) + Send,
) -> Result<Counted, SimulationError> {
    let folder = asked.from.as_deref().unwrap_or(Path::new("."));
    let (reading, blocks) = Files::open(study, folder, asked.deciles.as_deref())?.stream();
    statistics::run(study, &reading, blocks, pace, results, progress)
}

fn of_people(
    study: &Study<'_>,
    people: People,
    pace: Pace<'_>,
    results: &mut Option<OutcomeFile>,
    progress: impl FnMut(Progress) + Send,
) -> Result<Counted, SimulationError> {
    let population = invented(study, &people);
    statistics::run(study, &population, blocks(people.households(), BLOCK), pace, results, progress)
}

/// The invented people on the day whose law applies.
fn invented<'s>(study: &'s Study<'s>, people: &People) -> Invented<'s> {
    let invented = Invented::new(study, people.persons, study.moment.on);
    match &people.applicants {
        Some(applicants) => invented.with_applicants(applicants.clone()),
        None => invented,
    }
}

/// Writes the invented households as files.
fn write(study: &Study<'_>, people: People, pace: Pace<'_>, folder: &Path) -> anyhow::Result<()> {
    let population = invented(study, &people);
    let blocks = blocks(people.households(), BLOCK);
    let began = Instant::now();
    let written = write_population(study, &population, blocks, folder, pace, watch("Nuclei scritti", began));
    clear();
    let written = written?;
    say(format!("Scritti {} nuclei in {}; si leggono con --from {1}", written.households, folder.display()));
    if written.apart > 0 {
        say(format!("{} hanno un dato che la legge non ammette: il loro caso va all’operatore.", written.apart));
    }
    Ok(())
}

/// Writes the progress line now and then.
fn watch(what: &'static str, began: Instant) -> impl FnMut(Progress) + Send {
    let mut last = Duration::ZERO;
    move |progress| {
        let since = began.elapsed();
        if since.saturating_sub(last) >= GLANCE {
            last = since;
            let share = progress.read as f64 / progress.of.max(1) as f64;
            advance(what, progress.households, share.min(1.0), since);
        }
    }
}
