//! The program as people start it: a process of its own, which can be killed.

use std::{
    fs::OpenOptions,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Output, Stdio},
    thread,
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process};
use stories::{Host, HostError, Verdict};
use tempfile::NamedTempFile;

use crate::{client::Client, world::root};

/// The program with these arguments, away from the environment of who runs the tests.
pub fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sportello"));
    command.args(arguments).env_clear().env("PATH", "/usr/bin:/bin").stdin(Stdio::null()).current_dir(root());
    command
}

/// Runs it to its end.
pub fn run(arguments: &[&str]) -> Output {
    command(arguments).output().expect("the program runs")
}

pub fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

pub fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

type Environment = Vec<(&'static str, PathBuf)>;

/// A demonstration that runs; dropped, it is killed.
pub struct Program {
    pub url: String,
    /// Standard error, of all its starts: a file, because a pipe that nobody reads would stop it.
    told: NamedTempFile,
    data: String,
    root: String,
    environment: Environment,
    child: Child,
}

impl Program {
    /// Starts on any free port and waits for the first page.
    pub fn start(data: &Path, root: &Path) -> Self {
        Self::start_with(data, root, &[])
    }

    /// With these variables in its environment, also when it is started again.
    pub fn start_with(data: &Path, root: &Path, environment: &[(&'static str, &Path)]) -> Self {
        let (data, root) = (data.display().to_string(), root.display().to_string());
        let environment = environment.iter().map(|(name, value)| (*name, value.to_path_buf())).collect();
        let told = NamedTempFile::new().expect("a file");
        let (child, url) = spawn(&data, &root, "0", &environment, &told);
        Self { url, told, data, root, environment, child }
    }

    /// `kill -9`.
    pub fn kill(&mut self) -> ExitStatus {
        self.child.kill().expect("it was running");
        self.child.wait().expect("it is gone")
    }

    /// Starts again on the same data and port.
    pub fn start_again(&mut self) {
        let port = self.url.rsplit(':').next().expect("the address has a port").to_owned();
        (self.child, _) = spawn(&self.data, &self.root, &port, &self.environment, &self.told);
    }

    /// Asks it to end, as service managers do, and waits until it has.
    pub fn end(&mut self) -> ExitStatus {
        self.ask_to_end();
        let began = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().expect("it can be asked") {
                return status;
            }
            assert!(began.elapsed() < Duration::from_secs(60), "it does not end: {}", self.told());
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// SIGTERM.
    pub fn ask_to_end(&self) {
        kill_process(Pid::from_child(&self.child), Signal::TERM).expect("it is running");
    }

    /// Everything that it wrote on standard error so far.
    pub fn told(&self) -> String {
        std::fs::read_to_string(self.told.path()).expect("the log is text")
    }

    /// Everything that it wrote on standard error until it is killed.
    pub fn log(&mut self) -> String {
        self.kill();
        self.told()
    }
}

fn spawn(data: &str, root: &str, port: &str, environment: &Environment, told: &NamedTempFile) -> (Child, String) {
    let arguments = ["demo", "--data", data, "--root", root, "--port", port, "--people", "60"];
    let mut command = command(&arguments);
    let log = OpenOptions::new().append(true).open(told.path()).expect("the log can be written");
    command.envs(environment.iter().map(|(name, value)| (name, value))).stdout(Stdio::piped()).stderr(log);
    let mut child = command.spawn().expect("the program starts");
    let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines().map_while(Result::ok);
    let greeting = lines.find_map(|line| line.strip_prefix("Sportello è aperto: ").map(str::to_owned));
    let Some(url) = greeting else {
        drop(child.wait());
        panic!("the program did not open: {}", std::fs::read_to_string(told.path()).unwrap_or_default());
    };
    // Nobody reads on, but the program must be able to write.
    thread::spawn(move || lines.for_each(drop));
    let began = Instant::now();
    while Client::new(&url).try_get("/salute").is_err() {
        assert!(began.elapsed() < Duration::from_secs(20), "{url} does not answer");
        thread::sleep(Duration::from_millis(20));
    }
    (child, url)
}

/// Stories may kill it. Proofs are checked by the program's own command, on the key that it publishes.
impl Host for Program {
    fn restart(&mut self) -> Result<(), HostError> {
        self.kill();
        self.start_again();
        Ok(())
    }

    fn verify(&mut self, proof: &[u8]) -> Result<Verdict, HostError> {
        let failed = |error: &dyn std::fmt::Display| HostError::Failed(error.to_string());
        let key = Client::new(&self.url).get("/registro/chiave").body;
        let file = tempfile::NamedTempFile::new().map_err(|error| failed(&error))?;
        std::fs::write(file.path(), proof).map_err(|error| failed(&error))?;
        let output = run(&["verify", &file.path().display().to_string(), "--key", key.trim_end()]);
        let text = stdout(&output);
        Ok(if output.status.success() { Verdict::Genuine(text) } else { Verdict::Wrong(text) })
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
