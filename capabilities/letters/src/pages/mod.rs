//! Letters on the screen: for the applicant and for the officials of the office.

use std::sync::Arc;

use axum::{
    Router,
    extract::{Path, State},
    routing::get,
};
use base::{Language, Translated, Uuid};
use database::Tx;
use identity::{Citizen, DataRead, Officer, Reader};
use web::{Answer, Failure, Page, Visit};

use crate::{
    compose::Template,
    folders::Folders,
    store::{self, Document, Viewer},
};

/// `/pratiche/{case}/comunicazioni/{seq}` and `.pdf`, and the same below `/ufficio`. `folders` name services and letters
/// in the reader's language.
pub fn routes(folders: Arc<dyn Folders>) -> Router {
    Router::new()
        .route("/pratiche/{case}/comunicazioni/{letter}", get(for_applicant))
        .route("/ufficio/pratiche/{case}/comunicazioni/{letter}", get(for_officer))
        .with_state(folders)
}

#[derive(askama::Template)]
#[template(path = "pages/letter.html")]
struct LetterPage {
    page: Page,
    html: String,
    pdf: String,
    case: String,
    sha256: String,
}

/// What is asked for: a letter as a page, or as a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Asked {
    case: Uuid,
    seq: i64,
    pdf: bool,
}

async fn for_applicant(
    State(folders): State<Arc<dyn Folders>>,
    visit: Visit,
    Citizen(person): Citizen,
    Path(path): Path<(String, String)>,
) -> Answer {
    let asked = Asked::read(&path)?;
    let viewer = Viewer::Applicant(person.fiscal_code.as_str());
    let mut tx = visit.web.database().read().await?;
    let found = fetch(&mut tx, asked, viewer).await?;
    let found = match found {
        Some((document, content)) => Some((named(&mut tx, &*folders, document, visit.language).await?, content)),
        None => None,
    };
    drop(tx);
    let Some((document, content)) = found else {
        tracing::warn!(case = %asked.case, "a letter was asked for that is not the visitor's, or does not exist");
        return Err(Failure::NotFound);
    };
    if document.read_at.is_none() {
        let mut tx = visit.web.database().begin().await?;
        store::mark_read(&mut tx, document.id, visit.now).await?;
        tx.commit().await?;
    }
    let page = visit.page_titled(&document.title).crumb(visit.t("letters.cases"), "/pratiche");
    let page =
        page.crumb(format!("{} · {}", document.service_name, document.protocol), format!("/pratiche/{}", asked.case));
    answer(page, format!("/pratiche/{}", asked.case), &document, content)
}

async fn for_officer(
    State(folders): State<Arc<dyn Folders>>,
    visit: Visit,
    officer: Officer,
    Path(path): Path<(String, String)>,
) -> Answer {
    let asked = Asked::read(&path)?;
    let mut tx = visit.web.database().begin().await?;
    let found = fetch(&mut tx, asked, Viewer::Office(&officer.office)).await?;
    let (document, content) = found.ok_or(Failure::NotFound)?;
    record(&mut tx, &visit, &officer, &document).await?;
    let document = named(&mut tx, &*folders, document, visit.language).await?;
    tx.commit().await?;
    let case = format!("/ufficio/pratiche/{}", asked.case);
    let page = visit.page_titled(&document.title).crumb(visit.t("letters.worklist"), "/ufficio/pratiche");
    answer(page.crumb(document.protocol.clone(), case.clone()), case, &document, content)
}

impl Asked {
    fn read((case, letter): &(String, String)) -> Result<Self, Failure> {
        let (seq, pdf) = letter.strip_suffix(".pdf").map_or((letter.as_str(), false), |seq| (seq, true));
        let case = case.parse().map_err(|_| Failure::NotFound)?;
        Ok(Self { case, seq: seq.parse().map_err(|_| Failure::NotFound)?, pdf })
    }
}

/// A letter in one of its two forms.
enum Content {
    Html(String),
    Pdf(Vec<u8>),
}

async fn fetch(tx: &mut Tx, asked: Asked, viewer: Viewer<'_>) -> database::Result<Option<(Document, Content)>> {
    let Asked { case, seq, pdf } = asked;
    if pdf {
        let found = store::pdf(tx, case, seq, viewer).await?;
        return Ok(found.map(|(document, pdf)| (document, Content::Pdf(pdf))));
    }
    let found = store::html(tx, case, seq, viewer).await?;
    Ok(found.map(|(document, html)| (document, Content::Html(html))))
}

/// The document with the names of letter and service as its reader knows them; the Italian ones, with which it was
/// issued, where there are no others.
async fn named(
    tx: &mut Tx,
    folders: &dyn Folders,
    document: Document,
    language: Language,
) -> Result<Document, Failure> {
    if language == Language::Italian {
        return Ok(document);
    }
    let acts = acts::of_case(tx, document.case).await?;
    let Some(submitted) = acts.first() else { return Ok(document) };
    let (slug, version) = (submitted.text("service"), submitted.text("service_version"));
    let service = folders.service(tx, slug, version).await.map_err(|told| Failure::internal(anyhow::anyhow!(told)))?;
    let Some(service) = service else { return Ok(document) };
    let template = service.letters.get(&document.letter).and_then(|text| Template::parse(&document.letter, text).ok());
    let title = template.map_or_else(|| document.title.clone(), |found| found.head.title.get(language).to_owned());
    let names = service.abroad.get(&language);
    let service_name = names.map_or_else(|| document.service_name.clone(), |names| names.service.clone());
    Ok(Document { title, service_name, ..document })
}

fn answer(page: Page, case: String, document: &Document, content: Content) -> Answer {
    let pdf = format!("{case}/comunicazioni/{}.pdf", document.issued_seq);
    match content {
        Content::Pdf(bytes) => Ok(web::download(&document.file_name(), "application/pdf", bytes)),
        Content::Html(html) => web::show(&LetterPage { page, html, pdf, case, sha256: document.sha256.clone() }),
    }
}

/// Writes down that an official read the letter; the person finds it under `/profilo/letture`.
async fn record(tx: &mut Tx, visit: &Visit, officer: &Officer, document: &Document) -> Result<(), Failure> {
    let subject = document.applicant.parse().map_err(Failure::internal)?;
    let all = |key: &str, value: &str| {
        let words = visit.web.words();
        let text = |language| words.t(language, key).replace("{value}", value);
        Translated::Many(Language::ALL.into_iter().map(|language| (language, text(language))).collect())
    };
    let case = format!("{} {}", document.service_name, document.protocol);
    let read = DataRead {
        reader: &Reader::officer(officer, Translated::from(document.office_name.as_str())),
        purpose: &all("letters.read.purpose", &case),
        subject: &subject,
        what: &all("letters.read.what", &document.title),
        case: Some(document.case),
    };
    Ok(identity::record_read(tx, visit.web.clock(), visit.web.chance(), &read).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_is_asked_for_by_case_and_number() {
        let case = Uuid::from_u128(1);
        let read = |letter: &str| Asked::read(&(case.to_string(), letter.to_owned())).ok();
        assert_eq!(read("3"), Some(Asked { case, seq: 3, pdf: false }));
        assert_eq!(read("3.pdf"), Some(Asked { case, seq: 3, pdf: true }));
        assert_eq!([read(""), read("tre"), read("3.txt")], [None; 3]);
        assert!(Asked::read(&("1".to_owned(), "3".to_owned())).is_err());
    }
}
