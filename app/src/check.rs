use std::{path::Path, process::ExitCode};

use anyhow::Context;

use crate::{house, terminal::say};

/// `sportello check`.
pub fn run(root: &Path) -> anyhow::Result<ExitCode> {
    house::calendar(root)?;
    let report = catalogue::check(root).with_context(|| format!("cannot read the folders below {}", root.display()))?;
    say(report.to_string());
    Ok(ExitCode::from(report.exit_status()))
}
