//! Runs a command on a PostgreSQL of its own: `on_postgres cargo nextest run --profile postgres`. The command finds it
//! by the environment ([`database::testing::SERVER`]); it is gone when the command has ended, or was interrupted.

use std::process::{Command, ExitCode};

use database::testing::{SERVER, Server};
use tokio::signal::unix::{SignalKind, signal};

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::io::Result<ExitCode> {
    let mut arguments = std::env::args().skip(1);
    let Some(program) = arguments.next() else {
        eprintln!("on_postgres COMMAND …");
        return Ok(ExitCode::from(2));
    };
    // From here on a signal does not end us before the server: the command, which gets Ctrl-C too, decides.
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    let server = Server::start(&["max_connections=300", "shared_buffers=256MB", "autovacuum_naptime=10min"])?;
    let mut child = Command::new(program).args(arguments).env(SERVER, server.url("postgres")).spawn()?;
    let ended = loop {
        let tick = tokio::time::sleep(std::time::Duration::from_millis(50));
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => child.kill()?,
            () = tick => if let Some(status) = child.try_wait()? { break status },
        }
    };
    Ok(ExitCode::from(ended.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1)))
}
