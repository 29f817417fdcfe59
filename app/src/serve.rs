use std::{
    io::ErrorKind,
    net::SocketAddr,
    process::ExitCode,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{anyhow, bail};
use base::Clock;
use database::Database;
use tokio::{net::TcpListener, sync::watch, task::JoinHandle, time::timeout};
use web::Mode;

use crate::{
    arguments::{Serve, Watching},
    demo,
    house::{House, migrations},
    machine::{SystemChance, SystemClock},
    settings::Settings,
    terminal::{say, seconds},
    told,
};

/// How long background work may take to finish its round once the program ends: a letter takes a second.
const FINISH: Duration = Duration::from_secs(10);
/// How long those who still read may take after that.
const CLOSE: Duration = Duration::from_secs(5);

/// `sportello serve`.
pub async fn run(serve: Serve) -> anyhow::Result<ExitCode> {
    let began = Instant::now();
    let settings = Settings::serve(&serve)?;
    if settings.mode == Mode::Production && settings.data.join(demo::MARK).exists() {
        bail!(
            "{} contiene una dimostrazione, con password pubblicate: scegli un’altra cartella con --data",
            settings.data.display()
        );
    }
    let database = open(&settings.database).await?;
    if settings.mode == Mode::Production && registry::world(&mut database.read().await?).await?.is_some() {
        bail!("{} contiene le persone inventate di una dimostrazione", told::without_password(&settings.database));
    }
    let house = House::join(&settings, database, Arc::new(SystemClock), Arc::new(SystemChance), None).await?;
    let listener = listen(settings.listen).await?;
    say(format!("Sportello risponde su {} (avviato in {}).", settings.public_url, seconds(began.elapsed())));
    until_interrupted(house, listener, serve.watching).await?;
    Ok(ExitCode::SUCCESS)
}

/// Opens the database and brings it up to date.
pub async fn open(url: &str) -> anyhow::Result<Database> {
    let database = Database::open(url).await.map_err(|error| told::unusable(url, &error))?;
    let migrated = database.migrate(&migrations(), SystemClock.now()).await;
    migrated.map_err(|error| told::unusable(url, &error))?;
    Ok(database)
}

/// Takes the port.
pub async fn listen(address: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.map_err(|error| match error.kind() {
        ErrorKind::AddrInUse => {
            anyhow!("la porta {address} è occupata da un altro programma. Chiudilo oppure scegli un’altra porta")
        }
        ErrorKind::PermissionDenied => anyhow!("per la porta {address} manca il permesso. Scegline una da 1024 in su"),
        ErrorKind::AddrNotAvailable => anyhow!("{address} non è un indirizzo di questa macchina. Correggi `listen`"),
        _ => anyhow!("non posso rispondere su {address}: errore del sistema ({error})"),
    })
}

/// Serves until Ctrl-C or a termination signal, then lets requests and background work finish.
pub async fn until_interrupted(house: House, listener: TcpListener, watching: Watching) -> anyhow::Result<()> {
    let (over, ended) = watch::channel(false);
    let operators = match watching.metrics {
        Some(address) => Some(house.operators.serve(address, ended).await?),
        None => None,
    };
    let watched = house.operators.watched.clone();
    let end = async move {
        interrupted().await;
        watched.stop();
        tokio::time::sleep(Duration::from_secs(watching.notice.into())).await;
    };
    let served = serve_until(house, listener, end).await;
    // The operators' address is the last to go: it says that the program is ending.
    over.send_replace(true);
    if let Some(operators) = operators {
        operators.await??;
    }
    served
}

/// Serves until `end`, then lets requests and background work finish and closes the database.
///
/// # Errors
/// When nobody can come in any more.
pub async fn serve_until(mut house: House, listener: TcpListener, end: impl Future<Output = ()>) -> anyhow::Result<()> {
    let (stop, stopped) = watch::channel(false);
    let cards = match house.cards.take() {
        Some(door) => Some(show_cards(door, stopped.clone()).await?),
        None => None,
    };
    let mut beside = house.start(&stopped);
    web::serve(listener, house.router.clone(), end).await?;
    house.operators.watched.stop();
    stop.send_replace(true);
    let finished = async { while beside.join_next().await.is_some() {} };
    if timeout(FINISH, finished).await.is_err() {
        tracing::error!(
            "a background task does not come to its end: it is left behind, and begins again at the next start"
        );
    }
    if let Some(cards) = cards {
        cards.await??;
    }
    if timeout(CLOSE, house.database.close()).await.is_err() {
        tracing::error!("somebody still reads: the database is left to the end of the process");
    }
    Ok(())
}

/// Opens the port at which cards are shown, until `stop` turns true.
async fn show_cards(
    door: identity::CardDoor,
    mut stop: watch::Receiver<bool>,
) -> anyhow::Result<JoinHandle<std::io::Result<()>>> {
    let listener = listen(door.listen).await?;
    Ok(tokio::spawn(async move {
        let stopped = async {
            // A sender that is gone ends the program, too.
            let _ = stop.wait_for(|stop| *stop).await;
        };
        web::serve_tls(listener, door.tls, door.router, stopped).await
    }))
}

/// Ctrl-C, or the termination signal of service managers.
pub async fn interrupted() {
    let mut terminate = match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(signal) => signal,
        Err(error) => return tracing::error!(%error, "cannot wait for signals"),
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
}
