use std::{
    fmt::Display,
    io,
    pin::Pin,
    task::{Context, Poll},
};

use axum::{
    body::Bytes,
    http::{HeaderName, HeaderValue, header, request::Parts},
    response::{IntoResponse, Response},
};

use hyper::body::Frame;
use tokio::sync::mpsc;

use crate::{Visit, address::percent};

/// Nothing but our own files, no script in the page, no frame around it.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; script-src 'self'; \
                      form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// The same, but the form of the page may go to another site, and on from there.
const LEADING_OUT: &str = "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
                           script-src 'self'; form-action 'self' https: http:; frame-ancestors 'none'; base-uri 'none'";

const ALWAYS: [(&str, &str); 6] = [
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "same-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
];

/// Lets a public response be kept for `seconds`. Ignored on the response to somebody who is logged in.
#[must_use]
pub fn cacheable(seconds: u32, response: impl IntoResponse) -> Response {
    let value = format!("public, max-age={seconds}");
    let mut response = response.into_response();
    if let Ok(value) = HeaderValue::from_str(&value) {
        response.headers_mut().insert(header::CACHE_CONTROL, value);
    }
    response
}

/// A file to be saved, never shown inside the site: what people upload cannot act in its name.
#[must_use]
pub fn download(file_name: &str, media_type: &'static str, bytes: impl Into<Bytes>) -> Response {
    attachment(file_name, media_type, bytes.into())
}

/// Pieces of a file that wait to be sent: who saves slowly slows down who makes it.
const WAITING: usize = 2;

/// Where whoever makes a file puts its pieces.
#[derive(Debug)]
pub struct Pieced(mpsc::Sender<io::Result<Bytes>>);

impl Pieced {
    /// Puts the next piece, and waits until there is room for it; whether anybody still wants the file.
    pub async fn put(&self, piece: Vec<u8>) -> bool {
        piece.is_empty() || self.0.send(Ok(Bytes::from(piece))).await.is_ok()
    }
}

/// A file that is made while it is sent: `making` gives its pieces, and at the end nothing more. A making that fails, which the log
/// tells, or breaks, cuts the connection, so that the browser knows that the file is not whole.
#[must_use]
pub fn stream<Making, Why>(file_name: &str, media_type: &'static str, making: impl FnOnce(Pieced) -> Making) -> Response
where
    Making: Future<Output = Result<(), Why>> + Send + 'static,
    Why: Display + Send + 'static,
{
    let (send, pieces) = mpsc::channel(WAITING);
    // A list that just ends would look whole.
    let broken = send.clone();
    let (making, file) = (making(Pieced(send)), file_name.to_owned());
    tokio::spawn(async move {
        let made = tokio::spawn(making).await;
        if let Ok(Err(error)) = &made {
            tracing::error!(%error, file, "a file could not be finished");
        }
        if !matches!(made, Ok(Ok(()))) {
            let _gone = broken.send(Err(io::Error::other("the file broke off"))).await;
        }
    });
    attachment(file_name, media_type, axum::body::Body::new(Pieces(pieces)))
}

/// Lets the form of this page go to another site: to an identity provider, which leads on to addresses of its own.
#[must_use]
pub fn leading_out(response: impl IntoResponse) -> Response {
    let mut response = response.into_response();
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(LEADING_OUT));
    response
}

fn attachment(file_name: &str, media_type: &'static str, content: impl IntoResponse) -> Response {
    let plain: String =
        file_name.chars().map(|c| if c.is_ascii_alphanumeric() || ".-_ ".contains(c) { c } else { '_' }).collect();
    let disposition = format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{}", percent(file_name));
    let headers = [
        (header::CONTENT_TYPE, media_type.to_owned()),
        (header::CONTENT_DISPOSITION, disposition),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'; sandbox".to_owned()),
    ];
    (headers, content).into_response()
}

struct Pieces(mpsc::Receiver<io::Result<Bytes>>);

impl hyper::body::Body for Pieces {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        self.0.poll_recv(context).map(|piece| piece.map(|piece| piece.map(Frame::data)))
    }
}

/// HTTP/1.1 wants exactly one `Host` (RFC 9112 3.2); two would let caches and us disagree on whose request it is.
pub(crate) fn one_host(parts: &Parts) -> bool {
    let mut hosts = parts.headers.get_all(header::HOST).iter();
    let first = hosts.next().and_then(|host| host.to_str().ok());
    first.is_some_and(|host| !host.is_empty() && !host.contains([',', ' ', '@', '/'])) && hosts.next().is_none()
}

pub(crate) fn protect(visit: &Visit, response: &mut Response) {
    let headers = response.headers_mut();
    for (name, value) in ALWAYS {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    let policy = HeaderValue::from_static(POLICY);
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(policy);
    // What one person sees is never kept for another (a shared cache did that on 1 April 2020).
    let private = visit.session.is_some() && !visit.path.starts_with("/static/");
    let no_store = HeaderValue::from_static("no-store");
    if private || headers.contains_key(header::SET_COOKIE) {
        headers.insert(header::CACHE_CONTROL, no_store);
    } else {
        headers.entry(header::CACHE_CONTROL).or_insert(no_store);
    }
    headers.insert(header::VARY, HeaderValue::from_static("accept-language, cookie"));
    if visit.web.settings().secure() {
        let year = HeaderValue::from_static("max-age=31536000; includeSubDomains");
        headers.insert(header::STRICT_TRANSPORT_SECURITY, year);
    }
    if let Ok(id) = HeaderValue::from_str(&visit.request_id) {
        headers.insert(HeaderName::from_static("x-request-id"), id);
    }
}
