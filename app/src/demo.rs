use std::{
    fs,
    path::Path,
    process::ExitCode,
    sync::Arc,
    time::Instant,
};

use anyhow::Context;
use base::{Clock, Date, rome_date};
use database::Database;
use identity::{DemoOfficer, Demonstration, NewStaff, create_staff};
use population::{SampleWorld, World};
use registry::Loaded;

use crate::{
    arguments::Demo,
    house::House,
    joins::{DemoPeople, samples},
    machine::{SystemChance, SystemClock},
    serve::{listen, open, until_interrupted},
    settings::Settings,
    terminal::{done, progress, say, step},
    tour,
};

/// The officers of the demonstration; the password is told on the login page, in demo mode only.
const OFFICERS: [(&str, &str, &str); 3] = [
    ("anna.ferri", "Anna Ferri", "famiglia"),
    ("bruno.conti", "Bruno Conti", "famiglia"),
    ("carla.neri", "Carla Neri", "urp"),
];
const PASSWORD: &str = "dimostrazione";

/// `sportello demo`.
pub async fn run(demo: Demo) -> anyhow::Result<ExitCode> {
    let settings = Settings::demo(&demo);
    if demo.reset {
        forget(&settings.data)?;
    }
    let database = timed("Apro il libro degli atti", open(&settings.database)).await?;
    let today = world(&demo, &settings, &database).await?;
    let sample = sample_world(&settings.root, today)?;
    let house = timed("Apro gli sportelli", join(&settings, &database, &sample)).await?;
    let listener = listen(&settings).await?;
    if demo.tour {
        return tour::run(house, listener, &settings).await;
    }
    greet(&settings, &sample);
    until_interrupted(house, listener).await?;
    say("\nA presto. I dati restano: `make demo` li ritrova, `make demo RESET=1` ricomincia.");
    Ok(ExitCode::SUCCESS)
}

/// Says what begins and how long it took.
async fn timed<T>(what: &str, work: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    let began = Instant::now();
    step(what);
    let made = work.await?;
    done(began.elapsed());
    Ok(made)
}

/// Only a folder that is a demonstration's is emptied.
fn forget(data: &Path) -> anyhow::Result<()> {
    for name in ["sportello.db", "sportello.db-wal", "sportello.db-shm"] {
        let path = data.join(name);
        if path.exists() {
            fs::remove_file(&path).with_context(|| format!("cannot remove {}", path.display()))?;
        }
    }
    Ok(())
}

/// Loads the sample world once; gives the day on which it was made, on which ages and fiscal codes depend.
async fn world(demo: &Demo, settings: &Settings, database: &Database) -> anyhow::Result<Date> {
    let mut tx = database.read().await?;
    if let Some(world) = registry::world(&mut tx).await? {
        say(format!("· Il mondo di prova c’è già: {} persone.", world.persons));
        return Ok(world.today);
    }
    drop(tx);
    let today = rome_date(SystemClock.now());
    let sample = sample_world(&settings.root, today)?;
    let crowd = World::new(demo.seed, demo.people, today)?;
    let households = sample.families.iter().map(|family| family.household.clone()).chain(crowd);
    let began = Instant::now();
    step("Popolo il mondo di prova");
    let told = |so_far| progress("Popolo il mondo di prova", so_far, demo.people);
    let loaded_at = SystemClock.now();
    let marker = registry::World { seed: demo.seed, persons: demo.people, today, loaded_at };
    let loaded = registry::load(database, marker, households, told).await?;
    done(began.elapsed());
    if let Loaded::Fresh { persons } = loaded {
        say(format!("  {persons} persone, seme {}.", demo.seed));
    }
    timed("Preparo gli operatori", officers(database)).await?;
    Ok(today)
}

async fn officers(database: &Database) -> anyhow::Result<()> {
    for (id, name, office) in OFFICERS {
        let new = NewStaff {
            id: id.to_owned(),
            name: name.to_owned(),
            office: office.to_owned(),
            roles: vec!["operator".to_owned(), "responsible".to_owned()],
            password: PASSWORD.to_owned(),
        };
        let mut tx = database.begin().await?;
        create_staff(&mut tx, &SystemChance, SystemClock.now(), new).await?;
        tx.commit().await?;
    }
    Ok(())
}

fn sample_world(root: &Path, today: Date) -> anyhow::Result<SampleWorld> {
    let path = root.join("content/sample-world/persone.toml");
    let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(SampleWorld::parse(&text, today)?)
}

async fn join(settings: &Settings, database: &Database, sample: &SampleWorld) -> anyhow::Result<House> {
    let demonstration = demonstration(database, sample);
    House::join(settings, database.clone(), Arc::new(SystemClock), Arc::new(SystemChance), Some(demonstration)).await
}

/// What the demonstration's login pages show.
pub fn demonstration(database: &Database, sample: &SampleWorld) -> Demonstration {
    let officer = |(id, name, office): (&str, &str, &str)| DemoOfficer {
        id: id.to_owned(),
        name: name.to_owned(),
        office: office.to_owned(),
        password: PASSWORD.to_owned(),
    };
    Demonstration {
        people: Arc::new(DemoPeople { samples: samples(sample), database: database.clone() }),
        officers: OFFICERS.map(officer).to_vec(),
    }
}

fn greet(settings: &Settings, sample: &SampleWorld) {
    let url = &settings.public_url;
    say(format!("\nSportello è aperto: {url}\n"));
    say("Persone di prova (inventate): si sceglie chi essere dopo «Accedi».");
    for family in &sample.families {
        say(format!("  {:<10} {}", family.id, family.title.get(base::Language::Italian)));
    }
    say(format!("\nOperatori: {url}/ufficio/accesso, password «{PASSWORD}»"));
    for (id, name, office) in OFFICERS {
        say(format!("  {id:<12} {name} ({office})"));
    }
    say("\nDa provare: entra come chiara, apri «Assegno unico e universale», invia con un clic, scarica la prova;");
    say("poi entra come anna.ferri, prendi la pratica, guarda il calcolo, accogli; torna chiara e leggi chi ha visto i tuoi dati.");
    say("Senza browser: `make tour`. Si chiude con Ctrl-C.\n");
}
