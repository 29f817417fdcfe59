//! What happens to the data of a service (art. 13 and 14 GDPR), today and in every version that it had.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use base::{Timestamp, Translated};
use database::Tx;
use web::{Answer, Failure, Page, Visit, components::Tone};

use super::{KEPT, Room, service::retention};
use crate::{Office, PinError, Service, store};

/// Versions that are looked through for another notice.
const LOOKED_THROUGH: usize = 200;

#[derive(Template)]
#[template(path = "pages/notice.html")]
struct NoticePage {
    page: Page,
    service: Arc<Service>,
    /// Since when it was so, where it is not so any more.
    earlier: Option<String>,
    office: Option<Office>,
    /// What the others said: when it began, and where it is.
    others: Vec<(String, String)>,
}

/// `GET /servizi/{slug}/informativa`: as it is today.
pub(super) async fn show(visit: Visit, Path(slug): Path<String>, State(room): State<Room>) -> Answer {
    let service = room.catalogue.service(&slug).ok_or(Failure::NotFound)?;
    let mut tx = visit.web.database().read().await?;
    shown((&visit, &room), &mut tx, service).await
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
    let service = room.catalogue.pinned(&mut tx, &slug, &version).await?.ok_or(Failure::NotFound)?;
    shown((&visit, &room), &mut tx, service).await
}

async fn shown((visit, room): (&Visit, &Room), tx: &mut Tx, service: Arc<Service>) -> Answer {
    if !service.is_public() {
        return Err(Failure::NotFound);
    }
    let notices = notices(tx, room, &service.slug).await?;
    let page = visit
        .page("catalogue.notice.title")
        .crumb(visit.t("catalogue.list.title"), "/servizi")
        .crumb(service.name.get(visit.language), service.href());
    let today = room.catalogue.service(&service.slug).filter(|now| now.is_public() && same(now, &service));
    let (own, others): (Vec<_>, Vec<_>) = notices.into_iter().partition(|(of, _)| same(of, &service));
    let own = own.first().filter(|_| today.is_none());
    let link = |(of, since): &(Arc<Service>, Timestamp)| {
        let words = page.t1("catalogue.notice.since", "day", page.moment(since));
        (words, format!("{}/informativa/{}", of.href(), of.version))
    };
    let shown = NoticePage {
        earlier: own.map(|(_, since)| page.t1("catalogue.notice.earlier", "day", page.moment(since))),
        office: room.catalogue.office(&service.office),
        others: others.iter().map(link).collect(),
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

impl NoticePage {
    fn text<'t>(&self, text: &'t Translated) -> &'t str {
        text.get(self.page.language)
    }
}
