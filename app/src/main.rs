//! The program: reads its arguments and runs.

use std::process::ExitCode;

use clap::Parser;
use sportello::Arguments;

fn main() -> ExitCode {
    sportello::run(Arguments::parse())
}
