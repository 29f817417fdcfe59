use askama::Template;
use axum::extract::State;
use identity::{Officer, Power};
use web::{
    Answer, Page, Visit,
    components::{Cell, Table},
};

use crate::pages::Room;

#[derive(Template)]
#[template(path = "office/powers.html")]
struct PowersPage {
    page: Page,
    any: bool,
    table: Table,
}

/// `GET /ufficio/compiti`: what the official may do in the office, by which role, and what for.
pub(crate) async fn show_powers(visit: Visit, officer: Officer, State(room): State<Room>) -> Answer {
    let offer = room.catalogue.offer();
    let page = visit.page("catalogue.powers.title");
    let rows: Vec<_> = offer
        .policy
        .grants(&officer)
        .flat_map(|(role, grant)| {
            let row = |power: &Power| {
                let [role, purpose] = [&role.name, &grant.purpose].map(|text| Cell::text(text.get(page.language)));
                vec![Cell::text(page.t(&format!("catalogue.powers.{}", power.key()))), role, purpose]
            };
            grant.powers.iter().map(row).collect::<Vec<_>>()
        })
        .collect();
    let head = ["what", "role", "purpose"].map(|key| page.t(&format!("catalogue.powers.{key}")).to_owned());
    let caption = page.t("catalogue.powers.caption").to_owned();
    let any = !rows.is_empty();
    web::show(&PowersPage { table: Table { caption, head: head.to_vec(), rows }, any, page })
}
