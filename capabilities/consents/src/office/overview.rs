use askama::Template;
use catalogue::{ConsentAsked, Service};
use web::{
    Answer, Page,
    components::{Cell, Table},
};

use super::{Desk, PLACE};
use crate::store::{self, Standing};

/// How many people agreed to what.
#[derive(Template)]
#[template(path = "office/overview.html")]
struct OverviewPage {
    page: Page,
    table: Table,
}

/// `GET /ufficio/consensi`
pub async fn show(desk: Desk) -> Answer {
    let page =
        desk.visit.page("consents.office.title").crumb(desk.visit.t("consents.office.worklist"), "/ufficio/pratiche");
    let offer = desk.room.catalogue.offer();
    let mut rows = Vec::new();
    let mut tx = desk.room.web.database().read().await?;
    for service in offer.services.values().filter(|service| service.office == desk.officer.office) {
        let standing = store::standing(&mut tx, &service.slug).await?;
        rows.extend(rows_of(&page, service, &standing));
    }
    drop(tx);
    let head = ["service", "consent", "people", "earlier", "file"];
    web::show(&OverviewPage {
        table: Table {
            caption: page.t("consents.office.caption").to_owned(),
            head: head.map(|column| page.t(&format!("consents.office.{column}")).to_owned()).to_vec(),
            rows,
        },
        page,
    })
}

/// Every question that is asked, and every one that is not asked any more and to which somebody still agrees.
fn rows_of(page: &Page, service: &Service, standing: &[Standing]) -> Vec<Vec<Cell>> {
    let mut questions: Vec<(&str, &str)> =
        service.decl.consents.iter().map(|asked| (asked.id.as_str(), asked.title.get(page.language))).collect();
    for one in standing {
        if !questions.iter().any(|(id, _)| *id == one.consent) {
            questions.push((&one.consent, one.title.get(page.language)));
        }
    }
    let row = |(id, title): (&str, &str)| {
        let now = service.consent(id).map(ConsentAsked::fingerprint);
        let people = |current: bool| -> i64 {
            let of =
                standing.iter().filter(|one| one.consent == id && (Some(&one.fingerprint) == now.as_ref()) == current);
            of.map(|one| one.people).sum()
        };
        let file = format!("{PLACE}/{}/{id}/elenco.csv", service.slug);
        vec![
            Cell::text(service.name.get(page.language)),
            Cell::text(title),
            Cell::text(people(true).to_string()),
            Cell::text(people(false).to_string()),
            if now.is_some() { Cell::link(page.t("consents.office.download"), file) } else { Cell::text("") },
        ]
    };
    questions.into_iter().map(row).collect()
}
