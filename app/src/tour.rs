use std::process::ExitCode;

use anyhow::Context;
use notary::Outcome;
use stories::{Host, HostError, Runner, StepReport, Story, Verdict};
use tokio::{net::TcpListener, sync::oneshot};

use crate::{
    house::House,
    serve::serve_until,
    settings::Settings,
    terminal::say,
};

/// `sportello demo --tour`: the main job through real HTTP, as the story `tour.txt` tells it. Loud if a step is wrong.
pub async fn run(house: House, listener: TcpListener, settings: &Settings) -> anyhow::Result<ExitCode> {
    let (end, ended) = oneshot::channel::<()>();
    let server = tokio::spawn(serve_until(house, listener, async {
        drop(ended.await);
    }));
    let url = format!("http://localhost:{}", settings.listen.port());
    let walked = tokio::task::spawn_blocking(move || walk(&url)).await?;
    drop(end);
    server.await??;
    match walked {
        Ok(steps) => {
            say(format!("\nTutto bene: {steps} passi."));
            Ok(ExitCode::SUCCESS)
        }
        Err(error) => {
            say(format!("\n✗ {error}"));
            Ok(ExitCode::FAILURE)
        }
    }
}

fn walk(url: &str) -> anyhow::Result<usize> {
    let told = stories::all().iter().find(|(name, _)| *name == "tour.txt");
    let (name, text) = told.context("the tour is missing from the stories")?;
    let story = Story::parse(name, text)?;
    let mut runner = Runner::new(url, Powers);
    let mut steps = 0;
    runner.run(&story, &mut |report: StepReport| {
        steps += 1;
        say(report.to_string());
    })?;
    Ok(steps)
}

/// What a story may ask of the program from outside: checking a proof.
struct Powers;

impl Host for Powers {
    fn verify(&mut self, proof: &[u8]) -> Result<Verdict, HostError> {
        let report = notary::verify_file(proof, None, base::Language::Italian);
        Ok(match report.outcome {
            Outcome::Wrong => Verdict::Wrong(report.text),
            _ => Verdict::Genuine(report.text),
        })
    }
}
