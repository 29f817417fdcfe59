//! The program: reads its arguments and runs.

use std::process::ExitCode;

#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    sportello::read_arguments().map_or_else(|code| code, sportello::run)
}
