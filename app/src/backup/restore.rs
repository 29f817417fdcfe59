//! `sportello restore`: nothing is put in place before it is proved.

use std::{
    fs::{self, DirBuilder},
    io::ErrorKind,
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
    process::ExitCode,
    time::Instant,
};

use anyhow::{Context, anyhow, bail};
use base::{Clock, Language};
use database::{Database, Transfer, Tx};
use identity::Certificate;
use proofs::{Checkpoint, VerifierKey};

use super::{beside, clear_away, facts, file, manifest::Manifest, signer};
use crate::{
    arguments::Restore,
    house::migrations,
    machine::SystemClock,
    settings::database,
    terminal::{clear, counted, say, seconds},
    told::{self, not_transferred, without_password},
};

/// `sportello restore`.
pub async fn run(restore: Restore) -> anyhow::Result<ExitCode> {
    let (began, url) = (Instant::now(), database(&restore.place));
    let (key, published) = trusted(&restore)?;
    let note = file::note(&restore.from)?;
    let manifest = Manifest::open(&note, &key)?;
    manifest.said().into_iter().for_each(say);
    let target = Target::of(&url)?;
    if let (Target::File(path), false) = (&target, restore.check) {
        file::refuse_taken(path)?;
    }
    let part = target.part(&restore);
    let folder = part.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let made = DirBuilder::new().recursive(true).mode(0o700).create(folder);
    made.map_err(|error| told::unwritable(&part, &error))?;
    clear_away(&part)?;
    let outcome = async {
        file::extract(&restore.from, &manifest, &note, &part)?;
        say("✓ I byte della copia sono quelli che furono sigillati.");
        prove(&part, &manifest, &Trust { restore: &restore, key, published }).await?;
        if restore.check { Ok(()) } else { put_in_place(&part, &target).await }
    };
    let outcome = outcome.await;
    clear_away(&part)?;
    outcome?;
    let took = seconds(began.elapsed());
    if restore.check {
        say(format!("✓ La copia è integra e si può ripristinare ({took}). Nulla è stato scritto."));
    } else {
        say(format!(
            "✓ Ripristinato in {} ({took}). Controlla che le chiavi siano in keys/, poi avvia.",
            without_password(&url)
        ));
    }
    Ok(ExitCode::SUCCESS)
}

/// Where the book goes.
enum Target {
    File(PathBuf),
    Server(String),
}

impl Target {
    fn of(url: &str) -> anyhow::Result<Self> {
        match url.split_once(':') {
            Some(("sqlite", path)) => Ok(Self::File(PathBuf::from(path.trim_start_matches("//")))),
            Some(("postgres" | "postgresql", _)) => Ok(Self::Server(url.to_owned())),
            _ => bail!("--database {url} non è un database: sqlite:FILE o postgres://…"),
        }
    }

    /// Where the book lies until it is proved: on the disk on which it will be; beside the copy, if it is only checked,
    /// because the other disk may be that of the book that serves.
    fn part(&self, restore: &Restore) -> PathBuf {
        match self {
            _ if restore.check => beside(&restore.from, &format!("{}.check", std::process::id())),
            Self::File(path) => beside(path, "part"),
            Self::Server(_) => restore.place.data.join("restore.part"),
        }
    }
}

/// What the copy is held against.
struct Trust<'a> {
    restore: &'a Restore,
    key: VerifierKey,
    published: Option<Checkpoint>,
}

fn trusted(restore: &Restore) -> anyhow::Result<(VerifierKey, Option<Checkpoint>)> {
    let key = match &restore.key {
        Some(text) => VerifierKey::parse(text).map_err(|_| anyhow!("--key non è la chiave di un registro"))?,
        None => signer(&restore.place.data.join("keys").join(notary::key::FILE))
            .context("senza la chiave del registro nulla è provato: rimetti prima le chiavi, oppure indica --key")?
            .verifier()
            .clone(),
    };
    let Some(path) = &restore.published else { return Ok((key, None)) };
    let note = fs::read_to_string(path).map_err(|error| told::unreadable(path, &error))?;
    let wrong = || format!("{} non è un punto di controllo firmato dal registro «{}»", path.display(), key.name());
    let published = Checkpoint::open(&note, std::slice::from_ref(&key)).with_context(wrong)?;
    Ok((key, Some(published)))
}

async fn prove(part: &Path, manifest: &Manifest, trust: &Trust<'_>) -> anyhow::Result<()> {
    let url = format!("sqlite:{}", part.display());
    let database = Database::open(&url).await.map_err(|error| told::unusable(&url, &error))?;
    let proved = prove_book(&mut database.read().await?, manifest, trust).await;
    database.close().await;
    proved
}

async fn prove_book(tx: &mut Tx, manifest: &Manifest, trust: &Trust<'_>) -> anyhow::Result<()> {
    manifest.compare(&facts::of(tx).await?)?;
    say("✓ Atti, registro e ogni tabella sono quelli della copia, riga per riga.");
    let mut faults = notary::audit(tx, &trust.key, Language::Italian).await?;
    if let Some(seal) = seal(trust.restore)? {
        faults.extend(protocol::audit_days(tx, &seal, Language::Italian).await?);
    }
    if !faults.is_empty() {
        bail!("registro e libro degli atti non concordano:\n  {}", faults.join("\n  "));
    }
    say("✓ Il registro, ricalcolato dagli atti, è quello firmato: ogni punto di controllo concorda.");
    hold_against_published(tx, trust).await
}

/// The certificate with which daily registers are sealed; `None`, and said so, where nobody named one and none is there.
fn seal(restore: &Restore) -> anyhow::Result<Option<Certificate>> {
    let path = restore.seal.clone().unwrap_or_else(|| restore.place.data.join("keys/seal.crt"));
    match fs::read_to_string(&path) {
        Ok(pem) => {
            let seal = Certificate::from_pem(&pem);
            seal.map(Some).map_err(|_| anyhow!("{} non è un certificato (PEM)", path.display()))
        }
        Err(error) if error.kind() == ErrorKind::NotFound && restore.seal.is_none() => {
            say(format!("· I registri giornalieri non sono provati: manca {} (--seal)", path.display()));
            Ok(None)
        }
        Err(error) => Err(told::unreadable(&path, &error)),
    }
}

/// The log that was restored must be the one that was told to the world, or a later state of it.
async fn hold_against_published(tx: &mut Tx, trust: &Trust<'_>) -> anyhow::Result<()> {
    let Some(published) = &trust.published else {
        say("· Non è confrontato con il punto di controllo pubblicato: indicalo con --published.");
        return Ok(());
    };
    let acts = u64::try_from(acts::count(tx).await?).unwrap_or(0);
    if acts < published.size {
        let lost = published.size - acts;
        if !trust.restore.accept_loss {
            bail!(
                "il punto di controllo pubblicato conta {} atti, la copia {acts}: ne mancano {lost}, con ricevute già \
                 date. Cerca una copia più recente; solo se non c’è, ripeti con --accept-loss",
                published.size
            );
        }
        say(format!("! Accettata la perdita di {lost} atti: chi ne ha la ricevuta va cercato (docs/operations)."));
        return Ok(());
    }
    if notary::root_of_book(tx, published.size).await? != Some(published.root) {
        bail!("il registro della copia non è quello pubblicato: con {} atti la radice è un’altra", published.size);
    }
    say(format!("✓ Il punto di controllo pubblicato ({} atti) è quello del libro ripristinato.", published.size));
    Ok(())
}

async fn put_in_place(part: &Path, target: &Target) -> anyhow::Result<()> {
    match target {
        Target::File(path) => {
            file::refuse_taken(path)?;
            let unwritable = |error| told::unwritable(path, &error);
            fs::rename(part, path).map_err(unwritable)?;
            database::sync_name(path).map_err(unwritable)
        }
        Target::Server(url) => into_server(part, url).await,
    }
}

/// A copy of an older version takes the steps that it lacks on the way.
async fn into_server(part: &Path, url: &str) -> anyhow::Result<()> {
    let (from, now) = (format!("sqlite:{}", part.display()), SystemClock.now());
    let book = Database::open(&from).await.map_err(|error| told::unusable(&from, &error))?;
    let migrated = book.migrate(&migrations(), now).await;
    book.close().await;
    migrated.map_err(|error| told::unusable(&from, &error))?;
    let sides = format!("dalla copia a {}", without_password(url));
    let failed = |error| not_transferred(&sides, &error);
    let mut transfer = Transfer::begin(&from, url, &migrations(), now).await.map_err(failed)?;
    transfer.copy(counted).await.map_err(failed)?;
    clear();
    if let Some(table) = transfer.compare().await.map_err(failed)?.into_iter().find(|table| !table.equal()) {
        bail!("la tabella {} non è arrivata uguale: la destinazione resta inutilizzabile", table.table);
    }
    say("✓ Riletto dal server: ogni tabella è uguale.");
    transfer.finish(url, now).await.map_err(failed)
}
