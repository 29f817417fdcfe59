//! The runner against a site of a few pages: what goes well, and how it says what does not.

mod runs;
mod site;

use std::time::Duration;

use site::Site;
use stories::{Host, HostError, Runner, StepFailure, Story, Summary, Verdict};

/// Counts days, and calls genuine what was not altered.
#[derive(Default)]
struct Powers {
    passed: Duration,
    restarts: u32,
}

impl Host for Powers {
    fn advance_clock(&mut self, by: Duration) -> Result<(), HostError> {
        self.passed += by;
        Ok(())
    }

    fn restart(&mut self) -> Result<(), HostError> {
        self.restarts += 1;
        Ok(())
    }

    fn verify(&mut self, proof: &[u8]) -> Result<Verdict, HostError> {
        let genuine = proof == site::PROOF.as_bytes();
        Ok(if genuine { Verdict::Genuine("autentica".into()) } else { Verdict::Wrong("alterata".into()) })
    }
}

fn walk(text: &str) -> (Result<Summary, Box<StepFailure>>, Runner<Powers>, Vec<String>) {
    let site = Site::open();
    let story = Story::parse("prova", text).expect("the story is well written");
    let mut runner = Runner::new(&site.address, Powers::default());
    let mut told = Vec::new();
    let outcome = runner.run(&story, &mut |report| {
        let trail = report.trail.iter().map(|hop| format!(" {} {} {}", hop.method, hop.place, hop.status));
        told.push(format!("{}{}", report.told, trail.collect::<String>()));
    });
    (outcome, runner, told)
}

fn goes_well(text: &str) -> Vec<String> {
    let (outcome, _, told) = walk(text);
    outcome.unwrap_or_else(|failure| panic!("{failure}"));
    told
}

fn fails(text: &str) -> StepFailure {
    *walk(text).0.expect_err("a step must fail")
}
