//! Databases for tests: every test of every room asks for one here and never learns which engine it got.
//!
//! Without [`SERVER`] in the environment each is a SQLite file in a folder of its own. With it, each is a PostgreSQL
//! database of that server, copied from a template that was migrated once. Both are gone when dropped.

mod server;
mod template;

pub use server::{Server, folder_in, memory};

pub use crate::faults::{Effect, Planned};
use crate::{Database, Migration};

/// Names a PostgreSQL server by the URL of a database in it, such as `postgres://postgres@localhost/postgres?host=/run`.
pub const SERVER: &str = "SPORTELLO_TEST_POSTGRES";

/// A database that nobody else uses. It is forgotten when dropped, also by a test that fails.
#[derive(Debug)]
pub struct TestDatabase {
    url: String,
    place: Place,
}

#[derive(Debug)]
enum Place {
    Folder { _kept: tempfile::TempDir },
    Server { server: String, name: String },
}

impl TestDatabase {
    /// A database in which these steps were applied, on the engine that the environment asks for.
    ///
    /// # Panics
    /// As everything here: when it cannot be made, with what the engine said.
    pub async fn migrated(steps: &[Migration]) -> Self {
        match std::env::var(SERVER) {
            Ok(server) => Self::on_server(&server, steps).await,
            Err(_) => Self::in_folder(steps).await,
        }
    }

    /// A database without tables.
    pub async fn empty() -> Self {
        Self::migrated(&[]).await
    }

    /// A SQLite file, whatever the environment asks for: for tests that are about the file.
    pub async fn in_folder(steps: &[Migration]) -> Self {
        let folder = tempfile::tempdir().expect("a folder for the database");
        let url = format!("sqlite:{}/book.db", folder.path().display());
        if !steps.is_empty() {
            template::migrate(&url, steps).await;
        }
        Self { url, place: Place::Folder { _kept: folder } }
    }

    /// A database of this PostgreSQL server, whatever the environment asks for.
    pub async fn on_server(server: &str, steps: &[Migration]) -> Self {
        let name = template::copy(server, steps).await;
        let url = template::with_name(server, &name);
        Self { url, place: Place::Server { server: server.to_owned(), name } }
    }

    /// Its address, as `Database::open` and the program's `--database` take it.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Opens it; may be done more than once, as several programs would.
    pub async fn open(&self) -> Database {
        Database::open(&self.url).await.expect("the database for tests opens")
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        if let Place::Server { server, name } = &self.place {
            template::forget(server, name);
        }
    }
}

impl Database {
    /// From now on a step of a unit of work fails, once, as when the connection is lost.
    pub fn let_fail(&self, planned: Planned) {
        self.latch().faults.plan(planned);
    }

    /// The step that failed, in words of the engine; `None` if the unit came to its end before. Nothing fails any more.
    #[must_use]
    pub fn failed_step(&self) -> Option<String> {
        self.latch().faults.met()
    }
}
