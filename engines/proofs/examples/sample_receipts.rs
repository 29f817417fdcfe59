//! Writes the samples on which the static page is tested:
//! `cargo run -p proofs --example sample_receipts > content/verifica/samples.json`

use std::io::{self, Write as _};

#[path = "../tests/it/sample.rs"]
mod sample;

fn main() -> io::Result<()> {
    io::stdout().write_all(sample::fixture().as_bytes())
}
