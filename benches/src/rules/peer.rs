//! The same rules for `openfisca-core`, run in its own environment on the same households.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, ensure};
use rules::columns::{Plan, Worker};

use crate::{Options, clock, households::Households, law};

/// The peer's version: figures of another one are other figures.
const PEER: &str = "openfisca-core==46.0.1";

/// Runs the peer and the plan on the same households, many at once and few, and compares every amount.
pub fn compare(options: &Options, plan: &Plan<'_>) -> anyhow::Result<()> {
    let environment = match &options.environment {
        Some(environment) => environment.clone(),
        None => crate::cache()?.join("openfisca"),
    };
    let python = install(&environment)?;
    println!("\n| households at once | {PEER}, households a processor second | the plan | times |\n|---|---|---|---|");
    for count in [options.peer_households, 10_000, 100, 1] {
        let households = Households::drawn(2, count);
        let batch = households.batch()?;
        let folder = tempfile::tempdir()?;
        write_columns(folder.path(), &households)?;
        let theirs = peer_seconds(options, &python, folder.path())?;
        let mut worker = Worker::default();
        let outcomes = plan.run(&batch, &mut worker)?;
        let amounts = fs::read(folder.path().join("importo"))?;
        ensure!(amounts.len() == 4 * batch.len(), "the peer gave {} bytes", amounts.len());
        for (row, bytes) in amounts.chunks_exact(4).enumerate() {
            let amount = i32::from_le_bytes(bytes.try_into()?);
            let ours = outcomes.decision(row)?.1;
            ensure!(ours == Some(law::cents(amount.into())), "household {row}: {ours:?}, the peer {amount} cents");
        }
        let rounds = (100_000 / count).max(1);
        let mut times = Vec::new();
        for _ in 0..options.times {
            times.push(clock::spent(|| (0..rounds).try_for_each(|_| plan.run(&batch, &mut worker).map(|_| ())))?);
        }
        let ours = clock::median(&mut times) / rounds as f64;
        let rate = |seconds: f64| count as f64 / seconds;
        println!("| {count} | {:.0} | {:.0} | {:.1} |", rate(theirs), rate(ours), theirs / ours);
    }
    Ok(())
}

/// Processor seconds of the peer for the households in a folder; it leaves its amounts there.
fn peer_seconds(options: &Options, python: &Path, folder: &Path) -> anyhow::Result<f64> {
    let table = options.root.join(law::FOLDER).join("tabelle/importi.csv");
    let script = options.root.join("benches/src/rules/openfisca_law.py");
    let mut command = Command::new(python);
    command.arg(script).arg(folder).arg(table).arg(options.times.to_string());
    // One processor for both.
    command.env("OMP_NUM_THREADS", "1").env("OPENBLAS_NUM_THREADS", "1").env("NUMEXPR_NUM_THREADS", "1");
    let output = command.output().context("the peer did not start")?;
    ensure!(output.status.success(), "the peer failed:\n{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout)?.trim().parse().context("the peer's processor seconds")
}

fn install(environment: &Path) -> anyhow::Result<PathBuf> {
    let python = environment.join("bin/python");
    let mark = environment.join(PEER);
    if !mark.exists() {
        run(Command::new("python3").args(["-m", "venv"]).arg(environment))?;
        run(Command::new(&python).args(["-m", "pip", "install", "--quiet", PEER]))?;
        fs::write(mark, "")?;
    }
    Ok(python)
}

fn run(command: &mut Command) -> anyhow::Result<()> {
    let output = command.output()?;
    ensure!(output.status.success(), "{command:?}:\n{}", String::from_utf8_lossy(&output.stderr));
    Ok(())
}

/// One file for each column, of little-endian integers.
fn write_columns(folder: &Path, all: &Households) -> anyhow::Result<()> {
    let write = |name: &str, bytes: Vec<u8>| fs::write(folder.join(name), bytes).with_context(|| name.to_owned());
    let truth = |values: &[u8]| values.to_vec();
    let long = |values: &[i64]| values.iter().flat_map(|value| value.to_le_bytes()).collect::<Vec<u8>>();
    let int = |values: &[i32]| values.iter().flat_map(|value| value.to_le_bytes()).collect::<Vec<u8>>();
    let code = |values: &[u32]| values.iter().flat_map(|value| value.to_le_bytes()).collect::<Vec<u8>>();
    write("isee", long(&all.isee))?;
    write("isee_presentato_il", int(&all.presented))?;
    write("cittadinanza_o_soggiorno", truth(&all.citizenship))?;
    write("residente_in_italia", truth(&all.residence))?;
    write("imposta_in_italia", truth(&all.tax))?;
    write("entrambi_lavorano", truth(&all.both_work))?;
    write("genitore_vedovo_lavoratore", truth(&all.widowed))?;
    write("madre_nata_il", int(&all.mother_born))?;
    write("quota_richiesta", code(&all.share))?;
    write("offsets", code(&all.offsets))?;
    write("data_nascita", int(&all.born))?;
    write("disabilita", code(&all.disability))?;
    write("a_carico", truth(&all.dependent))?;
    write("studia_o_si_forma", truth(&all.studies))?;
    write("reddito_annuo", long(&all.income))?;
    write("in_cerca_di_lavoro", truth(&all.seeks_work))?;
    write("servizio_civile", truth(&all.civil_service))
}
