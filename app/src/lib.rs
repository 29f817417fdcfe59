#![doc = include_str!("../README.md")]

mod arguments;
mod backup;
mod check;
mod demo;
mod health;
mod house;
mod housekeeping;
mod identities;
mod identity_check;
mod joins;
mod law;
pub mod limits;
mod machine;
mod migrate;
mod mistakes;
mod officer;
mod operators;
mod read_only;
mod readings;
pub mod sample;
mod serve;
mod settings;
mod silence;
mod simulate;
mod staff_places;
mod terminal;
mod told;
pub mod tour;
mod verify;
mod watch;

use std::process::ExitCode;

pub use arguments::Arguments;
use arguments::Command;
pub use house::{House, migrations};
pub use mistakes::read_arguments;
pub use serve::serve_until;
pub use settings::Settings;

/// Does what the arguments say, from the first line of the log to the exit code.
#[must_use]
pub fn run(arguments: Arguments) -> ExitCode {
    let telling = match terminal::start_telling(&arguments) {
        Ok(telling) => telling,
        Err(error) => return terminal::fail(&error),
    };
    let runtime = match tokio::runtime::Builder::new_multi_thread().worker_threads(threads()).enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return terminal::fail(&anyhow::anyhow!(error).context("il programma non può partire")),
    };
    let outcome = runtime.block_on(obey(arguments.command));
    telling.finish();
    outcome.unwrap_or_else(|error| terminal::fail(&error))
}

/// More than the machine has processors: a long query in SQLite holds one of them (decision 0038).
fn threads() -> usize {
    4 * std::thread::available_parallelism().map_or(2, usize::from)
}

async fn obey(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Demo(demo) => demo::run(demo).await,
        Command::Serve(serve) => serve::run(serve).await,
        Command::Migrate(migrate) => migrate::run(migrate).await,
        Command::Backup(backup) => backup::run(backup).await,
        Command::Restore(restore) => backup::restore(restore).await,
        Command::ReadOnly(switch) => read_only::run(switch).await,
        Command::Silence(silence) => silence::run(silence).await,
        Command::Officer(about) => officer::run(about).await,
        Command::Check { root, watch: false } => check::run(&root),
        Command::Check { root, watch: true } => watch::run(&root).await,
        Command::Law(law) => law::run(&law),
        Command::Simulate(simulate) => simulate::run(simulate).await,
        Command::Verify(verify) => verify::run(verify).await,
        Command::Identity(about) => identities::run(about).await,
    }
}
