use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context, bail};
use rules::sql::{Dialect, SqlLaw, SqlQuery, SqlTable};

use crate::{Answer, Written};

/// What keeps a heavy statement from taking the machine, and what is not worth its time for tables of a minute. Tables
/// have no statistics, and without them a nested loop may be taken for cheap.
const LIMITS: &str = "-c shared_buffers=64MB -c work_mem=32MB -c temp_file_limit=1GB -c statement_timeout=120s \
    -c max_connections=8 -c max_parallel_workers_per_gather=0 -c jit=off -c enable_nestloop=off \
    -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c autovacuum=off -c client_min_messages=warning";

/// A PostgreSQL of its own, on a socket in a folder of its own; it is stopped and forgotten when dropped.
pub struct Postgres {
    folder: tempfile::TempDir,
    programs: PathBuf,
}

impl Postgres {
    /// Starts one.
    ///
    /// # Errors
    /// If PostgreSQL is not installed, or does not start.
    pub fn start() -> anyhow::Result<Self> {
        let postgres = Self { folder: tempfile::tempdir()?, programs: programs()? };
        if is_root() {
            let status = Command::new("chown").arg("postgres").arg(postgres.path()).status()?;
            anyhow::ensure!(status.success(), "the folder of the cluster cannot be given to the user postgres");
        }
        let (data, folder) =
            (postgres.path().join("data").display().to_string(), postgres.path().display().to_string());
        postgres
            .run("initdb", &["-D", &data, "-U", "postgres", "--auth=trust", "--no-sync", "--locale=C", "-E", "UTF8"])?;
        let options = format!("-k '{folder}' -c listen_addresses= {LIMITS}");
        let log = postgres.path().join("log").display().to_string();
        postgres.run("pg_ctl", &["-D", &data, "-l", &log, "-o", &options, "-w", "start"])?;
        Ok(postgres)
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
        let mut child = Command::new(self.programs.join("psql"))
            .args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-U", "postgres", "-d", "postgres", "-h"])
            .arg(self.path())
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

    /// Runs a program of PostgreSQL, which refuses to be run by root.
    fn run(&self, program: &str, arguments: &[&str]) -> anyhow::Result<()> {
        let path = self.programs.join(program);
        let mut command = if is_root() {
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--"]).arg(path);
            command
        } else {
            Command::new(path)
        };
        // A file, not a pipe: the server would hold a pipe open, and its end would never come.
        let told = self.path().join(format!("{program}.told"));
        let log = fs::File::create(&told)?;
        let status = command.args(arguments).current_dir("/").stdout(log.try_clone()?).stderr(log).status();
        let status = status.with_context(|| format!("{program} cannot be run"))?;
        if !status.success() {
            let logs = [told, self.path().join("log")].map(|log| fs::read_to_string(log).unwrap_or_default());
            bail!("{program} failed: {}", logs.join("\n"));
        }
        Ok(())
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let data = self.path().join("data").display().to_string();
        // A server that was never started cannot be stopped: nothing is lost either way.
        drop(self.run("pg_ctl", &["-D", &data, "-m", "immediate", "-w", "stop"]));
    }
}

/// The newest PostgreSQL installed as Debian does.
fn programs() -> anyhow::Result<PathBuf> {
    const MISSING: &str = "PostgreSQL is not installed: `apt-get install postgresql`, or `make setup-tests`";
    let versions = fs::read_dir("/usr/lib/postgresql").context(MISSING)?.filter_map(Result::ok);
    let programs = versions.filter_map(|entry| {
        let version: u32 = entry.file_name().to_str()?.parse().ok()?;
        let programs = entry.path().join("bin");
        programs.join("initdb").exists().then_some((version, programs))
    });
    programs.max().map(|(_, programs)| programs).context(MISSING)
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.starts_with(b"0"))
}
