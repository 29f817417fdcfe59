//! The program as people start it: a process of its own, which can be killed.

use std::{
    io::{BufRead, BufReader, Read},
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Output, Stdio},
    thread,
    time::{Duration, Instant},
};

use stories::{Host, HostError, Verdict};

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
        let (child, url) = spawn(&data, &root, "0", &environment);
        Self { url, data, root, environment, child }
    }

    /// `kill -9`.
    pub fn kill(&mut self) -> ExitStatus {
        self.child.kill().expect("it was running");
        self.child.wait().expect("it is gone")
    }

    /// Starts again on the same data and port.
    pub fn start_again(&mut self) {
        let port = self.url.rsplit(':').next().expect("the address has a port").to_owned();
        (self.child, _) = spawn(&self.data, &self.root, &port, &self.environment);
    }

    /// Everything that it wrote on standard error until it is killed.
    pub fn log(&mut self) -> String {
        self.kill();
        let mut text = String::new();
        let mut stream = self.child.stderr.take().expect("the log was kept");
        stream.read_to_string(&mut text).expect("the log is text");
        text
    }
}

fn spawn(data: &str, root: &str, port: &str, environment: &Environment) -> (Child, String) {
    let arguments = ["demo", "--data", data, "--root", root, "--port", port, "--people", "60"];
    let mut command = command(&arguments);
    command.envs(environment.iter().map(|(name, value)| (name, value))).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program starts");
    let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines().map_while(Result::ok);
    let greeting = lines.find_map(|line| line.strip_prefix("Sportello è aperto: ").map(str::to_owned));
    let Some(url) = greeting else {
        let log = child.wait_with_output().expect("it ended");
        panic!("the program did not open: {}", stderr(&log));
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
