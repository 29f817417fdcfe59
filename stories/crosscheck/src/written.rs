use std::path::{Path, PathBuf};

use rules::{Facts, Value, sql::SqlTable};

/// The facts of many households in CSV files, one for each table of the law, as both databases read them.
pub struct Written {
    folder: tempfile::TempDir,
}

impl Written {
    /// Writes households in the order in which they come; the first is number 0.
    ///
    /// # Errors
    /// What the file system refused.
    pub fn new<'f>(tables: &[SqlTable], households: impl Iterator<Item = &'f Facts>) -> anyhow::Result<Self> {
        let written = Self { folder: tempfile::tempdir()? };
        let mut files = Vec::new();
        for table in tables {
            let mut file = csv::Writer::from_path(written.file(&table.name))?;
            let keys: &[&str] = if table.members { &["nucleo", "posizione"] } else { &["nucleo"] };
            file.write_record(keys.iter().copied().chain(table.columns.iter().map(|(name, _)| name.as_str())))?;
            files.push(file);
        }
        for (number, facts) in households.enumerate() {
            for (table, file) in tables.iter().zip(&mut files) {
                for row in rows(table, facts, number) {
                    file.write_record(row)?;
                }
            }
        }
        for file in &mut files {
            file.flush()?;
        }
        Ok(written)
    }

    /// The file of a table.
    #[must_use]
    pub fn file(&self, table: &str) -> PathBuf {
        self.path().join(format!("{table}.csv"))
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }
}

fn rows(table: &SqlTable, facts: &Facts, number: usize) -> Vec<Vec<String>> {
    if !table.members {
        let values = table.columns.iter().map(|(name, _)| text(facts.values.get(name)));
        return vec![std::iter::once(number.to_string()).chain(values).collect()];
    }
    let members = facts.groups.get(&table.name).map_or(&[][..], Vec::as_slice);
    let row = |(position, member): (usize, &std::collections::BTreeMap<String, Value>)| {
        let values = table.columns.iter().map(|(name, _)| text(member.get(name)));
        [number.to_string(), position.to_string()].into_iter().chain(values).collect()
    };
    members.iter().enumerate().map(row).collect()
}

/// As both databases read it; nothing at all is NULL.
fn text(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::Bool(truth)) => truth.to_string(),
        Some(Value::Int(number)) => number.to_string(),
        Some(Value::Dec(number)) => number.to_string(),
        Some(Value::Date(day)) => day.to_string(),
        Some(Value::Text(text)) => text.clone(),
    }
}
