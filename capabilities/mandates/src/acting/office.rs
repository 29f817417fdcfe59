//! Acting under a mandate that a person gave to an office of an intermediary: who works there at that moment may.

use acts::{Actor, Authority};
use base::{Timestamp, Uuid};
use catalogue::Intermediary;
use database::Tx;

use super::{Capacity, Principal};
use crate::{Mandate, Standing, store};

/// What a session's choice of an office's mandate begins with; behind it stands the identifier.
pub(super) const OFFICE: &str = "ufficio:";

/// What holds now: nothing where the mandate is over, or who asks does not work at that office any more.
pub(super) async fn find(tx: &mut Tx, actor: &Actor, id: Uuid, now: Timestamp) -> database::Result<Option<Capacity>> {
    let live = |mandate: &Mandate| mandate.standing(now) == Standing::Live;
    let Some(mandate) = store::find(tx, id).await?.filter(live) else { return Ok(None) };
    let Some(of) = mandate.office() else { return Ok(None) };
    let office = store::offices::of_operator(tx, &actor.subject).await?.into_iter().find(|office| office.id == of);
    Ok(office.map(|office| {
        let principal = mandate.principal.clone();
        let principal = Principal { fiscal_code: principal.fiscal_code, name: principal.name };
        Capacity::with(actor, (authority(&mandate, &office), principal), (mandate.services, mandate.verbs))
    }))
}

/// How acts name an office's mandate.
#[must_use]
pub fn authority(mandate: &Mandate, office: &Intermediary) -> Authority {
    Authority {
        kind: "office".to_owned(),
        id: mandate.id.to_string(),
        number: mandate.number.clone(),
        principal: mandate.principal.name.clone(),
        office: Some(office.name.clone()),
        ..Authority::default()
    }
}
