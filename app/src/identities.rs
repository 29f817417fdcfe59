//! `sportello identity …`: the federations, and digital identities of people that somebody disputes.

use std::process::ExitCode;

use anyhow::ensure;
use base::{Clock, Language, Timestamp, long_timestamp};
use database::Database;
use identity::{DigitalIdentity, SaidBy, Verdict};

use crate::{
    arguments::{IdentityAbout, IdentityCommand, Person, Place, Whose},
    house::migrations,
    identity_check,
    machine::SystemClock,
    settings::{database, refuse_absent},
    terminal::say,
    told,
};

/// Does what was asked.
pub async fn run(about: IdentityAbout) -> anyhow::Result<ExitCode> {
    match about.command {
        IdentityCommand::Check(serve) => identity_check::check(&serve),
        IdentityCommand::List(person) => {
            let database = open(&person.place).await?;
            let outcome = list(&database, &person).await;
            database.close().await;
            outcome.map(|()| ExitCode::SUCCESS)
        }
        IdentityCommand::Settle { person, number, whose } => {
            let database = open(&person.place).await?;
            let outcome = settle(&database, &person, number, whose).await;
            database.close().await;
            outcome.map(|()| ExitCode::SUCCESS)
        }
    }
}

async fn open(place: &Place) -> anyhow::Result<Database> {
    refuse_absent(place)?;
    let url = database(place);
    let unusable = |error| told::unusable(&url, &error);
    let database = Database::open(&url).await.map_err(unusable)?;
    database.migrate(&migrations(), SystemClock.now()).await.map_err(unusable)?;
    Ok(database)
}

async fn list(database: &Database, person: &Person) -> anyhow::Result<()> {
    let known = identity::identities_of(&mut database.read().await?, &person.fiscal_code).await?;
    ensure!(!known.is_empty(), "{} non è mai entrato", person.fiscal_code);
    for (place, one) in known.iter().enumerate() {
        say(line(place + 1, one));
    }
    Ok(())
}

/// `1  https://…  primo accesso …, ultimo …  è sua (lo dice l’ufficio)`.
fn line(number: usize, one: &DigitalIdentity) -> String {
    let moment = |at: Timestamp| long_timestamp(at, Language::Italian);
    let last = one.last_login_at.map_or_else(|| "?".to_owned(), moment);
    let standing = match one.verdict {
        None => "nessuno ha detto di chi è".to_owned(),
        Some((verdict, by)) => {
            let whose = if verdict == Verdict::Own { "è sua" } else { "è di un estraneo: non entra più" };
            let by = if by == SaidBy::Office { "l’ufficio" } else { "la persona" };
            format!("{whose} (lo dice {by})")
        }
    };
    let provider = &one.provider;
    format!("{number}  {provider}  primo accesso {}, ultimo {last}  {standing}", moment(one.first_login_at))
}

async fn settle(database: &Database, person: &Person, number: usize, whose: Whose) -> anyhow::Result<()> {
    let verdict = match whose {
        Whose::Own => Verdict::Own,
        Whose::Stranger => Verdict::Stranger,
    };
    let mut tx = database.begin().await?;
    let place = number.checked_sub(1);
    let done = match place {
        Some(place) => {
            identity::settle_identity(&mut tx, &person.fiscal_code, place, verdict, SystemClock.now()).await?
        }
        None => false,
    };
    ensure!(done, "l’identità n. {number} non c’è: vedi «sportello identity list {}»", person.fiscal_code);
    tx.commit().await?;
    list(database, person).await
}
