//! The program: reads its arguments and runs.

use std::process::ExitCode;

fn main() -> ExitCode {
    sportello::read_arguments().map_or_else(|code| code, sportello::run)
}
