use std::{fmt::Write, mem};

use crate::{Value, is_decimal};

/// What tells spreadsheets that the file is UTF-8.
const MARK: &str = "\u{feff}";

#[derive(Debug)]
pub(crate) struct Csv {
    ready: String,
}

impl Csv {
    pub(crate) fn new(head: &[&str]) -> Self {
        let mut csv = Self { ready: MARK.to_owned() };
        csv.row(&head.iter().map(|head| Value::Text(head)).collect::<Vec<_>>());
        csv
    }

    pub(crate) fn row(&mut self, values: &[Value<'_>]) {
        for (column, value) in values.iter().enumerate() {
            if column > 0 {
                self.ready.push(';');
            }
            self.value(*value);
        }
        self.ready.push_str("\r\n");
    }

    pub(crate) fn take(&mut self) -> Vec<u8> {
        mem::take(&mut self.ready).into_bytes()
    }

    fn value(&mut self, value: Value<'_>) {
        let written = match value {
            Value::Empty => Ok(()),
            Value::Whole(number) => write!(self.ready, "{number}"),
            Value::Day(day) => write!(self.ready, "{:02}/{:02}/{:04}", day.day(), day.month(), day.year()),
            Value::Decimal(decimal) if is_decimal(decimal) => {
                self.ready.push_str(&decimal.replace('.', ","));
                Ok(())
            }
            Value::Decimal(text) | Value::Text(text) => {
                self.text(text);
                Ok(())
            }
        };
        written.expect("a text in memory takes what is written");
    }

    fn text(&mut self, text: &str) {
        let text = if computed(text) { format!("'{text}") } else { text.to_owned() };
        if text.contains([';', '"', '\r', '\n', '\t', ',']) || text.trim() != text {
            self.ready.push('"');
            self.ready.push_str(&text.replace('"', "\"\""));
            self.ready.push('"');
        } else {
            self.ready.push_str(&text);
        }
    }
}

/// Whether a spreadsheet would compute it instead of showing it; full-width signs are taken for plain ones by some.
fn computed(text: &str) -> bool {
    text.starts_with(['\t', '\r', '\n'])
        || text.trim_start().starts_with(['=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'])
}
