//! Who agreed, as a file: made while it is sent, a step at a time.

use std::io;

use axum::{
    body::Bytes,
    extract::Path,
    response::{IntoResponse, Response},
};
use base::{Timestamp, Translated, Uuid, rome_date};
use identity::{Listing, Reader};
use sheets::{Format, Value, Writer};
use tokio::sync::mpsc;
use web::{Answer, Failure, Page};

use super::Desk;
use crate::{Consent, Consents, store};

const COLUMNS: [&str; 5] = ["code", "name", "given", "language", "text"];

struct Making {
    room: Consents,
    question: (String, String),
    /// Of the sentence that stands today: who agreed to another has not agreed to this.
    fingerprint: String,
    reader: Reader,
    purpose: Translated,
    page: Page,
    writer: Writer,
}

/// `GET /ufficio/consensi/{service}/{consent}/elenco.csv`: who agrees to the sentence of today. Each will know that their name
/// was taken out.
pub async fn download(desk: Desk, Path((service, consent)): Path<(String, String)>) -> Answer {
    let ours = |slug: &str| desk.room.catalogue.service(slug).filter(|service| service.office == desk.officer.office);
    let service = ours(&service).ok_or(Failure::NotFound)?;
    let asked = service.decl.consents.iter().find(|asked| asked.id == consent).ok_or(Failure::NotFound)?;
    let page = desk.visit.page("consents.office.title");
    let head = COLUMNS.map(|column| page.t(&format!("consents.column.{column}")).to_owned());
    let office = &desk.officer.office;
    let making = Making {
        reader: Reader::officer(&desk.officer, desk.room.catalogue.office_name(office, office)),
        purpose: desk.visit.web.words().in_all("consents.office.purpose", &[]),
        writer: Writer::new(Format::Csv, page.t("consents.office.sheet"), &head.each_ref().map(String::as_str)),
        fingerprint: asked.fingerprint(),
        question: (service.slug.clone(), consent),
        room: desk.room.clone(),
        page,
    };
    let name = format!("consensi-{}-{}.csv", making.question.0, rome_date(desk.visit.now));
    Ok(sent(&name, making))
}

fn sent(name: &str, making: Making) -> Response {
    web::stream(name, Format::Csv.media_type(), |send| making.run(send)).into_response()
}

impl Making {
    async fn run(mut self, send: mpsc::Sender<io::Result<Bytes>>) {
        let last = match self.make(&send).await {
            Ok(()) => Ok(Bytes::from(self.writer.finish())),
            Err(error) => {
                tracing::error!(%error, "a list of consents could not be finished");
                Err(io::Error::other("the list could not be read to its end"))
            }
        };
        let _gone = send.send(last).await;
    }

    async fn make(&mut self, send: &mpsc::Sender<io::Result<Bytes>>) -> database::Result<()> {
        let mut after: Option<(Timestamp, Uuid)> = None;
        loop {
            let mut tx = self.room.web.database().read().await?;
            let question = (self.question.0.as_str(), self.question.1.as_str());
            let people = store::people(&mut tx, question, &self.fingerprint, after).await?;
            drop(tx);
            let Some(last) = people.last() else { return Ok(()) };
            after = Some((last.given_at, last.id));
            self.record(&people).await?;
            people.iter().for_each(|one| self.write(one));
            let piece = self.writer.take();
            if !piece.is_empty() && send.send(Ok(Bytes::from(piece))).await.is_err() {
                return Ok(()); // whoever wanted the file is gone
            }
        }
    }

    /// Whose names are in the file is written down before they are sent.
    async fn record(&self, people: &[Consent]) -> database::Result<()> {
        let listing = Listing {
            reader: &self.reader,
            kind: "consents/file",
            purpose: &self.purpose,
            subjects: people.iter().map(|one| one.person.as_str()).collect(),
        };
        identity::record_listing(self.room.web.database(), self.room.web.clock().now(), &listing).await
    }

    fn write(&mut self, one: &Consent) {
        let given = &one.given;
        self.writer.row(&[
            Value::Text(&one.person),
            Value::Text(&given.name),
            Value::Day(rome_date(one.given_at)),
            Value::Text(given.language.tag()),
            Value::Text(given.text.get(self.page.language)),
        ]);
    }
}
