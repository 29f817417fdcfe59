//! `cargo run -p web --example stile`: the gallery of components at <http://localhost:8099/stile>, without the rest.

use std::sync::Arc;

use base::{Clock, ManualClock, SeededChance};
use database::Database;
use tokio::net::TcpListener;
use web::{Mode, Settings, Web, Words};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let file = std::env::temp_dir().join("sportello-stile.db");
    let database = Database::open(&format!("sqlite:{}", file.display())).await?;
    let clock = Arc::new(ManualClock::at("2026-11-21T09:00:00Z".parse()?));
    database.migrate(web::MIGRATIONS, clock.now()).await?;
    let settings = Settings::new("http://localhost:8099", Mode::Demo);
    let web = Web::new(database, clock, Arc::new(SeededChance::new(1)), settings, Words::merge(&[web::WORDS])?);
    let listener = TcpListener::bind("127.0.0.1:8099").await?;
    web::serve(listener, web::frame(web::gallery(), web), std::future::pending()).await?;
    Ok(())
}
