use askama::Template;
use axum::extract::State;
use web::{
    Answer, Page, Visit,
    components::{Cell, Table},
};

use super::{KEPT, Room, term::term};
use crate::{Offer, Service};

/// Who concludes in place of an office that is late, proceeding by proceeding: published, and linked from the home page
/// (art. 2 c. 9-bis L. 241/1990).
#[derive(Template)]
#[template(path = "pages/substitute.html")]
struct SubstitutePage {
    page: Page,
    table: Table,
}

pub(super) async fn show(visit: Visit, State(room): State<Room>) -> Answer {
    let page = visit.page("catalogue.substitute.title");
    let offer = room.catalogue.offer();
    let rows = offer.public().filter_map(|service| row(&page, &offer, service)).collect();
    let head = ["service", "term", "who", "pec"];
    let table = Table {
        caption: page.t("catalogue.substitute.caption").to_owned(),
        head: head.map(|column| page.t(&format!("catalogue.substitute.{column}")).to_owned()).to_vec(),
        rows,
    };
    Ok(web::cacheable(KEPT, web::show(&SubstitutePage { page, table })?))
}

fn row(page: &Page, offer: &Offer, service: &Service) -> Option<Vec<Cell>> {
    let office = offer.offices.get(&service.office)?;
    Some(vec![
        Cell::link(service.name.get(page.language), service.href()),
        Cell::text(term(&service.process.rules, page)),
        Cell::text(office.substitute.get(page.language)),
        Cell::link(&office.substitute_pec, format!("mailto:{}", office.substitute_pec)),
    ])
}
