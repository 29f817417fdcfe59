//! How long a world takes to load, and how long it takes to ask: `cargo run --release -p registry --example measure --
//! 1000000`. The figures of `docs/performance.md` come from here.

use std::time::Instant;

use anyhow::Context;
use base::Timestamp;
use database::Database;
use jiff::civil::date;
use registry::{Registries, World};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let persons = std::env::args().nth(1).map_or(Ok(10_000), |text| text.parse()).context("how many persons?")?;
    let folder = tempfile::tempdir()?;
    let database = Database::open(&format!("sqlite:{}/measure.db", folder.path().display())).await?;
    let world = World { seed: 1, persons, today: date(2026, 11, 21), loaded_at: Timestamp::UNIX_EPOCH };
    database.migrate(registry::MIGRATIONS, world.loaded_at).await?;
    let households = || population::World::new(world.seed, persons, world.today);

    let started = Instant::now();
    registry::load(&database, world, households()?, |done| eprintln!("{done} persons, {:.1?}", started.elapsed()))
        .await?;

    let declared = std::fs::read_to_string("content/registries.toml").context("run it from the root of the project")?;
    let registries = Registries::parse("content/registries.toml", &declared).expect("it passes `sportello check`");
    let mut tx = database.read().await?;
    let codes: Vec<_> = households()?.take(1_000).map(|one| one.members[0].person.fiscal_code.clone()).collect();
    let started = Instant::now();
    for code in &codes {
        registry::known(&mut tx, &registries, code.as_str(), world.today).await?;
    }
    let each = started.elapsed() / u32::try_from(codes.len().max(1))?;
    let started = Instant::now();
    let found = registry::find_people(&mut tx, "maria rossi", 20).await?.len();
    eprintln!("known: {each:.0?} each; search: {found} found in {:.1?}", started.elapsed());
    Ok(())
}
