use askama::Template;
use base::rome_date;
use registry::LegalPower;
use web::{
    Answer, Page, Visit,
    components::{Cell, Table, Tone},
};

use super::{At, PLACE, company, intermediary, note, services, standing_key, tone};
use crate::{Mandate, Standing, store};

/// All mandates of a person, given and received.
#[derive(Template)]
#[template(path = "pages/list.html")]
struct ListPage {
    page: Page,
    /// Whom one may act for now: identifier, name, until when.
    live: Vec<(String, String, String)>,
    /// Whom one represents by law: name of the power, name, by which title.
    by_law: Vec<(String, String, String)>,
    /// Who represents one by law.
    represented: Vec<(String, String)>,
    /// Which companies one represents.
    companies: company::Companies,
    /// In which offices of intermediaries one works: name, page, how many mandates there are.
    offices: Vec<(String, String, String)>,
    received: Table,
    given: Table,
}

/// Shows them.
pub async fn show(at: At) -> Answer {
    let At { room, person, visit } = &at;
    let mut tx = room.web.database().read().await?;
    let given = store::given(&mut tx, person.fiscal_code.as_str()).await?;
    let received = store::received(&mut tx, person.fiscal_code.as_str()).await?;
    let today = rome_date(visit.now);
    let powers = registry::powers_of(&mut tx, person.fiscal_code.as_str(), today).await?;
    let others = registry::representatives_of(&mut tx, person.fiscal_code.as_str(), today).await?;
    let companies = company::of(&mut tx, &at).await?;
    let offices = intermediary::of(&mut tx, &at).await?;
    drop(tx);
    let page = visit.page("mandates.list.title").crumb(visit.t("mandates.list.profile"), "/profilo");
    let live = received.iter().filter(|mandate| mandate.standing(visit.now) == Standing::Live);
    let live = live.map(|mandate| {
        let until = page.t1("mandates.list.until", "day", page.date(&mandate.until));
        (mandate.id.to_string(), mandate.principal.name.clone(), until)
    });
    let table = |caption: &str, who: &str, mandates: &[Mandate], name: &dyn Fn(&Mandate) -> String| Table {
        caption: page.t(caption).to_owned(),
        head: ["number", who, "services", "until", "standing"]
            .map(|key| page.t(&format!("mandates.fact.{key}")).to_owned())
            .to_vec(),
        rows: mandates
            .iter()
            .map(|mandate| {
                let standing = mandate.standing(visit.now);
                vec![
                    Cell::link(&mandate.number, format!("{PLACE}/{}", mandate.id)),
                    Cell::text(name(mandate)),
                    Cell::text(services(&page, room, mandate)),
                    Cell::text(page.date(&mandate.until)),
                    Cell::badge(tone(standing), page.t(&standing_key(standing))),
                ]
            })
            .collect(),
    };
    web::show(&ListPage {
        live: live.collect(),
        by_law: powers.iter().map(|one| (one.id.clone(), one.represented_name.clone(), title(visit, one))).collect(),
        represented: others.iter().map(|one| (one.representative_name.clone(), title(visit, one))).collect(),
        companies,
        offices,
        received: table("mandates.list.received", "principal", &received, &|one| one.principal.name.clone()),
        given: table("mandates.list.given", "delegate", &given, &|one| one.delegate_shown().to_owned()),
        page,
    })
}

/// By which title, in the reader's language.
fn title(visit: &Visit, power: &LegalPower) -> String {
    note(visit, power.kind.key(), &power.number, power.until).get(visit.language).to_owned()
}
