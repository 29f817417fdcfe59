use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context, anyhow};
use base::Language;
use database::Database;
use proofs::{SignerKey, VerifierKey};

use crate::{
    arguments::Verify,
    settings::{database, refuse_absent},
    terminal::say,
    told,
};

/// `sportello verify`.
pub async fn run(verify: Verify) -> anyhow::Result<ExitCode> {
    if verify.book {
        return book(&verify).await;
    }
    let mut worst = 0;
    for path in &verify.files {
        if verify.files.len() > 1 {
            say(format!("{}:", path.display()));
        }
        // 1, a wrong one, weighs more than 2, one whose key is not trusted.
        worst = match (worst, file(&verify, path)?) {
            (1, _) | (_, 1) => 1,
            (before, code) => before.max(code),
        };
    }
    Ok(ExitCode::from(worst))
}

/// The exit code of one file.
fn file(verify: &Verify, path: &Path) -> anyhow::Result<u8> {
    let bytes = fs::read(path).map_err(|error| told::unreadable(path, &error))?;
    if retention::is_certificate(&bytes) {
        return sealed(verify, &bytes, retention::verify);
    }
    if protocol::is_sealed_file(&bytes) {
        return sealed(verify, &bytes, protocol::verify_file);
    }
    let report = notary::verify_file(&bytes, trusted_key(verify)?.as_ref(), language(verify));
    say(&report.text);
    Ok(report.outcome.exit_code())
}

/// A segnatura or a daily register of the protocol, or the certificate of a destruction.
fn sealed(
    verify: &Verify,
    bytes: &[u8],
    check: fn(&[u8], &identity::Certificate, Language) -> protocol::Checked,
) -> anyhow::Result<u8> {
    let checked = check(bytes, &seal(verify)?, language(verify));
    say(&checked.text);
    Ok(u8::from(!checked.sound))
}

/// The certificate of the seal that was passed, or that of the data folder.
fn seal(verify: &Verify) -> anyhow::Result<identity::Certificate> {
    let path = verify.seal.clone().unwrap_or_else(|| verify.place.data.join("keys/seal.crt"));
    let pem = fs::read_to_string(&path).map_err(|error| told::unreadable(&path, &error))?;
    identity::Certificate::from_pem(&pem)
        .with_context(|| format!("{} non è un certificato: indica quello del sigillo con --seal", path.display()))
}

fn language(verify: &Verify) -> Language {
    Language::from_tag(&verify.language).unwrap_or_default()
}

async fn book(verify: &Verify) -> anyhow::Result<ExitCode> {
    let url = database(&verify.place);
    refuse_absent(&verify.place)?;
    let database = Database::open(&url).await.map_err(|error| told::unusable(&url, &error))?;
    database.refuse_unfinished().await.map_err(|error| told::unusable(&url, &error))?;
    let mut tx = database.read().await?;
    let key = log_key(verify)?;
    let mut faults = notary::audit(&mut tx, &key, language(verify)).await?;
    if protocol::has_days(&mut tx).await? {
        faults.extend(protocol::audit_days(&mut tx, &seal(verify)?, language(verify)).await?);
    }
    if faults.is_empty() {
        say("Il registro e il libro degli atti concordano.");
        if let erased @ 1.. = acts::erased(&mut tx).await? {
            say(format!(
                "Di {erased} atti il contenuto è stato distrutto a fine conservazione: impronte e prove restano."
            ));
        }
        return Ok(ExitCode::SUCCESS);
    }
    for fault in &faults {
        say(format!("✗ {fault}"));
    }
    Ok(ExitCode::FAILURE)
}

/// The key that was passed, or that of the data folder.
fn log_key(verify: &Verify) -> anyhow::Result<VerifierKey> {
    let absent = || format!("{} non esiste: indica --data CARTELLA oppure --key CHIAVE", key_file(verify).display());
    trusted_key(verify)?.with_context(absent)
}

/// The key that was passed, or that of the data folder, if there is one.
fn trusted_key(verify: &Verify) -> anyhow::Result<Option<VerifierKey>> {
    if let Some(text) = &verify.key {
        return VerifierKey::parse(text)
            .map(Some)
            .map_err(|_| anyhow!("--key non è la chiave di un registro: copiala da /registro/chiave dell’ufficio"));
    }
    let path = key_file(verify);
    if !path.exists() {
        return Ok(None);
    }
    let secret = fs::read_to_string(&path).map_err(|error| told::unreadable(&path, &error))?;
    let key = SignerKey::parse(secret.trim_end()).map_err(|_| {
        anyhow!("{} non è la chiave di un registro: ripristinala dalla copia di sicurezza", path.display())
    })?;
    Ok(Some(key.verifier().clone()))
}

fn key_file(verify: &Verify) -> PathBuf {
    verify.place.data.join("keys").join(notary::key::FILE)
}
