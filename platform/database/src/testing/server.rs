use std::{
    fs,
    io::{Error, Result},
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use super::template::LIKE_SQLITE;

const PREFIX: &str = "sportello-postgres-";
const PATIENCE: Duration = Duration::from_secs(60);
const MISSING: &str = "PostgreSQL is not installed: `apt-get install postgresql`, or `make setup-tests`";

/// A PostgreSQL of its own: on a socket in a folder of its own, run by an ordinary user.
///
/// Stopped and forgotten when dropped; the kernel stops it when the thread that started it dies otherwise.
#[derive(Debug)]
pub struct Server {
    folder: tempfile::TempDir,
    programs: PathBuf,
    settings: Vec<String>,
    running: Option<Child>,
}

impl Server {
    /// Starts one with these settings (`fsync=off`) on top of PostgreSQL's own, which are durable.
    ///
    /// # Errors
    /// If PostgreSQL is not installed, or does not start.
    pub fn start(settings: &[&str]) -> Result<Self> {
        Self::start_in(&memory(), settings)
    }

    /// Starts one whose folder is in `place`: to measure it, on a disk as people have it.
    ///
    /// # Errors
    /// As [`Server::start`].
    pub fn start_in(place: &Path, settings: &[&str]) -> Result<Self> {
        let folder = folder_in(place, PREFIX)?;
        let settings = settings.iter().map(|&setting| setting.to_owned()).collect();
        let mut server = Self { folder, programs: programs()?, settings, running: None };
        if is_root() {
            succeed(Command::new("chown").arg("postgres").arg(server.folder()))?;
        }
        let mut init = server.command("initdb");
        init.arg("-D").arg(server.data()).args([
            "-U",
            "postgres",
            "--auth=trust",
            "--no-sync",
            "--locale=C",
            "-E",
            "UTF8",
        ]);
        succeed(&mut init)?;
        server.start_again()?;
        Ok(server)
    }

    /// The URL of one of its databases; `postgres` is always there.
    #[must_use]
    pub fn url(&self, name: &str) -> String {
        let port = self.settings.iter().find_map(|setting| setting.strip_prefix("port="));
        let port = port.map(|port| format!(":{port}")).unwrap_or_default();
        format!("postgres://postgres@localhost{port}/{name}?host={}", self.folder().display())
    }

    /// The folder of its socket, which may hold other files of the test, too.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// One of PostgreSQL's programs, such as `psql`.
    #[must_use]
    pub fn program(&self, name: &str) -> PathBuf {
        self.programs.join(name)
    }

    /// Runs statements that need a connection of their own, such as those that make databases.
    ///
    /// # Errors
    /// What PostgreSQL refused.
    pub fn run(&self, sql: &str) -> Result<()> {
        let mut psql = Command::new(self.program("psql"));
        succeed(psql.args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", &self.url("postgres"), "-c", sql]))
    }

    /// Makes an empty database as the program wants it; gives its URL.
    ///
    /// # Errors
    /// What PostgreSQL refused.
    pub fn create(&self, name: &str) -> Result<String> {
        self.run(&format!("CREATE DATABASE {name} TEMPLATE template0 {LIKE_SQLITE}"))?;
        Ok(self.url(name))
    }

    /// `kill -9`: nothing is finished, nothing closed, every connection is cut.
    pub fn kill(&mut self) {
        if let Some(mut running) = self.running.take() {
            // One that is dead already cannot be killed: as wanted.
            drop(running.kill());
            drop(running.wait());
        }
    }

    /// Starts it again on the same data and socket, and waits until it answers.
    ///
    /// # Errors
    /// If it does not answer within a minute, with its log.
    pub fn start_again(&mut self) -> Result<()> {
        let began = Instant::now();
        // The processes of a server that was killed end by themselves, soon; a new one does not start before.
        while began.elapsed() < PATIENCE {
            let mut running = self.spawn()?;
            while running.try_wait()?.is_none() && began.elapsed() < PATIENCE {
                if self.answers() {
                    self.running = Some(running);
                    return Ok(());
                }
                thread::sleep(Duration::from_millis(10));
            }
            drop(running.kill());
            running.wait()?;
            thread::sleep(Duration::from_millis(10));
        }
        Err(Error::other(fs::read_to_string(self.log()).unwrap_or_else(|_| MISSING.to_owned())))
    }

    fn spawn(&self) -> Result<Child> {
        // What an earlier one wrote about itself.
        drop(fs::remove_file(self.data().join("postmaster.opts")));
        let log = fs::File::options().create(true).append(true).open(self.log())?;
        let mut command = self.command("postgres");
        command.arg("-D").arg(self.data()).arg("-k").arg(self.folder()).args([
            "-c",
            "listen_addresses=",
            "-c",
            "dynamic_shared_memory_type=mmap",
        ]);
        for setting in &self.settings {
            command.args(["-c", setting]);
        }
        command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log).spawn()
    }

    /// Whether this one, and not one that died, says that it is ready.
    fn answers(&self) -> bool {
        let state = fs::read_to_string(self.data().join("postmaster.pid")).unwrap_or_default();
        self.data().join("postmaster.opts").exists() && state.lines().nth(7).is_some_and(|line| line.trim() == "ready")
    }

    /// A program of PostgreSQL, which refuses to be run by root, and ends with us.
    fn command(&self, program: &str) -> Command {
        let mut command = Command::new("setpriv");
        command.arg("--pdeathsig=QUIT").current_dir("/");
        if is_root() {
            command.args(["--reuid=postgres", "--regid=postgres", "--init-groups"]);
        }
        command.arg(self.program(program));
        command
    }

    fn data(&self) -> PathBuf {
        self.folder().join("data")
    }

    fn log(&self) -> PathBuf {
        self.folder().join("log")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(running) = &mut self.running {
            // At once, and its processes with it. One that is dead already cannot be stopped: nothing is lost either way.
            drop(Command::new("kill").args(["-QUIT", &running.id().to_string()]).status());
            drop(running.wait());
        }
    }
}

/// A folder in memory, where there is one: a durable server is as quick there as one that is not.
#[must_use]
pub fn memory() -> PathBuf {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() }
}

/// A folder of this process in `place`. What processes left there that were killed is forgotten.
///
/// # Errors
/// What the file system refuses.
pub fn folder_in(place: &Path, prefix: &str) -> Result<tempfile::TempDir> {
    sweep(place, prefix);
    tempfile::Builder::new().prefix(&format!("{prefix}{}-", std::process::id())).tempdir_in(place)
}

/// Forgets what runs left that were killed: a folder names the process that it belonged to.
fn sweep(place: &Path, prefix: &str) {
    for entry in fs::read_dir(place).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let owner = name.to_str().and_then(|name| name.strip_prefix(prefix)?.split('-').next());
        if owner.is_some_and(|owner| !Path::new("/proc").join(owner).exists()) {
            // Another process may be sweeping, too.
            drop(fs::remove_dir_all(entry.path()));
        }
    }
}

/// The newest PostgreSQL installed as Debian does.
fn programs() -> Result<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").map_err(|_| Error::other(MISSING))?.flatten();
    let programs = versions.filter_map(|entry| {
        let version: u32 = entry.file_name().to_str()?.parse().ok()?;
        let programs = entry.path().join("bin");
        programs.join("initdb").exists().then_some((version, programs))
    });
    programs.max().map(|(_, programs)| programs).ok_or_else(|| Error::other(MISSING))
}

fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0)
}

fn succeed(command: &mut Command) -> Result<()> {
    let output = command.output()?;
    if output.status.success() {
        return Ok(());
    }
    Err(Error::other(format!("{command:?}: {}", String::from_utf8_lossy(&output.stderr))))
}
