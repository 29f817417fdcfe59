//! Whoever is acted for is told of each act: read from the book, so that no room can forget to tell.

use acts::{Act, Actor, FollowError, Follower};
use async_trait::async_trait;
use base::Uuid;
use catalogue::{HomeItem, HomePanel};
use database::Tx;
use jiff::SignedDuration;
use web::{Failure, Visit, components::Tone};

use crate::{Mandate, Standing, store};

/// How long the home page tells of what others did.
const TOLD_FOR: SignedDuration = SignedDuration::from_hours(30 * 24);

/// Notes every act that somebody did for somebody else.
pub struct Deeds;

#[async_trait]
impl Follower for Deeds {
    fn name(&self) -> &'static str {
        "mandates-deeds"
    }

    async fn follow(&self, tx: &mut Tx, acts: &[Act]) -> Result<(), FollowError> {
        for deed in acts.iter().filter_map(deed) {
            store::note_deed(tx, &deed).await?;
        }
        Ok(())
    }
}

fn deed(act: &Act) -> Option<store::Deed> {
    let actor = &act.body.as_ref()?.actor;
    Some(store::Deed {
        case: act.case,
        seq: act.seq,
        authority: actor.authority.as_ref()?.id.clone(),
        principal: actor.on_behalf_of.clone()?,
        actor_name: named(actor),
        kind: act.kind.clone(),
        at: act.at,
    })
}

/// The name of who did it, with the intermediary's office for which they did it.
pub(crate) fn named(actor: &Actor) -> String {
    let office = actor.authority.as_ref().and_then(|authority| authority.office.as_deref());
    office.map_or_else(|| actor.name.clone(), |office| format!("{} ({office})", actor.name))
}

/// Forgets what others did in a case that is destroyed.
///
/// # Errors
/// What the database refuses.
pub async fn erase_case(tx: &mut Tx, case: Uuid) -> database::Result<()> {
    store::forget_deeds(tx, case).await
}

/// The key of the words for what was done.
pub(crate) fn deed_key(kind: &str) -> &'static str {
    match kind {
        "submitted" => "mandates.deed.submitted",
        "integration-supplied" => "mandates.deed.supplied",
        "observations-filed" => "mandates.deed.observed",
        "substitute-called" => "mandates.deed.called",
        "withdrawn" => "mandates.deed.withdrawn",
        _ => "mandates.deed.other",
    }
}

/// What the home page tells who is logged in: proposals to answer, and what others did for them.
///
/// # Errors
/// What the database refuses.
pub(crate) async fn panels(visit: &Visit) -> Result<Vec<HomePanel>, Failure> {
    let Ok(person) = visit.citizen() else { return Ok(Vec::new()) };
    let mut tx = visit.web.database().read().await?;
    let given = store::given(&mut tx, &person.subject).await?;
    let received = store::received(&mut tx, &person.subject).await?;
    let since = visit.now.saturating_sub(TOLD_FOR).unwrap_or(visit.now);
    let done = store::deeds_for(&mut tx, &person.subject, (since, 5)).await?;
    drop(tx);
    let proposed = received.iter().filter(|mandate| mandate.standing(visit.now) == Standing::Proposed);
    let ask = |mandate: &Mandate| HomeItem {
        title: visit.t1("mandates.home.asks", "name", &mandate.principal.name),
        text: visit.t1("mandates.home.by", "day", base::long_date(mandate.answer_by, visit.language)),
        href: format!("/deleghe/{}", mandate.id),
        badge: Some((Tone::Warning, visit.t("mandates.standing.proposed").to_owned())),
    };
    let tell = |deed: &store::Deed| HomeItem {
        title: visit.t1(deed_key(&deed.kind), "name", &deed.actor_name),
        text: base::long_timestamp(deed.at, visit.language),
        href: format!("/pratiche/{}", deed.case),
        badge: None,
    };
    // Given by somebody else in this person's name, it would be seen here first.
    let open = |mandate: &&Mandate| matches!(mandate.standing(visit.now), Standing::Proposed | Standing::Live);
    let lately = given.iter().filter(|mandate| since <= mandate.proposed_at).filter(open);
    let warn = |mandate: &Mandate| HomeItem {
        title: visit.t1("mandates.home.given_to", "name", mandate.delegate_shown()),
        text: visit.t1("mandates.home.given_on", "day", base::long_timestamp(mandate.proposed_at, visit.language)),
        href: format!("/deleghe/{}", mandate.id),
        badge: None,
    };
    let more = Some((visit.t("mandates.list.title").to_owned(), "/deleghe".to_owned()));
    Ok(vec![
        HomePanel {
            title: visit.t("mandates.home.proposals").to_owned(),
            items: proposed.map(ask).collect(),
            more: more.clone(),
        },
        HomePanel {
            title: visit.t("mandates.home.given").to_owned(),
            items: lately.map(warn).collect(),
            more: more.clone(),
        },
        HomePanel { title: visit.t("mandates.home.done").to_owned(), items: done.iter().map(tell).collect(), more },
    ])
}
