//! The whole report as a file, made while it is sent: a piece at a time, whatever its length.

use axum::response::Response;
use sheets::{Format, Value, Writer};
use web::{Page, Pieced};

use super::{Desk, columns, days_late};
use crate::{
    room::Cases,
    store::{Late, LateIn},
};

/// What the report says of each proceeding.
pub const COLUMNS: [&str; 7] = ["protocol", "service", "filed", "due", "closed", "days", "substitute"];
/// How many proceedings are read at a time.
const STEP: usize = 1000;

/// Answers with the file.
pub fn begin(desk: &Desk, report: &LateIn<'_>, format: Format) -> Response {
    let page = desk.page_titled(desk.visit.t("cases.office.late.title"));
    let head = columns(&page, COLUMNS);
    let head: Vec<&str> = head.iter().map(String::as_str).collect();
    let writer = Writer::new(format, &report.year.to_string(), &head);
    let (office, year, today) = (report.office.to_owned(), report.year, report.today);
    let called = format!("ritardi-{office}-{year}.{}", format.ending());
    let cases = desk.cases.clone();
    web::stream(&called, format.media_type(), |pieces| async move {
        let report = LateIn { office: &office, year, today };
        make(&cases, &page, &report, (writer, &pieces)).await
    })
}

async fn make(
    cases: &Cases,
    page: &Page,
    report: &LateIn<'_>,
    (mut writer, pieces): (Writer, &Pieced),
) -> database::Result<()> {
    let mut behind = None;
    loop {
        let mut tx = cases.web.database().read().await?;
        let late = report.following(&mut tx, behind, STEP).await?;
        drop(tx);
        late.iter().for_each(|one| write(&mut writer, (cases, page), one, report.today));
        behind = late.last().map(Late::place);
        if !pieces.put(writer.take()).await {
            return Ok(());
        }
        if late.len() < STEP {
            pieces.put(writer.finish()).await;
            return Ok(());
        }
    }
}

fn write(writer: &mut Writer, (cases, page): (&Cases, &Page), one: &Late, today: base::Date) {
    let day = |day: Option<base::Date>| day.map_or(Value::Empty, Value::Day);
    let service = cases.catalogue.service_name(&one.service, &one.service_name);
    let days = days_late(one, today).to_string();
    writer.row(&[
        Value::Text(&protocol::shown(&cases.catalogue, &one.protocol)),
        Value::Text(service.get(page.language)),
        Value::Day(base::rome_date(one.submitted_at)),
        Value::Day(one.due),
        day(one.closed_on),
        Value::Decimal(&days),
        day(one.substitute_called_on),
    ]);
}
