use std::{net::IpAddr, ops::Deref, sync::Arc};

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, Method, header, request::Parts},
};
use base::{Chance, Clock, Language, Timestamp};
use database::Database;

use crate::{
    Door, Failure, Lapsed, Page, Session, Settings, Words, acting, cookies, origin,
    pace::{Buckets, Who},
    read_only,
    sessions::{self, Standing},
};

/// What all pages share: database, clock, chance, settings, words. Cheap to clone.
#[derive(Clone)]
pub struct Web(Arc<Shared>);

struct Shared {
    database: Database,
    clock: Arc<dyn Clock>,
    chance: Arc<dyn Chance>,
    settings: Settings,
    words: Words,
    read_only: read_only::Known,
    buckets: Buckets,
}

impl Web {
    /// Brings them together.
    #[must_use]
    pub fn new(
        database: Database,
        clock: Arc<dyn Clock>,
        chance: Arc<dyn Chance>,
        settings: Settings,
        words: Words,
    ) -> Self {
        let (read_only, buckets) = (read_only::Known::default(), Buckets::default());
        Self(Arc::new(Shared { database, clock, chance, settings, words, read_only, buckets }))
    }

    /// The database of the program.
    #[must_use]
    pub fn database(&self) -> &Database {
        &self.0.database
    }

    /// Where the time comes from.
    #[must_use]
    pub fn clock(&self) -> &dyn Clock {
        &*self.0.clock
    }

    /// Where random bytes come from.
    #[must_use]
    pub fn chance(&self) -> &dyn Chance {
        &*self.0.chance
    }

    /// Where random bytes come from, for who outlives a request.
    #[must_use]
    pub fn shared_chance(&self) -> Arc<dyn Chance> {
        Arc::clone(&self.0.chance)
    }

    /// What the office decided about the pages.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }

    /// All words of the program.
    #[must_use]
    pub fn words(&self) -> &Words {
        &self.0.words
    }
}

/// One request, seen from the person who makes it: an extractor for any handler under [`crate::frame`].
#[derive(Clone)]
pub struct Visit(Arc<Facts>);

/// What is known of a request. Reached through [`Visit`].
pub struct Facts {
    /// What all pages share.
    pub web: Web,
    /// Where it comes from, when the server says; see [`Settings::trusted_proxies`].
    pub address: Option<IpAddr>,
    /// The language to answer in: `?lingua=`, else the cookie, else what the browser prefers, else Italian.
    pub language: Language,
    /// The instant of the request: one for all that it does.
    pub now: Timestamp,
    /// Who is logged in.
    pub session: Option<Session>,
    /// Whose session expired within the last day, if nobody is logged in.
    pub lapsed: Option<Lapsed>,
    /// Whether the program is switched to read-only.
    pub read_only: bool,
    /// Proof that this person's turn at a door has come; see [`crate::SetCookie::turn`].
    pub turn: Option<String>,
    /// The code of a draft that is nobody's; see [`crate::SetCookie::draft`]. Anybody can have written it.
    pub draft: Option<String>,
    /// The method of the request.
    pub method: Method,
    /// The path, without the query.
    pub path: String,
    /// The query as sent, without `?`; may hold what a person searched for: never log it.
    pub query: String,
    /// Names the request in the log and on error pages.
    pub request_id: String,
    /// Key of a message that the last request left for this page.
    pub(crate) notice: Option<String>,
    /// The secret of a login under way in this browser; see [`crate::SetCookie::binding`].
    pub(crate) binding: Option<String>,
    pub(crate) carried: Option<String>,
    pub(crate) token: Option<String>,
    pub(crate) wants_json: bool,
    /// What was typed into a form that may have to be given back.
    pub(crate) held: acting::Held,
    /// Whether the authority under which the visitor acts holds, where somebody was asked.
    pub(crate) holds: std::sync::OnceLock<acting::Holds>,
}

impl Deref for Visit {
    type Target = Facts;

    fn deref(&self) -> &Facts {
        &self.0
    }
}

impl<S: Sync> FromRequestParts<S> for Visit {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        let missing = || Failure::internal(anyhow::anyhow!("the router is not wrapped in web::frame"));
        parts.extensions.get::<Self>().cloned().ok_or_else(missing)
    }
}

impl Visit {
    /// A page titled with the words of `title`.
    #[must_use]
    pub fn page(&self, title: &str) -> Page {
        Page::new(self, self.web.words().t(self.language, title).to_owned())
    }

    /// A page with a title made elsewhere, such as the name of a service.
    #[must_use]
    pub fn page_titled(&self, title: impl Into<String>) -> Page {
        Page::new(self, title.into())
    }

    /// The words of `key` in the visitor's language.
    #[must_use]
    pub fn t<'a>(&'a self, key: &'a str) -> &'a str {
        self.web.words().t(self.language, key)
    }

    /// The words of `key` with one value in the place of `{name}`.
    #[must_use]
    pub fn t1(&self, key: &str, name: &str, value: impl std::fmt::Display) -> String {
        crate::words::fill(self.t(key), &[(name, value.to_string())])
    }

    /// The citizen who is logged in.
    ///
    /// # Errors
    /// [`Failure::Unauthenticated`] otherwise: leads to the login and back.
    pub fn citizen(&self) -> Result<&Session, Failure> {
        self.session.as_ref().filter(|session| session.door == Door::Citizen).ok_or(Failure::Unauthenticated)
    }

    /// The secret that [`crate::SetCookie::binding`] gave to this browser, if a login is under way.
    #[must_use]
    pub fn binding(&self) -> Option<&str> {
        self.binding.as_deref()
    }

    /// What [`crate::SetCookie::carried`] keeps in this browser: anybody can have written it.
    #[must_use]
    pub fn carried(&self) -> Vec<(String, String)> {
        self.carried.as_deref().and_then(pairs).unwrap_or_default()
    }

    /// The first value of a query parameter, decoded.
    #[must_use]
    pub fn query(&self, name: &str) -> Option<String> {
        query(&self.query, name)
    }

    /// A local path to return to after login: what `ritorno` asks for, if it stays on this site (RFC 3986 4.2: two
    /// slashes would name another host), else `otherwise`.
    #[must_use]
    pub fn return_path(&self, otherwise: &str) -> String {
        self.query("ritorno").filter(|path| local(path)).unwrap_or_else(|| otherwise.to_owned())
    }

    /// Like [`Visit::return_path`], for a path that a form carried; `None` if it leads elsewhere.
    #[must_use]
    pub fn local_path(path: &str) -> Option<&str> {
        Some(path).filter(|path| local(path))
    }

    pub(crate) async fn begin(web: &Web, parts: &Parts, request_id: String) -> (Self, Result<(), Failure>) {
        let settings = web.settings();
        let now = web.clock().now();
        let read = |name| cookies::read(settings, &parts.headers, name);
        let (path, query_text) = (parts.uri.path().to_owned(), parts.uri.query().unwrap_or("").to_owned());
        let token = read(cookies::SESSION).filter(|_| !path.starts_with("/static/"));
        let mut facts = Facts {
            address: origin::address(parts, &settings.trusted_proxies),
            language: language(&query_text, read(cookies::LANGUAGE), &parts.headers),
            now,
            session: None,
            lapsed: None,
            read_only: false,
            turn: read(cookies::TURN),
            draft: read(cookies::DRAFT),
            method: parts.method.clone(),
            path,
            query: query_text,
            request_id,
            notice: read(cookies::NOTICE),
            binding: cookies::binding(settings, &parts.headers),
            carried: read(cookies::CARRIED),
            token: token.clone(),
            wants_json: wants_json(&parts.headers),
            held: acting::Held::default(),
            holds: std::sync::OnceLock::new(),
            web: web.clone(),
        };
        // Who comes too often from one address is told so before anything is read.
        if let Err(refused) = facts.address_may_come() {
            return (Self(Arc::new(facts)), Err(refused));
        }
        if !facts.path.starts_with("/static/") {
            facts.read_only = web.0.read_only.is_on(web.database(), now).await;
        }
        let outcome = match token {
            Some(token) => sessions::recognise(web, &token, now).await,
            None => Ok(Standing::Nobody),
        };
        let outcome = outcome.map(|standing| match standing {
            Standing::Nobody => {}
            Standing::Lapsed(lapsed) => facts.lapsed = Some(lapsed),
            Standing::Live(session) => facts.session = Some(*session),
        });
        (Self(Arc::new(facts)), outcome.map_err(Failure::from))
    }
}

impl Facts {
    /// Who is counted: not who asks for files of the pages or how the program is, nor this machine, unless a proxy on it
    /// forgot to say for whom it asks.
    fn stranger(&self) -> Option<IpAddr> {
        let free = self.path.starts_with("/static/") || ["/salute", "/salute/pronto"].contains(&self.path.as_str());
        let behind = !self.web.settings().trusted_proxies.is_empty();
        self.address.filter(|address| !free && (behind || !address.is_loopback())).map(origin::network)
    }

    fn address_may_come(&self) -> Result<(), Failure> {
        let Some(address) = self.stranger() else { return Ok(()) };
        let Web(shared) = &self.web;
        let taken = shared.buckets.take(Who::Address(address), None, shared.settings.limits.address, self.now);
        taken.map_err(Failure::TooOften)
    }

    /// Whether this person may come now, to the route of this template.
    pub(crate) fn person_may_come(&self, route: &str) -> Result<(), Failure> {
        let Some(address) = self.stranger() else { return Ok(()) };
        let Web(shared) = &self.web;
        // Who is only half-way in may be anybody.
        let (limits, inside) = (&shared.settings.limits, self.session.as_ref());
        let session = inside.filter(|session| session.door != Door::Threshold);
        let who = || session.map_or_else(|| Who::Address(address), |session| Who::Person(session.subject.clone()));
        if session.is_some() {
            shared.buckets.take(who(), None, limits.person, self.now).map_err(Failure::TooOften)?;
        }
        match limits.routes.get(route) {
            Some(pace) => shared.buckets.take(who(), Some(route), *pace, self.now).map_err(Failure::TooOften),
            None => Ok(()),
        }
    }
}

/// Whether `path` stays on this site, in the eyes of browsers too (they take `\` for `/` and drop control characters).
fn local(path: &str) -> bool {
    let odd = |c: char| c == '\\' || c.is_control();
    path.starts_with('/') && !path.starts_with("//") && !path.contains(odd)
}

pub(crate) fn query(query: &str, name: &str) -> Option<String> {
    pairs(query)?.into_iter().find(|(key, _)| key == name).map(|(_, value)| value)
}

fn pairs(query: &str) -> Option<Vec<(String, String)>> {
    let uri = format!("/?{query}").parse().ok()?;
    Some(axum::extract::Query::<Vec<(String, String)>>::try_from_uri(&uri).ok()?.0)
}

fn language(query_text: &str, cookie: Option<String>, headers: &HeaderMap) -> Language {
    let asked = query(query_text, "lingua").or(cookie).and_then(|tag| Language::from_tag(&tag));
    asked.or_else(|| preferred(headers)).unwrap_or_default()
}

/// The language of `Accept-Language` that we speak and that has the greatest weight (RFC 9110 12.5.4).
fn preferred(headers: &HeaderMap) -> Option<Language> {
    let text = headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?;
    let weighted = text.split(',').filter_map(|part| {
        let (tag, weight) = part.split_once(";q=").unwrap_or((part, "1"));
        Some((Language::from_tag(tag)?, weight.trim().parse::<f32>().ok()?))
    });
    weighted
        .fold(None, |best: Option<(Language, f32)>, next| match best {
            Some(best) if best.1 >= next.1 => Some(best),
            _ => Some(next),
        })
        .map(|(language, _)| language)
}

fn wants_json(headers: &HeaderMap) -> bool {
    let accepted = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or("");
    accepted.contains("json") && !accepted.contains("text/html")
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn return_paths_stay_on_this_site() {
        for good in ["/", "/pratiche/1?pagina=2"] {
            assert!(local(good), "{good}");
        }
        for bad in
            ["", "pratiche", "//altrove.example", "/\\altrove.example", "https://altrove.example", "/a\tb", "/\n/x"]
        {
            assert!(!local(bad), "{bad}");
        }
    }

    #[test]
    fn the_heaviest_language_we_speak_wins() {
        let preferred_of = |text: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_LANGUAGE, HeaderValue::from_static(text));
            preferred(&headers)
        };
        assert_eq!(preferred_of("fr-FR, en;q=0.5, de-AT;q=0.8"), Some(Language::German));
        assert_eq!(preferred_of("fr, es;q=0.3"), None);
        assert_eq!(preferred_of("en;q=x, it"), Some(Language::Italian));
    }
}
