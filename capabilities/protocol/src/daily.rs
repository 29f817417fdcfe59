//! The daily register: what an office registered and changed on one day, as sealed files that are chained to one
//! another, made after midnight and never again.

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use background::{Round, RoundError};
use base::{Clock, Date, Language, Timestamp, escape_xml as escape, rome_date, rome_midnight};
use catalogue::{Catalogue, Office};
use database::{Database, Error, Tx};
use identity::KeyError;
use sha2::{Digest, Sha256};

use crate::{
    change::{Change, Changed},
    entry::{Direction, Entry},
    seal::Seal,
    store::{self, Stretch},
    xml::{element, element_if},
};

/// The namespace of the daily register.
pub const NAMESPACE: &str = "urn:sportello:registro-giornaliero:1";
/// Registrations in one file: a day with more has several parts, so that memory does not grow with the day.
const PART: i64 = 5_000;
/// What the first file of an office names as the one before.
pub const NONE_BEFORE: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// A file of the daily register, without its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayFile {
    /// Whose register.
    pub office: String,
    /// Which day, in Italy.
    pub day: Date,
    /// From 1.
    pub part: i64,
    /// How many parts the day has.
    pub last_part: i64,
    /// Registrations in this part.
    pub entries: i64,
    /// Changes of that day, all in its last part.
    pub changes: i64,
    /// First number in this part.
    pub first: Option<i64>,
    /// Last number in this part.
    pub last: Option<i64>,
    /// SHA-256 of the file before, hexadecimal; zeros for the first.
    pub previous: String,
    /// SHA-256 of this file, hexadecimal.
    pub sha256: String,
    /// When it was made.
    pub made_at: Option<Timestamp>,
}

/// Makes the daily registers that are missing, day after day up to yesterday. What was made is in the table, so that a
/// day on which the program did not run is made up for, and none is made twice by two processes.
pub struct DailyRegisters {
    /// The database of the program.
    pub database: Database,
    /// Where the time comes from.
    pub clock: Arc<dyn Clock>,
    /// The offices.
    pub catalogue: Catalogue,
    /// What seals the files.
    pub seal: Seal,
    /// Until which day all is made: saves asking the database at every commit.
    done: Mutex<Option<Date>>,
}

/// Why a daily register was not made.
#[derive(Debug, thiserror::Error)]
pub enum DailyError {
    /// The database refused.
    #[error(transparent)]
    Database(#[from] Error),
    /// The seal could not sign.
    #[error(transparent)]
    Seal(#[from] KeyError),
}

impl DailyRegisters {
    /// Brings them together.
    #[must_use]
    pub fn new(database: Database, clock: Arc<dyn Clock>, catalogue: Catalogue, seal: Seal) -> Self {
        Self { database, clock, catalogue, seal, done: Mutex::new(None) }
    }

    /// Makes what is missing, and tells how many files that were.
    ///
    /// # Errors
    /// [`DailyError`]: the rest is made at the next round.
    pub async fn make_due(&self) -> Result<usize, DailyError> {
        let today = rome_date(self.clock.now());
        if *self.done.lock().unwrap_or_else(PoisonError::into_inner) == Some(today) {
            return Ok(0);
        }
        let offices = store::offices(&mut self.database.read().await?).await?;
        let mut made = 0;
        for office in offices {
            while self.next(&office, today).await? {
                made += 1;
            }
        }
        *self.done.lock().unwrap_or_else(PoisonError::into_inner) = Some(today);
        Ok(made)
    }

    /// Makes the next file of an office, if one is missing before `today`.
    async fn next(&self, office: &str, today: Date) -> Result<bool, DailyError> {
        let mut tx = self.database.read().await?;
        let (place, last) = next_place(&mut tx, office).await?;
        drop(tx);
        let Some((day, part)) = place.filter(|(day, _)| *day < today) else { return Ok(false) };
        if part == 1 {
            self.close(office, day).await?;
        }
        let file = DayFile {
            office: office.to_owned(),
            day,
            part,
            last_part: part,
            entries: 0,
            changes: 0,
            first: None,
            last: None,
            previous: last.map_or_else(|| NONE_BEFORE.to_owned(), |file| file.sha256),
            sha256: String::new(),
            made_at: None,
        };
        self.make(file).await?;
        Ok(true)
    }

    /// From here on nothing can be registered on that day any more.
    async fn close(&self, office: &str, day: Date) -> Result<(), DailyError> {
        let mut tx = self.database.begin().await?;
        store::close_until(&mut tx, office, rome_midnight(day.tomorrow().unwrap_or(day))).await?;
        Ok(tx.commit().await?)
    }

    /// Reads in one view, composes and seals outside any transaction, and keeps the file.
    async fn make(&self, mut file: DayFile) -> Result<(), DailyError> {
        let mut tx = self.database.read().await?;
        let whole = store::of_day(&mut tx, &file.office, file.day).await?;
        file.last_part = whole.map_or(1, |whole| (whole.last - whole.first) / PART + 1);
        let stretch = whole.map(|whole| part_of(whole, file.part));
        let entries = match stretch {
            Some(stretch) => store::of_stretch(&mut tx, &file.office, stretch).await?,
            None => Vec::new(),
        };
        let changes = match file.part == file.last_part {
            true => store::changes_of_day(&mut tx, &file.office, file.day).await?,
            false => Vec::new(),
        };
        drop(tx);
        (file.first, file.last) = (stretch.map(|stretch| stretch.first), stretch.map(|stretch| stretch.last));
        (file.entries, file.changes) = (count(&entries), count(&changes));
        let now = self.clock.now();
        let text = unsigned(&file, self.catalogue.office(&file.office).as_ref(), &entries, &changes);
        let seal = self.seal.clone();
        let signed = tokio::task::spawn_blocking(move || seal.sign(&text, now)).await;
        let signed = signed.map_err(|error| KeyError::Unusable(error.to_string()))??;
        file.sha256 = hex::encode(Sha256::digest(signed.as_bytes()));
        let mut tx = self.database.begin().await?;
        match store::keep_day(&mut tx, &file, signed.as_bytes(), now).await {
            Ok(()) => Ok(tx.commit().await?),
            Err(Error::Conflict(_)) => Ok(()), // another process was faster, and its file stays
            Err(error) => Err(error.into()),
        }
    }
}

/// Where the next file of an office belongs, as day and part, and the file before it. No place where nothing was ever
/// registered.
async fn next_place(tx: &mut Tx, office: &str) -> database::Result<(Option<(Date, i64)>, Option<DayFile>)> {
    let last = store::last_file(tx, office).await?;
    let place = match &last {
        Some(file) if file.part < file.last_part => Some((file.day, file.part + 1)),
        Some(file) => file.day.tomorrow().ok().map(|day| (day, 1)),
        None => store::first_day(tx, office).await?.map(|day| (day, 1)),
    };
    Ok((place, last))
}

/// How many whole days each office has no sealed register for, for operators: 0 when yesterday's is there.
///
/// # Errors
/// What the database refuses.
pub async fn days_missing(tx: &mut Tx, now: Timestamp) -> database::Result<Vec<(String, i64)>> {
    let mut missing = Vec::new();
    for office in store::offices(tx).await? {
        let (place, _) = next_place(tx, &office).await?;
        let days = place.and_then(|(day, _)| day.until(rome_date(now)).ok()).map_or(0, |span| span.get_days());
        missing.push((office, i64::from(days.max(0))));
    }
    Ok(missing)
}

fn count<T>(list: &[T]) -> i64 {
    i64::try_from(list.len()).unwrap_or(i64::MAX)
}

fn part_of(whole: Stretch, part: i64) -> Stretch {
    let first = whole.first + (part - 1) * PART;
    Stretch { first, last: whole.last.min(first + PART - 1), ..whole }
}

#[async_trait]
impl Round for DailyRegisters {
    fn name(&self) -> &'static str {
        "daily-registers"
    }

    async fn round(&self) -> Result<(), RoundError> {
        self.make_due().await?;
        Ok(())
    }
}

fn unsigned(file: &DayFile, office: Option<&Office>, entries: &[Entry], changes: &[Change]) -> String {
    let entries: String = entries.iter().map(entry).collect();
    let changes: String = changes.iter().map(change).collect();
    format!(
        "<RegistroGiornaliero xmlns=\"{NAMESPACE}\">{}<Registrazioni>{entries}</Registrazioni>\
         <Modifiche>{changes}</Modifiche></RegistroGiornaliero>",
        head(file, office)
    )
}

fn head(file: &DayFile, office: Option<&Office>) -> String {
    let aoo = office.map_or(file.office.as_str(), |office| office.aoo.as_str());
    let parts = [
        element("CodiceAmministrazione", office.map_or("", |office| office.code.as_str())),
        element("Amministrazione", office.map_or("", |office| office.administration.get(Language::Italian))),
        element("CodiceAOO", aoo),
        element("CodiceRegistro", aoo),
        element("Giorno", &file.day.to_string()),
        element("Parte", &file.part.to_string()),
        element("Parti", &file.last_part.to_string()),
        element("NumeroRegistrazioni", &file.entries.to_string()),
        element_if("PrimoNumero", file.first.map(|number| number.to_string()).as_deref()),
        element_if("UltimoNumero", file.last.map(|number| number.to_string()).as_deref()),
        element("NumeroModifiche", &file.changes.to_string()),
        format!("<ImprontaPrecedente algoritmo=\"SHA-256\">{}</ImprontaPrecedente>", escape(&file.previous)),
    ];
    format!("<Intestazione>{}</Intestazione>", parts.concat())
}

fn entry(entry: &Entry) -> String {
    let documents: String = entry.documents().map(document).collect();
    let received = entry.received.as_ref().map(|received| {
        format!("<ProtocolloMittente data=\"{}\">{}</ProtocolloMittente>", received.on, escape(&received.protocol))
    });
    let emergency = entry.emergency.as_ref().map(|emergency| {
        format!("<RegistroEmergenza numero=\"{}\" istante=\"{:.6}\"/>", emergency.number, emergency.at)
    });
    let parts = [
        element("Verso", if entry.direction == Direction::In { "entrata" } else { "uscita" }),
        element("Mezzo", entry.means.key()),
        element("Corrispondente", &entry.correspondent.name),
        element_if("CodiceFiscale", Some(entry.correspondent.code.as_str()).filter(|code| !code.is_empty())),
        element("Oggetto", &entry.subject),
        element("Classifica", &entry.classification),
        element("Assegnazione", &entry.assigned_to),
        element("Riservato", if entry.confidential { "true" } else { "false" }),
        received.unwrap_or_default(),
        emergency.unwrap_or_default(),
        documents,
    ];
    let number = base::ProtocolNumber::from(&entry.protocol);
    format!(
        "<Registrazione numero=\"{}\" anno=\"{}\" istante=\"{:.6}\">{}</Registrazione>",
        number.digits(),
        number.year,
        entry.registered_at,
        parts.concat()
    )
}

fn document(document: &crate::entry::Document) -> String {
    format!(
        "<Documento nomeFile=\"{}\" mimeType=\"{}\" algoritmo=\"SHA-256\">{}</Documento>",
        escape(&document.name),
        escape(&document.media_type),
        escape(&document.sha256)
    )
}

fn change(change: &Change) -> String {
    let number = base::ProtocolNumber::from(&change.protocol);
    let what = match &change.changed {
        Changed::Classification(code) => {
            format!("<Classifica prima=\"{}\">{}</Classifica>", escape(&change.before), escape(code))
        }
        Changed::Assignment(office) => {
            format!("<Assegnazione prima=\"{}\">{}</Assegnazione>", escape(&change.before), escape(office))
        }
        Changed::Annulled { reason, authorised_by } => format!(
            "<Annullamento>{}{}</Annullamento>",
            element("Motivo", reason),
            element("Provvedimento", authorised_by)
        ),
    };
    format!(
        "<Modifica numero=\"{}\" anno=\"{}\" istante=\"{:.6}\" operatore=\"{}\">{what}</Modifica>",
        number.digits(),
        number.year,
        change.at,
        escape(&change.by.id)
    )
}
