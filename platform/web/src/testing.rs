//! A browser without a network, for tests of rooms: it sends requests to a router, keeps cookies, and shows what came
//! back. It panics on what is not there, as tests do.

use std::{collections::BTreeMap, net::SocketAddr};

use axum::{
    Router,
    body::{Body, Bytes, to_bytes},
    extract::ConnectInfo,
    http::{HeaderMap, Method, Request, StatusCode, header},
};
use tower::ServiceExt;

use crate::query;

/// What came back.
#[derive(Debug)]
pub struct Reply {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The content.
    pub body: Bytes,
}

impl Reply {
    /// Sends a request through all layers of a router.
    ///
    /// # Panics
    /// When the content cannot be read.
    pub async fn of(router: &Router, request: Request<Body>) -> Self {
        let response = match router.clone().oneshot(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        };
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.expect("the content of an answer made in memory");
        Self { status: parts.status, headers: parts.headers, body }
    }

    /// A header; empty where there is none.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("")
    }

    /// Where it leads; empty where it leads nowhere.
    #[must_use]
    pub fn location(&self) -> &str {
        self.header(header::LOCATION.as_str())
    }

    /// The content as text.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The cookies that were set: name, value and all that follows.
    fn cookies(&self) -> impl Iterator<Item = &str> {
        self.headers.get_all(header::SET_COOKIE).iter().filter_map(|line| line.to_str().ok())
    }

    /// The `name=value` of a cookie that was set; empty where it was not.
    #[must_use]
    pub fn cookie(&self, name: &str) -> String {
        let mut pairs = self.cookies().filter_map(|line| line.split(';').next());
        pairs.find(|pair| pair.split('=').next() == Some(name)).unwrap_or("").to_owned()
    }

    /// The value of a hidden field of the page.
    ///
    /// # Panics
    /// When the page has no such field.
    #[must_use]
    pub fn hidden(&self, name: &str) -> String {
        let text = self.text();
        let value = text.split(&format!("name=\"{name}\" value=\"")).nth(1).and_then(|rest| rest.split('"').next());
        let value = value.unwrap_or_else(|| panic!("no field {name} in {text}"));
        value.replace("&#38;", "&").replace("&amp;", "&")
    }
}

/// One browser with its cookies. It follows nothing by itself.
#[derive(Debug, Clone)]
pub struct Browser {
    router: Router,
    /// Cookies by name.
    pub jar: BTreeMap<String, String>,
    /// From where it calls.
    pub address: [u8; 4],
    /// What it says of the page that the request comes from: `same-origin`, `cross-site`, …
    pub site: &'static str,
}

impl Browser {
    /// Without cookies, on `localhost:8080`.
    #[must_use]
    pub fn new(router: Router) -> Self {
        Self { router, jar: BTreeMap::new(), address: [192, 0, 2, 1], site: "same-origin" }
    }

    /// Asks for a page.
    pub async fn get(&mut self, place: &str) -> Reply {
        self.send(Method::GET, place, String::new()).await
    }

    /// Sends a form.
    pub async fn post(&mut self, place: &str, fields: &[(&str, &str)]) -> Reply {
        self.send(Method::POST, place, query(fields)).await
    }

    async fn send(&mut self, method: Method, place: &str, form: String) -> Reply {
        let place = place.strip_prefix("http://localhost:8080").unwrap_or(place);
        let cookies: Vec<_> = self.jar.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = Request::builder()
            .method(method)
            .uri(place)
            .extension(ConnectInfo(SocketAddr::from((self.address, 1234))))
            .header(header::HOST, "localhost:8080")
            .header("sec-fetch-site", self.site)
            .header(header::COOKIE, cookies.join("; "))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::CONTENT_LENGTH, form.len());
        let reply = Reply::of(&self.router, request.body(Body::from(form)).expect("a request")).await;
        for line in reply.cookies() {
            self.keep(line);
        }
        reply
    }

    fn keep(&mut self, line: &str) {
        let Some((name, value)) = line.split(';').next().and_then(|pair| pair.split_once('=')) else { return };
        if line.contains("Max-Age=0") {
            self.jar.remove(name);
        } else {
            self.jar.insert(name.to_owned(), value.to_owned());
        }
    }
}
