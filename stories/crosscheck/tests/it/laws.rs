use std::{collections::BTreeMap, fs};

use rules::{Program, Sources};

/// The texts of a law of the house.
#[derive(Clone)]
pub struct Law {
    pub service: String,
    pub text: String,
    pub tables: BTreeMap<String, String>,
}

impl Law {
    /// Every service that has one, by name.
    pub fn all() -> Vec<Self> {
        let mut laws = Vec::new();
        for folder in fs::read_dir(tidy::house().join("services")).expect("the services are there") {
            let folder = folder.expect("a folder").path();
            let Ok(text) = fs::read_to_string(folder.join("rules.md")) else { continue };
            let mut tables = BTreeMap::new();
            for file in fs::read_dir(folder.join("tabelle")).into_iter().flatten() {
                let path = file.expect("a file").path();
                let name = path.file_name().expect("a name").to_string_lossy().into_owned();
                tables.insert(format!("tabelle/{name}"), fs::read_to_string(path).expect("a table"));
            }
            let service = folder.file_name().expect("a name").to_string_lossy().into_owned();
            laws.push(Self { service, text, tables });
        }
        laws.sort_by(|one, other| one.service.cmp(&other.service));
        laws
    }

    pub fn program(&self) -> Program {
        let sources = Sources { file: "rules.md", text: &self.text, tables: &self.tables };
        Program::parse(&sources).unwrap_or_else(|found| panic!("{}: {found:?}", self.service))
    }
}
