use std::{
    io::Write,
    process::{Command, Stdio},
};

use anyhow::{Context, bail};
use database::testing::Server;
use rules::sql::{Dialect, SqlLaw, SqlQuery, SqlTable};

use crate::{Answer, Written};

/// What keeps a heavy statement from taking the machine, and what is not worth its time for tables of a minute. Tables
/// have no statistics, and without them a nested loop may be taken for cheap.
const LIMITS: [&str; 13] = [
    "shared_buffers=64MB",
    "work_mem=32MB",
    "temp_file_limit=1GB",
    "statement_timeout=120s",
    "max_connections=8",
    "max_parallel_workers_per_gather=0",
    "jit=off",
    "enable_nestloop=off",
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "autovacuum=off",
    "client_min_messages=warning",
];

/// A PostgreSQL of its own; it is stopped and forgotten when dropped.
pub struct Postgres(Server);

impl Postgres {
    /// Starts one.
    ///
    /// # Errors
    /// If PostgreSQL is not installed, or does not start.
    pub fn start() -> anyhow::Result<Self> {
        Ok(Self(Server::start(&LIMITS)?))
    }

    /// Loads the facts and asks for every rule of every entity: one answer for each query of the law.
    ///
    /// # Errors
    /// What PostgreSQL refused.
    pub fn ask(&self, law: &SqlLaw, facts: &Written) -> anyhow::Result<Vec<Answer>> {
        let mut script = "DROP SCHEMA public CASCADE;\nCREATE SCHEMA public;\n".to_owned();
        for table in &law.tables {
            let (create, name) = (table.create(Dialect::PostgreSql), &table.name);
            let file = facts.file(name);
            script += &format!("{create};\n\\copy \"{name}\" FROM '{}' (FORMAT csv, HEADER)\n", file.display());
        }
        for layer in &law.layers {
            script += &format!("CREATE UNLOGGED TABLE \"{}\" AS {};\n", layer.table, layer.text);
        }
        self.psql(&script)?;
        law.queries.iter().zip(&law.tables).map(|(query, table)| self.answer(query, table)).collect()
    }

    fn answer(&self, query: &SqlQuery, table: &SqlTable) -> anyhow::Result<Answer> {
        let csv = self.psql(&format!("COPY (\n{}\n) TO STDOUT (FORMAT csv);\n", query.text))?;
        let rows = csv::ReaderBuilder::new().has_headers(false).from_reader(csv.as_slice()).into_records();
        let rows = rows.map(|row| Ok(row?.iter().map(str::to_owned).collect())).collect::<anyhow::Result<_>>()?;
        Ok(Answer { relation: table.members.then(|| table.name.clone()), rules: query.rules.clone(), rows })
    }

    fn psql(&self, script: &str) -> anyhow::Result<Vec<u8>> {
        let mut child = Command::new(self.0.program("psql"))
            .args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", &self.0.url("postgres")])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .context("psql cannot be run")?;
        let mut input = child.stdin.take().context("psql has no input")?;
        let script = script.to_owned();
        let writer = std::thread::spawn(move || input.write_all(script.as_bytes()));
        let output = child.wait_with_output()?;
        let written = writer.join().map_err(|_| anyhow::anyhow!("the script was not written"))?;
        if !output.status.success() {
            bail!("PostgreSQL refused: {}", String::from_utf8_lossy(&output.stderr));
        }
        written?;
        Ok(output.stdout)
    }
}
