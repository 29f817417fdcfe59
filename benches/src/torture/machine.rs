//! The machine on which the program runs: its disk, its database, its clock.

use std::{
    fs::{self, File},
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, bail, ensure};
use database::testing::{self, Server};
use tempfile::TempDir;

use super::{control::Control, disk::Disk, faults::Engine, journal::Record};
use crate::{client::Client, dice::Dice, program::Start, world};

/// A program that does not answer in this time does not come up.
const PATIENCE: Duration = Duration::from_secs(180);

const PREFIX: &str = "sportello-torture-";
/// What was found stays until somebody removes it.
const KEPT: &str = "sportello-findings-";

/// Folders, library and server.
pub struct Machine {
    binary: PathBuf,
    library: PathBuf,
    root: TempDir,
    place: TempDir,
    people: u64,
    /// The server, where the engine is PostgreSQL.
    pub server: Option<Server>,
    /// What goes wrong.
    pub control: Control,
}

impl Machine {
    /// A machine with an empty disk, in memory where there is a file system in memory.
    pub fn new(binary: PathBuf, root: &Path, engine: Engine, people: u64) -> anyhow::Result<Self> {
        let place = testing::folder_in(&testing::memory().canonicalize()?, PREFIX)?;
        fs::create_dir(place.path().join("disk"))?;
        let server = match engine {
            Engine::Sqlite => None,
            Engine::Postgres => Some(server()?),
        };
        let control = Control::new(&place.path().join("control"))?;
        Ok(Self { library: library()?, binary, root: world::declarations(root)?, place, people, server, control })
    }

    /// The disk.
    pub fn disk(&self) -> PathBuf {
        self.place.path().join("disk")
    }

    /// What happened to the disk since it was last begun anew.
    pub fn journal(&self) -> PathBuf {
        self.place.path().join("journal")
    }

    /// A folder beside the disk, empty.
    pub fn scratch(&self, name: &str) -> anyhow::Result<PathBuf> {
        let folder = self.place.path().join(name);
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        fs::create_dir(&folder)?;
        Ok(folder)
    }

    /// The power went behind these records: the disk is what is left of it. Tells how many changes were not durable.
    pub fn lose_power(&self, mut disk: Disk, records: &[Record<'_>], dice: &mut Dice) -> anyhow::Result<usize> {
        records.iter().for_each(|record| disk.apply(record));
        let left = self.scratch("left")?;
        let lost = disk.remains(&left, dice)?;
        fs::remove_dir_all(self.disk())?;
        fs::rename(left, self.disk())?;
        Ok(lost)
    }

    /// Where a book is kept whose data folder is this one.
    pub fn database(&self, data: &Path) -> String {
        self.server.as_ref().map_or_else(|| world::database_url(data), |server| server.url("sportello"))
    }

    /// Starts the program, on another way to its database if one is named, with a journal that begins here.
    pub fn start(&self, database: Option<&str>) -> anyhow::Result<Running> {
        drop(fs::remove_file(self.journal())); // there is none before the first start
        self.start_beside(database)
    }

    /// Starts the program on another way to its database, or a second one beside the first.
    pub fn start_beside(&self, database: Option<&str>) -> anyhow::Result<Running> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let log = File::options().create(true).append(true).open(self.log())?;
        let own = self.server.as_ref().map(|server| server.url("sportello"));
        let database = database.map(str::to_owned).or(own);
        let (binary, root) = (self.binary.as_path(), self.root.path());
        let start = Start { binary, root, people: self.people, database: database.as_deref(), data: None };
        let mut command = Command::new("setpriv");
        command.env_clear().env("PATH", "/usr/bin:/bin").env("LD_PRELOAD", &self.library);
        command.arg("--pdeathsig=KILL").arg(binary); // the kernel ends it when we die
        start.tell(&mut command, port, &self.disk());
        command.env("POWERCUT_DISK", self.disk()).env("POWERCUT_JOURNAL", self.journal());
        command.env("POWERCUT_CONTROL", self.place.path().join("control"));
        let child = command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log).spawn();
        let child = child.with_context(|| format!("cannot start {}", self.binary.display()))?;
        Ok(Running { child, host: format!("localhost:{port}"), log: self.log() })
    }

    fn log(&self) -> PathBuf {
        self.place.path().join("log")
    }

    /// Runs a command of the program to its end; what it said where it failed.
    pub fn run(&self, arguments: &[&str]) -> anyhow::Result<Result<(), String>> {
        let output = Command::new(&self.binary).args(arguments).env_clear().output()?;
        let said = || format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        Ok(if output.status.success() { Ok(()) } else { Err(said()) })
    }

    /// Keeps everything, for whoever wants to see what happened.
    pub fn keep(self) -> std::io::Result<PathBuf> {
        let place = self.place.keep();
        let name = place.file_name().map(|name| name.to_string_lossy().replace(PREFIX, KEPT));
        let kept = place.with_file_name(name.unwrap_or_default());
        fs::rename(place, &kept)?;
        Ok(kept)
    }
}

/// A PostgreSQL with an empty database.
fn server() -> anyhow::Result<Server> {
    let server = Server::start(&["max_connections=60"])?;
    server.create("sportello")?;
    Ok(server)
}

/// The library that Cargo has built for this program: beside it, or beside those that it is made of.
fn library() -> anyhow::Result<PathBuf> {
    let own = std::env::current_exe()?;
    let folders = own.ancestors().skip(1).take(2).flat_map(|folder| [folder.to_owned(), folder.join("deps")]);
    let found = folders.map(|folder| folder.join("libpowercut.so")).find(|library| library.exists());
    found.context("libpowercut.so is not there: build the workspace")
}

/// The program while it runs; dropped, it is killed.
#[derive(Debug)]
pub struct Running {
    child: Child,
    /// Where it answers: `host:port`.
    pub host: String,
    log: PathBuf,
}

impl Running {
    /// Waits until it answers.
    ///
    /// # Errors
    /// When it does not come up, with the end of its log.
    pub fn wait(&mut self) -> anyhow::Result<()> {
        let began = Instant::now();
        let mut client = Client::new(&self.host).patient_for(Duration::from_secs(2));
        while !client.get("/salute", "").is_ok_and(|page| page.status == 200) {
            if let Some(status) = self.child.try_wait()? {
                bail!("the program does not start ({status}): {}", self.last_words());
            }
            ensure!(began.elapsed() < PATIENCE, "the program does not answer: {}", self.last_words());
            thread::sleep(Duration::from_millis(5));
        }
        Ok(())
    }

    /// Whether it is still there.
    pub fn lives(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// The end of its log.
    pub fn last_words(&self) -> String {
        let log = fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<_> = log.lines().rev().take(6).collect();
        lines.into_iter().rev().collect::<Vec<_>>().join(" | ")
    }

    /// `kill -9`.
    pub fn kill(&mut self) {
        // One that is gone cannot be killed: as wanted.
        drop(self.child.kill());
        drop(self.child.wait());
    }

    /// Stops its clockwork, as a machine does that sleeps.
    pub fn freeze(&self) -> anyhow::Result<()> {
        self.signal("-STOP")
    }

    /// Wakes it up.
    pub fn wake(&self) -> anyhow::Result<()> {
        self.signal("-CONT")
    }

    fn signal(&self, name: &str) -> anyhow::Result<()> {
        let done = Command::new("kill").args([name, &self.child.id().to_string()]).status()?;
        ensure!(done.success(), "kill {name}: {done}");
        Ok(())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.kill();
    }
}
