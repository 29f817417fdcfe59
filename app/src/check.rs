use std::{path::Path, process::ExitCode};

use anyhow::Context;
use catalogue::{Declared, Offer};

use crate::{house, terminal::say};

/// `sportello check`: the folders, their examples, and every letter composed on invented cases.
pub fn run(root: &Path) -> anyhow::Result<ExitCode> {
    house::calendar(root)?;
    let unread = || format!("cannot read the folders below {}", root.display());
    let mut report = catalogue::check(root).with_context(unread)?;
    let offer = Offer::read(&Declared::read(root).with_context(unread)?);
    for checked in &mut report.services {
        let service = offer.services.get(&checked.slug);
        let Some((service, office)) = service.and_then(|one| Some((one, offer.offices.get(&one.office)?))) else {
            continue;
        };
        checked.failures.extend(letters::check(service, office));
    }
    say(report.to_string());
    Ok(ExitCode::from(report.exit_status()))
}
