use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};
use serde::Deserialize;
use web::Mode;

use crate::{
    arguments::{Admissions, Place, Serve},
    told,
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
    /// How many people are let in to the confirmation of a service.
    pub admissions: waiting::Limit,
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
            admissions: admissions.into(),
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
            admissions: serve.admissions.into(),
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
