//! Trust marks: what somebody whom the anchor entrusts says that an entity is (OpenID Federation 1.0, 7).

use serde_json::Value;

use super::{TrustError, chain::Walk, statement::Statement};
use crate::openid::{jose::Jws, seconds};

const TYPE: &str = "trust-mark+jwt";

/// The name of a kind of mark: the standard's, or one of those that drafts had.
fn kind(object: &serde_json::Map<String, Value>) -> Option<&str> {
    ["trust_mark_type", "trust_mark_id", "id"].into_iter().find_map(|name| object.get(name)).and_then(Value::as_str)
}

/// Whether `leaf` bears the mark `wanted`, given by the anchor itself or by whom the anchor entrusts with it.
///
/// # Errors
/// [`TrustError::Mark`].
pub(crate) fn borne(walk: &mut Walk, leaf: &Statement, anchor: &Statement, wanted: &str) -> Result<(), TrustError> {
    let missing = || TrustError::Mark(wanted.to_owned());
    let marks = leaf.body.get("trust_marks").and_then(Value::as_array);
    let texts = marks.into_iter().flatten().filter_map(Value::as_object).filter(|mark| kind(mark) == Some(wanted));
    let texts: Vec<&str> = texts.filter_map(|mark| mark.get("trust_mark")?.as_str()).take(3).collect();
    let valid = |walk: &mut Walk, text: &str| -> Option<()> {
        let jws = Jws::read(text).and_then(|jws| jws.of_type(TYPE)).ok()?;
        let claims = jws.unverified();
        let issuer = claims.get("iss")?.as_str()?.to_owned();
        let entrusted = anchor.object("trust_mark_issuers").and_then(|all| all.get(wanted)).map(|list| {
            let list = list.as_array().map_or(&[][..], Vec::as_slice);
            list.iter().any(|one| one.as_str() == Some(issuer.as_str()))
        });
        // Where the anchor says nothing about a mark, it is its own alone to give.
        if !entrusted.unwrap_or(issuer == anchor.subject) {
            return None;
        }
        let when = walk.when();
        let claims = if issuer == anchor.subject {
            jws.verify(&anchor.keys).ok()?
        } else {
            let keys = walk.keys_of(&issuer, anchor).ok()?;
            jws.verify(&keys).ok()?
        };
        let same = claims.get("sub")?.as_str()? == leaf.subject && kind(claims) == Some(wanted);
        let begun = seconds(claims, "iat").is_some_and(|begin| when.is_after(begin));
        let open = seconds(claims, "exp").is_none_or(|end| when.is_before(end));
        (same && begun && open).then_some(())
    };
    texts.into_iter().find_map(|text| valid(walk, text)).ok_or_else(missing)
}
