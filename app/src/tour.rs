//! `sportello demo --tour`: a story through real HTTP, for people without a browser. Loud if a step is wrong.

use std::process::ExitCode;

use anyhow::Context;
use notary::Outcome;
use proofs::VerifierKey;
use stories::{Host, HostError, Runner, StepReport, Story, Verdict};
use tokio::{net::TcpListener, sync::oneshot};

use crate::{house::House, serve::serve_until, terminal::say};

/// Serves the house, walks the story through it, prints every step, and ends.
///
/// # Errors
/// When the house cannot be served; a step that is wrong is told and gives [`ExitCode::FAILURE`].
pub async fn run(house: House, listener: TcpListener, url: &str, story: &Story) -> anyhow::Result<ExitCode> {
    let (end, ended) = oneshot::channel::<()>();
    let server = tokio::spawn(serve_until(house, listener, async {
        drop(ended.await);
    }));
    let (url, story) = (url.to_owned(), story.clone());
    let walked = tokio::task::spawn_blocking(move || walk(&url, &story)).await;
    drop(end);
    server.await??;
    match walked? {
        Ok(steps) => {
            say(format!("\nTutto bene: {steps} passi."));
            Ok(ExitCode::SUCCESS)
        }
        Err(error) => {
            say(format!("\n✗ {error:#}"));
            Ok(ExitCode::FAILURE)
        }
    }
}

/// Walks a story against the program at `url`, prints every step, and tells how many they were.
///
/// # Errors
/// The first step that is wrong, with what was on the page instead.
pub fn walk(url: &str, story: &Story) -> anyhow::Result<usize> {
    let mut runner = Runner::new(url, Visitor::new(url));
    let summary = runner.run(story, &mut |report: StepReport| say(report.to_string()))?;
    Ok(summary.steps)
}

/// What anybody can do from outside: check a proof with the key that the program at an address publishes. Only what
/// that log holds is genuine; a proof that is merely consistent in itself anybody could have made.
pub struct Visitor {
    url: String,
}

impl Visitor {
    /// Of the program at `url`.
    #[must_use]
    pub fn new(url: &str) -> Self {
        Self { url: url.to_owned() }
    }
}

impl Host for Visitor {
    fn verify(&mut self, proof: &[u8]) -> Result<Verdict, HostError> {
        let key = published_key(&self.url).map_err(|error| HostError::Failed(format!("{error:#}")))?;
        let report = notary::verify_file(proof, Some(&key), base::Language::Italian);
        Ok(match report.outcome {
            Outcome::Genuine => Verdict::Genuine(report.text),
            Outcome::Consistent | Outcome::Wrong => Verdict::Wrong(report.text),
        })
    }
}

/// The key of the log of the program at `url`, as it publishes it.
///
/// # Errors
/// When it does not answer, or not with a key.
pub fn published_key(url: &str) -> anyhow::Result<VerifierKey> {
    let address = format!("{url}/registro/chiave");
    let mut answer = ureq::get(&address).call().with_context(|| format!("{address} non risponde"))?;
    let text = answer.body_mut().read_to_string().with_context(|| format!("{address} non si legge"))?;
    VerifierKey::parse(text.trim_end()).with_context(|| format!("{address} non dà la chiave di un registro"))
}
