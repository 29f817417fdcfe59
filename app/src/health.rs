//! What operators and their programs ask: is it alive, and can it do its work? No page, no person's data.

mod words;

use std::{
    collections::BTreeMap,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use axum::{
    Json, Router,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use background::{Health, Task};
use database::{Database, Migration, Schema};
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
    steps: Vec<Migration>,
    stopping: AtomicBool,
    last: Mutex<Option<(Instant, Storage)>>,
}

/// What needed the database and the disk to know.
#[derive(Debug, Clone, Serialize)]
pub struct Storage {
    /// `writable`, or why not: `busy`, `full`, `read-only`, `broken`, `failing`.
    pub database: &'static str,
    /// Whether the steps of the schema are this program's: `current`, `newer`, `older`, or `unknown`.
    pub schema: &'static str,
    /// Acts that each follower has not taken in yet.
    pub acts_behind: BTreeMap<String, i64>,
    /// Whether an operator switched the program to read-only: people may be sent here all the same.
    pub read_only: bool,
    /// Free space of the data folder, in MiB; absent when it cannot be told.
    pub disk_free_mib: Option<u64>,
}

#[derive(Serialize)]
struct Report {
    status: &'static str,
    tasks: Vec<Task>,
    #[serde(flatten)]
    storage: Option<Storage>,
}

impl Watched {
    pub fn new(tasks: Health, database: Database, data: PathBuf, steps: Vec<Migration>) -> Self {
        let stopping = AtomicBool::new(false);
        Self(Arc::new(Inner { tasks, database, data, steps, stopping, last: Mutex::new(None) }))
    }

    /// From now on nobody should be sent here: the program is about to end.
    pub fn stop(&self) {
        self.0.stopping.store(true, Ordering::SeqCst);
    }

    pub fn is_stopping(&self) -> bool {
        self.0.stopping.load(Ordering::SeqCst)
    }

    /// How the tasks beside the pages fare.
    pub fn tasks(&self) -> Vec<Task> {
        self.0.tasks.tasks()
    }

    /// Whether people can be sent here, and what was looked at to tell.
    pub async fn readiness(&self) -> (bool, Storage) {
        let storage = self.storage().await;
        (!self.is_stopping() && storage.is_well() && self.tasks().iter().all(Task::is_well), storage)
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
        let seen = async {
            let mut tx = self.0.database.read().await?;
            let schema = database::schema(&mut tx, &self.0.steps).await?;
            let lags = acts::lags(&mut tx).await?;
            // Last, and no fault: an older schema may not have it yet.
            let read_only = web::read_only::since(&mut tx).await.is_ok_and(|since| since.is_some());
            database::Result::Ok((lags, told_schema(schema), read_only))
        };
        let seen = seen.await.unwrap_or_else(|error| (BTreeMap::new(), unreadable(&error), false));
        let (acts_behind, schema, read_only) = seen;
        let disk_free_mib = free_bytes(&self.0.data).map(|bytes| bytes >> 20);
        Storage { database, schema, acts_behind, read_only, disk_free_mib }
    }
}

/// Every state of [`Storage::database`].
pub const STATES: [&str; 6] = ["writable", "busy", "full", "read-only", "broken", "failing"];

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

const fn told_schema(schema: Schema) -> &'static str {
    match schema {
        Schema::Current => "current",
        Schema::Newer => "newer",
        Schema::Older => "older",
    }
}

fn unreadable(error: &database::Error) -> &'static str {
    tracing::warn!(%error, "the database cannot be read");
    "unknown"
}

fn free_bytes(folder: &std::path::Path) -> Option<u64> {
    let disk = rustix::fs::statvfs(folder).ok()?;
    Some(disk.f_bavail.saturating_mul(disk.f_frsize))
}

impl Storage {
    fn is_well(&self) -> bool {
        self.database == "writable"
            && matches!(self.schema, "current" | "newer")
            && self.acts_behind.values().all(|lag| *lag <= LARGEST_LAG)
            && self.disk_free_mib.is_none_or(|free| free >= LEAST_FREE_BYTES >> 20)
    }
}

/// `/salute`: 503 when only a restart helps. `/salute/pronto`: 503 when people should not be sent here.
pub fn routes(watched: Watched) -> Router {
    Router::new().route("/salute", get(alive)).route("/salute/pronto", get(ready)).with_state(watched)
}

async fn alive(State(watched): State<Watched>, headers: HeaderMap) -> Response {
    let tasks = watched.tasks();
    let well = tasks.iter().all(|task| !task.hangs);
    told(&headers, well, &Report { status: if well { "alive" } else { "hanging" }, tasks, storage: None })
}

async fn ready(State(watched): State<Watched>, headers: HeaderMap) -> Response {
    let (well, storage) = watched.readiness().await;
    let status = match (watched.is_stopping(), well) {
        (true, _) => "stopping",
        (false, true) => "ready",
        (false, false) => "not-ready",
    };
    told(&headers, well, &Report { status, tasks: watched.tasks(), storage: Some(storage) })
}

/// JSON for programs; sentences for a person who looks with a browser.
fn told(headers: &HeaderMap, well: bool, report: &Report) -> Response {
    let status = if well { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let accepts = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if accepts.contains("text/html") || accepts.contains("text/plain") {
        return (status, words::told(report)).into_response();
    }
    (status, Json(report)).into_response()
}
