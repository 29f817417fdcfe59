//! Who agreed, as a file: made while it is sent, a step at a time.

use axum::extract::Path;
use base::{Timestamp, Translated, Uuid, rome_date};
use identity::{Listing, Reader};
use sheets::{Format, Value, Writer};
use web::{Answer, Failure, Page, Pieced};

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
    let asked = service.consent(&consent).ok_or(Failure::NotFound)?;
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
    Ok(web::stream(&name, Format::Csv.media_type(), |pieces| making.make(pieces)))
}

impl Making {
    async fn make(mut self, pieces: Pieced) -> database::Result<()> {
        let mut after: Option<(Timestamp, Uuid)> = None;
        loop {
            let mut tx = self.room.web.database().read().await?;
            let question = (self.question.0.as_str(), self.question.1.as_str());
            let people = store::people(&mut tx, question, &self.fingerprint, after).await?;
            drop(tx);
            let Some(last) = people.last() else { break };
            after = Some((last.given_at, last.id));
            self.record(&people).await?;
            people.iter().for_each(|one| self.write(one));
            if !pieces.put(self.writer.take()).await {
                return Ok(());
            }
        }
        pieces.put(self.writer.finish()).await;
        Ok(())
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
