//! The operators' own address: figures and health, apart from the pages, and still there while the program ends.

use std::{net::SocketAddr, sync::Arc};

use acts::count;
use axum::{Router, extract::State, http::header, response::IntoResponse, routing::get};
use base::Clock;
use database::Database;
use telemetry::{Metrics, Reading};
use tokio::{
    net::TcpListener,
    sync::{Mutex, watch},
    task::JoinHandle,
};

use crate::{
    health::{self, Watched},
    readings::{self, Seen},
    serve,
};

/// As Prometheus asks for it (OpenMetrics 1.0).
const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// What operators are told from.
#[derive(Clone)]
pub struct Operators {
    /// How the program fares.
    pub watched: Watched,
    /// What it counted.
    pub metrics: Metrics,
    database: Database,
    clock: Arc<dyn Clock>,
    /// Acts by kind, as far as the book was read.
    seen: Arc<Mutex<Seen>>,
}

impl Operators {
    /// Nothing counted yet. Acts are counted from here on, as every counter begins with the program.
    pub async fn new(watched: Watched, database: Database, clock: Arc<dyn Clock>) -> database::Result<Self> {
        let acts = count(&mut database.read().await?).await?;
        let seen = Arc::new(Mutex::new(Seen::from(acts)));
        Ok(Self { watched, metrics: Metrics::new(), database, clock, seen })
    }

    /// Everything as OpenMetrics text. What the database would have to say is left out when it does not answer.
    async fn text(&self) -> String {
        let mut all = telemetry::process();
        all.extend(readings::of_program(&self.watched, &self.database).await);
        match self.of_book().await {
            Ok(of_book) => all.extend(of_book),
            Err(error) => tracing::warn!(%error, "the database could not be asked for figures"),
        }
        self.metrics.text(all)
    }

    async fn of_book(&self) -> database::Result<Vec<Reading>> {
        let mut tx = self.database.read().await?;
        readings::of_book(&mut tx, &mut *self.seen.lock().await, self.clock.now()).await
    }

    fn router(&self) -> Router {
        let metrics = Router::new().route("/metrics", get(told)).with_state(self.clone());
        metrics.merge(health::routes(self.watched.clone()))
    }

    /// Serves figures and health at `address` until `stop` turns true.
    ///
    /// # Errors
    /// When the address cannot be taken.
    pub async fn serve(
        &self,
        address: SocketAddr,
        mut stop: watch::Receiver<bool>,
    ) -> anyhow::Result<JoinHandle<std::io::Result<()>>> {
        let listener: TcpListener = serve::listen(address).await?;
        let router = self.router();
        Ok(tokio::spawn(async move {
            let stopped = async {
                // A sender that is gone ends the program, too.
                let _ = stop.wait_for(|stop| *stop).await;
            };
            web::serve(listener, router, stopped).await
        }))
    }
}

async fn told(State(operators): State<Operators>) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, OPEN_METRICS), (header::CACHE_CONTROL, "no-store")], operators.text().await)
}
