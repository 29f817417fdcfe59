use std::io::{self, IsTerminal as _};

use opentelemetry::trace::TracerProvider as _;
use tracing::Metadata;
use tracing_subscriber::{
    EnvFilter, Layer, Registry,
    filter::filter_fn,
    layer::{Identity, SubscriberExt as _},
    util::SubscriberInitExt as _,
};

use crate::{
    struck::Struck,
    traces::{Traces, TracesError},
};

/// Why the program cannot tell what it does.
#[derive(Debug, thiserror::Error)]
pub enum TellingError {
    /// Of traces.
    #[error(transparent)]
    Traces(#[from] TracesError),
    /// Somebody else in this process took the log before.
    #[error("il registro degli eventi è già stato avviato in questo processo")]
    Taken,
}

/// How the program tells what it does. Kept as long as it runs; [`Telling::finish`] sends the last traces.
#[derive(Debug)]
pub struct Telling {
    traces: Option<Traces>,
}

impl Telling {
    /// Writes the log to standard error: warnings and worse, unless `filter` says otherwise (`info`, `info,sqlx=warn`);
    /// as JSON lines if `json`. Sends traces to the collector at `collector`, if there is one.
    ///
    /// # Errors
    /// [`TellingError`], when the collector's address cannot be one, or in a process that has a log already.
    pub fn start(
        json: bool,
        filter: Option<&str>,
        collector: Option<&str>,
        version: &'static str,
    ) -> Result<Self, TellingError> {
        let traces = collector.map(|address| Traces::to(address, version)).transpose()?;
        let wanted = filter.and_then(|text| EnvFilter::try_new(text).ok()).unwrap_or_else(|| EnvFilter::new("warn"));
        let subscriber =
            tracing_subscriber::registry().with(lines(json).with_filter(wanted)).with(spans(traces.as_ref()));
        subscriber.try_init().map_err(|_| TellingError::Taken)?;
        // What a panic says may quote anybody: it goes through the log, which is searched.
        std::panic::set_hook(Box::new(|panic| tracing::error!(%panic, "a panic")));
        Ok(Self { traces })
    }

    /// Sends what is left to the collector, for three seconds at most.
    pub fn finish(&self) {
        if let Some(traces) = &self.traces {
            traces.finish();
        }
    }
}

fn lines(json: bool) -> Box<dyn Layer<Registry> + Send + Sync> {
    let colours = io::stderr().is_terminal();
    let lines = tracing_subscriber::fmt::layer().with_ansi(colours).with_writer(|| Struck(io::stderr()));
    if json { lines.json().boxed() } else { lines.boxed() }
}

fn spans<S>(traces: Option<&Traces>) -> Box<dyn Layer<S> + Send + Sync>
where
    S: tracing::Subscriber + for<'a> tracing_subscriber::registry::LookupSpan<'a> + Send + Sync,
{
    match traces {
        Some(traces) => {
            let tracer = traces.provider().tracer("sportello");
            let layer = tracing_opentelemetry::layer().with_tracer(tracer).with_location(false).with_threads(false);
            layer.with_filter(filter_fn(is_ours)).boxed()
        }
        None => Identity::new().boxed(),
    }
}

/// Spans of the house, and no events: the words of an error may quote what a person typed. Those of libraries are
/// left out, because nobody here knows what they will carry in their next version.
fn is_ours(metadata: &Metadata<'_>) -> bool {
    metadata.is_span() && metadata.target().starts_with("sportello::")
}
