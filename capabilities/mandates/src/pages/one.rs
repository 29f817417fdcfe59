use acts::Act;
use askama::Template;
use axum::extract::Path;
use web::{
    Answer, Page,
    components::{Cell, Fact, Table, TimelineItem, Tone},
};

use super::{At, facts, standing_key, tone};
use crate::{Mandate, Standing, deeds::deed_key, payload::kind, store};

/// A mandate, to both of its people.
#[derive(Template)]
#[template(path = "pages/one.html")]
struct OnePage {
    page: Page,
    id: String,
    standing: (Tone, String),
    lead: String,
    /// Whether the office to which it was given is not on the list any more.
    unlisted: bool,
    facts: Vec<Fact>,
    history: Vec<TimelineItem>,
    done: Table,
    /// Whether it was proposed to who looks, and can be accepted.
    answer: bool,
    /// Whether who looks may act by it now, and for whom.
    act: Option<String>,
    revoke: bool,
    renounce: bool,
}

/// Shows a mandate with all that happened to it and all that was done by it.
pub async fn show(at: At, Path(id): Path<String>) -> Answer {
    let At { room, person, visit } = &at;
    let mut tx = room.web.database().read().await?;
    let mandate = at.own(&mut tx, &id).await?;
    let acts = acts::of_case(&mut tx, mandate.id).await?;
    let deeds = store::deeds_under(&mut tx, &mandate.id.to_string()).await?;
    let offices = if mandate.office().is_some() { store::offices::all(&mut tx).await? } else { Vec::new() };
    drop(tx);
    let page = at.page(visit.t1("mandates.one.title", "number", &mandate.number));
    let standing = mandate.standing(visit.now);
    let mine = mandate.principal.fiscal_code == person.fiscal_code.as_str();
    let live = standing == Standing::Live;
    let listed = mandate.office().is_none_or(|id| offices.iter().any(|office| office.id == id));
    web::show(&OnePage {
        id: mandate.id.to_string(),
        standing: (tone(standing), page.t(&standing_key(standing)).to_owned()),
        lead: lead(&page, &mandate, standing, mine),
        unlisted: !listed && !standing.is_over(),
        facts: facts(&page, room, &mandate),
        history: acts.iter().map(|act| item(&page, act)).collect(),
        done: table(&page, &deeds),
        answer: !mine && standing == Standing::Proposed,
        act: (!mine && live).then(|| mandate.principal.name.clone()),
        revoke: mine && !standing.is_over(),
        renounce: !mine && live,
        page,
    })
}

/// What was done by a mandate.
pub fn table(page: &Page, deeds: &[store::Deed]) -> Table {
    Table {
        caption: page.t("mandates.one.done").to_owned(),
        head: ["when", "what"].map(|key| page.t(&format!("mandates.one.{key}")).to_owned()).to_vec(),
        rows: deeds.iter().map(|deed| done(page, deed)).collect(),
    }
}

fn done(page: &Page, deed: &store::Deed) -> Vec<Cell> {
    let what = page.t1(deed_key(&deed.kind), "name", &deed.actor_name);
    vec![Cell::text(page.moment(&deed.at)), Cell::link(what, format!("/pratiche/{}", deed.case))]
}

/// What it means now, for who looks.
fn lead(page: &Page, mandate: &Mandate, standing: Standing, mine: bool) -> String {
    match (standing, mine) {
        (Standing::Proposed, true) => {
            page.t2("mandates.one.waits", "name", mandate.delegate_shown(), "day", page.date(&mandate.answer_by))
        }
        (Standing::Proposed, false) => page.t1("mandates.one.asks", "name", &mandate.principal.name),
        (Standing::Live, true) => page.t1("mandates.one.holds_mine", "name", mandate.delegate_shown()),
        (Standing::Live, false) => page.t1("mandates.one.holds", "name", &mandate.principal.name),
        _ => page.t("mandates.one.over").to_owned(),
    }
}

/// What happened to a mandate; of an intermediary's office, who took the step and for which office.
pub fn item(page: &Page, act: &Act) -> TimelineItem {
    let key = match act.kind.as_str() {
        kind::PROPOSED => "mandates.act.proposed",
        kind::ACCEPTED => "mandates.act.accepted",
        kind::DECLINED => "mandates.act.declined",
        kind::REVOKED => "mandates.act.revoked",
        kind::RENOUNCED => "mandates.act.renounced",
        _ => "mandates.act.other",
    };
    let who = act.body.as_ref().map(|body| crate::deeds::named(&body.actor)).unwrap_or_default();
    TimelineItem::done(page.t1(key, "name", &who), page.moment(&act.at))
}
