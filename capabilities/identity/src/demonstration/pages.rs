use askama::Template;
use axum::extract::State;
use base::FiscalCode;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use web::{
    Answer as WebAnswer, Failure, Page, Posted, Visit,
    components::{Choice, Fault, Field, Tone},
    show, show_faulty,
};

use super::{DemoIdp, DemoPerson, answer::Answer};
use crate::{
    Identity,
    federation::Kind,
    saml::{AuthnRequest, SignedQuery},
};

#[derive(Template)]
#[template(path = "demonstration/about.html")]
struct AboutPage {
    page: Page,
    people: Vec<Told>,
}

/// A person and their story in the language of the page.
struct Told {
    name: String,
    code: String,
    story: String,
}

#[derive(Template)]
#[template(path = "demonstration/people.html")]
struct PeoplePage {
    page: Page,
    /// The signed query as it came: it is verified again when it comes back.
    request: String,
    faults: Vec<Fault>,
    person: Field,
    code: Field,
    level: Field,
}

#[derive(Template)]
#[template(path = "demonstration/answer.html")]
struct AnswerPage {
    page: Page,
    text: String,
    consumer_url: String,
    message: String,
    relay_state: String,
}

/// `GET /idp-dimostrativo/`: what this is and who is who.
pub(super) async fn about(State(identity): State<Identity>, visit: Visit) -> WebAnswer {
    let told = |person: DemoPerson| Told {
        name: person.name.to_string(),
        code: person.fiscal_code.to_string(),
        story: person.story.map(|story| story.get(visit.language).to_owned()).unwrap_or_default(),
    };
    let people = provider(&identity)?.people.samples().into_iter().map(told).collect();
    show(&AboutPage { page: visit.page("identity.demo.title"), people })
}

/// `GET /idp-dimostrativo/sso`: a request of the service provider; choose who to be.
pub(super) async fn sign_on(State(identity): State<Identity>, visit: Visit) -> WebAnswer {
    let read = read_request(&identity, &visit.query)?;
    show(&people_page(&identity, &visit, &visit.query, &read.request, &Posted::default(), Vec::new())?)
}

/// `POST /idp-dimostrativo/scelta`: the answer for the chosen person, to be carried back by a visible button.
pub(super) async fn choose(State(identity): State<Identity>, visit: Visit, posted: Posted) -> WebAnswer {
    let query = posted.text("richiesta");
    let read = read_request(&identity, query)?;
    let idp = provider(&identity)?;
    let answer = Answer {
        request: &read.request,
        issuer: &idp.entity_id,
        consumer_url: &identity.0.consumer_url,
        seed: visit.web.chance().bytes(),
        now: visit.now,
    };
    if !posted.text("annulla").is_empty() {
        let text = visit.t("identity.demo.cancelled").to_owned();
        return answer_page(&identity, &visit, text, &answer.cancelled(), read.relay_state);
    }
    let person = match find(idp, &posted).await.map_err(Failure::internal)? {
        Ok(person) => person,
        Err((field, key)) => {
            let fault = Fault { field: field.to_owned(), message: visit.t(key).to_owned() };
            return show_faulty(&people_page(&identity, &visit, query, &read.request, &posted, vec![fault])?);
        }
    };
    let level =
        posted.text("livello").parse().ok().filter(|level| (1..=3).contains(level)).unwrap_or(read.request.level);
    let message = answer.identified(&person, level, &idp.signer).map_err(Failure::internal)?;
    let text = visit.t1("identity.demo.chosen", "name", &person.name);
    answer_page(&identity, &visit, text, &message, read.relay_state)
}

fn provider(identity: &Identity) -> Result<&DemoIdp, Failure> {
    identity.0.demonstration.as_ref().ok_or(Failure::NotFound)
}

fn read_request(identity: &Identity, query: &str) -> Result<SignedQuery, Failure> {
    let spid = identity.federation(Kind::Spid).ok_or(Failure::NotFound)?;
    SignedQuery::read(query, spid.signer().certificate()).map_err(|error| {
        tracing::warn!(%error, "the demonstration provider refused a request");
        Failure::BadRequest("identity.demo.bad_request")
    })
}

/// A typed fiscal code goes before a chosen person. Otherwise the field at fault and what to say.
type Found = Result<DemoPerson, (&'static str, &'static str)>;

async fn find(idp: &DemoIdp, posted: &Posted) -> anyhow::Result<Found> {
    let (typed, chosen) = (posted.text("codice"), posted.text("persona"));
    if typed.is_empty() && chosen.is_empty() {
        return Ok(Err(("persona", "identity.demo.nobody_chosen")));
    }
    if typed.is_empty() {
        let sample = idp.people.samples().into_iter().find(|person| person.handle == chosen);
        return Ok(sample.ok_or(("persona", "identity.demo.nobody_chosen")));
    }
    let Ok(code) = typed.parse::<FiscalCode>() else { return Ok(Err(("codice", "identity.demo.code_wrong"))) };
    Ok(idp.people.find(&code).await?.ok_or(("codice", "identity.demo.code_unknown")))
}

fn people_page(
    identity: &Identity,
    visit: &Visit,
    query: &str,
    request: &AuthnRequest,
    posted: &Posted,
    faults: Vec<Fault>,
) -> Result<PeoplePage, Failure> {
    let page = visit.page("identity.demo.title").faulty(!faults.is_empty());
    let choice = |person: DemoPerson| {
        let choice = Choice::new(&person.handle, format!("{} ({})", person.name, person.fiscal_code))
            .chosen(person.handle == posted.text("persona"));
        match &person.story {
            Some(story) => choice.hint(story.get(page.language)),
            None => choice,
        }
    };
    let people = provider(identity)?.people.samples().into_iter().map(choice).collect();
    let wanted = posted.text("livello").parse().unwrap_or(request.level);
    let levels = [1, 2, 3].map(|level: u8| {
        let label = page.t1("identity.demo.level_n", "n", level);
        Choice::new(level.to_string(), label).chosen(level == wanted)
    });
    Ok(PeoplePage {
        person: Field::radios("persona", page.t("identity.demo.person"), people).fault_from(&faults).optional(),
        code: Field::text("codice", page.t("identity.demo.code"))
            .hint(page.t("identity.demo.code_hint"))
            .width(20)
            .value(posted.text("codice"))
            .fault_from(&faults)
            .optional(),
        level: Field::radios("livello", page.t1("identity.demo.level", "n", request.level), levels.to_vec()),
        request: query.to_owned(),
        faults,
        page,
    })
}

fn answer_page(identity: &Identity, visit: &Visit, text: String, message: &str, relay_state: String) -> WebAnswer {
    let page = visit.page("identity.demo.answer_title");
    let consumer_url = identity.0.consumer_url.clone();
    show(&AnswerPage { page, text, consumer_url, message: STANDARD.encode(message), relay_state })
}
