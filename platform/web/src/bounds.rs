use axum::{
    extract::{DefaultBodyLimit, Request},
    http::{HeaderMap, StatusCode, header},
    middleware::{Next, from_fn},
    response::{IntoResponse, Response},
    routing::MethodRouter,
};

use crate::{Failure, Visit, words};

/// Bytes that a form may send where no route says otherwise.
pub(crate) const LARGEST_FORM: usize = 64 * 1024;

/// The bound of a route, beside its refusal: the frame tells it to the person.
#[derive(Debug, Clone, Copy)]
struct Bound(usize);

/// Lets a route take more than 64 KiB: `router.route("/allegati", uploads(post(save), 10 << 20))`. What announces to
/// be larger is refused before any of it is kept in memory.
pub fn uploads<S: Clone + Send + Sync + 'static>(route: MethodRouter<S>, bytes: usize) -> MethodRouter<S> {
    route.layer(DefaultBodyLimit::max(bytes)).layer(from_fn(move |request, next| bounded(bytes, request, next)))
}

async fn bounded(bytes: usize, request: Request, next: Next) -> Response {
    let mut response = match announced(request.headers()) {
        Some(length) if length > bytes => Failure::TooLarge.into_response(),
        _ => next.run(request).await,
    };
    if response.status() == StatusCode::PAYLOAD_TOO_LARGE {
        response.extensions_mut().insert(Bound(bytes));
    }
    response
}

/// How many bytes a request says that it sends.
pub(crate) fn announced(headers: &HeaderMap) -> Option<usize> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// What was sent and what is accepted, in words; `None` when it was not the size that was too large.
pub(crate) fn told(visit: &Visit, refused: &Response, sent: Option<usize>) -> Option<String> {
    if refused.status() != StatusCode::PAYLOAD_TOO_LARGE {
        return None;
    }
    let bound = refused.extensions().get().map_or(LARGEST_FORM, |Bound(bytes)| *bytes);
    let limit = size(bound, usize::div_euclid);
    match sent {
        Some(sent) if sent > bound => {
            let values = [("sent", size(sent, usize::div_ceil)), ("limit", limit)];
            Some(words::fill(visit.t("web.failure.too_large.sizes"), &values))
        }
        Some(_) => None,
        None => Some(visit.t1("web.failure.too_large.limit", "limit", limit)),
    }
}

/// `51 MB`, in whole units of 1,024, as people meet them on their computers.
fn size(bytes: usize, round: fn(usize, usize) -> usize) -> String {
    if bytes < 1 << 20 { format!("{} KB", round(bytes, 1 << 10)) } else { format!("{} MB", round(bytes, 1 << 20)) }
}
