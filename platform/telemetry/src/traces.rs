//! Spans, sent to an OpenTelemetry collector.

use std::time::Duration;

use async_trait::async_trait;
use opentelemetry::KeyValue;
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::{Resource, trace::SdkTracerProvider};
use ureq::Agent;

/// A collector that takes longer loses the batch.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long the end of the program waits for the last batch.
const FAREWELL: Duration = Duration::from_secs(3);
/// Where a collector takes spans, behind its address (OTLP/HTTP).
const PATH: &str = "/v1/traces";

/// Why traces cannot be sent.
#[derive(Debug, thiserror::Error)]
pub enum TracesError {
    /// The address is not one that the exporter can speak to.
    #[error("l’indirizzo delle tracce deve cominciare con http:// (per esempio http://127.0.0.1:4318), non «{0}»")]
    Address(String),
    /// The exporter refuses its settings.
    #[error("le tracce non si possono inviare: {0}")]
    Exporter(String),
}

/// The way of spans to a collector. They are gathered and sent by a thread of their own.
#[derive(Debug, Clone)]
pub(crate) struct Traces(SdkTracerProvider);

impl Traces {
    /// To the collector at `address`, such as `http://127.0.0.1:4318`.
    pub(crate) fn to(address: &str, version: &'static str) -> Result<Self, TracesError> {
        if !address.starts_with("http://") {
            return Err(TracesError::Address(address.to_owned()));
        }
        let exporter = SpanExporter::builder()
            .with_http()
            .with_protocol(Protocol::HttpBinary)
            .with_endpoint(format!("{}{PATH}", address.trim_end_matches('/')))
            .with_timeout(PATIENCE)
            .with_http_client(Plain::new())
            .build()
            .map_err(|error| TracesError::Exporter(error.to_string()))?;
        let version = KeyValue::new("service.version", version);
        let resource = Resource::builder_empty().with_service_name("sportello").with_attribute(version).build();
        Ok(Self(SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(resource).build()))
    }

    pub(crate) const fn provider(&self) -> &SdkTracerProvider {
        &self.0
    }

    /// Sends what is left.
    pub(crate) fn finish(&self) {
        if let Err(error) = self.0.shutdown_with_timeout(FAREWELL) {
            tracing::warn!(%error, "the last traces were not sent");
        }
    }
}

/// The HTTP client that the program has already, on the exporter's own thread: it may block there.
#[derive(Debug)]
struct Plain(Agent);

impl Plain {
    fn new() -> Self {
        let config = Agent::config_builder().http_status_as_error(false).timeout_global(Some(PATIENCE));
        Self(config.proxy(None).build().into())
    }
}

#[async_trait]
impl HttpClient for Plain {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let (parts, body) = request.into_parts();
        let answer = self.0.run(Request::from_parts(parts, body.to_vec()))?;
        let (parts, mut body) = answer.into_parts();
        Ok(Response::from_parts(parts, Bytes::from(body.read_to_vec()?)))
    }
}
