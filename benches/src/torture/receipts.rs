//! What people do with their receipts: open the page, fetch the proof, check it.

use std::{fs, path::Path, time::Duration};

use anyhow::{Context, ensure};

use super::{ledger::Receipt, load::shown_number, machine::Machine};
use crate::client::Client;

/// How many proofs one command checks.
const TOGETHER: usize = 200;

/// Opens the page of each receipt, fetches its proof and has `sportello verify` judge it by the key that the office
/// published at the beginning.
pub fn faults(machine: &Machine, host: &str, key: &str, receipts: &[(&Receipt, &str)]) -> anyhow::Result<Vec<String>> {
    let mut client = Client::new(host).patient_for(Duration::from_secs(20));
    let mut faults = Vec::new();
    for some in receipts.chunks(TOGETHER) {
        let folder = machine.scratch("proofs")?;
        let mut files = Vec::new();
        for (receipt, cookie) in some {
            match fetch(&mut client, receipt, cookie, &folder) {
                Ok(file) => files.push(file),
                Err(error) => faults.push(format!("the receipt of case {}: {error:#}", receipt.case)),
            }
        }
        if files.is_empty() {
            continue;
        }
        let mut arguments = vec!["verify", "--key", key];
        arguments.extend(files.iter().map(String::as_str));
        if let Err(said) = machine.run(&arguments)? {
            faults.push(format!("sportello verify refuses a receipt: {said}"));
        }
    }
    Ok(faults)
}

fn fetch(client: &mut Client, receipt: &Receipt, cookie: &str, folder: &Path) -> anyhow::Result<String> {
    let page = client.get(&format!("/pratiche/{}/ricevuta", receipt.case), cookie)?;
    ensure!(page.status == 200, "its page answers {} {}", page.status, page.location);
    let shown = shown_number(&page.body).context("its page shows no number")?;
    ensure!(receipt.shown.is_none_or(|before| before == shown), "number {:?} is now {shown}", receipt.shown);
    let proof = client.get(&format!("/pratiche/{}/prova/1", receipt.case), cookie)?;
    ensure!(proof.status == 200, "its proof answers {}", proof.status);
    let file = folder.join(format!("{}.json", receipt.case));
    fs::write(&file, proof.body)?;
    Ok(file.display().to_string())
}

/// The key by which the office lets its receipts be checked.
pub fn published_key(host: &str) -> anyhow::Result<String> {
    let page = Client::new(host).get("/registro/chiave", "")?;
    ensure!(page.status == 200, "the key answers {}", page.status);
    Ok(page.body.trim_end().to_owned())
}
