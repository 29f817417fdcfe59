//! `sportello officer`: the accounts with which officials come in.

use std::process::ExitCode;

use anyhow::{bail, ensure};
use base::{Chance, Clock, Language, long_timestamp};
use catalogue::{Declared, Offer};
use database::Database;
use identity::{Account, NewStaff};

use crate::{
    arguments::{NewOfficer, OfficerAbout, OfficerCommand, Place},
    house::migrations,
    machine::{SystemChance, SystemClock},
    settings::{database, refuse_absent},
    terminal::say,
    told,
};

/// Does what was asked on an open book, and closes it.
pub async fn run(about: OfficerAbout) -> anyhow::Result<ExitCode> {
    let url = database(&about.place);
    if !matches!(about.command, OfficerCommand::Add(_)) {
        refuse_absent(&about.place)?;
    }
    let unusable = |error| told::unusable(&url, &error);
    let database = Database::open(&url).await.map_err(unusable)?;
    database.migrate(&migrations(), SystemClock.now()).await.map_err(unusable)?;
    let outcome = obey(&database, &about.place, about.command).await;
    database.close().await;
    outcome.map(|()| ExitCode::SUCCESS)
}

async fn obey(database: &Database, place: &Place, command: OfficerCommand) -> anyhow::Result<()> {
    match command {
        OfficerCommand::Add(new) => add(database, place, new).await,
        OfficerCommand::List => list(database).await,
        OfficerCommand::Disable { id } => {
            let mut tx = database.begin().await?;
            ensure!(identity::disable_staff(&mut tx, &id).await?, "«{id}» non c’è, o è già disattivato");
            tx.commit().await?;
            say(format!("«{id}» è disattivato: non può più entrare, e quello che aveva aperto è chiuso."));
            Ok(())
        }
        OfficerCommand::HandOver { id, subject } => hand_over(database, place, &id, subject).await,
        OfficerCommand::FiscalCode { id, code } => {
            let mut tx = database.begin().await?;
            ensure!(identity::note_fiscal_code(&mut tx, &id, code.as_ref()).await?, ABSENT.replace("{id}", &id));
            tx.commit().await?;
            say(match code {
                Some(code) => format!("«{id}» non tratterà le pratiche di {code}."),
                None => format!("Il codice fiscale di «{id}» non è più annotato."),
            });
            Ok(())
        }
        OfficerCommand::ResetSecondFactor { id } => {
            let mut tx = database.begin().await?;
            ensure!(identity::reset_second_factor(&mut tx, &id).await?, ABSENT.replace("{id}", &id));
            tx.commit().await?;
            say(format!(
                "«{id}» non ha più app, passkey e codici di recupero: al prossimo accesso ne attiva di nuovi."
            ));
            Ok(())
        }
    }
}

const ABSENT: &str = "«{id}» non c’è: vedi «sportello officer list»";

async fn hand_over(database: &Database, place: &Place, id: &str, subject: Option<String>) -> anyhow::Result<()> {
    let file = place.data.join("identity.toml");
    let issuer = identity::Declared::read(&file)?.staff_issuer().map(str::to_owned);
    let Some(issuer) = issuer else {
        bail!("{} non ha la sezione [staff]: non c’è a chi affidare «{id}»", file.display())
    };
    let subject = subject.map(|subject| format!("{issuer} {subject}"));
    let mut tx = database.begin().await?;
    ensure!(identity::hand_over(&mut tx, id, subject.as_deref()).await?, ABSENT.replace("{id}", id));
    tx.commit().await?;
    say(format!("«{id}» è affidato a {issuer}: la password di qui non vale più, e quello che era aperto è chiuso."));
    say(
        "Se del suo codice fiscale era annotato qualcosa, è dimenticato: annotalo di nuovo con «sportello officer fiscal-code».",
    );
    Ok(())
}

async fn add(database: &Database, place: &Place, new: NewOfficer) -> anyhow::Result<()> {
    let declared = Declared::read(&place.root).map_err(|error| told::folders_unreadable(&place.root, &error))?;
    let offer = Offer::read(&declared);
    let listed = |known: Vec<&str>| known.join(", ");
    if !offer.offices.contains_key(&new.office) {
        let known = listed(offer.offices.keys().map(String::as_str).collect());
        bail!("l’ufficio «{}» non c’è: in content/offices.toml ci sono {known}", new.office);
    }
    let roles = &offer.policy.roles;
    if let Some(unknown) = new.roles.iter().find(|role| !roles.contains_key(*role)) {
        let known = listed(roles.keys().map(String::as_str).collect());
        bail!("l’incarico «{unknown}» non c’è: in content/roles.toml ci sono {known}");
    }
    let mut tx = database.begin().await?;
    let there = identity::accounts(&mut tx).await?.into_iter().any(|one| one.officer.id == new.id && !one.disabled);
    ensure!(!there, "«{}» c’è già: per rifarlo disattivalo prima", new.id);
    let password = hex::encode((&SystemChance as &dyn Chance).bytes::<10>());
    let NewOfficer { id, name, office, roles } = new;
    let staff = NewStaff { id: id.clone(), name, office, roles, password: password.clone() };
    identity::create_staff(&mut tx, &SystemChance, SystemClock.now(), staff).await?;
    tx.commit().await?;
    say(format!("«{id}» può entrare da /ufficio/accesso con questa password, che vedi solo adesso:\n\n  {password}\n"));
    say("La cambia da «Il mio accesso». Fuori dalle dimostrazioni, al primo accesso attiva anche una seconda prova.");
    Ok(())
}

async fn list(database: &Database) -> anyhow::Result<()> {
    let accounts = identity::accounts(&mut database.read().await?).await?;
    accounts.iter().for_each(|account| say(line(account)));
    say(format!("{} utenti.", accounts.len()));
    Ok(())
}

/// `anna.ferri  Anna Ferri  famiglia  operator, head  seconda prova  ultimo accesso …`.
fn line(account: &Account) -> String {
    let officer = &account.officer;
    let last = account.last_login_at.map(|at| long_timestamp(at, Language::Italian));
    let parts = [
        officer.id.clone(),
        officer.name.clone(),
        officer.office.clone(),
        officer.roles.join(", "),
        if account.elsewhere { "entra dal sistema dell’ente".to_owned() } else { String::new() },
        if account.second { "seconda prova attiva" } else { "senza seconda prova" }.to_owned(),
        last.map_or_else(|| "mai entrato".to_owned(), |last| format!("ultimo accesso {last}")),
        if account.disabled { "DISATTIVATO".to_owned() } else { String::new() },
    ];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}
