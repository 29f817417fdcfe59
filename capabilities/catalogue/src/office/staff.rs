//! The people of an office, for who runs it: who is away and who does their work, and what was done to accounts.

use askama::Template;
use axum::{
    extract::{FromRequestParts, Path},
    http::request::Parts,
    response::{IntoResponse, Redirect},
};
use base::{Uuid, rome_date};
use identity::{Absence, Account, AccountDeed, NewAbsence, NotDeclared, Officer, Power, StaffLogin};
use web::{
    Answer, Failure, Page, Posted, SetCookie, Visit,
    components::{Cell, Choice, Fact, Fault, Field, Table, Tone, day_of},
};

use crate::{Offer, pages::Room};

/// Where these pages are.
const PLACE: &str = "/ufficio/personale";
const ABSENT: &str = "assente";
const SUBSTITUTE: &str = "sostituto";
const FIRST: &str = "dal";
const LAST: &str = "al";

/// Who runs an office: an extractor.
pub(crate) struct Manager {
    room: Room,
    officer: Officer,
    visit: Visit,
}

impl FromRequestParts<Room> for Manager {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, room: &Room) -> Result<Self, Failure> {
        let (officer, visit) = room.catalogue.at_work(parts, Power::ManageStaff).await?;
        // Who stands in for the head for some days does not say who stands in for whom, nor shuts anybody out.
        room.catalogue.demand(&officer.own(), Power::ManageStaff)?;
        Ok(Self { room: room.clone(), officer, visit })
    }
}

#[derive(Template)]
#[template(path = "office/staff.html")]
struct StaffPage {
    page: Page,
    people: Table,
    absences: Vec<Away>,
    faults: Vec<Fault>,
    fields: Vec<Field>,
}

/// Somebody who is or will be away.
struct Away {
    id: String,
    who: String,
    when: String,
    now: bool,
}

/// The account of a colleague.
#[derive(Template)]
#[template(path = "office/account.html")]
struct AccountPage {
    page: Page,
    id: String,
    facts: Vec<Fact>,
    deeds: Vec<String>,
    /// How the account was tried lately.
    logins: Vec<String>,
    /// Whether it can be closed, and the second proof forgotten, from here.
    open: bool,
}

/// `GET /ufficio/personale`: the officials of the office, who is away, and the form for another absence.
pub(crate) async fn show(manager: Manager) -> Answer {
    let parked = web::parked::find_here(&manager.visit).await?.unwrap_or_default();
    web::show(&build(&manager, &Posted::from(parked), Vec::new()).await?)
}

/// `POST /ufficio/personale`: writes down who is away, from when to when, and who does their work.
pub(crate) async fn declare(manager: Manager, posted: Posted) -> Answer {
    let Manager { officer, visit, .. } = &manager;
    let days = [FIRST, LAST].map(|name| day_of(&posted.day_parts(name)));
    let fault = |field: &str, key: &str| Fault { field: field.to_owned(), message: visit.t(key).to_owned() };
    let text = |name| posted.text(name).to_owned();
    let chosen = [ABSENT, SUBSTITUTE].into_iter().filter(|name| text(name).is_empty());
    let choose = |name| if name == ABSENT { "catalogue.staff.choose" } else { "catalogue.staff.choose_substitute" };
    let mut faults: Vec<_> = chosen.map(|name| fault(name, choose(name))).collect();
    let undated = [FIRST, LAST].into_iter().zip(days).filter(|(_, day)| day.is_none());
    faults.extend(undated.map(|(name, _)| fault(name, "catalogue.staff.no_day")));
    let ([Some(first), Some(last)], true) = (days, faults.is_empty()) else {
        return web::show_faulty(&build(&manager, &posted, faults).await?);
    };
    let new = NewAbsence { absent: text(ABSENT), substitute: text(SUBSTITUTE), first, last };
    let mut tx = visit.web.database().begin().await?;
    let declared = identity::declare(&mut tx, (visit.web.clock(), visit.web.chance()), officer, &new).await?;
    tx.commit().await?;
    match declared {
        Ok(()) => onward(visit, PLACE, "catalogue.staff.declared"),
        Err(why) => {
            let (field, key) = match why {
                NotDeclared::Absent => (ABSENT, "catalogue.staff.choose"),
                NotDeclared::Substitute => (SUBSTITUTE, "catalogue.staff.not_substitute"),
                NotDeclared::Oneself => (SUBSTITUTE, "catalogue.staff.not_oneself"),
                NotDeclared::Days => (LAST, "catalogue.staff.days"),
                NotDeclared::Overlap => (FIRST, "catalogue.staff.overlap"),
                NotDeclared::Busy => (ABSENT, "catalogue.staff.busy"),
            };
            web::show_faulty(&build(&manager, &posted, vec![fault(field, key)]).await?)
        }
    }
}

/// `POST /ufficio/personale/assenze/{absence}/fine`: whoever was away is back; from this moment on nobody does their work.
pub(crate) async fn end(manager: Manager, Path(absence): Path<String>, _: Posted) -> Answer {
    let Manager { officer, visit, .. } = &manager;
    let id = absence.parse::<Uuid>().map_err(|_| Failure::NotFound)?;
    let mut tx = visit.web.database().begin().await?;
    let ended = identity::end_absence(&mut tx, id, officer, visit.web.clock().now()).await?;
    tx.commit().await?;
    if ended { onward(visit, PLACE, "catalogue.staff.ended") } else { Err(Failure::NotFound) }
}

/// `GET /ufficio/personale/{staff}`: the account of a colleague of the same office.
pub(crate) async fn account(manager: Manager, Path(staff): Path<String>) -> Answer {
    let Manager { room, officer, visit } = &manager;
    let mut tx = visit.web.database().read().await?;
    let accounts = identity::accounts_of(&mut tx, &officer.office).await?;
    let deeds = identity::deeds_on(&mut tx, &staff).await?;
    let logins = identity::logins_of(&mut tx, &staff).await?;
    drop(tx);
    let found = accounts.into_iter().find(|account| account.officer.id == staff).ok_or(Failure::NotFound)?;
    let page = visit.page_titled(&found.officer.name).crumb(visit.t("catalogue.staff.title"), PLACE);
    let said = |deed: &AccountDeed| {
        page.t2(&format!("catalogue.staff.deed.{}", deed.what), "when", page.moment(&deed.at), "name", &deed.by)
    };
    let tried = |login: &StaffLogin| {
        let key = if login.came_in { "catalogue.staff.came_in" } else { "catalogue.staff.refused" };
        page.t1(key, "when", page.moment(&login.at))
    };
    web::show(&AccountPage {
        facts: facts(&page, &room.catalogue.offer(), &found),
        deeds: deeds.iter().map(said).collect(),
        logins: logins.iter().map(tried).collect(),
        open: !found.disabled && found.officer.id != officer.id,
        id: found.officer.id,
        page,
    })
}

/// `POST /ufficio/personale/{staff}/chiudi`: the account lets nobody in any more, and what is open ends at once.
pub(crate) async fn close(manager: Manager, Path(staff): Path<String>, _: Posted) -> Answer {
    manage(&manager, &staff, (AccountDeed::CLOSED, "catalogue.staff.closed_now")).await
}

/// `POST /ufficio/personale/{staff}/azzera`: the second proof is forgotten: a lost telephone opens nothing.
pub(crate) async fn reset(manager: Manager, Path(staff): Path<String>, _: Posted) -> Answer {
    manage(&manager, &staff, (AccountDeed::RESET, "catalogue.staff.reset_now")).await
}

async fn manage(manager: &Manager, staff: &str, (deed, message): (&'static str, &'static str)) -> Answer {
    let Manager { officer, visit, .. } = manager;
    let mut tx = visit.web.database().begin().await?;
    let around = (visit.web.clock(), visit.web.chance());
    let done = identity::manage(&mut tx, around, officer, (staff, deed)).await?;
    tx.commit().await?;
    if done { onward(visit, &format!("{PLACE}/{staff}"), message) } else { Err(Failure::NotFound) }
}

fn onward(visit: &Visit, place: &str, message: &'static str) -> Answer {
    Ok((SetCookie::notice(visit, message), Redirect::to(place)).into_response())
}

async fn build(manager: &Manager, posted: &Posted, faults: Vec<Fault>) -> Result<StaffPage, Failure> {
    let Manager { room, officer, visit } = manager;
    let today = rome_date(visit.now);
    let mut tx = visit.web.database().read().await?;
    let accounts = identity::accounts_of(&mut tx, &officer.office).await?;
    let absences = identity::absences_of(&mut tx, &officer.office, today).await?;
    drop(tx);
    let page = visit.page("catalogue.staff.title").crumb(visit.t("catalogue.powers.title"), "/ufficio/compiti");
    let away = |absence: &Absence| Away {
        id: absence.id.to_string(),
        who: page.t2("catalogue.staff.away", "absent", &absence.absent.name, "substitute", &absence.substitute.name),
        when: page.t2("catalogue.staff.days_of", "first", page.date(&absence.first), "last", page.date(&absence.last)),
        now: absence.covers(today),
    };
    let active: Vec<&Account> = accounts.iter().filter(|account| !account.disabled).collect();
    let choices = |name: &str| -> Vec<Choice> {
        let choice = |account: &&Account| {
            let one = &account.officer;
            Choice::new(&one.id, &one.name).chosen(posted.text(name) == one.id)
        };
        active.iter().map(choice).collect()
    };
    let select = |name: &str, key: &str| Field::select(name, page.t(key), choices(name));
    let fields = vec![
        select(ABSENT, "catalogue.staff.absent"),
        select(SUBSTITUTE, "catalogue.staff.substitute").hint(page.t("catalogue.staff.substitute_hint")),
        Field::date(FIRST, page.t("catalogue.staff.first"), posted.day_parts(FIRST)),
        Field::date(LAST, page.t("catalogue.staff.last"), posted.day_parts(LAST)),
    ];
    Ok(StaffPage {
        people: people(&page, &room.catalogue.offer(), &accounts),
        absences: absences.iter().map(away).collect(),
        fields: fields.into_iter().map(|field| field.fault_from(&faults)).collect(),
        page: page.faulty(!faults.is_empty()),
        faults,
    })
}

fn people(page: &Page, offer: &Offer, accounts: &[Account]) -> Table {
    let head = ["name", "roles", "state"].map(|key| page.t(&format!("catalogue.staff.{key}")).to_owned());
    let row = |account: &Account| {
        let one = &account.officer;
        let (tone, key) = standing(account);
        vec![
            Cell::link(&one.name, format!("{PLACE}/{}", one.id)),
            Cell::text(roles(page, offer, one)),
            Cell::badge(tone, page.t(key)),
        ]
    };
    let caption = page.t("catalogue.staff.caption").to_owned();
    Table { caption, head: head.to_vec(), rows: accounts.iter().map(row).collect() }
}

const fn standing(account: &Account) -> (Tone, &'static str) {
    match (account.disabled, account.elsewhere, account.second) {
        (true, ..) => (Tone::Neutral, "catalogue.staff.is_closed"),
        (false, true, _) => (Tone::Success, "catalogue.staff.elsewhere"),
        (false, false, true) => (Tone::Success, "catalogue.staff.is_open"),
        (false, false, false) => (Tone::Warning, "catalogue.staff.one_proof"),
    }
}

/// The tasks of the account itself, as people call them.
fn roles(page: &Page, offer: &Offer, officer: &Officer) -> String {
    let known = |id| offer.policy.roles.get(id).map(|role| role.name.get(page.language));
    officer.roles.iter().map(|id| known(id).unwrap_or(id)).collect::<Vec<_>>().join(", ")
}

fn facts(page: &Page, offer: &Offer, account: &Account) -> Vec<Fact> {
    let never = || page.t("catalogue.staff.never").to_owned();
    vec![
        Fact::new(page.t("catalogue.staff.user"), &account.officer.id),
        Fact::new(page.t("catalogue.staff.roles"), roles(page, offer, &account.officer)),
        Fact::new(page.t("catalogue.staff.state"), page.t(standing(account).1)),
        Fact::new(
            page.t("catalogue.staff.last_login"),
            account.last_login_at.as_ref().map_or_else(never, |at| page.moment(at)),
        ),
    ]
}
