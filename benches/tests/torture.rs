//! The short form of the torture: a few faults of each kind, the same ones every time.

use std::path::PathBuf;

use benches::torture::{Campaign, Engine, Fault, Report};

/// The program that the tests of the app have built.
fn campaign(engine: Engine, faults: usize, only: &[Fault]) -> Campaign {
    let test = std::env::current_exe().expect("the test has a path");
    let binary: PathBuf = test.ancestors().nth(2).expect("…/debug/deps/test").join("sportello");
    assert!(binary.exists(), "{} is not there: build the whole workspace", binary.display());
    Campaign { binary, root: tidy::house(), engine, seed: 2026, faults, only: only.to_vec(), weaken: false }
}

fn run(campaign: &Campaign) -> Report {
    let mut told = Vec::new();
    campaign.run(&mut |line| told.push(line)).unwrap_or_else(|error| panic!("{error:#}\n{}", told.join("\n")))
}

#[test]
fn nothing_acknowledged_is_lost_though_the_power_fails() {
    let report = run(&campaign(Engine::Sqlite, 16, &[]));
    assert!(report.findings.is_empty(), "{:#?}, kept in {:?}", report.findings, report.kept);
    assert!(report.receipts > 16 && report.opened > report.receipts, "{report:?}");
}

#[test]
fn nothing_acknowledged_is_lost_though_postgresql_is_killed() {
    let faults = [Fault::Kill, Fault::Server, Fault::Both, Fault::Lines, Fault::Replies];
    let report = run(&campaign(Engine::Postgres, 5, &faults));
    assert!(report.findings.is_empty(), "{:#?}, kept in {:?}", report.findings, report.kept);
}

#[test]
fn on_a_disk_that_lies_about_fsync_losses_are_found() {
    let weak = Campaign { weaken: true, ..campaign(Engine::Sqlite, 12, &[Fault::Power]) };
    let report = run(&weak);
    // A loss, not a house that did not start.
    let losses = ["LOST:", "was filed", "the book cannot be read", "verify --book", "given out", "do not agree"];
    let lost = |finding: &String| losses.iter().any(|words| finding.contains(words));
    assert!(report.findings.iter().any(lost), "the torture does not find what must be there: {report:?}");
    drop(std::fs::remove_dir_all(report.kept.expect("what was found is kept")));
}
