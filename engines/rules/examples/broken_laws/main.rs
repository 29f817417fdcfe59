//! Breaks a real law many times and reads the result: `cargo run --release -p rules --example broken_laws -- 100000`.
//! Ends with the slowest reading; a panic or a hang is what it looks for.

mod mutation;

use std::{
    collections::BTreeMap,
    fs,
    time::{Duration, Instant},
};

use rules::{Program, Sources};

use mutation::{Mutation, mutate};

#[expect(clippy::print_stdout, reason = "the report is what this program is for")]
fn main() -> std::io::Result<()> {
    let rounds: u64 = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(10_000);
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../services/assegno-unico");
    let (law, table) = (
        fs::read_to_string(format!("{folder}/rules.md"))?,
        fs::read_to_string(format!("{folder}/tabelle/importi.csv"))?,
    );
    let mut dice = Dice(rounds);
    let (mut still_laws, mut slowest) = (0u64, Duration::ZERO);
    for _ in 0..rounds {
        let mutations: Vec<Mutation> = (0..1 + dice.next() % 6).map(|_| dice.mutation()).collect();
        let text = mutate(&law, &mutations);
        let tables = BTreeMap::from([("tabelle/importi.csv".to_owned(), table.clone())]);
        let began = Instant::now();
        let read = Program::parse(&Sources { file: "rules.md", text: &text, tables: &tables });
        slowest = slowest.max(began.elapsed());
        still_laws += u64::from(read.is_ok());
    }
    println!("{rounds} broken laws read, {still_laws} of them still laws; slowest reading {slowest:?}");
    Ok(())
}

/// A small generator of numbers (xorshift): the same rounds give the same laws.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn mutation(&mut self) -> Mutation {
        let bits = self.next().to_le_bytes();
        let number = |from: usize| u32::from_le_bytes([bits[from], bits[from + 1], bits[from + 2], 0]);
        Mutation { kind: bits[0], at: number(1), other: number(4), piece: bits[7] }
    }
}
