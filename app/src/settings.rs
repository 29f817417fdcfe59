use std::{
    net::{IpAddr, SocketAddr},
    num::{NonZeroU16, NonZeroU32},
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::{Context, bail};
use serde::Deserialize;
use web::Mode;

use crate::{
    arguments::{Admissions, Place, Serve},
    limits, told,
};

/// How this run of the program is set up.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Demonstration or real.
    pub mode: Mode,
    /// Where it listens.
    pub listen: SocketAddr,
    /// How people reach it, without a final slash.
    pub public_url: String,
    /// The database.
    pub database: String,
    /// The data folder.
    pub data: PathBuf,
    /// The folder that holds services/, law/ and content/.
    pub root: PathBuf,
    /// The administration that answers for it.
    pub office: web::Office,
    /// The folder of the administration's seal: `seal.key` and `seal.crt`.
    pub seal: PathBuf,
    /// Who we are in the federations of electronic identity; nobody comes in but through the demonstration without it.
    pub identity: Option<identity::Declared>,
    /// How many people are let in to the confirmation of a service.
    pub admissions: waiting::Limit,
    /// How far mandates reach.
    pub mandates: mandates::Limits,
    /// How often somebody may come.
    pub limits: web::Limits,
    /// Proxies in front of the program, whose word on where a request comes from is believed.
    pub trusted_proxies: Vec<IpAddr>,
}

/// The configuration file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    mode: String,
    listen: SocketAddr,
    public_url: String,
    office: OfficeFile,
    /// Where a real seal lies; the data folder's own when absent.
    seal: Option<PathBuf>,
    #[serde(default)]
    trusted_proxies: Vec<IpAddr>,
    limits: Option<LimitsFile>,
    /// The file about SPID and CIE; `identity.toml` in the data folder when absent, if it is there.
    identity: Option<PathBuf>,
}

/// How often somebody may come, where it differs from what is usual.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct LimitsFile {
    person: Option<PaceFile>,
    address: Option<PaceFile>,
    /// The most days of a mandate.
    mandate_days: Option<NonZeroU16>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PaceFile {
    /// At once.
    burst: NonZeroU32,
    /// And then.
    a_minute: NonZeroU32,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct OfficeFile {
    name: base::Translated,
    address: String,
    email: String,
    certified_email: String,
    phone: String,
}

impl Settings {
    /// For `sportello demo`, which listens at `listen`.
    #[must_use]
    pub fn demo(place: &Place, admissions: Admissions, listen: SocketAddr) -> Self {
        Self {
            mode: Mode::Demo,
            listen,
            public_url: format!("http://localhost:{}", listen.port()),
            database: database(place),
            data: place.data.clone(),
            root: place.root.clone(),
            office: web::Office::invented(),
            seal: place.data.join("keys"),
            identity: None,
            admissions: admissions.into(),
            mandates: mandates::Limits::default(),
            limits: limits::usual(),
            trusted_proxies: Vec::new(),
        }
    }

    /// For `sportello serve`: from the file, which must exist.
    ///
    /// # Errors
    /// When the file is missing or not a configuration, or would run production without https.
    pub fn serve(serve: &Serve) -> anyhow::Result<Self> {
        let Some(path) = &serve.config else {
            bail!(
                "manca la configurazione: indica --config FILE o SPORTELLO_CONFIG (un esempio è deploy/sportello.toml)"
            );
        };
        let file = File::read(path)?;
        let mode = match file.mode.as_str() {
            "production" => Mode::Production,
            "demo" => Mode::Demo,
            other => bail!("{}: mode = \"{other}\" non va bene: scrivi \"production\" oppure \"demo\"", path.display()),
        };
        if mode == Mode::Production && !file.public_url.starts_with("https://") {
            bail!(
                "{}: in produzione public_url deve cominciare con https://, perché ne dipendono cookie e accessi",
                path.display()
            );
        }
        if mode == Mode::Production && file.listen.ip().is_loopback() && file.trusted_proxies.is_empty() {
            bail!(
                "{}: il programma risponde solo a questa macchina, quindi sta dietro un proxy: indica trusted_proxies = \
                 [\"127.0.0.1\"], altrimenti tutti avrebbero lo stesso indirizzo e nessun limite",
                path.display()
            );
        }
        let usual = Some(serve.place.data.join("identity.toml")).filter(|file| file.exists());
        let identity = file.identity.or(usual).map(|file| identity::Declared::read(&file)).transpose()?;
        let limits_file = file.limits.unwrap_or_default();
        let OfficeFile { name, address, email, certified_email, phone } = file.office;
        Ok(Self {
            mode,
            listen: file.listen,
            public_url: file.public_url.trim_end_matches('/').to_owned(),
            database: database(&serve.place),
            data: serve.place.data.clone(),
            root: serve.place.root.clone(),
            office: web::Office { name, address, email, certified_email, phone },
            seal: file.seal.unwrap_or_else(|| serve.place.data.join("keys")),
            identity,
            admissions: serve.admissions.into(),
            mandates: limits_file.mandates(),
            limits: limits_file.over(limits::usual()),
            trusted_proxies: file.trusted_proxies,
        })
    }

    /// The name of the transparency log: the public address without scheme, and `registro`.
    #[must_use]
    pub fn log_name(&self) -> String {
        let host = self.public_url.split_once("://").map_or(self.public_url.as_str(), |(_, rest)| rest);
        // Without the port: a demonstration that moves to another port keeps its log.
        format!("{}/registro", host.split(':').next().unwrap_or(host))
    }
}

impl LimitsFile {
    /// How far mandates reach.
    fn mandates(&self) -> mandates::Limits {
        let usual = mandates::Limits::default();
        let longest_days = self.mandate_days.map_or(usual.longest_days, NonZeroU16::get);
        mandates::Limits { longest_days, ..usual }
    }

    /// What is written here, and where nothing is written the usual.
    fn over(self, usual: web::Limits) -> web::Limits {
        let pace = |file: Option<PaceFile>, usual| file.map_or(usual, PaceFile::pace);
        web::Limits { person: pace(self.person, usual.person), address: pace(self.address, usual.address), ..usual }
    }
}

impl PaceFile {
    fn pace(self) -> web::Pace {
        web::Pace::new(self.burst.get(), Duration::from_secs(60) / self.a_minute.get())
    }
}

impl File {
    fn read(path: &Path) -> anyhow::Result<Self> {
        let text = std::fs::read_to_string(path).map_err(|error| told::unreadable(path, &error))?;
        let wrong = || format!("{} non è una configurazione: confrontala con deploy/sportello.toml", path.display());
        toml::from_str(&text).with_context(wrong)
    }
}

/// The database that was asked for, or SQLite in the data folder.
pub fn database(place: &Place) -> String {
    place.database.clone().unwrap_or_else(|| format!("sqlite:{}", place.data.join("sportello.db").display()))
}

/// SQLite would make an empty book where there is none.
pub fn refuse_absent(place: &Place) -> anyhow::Result<()> {
    if place.database.is_none() && !place.data.join("sportello.db").exists() {
        bail!("in {} non c’è nessun libro degli atti: indica la cartella giusta con --data", place.data.display());
    }
    Ok(())
}
