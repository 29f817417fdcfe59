use std::{fs, net::SocketAddr, path::Path, process::ExitCode, sync::Arc, time::Instant};

use anyhow::{Context, bail};
use base::Date;
use database::Database;
use population::SampleWorld;

use crate::{
    arguments::Demo,
    house::House,
    machine::{SystemChance, SystemClock},
    sample::{self, Crowd, Ground, OFFICERS, PASSWORD},
    serve::{listen, open, until_interrupted},
    settings::Settings,
    terminal::{done, progress, say, step},
    told, tour,
};

const POPULATE: &str = "Popolo il mondo di prova";

/// `sportello demo`.
pub async fn run(demo: Demo) -> anyhow::Result<ExitCode> {
    match &demo.place.database {
        Some(url) if !url.starts_with("postgres") => {
            bail!(
                "la dimostrazione tiene il proprio libro nella cartella dei dati: togli --database e SPORTELLO_DATABASE"
            )
        }
        Some(_) if demo.reset => bail!("--reset non svuota un server PostgreSQL: crea un database nuovo"),
        _ => {}
    }
    // The port first: nothing is forgotten or loaded while another demonstration is running here.
    let listener = listen(SocketAddr::from(([127, 0, 0, 1], demo.port))).await?;
    let settings = Settings::demo(&demo.place, demo.admissions, listener.local_addr()?);
    mark(&settings.data)?;
    if demo.reset {
        forget(&settings.data)?;
    }
    let database = timed("Apro il libro degli atti", open(&settings.database)).await?;
    refuse_foreign(&settings, &database).await?;
    let today = world(&demo, &settings, &database).await?;
    let people = sample::people(&settings.root, today)?;
    let house = timed("Apro gli sportelli", join(&settings, &database, &people)).await?;
    if demo.tour {
        return tour::run(house, listener, &settings.public_url, &stories::tour()?).await;
    }
    greet(&settings, &people);
    until_interrupted(house, listener, demo.watching).await?;
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

/// Marks a data folder as a demonstration's: no other is ever emptied.
pub const MARK: &str = "dimostrazione.txt";

fn mark(data: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(data).map_err(|error| told::unwritable(data, &error))?;
    let (mark, book) = (data.join(MARK), data.join("sportello.db"));
    if book.exists() && !mark.exists() {
        bail!(
            "{} contiene un libro degli atti che non è di una dimostrazione: scegli un’altra cartella con --data",
            data.display()
        );
    }
    fs::write(&mark, "Dati inventati di una dimostrazione.\n").map_err(|error| told::unwritable(&mark, &error))
}

/// A book without sample people that has acts is somebody's real one.
async fn refuse_foreign(settings: &Settings, database: &Database) -> anyhow::Result<()> {
    let mut tx = database.read().await?;
    if registry::world(&mut tx).await?.is_none() && acts::count(&mut tx).await? > 0 {
        bail!(
            "{} contiene un libro degli atti che non è di una dimostrazione: indica un altro database",
            told::without_password(&settings.database)
        );
    }
    Ok(())
}

/// Removes the database and the log's key: another book under the same key would be a forked log.
fn forget(data: &Path) -> anyhow::Result<()> {
    let key = Path::new("keys").join(notary::key::FILE);
    for name in [Path::new("sportello.db"), Path::new("sportello.db-wal"), Path::new("sportello.db-shm"), &key] {
        let path = data.join(name);
        if path.exists() {
            fs::remove_file(&path).map_err(|error| told::unwritable(&path, &error))?;
        }
    }
    Ok(())
}

/// Loads the sample world once; gives the day on which it was made, on which ages and fiscal codes depend.
async fn world(demo: &Demo, settings: &Settings, database: &Database) -> anyhow::Result<Date> {
    let ground = Ground { database, root: &settings.root, clock: &SystemClock, chance: &SystemChance };
    if let Some(world) = ground.found().await? {
        say(format!("· Il mondo di prova c’è già: {} persone.", world.persons));
        return Ok(world.today);
    }
    // The officers first: a world that is loaded to the end is complete.
    timed("Preparo gli operatori", ground.employ()).await?;
    let began = Instant::now();
    step(POPULATE);
    let crowd = Crowd { persons: demo.people, seed: demo.seed };
    let persons = ground.populate(crowd, |so_far| progress(POPULATE, so_far, demo.people)).await?;
    done(began.elapsed());
    say(format!("  {persons} persone, seme {}.", demo.seed));
    ground
        .found()
        .await?
        .map(|world| world.today)
        .context("il mondo di prova non è rimasto nel database: riprova con --reset")
}

async fn join(settings: &Settings, database: &Database, people: &SampleWorld) -> anyhow::Result<House> {
    let demonstration = sample::demonstration(database, people);
    House::join(settings, database.clone(), Arc::new(SystemClock), Arc::new(SystemChance), Some(demonstration)).await
}

fn greet(settings: &Settings, people: &SampleWorld) {
    let url = &settings.public_url;
    say(format!("\nSportello è aperto: {url}\n"));
    say("Persone di prova (inventate): si sceglie chi essere dopo «Accedi».");
    for family in &people.families {
        say(format!("  {:<10} {}", family.id, family.title.get(base::Language::Italian)));
    }
    say(format!("\nOperatori: {url}/ufficio/accesso, password «{PASSWORD}»"));
    for (id, name, office, further) in OFFICERS {
        say(format!("  {id:<12} {name} ({})", sample::described(office, further)));
    }
    say("\nDa provare: entra come chiara, apri «Assegno unico e universale», invia con un clic, scarica la prova;");
    say(
        "poi entra come anna.ferri, prendi la pratica, guarda il calcolo, accogli; torna chiara e leggi chi ha visto i tuoi dati.",
    );
    say("Senza browser: `make tour`. Si chiude con Ctrl-C.\n");
}
