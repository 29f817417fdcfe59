//! The laws of this house, changed copies of them, and populations.

use std::{fs, path::Path, sync::atomic::AtomicBool};

use base::Date;
use catalogue::{Declared, Folder, Service};
use parquet::{
    file::{reader::FileReader, serialized_reader::SerializedFileReader},
    record::Field,
};
use population::World;
use rules::Moment;
use statistics::{
    Counted, Files, Invented, OutcomeFile, Pace, SimulationError, Study, Summary, Written, blocks, run,
    write_population,
};

/// The day whose law applies.
pub const ON: Date = Date::constant(2026, 3, 1);
static GO_ON: AtomicBool = AtomicBool::new(false);

pub fn folder(slug: &str) -> Folder {
    let declared = Declared::read(&tidy::house()).expect("the folders can be read");
    declared.folders.into_iter().find(|folder| folder.slug == slug).expect("the service is there")
}

pub fn service(slug: &str) -> Service {
    Service::read(folder(slug)).expect("the folder is in order")
}

/// A copy of a service with another text in one of its files.
pub fn changed(slug: &str, file: &str, old: &str, new: &str) -> Service {
    let mut folder = folder(slug);
    let text = folder.files.get_mut(file).expect("the file is there");
    assert!(text.contains(old), "{file} has «{old}»");
    *text = text.replace(old, new);
    Service::read(folder).unwrap_or_else(|told| panic!("{}", told[0]))
}

/// A reform that gives less to some and more to others.
pub fn reform() -> Service {
    let dearer = "| quattro_figli_importo | 2023-01-01 | 2022-12-29 | 150.00 |";
    let cheaper = "| aumento_primi_anni | 2022-03-01 | 2022-12-29 | 50% |";
    let mut service = changed("assegno-unico", "rules.md", dearer, &dearer.replace("150", "175")).folder;
    let text = service.files.get_mut("rules.md").expect("the law is there");
    *text = text.replace(cheaper, &cheaper.replace("50%", "20%"));
    Service::read(service).unwrap_or_else(|told| panic!("{}", told[0]))
}

pub fn study<'s>(service: &'s Service, draft: Option<&'s Service>) -> Study<'s> {
    Study::new(service, draft, Moment::at(ON)).expect("the two can be compared")
}

pub fn pace(threads: usize) -> Pace<'static> {
    Pace { threads, stop: &GO_ON }
}

/// What was counted, as the summary, and the outcome of each household, as CSV.
#[derive(Debug, PartialEq)]
pub struct Seen {
    pub summary: Summary,
    pub outcomes: String,
}

/// `persons` invented people.
pub fn of_people(study: &Study<'_>, seed: u64, persons: u64, threads: usize, block: usize) -> Seen {
    let world = World::new(seed, persons, ON).expect("a world");
    let population = Invented::new(study, persons, ON);
    seen(study, |file| run(study, &population, blocks(world, block), pace(threads), file, |_| {}))
        .expect("they are computed")
}

/// The files of a folder.
pub fn of_files(study: &Study<'_>, folder: &Path, threads: usize) -> Result<Seen, SimulationError> {
    seen(study, |file| {
        let (reading, blocks) = Files::open(study, folder, None)?.stream();
        run(study, &reading, blocks, pace(threads), file, |_| {})
    })
}

fn seen(
    study: &Study<'_>,
    count: impl FnOnce(&mut OutcomeFile) -> Result<Counted, SimulationError>,
) -> Result<Seen, SimulationError> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("esiti.csv");
    let mut file = OutcomeFile::create(&path, study.draft.is_some())?;
    let counted = count(&mut file)?;
    file.finish()?;
    Ok(Seen { summary: Summary::new(study, &counted)?, outcomes: fs::read_to_string(&path).expect("the outcomes") })
}

pub fn write(study: &Study<'_>, seed: u64, persons: u64, folder: &Path) -> Written {
    let world = World::new(seed, persons, ON).expect("a world");
    let population = Invented::new(study, persons, ON);
    write_population(study, &population, blocks(world, 50), folder, pace(2), |_| {}).expect("it is written")
}

/// Writes the Parquet files of a folder as CSV into another.
pub fn as_csv(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).expect("the folder").map(|entry| entry.expect("a file").path()) {
        let file = SerializedFileReader::new(fs::File::open(&entry).expect("the file")).expect("it is Parquet");
        let schema = file.metadata().file_metadata().schema_descr();
        let heads: Vec<String> = schema.columns().iter().map(|column| column.name().to_owned()).collect();
        let mut lines = vec![heads.join(",")];
        for row in file.get_row_iter(None).expect("rows") {
            let row = row.expect("a row");
            lines.push(row.get_column_iter().map(|(_, field)| cell(field)).collect::<Vec<_>>().join(","));
        }
        let name = entry.with_extension("csv");
        fs::write(to.join(name.file_name().expect("a name")), lines.join("\n") + "\n").expect("it is written");
    }
}

fn cell(field: &Field) -> String {
    match field {
        Field::Null => String::new(),
        Field::Str(text) => text.clone(),
        Field::Bool(true) => "sì".to_owned(),
        Field::Bool(false) => "no".to_owned(),
        field => field.to_string(),
    }
}
