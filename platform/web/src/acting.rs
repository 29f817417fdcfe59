//! Acting for somebody else: what a session says of it, what every page says of it, and that a form which was opened by one
//! person, or for one, is never taken for another. Whether somebody may act is not known here: [`Authorities`] are asked.

use std::{
    fmt,
    sync::{Mutex, PoisonError},
};

use askama::Template;
use async_trait::async_trait;
use axum::{
    extract::Request,
    middleware::Next,
    response::{IntoResponse, Response},
};
use base::{Timestamp, Translated};
use serde::{Deserialize, Serialize};

use sha2::{Digest, Sha256};

use crate::{Door, Failure, Page, Posted, Session, Visit, address, parked, parked::Parked};

/// The field in which a form says for whom it was opened; a form of one's own has none. No question can be called so.
pub const FOR_WHOM: &str = "sp.per";
/// The field in which a form says who opened it; one that nobody opened who was logged in has none.
const BY_WHOM: &str = "sp.chi";
/// Where one goes back to acting for oneself.
const BACK: &str = "/deleghe/torna";

/// For whom somebody acts, as pages show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActingFor {
    /// Names the authority: what the room that knows authorities wrote.
    pub under: String,
    /// The name of the other person.
    pub name: String,
    /// By which authority, in words: "delega n. 3/2026, fino al 21 novembre 2027".
    pub note: Translated,
    /// When it ends by itself, where that is known.
    pub ends_at: Option<Timestamp>,
    /// Whether it has come to an end since it was chosen.
    #[serde(skip)]
    pub ended: bool,
}

impl ActingFor {
    /// Whether it is known to be over at an instant.
    #[must_use]
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.ended || self.ends_at.is_some_and(|end| end <= now)
    }
}

/// Whether somebody may act for whom they chose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// They may.
    Yes,
    /// They may no longer.
    No,
    /// What says so does not answer: until it does they may not.
    Unknown,
}

/// Who knows whether what a session chose still holds. It is asked once for each request that is about somebody else; whatever is
/// read or written asks again in its own transaction.
#[async_trait]
pub trait Authorities: fmt::Debug + Send + Sync {
    /// Whether the visitor may act for whom they chose, now.
    ///
    /// # Errors
    /// What the database refuses.
    async fn hold(&self, visit: &Visit) -> Result<Holds, Failure>;
}

/// What a form held that was read and is refused: the page that refuses it gives it back.
#[derive(Default)]
pub(crate) struct Held(Mutex<Option<Parked>>);

impl Held {
    fn put(&self, typed: Parked) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(typed);
    }

    fn take(&self) -> Option<Parked> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl Visit {
    /// For whom the visitor acts; `None` for themselves.
    #[must_use]
    pub fn acting(&self) -> Option<&ActingFor> {
        self.session.as_ref()?.acting.as_ref()
    }

    /// Names the authority under which the visitor acts; empty for themselves.
    fn under(&self) -> &str {
        self.acting().map_or("", |acting| &acting.under)
    }

    /// Whether the page is about whom the visitor acts for: elsewhere everybody is themselves.
    fn is_bound(&self) -> bool {
        let below = |prefix: &String| {
            self.path.strip_prefix(prefix.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        self.web.settings().acted_for_paths.iter().any(below)
    }

    /// Whether the visitor may act for whom they chose, as far as it is known.
    fn standing(&self) -> Holds {
        let over = self.acting().is_some_and(|acting| acting.is_over(self.now));
        if over { Holds::No } else { self.holds.get().copied().unwrap_or(Holds::Yes) }
    }

    /// Asks who knows, on pages that are about whom the visitor acts for.
    async fn ask_authorities(&self) -> Result<(), Failure> {
        if let Some(authorities) = &self.web.settings().authorities
            && self.acting().is_some()
            && self.is_bound()
            && self.standing() != Holds::No
        {
            // Only the first answer counts: one request sees one.
            let _known = self.holds.set(authorities.hold(self).await?);
        }
        Ok(())
    }

    /// Under which address a form waits that came too late: what was typed for one person is never shown in the form of
    /// another.
    #[must_use]
    pub fn parked_path(&self) -> String {
        path_for(&self.path, self.under())
    }

    /// Refuses a form that somebody else opened who sat here before, or that was opened for somebody else than the one for whom
    /// the visitor acts now. What the other one typed is not shown.
    pub(crate) fn takes(&self, posted: &Posted) -> Result<(), Failure> {
        let opened_by = posted.text(BY_WHOM);
        if !opened_by.is_empty() && inside(self).is_some_and(|session| mark(&session.subject) != opened_by) {
            return Err(Failure::ByAnother);
        }
        if !self.is_bound() {
            return Ok(());
        }
        let opened_for = posted.text(FOR_WHOM);
        if !opened_for.is_empty() || self.acting().is_some() {
            let files = posted.files.iter().map(|file| file.file_name.clone()).collect();
            self.held.put(Parked { fields: posted.fields.clone(), files });
        }
        if opened_for == self.under() { Ok(()) } else { Err(Failure::ForAnother) }
    }
}

/// By what the forms of a person are known to be theirs: too short to tell who it is, long enough for the few who share a
/// computer.
fn mark(subject: &str) -> String {
    let digest = Sha256::digest(format!("sportello/form/v1\n{subject}"));
    hex::encode(&digest[..4])
}

/// Who stands on the threshold is nobody yet.
fn inside(visit: &Visit) -> Option<&Session> {
    visit.session.as_ref().filter(|session| session.door != Door::Threshold)
}

/// Whether a form that comes after a session expired was opened in that session's name: what another one typed who sat here before
/// does not wait for them.
pub(crate) fn is_of(typed: &Parked, subject: &str) -> bool {
    let opened_by = typed.fields.iter().find(|(name, _)| name == BY_WHOM).map(|(_, value)| value.trim());
    opened_by.is_none_or(|by| by.is_empty() || by == mark(subject))
}

/// The address at which a form waits, by what it says of for whom it was opened.
pub(crate) fn parked_at(path: &str, parked: &Parked) -> String {
    let under = parked.fields.iter().find(|(name, _)| name == FOR_WHOM).map_or("", |(_, value)| value.trim());
    path_for(path, under)
}

fn path_for(path: &str, under: &str) -> String {
    if under.is_empty() { path.to_owned() } else { format!("{path}#{under}") }
}

/// Refuses what is sent for somebody for whom one may act no longer, or of whom nobody can say it, and gives back what was typed.
pub(crate) async fn guard(visit: Visit, request: Request, next: Next) -> Response {
    if let Err(failure) = visit.ask_authorities().await {
        return failure.into_response();
    }
    let refusal = match visit.standing() {
        Holds::Yes => None,
        Holds::No => Some(Failure::NoLongerFor),
        Holds::Unknown => Some(Failure::CannotTell),
    };
    let Some(refusal) = refusal.filter(|_| !request.method().is_safe() && visit.is_bound()) else {
        return next.run(request).await;
    };
    let (parts, body) = request.into_parts();
    let (_, _, typed) = parked::read(parts, body).await;
    visit.held.put(typed.unwrap_or_default());
    refusal.into_response()
}

/// What was sent is not taken, and not lost.
#[derive(Template)]
#[template(path = "acting.html")]
struct RefusedPage {
    page: Page,
    lead: &'static str,
    /// What was typed, to be copied.
    texts: Vec<String>,
    files: Vec<String>,
    /// Where the form can be sent again as it was, once its person is chosen again.
    again: Option<String>,
    fields: Vec<(String, String)>,
}

/// The page for [`Failure::ForAnother`], [`Failure::NoLongerFor`] and [`Failure::CannotTell`].
pub(crate) fn refused(visit: &Visit, failure: &Failure) -> Result<Response, Failure> {
    let Parked { fields, files } = visit.held.take().unwrap_or_default();
    let worth = |(name, text): &&(String, String)| !name.starts_with("sp.") && !text.trim().is_empty();
    let texts = fields.iter().filter(worth).map(|(_, text)| text.clone()).collect();
    let sent = !visit.method.is_safe() && matches!(failure, Failure::ForAnother | Failure::CannotTell);
    let again = sent.then(|| address::percent_path(&visit.path));
    let page = visit.page(failure.title());
    let shown = RefusedPage { page, lead: failure.advice(), texts, files, again, fields };
    Ok((failure.status(), crate::show(&shown)?).into_response())
}

/// Hidden in every form: who opened it, and for whom.
#[derive(Template)]
#[template(
    source = "{% if !by.is_empty() %}<input type=\"hidden\" name=\"sp.chi\" value=\"{{ by }}\">{% endif %}{% if !under.is_empty() %}<input type=\"hidden\" name=\"sp.per\" value=\"{{ under }}\">{% endif %}",
    ext = "html"
)]
#[derive(Clone, Default)]
pub(crate) struct Opener {
    by: String,
    under: String,
}

/// Above the content of every page, as long as somebody acts for somebody else.
#[derive(Template)]
#[template(path = "frame/acting.html")]
pub(crate) struct Banner<'a> {
    page: &'a Page,
    acting: &'a ActingFor,
    note: &'a str,
    over: bool,
    /// Nobody can say whether they may.
    silent: bool,
    /// The page is about the visitor all the same.
    own: bool,
    back: &'static str,
}

impl<'a> Banner<'a> {
    pub(crate) fn of(page: &'a Page, (acting, holds, own): &'a (ActingFor, Holds, bool)) -> Self {
        let note = acting.note.get(page.language);
        let (over, silent) = (*holds == Holds::No, *holds == Holds::Unknown);
        Self { page, acting, note, over, silent, own: *own, back: BACK }
    }
}

/// What pages keep of it: for whom, whether it holds, whether the page is about the visitor all the same.
pub(crate) fn shown(visit: &Visit) -> Option<(ActingFor, Holds, bool)> {
    let own = ["/profilo", "/deleghe"].iter().any(|prefix| visit.path.starts_with(prefix));
    visit.acting().map(|acting| (acting.clone(), visit.standing(), own))
}

/// The hidden fields of a page's forms.
pub(crate) fn opener(visit: &Visit) -> Opener {
    Opener {
        by: inside(visit).map(|session| mark(&session.subject)).unwrap_or_default(),
        under: visit.under().to_owned(),
    }
}
