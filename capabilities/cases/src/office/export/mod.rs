//! The list of an office as a file: what is wanted, why, and what was taken out before.

mod file;

use askama::Template;
use base::Uuid;
use identity::Power;
use sheets::Format;
use web::{
    Answer, Failure, Page, Posted, Visit,
    components::{Cell, Choice, Fact, Fault, Field, Table},
};

use super::{Desk, act::LONGEST};
use crate::{
    store::{self, Export, Filter, Stretch},
    typed::too_long,
    wanted::{facts, filter_of, kept},
};

const FORMAT: &str = "formato";
const WHAT: &str = "che_cosa";
const REASON: &str = "motivo";
/// Also those that are closed.
const CLOSED: &str = "chiuse";
/// Who the applicants are.
const NAMES: &str = "nomi";

#[derive(Template)]
#[template(path = "office/export/page.html")]
struct ExportPage {
    page: Page,
    faults: Vec<Fault>,
    wanted: Vec<Fact>,
    kept: Vec<(&'static str, String)>,
    fields: Vec<Field>,
    back: String,
    earlier: Table,
    any: bool,
}

/// Shows what would be exported, and what was.
pub async fn show(desk: Desk) -> Answer {
    let get = |name: &str| desk.visit.query(name);
    let page = build(&desk, &get, &Posted::default(), Vec::new()).await?;
    web::show(&page)
}

/// Begins the file; it is made while it is sent.
pub async fn export(desk: Desk, posted: Posted) -> Answer {
    let Desk { cases, officer, visit } = &desk;
    let get = |name: &str| Some(posted.text(name).to_owned()).filter(|text| !text.is_empty());
    let format = Format::of_ending(posted.text(FORMAT)).unwrap_or(Format::Csv);
    let with_names = posted.all(WHAT).any(|what| what == NAMES);
    if with_names {
        cases.catalogue.demand(officer, Power::ExportNames)?;
    }
    let filter = wanted(&desk, &get, &posted);
    let mut tx = cases.web.database().read().await?;
    let extent = store::extent(&mut tx, &officer.office).await?;
    drop(tx);
    let faults = faults(visit, &posted, (format, with_names), &extent);
    if !faults.is_empty() {
        return web::show_faulty(&build(&desk, &get, &posted, faults).await?);
    }
    let begun = Export {
        id: base::new_id(cases.web.clock(), cases.web.chance()),
        began_at: visit.now,
        office: officer.office.clone(),
        officer: officer.id.clone(),
        officer_name: officer.name.clone(),
        wanted: told(&get, filter.also_closed),
        format: format.ending().to_owned(),
        with_names,
        reason: if with_names { posted.text(REASON).to_owned() } else { String::new() },
        rows: 0,
        ended_at: None,
    };
    let mut tx = cases.web.database().begin().await?;
    store::begin_export(&mut tx, &begun).await?;
    tx.commit().await?;
    Ok(file::begin(&desk, filter, &begun, (format, extent)))
}

fn faults(visit: &Visit, posted: &Posted, (format, with_names): (Format, bool), extent: &[Stretch]) -> Vec<Fault> {
    let mut faults = too_long(visit, LONGEST, [(REASON, posted.text(REASON))]);
    let mut wrong = |field: &str, message: &str| {
        faults.push(Fault { field: field.to_owned(), message: visit.t(message).to_owned() });
    };
    if with_names && posted.text(REASON).is_empty() {
        wrong(REASON, "cases.office.export.no_reason");
    }
    let numbers: i64 = extent.iter().map(Stretch::numbers).sum();
    if format.most().is_some_and(|most| i64::try_from(most).unwrap_or(i64::MAX) < numbers) {
        wrong(FORMAT, "cases.office.export.too_many");
    }
    faults
}

fn wanted(desk: &Desk, get: &dyn Fn(&str) -> Option<String>, posted: &Posted) -> Filter {
    let filter = filter_of((&desk.cases, &desk.officer), desk.visit.now, get);
    Filter { words: String::new(), also_closed: posted.all(WHAT).any(|what| what == CLOSED), ..filter }
}

/// What was wanted as it is kept: the query of the list.
fn told(get: &dyn Fn(&str) -> Option<String>, also_closed: bool) -> String {
    let mut pairs = kept(get);
    if also_closed {
        pairs.push((CLOSED, "si".to_owned()));
    }
    web::query(&pairs)
}

async fn build(
    desk: &Desk,
    get: &(dyn Fn(&str) -> Option<String> + Sync),
    posted: &Posted,
    faults: Vec<Fault>,
) -> Result<ExportPage, Failure> {
    let Desk { cases, officer, visit } = desk;
    let head = cases.catalogue.allows(officer, Power::ExportNames);
    let mut tx = cases.web.database().read().await?;
    let own = (!head).then_some(officer.id.as_str());
    let earlier = store::exports(&mut tx, &officer.office, own).await?;
    drop(tx);
    let page = desk.page_titled(visit.t("cases.office.export.title"));
    let kept = kept(get);
    Ok(ExportPage {
        wanted: facts(&page, (cases, officer), &wanted(desk, get, posted)),
        fields: fields(&page, posted, head, &faults),
        back: format!("/ufficio/pratiche?{}", web::query(&kept)),
        any: !earlier.is_empty(),
        earlier: table(&page, &earlier),
        page: page.faulty(!faults.is_empty()),
        kept,
        faults,
    })
}

fn fields(page: &Page, posted: &Posted, head: bool, faults: &[Fault]) -> Vec<Field> {
    let t = |key: &str| page.t(&format!("cases.office.export.{key}")).to_owned();
    let given = posted.text(FORMAT);
    let formats = Format::ALL.into_iter().map(|format| {
        let chosen = given == format.ending() || given.is_empty() && format == Format::Csv;
        Choice::new(format.ending(), t(format.ending())).chosen(chosen)
    });
    let what = |value: &'static str| Choice::new(value, t(value)).chosen(posted.all(WHAT).any(|what| what == value));
    let names = head.then(|| what(NAMES).hint(t("nomi_hint")));
    let mut fields = vec![
        Field::radios(FORMAT, t("format"), formats.collect()).fault_from(faults),
        Field::checks(WHAT, t("what"), [what(CLOSED)].into_iter().chain(names).collect()).optional(),
    ];
    if head {
        let reason = Field::text(REASON, t("reason")).hint(t("reason_hint")).value(posted.text(REASON));
        fields.push(reason.optional().fault_from(faults));
    }
    fields
}

fn table(page: &Page, earlier: &[Export]) -> Table {
    let t = |key: &str| page.t(&format!("cases.office.export.{key}")).to_owned();
    let row = |export: &Export| {
        let names = match export.with_names {
            true => format!("{}: {}", t("named"), export.reason),
            false => t("nameless"),
        };
        let outcome = if export.ended_at.is_some() { t("whole") } else { t("broken") };
        vec![
            Cell::text(page.moment(&export.began_at)),
            Cell::text(&export.officer_name),
            Cell::link(export.format.to_uppercase(), format!("/ufficio/pratiche?{}", export.wanted)),
            Cell::number(export.rows.to_string()),
            Cell::text(names),
            Cell::text(outcome),
        ]
    };
    Table {
        caption: t("caption"),
        head: ["when", "who", "file", "cases", "content", "outcome"].map(t).to_vec(),
        rows: earlier.iter().map(row).collect(),
    }
}

/// The name of the file.
fn called(office: &str, id: Uuid, format: Format) -> String {
    format!("pratiche-{office}-{}.{}", &id.simple().to_string()[24..], format.ending())
}
