use std::{
    path::Path,
    process::{Command, ExitCode},
};

use anyhow::Context;
use base::Clock;
use catalogue::{Declared, Offer};
use identity::{Finding, Standing};

use crate::{
    arguments::Serve, house::page_settings, machine::SystemClock, settings::Settings, staff_places, terminal::say, told,
};

/// `sportello identity check`.
pub fn check(serve: &Serve) -> anyhow::Result<ExitCode> {
    let findings = examine(serve)?;
    for finding in &findings {
        let mark = match finding.standing {
            Standing::Good => '✓',
            Standing::Warning => '!',
            Standing::Missing => '✗',
        };
        say(format!("{mark} {}", finding.text));
    }
    let missing = findings.iter().filter(|finding| finding.standing == Standing::Missing).count();
    say(match missing {
        0 => "Pronto: puoi consegnare i metadata alla federazione.".to_owned(),
        1 => "Manca una cosa.".to_owned(),
        many => format!("Mancano {many} cose."),
    });
    Ok(if missing == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn examine(serve: &Serve) -> anyhow::Result<Vec<Finding>> {
    let settings = Settings::serve(serve)?;
    let declared = settings.identity.clone().with_context(|| {
        format!(
            "manca il file su SPID e CIE: scrivi {}, oppure indica identity = \"…\" nella configurazione (un esempio è \
             deploy/identity.toml)",
            settings.data.join("identity.toml").display()
        )
    })?;
    let mut services = services(&declared, &settings.root)?;
    if !declared.staff_places().is_empty() {
        let offer = Offer::read(&folders(&settings.root)?);
        services.extend(
            staff_places::unknown(&declared, &offer).into_iter().map(|told| Finding::new(Standing::Missing, told)),
        );
    }
    let pages = page_settings(&settings);
    let mut findings = identity::examine(declared, &settings.data.join("keys"), &pages, SystemClock.now())?;
    findings.extend(services);
    findings.push(clock());
    Ok(findings)
}

/// Attribute sets speak of services; which there are, the catalogue knows.
fn services(declared: &identity::Declared, root: &Path) -> anyhow::Result<Vec<Finding>> {
    let named = declared.services();
    if named.is_empty() {
        return Ok(Vec::new());
    }
    let offer = Offer::read(&folders(root)?);
    let unknown = named.into_iter().filter(|name| !offer.services.contains_key(*name));
    let told = |name: &str| format!("un gruppo di attributi nomina il servizio «{name}», che non c’è in services/");
    Ok(unknown.map(|name| Finding::new(Standing::Missing, told(name))).collect())
}

fn folders(root: &Path) -> anyhow::Result<Declared> {
    Declared::read(root).map_err(|error| told::folders_unreadable(root, &error))
}

/// Answers carry instants: with a clock that is some minutes off, every login fails.
fn clock() -> Finding {
    let asked = Command::new("timedatectl").args(["show", "--property=NTPSynchronized", "--value"]).output();
    match asked.ok().filter(|answer| answer.status.success()).map(|answer| answer.stdout) {
        Some(answer) if answer.trim_ascii() == b"yes" => Finding::new(Standing::Good, "orologio: sincronizzato"),
        Some(_) => Finding::new(
            Standing::Missing,
            "orologio: non è sincronizzato. Attiva NTP (timedatectl set-ntp true): con l’ora sbagliata ogni accesso è rifiutato",
        ),
        None => Finding::new(
            Standing::Warning,
            "orologio: non posso sapere se è sincronizzato. Controlla che la macchina usi NTP: con l’ora sbagliata ogni accesso è rifiutato",
        ),
    }
}
