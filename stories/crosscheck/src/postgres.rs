use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context, bail};
use rules::sql::{Dialect, SqlLaw, SqlQuery};

use crate::{Answer, Written};

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
        let (data, folder) = (postgres.path().join("data").display().to_string(), postgres.path().display().to_string());
        postgres.run("initdb", &["-D", &data, "-U", "postgres", "--auth=trust", "--no-sync", "--locale=C", "-E", "UTF8"])?;
        let options = format!("-k '{folder}' -c listen_addresses= -c fsync=off -c work_mem=64MB -c jit=off");
        let log = postgres.path().join("log").display().to_string();
        postgres.run("pg_ctl", &["-D", &data, "-l", &log, "-o", &options, "-w", "start"])?;
        Ok(postgres)
    }

    /// Loads the facts and asks for every rule of every entity: one answer for each query of the law.
    ///
    /// # Errors
    /// What PostgreSQL refused.
    pub fn ask(&self, law: &SqlLaw, facts: &Written) -> anyhow::Result<Vec<Answer>> {
        for table in &law.tables {
            let name = &table.name;
            let copy = format!("\\copy \"{name}\" FROM '{}' (FORMAT csv, HEADER)", facts.file(name).display());
            let create = table.create(Dialect::PostgreSql);
            self.psql(&format!("DROP TABLE IF EXISTS \"{name}\";\n{create};\n{copy}\nANALYZE \"{name}\";\n"))?;
        }
        law.queries.iter().zip(&law.tables).map(|(query, table)| self.answer(query, table.members)).collect()
    }

    fn answer(&self, query: &SqlQuery, members: bool) -> anyhow::Result<Answer> {
        let csv = self.psql(&format!("COPY (\n{}\n) TO STDOUT (FORMAT csv);\n", query.text))?;
        let rows = csv::ReaderBuilder::new().has_headers(false).from_reader(csv.as_slice()).into_records();
        let rows = rows.map(|row| Ok(row?.iter().map(str::to_owned).collect())).collect::<anyhow::Result<_>>()?;
        Ok(Answer { rules: query.rules.clone(), members, rows })
    }

    fn psql(&self, script: &str) -> anyhow::Result<Vec<u8>> {
        let mut child = Command::new("psql")
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
        let log = fs::File::create(std::env::temp_dir().join(format!("crosscheck-{}-{program}", std::process::id())))?;
        let status = command.args(arguments).current_dir("/").stdout(log.try_clone()?).stderr(log).status();
        let status = status.with_context(|| format!("{program} cannot be run"))?;
        anyhow::ensure!(status.success(), "{program} failed");
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
    let versions = fs::read_dir("/usr/lib/postgresql").context("PostgreSQL is not installed (package postgresql)")?;
    let mut found: Vec<PathBuf> = versions
        .filter_map(Result::ok)
        .map(|entry| entry.path().join("bin"))
        .filter(|programs| programs.join("initdb").exists())
        .collect();
    found.sort();
    found.pop().context("PostgreSQL is not installed (package postgresql)")
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.starts_with(b"0"))
}
