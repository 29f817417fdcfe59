use std::{path::Path, process::ExitCode};

use catalogue::{Declared, Offer};

use crate::{house, terminal::say, told};

/// `sportello check`: the folders, their examples, and every letter composed on invented cases.
pub fn run(root: &Path) -> anyhow::Result<ExitCode> {
    house::calendar(root)?;
    let declared = Declared::read(root).map_err(|error| told::folders_unreadable(root, &error))?;
    let mut report = catalogue::check(&declared);
    let offer = Offer::read(&declared);
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
