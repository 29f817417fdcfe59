//! Prints the amount table of the assegno unico:
//! `cargo run -p rules --example assegno_unico_table > services/assegno-unico/tabelle/importi.csv`.

mod amounts;

#[expect(clippy::print_stdout, reason = "the table is what this program is for")]
fn main() {
    print!("{}", amounts::csv());
}
