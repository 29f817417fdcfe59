//! What operators and their programs ask: is it alive, and can it do its work? No page, no person's data.

use std::{
    collections::BTreeMap,
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{
    Json, Router,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::get,
};
use background::{Health, Task};
use database::Database;
use serde::Serialize;
use tokio::sync::Mutex;

/// Anybody may ask; the database is asked at most so often.
const PROBE_EVERY: Duration = Duration::from_secs(5);
/// Below this the database, the letters and the log of the next hours may not fit.
const LEAST_FREE_BYTES: u64 = 256 << 20;
/// A follower that is further behind keeps people waiting for letters and proofs.
const LARGEST_LAG: i64 = 1_000;

/// What is watched.
#[derive(Clone)]
pub struct Watched(Arc<Inner>);

struct Inner {
    tasks: Health,
    database: Database,
    data: PathBuf,
    last: Mutex<Option<(Instant, Storage)>>,
}

/// What needed the database and the disk to know.
#[derive(Debug, Clone, Serialize)]
struct Storage {
    /// `writable`, or why not: `busy`, `full`, `read-only`, `broken`, `failing`.
    database: &'static str,
    /// Acts that each follower has not taken in yet.
    acts_behind: BTreeMap<String, i64>,
    /// Whether an operator switched the program to read-only: people may be sent here all the same.
    read_only: bool,
    /// Free space of the data folder, in MiB; absent when it cannot be told.
    disk_free_mib: Option<u64>,
}

#[derive(Serialize)]
struct Report {
    status: &'static str,
    tasks: Vec<Task>,
    #[serde(flatten)]
    storage: Option<Storage>,
}

impl Watched {
    pub fn new(tasks: Health, database: Database, data: PathBuf) -> Self {
        Self(Arc::new(Inner { tasks, database, data, last: Mutex::new(None) }))
    }

    /// As of at most five seconds ago. Who asks meanwhile waits for the same answer.
    async fn storage(&self) -> Storage {
        let mut last = self.0.last.lock().await;
        match &*last {
            Some((asked, storage)) if asked.elapsed() < PROBE_EVERY => storage.clone(),
            _ => {
                let storage = self.probe().await;
                *last = Some((Instant::now(), storage.clone()));
                storage
            }
        }
    }

    async fn probe(&self) -> Storage {
        let database = self.0.database.probe().await.map_or_else(|error| fault(&error), |()| "writable");
        let lags = async { acts::lags(&mut self.0.database.read().await?).await };
        let acts_behind = lags.await.unwrap_or_default();
        let disk_free_mib = free_bytes(&self.0.data).map(|bytes| bytes >> 20);
        let switched = async { web::read_only::since(&mut self.0.database.read().await?).await };
        let read_only = switched.await.is_ok_and(|since| since.is_some());
        Storage { database, acts_behind, read_only, disk_free_mib }
    }
}

fn fault(error: &database::Error) -> &'static str {
    use database::Error::{Broken, Busy, Full, ReadOnly};
    tracing::warn!(%error, "the database takes no writes");
    match error {
        Busy => "busy",
        Full => "full",
        ReadOnly => "read-only",
        Broken => "broken",
        _ => "failing",
    }
}

fn free_bytes(folder: &std::path::Path) -> Option<u64> {
    let disk = rustix::fs::statvfs(folder).ok()?;
    Some(disk.f_bavail.saturating_mul(disk.f_frsize))
}

impl Storage {
    fn is_well(&self) -> bool {
        self.database == "writable"
            && self.acts_behind.values().all(|lag| *lag <= LARGEST_LAG)
            && self.disk_free_mib.is_none_or(|free| free >= LEAST_FREE_BYTES >> 20)
    }
}

/// `/salute`: 503 when only a restart helps. `/salute/pronto`: 503 when people should not be sent here.
pub fn routes(watched: Watched) -> Router {
    Router::new().route("/salute", get(alive)).route("/salute/pronto", get(ready)).with_state(watched)
}

async fn alive(State(watched): State<Watched>) -> Response {
    let tasks = watched.0.tasks.tasks();
    let well = tasks.iter().all(|task| !task.hangs);
    told(well, Report { status: if well { "alive" } else { "hanging" }, tasks, storage: None })
}

async fn ready(State(watched): State<Watched>) -> Response {
    let (tasks, storage) = (watched.0.tasks.tasks(), watched.storage().await);
    let well = storage.is_well() && tasks.iter().all(Task::is_well);
    told(well, Report { status: if well { "ready" } else { "not-ready" }, tasks, storage: Some(storage) })
}

fn told(well: bool, report: Report) -> Response {
    let status = if well { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(report)).into_response()
}
