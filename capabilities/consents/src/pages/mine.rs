use std::collections::BTreeMap;

use askama::Template;
use catalogue::{ConsentAsked, Offer};
use web::{Answer, Page, components::Tone};

use super::{At, CONSENT, LANGUAGE, READ, SERVICE};
use crate::{Consent, store};

/// What a person agreed to, and what one is asked.
#[derive(Template)]
#[template(path = "pages/mine.html")]
struct MinePage {
    page: Page,
    /// For whom the person acts elsewhere meanwhile.
    acting: Option<String>,
    services: Vec<OfService>,
}

/// What a service asks, and what was answered.
struct OfService {
    slug: String,
    name: String,
    /// Whether it still asks anything, and so has a notice to be read.
    asks: bool,
    answers: Vec<Answered>,
}

/// A question with its answer.
struct Answered {
    /// Names the question on the page.
    anchor: String,
    consent: String,
    title: String,
    text: String,
    state: (Tone, &'static str),
    /// When it was given, or taken back.
    since: String,
    /// To which other words the person agreed, and still agrees.
    earlier: Option<String>,
    /// What the button to agree sends: the fingerprint of the sentence.
    give: Option<String>,
    withdraw: bool,
}

/// `GET /profilo/consensi`
pub async fn show(at: At) -> Answer {
    let mut tx = at.room.web.database().read().await?;
    let given = store::of_person(&mut tx, at.person.fiscal_code.as_str()).await?;
    drop(tx);
    let page = at.visit.page("consents.mine.title").crumb(at.visit.t("consents.mine.profile"), "/profilo");
    web::show(&MinePage {
        acting: at.visit.acting().map(|acting| page.t1("consents.mine.acting", "name", &acting.name)),
        services: services(&page, &at.room.catalogue.offer(), &given),
        page,
    })
}

/// Where something was answered first, then what else is asked.
fn services(page: &Page, offer: &Offer, given: &[Consent]) -> Vec<OfService> {
    let mut found: BTreeMap<(bool, String, String), OfService> = BTreeMap::new();
    let answered = |slug: &str| given.iter().any(|consent| consent.given.service == slug);
    for service in offer.services.values().filter(|service| service.is_public() && !service.decl.consents.is_empty()) {
        let slug = &service.slug;
        let mine =
            |asked: &ConsentAsked| given.iter().find(|one| one.given.service == *slug && one.given.consent == asked.id);
        let answers = service.decl.consents.iter().map(|asked| asked_now(page, slug, asked, mine(asked))).collect();
        let name = service.name.get(page.language).to_owned();
        found.insert(
            (!answered(slug), name.clone(), slug.clone()),
            OfService { slug: slug.clone(), name, asks: true, answers },
        );
    }
    for consent in given.iter().filter(|consent| consent.stands() && !is_asked(offer, consent)) {
        let slug = &consent.given.service;
        let name = offer.services.get(slug).map_or(slug.as_str(), |service| service.name.get(page.language)).to_owned();
        let group = found.entry((false, name.clone(), slug.clone()));
        let group = group.or_insert_with(|| OfService { slug: slug.clone(), name, asks: false, answers: Vec::new() });
        group.answers.push(asked_once(page, consent));
    }
    found.into_values().collect()
}

fn is_asked(offer: &Offer, consent: &Consent) -> bool {
    let service = offer.services.get(&consent.given.service).filter(|service| service.is_public());
    service.is_some_and(|service| service.consent(&consent.given.consent).is_some())
}

fn asked_now(page: &Page, slug: &str, asked: &ConsentAsked, given: Option<&Consent>) -> Answered {
    let fingerprint = asked.fingerprint();
    let standing = given.filter(|consent| consent.stands());
    let covered = standing.is_some_and(|consent| consent.covers(&fingerprint));
    let earlier = standing.filter(|_| !covered);
    Answered {
        anchor: format!("{slug}-{}", asked.id),
        consent: asked.id.clone(),
        title: asked.title.get(page.language).to_owned(),
        text: asked.text.get(page.language).to_owned(),
        state: state(standing.is_some()),
        since: since(page, given),
        earlier: earlier.map(|consent| consent.given.text.get(page.language).to_owned()),
        give: (!covered).then_some(fingerprint),
        withdraw: standing.is_some(),
    }
}

/// What nobody asks any more stands until it is taken back.
fn asked_once(page: &Page, consent: &Consent) -> Answered {
    Answered {
        anchor: format!("{}-{}", consent.given.service, consent.given.consent),
        consent: consent.given.consent.clone(),
        title: consent.given.title.get(page.language).to_owned(),
        text: consent.given.text.get(page.language).to_owned(),
        state: state(true),
        since: since(page, Some(consent)),
        earlier: None,
        give: None,
        withdraw: true,
    }
}

const fn state(stands: bool) -> (Tone, &'static str) {
    if stands { (Tone::Success, "consents.state.given") } else { (Tone::Neutral, "consents.state.not_given") }
}

fn since(page: &Page, consent: Option<&Consent>) -> String {
    match consent {
        None => String::new(),
        Some(Consent { withdrawn_at: Some(at), .. }) => page.t1("consents.mine.withdrawn_on", "day", page.moment(at)),
        Some(consent) => page.t1("consents.mine.given_on", "day", page.moment(&consent.given_at)),
    }
}
