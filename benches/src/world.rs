//! The program on a data folder of its own, and people who are logged in already.

use std::{fs, path::Path, process::Command};

use anyhow::ensure;
use base::Timestamp;
use database::{Database, params};
use jiff::SignedDuration;
use sha2::{Digest, Sha256};
use tempfile::TempDir;

/// What the form's service is called.
pub const SERVICE: &str = "indennita-emergenza";

/// A copy of the house's declarations with the service of the load test among them.
pub fn declarations(root: &Path) -> anyhow::Result<TempDir> {
    let folder = tempfile::tempdir()?;
    for name in ["services", "law", "content"] {
        copy(&root.join(name), folder.path())?;
    }
    let own = root.join("benches/clickday");
    copy(&own.join("servizio"), folder.path())?;
    fs::rename(folder.path().join("servizio"), folder.path().join("services").join(SERVICE))?;
    let facts = folder.path().join("content/screener/facts.toml");
    let told = fs::read_to_string(&facts)? + &fs::read_to_string(own.join("facts.toml"))?;
    fs::write(facts, told)?;
    Ok(folder)
}

fn copy(from: &Path, to: &Path) -> anyhow::Result<()> {
    let done = Command::new("cp").arg("-r").arg(from).arg(to).status()?;
    ensure!(done.success(), "cannot copy {}", from.display());
    Ok(())
}

/// Where the program keeps its book.
pub fn database_url(data: &Path) -> String {
    format!("sqlite:{}", data.join("sportello.db").display())
}

/// The cookies of people who logged in: the session of one real login, given to others as well. Logging in costs two
/// signatures and their checks and is measured apart (`make bench`): on the day when everybody comes people log in while they wait.
pub async fn sessions(url: &str, people: &[String]) -> anyhow::Result<Vec<String>> {
    let database = Database::open(url).await?;
    let mut cookies = Vec::with_capacity(people.len());
    for some in people.chunks(2000) {
        let mut tx = database.begin().await?;
        for code in some {
            let token = hex::encode(Sha256::digest(format!("clickday {code}")));
            let sql = "INSERT INTO web_sessions (token, subject, name, door, level, data, signed_in_at, seen_at, expires_at) \
                       SELECT $1, $2, name, door, level, data, signed_in_at, seen_at, expires_at FROM web_sessions \
                       WHERE door = 'citizen' LIMIT 1";
            let made = tx.execute(sql, params![hex::encode(Sha256::digest(&token)), code]).await?;
            ensure!(made == 1, "nobody is logged in");
            cookies.push(format!("sportello={token}"));
        }
        tx.commit().await?;
    }
    database.close().await;
    Ok(cookies)
}

/// Makes all sessions last for sixty hours from now, also should the machine's clock jump by a day.
pub async fn prolong_sessions(url: &str) -> database::Result<()> {
    let database = Database::open(url).await?;
    let mut tx = database.begin().await?;
    let end = Timestamp::now().checked_add(SignedDuration::from_hours(60)).unwrap_or(Timestamp::MAX);
    tx.execute("UPDATE web_sessions SET seen_at = $1, expires_at = $1", params![end]).await?;
    tx.commit().await?;
    database.close().await;
    Ok(())
}

/// What the book says after the load.
pub struct Book {
    /// Cases of the service.
    pub cases: i64,
    /// Acts that filed them.
    pub submitted: i64,
    /// Registrations of the service's office, and the highest of their numbers: without holes the two are equal.
    pub registrations: (i64, i64),
}

/// Asks the book.
pub async fn book(url: &str) -> anyhow::Result<Book> {
    let database = Database::open(url).await?;
    let mut tx = database.read().await?;
    let cases = tx.number("SELECT count(*) AS n FROM cases WHERE service = $1", params![SERVICE]).await?;
    let filed = "FROM acts JOIN cases ON cases.id = acts.case_id WHERE kind = 'submitted' AND service = $1";
    let submitted = tx.number(&format!("SELECT count(*) AS n {filed}"), params![SERVICE]).await?;
    let of_office = "FROM protocol_entries WHERE office = (SELECT office FROM cases WHERE service = $1 LIMIT 1)";
    let many = tx.number(&format!("SELECT count(*) AS n {of_office}"), params![SERVICE]).await?;
    let highest = tx.number(&format!("SELECT max(number) AS n {of_office}"), params![SERVICE]).await?;
    drop(tx);
    database.close().await;
    Ok(Book { cases, submitted, registrations: (many, highest) })
}

/// Bytes of all files below a folder.
pub fn size(folder: &Path) -> anyhow::Result<u64> {
    let mut bytes = 0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let about = entry.metadata()?;
        bytes += if about.is_dir() { size(&entry.path())? } else { about.len() };
    }
    Ok(bytes)
}
