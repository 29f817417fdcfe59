//! Styles, fonts and icons inside the program, served under an address that changes with their content.

use std::sync::LazyLock;

use axum::{
    Router,
    extract::Path,
    http::{HeaderValue, header},
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};

use crate::{Answer, Failure};

#[derive(RustEmbed)]
#[folder = "assets/generated"]
#[allow_missing = true]
struct Files;

/// One digest for all files, so that the style sheet finds its fonts by relative address.
static DIGEST: LazyLock<String> = LazyLock::new(|| {
    let mut names: Vec<_> = Files::iter().collect();
    names.sort();
    let mut hash = Sha256::new();
    for name in names {
        hash.update(name.as_bytes());
        hash.update(Files::get(&name).map(|file| file.data).unwrap_or_default());
    }
    hex::encode(&hash.finalize()[..6])
});

/// Address of a file: `/static/0123456789ab/sportello.css`.
#[must_use]
pub fn url(name: &str) -> String {
    format!("/static/{}/{name}", *DIGEST)
}

/// Whether `make assets` has run: without it pages work and look bare.
#[must_use]
pub fn complete() -> bool {
    Files::get("sportello.css").is_some()
}

pub(crate) fn router() -> Router {
    Router::new()
        .route("/static/{digest}/{*name}", get(serve))
        .route("/favicon.ico", get(async || Redirect::permanent(&url("favicon.svg"))))
}

async fn serve(Path((digest, name)): Path<(String, String)>) -> Answer {
    let file = Files::get(&name).ok_or(Failure::NotFound)?;
    let kept = if digest == *DIGEST { "public, max-age=31536000, immutable" } else { "no-cache" };
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(media_type(&name))),
        (header::CACHE_CONTROL, HeaderValue::from_static(kept)),
    ];
    Ok::<Response, Failure>((headers, file.data).into_response())
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("woff2") => "font/woff2",
        Some("js") => "text/javascript; charset=utf-8",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
