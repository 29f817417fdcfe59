use axum::{
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponseParts, ResponseParts},
};
use base::{Chance, Language};

use crate::{Settings, Visit};

/// Carries the session's token.
pub(crate) const SESSION: &str = "sportello";
/// Remembers the chosen language.
pub(crate) const LANGUAGE: &str = "sportello-lingua";
/// The key of a message for the next page.
pub(crate) const NOTICE: &str = "sportello-avviso";
/// Stands before the key of a message that is a warning.
pub(crate) const WARNING: &str = "!";
/// Binds a login under way to the browser that began it.
const BINDING: &str = "sportello-accesso";

/// Proof that somebody's turn at a door has come.
pub(crate) const TURN: &str = "sportello-turno";
/// Holds the code of a draft that is nobody's.
pub(crate) const DRAFT: &str = "sportello-bozza";
/// Carries values to the next pages.
pub(crate) const CARRIED: &str = "sportello-riporto";
/// Most bytes of it: with its name and attributes a cookie has 4,096.
const LARGEST_CARRIED: usize = 3_800;

/// A cookie to be set; part of a response: `(cookie, Redirect::to("/"))`.
#[derive(Debug, Clone)]
pub struct SetCookie(HeaderValue);

impl SetCookie {
    /// `name` gets the prefix `__Host-` over TLS, which ties it to this host and to `Secure` (RFC 6265bis 4.1.3).
    /// Values are tokens, tags and word keys of ours; anything that no header may hold is dropped.
    pub(crate) fn new(settings: &Settings, name: &str, value: &str, attributes: &str) -> Self {
        let full = full_name(settings, name);
        let secure = if settings.secure() { "; Secure" } else { "" };
        let text = format!("{full}={value}; Path=/; HttpOnly; {attributes}{secure}");
        Self(HeaderValue::from_str(&text).unwrap_or_else(|_| HeaderValue::from_static("")))
    }

    /// Makes the browser forget `name`.
    pub(crate) fn forget(settings: &Settings, name: &str) -> Self {
        Self::new(settings, name, "", "SameSite=Lax; Max-Age=0")
    }

    pub(crate) fn session(settings: &Settings, token: &str) -> Self {
        Self::new(settings, SESSION, token, "SameSite=Lax")
    }

    pub(crate) fn language(settings: &Settings, language: Language) -> Self {
        Self::new(settings, LANGUAGE, language.tag(), "SameSite=Lax; Max-Age=31536000")
    }

    /// A message for the next page that is shown: the key of its words, such as `cases.withdrawn`.
    #[must_use]
    pub fn notice(visit: &Visit, key: &'static str) -> Self {
        Self::new(visit.web.settings(), NOTICE, key, "SameSite=Lax; Max-Age=300")
    }

    /// [`Self::notice`] that something was not done.
    #[must_use]
    pub fn warning(visit: &Visit, key: &'static str) -> Self {
        Self::new(visit.web.settings(), NOTICE, &format!("{WARNING}{key}"), "SameSite=Lax; Max-Age=300")
    }

    /// [`Self::notice`] that it is done, or [`Self::warning`] that it was before.
    #[must_use]
    pub fn told(visit: &Visit, done: bool, (now, before): (&'static str, &'static str)) -> Self {
        if done { Self::notice(visit, now) } else { Self::warning(visit, before) }
    }

    /// Binds a login that begins now to this browser for ten minutes: gives the secret to keep with the login's
    /// state and the cookie that carries it. When the answer comes, [`Visit::binding`] must be the same secret:
    /// otherwise somebody else's answer is being slipped in (login CSRF). The answer of an identity provider is a
    /// POST from another site, hence `SameSite=None` over TLS; plain http serves the local demonstration only.
    #[must_use]
    pub fn binding(visit: &Visit) -> (String, Self) {
        let settings = visit.web.settings();
        let secret = token(visit.web.chance());
        let site = if settings.secure() { "SameSite=None; Max-Age=600" } else { "SameSite=Lax; Max-Age=600" };
        let cookie = Self::new(settings, BINDING, &secret, site);
        (secret, cookie)
    }

    /// Keeps a proof that this person's turn at a door has come, until the browser closes. It must prove itself: anybody
    /// can write a cookie.
    #[must_use]
    pub fn turn(visit: &Visit, proof: &str) -> Self {
        Self::new(visit.web.settings(), TURN, proof, "SameSite=Lax")
    }

    /// Keeps values for the next pages in the browser alone, for half an hour: what somebody typed before logging in,
    /// and nobody stores. What goes beyond a cookie's 4,096 bytes (RFC 6265, 6.1) is left out, last values first.
    #[must_use]
    pub fn carried(visit: &Visit, pairs: &[(&str, &str)]) -> Self {
        let fits = |many: &usize| crate::query(&pairs[..*many]).len() <= LARGEST_CARRIED;
        let many = (0..=pairs.len()).rev().find(fits).unwrap_or(0);
        Self::new(visit.web.settings(), CARRIED, &crate::query(&pairs[..many]), "SameSite=Lax; Max-Age=1800")
    }

    /// Keeps the code of a draft that is nobody's, for two hours: who has the code has the draft.
    #[must_use]
    pub fn draft(visit: &Visit, code: &str) -> Self {
        Self::new(visit.web.settings(), DRAFT, code, "SameSite=Lax; Max-Age=7200")
    }

    /// Forgets what [`SetCookie::draft`] keeps.
    #[must_use]
    pub fn no_draft(visit: &Visit) -> Self {
        Self::forget(visit.web.settings(), DRAFT)
    }

    /// Forgets what [`SetCookie::carried`] keeps.
    #[must_use]
    pub fn nothing_carried(visit: &Visit) -> Self {
        Self::forget(visit.web.settings(), CARRIED)
    }

    pub(crate) fn header(&self) -> HeaderValue {
        self.0.clone()
    }
}

impl IntoResponseParts for SetCookie {
    type Error = std::convert::Infallible;

    fn into_response_parts(self, mut response: ResponseParts) -> Result<ResponseParts, Self::Error> {
        response.headers_mut().append(header::SET_COOKIE, self.0);
        Ok(response)
    }
}

/// 32 unpredictable bytes as 64 hexadecimal digits.
pub(crate) fn token(chance: &dyn Chance) -> String {
    hex::encode(chance.bytes::<32>())
}

pub(crate) fn binding(settings: &Settings, headers: &HeaderMap) -> Option<String> {
    read(settings, headers, BINDING)
}

/// The value of one of our cookies. When a browser sends the name twice (set for a parent domain by somebody else)
/// none is believed.
pub(crate) fn read(settings: &Settings, headers: &HeaderMap, name: &str) -> Option<String> {
    let full = full_name(settings, name);
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    let pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    let mut values = pairs.filter(|(found, _)| *found == full).map(|(_, value)| value.to_owned());
    let first = values.next()?;
    values.next().is_none().then_some(first)
}

fn full_name(settings: &Settings, name: &str) -> String {
    if settings.secure() { format!("__Host-{name}") } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Mode;

    #[test]
    fn a_doubled_cookie_is_not_believed() {
        let settings = Settings::new("http://localhost:8080", Mode::Demo);
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, HeaderValue::from_static("a=1; sportello=x"));
        assert_eq!(read(&settings, &headers, SESSION).as_deref(), Some("x"));
        headers.append(header::COOKIE, HeaderValue::from_static("sportello=y"));
        assert_eq!(read(&settings, &headers, SESSION), None);
    }

    #[test]
    fn over_tls_cookies_are_tied_to_the_host() {
        let settings = Settings::new("https://sportello.example/", Mode::Production);
        let text = SetCookie::session(&settings, "x").header();
        assert_eq!(text, "__Host-sportello=x; Path=/; HttpOnly; SameSite=Lax; Secure");
    }
}
