mod officer;

use std::{net::SocketAddr, num::NonZeroUsize, path::PathBuf};

use base::Date;
use clap::{Args, Parser, Subcommand, ValueEnum};

pub use officer::{NewOfficer, OfficerAbout, OfficerCommand};

/// Sportello: the digital side of a welfare state, in one program.
#[derive(Debug, Parser)]
#[command(version, about)]
pub struct Arguments {
    /// The same as `--log json`.
    #[arg(long, global = true, env = "SPORTELLO_LOG_JSON")]
    pub log_json: bool,
    /// How the log is written.
    #[arg(long, global = true, env = "SPORTELLO_LOG_FORMAT", default_value = "text", value_parser = ["text", "json"])]
    pub log: String,
    /// Send traces to this OpenTelemetry collector (OTLP over HTTP), such as `http://127.0.0.1:4318`.
    #[arg(long, global = true, env = "SPORTELLO_TRACES")]
    pub traces: Option<String>,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

impl Arguments {
    /// Whether the log is JSON: by either of the two ways of saying so.
    #[must_use]
    pub fn log_json(&self) -> bool {
        self.log_json || self.log == "json"
    }
}

/// What the program can do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Start with a sample world and a demonstration identity provider.
    Demo(Demo),
    /// Start for real people (or as the configuration says).
    Serve(Serve),
    /// Bring the database up to date and end; or move everything into another database, with a proof.
    Migrate(Migrate),
    /// Copy the whole book into one sealed file, while the program serves.
    Backup(Backup),
    /// Put a copy into an empty place, and prove that it is the book; or only prove it.
    Restore(Restore),
    /// Take nothing more that people send, for maintenance: reading, receipts and proofs stay.
    ReadOnly(ReadOnly),
    /// Note that a registry does not answer: what rests on it waits until it does.
    Silence(Silence),
    /// The accounts with which officers come in.
    Officer(OfficerAbout),
    /// Check every service folder and run every example.
    Check {
        /// The folder that holds services/, law/ and content/.
        #[arg(long, env = "SPORTELLO_ROOT", default_value = ".")]
        root: PathBuf,
        /// Check again after every change of a file, until Ctrl-C.
        #[arg(long)]
        watch: bool,
    },
    /// The law of a service: in force on a day, or applied to one household with its reasons.
    Law(Law),
    /// What a law costs, whom it reaches, and what a reform would change: on invented people or on files of households.
    Simulate(Simulate),
    /// Check a receipt offline, or the whole log.
    Verify(Verify),
    /// The way into the federations of SPID and CIE.
    Identity(IdentityAbout),
}

/// SPID and CIE.
#[derive(Debug, Args)]
pub struct IdentityAbout {
    /// What to do.
    #[command(subcommand)]
    pub command: IdentityCommand,
}

/// What can be asked about SPID and CIE.
#[derive(Debug, Subcommand)]
pub enum IdentityCommand {
    /// Tell what is missing before the federations take us: addresses, certificates, metadata, providers, clock. Takes what
    /// `serve` takes.
    Check(Box<Serve>),
    /// Tell with which digital identities somebody came as a person, numbered from the oldest.
    List(Person),
    /// Say of one of them whose it is, after seeing a document of the person.
    Settle {
        /// The person.
        #[command(flatten)]
        person: Person,
        /// Its number in the list.
        number: usize,
        /// The person's own, or a stranger's.
        #[arg(value_enum)]
        whose: Whose,
    },
}

/// A person of a book.
#[derive(Debug, Args)]
pub struct Person {
    /// Where data and folders are.
    #[command(flatten)]
    pub place: Place,
    /// The person's fiscal code.
    pub fiscal_code: base::FiscalCode,
}

/// Whose a digital identity is.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
pub enum Whose {
    /// The person's.
    Own,
    /// Somebody else's: nobody logs in with it any more.
    Stranger,
}

/// The law of a service.
#[derive(Debug, Args)]
pub struct Law {
    /// The folder that holds services/, law/ and content/.
    #[arg(long, global = true, env = "SPORTELLO_ROOT", default_value = ".")]
    pub root: PathBuf,
    /// What to do with it.
    #[command(subcommand)]
    pub command: LawCommand,
}

/// What can be asked about a law.
#[derive(Debug, Subcommand)]
pub enum LawCommand {
    /// Print the rules, parameters and tables in force.
    Show {
        /// The service: the name of its folder.
        service: String,
        /// Which day's law.
        #[command(flatten)]
        when: When,
    },
    /// Apply it to one household and tell every reason.
    Explain {
        /// The service: the name of its folder.
        service: String,
        /// The household's facts, in TOML; `sportello law person SERVICE` prints one to fill in.
        person: PathBuf,
        /// Which day's law; without it, the day written in the file.
        #[command(flatten)]
        when: When,
        /// Print every rule with the values that it read, too.
        #[arg(long)]
        trace: bool,
    },
    /// Say in words what one version of a service changes of another: what, from when, for whom.
    Diff {
        /// The version before: the name of a service, or a folder.
        before: String,
        /// The version after: a folder, such as a changed copy of the service's.
        after: String,
    },
    /// What past months give as the law was known on a day and as it is known on another: arrears and debts, with
    /// their causes.
    Arrears {
        /// The service: the name of its folder.
        service: String,
        /// The household's facts, in TOML; `sportello law person SERVICE` prints one to fill in.
        person: PathBuf,
        /// The day whose knowledge decided then: 2026-01-15.
        #[arg(long)]
        then: Date,
        /// The day whose knowledge applies now; all that is known when absent.
        #[arg(long)]
        now: Option<Date>,
        /// A day of the first month.
        #[arg(long)]
        from: Date,
        /// A day of the last month; the month of `--from` alone when absent.
        #[arg(long)]
        until: Option<Date>,
    },
    /// Print a file of facts to fill in for `explain`.
    Person {
        /// The service: the name of its folder.
        service: String,
    },
}

/// A place on both time axes.
#[derive(Debug, Clone, Copy, Args)]
pub struct When {
    /// The day whose law applies: 2026-03-01; today when absent.
    #[arg(long)]
    pub on: Option<Date>,
    /// The day whose knowledge applies; all that is known when absent.
    #[arg(long)]
    pub known: Option<Date>,
}

/// A law over a whole population.
#[derive(Debug, Args)]
pub struct Simulate {
    /// The service: the name of its folder.
    pub service: String,
    /// The folder that holds services/, law/ and content/.
    #[arg(long, env = "SPORTELLO_ROOT", default_value = ".")]
    pub root: PathBuf,
    /// A changed copy of the service's folder: the draft of a reform, compared with the law in force.
    #[arg(long)]
    pub reform: Option<PathBuf>,
    /// Which day's law.
    #[command(flatten)]
    pub when: When,
    /// How many invented people, with --seed.
    #[arg(long, conflicts_with = "from", default_value_t = 100_000)]
    pub people: u64,
    /// Seed of the invented people: the same seed gives the same people.
    #[arg(long, conflicts_with = "from", default_value_t = 1)]
    pub seed: u64,
    /// A folder of files with households: nucleo.parquet (or .csv) and one file for each relation of the law.
    #[arg(long)]
    pub from: Option<PathBuf>,
    /// The column of the households' file by which tenths are made; isee when absent.
    #[arg(long, requires = "from")]
    pub deciles: Option<String>,
    /// Write the outcome of each household here: .parquet or .csv.
    #[arg(long)]
    pub out: Option<PathBuf>,
    /// Write the summary here, as JSON.
    #[arg(long)]
    pub json: Option<PathBuf>,
    /// Draw the cost by tenth of ISEE here, or by territory where there is no ISEE, as SVG.
    #[arg(long)]
    pub svg: Option<PathBuf>,
    /// Count who is entitled and did not ask, among the people of the demonstration in --data.
    #[arg(long, requires = "data", conflicts_with_all = ["from", "people", "seed"])]
    pub take_up: bool,
    /// The data folder of a demonstration, with --take-up.
    #[arg(long, requires = "take_up")]
    pub data: Option<PathBuf>,
    /// Write the invented households here, as files that --from reads, and compute nothing.
    #[arg(long, conflicts_with_all = ["from", "reform", "out", "json", "svg", "take_up"])]
    pub write_population: Option<PathBuf>,
    /// How many threads; all processors when absent. The result is the same.
    #[arg(long)]
    pub threads: Option<NonZeroUsize>,
}

/// Where the data and the declared folders are.
#[derive(Debug, Clone, Args)]
pub struct Place {
    /// The data folder: database, keys.
    #[arg(long, global = true, env = "SPORTELLO_DATA", default_value = "data")]
    pub data: PathBuf,
    /// The folder that holds services/, law/ and content/.
    #[arg(long, global = true, env = "SPORTELLO_ROOT", default_value = ".")]
    pub root: PathBuf,
    /// Database: sqlite:PATH or postgres://…; SQLite in the data folder when absent.
    #[arg(long, global = true, env = "SPORTELLO_DATABASE")]
    pub database: Option<String>,
}

/// How many people are let in to the confirmation of a service. The values have to do with `docs/performance.md`: two
/// thirds of what two processors take, and as many at once as they take in five seconds.
#[derive(Debug, Clone, Copy, Args)]
pub struct Admissions {
    /// How many may come to the confirmation of a service at the same moment, before the next ones wait.
    #[arg(long, env = "SPORTELLO_ADMISSIONS_AT_ONCE", default_value_t = 2_000)]
    pub admissions_at_once: u32,
    /// How many come in each minute when there are more, in all processes together; 0: nobody ever waits.
    #[arg(long, env = "SPORTELLO_ADMISSIONS_PER_MINUTE", default_value_t = 18_000)]
    pub admissions_per_minute: u32,
    /// For how many minutes somebody whose turn has come may enter.
    #[arg(long, env = "SPORTELLO_ADMISSION_MINUTES", default_value_t = 30)]
    pub admission_minutes: u32,
}

impl From<Admissions> for waiting::Limit {
    fn from(given: Admissions) -> Self {
        Self {
            at_once: given.admissions_at_once,
            per_minute: given.admissions_per_minute,
            minutes: given.admission_minutes,
        }
    }
}

/// The switch to read-only.
#[derive(Debug, Args)]
pub struct ReadOnly {
    /// What to do with it.
    pub switch: Switch,
    /// Where data and folders are.
    #[command(flatten)]
    pub place: Place,
}

/// A registry that does not answer.
#[derive(Debug, Args)]
pub struct Silence {
    /// What to do with it.
    pub switch: Switch,
    /// Which one, by its id in content/registries.toml.
    #[arg(default_value = registry::COMPANY_REGISTRY)]
    pub registry: String,
    /// Where data and folders are.
    #[command(flatten)]
    pub place: Place,
}

/// What to do with a switch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Switch {
    /// Turn it on.
    On,
    /// Turn it off.
    Off,
    /// Tell how it stands.
    Status,
}

/// Which schema, or which move.
#[derive(Debug, Args)]
pub struct Migrate {
    /// Where data and folders are.
    #[command(flatten)]
    pub place: Place,
    /// Move everything out of this database: sqlite:PATH or postgres://…; no program may be using it.
    #[arg(long, requires = "to", conflicts_with = "database")]
    pub from: Option<String>,
    /// Into this one, which must be empty.
    #[arg(long, requires = "from")]
    pub to: Option<String>,
}

/// A copy.
#[derive(Debug, Args)]
pub struct Backup {
    /// Where data and folders are.
    #[command(flatten)]
    pub place: Place,
    /// The file to write, which must not exist.
    #[arg(long)]
    pub to: PathBuf,
}

/// What to restore.
#[derive(Debug, Args)]
pub struct Restore {
    /// Where data and folders are; the database must be empty.
    #[command(flatten)]
    pub place: Place,
    /// The file that `sportello backup` wrote.
    #[arg(long)]
    pub from: PathBuf,
    /// A checkpoint as the office published it (`/registro/checkpoint`): the restored log must be that one.
    #[arg(long)]
    pub published: Option<PathBuf>,
    /// The key of the log (`sportello.example/registro+…`); that of the data folder when absent.
    #[arg(long)]
    pub key: Option<String>,
    /// The certificate of the administration's seal (PEM); that of the data folder when absent.
    #[arg(long)]
    pub seal: Option<PathBuf>,
    /// Prove the copy and leave nothing behind; needs its room beside it for that time.
    #[arg(long)]
    pub check: bool,
    /// Restore a copy that has fewer acts than were published: receipts were given for those that are lost.
    #[arg(long, requires = "published")]
    pub accept_loss: bool,
}

/// What operators get while the program serves.
#[derive(Debug, Clone, Copy, Args)]
pub struct Watching {
    /// Give out figures and health here, apart from the pages: `127.0.0.1:9464`. Not for the public.
    #[arg(long, env = "SPORTELLO_METRICS")]
    pub metrics: Option<SocketAddr>,
    /// Once asked to end, say so for this many seconds before new connections are refused, so that a balancer notices.
    #[arg(long, env = "SPORTELLO_NOTICE", default_value_t = 0)]
    pub notice: u16,
}

/// The demonstration.
#[derive(Debug, Args)]
pub struct Demo {
    /// For operators.
    #[command(flatten)]
    pub watching: Watching,
    /// Where data and folders are.
    #[command(flatten)]
    pub place: Place,
    /// Who waits when many come.
    #[command(flatten)]
    pub admissions: Admissions,
    /// Port on this machine; 0 takes any that is free.
    #[arg(long, default_value_t = 8080)]
    pub port: u16,
    /// How many people live in the sample world, up to 1,000,000 and more.
    #[arg(long, default_value_t = 10_000)]
    pub people: u64,
    /// Seed of the sample world: the same seed gives the same people.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Forget what the demonstration holds and begin anew.
    #[arg(long)]
    pub reset: bool,
    /// Walk the main job through real HTTP, print each step, and end.
    #[arg(long)]
    pub tour: bool,
}

/// The program in service.
#[derive(Debug, Args)]
pub struct Serve {
    /// For operators.
    #[command(flatten)]
    pub watching: Watching,
    /// Where data and folders are.
    #[command(flatten)]
    pub place: Place,
    /// Who waits when many come.
    #[command(flatten)]
    pub admissions: Admissions,
    /// The configuration file; see deploy/sportello.toml.
    #[arg(long, env = "SPORTELLO_CONFIG")]
    pub config: Option<PathBuf>,
}

/// What to verify.
#[derive(Debug, Args)]
pub struct Verify {
    /// Files of receipts or proofs, of segnature or daily registers.
    #[arg(value_name = "FILE", required_unless_present = "book")]
    pub files: Vec<PathBuf>,
    /// The key of the log that is trusted (`sportello.example/registro+…`), as the office publishes it.
    #[arg(long)]
    pub key: Option<String>,
    /// The certificate of the administration's seal (PEM), for a segnatura or a daily register; that of the data folder
    /// when absent.
    #[arg(long)]
    pub seal: Option<PathBuf>,
    /// Language of the answer: it, en, de.
    #[arg(long, default_value = "it", value_parser = ["it", "en", "de"])]
    pub language: String,
    /// Check the whole log of a data folder against its book of acts.
    #[arg(long)]
    pub book: bool,
    /// Where data and folders are (with --book).
    #[command(flatten)]
    pub place: Place,
}
