use askama::Template;
use axum::{
    Json, Router,
    body::Body,
    extract::{DefaultBodyLimit, MatchedPath, Request, State},
    http::{HeaderValue, Method, StatusCode, header, request::Parts},
    middleware::{Next, from_fn, from_fn_with_state},
    response::{Html, IntoResponse, Redirect, Response},
};
use tower_http::{
    catch_panic::CatchPanicLayer,
    compression::{
        CompressionLayer,
        predicate::{DefaultPredicate, NotForContentType, Predicate},
    },
    csrf::CsrfLayer,
};
use tracing::{Instrument, Span, field};

use crate::{
    Failure, Page, SetCookie, Visit, Web, acting, address::percent_path, assets, bounds, cookies, headers, parked,
    read_only,
};

/// Spreadsheets are compressed in themselves.
const ZIPPED: NotForContentType = NotForContentType::const_new("application/vnd.o");

/// Puts a router behind everything that every page needs: [`Visit`], error pages, refusal of forms from other sites,
/// security headers, bounds on size and time, static files, compression.
///
/// Compression is safe here although pages hold secrets of people: an attacker would have to see the length of
/// answers to requests that he makes with the victim's cookie, and `SameSite=Lax` withholds the cookie from those.
pub fn frame(router: Router, web: Web) -> Router {
    let exempt = web.settings().cross_site_paths.clone();
    let csrf = CsrfLayer::new()
        .with_insecure_bypass(move |_, uri| exempt.iter().any(|path| path == uri.path()))
        .with_rejection_response(|_| Failure::CrossSite.into_response());
    router
        .merge(assets::router())
        .fallback(async || Failure::NotFound)
        .method_not_allowed_fallback(async || Failure::Method)
        .layer(DefaultBodyLimit::max(bounds::LARGEST_FORM))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn(acting::guard))
        .layer(from_fn(read_only::guard))
        .layer(csrf)
        .layer(from_fn_with_state(web, receive))
        .layer(CompressionLayer::new().compress_when(DefaultPredicate::new().and(ZIPPED)))
}

fn panicked(panic: Box<dyn std::any::Any + Send + 'static>) -> Response {
    let text = panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
    Failure::internal(anyhow::anyhow!("panic: {}", text.unwrap_or("without words"))).into_response()
}

async fn receive(State(web): State<Web>, request: Request, next: Next) -> Response {
    let request_id = hex::encode(web.chance().bytes::<6>());
    // The template of the route: paths name cases and people, queries hold what somebody searched for. Fields as
    // OpenTelemetry calls them, so that log and traces speak of the same.
    let (method, route) = (request.method(), request.extensions().get::<MatchedPath>());
    let route = route.map_or("none", MatchedPath::as_str).to_owned();
    let span = tracing::info_span!(
        target: "sportello::request",
        "request",
        id = %request_id,
        http.request.method = %method,
        http.route = route.as_str(),
        http.response.status_code = field::Empty,
        otel.name = format!("{method} {route}"),
        otel.kind = "server",
        otel.status_code = field::Empty,
    );
    answer(web, request, (&route, request_id), next).instrument(span).await
}

async fn answer(web: Web, request: Request, (route, request_id): (&str, String), next: Next) -> Response {
    let began = std::time::Instant::now();
    let (mut parts, body) = request.into_parts();
    let (one_host, sent) = (headers::one_host(&parts), bounds::announced(&parts.headers));
    // A text with U+0000 cannot be kept by PostgreSQL, and nobody types one.
    let storable = !parts.uri.to_string().contains("%00");
    let (visit, recognised) = Visit::begin(&web, &parts, request_id).await;
    parts.extensions.insert(visit.clone());
    let outcome = match recognised.and_then(|()| visit.person_may_come(route)) {
        _ if !one_host || !storable => Failure::BadRequest("web.failure.bad_request.advice").into_response(),
        Err(failure) => failure.into_response(),
        Ok(()) => handle(&visit, parts, body, next).await,
    };
    let mut response = tell(&visit, outcome, sent);
    finish(&visit, &mut response);
    let (span, status) = (Span::current(), response.status());
    span.record("http.response.status_code", status.as_u16());
    if status.is_server_error() {
        span.record("otel.status_code", "ERROR");
    }
    tracing::info!(status = status.as_u16(), ms = began.elapsed().as_millis(), "answered");
    response
}

/// Runs the handler within the time for a request. A form that arrives after the session expired is read beforehand,
/// so that what was typed can be parked when the handler asks for a login; it is forgotten once the form is saved, which
/// every form of the house tells by a redirection.
async fn handle(visit: &Visit, parts: Parts, body: Body, next: Next) -> Response {
    let work = async {
        let form = parts.method == Method::POST;
        let (parts, body, typed) = match &visit.lapsed {
            Some(_) if form => parked::read(parts, body).await,
            _ => (parts, body, None),
        };
        let response = next.run(Request::from_parts(parts, body)).await;
        let refused = matches!(response.extensions().get(), Some(Failure::Unauthenticated));
        match (&visit.lapsed, typed) {
            (Some(lapsed), Some(typed)) if refused && acting::is_of(&typed, &lapsed.subject) => {
                parked::noted(parked::keep(visit, &lapsed.subject, &typed).await);
            }
            _ if form && response.status() == StatusCode::SEE_OTHER => {
                parked::noted(parked::saved(visit).await);
            }
            _ => {}
        }
        response
    };
    let limit = visit.web.settings().request_limit;
    tokio::time::timeout(limit, work).await.unwrap_or_else(|_| Failure::Busy.into_response())
}

#[derive(Template)]
#[template(path = "failure.html")]
struct FailurePage<'a> {
    page: Page,
    failure: &'a Failure,
    /// What else is to be said: how much was sent, how long to wait.
    more: Option<&'a str>,
    reference: &'a str,
}

/// Turns a failure, ours or a library's bare status, into a page for people or a short JSON for programs (RFC 9457).
/// `sent` is what the request announced, in bytes.
fn tell(visit: &Visit, response: Response, sent: Option<usize>) -> Response {
    let status = response.status();
    let known = response.extensions().get::<Failure>().cloned();
    let Some(failure) = known.or_else(|| bare(&response).then(|| Failure::from_status(status)).flatten()) else {
        return response;
    };
    if let Failure::Internal(error) = &failure {
        tracing::error!(reference = visit.request_id, "{error:#}");
    }
    let more = match &failure {
        Failure::TooOften(seconds) => Some(visit.page(failure.title()).tn("web.failure.too_often.wait", *seconds)),
        _ => bounds::told(visit, &response, sent),
    };
    match failure {
        Failure::Unauthenticated if !visit.wants_json => to_login(visit),
        _ if visit.wants_json => problem(visit, &failure, more.as_deref()),
        Failure::ForAnother | Failure::NoLongerFor | Failure::CannotTell => {
            acting::refused(visit, &failure).unwrap_or_else(IntoResponse::into_response)
        }
        _ => failure_page(visit, &failure, more.as_deref()),
    }
}

/// Whether a library wrote the error: plain text or nothing.
fn bare(response: &Response) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    (response.status().is_client_error() || response.status().is_server_error())
        && kind.is_none_or(|kind| kind.starts_with("text/plain"))
}

fn failure_page(visit: &Visit, failure: &Failure, more: Option<&str>) -> Response {
    let page = visit.page(failure.title());
    let status = failure.status();
    match (FailurePage { page, failure, more, reference: &visit.request_id }).render() {
        Ok(text) => with_retry(failure, (status, Html(text)).into_response()),
        Err(error) => {
            tracing::error!(%error, "the error page cannot be rendered");
            status.into_response()
        }
    }
}

fn problem(visit: &Visit, failure: &Failure, more: Option<&str>) -> Response {
    let words = |key| visit.web.words().t(visit.language, key);
    let status = failure.status();
    let detail = [more.unwrap_or(""), words(failure.advice())].join(" ");
    let body = serde_json::json!({
        "title": words(failure.title()),
        "detail": detail.trim_start(),
        "status": status.as_u16(),
        "reference": visit.request_id,
    });
    let kind = [(header::CONTENT_TYPE, "application/problem+json")];
    with_retry(failure, (status, kind, Json(body).into_response().into_body()).into_response())
}

fn with_retry(failure: &Failure, mut response: Response) -> Response {
    let seconds = match failure {
        Failure::Busy => Some(5),
        Failure::TooOften(seconds) => Some(*seconds),
        _ => None,
    };
    if let Some(seconds) = seconds {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

/// To the door that fits the path, and back to the page (for a form: to the page that shows it, under the same path).
fn to_login(visit: &Visit) -> Response {
    let door = if visit.path.starts_with("/ufficio") { "/ufficio/accesso" } else { "/accesso" };
    let query = if visit.method == Method::GET && !visit.query.is_empty() {
        format!("?{}", visit.query)
    } else {
        String::new()
    };
    let back = percent_path(&format!("{}{query}", visit.path));
    let lapsed = if visit.lapsed.is_some() { "&scaduta=1" } else { "" };
    Redirect::to(&format!("{door}?ritorno={back}{lapsed}")).into_response()
}

/// Cookies of the frame and headers of every response.
fn finish(visit: &Visit, response: &mut Response) {
    let settings = visit.web.settings();
    let chosen = crate::visit::query(&visit.query, "lingua").is_some();
    let read = response.status() != StatusCode::SEE_OTHER && !visit.path.starts_with("/static/");
    let language = chosen.then(|| SetCookie::language(settings, visit.language));
    let notice = (read && visit.notice.is_some()).then(|| SetCookie::forget(settings, cookies::NOTICE));
    for cookie in language.into_iter().chain(notice) {
        response.headers_mut().append(header::SET_COOKIE, cookie.header());
    }
    headers::protect(visit, response);
}
