//! The switch to read-only: pages, receipts and proofs stay, and what people send is not taken, with plain words and all
//! that they had typed. It stands in the database, so that every process notices within [`NOTICED_WITHIN`].

mod store;

use std::sync::{Mutex, PoisonError};

use askama::Template;
use axum::{
    extract::Request,
    http::{HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use base::Timestamp;
use database::{Database, Result, Tx};
use jiff::SignedDuration;

use crate::{Failure, Page, Visit, parked, parked::Parked};

/// How long a process may go on as before after somebody turned the switch.
pub const NOTICED_WITHIN: SignedDuration = SignedDuration::from_secs(2);

/// After how many seconds programs may ask again.
const RETRY_AFTER: &str = "300";

/// Since when it is on; `None` while it is off.
///
/// # Errors
/// What the database refuses.
pub async fn since(tx: &mut Tx) -> Result<Option<Timestamp>> {
    store::since(tx).await
}

/// Turns it; on when it is on already changes nothing.
///
/// # Errors
/// What the database refuses.
pub async fn switch(tx: &mut Tx, on: bool, now: Timestamp) -> Result<()> {
    if on { store::switch_on(tx, now).await } else { store::switch_off(tx).await }
}

/// What a process knows of the switch.
#[derive(Default)]
pub(crate) struct Known(Mutex<Option<(Timestamp, bool)>>);

impl Known {
    /// Whether it is on, as of at most [`NOTICED_WITHIN`] ago. A database that does not answer changes nothing.
    pub(crate) async fn is_on(&self, database: &Database, now: Timestamp) -> bool {
        let known = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((read_at, on)) = known
            && now.duration_since(read_at).abs() < NOTICED_WITHIN
        {
            return on;
        }
        let asked = async { since(&mut database.read().await?).await };
        let on = match asked.await {
            Ok(since) => since.is_some(),
            Err(error) => {
                tracing::warn!(%error, "the switch to read-only cannot be read");
                known.is_some_and(|(_, on)| on)
            }
        };
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((now, on));
        on
    }
}

/// Refuses what people send while the switch is on. It stands behind the refusal of forms from other sites: nobody gets
/// a page that would send on what another site made up.
pub(crate) async fn guard(visit: Visit, request: Request, next: Next) -> Response {
    if !visit.read_only || !writes(&visit, request.method()) {
        return next.run(request).await;
    }
    if visit.wants_json {
        return Failure::ReadOnly.into_response();
    }
    let (parts, body) = request.into_parts();
    let (_, _, typed) = parked::read(parts, body).await;
    refused(&visit, typed).unwrap_or_else(IntoResponse::into_response)
}

fn writes(visit: &Visit, method: &Method) -> bool {
    let stays =
        |prefix: &String| visit.path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    !method.is_safe() && !visit.web.settings().read_only_paths.iter().any(stays)
}

/// Nothing was taken, and nothing is lost: the page holds all that was typed, and sends it again.
#[derive(Template)]
#[template(path = "read_only.html")]
struct RefusedPage {
    page: Page,
    action: String,
    fields: Vec<(String, String)>,
    /// Whether the form was too long to be kept on the page.
    lost: bool,
    /// What is worth copying: more than a word or a choice.
    texts: Vec<String>,
    files: Vec<String>,
}

fn refused(visit: &Visit, typed: Option<Parked>) -> std::result::Result<Response, Failure> {
    let lost = typed.is_none();
    let Parked { fields, files } = typed.unwrap_or_default();
    let worth =
        |(name, text): &&(String, String)| !name.starts_with("sp.") && text.trim().contains(char::is_whitespace);
    let texts = fields.iter().filter(worth).map(|(_, text)| text.clone()).collect();
    let action = if visit.query.is_empty() { visit.path.clone() } else { format!("{}?{}", visit.path, visit.query) };
    let shown = RefusedPage { page: visit.page("web.read_only.title"), action, fields, lost, texts, files };
    let status = StatusCode::SERVICE_UNAVAILABLE;
    let mut response = (status, crate::show(&shown)?).into_response();
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static(RETRY_AFTER));
    Ok(response)
}
