//! The program on a data folder of its own.

use std::{
    fs,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, bail};
use tempfile::TempDir;

/// Where program and declarations are.
#[derive(Debug, clap::Args)]
pub struct Place {
    /// The program; by default the one beside this benchmark.
    #[arg(long)]
    program: Option<PathBuf>,
    /// The folder with services/, law/ and content/.
    #[arg(long, default_value = ".")]
    pub root: PathBuf,
}

impl Place {
    /// The program.
    pub fn binary(&self) -> anyhow::Result<PathBuf> {
        let beside = std::env::current_exe()?.with_file_name("sportello");
        let program = self.program.clone().unwrap_or(beside);
        program.canonicalize().with_context(|| format!("no program at {}: build it first", program.display()))
    }
}

/// How the program is started.
pub struct Start<'a> {
    /// The program.
    pub binary: &'a Path,
    /// The folder with services/, law/ and content/.
    pub root: &'a Path,
    /// How many people live in the sample world.
    pub people: u64,
    /// Its database; `None`: a file in the data folder.
    pub database: Option<&'a str>,
    /// A data folder that another run left; `None`: a new one.
    pub data: Option<TempDir>,
}

impl Start<'_> {
    /// What the program is told, whoever starts it: a demonstration on this port and folder.
    pub fn tell(&self, command: &mut Command, port: u16, folder: &Path) {
        command.args(["demo", "--port", &port.to_string(), "--people", &self.people.to_string()]);
        command.arg("--data").arg(folder).arg("--root").arg(self.root);
        command.args(self.database.map(|url| format!("--database={url}")));
        // Nobody waits for a turn: what is measured is what is let in, and a load must go on.
        command.env("SPORTELLO_ADMISSIONS_PER_MINUTE", "0");
    }
}

/// The program, running on a data folder of its own.
pub struct Program {
    child: Child,
    /// Goes with the program, unless the folder is somebody else's.
    data: Option<TempDir>,
    folder: PathBuf,
    /// Where it answers.
    pub url: String,
    /// From its start to its first page.
    pub took: Duration,
}

impl Program {
    /// Starts it and waits for the first page.
    pub fn start(start: Start<'_>) -> anyhow::Result<Self> {
        let data = start.data.map_or_else(tempfile::tempdir, Ok)?;
        let mut program = Self::start_in(Start { data: None, ..start }, data.path())?;
        program.data = Some(data);
        Ok(program)
    }

    /// Starts it on a folder that stays.
    pub fn start_in(start: Start<'_>, folder: &Path) -> anyhow::Result<Self> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let url = format!("http://localhost:{port}");
        let began = Instant::now();
        let mut command = Command::new(start.binary);
        start.tell(&mut command, port, folder);
        command.stdout(Stdio::null());
        let child = command.spawn().with_context(|| format!("cannot start {}", start.binary.display()))?;
        let mut program = Self { child, data: None, folder: folder.to_owned(), url, took: Duration::ZERO };
        program.wait()?;
        program.took = began.elapsed();
        Ok(program)
    }

    fn wait(&mut self) -> anyhow::Result<()> {
        let agent = crate::person::agent();
        for _ in 0..60_000 {
            if agent.get(format!("{}/", self.url)).call().is_ok() {
                return Ok(());
            }
            if let Some(status) = self.child.try_wait()? {
                bail!("the program ended: {status}");
            }
            thread::sleep(Duration::from_millis(2));
        }
        bail!("no first page in two minutes")
    }

    /// Resident memory, in bytes.
    pub fn memory(&self) -> anyhow::Result<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
        let kilobytes: u64 = line.trim().trim_end_matches(" kB").parse()?;
        Ok(kilobytes * 1024)
    }

    /// Where it keeps its book.
    pub fn data(&self) -> &Path {
        &self.folder
    }

    /// Seconds of processors that it used so far.
    pub fn processor_seconds(&self) -> anyhow::Result<f64> {
        processor_seconds(&self.child.id().to_string())
    }

    /// Bytes of a page as sent (compressed).
    pub fn page_size(&self, path: &str) -> anyhow::Result<usize> {
        let agent: ureq::Agent = ureq::Agent::config_builder().build().into();
        let request = agent.get(format!("{}{path}", self.url)).header("accept-encoding", "gzip");
        Ok(request.call()?.body_mut().read_to_vec()?.len())
    }

    /// Bytes of the first page with all that it loads.
    pub fn whole_page_size(&self) -> anyhow::Result<usize> {
        let html = crate::person::agent().get(format!("{}/", self.url)).call()?.body_mut().read_to_string()?;
        let mut total = self.page_size("/")?;
        let mut loaded: Vec<&str> = html.split(['"', '\'', '#']).filter(|part| part.starts_with("/static/")).collect();
        loaded.sort_unstable();
        loaded.dedup();
        let styles = loaded.iter().find(|path| path.ends_with(".css")).copied();
        let folder = styles.and_then(|path| path.rsplit_once('/')).map_or("", |(folder, _)| folder);
        let fonts: Vec<String> =
            ["400", "600", "700"].map(|weight| format!("{folder}/fonts/titillium-{weight}.woff2")).to_vec();
        for path in loaded.iter().map(|path| (*path).to_owned()).filter(|path| !path.contains("/fonts/")).chain(fonts) {
            total += self.page_size(&path)?;
        }
        Ok(total)
    }

    /// Ends it and gives its data back.
    pub fn stop(self) -> TempDir {
        self.leave().expect("the data folder is there until the program is stopped")
    }

    /// Ends it and gives its data back, where they are not somebody else's.
    pub fn leave(mut self) -> Option<TempDir> {
        self.end();
        self.data.take()
    }

    fn end(&mut self) {
        // A program that is gone already is as good.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.end();
    }
}

/// Seconds of processors that a process used so far, by the kernel's count of hundredths.
pub fn processor_seconds(process: &str) -> anyhow::Result<f64> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat"))?;
    let (_, behind) = stat.rsplit_once(')').context("no stat")?;
    let ticks = |at: usize| behind.split_whitespace().nth(at).and_then(|field| field.parse::<u32>().ok());
    let (user, system) = (ticks(11).context("no user time")?, ticks(12).context("no system time")?);
    Ok(f64::from(user + system) / 100.0)
}
