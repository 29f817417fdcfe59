use askama::Template;
use axum::extract::State;
use base::rome_date;
use identity::{Officer, Power};
use web::{
    Answer, Failure, Page, Visit,
    components::{Cell, Table, Tone},
};

use crate::pages::Room;

#[derive(Template)]
#[template(path = "office/powers.html")]
struct PowersPage {
    page: Page,
    any: bool,
    table: Table,
    /// Whose work the official does, and who does theirs.
    told: Vec<String>,
    /// Whether the official runs the office.
    manages: bool,
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
    let told = told(&page, &officer, &visit).await?;
    let manages = offer.policy.allows(&officer, Power::ManageStaff);
    web::show(&PowersPage { table: Table { caption, head: head.to_vec(), rows }, any, told, manages, page })
}

/// Whose work the official does today, and who does or will do the official's own: whoever is said to be away reads it.
async fn told(page: &Page, officer: &Officer, visit: &Visit) -> Result<Vec<String>, Failure> {
    let mut tx = visit.web.database().read().await?;
    let absences = identity::absences_of(&mut tx, &officer.office, rome_date(visit.now)).await?;
    let mine = absences.iter().filter(|absence| absence.absent.id == officer.id).map(|absence| {
        let days =
            page.t2("catalogue.staff.days_of", "first", page.date(&absence.first), "last", page.date(&absence.last));
        page.t2("catalogue.powers.away", "days", days, "name", &absence.substitute.name)
    });
    let names: Vec<&str> = officer.stands_in.iter().map(|one| one.absent.name.as_str()).collect();
    let theirs = (!names.is_empty()).then(|| page.t1("catalogue.powers.stands_in", "names", names.join(", ")));
    Ok(theirs.into_iter().chain(mine).collect())
}
