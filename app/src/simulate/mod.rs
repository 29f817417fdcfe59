//! `sportello simulate`: a law over a whole population.

mod told;

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use catalogue::{Folder, Service};
use population::World;
use statistics::{
    Counted, Each, Files, Invented, OutcomeFile, Pace, Progress, SimulationError, Study, Summary, WholeFile, blocks,
    write_population,
};
use tokio::{signal::ctrl_c, task::spawn_blocking};

use crate::{
    arguments::Simulate,
    law,
    terminal::{advance, clear, complain, say, seconds},
    told as mistakes,
};

/// Invented households that are made at once.
const BLOCK: usize = 512;
/// The same, where they are written as one group of rows of a file.
const BLOCK_OF_FILES: usize = 16_384;
/// How often the progress line is written anew.
const GLANCE: Duration = Duration::from_millis(100);
/// What a shell expects of a program that Ctrl-C ended.
const INTERRUPTED: u8 = 130;

/// Runs the simulation beside a watch for Ctrl-C.
pub async fn run(asked: Simulate) -> anyhow::Result<ExitCode> {
    let stop = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&stop);
    let mut work = spawn_blocking(move || simulate(&asked, &flag));
    let done = tokio::select! {
        done = &mut work => done,
        _ = ctrl_c() => {
            stop.store(true, Ordering::Relaxed);
            work.await
        }
    };
    match done? {
        Err(error) if matches!(error.downcast_ref(), Some(SimulationError::Stopped)) => {
            complain(&format!("simulazione {error}"));
            Ok(ExitCode::from(INTERRUPTED))
        }
        done => done.map(|()| ExitCode::SUCCESS),
    }
}

fn simulate(asked: &Simulate, stop: &AtomicBool) -> anyhow::Result<()> {
    let service = law::read(&asked.root, &asked.service)?;
    let draft = asked.reform.as_ref().map(draft).transpose()?;
    let study = Study::new(&service, draft.as_deref(), asked.when.moment())?;
    if let Some(folder) = &asked.write_population {
        return write(asked, &study, folder);
    }
    let mut pace = Pace::usual(stop);
    pace.threads = asked.threads.unwrap_or(pace.threads);
    let mut file = asked.out.as_ref().map(|path| OutcomeFile::create(path, draft.is_some())).transpose()?;
    let began = Instant::now();
    let counted = count(asked, &study, pace, &mut file, watch(began));
    clear();
    let summary = Summary::new(&study, &counted?)?;
    file.map_or(Ok(()), OutcomeFile::finish)?;
    if let Some(path) = &asked.json {
        WholeFile::text(path, &summary.json())?;
    }
    told::all(&summary);
    say(format!("\nCalcolato in {}.", seconds(began.elapsed())));
    Ok(())
}

/// Writes the invented households as files.
fn write(asked: &Simulate, study: &Study<'_>, folder: &Path) -> anyhow::Result<()> {
    let (population, world) = invented(asked, study)?;
    let blocks = blocks(world, BLOCK_OF_FILES);
    write_population(study, &population, blocks, folder)?;
    say(format!("Scritti i file in {}; si leggono con --from {0}", folder.display()));
    Ok(())
}

/// The draft of a reform, if its folder is in order.
fn draft(path: &PathBuf) -> anyhow::Result<Arc<Service>> {
    law::in_order(Folder::read(path).map_err(|error| mistakes::unreadable(path, &error))?)
}

fn count(
    asked: &Simulate,
    study: &Study<'_>,
    pace: Pace<'_>,
    results: &mut Option<OutcomeFile>,
    progress: impl FnMut(Progress) + Send,
) -> Result<Counted, SimulationError> {
    if let Some(folder) = &asked.from {
        let (reading, blocks) = Files::open(study, folder, asked.deciles.as_deref())?.stream();
        return statistics::run(study, &reading, blocks, pace, results, progress);
    }
    let (population, world) = invented(asked, study)?;
    statistics::run(study, &population, blocks(world, BLOCK), pace, results, progress)
}

/// The invented people on the day whose law applies.
fn invented<'s>(asked: &Simulate, study: &'s Study<'s>) -> Result<(Invented<'s>, World), SimulationError> {
    let today = study.moment.on;
    let world = World::new(asked.seed, asked.people, today)?;
    Ok((Invented::new(study, Each::of(study), asked.people, today), world))
}

/// Writes the progress line now and then.
fn watch(began: Instant) -> impl FnMut(Progress) + Send {
    let mut last = Duration::ZERO;
    move |progress| {
        let since = began.elapsed();
        if since.saturating_sub(last) >= GLANCE {
            last = since;
            let share = progress.read as f64 / progress.of.max(1) as f64;
            advance("Nuclei calcolati", progress.households, share.min(1.0), since);
        }
    }
}
