//! What this room holds of a person, for the copy that the person takes along (art. 15 and 20 GDPR).

use database::Tx;
use serde_json::{Value, json};

use base::Timestamp;

use crate::{Mandate, counter::CounterVisit, store, store::Deed};

/// Deeds in the copy at most: more than anybody's.
const ALL: i64 = 100_000;

/// The mandates that a person gave and received, the visits to the counter, and what others did for them.
///
/// # Errors
/// What the database refuses.
pub async fn copy_of(tx: &mut Tx, person: &str) -> database::Result<Value> {
    let (given, received) = (store::given(tx, person).await?, store::received(tx, person).await?);
    let told = |mandates: &[Mandate]| mandates.iter().map(one).collect::<Vec<_>>();
    let visits: Vec<_> = store::visits_of(tx, person).await?.iter().map(visit).collect();
    let deeds: Vec<_> = store::deeds_for(tx, person, (Timestamp::MIN, ALL)).await?.iter().map(deed).collect();
    let mandates = json!({ "date": told(&given), "ricevute": told(&received) });
    Ok(json!({ "deleghe": mandates, "visite_allo_sportello": visits, "fatto_da_altri": deeds }))
}

fn visit(visit: &CounterVisit) -> Value {
    json!({
        "ufficio": visit.office,
        "operatore": visit.operator,
        "fino_al": visit.until.to_string(),
        "finita_il": visit.ended_at.map(|at| at.to_string()),
    })
}

fn deed(deed: &Deed) -> Value {
    json!({
        "quando": deed.at.to_string(),
        "chi": deed.actor_name,
        "che_cosa": deed.kind,
        "pratica": format!("/pratiche/{}", deed.case),
    })
}

fn one(mandate: &Mandate) -> Value {
    json!({
        "numero": mandate.number,
        "proposta_il": mandate.proposed_at.to_string(),
        "vale_dal": mandate.accepted_at.map(|at| at.to_string()),
        "vale_fino_al": mandate.until.to_string(),
        "finita_il": mandate.ended.as_ref().map(|(at, _)| at.to_string()),
        "di": mandate.principal.fiscal_code,
        "a": mandate.delegate.fiscal_code,
        "indirizzo": format!("/deleghe/{}", mandate.id),
    })
}
