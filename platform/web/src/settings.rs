use std::{net::IpAddr, sync::Arc, time::Duration};

use base::{Language, Translated};
use jiff::SignedDuration;

use crate::{Authorities, Limits};

/// How the program runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// With invented people and a demonstration identity provider; every page says so.
    Demo,
    /// For real people.
    Production,
}

/// The administration that answers for the service, as the header and the footer name it.
#[derive(Debug, Clone)]
pub struct Office {
    /// The administration, e.g. "Ente dimostrativo per il welfare".
    pub name: Translated,
    /// Postal address on one line.
    pub address: String,
    /// Where people write.
    pub email: String,
    /// Certified mail (PEC), with legal effect.
    pub certified_email: String,
    /// Where people call, as it is to be read.
    pub phone: String,
}

/// An entry of the main menu. It is marked as current when the visited path begins with `href`.
#[derive(Debug, Clone, Copy)]
pub struct MenuItem {
    /// Key of its words.
    pub key: &'static str,
    /// Where it leads.
    pub href: &'static str,
}

/// What the office decides about the pages. Begin with [`Settings::new`] and change what differs.
#[derive(Debug, Clone)]
pub struct Settings {
    /// How people reach the program, without a final slash: `https://sportello.example`.
    pub public_url: String,
    /// Demonstration or real.
    pub mode: Mode,
    /// Who answers for it.
    pub office: Office,
    /// A session without requests ends after this time.
    pub idle_limit: SignedDuration,
    /// A session ends this long after login, whatever happens.
    pub absolute_limit: SignedDuration,
    /// Paths that accept a POST from other sites: where identity providers send their answers. Nothing else.
    pub cross_site_paths: Vec<String>,
    /// Paths, with all below them, that accept a POST also while the program is switched to read-only: logging in and out,
    /// and what writes nothing.
    pub read_only_paths: Vec<String>,
    /// Paths, with all below them, that are about the person for whom the visitor acts: a form that is sent there says for
    /// whom it was opened.
    pub acted_for_paths: Vec<String>,
    /// Who knows whether somebody may still act for whom they chose; without it only what ended visibly is over.
    pub authorities: Option<Arc<dyn Authorities>>,
    /// A request that takes longer is given up, with a page that says so.
    pub request_limit: Duration,
    /// How often somebody may come.
    pub limits: Limits,
    /// Proxies in front of the program, which say from which address a request comes.
    pub trusted_proxies: Vec<IpAddr>,
    /// Entries of the citizens' menu.
    pub menu: Vec<MenuItem>,
    /// Entries of the officials' menu, shown below `/ufficio`.
    pub office_menu: Vec<MenuItem>,
}

impl Settings {
    /// The usual values: 30 minutes idle, 8 hours in all, 30 seconds a request.
    #[must_use]
    pub fn new(public_url: &str, mode: Mode) -> Self {
        let item = |key, href| MenuItem { key, href };
        Self {
            public_url: public_url.trim_end_matches('/').to_owned(),
            mode,
            office: Office::invented(),
            idle_limit: SignedDuration::from_mins(30),
            absolute_limit: SignedDuration::from_hours(8),
            cross_site_paths: Vec::new(),
            read_only_paths: Vec::new(),
            acted_for_paths: Vec::new(),
            authorities: None,
            request_limit: Duration::from_secs(30),
            limits: Limits::default(),
            trusted_proxies: Vec::new(),
            menu: vec![
                item("web.menu.services", "/servizi"),
                item("web.menu.cases", "/pratiche"),
                item("web.menu.data", "/profilo"),
                item("web.menu.verify", "/verifica"),
            ],
            office_menu: vec![item("web.menu.worklist", "/ufficio/pratiche")],
        }
    }

    /// Whether people reach the program over TLS: then cookies are `Secure` and HSTS is sent.
    #[must_use]
    pub fn secure(&self) -> bool {
        self.public_url.starts_with("https://")
    }
}

impl Office {
    /// An office that does not exist, for demonstrations and tests (`.example` never resolves, RFC 2606).
    #[must_use]
    pub fn invented() -> Self {
        Self {
            name: Translated::Many(
                [
                    (Language::Italian, "Ente dimostrativo per il welfare"),
                    (Language::English, "Demonstration Welfare Agency"),
                    (Language::German, "Muster-Agentur für Soziales"),
                ]
                .map(|(language, name)| (language, name.to_owned()))
                .into(),
            ),
            address: "Via dell’Esempio 1, 00100 Roma".to_owned(),
            email: "aiuto@sportello.example".to_owned(),
            certified_email: "protocollo@pec.sportello.example".to_owned(),
            phone: "06 0000 0000".to_owned(),
        }
    }
}
