//! PostgreSQL databases copied from a template: a copy takes tens of milliseconds, a history of migrations a second.

use std::sync::atomic::{AtomicU64, Ordering};

use base::Timestamp;
use sha2::{Digest, Sha256};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, Row as _};

use crate::{Database, Migration};

/// Text in the order of its bytes, as in SQLite, and no bytes that are not UTF-8.
pub const LIKE_SQLITE: &str = "ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'";
/// Anything that other users of the server are unlikely to lock.
const MAKING: i64 = 0x5350_4f52_5445_4c4c;

/// Applies all steps to a database.
pub async fn migrate(url: &str, steps: &[Migration]) {
    let database = Database::open(url).await.expect("the database for tests opens");
    database.migrate(steps, Timestamp::UNIX_EPOCH).await.expect("all steps are applied");
    database.close().await;
}

/// Makes a new database with these steps; gives its name.
pub async fn copy(server: &str, steps: &[Migration]) -> String {
    static MADE: AtomicU64 = AtomicU64::new(0);
    let mut admin = connect(server).await;
    let template = if steps.is_empty() { "template0".to_owned() } else { template(server, &mut admin, steps).await };
    let name = format!("test_{}_{}", std::process::id(), MADE.fetch_add(1, Ordering::Relaxed));
    // A run that was killed may have left one of the same name.
    run(&mut admin, format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
    run(&mut admin, format!("CREATE DATABASE {name} TEMPLATE {template} {LIKE_SQLITE} STRATEGY FILE_COPY")).await;
    close(admin).await;
    name
}

/// The template with these steps, made now if it is not there yet. It gets its name when it is complete.
async fn template(server: &str, admin: &mut PgConnection, steps: &[Migration]) -> String {
    let mut hash = Sha256::new();
    for step in steps {
        hash.update(step.name);
        hash.update(step.sql);
    }
    let digest: String = hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    let name = format!("template_{digest}");
    if !exists(admin, &name).await {
        run(admin, format!("SELECT pg_advisory_lock({MAKING})")).await;
        if !exists(admin, &name).await {
            let unfinished = format!("{name}_unfinished");
            run(admin, format!("DROP DATABASE IF EXISTS {unfinished} WITH (FORCE)")).await;
            run(admin, format!("CREATE DATABASE {unfinished} TEMPLATE template0 {LIKE_SQLITE}")).await;
            migrate(&with_name(server, &unfinished), steps).await;
            run(admin, format!("ALTER DATABASE {unfinished} RENAME TO {name}")).await;
        }
        run(admin, format!("SELECT pg_advisory_unlock({MAKING})")).await;
    }
    name
}

async fn exists(admin: &mut PgConnection, name: &str) -> bool {
    let found = sqlx::query("SELECT count(*) AS n FROM pg_database WHERE datname = $1").bind(name).fetch_one(admin);
    found.await.and_then(|row| row.try_get::<i64, _>("n")).expect("the server lists its databases") != 0
}

/// Drops a database and whoever still uses it. Called while a test ends, from anywhere: hence the thread.
pub fn forget(server: &str, name: &str) {
    let drop = async |server: String, name: String| {
        let mut admin = PgConnection::connect(&server).await?;
        let sql = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
        admin.execute(sqlx::raw_sql(AssertSqlSafe(sql))).await?;
        admin.close().await
    };
    let (server, name) = (server.to_owned(), name.to_owned());
    let dropped = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(drop(server, name)).map_err(std::io::Error::other)
    });
    // Where the server is gone, so is the database.
    std::mem::drop(dropped.join());
}

/// The URL of another database of the same server.
pub fn with_name(server: &str, name: &str) -> String {
    let (path, query) =
        server.split_once('?').map_or((server, String::new()), |(path, query)| (path, format!("?{query}")));
    let (host, _) = path.rsplit_once('/').expect("the server's URL names a database");
    format!("{host}/{name}{query}")
}

async fn connect(server: &str) -> PgConnection {
    PgConnection::connect(server).await.unwrap_or_else(|error| panic!("no PostgreSQL answers at {server}: {error}"))
}

async fn run(admin: &mut PgConnection, sql: String) {
    let done = admin.execute(sqlx::raw_sql(AssertSqlSafe(sql.clone()))).await;
    done.unwrap_or_else(|error| panic!("{sql}: {error}"));
}

async fn close(admin: PgConnection) {
    drop(admin.close().await); // what was to be done is done
}
