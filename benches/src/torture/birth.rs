//! The power goes while the house is started for the first time: keys and tables are being made.

use std::{fs, thread, time::Duration};

use anyhow::{Context, ensure};

use super::{
    campaign::Campaign,
    disk::{Disk, Names},
    faults::Engine,
    journal::{self, Pen, format::TOLD},
    machine::Machine,
    receipts,
};
use crate::dice::Dice;

/// Enough for a world.
const PEOPLE: u64 = 60;

/// Starts on an empty disk, cuts the power at any moment, and starts again: it must come up, and a key that somebody has
/// seen must be the same.
pub(super) fn meet(campaign: &Campaign, dice: &mut Dice) -> anyhow::Result<String> {
    let machine = Machine::new(campaign.binary.clone(), &campaign.root, Engine::Sqlite, PEOPLE)?;
    if campaign.weaken {
        machine.control.lie()?;
    }
    let disk = Disk::of(&machine.disk(), Names::WithTheirFolder)?;
    let mut running = machine.start(None)?;
    running.wait()?;
    let key = receipts::published_key(&running.host)?;
    Pen::open(&machine.journal())?.told(0)?;
    thread::sleep(Duration::from_millis(dice.below(300)));
    running.kill();
    let bytes = fs::read(machine.journal())?;
    let records = journal::records(&bytes)?;
    let seen = records.iter().position(|record| record.head.kind == TOLD).context("the key was noted")?;
    let moment = if dice.once_in(2) { dice.place(records.len() + 1) } else { seen + 1 };
    let lost = machine.lose_power(disk, &records[..moment], dice)?;
    let mut running = machine.start(None)?;
    running.wait().context("after a power cut at the first start")?;
    let now = receipts::published_key(&running.host)?;
    ensure!(moment <= seen || now == key, "the key that was published is lost: a new one was made");
    running.kill();
    let place = machine.disk().display().to_string();
    machine.run(&["verify", "--book", "--data", &place])?.map_err(anyhow::Error::msg)?;
    Ok(format!("power cut at record {moment} of {} of the first start with {lost} not durable", records.len()))
}
