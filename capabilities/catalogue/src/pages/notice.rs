//! What happens to the data of a service (art. 13 and 14 GDPR), today and in every version that it had.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use base::Timestamp;
use database::Tx;
use web::{
    Answer, Failure, Page, Visit,
    components::{Fact, Tone},
};

use super::{KEPT, Room};
use crate::{ConsentAsked, PinError, Service, store};

/// Versions that are looked through for another notice.
const LOOKED_THROUGH: usize = 200;

#[derive(Template)]
#[template(path = "pages/notice.html")]
struct NoticePage {
    page: Page,
    service: Arc<Service>,
    /// Since when it was so, where it is not so any more.
    earlier: Option<String>,
    facts: Vec<Fact>,
    /// What the others said: when it began, and where it is.
    others: Vec<(String, String)>,
}

/// `GET /servizi/{slug}/informativa`: as it is today.
pub(super) async fn show(visit: Visit, Path(slug): Path<String>, State(room): State<Room>) -> Answer {
    let service = room.catalogue.service(&slug).filter(|service| service.is_public()).ok_or(Failure::NotFound)?;
    shown(&visit, &room, service, true).await
}

/// `GET /servizi/{slug}/informativa/{version}`: as it was when somebody applied.
pub(super) async fn show_version(
    visit: Visit,
    Path((slug, version)): Path<(String, String)>,
    State(room): State<Room>,
) -> Answer {
    let named = |text: &str| text.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-');
    if !named(&slug) || !named(&version) {
        return Err(Failure::NotFound);
    }
    let mut tx = visit.web.database().read().await?;
    let service = room.catalogue.pinned(&mut tx, &slug, &version).await?;
    drop(tx);
    let service = service.filter(|service| service.is_public()).ok_or(Failure::NotFound)?;
    let now = room.catalogue.service(&slug).filter(|now| now.is_public());
    let today = now.is_some_and(|now| same(&now, &service));
    shown(&visit, &room, service, today).await
}

async fn shown(visit: &Visit, room: &Room, service: Arc<Service>, today: bool) -> Answer {
    let mut tx = visit.web.database().read().await?;
    let notices = notices(&mut tx, room, &service.slug).await?;
    drop(tx);
    let page = visit
        .page("catalogue.notice.title")
        .crumb(visit.t("catalogue.list.title"), "/servizi")
        .crumb(service.name.get(visit.language), service.href());
    let own = notices.iter().find(|notice| same(&notice.0, &service));
    let earlier =
        (!today).then(|| own.map(|notice| page.t1("catalogue.notice.earlier", "day", page.moment(&notice.1))));
    let other = |notice: &&(Arc<Service>, Timestamp)| !same(&notice.0, &service);
    let link = |(of, since): &(Arc<Service>, Timestamp)| {
        (
            page.t1("catalogue.notice.since", "day", page.moment(since)),
            format!("{}/informativa/{}", of.href(), of.version),
        )
    };
    let shown = NoticePage {
        earlier: earlier.flatten(),
        facts: facts(&page, room, &service),
        others: notices.iter().filter(other).map(link).collect(),
        service,
        page,
    };
    Ok(web::cacheable(KEPT, web::show(&shown)?))
}

fn same(one: &Service, other: &Service) -> bool {
    let (this, that) = (&one.decl, &other.decl);
    let said = this.privacy == that.privacy && this.facts_purpose == that.facts_purpose;
    said && this.consents == that.consents && one.office == other.office
}

/// The notices of a service, latest first, each in the first version that had it, with the instant at which it began.
async fn notices(tx: &mut Tx, room: &Room, slug: &str) -> Result<Vec<(Arc<Service>, Timestamp)>, Failure> {
    let mut found: Vec<(Arc<Service>, Timestamp)> = Vec::new();
    for (version, since) in store::versions(tx, slug).await?.into_iter().take(LOOKED_THROUGH) {
        let service = match room.catalogue.pinned(tx, slug, &version).await {
            Ok(Some(service)) if service.is_public() => service,
            Ok(_) => continue,
            // One that cannot be read any more must not hide the others.
            Err(PinError::Database(error)) => return Err(error.into()),
            Err(unreadable) => {
                tracing::error!(%unreadable, "a notice is not listed");
                continue;
            }
        };
        match found.last_mut() {
            Some(last) if same(&last.0, &service) => *last = (service, since),
            _ => found.push((service, since)),
        }
    }
    Ok(found)
}

fn facts(page: &Page, room: &Room, service: &Service) -> Vec<Fact> {
    let privacy = &service.decl.privacy;
    let say = |key: &str, text: &base::Translated| Fact::new(page.t(key), text.get(page.language));
    let office = room.catalogue.office(&service.office);
    let mut facts = Vec::new();
    facts.extend(office.as_ref().map(|office| {
        let who = format!("{}, {}", office.administration.get(page.language), office.name.get(page.language));
        Fact::new(page.t("catalogue.notice.controller"), who)
    }));
    facts.push(say("catalogue.privacy.purpose", &privacy.purpose));
    facts.push(say("catalogue.privacy.basis", &privacy.basis));
    facts.push(Fact::new(page.t("catalogue.privacy.retention"), super::service::retention(page, privacy.retention)));
    facts.push(say("catalogue.privacy.recipients", &privacy.recipients));
    facts.extend(service.decl.facts_purpose.as_ref().map(|text| say("catalogue.notice.registries", text)));
    facts.extend(office.map(|office| Fact::new(page.t("catalogue.privacy.officer"), office.privacy)));
    facts
}

impl NoticePage {
    fn name(&self) -> &str {
        self.service.name.get(self.page.language)
    }

    fn title<'t>(&self, asked: &'t ConsentAsked) -> &'t str {
        asked.title.get(self.page.language)
    }

    fn text<'t>(&self, asked: &'t ConsentAsked) -> &'t str {
        asked.text.get(self.page.language)
    }
}
