//! What is true of PostgreSQL alone: each test has a server of its own, to be stopped at will.

use std::{
    fs::{self, Permissions},
    net::TcpListener,
    os::unix::fs::{MetadataExt, PermissionsExt, chown},
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use database::{
    Database, Error, Migration, params,
    testing::{Server, TestDatabase},
};
use tokio::sync::watch;

use crate::{STEP, now};

const INSERT: &str = "INSERT INTO notes (id) VALUES ($1)";

fn server() -> Server {
    Server::start(&[]).expect("PostgreSQL starts")
}

async fn write(database: &Database, id: &str) -> database::Result<()> {
    let mut tx = database.begin().await?;
    tx.execute(INSERT, params![id]).await?;
    tx.commit().await
}

async fn ids(database: &Database) -> database::Result<Vec<String>> {
    let rows = database.read().await?.rows("SELECT id FROM notes ORDER BY id", params![]).await?;
    rows.iter().map(|row| row.text("id")).collect()
}

#[tokio::test]
async fn after_a_kill_what_was_acknowledged_is_there_and_the_pool_recovers_by_itself() {
    let mut server = server();
    let data = TestDatabase::on_server(&server.url("postgres"), &[STEP]).await;
    let database = data.open().await;
    let mut acknowledged = Vec::new();
    for round in 0..2 {
        for number in 0..20 {
            let id = format!("{round}-{number:02}");
            write(&database, &id).await.unwrap();
            acknowledged.push(id);
        }
        let held = database.begin().await.unwrap();
        let view = database.read().await.unwrap();
        server.kill();
        assert!(held.commit().await.is_err(), "nobody is told that it was written");
        drop(view);
        assert!(matches!(write(&database, "nobody").await, Err(Error::Busy)), "people are asked to come back");
        server.start_again().unwrap();
        let began = Instant::now();
        let served = [write(&database, &format!("{round}-after")).await, ids(&database).await.map(drop)];
        assert!(served.iter().all(Result::is_ok), "{served:?}");
        assert!(began.elapsed() < Duration::from_secs(5), "it took {:?}", began.elapsed());
        acknowledged.push(format!("{round}-after"));
    }
    assert_eq!(ids(&database).await.unwrap(), acknowledged);
}

/// What a visitor wanted, when the answer came, and whether they were served.
type Visit = (Instant, String, bool);

/// Writes and reads until the moment that is told, if it is.
async fn visit(worker: usize, database: Database, until: watch::Receiver<Option<Instant>>) -> Vec<Visit> {
    let mut visits = Vec::new();
    while until.borrow().is_none_or(|until| Instant::now() < until) {
        let id = format!("{worker}-{}", visits.len());
        let served = write(&database, &id).await.is_ok() && ids(&database).await.is_ok();
        visits.push((Instant::now(), id, served));
        tokio::task::yield_now().await;
    }
    visits
}

#[tokio::test]
async fn nearly_all_requests_are_served_within_five_seconds_of_a_restart() {
    let mut server = server();
    let data = TestDatabase::on_server(&server.url("postgres"), &[STEP]).await;
    let database = data.open().await;
    let (end, until) = watch::channel(None);
    let visitors = (0..8).map(|worker| tokio::spawn(visit(worker, database.clone(), until.clone())));
    let visitors: Vec<_> = visitors.collect();
    while ids(&database).await.unwrap().len() < 50 {
        tokio::task::yield_now().await;
    }
    let restart = tokio::task::spawn_blocking(move || {
        server.kill();
        server.start_again().map(|()| server)
    });
    let _server = restart.await.unwrap().unwrap();
    let restarted = Instant::now();
    end.send_replace(Some(restarted + Duration::from_secs(5)));
    let mut visits = Vec::new();
    for visitor in visitors {
        visits.extend(visitor.await.unwrap());
    }
    let after: Vec<_> = visits.iter().filter(|(at, ..)| *at > restarted).collect();
    let served = after.iter().filter(|(.., served)| *served).count();
    assert!(after.len() > 100 && served * 100 >= after.len() * 95, "{served} of {}", after.len());
    let there = ids(&database).await.unwrap();
    let lost = visits.iter().filter(|(_, id, served)| *served && there.binary_search(id).is_err()).count();
    assert_eq!(lost, 0, "acknowledged, and not there");
}

#[tokio::test]
async fn connections_that_the_server_cuts_are_replaced() {
    let server = server();
    let data = TestDatabase::on_server(&server.url("postgres"), &[STEP]).await;
    let (database, other) = (data.open().await, data.open().await);
    write(&database, "a").await.unwrap();
    ids(&database).await.unwrap();
    let mut admin = other.begin().await.unwrap();
    let cut = "SELECT count(pg_terminate_backend(pid)) AS n FROM pg_stat_activity \
               WHERE datname = current_database() AND pid <> pg_backend_pid()";
    assert!(admin.number(cut, params![]).await.unwrap() > 1);
    drop(admin);
    let mut glance = database.glance().await.unwrap();
    assert_eq!(glance.number("SELECT count(*) AS n FROM notes", params![]).await.unwrap(), 1);
    write(&database, "b").await.unwrap();
    assert_eq!(ids(&database).await.unwrap(), ["a", "b"]);
}

#[tokio::test]
async fn programs_that_start_at_once_migrate_once() {
    let server = server();
    let data = TestDatabase::on_server(&server.url("postgres"), &[]).await;
    let starts = (0..6).map(|_| {
        let url = data.url().to_owned();
        tokio::spawn(async move { Database::open(&url).await?.migrate(&[STEP], now()).await })
    });
    let mut applied = Vec::new();
    for start in starts.collect::<Vec<_>>() {
        applied.push(start.await.unwrap().unwrap());
    }
    applied.sort_unstable();
    assert_eq!(applied, [0, 0, 0, 0, 0, 1]);
}

#[tokio::test]
async fn a_server_that_could_lose_acts_or_change_their_order_is_refused() {
    let server = server();
    let data = TestDatabase::on_server(&server.url("postgres"), &[]).await;
    let admin = data.open().await;
    for setting in ["synchronous_commit = off", "synchronous_commit = local"] {
        let mut tx = admin.begin().await.unwrap();
        tx.execute(&format!("ALTER ROLE postgres SET {setting}"), params![]).await.unwrap();
        tx.commit().await.unwrap();
        let opened = Database::open(data.url()).await;
        let refused = matches!(&opened, Err(Error::Unfit(why)) if why.contains("synchronous_commit"));
        assert_eq!(refused, setting.ends_with("off"), "{setting}");
    }
    let lax = Server::start(&["fsync=off"]).unwrap();
    assert!(matches!(Database::open(&lax.url("postgres")).await, Err(Error::Unfit(_))));

    let ordered = "CREATE DATABASE ordered TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8'";
    let latin = "CREATE DATABASE latin TEMPLATE template0 ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C'";
    for (create, name, fit) in [(ordered, "ordered", true), (latin, "latin", false)] {
        server.run(create).unwrap();
        assert_eq!(Database::open(&server.url(name)).await.is_ok(), fit, "{name}");
    }
}

#[tokio::test]
async fn a_column_added_by_a_new_version_does_not_disturb_the_old_one() {
    let server = server();
    let data = TestDatabase::on_server(&server.url("postgres"), &[STEP]).await;
    let old = data.open().await;
    write(&old, "a").await.unwrap();
    let more = Migration { name: "test/0002_more", sql: "ALTER TABLE notes ADD COLUMN more TEXT NOT NULL DEFAULT ''" };
    assert_eq!(data.open().await.migrate(&[STEP, more], now()).await.unwrap(), 1);
    write(&old, "b").await.unwrap();
    assert_eq!(ids(&old).await.unwrap(), ["a", "b"]);
}

/// A server that can be reached over the network, and its port.
fn listening() -> (Server, u16) {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    (Server::start(&["listen_addresses=127.0.0.1", &format!("port={port}")]).unwrap(), port)
}

/// A server that can encrypt, with a certificate for this name; its port, and the file of the authority that made it.
fn encrypting(name: &str) -> (Server, u16, PathBuf) {
    let (mut server, port) = listening();
    let authority_key = rcgen::KeyPair::generate().unwrap();
    let mut authority = rcgen::CertificateParams::default();
    authority.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let root = authority.self_signed(&authority_key).unwrap().pem();
    let key = rcgen::KeyPair::generate().unwrap();
    let issuer = rcgen::Issuer::new(authority, authority_key);
    let certificate = rcgen::CertificateParams::new([name.to_owned()]).unwrap().signed_by(&key, &issuer).unwrap();
    let kept = |file: &str, text: String| private_file(server.folder(), file, &text);
    let (certificate, key) = (kept("server.crt", certificate.pem()), kept("server.key", key.serialize_pem()));
    let root = kept("root.crt", root);
    for setting in [("ssl_cert_file", &certificate), ("ssl_key_file", &key)] {
        server.run(&format!("ALTER SYSTEM SET {} = '{}'", setting.0, setting.1.display())).unwrap();
    }
    server.run("ALTER SYSTEM SET ssl = on").unwrap();
    server.kill();
    server.start_again().unwrap();
    (server, port, root)
}

/// A file as PostgreSQL wants a key: its own, and for nobody else.
fn private_file(folder: &Path, name: &str, text: &str) -> PathBuf {
    let path = folder.join(name);
    fs::write(&path, text).unwrap();
    fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
    let data = fs::metadata(folder.join("data")).unwrap();
    chown(&path, Some(data.uid()), Some(data.gid())).unwrap();
    path
}

#[tokio::test]
async fn over_a_network_the_server_proves_its_name() {
    let (server, port, root) = encrypting("localhost");
    server.create("welfare").unwrap();
    let url = |host: &str, more: &str| format!("postgres://postgres@{host}:{port}/welfare?sslmode=verify-full{more}");
    let known = format!("&sslrootcert={}", root.display());
    let refused = async |url: String| match Database::open(&url).await {
        Err(Error::Unfit(why)) => why,
        other => panic!("{url}: {other:?}"),
    };
    let database = Database::open(&url("localhost", &known)).await.unwrap();
    let mut tx = database.read().await.unwrap();
    let ours = "SELECT CAST(ssl AS TEXT) AS ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
    assert_eq!(tx.row(ours, params![]).await.unwrap().unwrap().text("ssl").unwrap(), "true");
    drop(tx);
    database.close().await;
    let unknown = refused(url("localhost", "")).await;
    assert!(unknown.contains("UnknownIssuer") && unknown.contains("sslrootcert"), "{unknown}");
    let other = refused(url("127.0.0.1", &known)).await;
    assert!(other.contains("not valid for name"), "{other}");
    let (plain, port) = listening();
    plain.create("welfare").unwrap();
    let open = refused(format!("postgres://postgres@localhost:{port}/welfare?sslmode=verify-full{known}")).await;
    assert!(open.contains("ssl=on"), "{open}");
}
