use std::path::Path;

use rules::columns::Column;
use rust_decimal::{Decimal, RoundingStrategy};

use super::{Kind, growing::Growing, sheet::Sheet};
use crate::{error::SimulationError, run::Results, tally::Judged, verdict::Verdict};

/// Digits behind the point of an amount in a file: further ones are rounded there, and only there.
const DIGITS: u32 = 6;

/// The outcome of each household, in a file that appears when it is whole.
pub struct OutcomeFile {
    sheet: Sheet,
    columns: Vec<Growing>,
    drafted: bool,
    rows: i64,
}

impl OutcomeFile {
    /// Begins the file; `drafted`: with columns for the draft of a reform.
    ///
    /// # Errors
    /// If the name does not end in `.parquet` or `.csv`, or the folder cannot be written.
    pub fn create(path: &Path, drafted: bool) -> Result<Self, SimulationError> {
        let always = [("riga", Kind::Number(0)), ("id", Kind::Text), ("territorio", Kind::Text)];
        let law = [("esito", Kind::Text), ("importo", Kind::Number(DIGITS))];
        let draft = [("esito_riforma", Kind::Text), ("importo_riforma", Kind::Number(DIGITS))];
        let columns = always.into_iter().chain(law).chain(draft.into_iter().filter(|_| drafted));
        let columns: Vec<(String, Kind)> = columns.map(|(name, kind)| (name.to_owned(), kind)).collect();
        let growing = columns.iter().map(|(_, kind)| Growing::of(*kind)).collect();
        Ok(Self { sheet: Sheet::create(path, &columns)?, columns: growing, drafted, rows: 0 })
    }

    /// Gives the file its name.
    ///
    /// # Errors
    /// If the disk refuses.
    pub fn finish(mut self) -> Result<(), SimulationError> {
        self.write()?;
        self.sheet.finish()
    }

    fn write(&mut self) -> Result<(), SimulationError> {
        let rows = self.columns.first().map_or(0, Growing::len);
        let columns: Vec<Column<'static>> = self.columns.iter_mut().map(|column| column.take(rows)).collect();
        if rows > 0 { self.sheet.write(&columns) } else { Ok(()) }
    }
}

impl Results for OutcomeFile {
    fn add(&mut self, name: Option<&str>, place: Option<&str>, judged: &Judged) -> Result<(), SimulationError> {
        self.rows += 1;
        let verdicts = std::iter::once(&judged.law).chain(judged.draft.as_ref().filter(|_| self.drafted));
        let mut columns = self.columns.iter_mut();
        let mut next = |push: &mut dyn FnMut(&mut Growing)| {
            if let Some(column) = columns.next() {
                push(column);
            }
        };
        next(&mut |column| column.push_number(Some(self.rows)));
        next(&mut |column| column.push_text(name));
        next(&mut |column| column.push_text(place));
        for verdict in verdicts {
            let amount = verdict.amount().map(|amount| scaled(amount).ok_or(crate::sum::TooGreat)).transpose()?;
            next(&mut |column| column.push_text(Some(word(verdict))));
            next(&mut |column| column.push_number(amount));
        }
        if self.columns.first().is_some_and(|column| column.len() >= self.sheet.together()) {
            self.write()
        } else {
            Ok(())
        }
    }
}

fn word(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Due(_) => "spetta",
        Verdict::NotDue => "non spetta",
        Verdict::Unknown => "mancano dati",
        Verdict::Officer(_) => "operatore",
    }
}

fn scaled(amount: Decimal) -> Option<i64> {
    let mut rounded = amount.round_dp_with_strategy(DIGITS, RoundingStrategy::MidpointAwayFromZero);
    rounded.rescale(DIGITS);
    i64::try_from(rounded.mantissa()).ok().filter(|_| rounded.scale() == DIGITS)
}
