//! What this room holds of a person, for the copy that the person takes along (art. 15 and 20 GDPR).

use acts::Act;
use base::Language;
use database::Tx;
use serde_json::{Value, json};

use crate::{
    payload::{Given, kind},
    store,
};

/// Every answer of a person with its whole history, word for word.
///
/// # Errors
/// What the database refuses.
pub async fn copy_of(tx: &mut Tx, person: &str) -> database::Result<Value> {
    let mut told = Vec::new();
    for consent in store::of_person(tx, person).await? {
        let history: Vec<_> = acts::of_case(tx, consent.id).await?.iter().map(one).collect();
        told.push(json!({ "servizio": consent.given.service, "vale": consent.stands(), "storia": history }));
    }
    Ok(json!({ "consensi": told }))
}

fn one(act: &Act) -> Value {
    let given = act.payload_of::<Given>(kind::GIVEN);
    json!({
        "quando": act.at.to_string(),
        "che_cosa": if given.is_some() { "dato" } else { "revocato" },
        "versione_del_servizio": given.as_ref().map(|given| &given.version),
        "titolo": given.as_ref().map(|given| given.title.get(Language::Italian)),
        "testo": given.as_ref().map(|given| given.text.get(given.language)),
    })
}
