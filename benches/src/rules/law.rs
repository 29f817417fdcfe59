//! The assegno unico as its folder has it.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::{Context, anyhow};
use rules::{Decimal, Moment, Program, Sources};

pub const FOLDER: &str = "services/assegno-unico";

pub fn read(root: &Path) -> anyhow::Result<Program> {
    let folder = root.join(FOLDER);
    let text = |path: &str| fs::read_to_string(folder.join(path)).with_context(|| format!("{FOLDER}/{path}"));
    let tables = BTreeMap::from([("tabelle/importi.csv".to_owned(), text("tabelle/importi.csv")?)]);
    let sources = Sources { file: "rules.md", text: &text("rules.md")?, tables: &tables };
    Program::parse(&sources).map_err(|wrong| anyhow!("{}", wrong.iter().map(ToString::to_string).collect::<String>()))
}

/// March 2026, as it is known afterwards.
pub fn moment() -> Moment {
    Moment { on: base::Date::constant(2026, 3, 1), known: base::Date::MAX }
}

pub fn cents(amount: i64) -> Decimal {
    Decimal::new(amount, 2)
}
