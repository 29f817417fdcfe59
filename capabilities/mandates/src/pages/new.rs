use askama::Template;
use axum::response::{IntoResponse, Redirect};
use base::{FiscalCode, Language, Uuid, rome_date};
use catalogue::{Applicant, Intermediary};
use jiff::{SignedDuration, ToSpan};
use web::{
    Answer, Failure, Page, Posted, Visit,
    components::{Choice, Fault, Field, day_of},
};

use super::{At, PLACE};
use crate::{Delegate, NotNow, Proposal, Services, Verb, Verbs, decide, store};

const CODE: &str = "codice_fiscale";
const SURNAME: &str = "cognome";
const OFFICE: &str = "ufficio";
const SERVICES: &str = "servizi";
const VERBS: &str = "poteri";
const UNTIL: &str = "fino_al";
/// Makes sending twice harmless: the identifier that the mandate will have.
const KEY: &str = "sp.chiave";
/// Every service.
const ALL: &str = "tutti";
/// What a form begins with: nothing that costs money or gives something up.
const USUAL: [Verb; 5] = [Verb::See, Verb::Draft, Verb::Submit, Verb::Answer, Verb::Receive];
/// As many as may be open may be proposed in this time: whoever proposes and takes back fills nobody's list.
const DAY: SignedDuration = SignedDuration::from_hours(24);
/// Longest surname, in characters.
const LONGEST: usize = 100;

/// A mandate to be given.
#[derive(Template)]
#[template(path = "pages/new.html")]
struct NewPage {
    page: Page,
    lead: &'static str,
    key: String,
    faults: Vec<Fault>,
    fields: Vec<Field>,
}

/// What was chosen of checkboxes.
struct Chosen {
    services: Vec<String>,
    verbs: Vec<String>,
    to: To,
}

/// To whom it can be given on this page.
enum To {
    /// A person, who is typed.
    Person,
    /// One of the offices of intermediaries.
    Office(Vec<Intermediary>),
}

impl To {
    async fn of(at: &At) -> database::Result<Self> {
        if !at.visit.path.ends_with("/ufficio") {
            return Ok(Self::Person);
        }
        Ok(Self::Office(store::offices::all(&mut at.room.web.database().read().await?).await?))
    }
}

/// Shows the form, with what was typed when a session expired.
pub async fn show(at: At) -> Answer {
    if let Some(way) = at.person.step_up(&at.visit, decide::LEVEL) {
        return Ok(way);
    }
    oneself(&at).await?;
    let parked = web::parked::find_here(&at.visit).await?;
    let to = To::of(&at).await?;
    let usual = USUAL.map(|verb| verb.key().to_owned()).to_vec();
    let chosen = match parked.clone().map(Posted::from) {
        Some(posted) => read(&posted, to),
        None => Chosen { services: Vec::new(), verbs: usual, to },
    };
    let posted = Posted::from(parked.unwrap_or_default());
    web::show(&build(&at, &posted, &chosen, Vec::new()))
}

/// Proposes it, or says what is wrong. Whether there is such a person the answer does not tell: nobody looks.
pub async fn propose(at: At, posted: Posted) -> Answer {
    let At { room, person, visit } = &at;
    if let Some(way) = person.step_up(visit, decide::LEVEL) {
        return Ok(way);
    }
    oneself(&at).await?;
    let chosen = read(&posted, To::of(&at).await?);
    let proposal = match proposal(&at, &posted, &chosen) {
        Ok(proposal) => proposal,
        Err(faults) => return web::show_faulty(&build(&at, &posted, &chosen, faults)),
    };
    let id: Uuid = posted.text(KEY).parse().map_err(|_| Failure::BadRequest("web.failure.bad_request.advice"))?;
    let mut tx = room.web.database().begin().await?;
    if let Some(sent) = store::find(&mut tx, id).await? {
        let own = sent.principal.fiscal_code == person.fiscal_code.as_str();
        return if own { super::done(visit, id, "mandates.done.proposed") } else { Err(Failure::NotFound) };
    }
    let now = room.web.clock().now();
    let (giver, most) = (person.fiscal_code.as_str(), room.limits.most);
    let since = now.saturating_sub(DAY).unwrap_or(now);
    let lately = store::proposed_since(&mut tx, giver, since).await?;
    if most <= store::open_of(&mut tx, giver, now).await? || most <= lately {
        let message = visit.t1("mandates.form.too_many", "most", room.limits.most);
        let field = if matches!(chosen.to, To::Person) { CODE } else { OFFICE };
        let faults = vec![Fault { field: field.to_owned(), message }];
        return web::show_faulty(&build(&at, &posted, &chosen, faults));
    }
    if identity::freeze(&mut tx, person.fiscal_code.as_str(), now).await?.is_some() {
        drop(tx);
        return web::show_faulty(&build(&at, &posted, &chosen, vec![fault(visit, NotNow::Frozen)]));
    }
    let number = store::next_number(&mut tx, now).await?;
    match decide::propose(proposal, (id, number), &person.actor(), room.limits, now) {
        Ok(act) => {
            store::write(&mut tx, room.web.chance(), None, (now, act)).await?;
            tx.commit().await?;
            let notice = web::SetCookie::notice(visit, "mandates.done.proposed");
            Ok((notice, Redirect::to(&format!("{PLACE}/{id}"))).into_response())
        }
        Err(why) => {
            drop(tx); // the number goes back
            web::show_faulty(&build(&at, &posted, &chosen, vec![fault(visit, why)]))
        }
    }
}

/// Why it cannot be proposed, beside the field that it is about.
fn fault(visit: &Visit, why: NotNow) -> Fault {
    let field = match why {
        NotNow::Surname => SURNAME,
        NotNow::Until => UNTIL,
        NotNow::Nothing => VERBS,
        _ if visit.path.ends_with("/ufficio") => OFFICE,
        _ => CODE,
    };
    Fault { field: field.to_owned(), message: visit.t(why.key()).to_owned() }
}

/// Nobody gives mandates for somebody else; and who is under age gives none. Not every e-ID tells the birthday: then the
/// registry does, or the fiscal code, which does not say the century.
async fn oneself(at: &At) -> Result<(), Failure> {
    if at.visit.acting().is_some() {
        return Err(Failure::Conflict("mandates.failure.acting"));
    }
    let code = &at.person.fiscal_code;
    let mut born = at.person.born;
    if born.is_none() {
        born = registry::person(&mut at.room.web.database().read().await?, code).await?.map(|person| person.born);
    }
    let today = rome_date(at.visit.now);
    let majority = today.saturating_sub(18.years());
    if born.or_else(|| code.born_at_latest(today)).is_some_and(|born| majority < born) {
        return Err(Failure::Conflict("mandates.failure.minor"));
    }
    Ok(())
}

fn read(posted: &Posted, to: To) -> Chosen {
    let all = |name| posted.all(name).map(str::to_owned).collect();
    Chosen { services: all(SERVICES), verbs: all(VERBS), to }
}

fn proposal(at: &At, posted: &Posted, chosen: &Chosen) -> Result<Proposal, Vec<Fault>> {
    let visit = &at.visit;
    let mut faults = Vec::new();
    let mut fault =
        |field: &str, key: &str| faults.push(Fault { field: field.to_owned(), message: visit.t(key).to_owned() });
    let delegate = delegate(posted, &chosen.to, &mut fault);
    let offer = at.room.catalogue.offer();
    let known: Vec<_> = offer.public().filter(|service| chosen.services.contains(&service.slug)).collect();
    let all = chosen.services.iter().any(|one| one == ALL);
    if !all && known.is_empty() {
        fault(SERVICES, "mandates.form.services_missing");
    }
    let verbs: Verbs = chosen.verbs.iter().filter_map(|key| key.parse::<Verb>().ok()).collect();
    if verbs.is_empty() {
        fault(VERBS, "mandates.form.verbs_missing");
    }
    let until = day_of(&posted.day_parts(UNTIL));
    if until.is_none() {
        fault(UNTIL, "mandates.form.until_wrong");
    }
    let names =
        if all { Vec::new() } else { known.iter().map(|one| one.name.get(Language::Italian).to_owned()).collect() };
    let slugs = known.iter().map(|service| service.slug.clone());
    let services = if all { Services::ALL } else { Services::only(slugs) };
    match (delegate, until) {
        (Some(delegate), Some(until)) if faults.is_empty() => {
            Ok(Proposal { delegate, services, service_names: names, verbs, until })
        }
        _ => Err(faults),
    }
}

fn delegate(posted: &Posted, to: &To, fault: &mut dyn FnMut(&str, &str)) -> Option<Delegate> {
    if let To::Office(offices) = to {
        let office = offices.iter().find(|office| office.id == posted.text(OFFICE));
        if office.is_none() {
            fault(OFFICE, "mandates.office.missing");
        }
        return office.map(|office| Delegate::Office(office.id.clone(), office.name.clone()));
    }
    let code = posted.text(CODE).parse::<FiscalCode>().ok();
    if code.is_none() {
        fault(CODE, "mandates.form.code_wrong");
    }
    let surname: String = posted.text(SURNAME).to_owned();
    if surname.is_empty() || LONGEST < surname.chars().count() {
        fault(SURNAME, "mandates.form.surname_missing");
    }
    Some(Delegate::Person(code?, surname))
}

/// The fields that say to whom.
fn delegate_fields(page: &Page, posted: &Posted, to: &To) -> Vec<Field> {
    let text = |name: &str, label: &str| Field::text(name, page.t(label)).value(posted.text(name));
    match to {
        To::Person => vec![
            text(CODE, "mandates.form.code").hint(page.t("mandates.form.code_hint")).width(16),
            text(SURNAME, "mandates.form.surname").hint(page.t("mandates.form.surname_hint")),
        ],
        To::Office(offices) => {
            let choice = |office: &Intermediary| {
                let kind = page.t(&format!("mandates.office.kind.{}", office.kind.key())).to_owned();
                let hint = format!("{kind}, {}", office.seat);
                Choice::new(&office.id, &office.name).hint(hint).chosen(posted.text(OFFICE) == office.id)
            };
            vec![Field::radios(OFFICE, page.t("mandates.office.which"), offices.iter().map(choice).collect())]
        }
    }
}

fn build(at: &At, posted: &Posted, chosen: &Chosen, faults: Vec<Fault>) -> NewPage {
    let At { room, visit, .. } = at;
    let to_office = matches!(chosen.to, To::Office(_));
    let title = if to_office { "mandates.office.new" } else { "mandates.form.title" };
    let page = at.page(visit.t(title)).faulty(!faults.is_empty());
    let offer = room.catalogue.offer();
    let mut services: Vec<_> = offer.public().filter(|service| service.takes(Applicant::Person)).collect();
    services.sort_by_key(|service| service.name.get(page.language).to_owned());
    let picked = |value: &str, from: &[String]| from.iter().any(|one| one == value);
    let all = Choice::new(ALL, page.t("mandates.form.all_services")).chosen(picked(ALL, &chosen.services));
    let each = services.iter().map(|service| {
        Choice::new(&service.slug, service.name.get(page.language)).chosen(picked(&service.slug, &chosen.services))
    });
    let verbs = Verb::ALL.map(|verb| {
        let choice = Choice::new(verb.key(), page.t(&format!("mandates.verb.{}", verb.key())));
        let hint = page.t(&format!("mandates.verb_hint.{}", verb.key())).to_owned();
        choice.hint(hint).chosen(picked(verb.key(), &chosen.verbs))
    });
    let last = rome_date(visit.now).saturating_add(i64::from(room.limits.longest_days).days());
    let scope = [
        Field::checks(SERVICES, page.t("mandates.form.services"), std::iter::once(all).chain(each).collect()),
        Field::checks(VERBS, page.t("mandates.form.verbs"), verbs.to_vec()).hint(page.t("mandates.form.verbs_hint")),
        Field::date(UNTIL, page.t("mandates.form.until"), posted.day_parts(UNTIL)).hint(page.t1(
            "mandates.form.until_hint",
            "day",
            page.date(&last),
        )),
    ];
    let fields = delegate_fields(&page, posted, &chosen.to).into_iter().chain(scope);
    let kept = posted.text(KEY);
    let fresh = || base::new_id(room.web.clock(), room.web.chance()).to_string();
    NewPage {
        key: if kept.is_empty() { fresh() } else { kept.to_owned() },
        fields: fields.map(|field| field.fault_from(&faults)).collect(),
        lead: if to_office { "mandates.office.new_lead" } else { "mandates.form.lead" },
        page,
        faults,
    }
}
