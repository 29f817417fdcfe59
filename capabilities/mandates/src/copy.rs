//! What this room holds of a person, for the copy that the person takes along (art. 15 and 20 GDPR).

use database::Tx;
use serde_json::{Value, json};

use crate::{Mandate, store};

/// The mandates that a person gave and received.
///
/// # Errors
/// What the database refuses.
pub async fn copy_of(tx: &mut Tx, person: &str) -> database::Result<Value> {
    let (given, received) = (store::given(tx, person).await?, store::received(tx, person).await?);
    let told = |mandates: &[Mandate]| mandates.iter().map(one).collect::<Vec<_>>();
    Ok(json!({ "date": told(&given), "ricevute": told(&received) }))
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
