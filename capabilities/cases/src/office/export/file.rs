//! Making the file: a thousand numbers of the register at a time, each sent before the next is read. Who saves slowly
//! slows it down; nothing is kept but the piece under way.

use axum::response::Response;
use base::{Translated, Uuid};
use identity::{Listing, Reader};
use sheets::{Format, Value, Writer};
use web::{Page, Pieced};

use super::{Desk, called};
use crate::{
    room::Cases,
    store::{self, CaseRow, Export, Filter, STEP, Stretch},
    view::state_key,
};

const COLUMNS: [&str; 11] =
    ["protocol", "service", "state", "filed", "due", "suspended", "closed", "officer", "amount", "applicant", "code"];
/// The last ones say who somebody is.
const NAMELESS: usize = COLUMNS.len() - 2;

struct Making {
    cases: Cases,
    filter: Filter,
    id: Uuid,
    with_names: bool,
    reader: Reader,
    purpose: Translated,
    page: Page,
    writer: Writer,
    rows: i64,
}

/// Answers with a file that is made while it is sent.
pub fn begin(desk: &Desk, filter: Filter, export: &Export, (format, extent): (Format, Vec<Stretch>)) -> Response {
    let Desk { cases, officer, visit } = desk;
    let page = visit.page("cases.office.export.title");
    let head = COLUMNS.map(|column| page.t(&format!("cases.office.export.column.{column}")).to_owned());
    let head = head.each_ref().map(String::as_str);
    let columns = if export.with_names { COLUMNS.len() } else { NAMELESS };
    let making = Making {
        cases: cases.clone(),
        filter,
        id: export.id,
        with_names: export.with_names,
        reader: desk.reader(),
        purpose: visit.web.words().in_all("cases.read.export", &[]),
        writer: Writer::new(format, page.t("cases.office.export.sheet"), &head[..columns]),
        rows: 0,
        page,
    };
    web::stream(&called(&officer.office, export.id, format), format.media_type(), |pieces| making.run(extent, pieces))
}

/// Whoever wanted the file is gone.
struct Gone;

impl Making {
    async fn run(mut self, extent: Vec<Stretch>, pieces: Pieced) -> database::Result<()> {
        let made = self.make(extent, &pieces).await;
        let (id, rows, database) = (self.id, self.rows, self.cases.web.database().clone());
        let ended = matches!(made, Ok(Ok(()))).then(|| self.cases.web.clock().now());
        // Written down before the last piece is sent: a whole file is one that the office's list of exports knows.
        let noted = async {
            let mut tx = database.begin().await?;
            store::note_export(&mut tx, id, rows, ended).await?;
            tx.commit().await
        };
        let noted = noted.await;
        if made.and_then(|made| noted.map(|()| made))?.is_ok() {
            pieces.put(self.writer.finish()).await;
        }
        Ok(())
    }

    async fn make(&mut self, extent: Vec<Stretch>, pieces: &Pieced) -> database::Result<Result<(), Gone>> {
        for mut stretch in extent {
            while stretch.numbers() > 0 {
                let mut tx = self.cases.web.database().read().await?;
                let rows = store::chosen(&mut tx, &self.filter, &stretch).await?;
                drop(tx);
                self.record(&rows).await?;
                rows.iter().for_each(|row| self.write(row));
                if !pieces.put(self.writer.take()).await {
                    return Ok(Err(Gone));
                }
                stretch.after += STEP;
            }
        }
        Ok(Ok(()))
    }

    /// Whose names are in the file is written down before they are sent, as for every list.
    async fn record(&self, rows: &[CaseRow]) -> database::Result<()> {
        if !self.with_names {
            return Ok(());
        }
        let listing = Listing {
            reader: &self.reader,
            kind: "cases/export",
            purpose: &self.purpose,
            subjects: rows.iter().map(|row| row.applicant.as_str()).collect(),
        };
        identity::record_listing(self.cases.web.database(), self.cases.web.clock().now(), &listing).await
    }

    fn write(&mut self, row: &CaseRow) {
        let day = |day: Option<base::Date>| day.map_or(Value::Empty, Value::Day);
        let protocol = protocol::shown(&self.cases.catalogue, &row.protocol);
        let service = self.cases.catalogue.service_name(&row.service, &row.service_name);
        let service = service.get(self.page.language);
        let key = state_key(row.state);
        let state = self.page.t(&key);
        let values = [
            Value::Text(&protocol),
            Value::Text(service),
            Value::Text(state),
            Value::Day(base::rome_date(row.submitted_at)),
            Value::Day(row.due),
            day(row.suspended_until.filter(|until| *until > self.filter.today)),
            day(row.closed_on),
            row.officer_name.as_deref().map_or(Value::Empty, Value::Text),
            row.amount.as_deref().map_or(Value::Empty, Value::Decimal),
            Value::Text(&row.applicant_name),
            Value::Text(&row.applicant),
        ];
        self.rows += 1;
        self.writer.row(&values[..if self.with_names { COLUMNS.len() } else { NAMELESS }]);
    }
}
