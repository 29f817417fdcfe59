use std::sync::Arc;

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};

/// What a handler gives back.
pub type Answer = Result<Response, Failure>;

/// What a visitor can be told when a request cannot be fulfilled. [`crate::frame`] turns it into a page in the
/// visitor's language that says what to do, with a reference number; only [`Failure::Internal`] reaches the log.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Failure {
    /// There is nothing here, or nothing that this person may know of: the two look alike on purpose.
    #[error("not found")]
    NotFound,
    /// The person is known and may not do this (an official without the role, a level of e-ID that is too low).
    #[error("forbidden")]
    Forbidden,
    /// Login is needed: leads there and back again.
    #[error("login needed")]
    Unauthenticated,
    /// The request cannot be understood; the key of the words that say what to do.
    #[error("bad request: {0}")]
    BadRequest(&'static str),
    /// The thing has changed meanwhile; the key of the words that say what to do.
    #[error("conflict: {0}")]
    Conflict(&'static str),
    /// More was sent than is accepted.
    #[error("too large")]
    TooLarge,
    /// A form of another site tried to act in the visitor's name.
    #[error("refused: sent from another site")]
    CrossSite,
    /// The method does not fit the address.
    #[error("method not allowed")]
    Method,
    /// Too much at once: try again in a few seconds. Nothing was written.
    #[error("busy")]
    Busy,
    /// This person, or this address, came too often; the seconds to wait. Nothing was done.
    #[error("too often")]
    TooOften(u32),
    /// Nothing can be written at present (disk full, read-only); reading goes on.
    #[error("nothing can be written")]
    Full,
    /// Somebody else opened the form, who sat at this computer before. Nothing was written.
    #[error("opened by another person")]
    ByAnother,
    /// The form was opened for another person than the one for whom the visitor acts now. Nothing was written.
    #[error("opened for another person")]
    ForAnother,
    /// The visitor may act for this person no longer. Nothing was written.
    #[error("may act for this person no longer")]
    NoLongerFor,
    /// What says whether the visitor may act for this person does not answer. Nothing was written.
    #[error("nobody can say whether the visitor may act for this person")]
    CannotTell,
    /// The program is switched to read-only: nothing that people send is taken; reading goes on.
    #[error("read-only")]
    ReadOnly,
    /// The storage failed: nothing is written until somebody has looked at it; reading goes on.
    #[error("the storage failed")]
    Broken,
    /// A defect of ours.
    #[error("internal: {0:#}")]
    Internal(Arc<anyhow::Error>),
}

impl Failure {
    /// A defect, with the words that the log shall show.
    #[must_use]
    pub fn internal(error: impl Into<anyhow::Error>) -> Self {
        Self::Internal(Arc::new(error.into()))
    }

    /// Status of the response.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Forbidden | Self::CrossSite => StatusCode::FORBIDDEN,
            Self::Unauthenticated => StatusCode::UNAUTHORIZED,
            Self::BadRequest(_) => StatusCode::BAD_REQUEST,
            Self::Conflict(_) | Self::ByAnother | Self::ForAnother | Self::NoLongerFor => StatusCode::CONFLICT,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::Busy | Self::Broken | Self::ReadOnly | Self::CannotTell => StatusCode::SERVICE_UNAVAILABLE,
            Self::TooOften(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Full => StatusCode::INSUFFICIENT_STORAGE,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// What a bare status from a library (a path that does not parse, a body that is too long) means to a person.
    pub(crate) fn from_status(status: StatusCode) -> Option<Self> {
        match status {
            StatusCode::NOT_FOUND => Some(Self::NotFound),
            StatusCode::FORBIDDEN => Some(Self::Forbidden),
            StatusCode::UNAUTHORIZED => Some(Self::Unauthenticated),
            StatusCode::CONFLICT => Some(Self::Conflict("web.failure.conflict.advice")),
            StatusCode::PAYLOAD_TOO_LARGE => Some(Self::TooLarge),
            StatusCode::METHOD_NOT_ALLOWED => Some(Self::Method),
            StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS => Some(Self::Busy),
            StatusCode::INSUFFICIENT_STORAGE => Some(Self::Full),
            status if status.is_client_error() => Some(Self::BadRequest("web.failure.bad_request.advice")),
            status if status.is_server_error() => Some(Self::internal(anyhow::anyhow!("a bare {status}"))),
            _ => None,
        }
    }

    /// Key of the heading of the page.
    pub(crate) fn title(&self) -> &'static str {
        match self {
            Self::NotFound => "web.failure.not_found.title",
            Self::Forbidden => "web.failure.forbidden.title",
            Self::Unauthenticated => "web.failure.unauthenticated.title",
            Self::BadRequest(_) => "web.failure.bad_request.title",
            Self::Conflict(_) => "web.failure.conflict.title",
            Self::TooLarge => "web.failure.too_large.title",
            Self::CrossSite => "web.failure.cross_site.title",
            Self::Method => "web.failure.method.title",
            Self::Busy => "web.failure.busy.title",
            Self::TooOften(_) => "web.failure.too_often.title",
            Self::Full => "web.failure.full.title",
            Self::ByAnother => "web.acting.by_another.title",
            Self::ForAnother => "web.acting.for_another.title",
            Self::NoLongerFor => "web.acting.no_longer.title",
            Self::CannotTell => "web.acting.cannot_tell.title",
            Self::ReadOnly => "web.read_only.title",
            Self::Broken => "web.failure.broken.title",
            Self::Internal(_) => "web.failure.internal.title",
        }
    }

    /// Key of what the person can do.
    pub(crate) fn advice(&self) -> &'static str {
        match self {
            Self::BadRequest(key) | Self::Conflict(key) => key,
            Self::NotFound => "web.failure.not_found.advice",
            Self::Forbidden => "web.failure.forbidden.advice",
            Self::Unauthenticated => "web.failure.unauthenticated.advice",
            Self::TooLarge => "web.failure.too_large.advice",
            Self::CrossSite => "web.failure.cross_site.advice",
            Self::Method => "web.failure.method.advice",
            Self::Busy => "web.failure.busy.advice",
            Self::TooOften(_) => "web.failure.too_often.advice",
            Self::Full => "web.failure.full.advice",
            Self::ByAnother => "web.acting.by_another.advice",
            Self::ForAnother => "web.acting.for_another.advice",
            Self::NoLongerFor => "web.acting.no_longer.advice",
            Self::CannotTell => "web.acting.cannot_tell.advice",
            Self::ReadOnly => "web.read_only.advice",
            Self::Broken => "web.failure.broken.advice",
            Self::Internal(_) => "web.failure.internal.advice",
        }
    }
}

impl IntoResponse for Failure {
    /// A response without a body: the failure travels beside it, to be told by the frame.
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl From<database::Error> for Failure {
    fn from(error: database::Error) -> Self {
        match error {
            database::Error::Busy => Self::Busy,
            database::Error::Broken => Self::Broken,
            database::Error::Full | database::Error::ReadOnly => Self::Full,
            database::Error::Conflict(_) => Self::Conflict("web.failure.conflict.advice"),
            other => Self::internal(other),
        }
    }
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        Self::internal(error)
    }
}

impl From<askama::Error> for Failure {
    fn from(error: askama::Error) -> Self {
        Self::internal(error)
    }
}

impl From<serde_json::Error> for Failure {
    fn from(error: serde_json::Error) -> Self {
        Self::internal(error)
    }
}
