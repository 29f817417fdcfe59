use askama::Template;
use axum::extract::State;
use base::rome_date;
use identity::{Absence, Officer, Power};
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
                vec![Cell::link(page.t(&format!("catalogue.powers.{}", power.key())), place(*power)), role, purpose]
            };
            // Two are of the person who heads the office, and are not lent.
            let own = |power: &&Power| {
                let lent = !matches!(power, Power::DecideTogether | Power::ManageStaff);
                lent || offer.policy.allows(&officer.own(), **power)
            };
            grant.powers.iter().filter(own).map(row).collect::<Vec<_>>()
        })
        .collect();
    let head = ["what", "role", "purpose"].map(|key| page.t(&format!("catalogue.powers.{key}")).to_owned());
    let caption = page.t("catalogue.powers.caption").to_owned();
    let any = !rows.is_empty();
    let told = told(&page, &officer, &visit).await?;
    web::show(&PowersPage { table: Table { caption, head: head.to_vec(), rows }, any, told, page })
}

/// Where it is done.
const fn place(power: Power) -> &'static str {
    match power {
        Power::HandleCases | Power::ExportNames => "/ufficio/pratiche",
        Power::AssignCases => "/ufficio/carichi",
        Power::DecideTogether => "/ufficio/decisioni-collettive",
        Power::ConcludeInPlace => "/ufficio/ritardi",
        Power::RunRegister => "/ufficio/protocollo",
        Power::DestroyForOffice | Power::DestroyForArchive => "/ufficio/scarto",
        Power::HelpPeople => "/ufficio/aiuto",
        Power::ServeAtCounter => "/ufficio/sportello",
        Power::ManageStaff => "/ufficio/personale",
        Power::OpenInEmergency => "/ufficio/emergenza",
        Power::ReviewEmergencies => "/ufficio/emergenza/riesame",
        Power::Simulate => "/ufficio/simulazioni",
    }
}

/// Whose work the official does today, and who does or will do the official's own: whoever is said to be away reads it.
async fn told(page: &Page, officer: &Officer, visit: &Visit) -> Result<Vec<String>, Failure> {
    let mut tx = visit.web.database().read().await?;
    let absences = identity::absences_of(&mut tx, &officer.office, rome_date(visit.now)).await?;
    let days = |absence: &Absence| {
        page.t2("catalogue.staff.days_of", "first", page.date(&absence.first), "last", page.date(&absence.last))
    };
    let mine = absences.iter().filter(|absence| absence.absent.id == officer.id);
    let mine = mine.map(|one| page.t2("catalogue.powers.away", "days", days(one), "name", &one.substitute.name));
    let today = rome_date(visit.now);
    let coming = absences.iter().filter(|absence| absence.substitute.id == officer.id && today < absence.first);
    let coming = coming.map(|one| page.t2("catalogue.powers.will", "days", days(one), "name", &one.absent.name));
    let names: Vec<&str> = officer.stands_in.iter().map(|one| one.absent.name.as_str()).collect();
    let theirs = (!names.is_empty()).then(|| page.t1("catalogue.powers.stands_in", "names", names.join(", ")));
    Ok(theirs.into_iter().chain(coming).chain(mine).collect())
}
