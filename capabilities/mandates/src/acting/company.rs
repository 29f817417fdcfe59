//! Acting for a company: the registry of companies says who represents it, and is asked anew each time.

use acts::{Actor, Authority};
use base::{Timestamp, rome_date};
use database::Tx;
use registry::{Asked, Representation};

use super::{Capacity, Found, Principal};
use crate::{Services, Verbs};

/// What a session's choice of an office in a company begins with; behind it stands the registry's name of the office.
pub(super) const COMPANY: &str = "impresa:";

/// How a session names the office by which it acts.
#[must_use]
pub fn under_company(representation: &Representation) -> String {
    format!("{COMPANY}{}", representation.office.id)
}

/// What holds of an office now: nothing where it ended, the company was cancelled, or the others must sign, too.
pub(super) async fn find(tx: &mut Tx, actor: &Actor, office: &str, now: Timestamp) -> database::Result<Found> {
    let asked = registry::representations_of(tx, &actor.subject, rome_date(now)).await?;
    let Asked::Answer(held) = asked else { return Ok(Found::Silent) };
    let held = held.into_iter().find(|one| one.office.id == office && one.obstacle.is_none());
    Ok(held.map_or(Found::Over, |one| Found::stands(capacity(actor, one, now))))
}

/// Who represents a company alone may do all that it may.
fn capacity(actor: &Actor, representation: Representation, now: Timestamp) -> Capacity {
    let Representation { office, company, .. } = representation;
    let authority = Authority {
        kind: "representative".to_owned(),
        id: office.id,
        principal: company.name.clone(),
        read_at: Some(now),
        ..Authority::default()
    };
    let principal = Principal { fiscal_code: company.fiscal_code.to_string(), name: company.name };
    Capacity::with(actor, (authority, principal), (Services::ALL, Verbs::all()))
}
