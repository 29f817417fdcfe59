//! How `services/assegno-unico/tabelle/importi.csv` is made from what the law prints, so that nobody types 1,255 rows.
//!
//! Table 1 of d.lgs. 230/2021: 250 brackets of 100 euro of ISEE between 15,000 and 40,000, amounts falling evenly to
//! 0.1 euro. Each year (art. 4 c. 11) every amount is revalued *from the previous year's rounded one*, half-up to 0.1,
//! and every threshold, half-up to the cent: the only reading that gives all published amounts.

use std::fmt::Write;

use rules::Decimal;

/// Start of validity, publication and index of each revaluation; 2022 prints the amounts themselves.
const YEARS: [(&str, &str, &str); 5] = [
    ("2022-03-01", "2021-12-30", "1"),
    ("2023-01-01", "2023-04-07", "1.081"),
    ("2024-01-01", "2024-02-12", "1.054"),
    ("2025-01-01", "2025-02-04", "1.008"),
    ("2026-01-01", "2026-01-30", "1.014"),
];

/// Amount up to 15,000 euro and from 40,000 on: minor, 18–20 years, third child on, both parents working.
const COLUMNS: [(i64, i64); 4] = [(175, 50), (85, 25), (85, 15), (30, 0)];

const BRACKETS: i64 = 250;

const HEAD: &str = "\
# Tabella 1 del d.lgs. 230/2021: importi mensili per scaglione di ISEE, rivalutati anno per anno (art. 4 c. 11).
# scaglioni: euro
# unità: euro/mese
# Fonti dei valori estremi e degli indici: vedere rules.md. Righe intermedie: calcolate, da verificare sul testo ufficiale.
# File generato: cargo run -p rules --example assegno_unico_table
vale_dal,noto_dal,oltre,fino_a,minore,maggiorenne,terzo,entrambi
";

/// The whole file.
pub fn csv() -> String {
    let mut rows: Vec<Row> = (0..=BRACKETS).map(Row::of_2022).collect();
    let mut text = HEAD.to_owned();
    for (from, known, index) in YEARS {
        let index: Decimal = index.parse().expect("the indices above are numbers");
        rows.iter_mut().for_each(|row| row.revalue(index));
        for (at, row) in rows.iter().enumerate() {
            let above = at.checked_sub(1).map_or_else(String::new, |previous| format!("{:.2}", rows[previous].up_to));
            let up_to = if at + 1 < rows.len() { format!("{:.2}", row.up_to) } else { String::new() };
            write!(text, "{from},{known},{above},{up_to}").expect("writing to a String");
            row.amounts.iter().for_each(|amount| write!(text, ",{amount:.1}").expect("writing to a String"));
            text.push('\n');
        }
    }
    text
}

struct Row {
    up_to: Decimal,
    amounts: [Decimal; 4],
}

impl Row {
    fn of_2022(step: i64) -> Self {
        let falling = |(first, last): (i64, i64)| {
            let fallen = Decimal::from((first - last) * step) / Decimal::from(BRACKETS);
            half_up(Decimal::from(first) - fallen, 1)
        };
        Self { up_to: Decimal::from(15_000 + 100 * step), amounts: COLUMNS.map(falling) }
    }

    fn revalue(&mut self, index: Decimal) {
        self.up_to = half_up(self.up_to * index, 2);
        self.amounts = self.amounts.map(|amount| half_up(amount * index, 1));
    }
}

/// Half-up on amounts, which are never negative: add half a unit of the last digit, then cut.
fn half_up(amount: Decimal, digits: u32) -> Decimal {
    (amount + Decimal::new(5, digits + 1)).trunc_with_scale(digits)
}
