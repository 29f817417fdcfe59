//! Letters on the screen: for the applicant and for the officials of the office.

mod troubled;

use std::sync::Arc;

use acts::Act;
use axum::{
    Router,
    extract::{Path, State},
    routing::get,
};
use base::{Language, Translated, Uuid};
use cases::payload::protocol_of;
use catalogue::{Catalogue, Service};
use database::Tx;
use identity::{DataRead, Officer, Power, Reader};
use mandates::{Claim, Verb};
use web::{Answer, Failure, Page, Visit};

use crate::store::{self, Document, Viewer};

/// `/pratiche/{case}/comunicazioni/{seq}` and `.pdf`, and the same below `/ufficio`. The catalogue names services and
/// letters in the reader's language.
pub fn routes(catalogue: Catalogue) -> Router {
    Router::new()
        .route("/pratiche/{case}/comunicazioni/{letter}", get(for_applicant))
        .route("/ufficio/pratiche/{case}/comunicazioni/{letter}", get(for_officer))
        .route("/ufficio/comunicazioni", get(troubled::show).post(troubled::retry))
        .with_state(catalogue)
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
    State(catalogue): State<Catalogue>,
    visit: Visit,
    claim: Claim,
    Path(path): Path<(String, String)>,
) -> Answer {
    let refused = || refused(&visit, claim.subject());
    let asked = Asked::read(&path).map_err(|_| refused())?;
    let database = visit.web.database();
    let mut tx = if claim.is_own() { database.read().await? } else { database.begin().await? };
    let capacity = claim.capacity(&mut tx, &visit).await?;
    let found = fetch(&mut tx, asked, Viewer::Applicant(&capacity.principal().fiscal_code)).await?;
    let (document, content) = found.ok_or_else(refused)?;
    let names = named(&mut tx, &catalogue, &document).await?;
    let acting = capacity.may(&names.slug, Verb::Receive).ok_or_else(refused)?;
    if acting.is_own() {
        drop(tx);
    } else {
        let what = visit.web.words().in_all("letters.read.what", &[("value", &names.title)]);
        acting.record(&mut tx, &visit.web, &what, Some(asked.case)).await?;
        tx.commit().await?;
    }
    if document.read_at.is_none() {
        let mut tx = visit.web.database().begin().await?;
        store::mark_read(&mut tx, document.id, visit.now).await?;
        tx.commit().await?;
    }
    let (case, service) = (format!("/pratiche/{}", asked.case), names.service.get(visit.language));
    let page = visit.page_titled(names.title.get(visit.language)).crumb(visit.t("letters.cases"), "/pratiche");
    let page = page.crumb(format!("{service} · {}", names.protocol), &case);
    answer(page, case, &document, content)
}

async fn for_officer(
    State(catalogue): State<Catalogue>,
    visit: Visit,
    officer: Officer,
    Path(path): Path<(String, String)>,
) -> Answer {
    catalogue.demand(&officer, Power::HandleCases)?;
    let asked = Asked::read(&path).map_err(|_| refused(&visit, &officer.id))?;
    let mut tx = visit.web.database().begin().await?;
    let found = fetch(&mut tx, asked, Viewer::Office(&officer.office)).await?;
    let (document, content) = found.ok_or_else(|| refused(&visit, &officer.id))?;
    let names = named(&mut tx, &catalogue, &document).await?;
    let reader = Reader::officer(&officer, catalogue.office_name(&officer.office, &officer.office));
    record(&mut tx, &visit, &reader, (&document, &names)).await?;
    tx.commit().await?;
    let case = format!("/ufficio/pratiche/{}", asked.case);
    let page =
        visit.page_titled(names.title.get(visit.language)).crumb(visit.t("letters.worklist"), "/ufficio/pratiche");
    answer(page.crumb(names.protocol, case.clone()), case, &document, content)
}

/// Somebody else's letter and no letter look the same; the attempt is written down for the auditors.
fn refused(visit: &Visit, who: &str) -> Failure {
    identity::note_refusal(&visit.web, who, &visit.path);
    Failure::NotFound
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

/// What a letter is called, and whose it is, in every language.
struct Named {
    /// Slug of the service; empty where nobody knows it any more.
    slug: String,
    title: Translated,
    service: Translated,
    /// The application's number, with its register.
    protocol: String,
}

/// The names of a document; those with which it was issued where the folder has no others.
async fn named(tx: &mut Tx, catalogue: &Catalogue, document: &Document) -> Result<Named, Failure> {
    let submitted = acts::one(tx, document.case, 1).await?;
    let service = match &submitted {
        Some(submitted) => service_of(tx, catalogue, submitted).await?,
        None => None,
    };
    let number = submitted.as_ref().and_then(protocol_of);
    let title = service.as_ref().and_then(|service| service.letters.get(&document.letter));
    let kept = |text: &str| Translated::from(text);
    Ok(Named {
        slug: submitted.as_ref().map(|submitted| submitted.text("service").to_owned()).unwrap_or_default(),
        title: title.map_or_else(|| kept(&document.title), |letter| letter.title.clone()),
        service: service.as_ref().map_or_else(|| kept(&document.service_name), |service| service.name.clone()),
        protocol: number.map(|number| protocol::shown(catalogue, &number)).unwrap_or_default(),
    })
}

/// The service of the case that began with `submitted`, in the version that the case is pinned to.
async fn service_of(tx: &mut Tx, catalogue: &Catalogue, submitted: &Act) -> Result<Option<Arc<Service>>, Failure> {
    Ok(catalogue.pinned(tx, submitted.text("service"), submitted.text("service_version")).await?)
}

fn answer(page: Page, case: String, document: &Document, content: Content) -> Answer {
    let pdf = format!("{case}/comunicazioni/{}.pdf", document.issued_seq);
    match content {
        Content::Pdf(bytes) => Ok(web::download(&document.file_name(), "application/pdf", bytes)),
        Content::Html(html) => web::show(&LetterPage { page, html, pdf, case, sha256: document.sha256.clone() }),
    }
}

/// Writes down that an official read the letter; the person finds it under `/profilo/letture`.
async fn record(
    tx: &mut Tx,
    visit: &Visit,
    reader: &Reader,
    (document, names): (&Document, &Named),
) -> Result<(), Failure> {
    let case = Language::ALL.map(|one| (one, format!("{} {}", names.service.get(one), names.protocol)));
    let (case, words) = (Translated::Many(case.into()), visit.web.words());
    let read = DataRead {
        reader,
        purpose: &words.in_all("letters.read.purpose", &[("value", &case)]),
        subject: &document.applicant,
        what: &words.in_all("letters.read.what", &[("value", &names.title)]),
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
