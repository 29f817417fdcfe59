use std::{fs, process::ExitCode};

use anyhow::{Context, bail};
use base::Language;
use database::Database;
use proofs::{SignerKey, VerifierKey};

use crate::{arguments::Verify, settings::database, terminal::say};

/// `sportello verify`.
pub async fn run(verify: Verify) -> anyhow::Result<ExitCode> {
    if verify.book {
        return book(&verify).await;
    }
    let Some(file) = &verify.file else { bail!("name the file of a receipt") };
    let bytes = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    let trusted = verify.key.as_deref().map(VerifierKey::parse).transpose().context("--key is not a log's key")?;
    let language = Language::from_tag(&verify.language).unwrap_or_default();
    let report = notary::verify_file(&bytes, trusted.as_ref(), language);
    say(&report.text);
    Ok(ExitCode::from(report.outcome.exit_code()))
}

async fn book(verify: &Verify) -> anyhow::Result<ExitCode> {
    let database = Database::open(&database(&verify.place)).await?;
    let mut tx = database.read().await?;
    let key = log_key(verify)?;
    let faults = notary::audit(&mut tx, &key, Language::from_tag(&verify.language).unwrap_or_default()).await?;
    if faults.is_empty() {
        say("Il registro e il libro degli atti concordano.");
        return Ok(ExitCode::SUCCESS);
    }
    for fault in &faults {
        say(format!("✗ {fault}"));
    }
    Ok(ExitCode::FAILURE)
}

/// The key that was passed, or that of the data folder.
fn log_key(verify: &Verify) -> anyhow::Result<VerifierKey> {
    if let Some(text) = &verify.key {
        return VerifierKey::parse(text).context("--key is not a log's key");
    }
    let path = verify.place.data.join("keys").join(notary::key::FILE);
    let secret = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(SignerKey::parse(secret.trim_end())?.verifier().clone())
}
