use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Instant,
};

use axum::{
    Router,
    extract::{MatchedPath, Request, State},
    http::Method,
    middleware::{Next, from_fn_with_state},
    response::Response,
};
use prometheus_client::{
    encoding::{EncodeLabelSet, text::encode},
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::Registry,
};

use crate::readings::{Latest, Reading};

/// Upper ends of the classes of duration, in seconds: from what people do not notice to what is given up.
const DURATIONS: [f64; 11] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 30.0];
/// What is told of a request that no page answers: its path is whatever somebody made up.
const NO_ROUTE: &str = "none";

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    method: &'static str,
    route: String,
    status: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Route {
    route: String,
}

/// What this program has counted since it began. Cheap to clone; all clones count together.
#[derive(Debug, Clone)]
pub struct Metrics(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    registry: Mutex<Registry>,
    latest: Latest,
    answered: Family<Answered, Counter>,
    durations: Family<Route, Histogram, fn() -> Histogram>,
    under_way: Gauge,
}

impl Metrics {
    /// Nothing counted yet.
    #[must_use]
    pub fn new() -> Self {
        let mut registry = Registry::default();
        let (answered, under_way, latest) = (Family::default(), Gauge::default(), Latest::default());
        let durations: Family<_, _, fn() -> Histogram> = Family::new_with_constructor(|| Histogram::new(DURATIONS));
        let answers = "Requests that were answered, by the route’s template";
        registry.register("sportello_requests", answers, answered.clone());
        let seconds = "Seconds from the head of a request to the head of its answer, by the route’s template";
        registry.register("sportello_request_seconds", seconds, durations.clone());
        registry.register("sportello_requests_under_way", "Requests that wait for their answer", under_way.clone());
        registry.register_collector(Box::new(latest.clone()));
        Self(Arc::new(Inner { registry: Mutex::new(registry), latest, answered, durations, under_way }))
    }

    /// Counts whatever `router` answers. Routes that are added later are not counted.
    pub fn measured(&self, router: Router) -> Router {
        router.layer(from_fn_with_state(self.clone(), measure))
    }

    /// All figures as OpenMetrics text, together with what was looked up just now.
    #[must_use]
    pub fn text(&self, readings: Vec<Reading>) -> String {
        self.0.latest.set(readings);
        let registry = self.0.registry.lock().unwrap_or_else(PoisonError::into_inner);
        let mut text = String::new();
        encode(&mut text, &registry).expect("a String takes every text");
        text
    }

    fn note(&self, answered: Answered, began: Instant) {
        let route = Route { route: answered.route.clone() };
        self.0.durations.get_or_create(&route).observe(began.elapsed().as_secs_f64());
        self.0.answered.get_or_create(&answered).inc();
    }
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

/// Counts down also when the visitor left and nobody waits any more.
struct UnderWay(Gauge);

impl UnderWay {
    fn begin(gauge: &Gauge) -> Self {
        gauge.inc();
        Self(gauge.clone())
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.dec();
    }
}

async fn measure(State(metrics): State<Metrics>, request: Request, next: Next) -> Response {
    let began = Instant::now();
    let _under_way = UnderWay::begin(&metrics.0.under_way);
    let method = known(request.method());
    let route = request.extensions().get::<MatchedPath>().map_or(NO_ROUTE, MatchedPath::as_str).to_owned();
    let response = next.run(request).await;
    metrics.note(Answered { method, route, status: response.status().as_u16() }, began);
    response
}

/// Anybody may invent a method; it gets no label of its own.
fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::HEAD => "HEAD",
        Method::PUT => "PUT",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}
