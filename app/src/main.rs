#![doc = include_str!("../README.md")]

mod arguments;
mod check;
mod demo;
mod house;
mod joins;
mod machine;
mod serve;
mod settings;
mod terminal;
mod tour;
mod verify;

use std::process::ExitCode;

use arguments::{Arguments, Command};
use clap::Parser;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    terminal::start_log(arguments.log_json);
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return terminal::fail(&anyhow::anyhow!(error).context("the runtime cannot start")),
    };
    let outcome = runtime.block_on(run(arguments.command));
    outcome.unwrap_or_else(|error| terminal::fail(&error))
}

async fn run(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Demo(demo) => demo::run(demo).await,
        Command::Serve(serve) => serve::run(serve).await,
        Command::Migrate(place) => serve::migrate(place).await,
        Command::Check { root } => check::run(&root),
        Command::Verify(verify) => verify::run(verify).await,
    }
}
