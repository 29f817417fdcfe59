//! The pages of an intermediary's office, for who works there: its mandates, and nobody else.

use acts::{Act, Actor, NewAct};
use askama::Template;
use axum::{
    extract::Path,
    response::{IntoResponse, Redirect},
};
use base::{Timestamp, Translated};
use catalogue::Intermediary;
use database::Tx;
use web::{
    ActingFor, Answer, Failure, Page, Posted,
    components::{Cell, Fact, Table, TimelineItem, Tone},
    sessions,
};

use super::{At, end_of, facts, noted, one, services, standing_key, tone};
use crate::{
    Mandate, NotNow, Standing,
    acting::{office_authority, under},
    decide, payload, store,
};

/// Where an office's page is, before its id.
const OFFICES: &str = "/deleghe/uffici";

/// The offices in which somebody works, on the list of who may act for whom: name, its page, how many proposals wait.
pub async fn of(tx: &mut Tx, at: &At) -> database::Result<Vec<(String, String, String)>> {
    let mut found = Vec::new();
    for office in store::offices::of_operator(tx, at.person.fiscal_code.as_str()).await? {
        let mandates = store::open_received(tx, &payload::office_key(&office.id), at.visit.now).await?;
        let count = |standing| mandates.iter().filter(|one| one.standing(at.visit.now) == standing).count();
        let (waits, live) = (count(Standing::Proposed), count(Standing::Live));
        let told = at.visit.page("mandates.list.title").t2("mandates.office.count", "live", live, "waits", waits);
        found.push((office.name, format!("{OFFICES}/{}", office.id), told));
    }
    Ok(found)
}

impl At {
    /// An office in which this person works now; any other looks as if there were none.
    async fn office(&self, tx: &mut Tx, id: &str) -> Result<Intermediary, Failure> {
        let offices = store::offices::of_operator(tx, self.person.fiscal_code.as_str()).await?;
        if let Some(office) = offices.into_iter().find(|office| office.id == id) {
            return Ok(office);
        }
        identity::note_refusal(&self.room.web, self.person.fiscal_code.as_str(), &self.visit.path);
        Err(Failure::NotFound)
    }

    /// A mandate of such an office.
    async fn of_office(&self, tx: &mut Tx, (id, mandate): (&str, &str)) -> Result<(Intermediary, Mandate), Failure> {
        let office = self.office(tx, id).await?;
        if let Ok(parsed) = mandate.parse()
            && let Some(mandate) = store::find(tx, parsed).await?
            && mandate.office() == Some(id)
        {
            return Ok((office, mandate));
        }
        identity::note_refusal(&self.room.web, self.person.fiscal_code.as_str(), &self.visit.path);
        Err(Failure::NotFound)
    }
}

/// The mandates of an office.
#[derive(Template)]
#[template(path = "pages/intermediary.html")]
struct OfficePage {
    page: Page,
    kind: String,
    seat: String,
    proposed: Table,
    live: Table,
    over: Table,
}

/// Shows what people gave to the office, and nothing else: there is no search of people.
pub async fn show(at: At, Path(id): Path<String>) -> Answer {
    let At { room, visit, .. } = &at;
    let mut tx = room.web.database().read().await?;
    let office = at.office(&mut tx, &id).await?;
    let mandates = store::of_office(&mut tx, &payload::office_key(&id), visit.now).await?;
    drop(tx);
    let page = at.page(&office.name);
    let table = |caption: &str, of: &dyn Fn(Standing) -> bool| Table {
        caption: page.t(&format!("mandates.office.{caption}")).to_owned(),
        head: ["number", "principal", "services", "until", "standing"]
            .map(|key| page.t(&format!("mandates.fact.{key}")).to_owned())
            .to_vec(),
        rows: mandates
            .iter()
            .filter(|one| of(one.standing(visit.now)))
            .map(|one| row(&page, &at, (&id, one)))
            .collect(),
    };
    web::show(&OfficePage {
        kind: page.t(&format!("mandates.office.kind.{}", office.kind.key())).to_owned(),
        seat: office.seat,
        proposed: table("proposed", &|standing| standing == Standing::Proposed),
        live: table("live", &|standing| standing == Standing::Live),
        over: table("over", &|standing| standing.is_over()),
        page,
    })
}

fn row(page: &Page, at: &At, (office, mandate): (&str, &Mandate)) -> Vec<Cell> {
    let standing = mandate.standing(at.visit.now);
    vec![
        Cell::link(&mandate.number, format!("{OFFICES}/{office}/{}", mandate.id)),
        Cell::text(&mandate.principal.name),
        Cell::text(services(page, &at.room, mandate)),
        Cell::text(page.date(&mandate.until)),
        Cell::badge(tone(standing), page.t(&standing_key(standing))),
    ]
}

/// A mandate, to who works at its office.
#[derive(Template)]
#[template(path = "pages/intermediary_one.html")]
struct OnePage {
    page: Page,
    /// Where what is done to it is sent.
    place: String,
    standing: (Tone, String),
    principal: String,
    facts: Vec<Fact>,
    history: Vec<TimelineItem>,
    done: Table,
    answer: bool,
    act: bool,
}

/// Shows a mandate of the office with all that happened to it and all that was done by it, by whoever works there.
pub async fn one(at: At, Path((office, id)): Path<(String, String)>) -> Answer {
    let At { room, visit, .. } = &at;
    let mut tx = room.web.database().read().await?;
    let (office, mandate) = at.of_office(&mut tx, (&office, &id)).await?;
    let acts: Vec<Act> = acts::of_case(&mut tx, mandate.id).await?;
    let deeds = store::deeds_under(&mut tx, &mandate.id.to_string()).await?;
    drop(tx);
    let place = format!("{OFFICES}/{}", office.id);
    let page = at.page(visit.t1("mandates.one.title", "number", &mandate.number)).crumb(&office.name, &place);
    let standing = mandate.standing(visit.now);
    web::show(&OnePage {
        place: format!("{place}/{}", mandate.id),
        standing: (tone(standing), page.t(&standing_key(standing)).to_owned()),
        facts: facts(&page, room, &mandate),
        history: acts.iter().map(|act| one::item(&page, act)).collect(),
        done: one::table(&page, &deeds),
        answer: standing == Standing::Proposed,
        act: standing == Standing::Live,
        principal: mandate.principal.name,
        page,
    })
}

/// What is done to a mandate of the office, and what is told then.
struct Step {
    decision: fn(&Mandate, &Actor, Timestamp) -> Result<NewAct, NotNow>,
    message: &'static str,
    /// Whether it lets somebody in: not while it is unsure that the operator is the operator.
    lets_in: bool,
}

/// Who works there accepts for the office.
pub async fn accept(at: At, Path(place): Path<(String, String)>, _: Posted) -> Answer {
    if let Some(way) = at.person.step_up(&at.visit, decide::LEVEL) {
        return Ok(way);
    }
    settle(at, place, Step { decision: decide::accept, message: "mandates.office.done.accepted", lets_in: true }).await
}

/// The office does not want it.
pub async fn decline(at: At, Path(place): Path<(String, String)>, _: Posted) -> Answer {
    settle(at, place, Step { decision: decide::decline, message: "mandates.done.declined", lets_in: false }).await
}

/// The office gives it up.
pub async fn renounce(at: At, Path(place): Path<(String, String)>, _: Posted) -> Answer {
    let step = Step { decision: decide::renounce, message: "mandates.office.done.renounced", lets_in: false };
    settle(at, place, step).await
}

/// Reads, decides and writes in one transaction. The decision is the office's; the act names who took it.
async fn settle(at: At, (office, id): (String, String), step: Step) -> Answer {
    let At { room, person, visit } = &at;
    let mut tx = room.web.database().begin().await?;
    let (office, mandate) = at.of_office(&mut tx, (&office, &id)).await?;
    let now = room.web.clock().now();
    let place = Redirect::to(&format!("{OFFICES}/{}/{}", office.id, mandate.id));
    let frozen = step.lets_in && identity::freeze(&mut tx, person.fiscal_code.as_str(), now).await?.is_some();
    let as_office = Actor { subject: payload::office_key(&office.id), name: office.name.clone(), ..person.actor() };
    let decided = if frozen { Err(NotNow::Frozen) } else { (step.decision)(&mandate, &as_office, now) };
    let mut act = match decided {
        Ok(act) => act,
        Err(why) => {
            tx.commit().await?; // what was read may be of a unit that shares this commit
            return Ok((web::SetCookie::warning(visit, why.key()), place).into_response());
        }
    };
    act.actor = Actor { authority: Some(office_authority(&mandate, &office)), ..person.actor() };
    let after = store::write(&mut tx, room.web.chance(), Some(&mandate), (now, act)).await?;
    if after.ended.is_some() {
        sessions::end_acting(&mut tx, &under(&after)).await?;
    }
    tx.commit().await?;
    Ok((web::SetCookie::notice(visit, step.message), place).into_response())
}

/// From now on this session acts, for the office, for who gave the mandate.
pub async fn choose(at: At, Path((office, id)): Path<(String, String)>, _: Posted) -> Answer {
    let At { room, visit, .. } = &at;
    let mut tx = room.web.database().begin().await?;
    let (office, mandate) = at.of_office(&mut tx, (&office, &id)).await?;
    if mandate.standing(visit.now) != Standing::Live {
        tx.commit().await?; // what was read may be of a unit that shares this commit
        let place = format!("{OFFICES}/{}/{}", office.id, mandate.id);
        return Ok((web::SetCookie::warning(visit, NotNow::Over.key()), Redirect::to(&place)).into_response());
    }
    let [name, number] = [&office.name, &mandate.number].map(|text| Translated::from(text.as_str()));
    let by = visit.web.words().in_all("mandates.by.office", &[("office", &name), ("number", &number)]);
    let acting = ActingFor {
        under: under(&mandate),
        name: mandate.principal.name.clone(),
        note: noted(visit, by, Some(mandate.until)),
        ends_at: end_of(mandate.until),
        ended: false,
    };
    sessions::act_for(&mut tx, visit.citizen()?, Some(&acting)).await?;
    tx.commit().await?;
    Ok(Redirect::to("/pratiche").into_response())
}

/// Who logs in again after a session expired on a button comes back by GET.
pub async fn up(at: At, Path((office, id)): Path<(String, String)>) -> Answer {
    let mut tx = at.room.web.database().read().await?;
    at.of_office(&mut tx, (&office, &id)).await?;
    Ok(Redirect::to(&format!("{OFFICES}/{office}/{id}")).into_response())
}
