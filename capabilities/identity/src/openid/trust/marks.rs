//! Trust marks: what somebody whom the anchor entrusts says that an entity is (OpenID Federation 1.0, 7).

use serde_json::Value;

use super::{TrustError, chain::Walk, statement::Statement};
use crate::openid::{jose::Jws, seconds};

const TYPE: &str = "trust-mark+jwt";

/// The name of a kind of mark: the standard's, or one of those that drafts had.
fn kind(object: &serde_json::Map<String, Value>) -> Option<&str> {
    ["trust_mark_type", "trust_mark_id", "id"].into_iter().find_map(|name| object.get(name)).and_then(Value::as_str)
}

/// Until when (seconds since 1970) `leaf` bears the mark `wanted`, given by the anchor itself or by whom the anchor entrusts with
/// it. The rules of SPID and CIE give every mark an end.
///
/// # Errors
/// [`TrustError::Mark`].
pub(crate) fn borne(walk: &mut Walk, leaf: &Statement, anchor: &Statement, wanted: &str) -> Result<i64, TrustError> {
    let mut missing = TrustError::Mark(wanted.to_owned());
    let marks = leaf.body.get("trust_marks").and_then(Value::as_array);
    let texts = marks.into_iter().flatten().filter_map(Value::as_object).filter(|mark| kind(mark) == Some(wanted));
    let texts: Vec<&str> = texts.filter_map(|mark| mark.get("trust_mark")?.as_str()).take(3).collect();
    let mut valid = |walk: &mut Walk, text: &str| -> Option<i64> {
        let jws = Jws::read(text).and_then(|jws| jws.of_type(TYPE)).ok()?;
        let claims = jws.unverified();
        let issuer = claims.get("iss")?.as_str()?.to_owned();
        let entrusted = anchor.body.get("trust_mark_issuers").map(|all| all.as_object().map(|all| all.get(wanted)));
        let entrusted = match entrusted {
            None | Some(Some(None)) => None,
            // What cannot be read entrusts nobody.
            Some(None) => Some(false),
            Some(Some(Some(list))) => Some(list.as_array()?.iter().any(|one| one.as_str() == Some(issuer.as_str()))),
        };
        // Where the anchor says nothing about a mark, it is its own alone to give.
        if !entrusted.unwrap_or(issuer == anchor.subject) {
            return None;
        }
        let when = walk.when();
        let (claims, giver_ends) = if issuer == anchor.subject {
            (jws.verify(&anchor.keys).ok()?, anchor.ends_at)
        } else {
            let giver = walk.giver(&issuer, anchor);
            // Who gave it and is silent did not take it back.
            let giver = giver
                .map_err(|error| {
                    if error.is_silence() {
                        missing = error
                    }
                })
                .ok()?;
            (jws.verify(&giver.keys).ok()?, giver.ends_at)
        };
        let same = claims.get("sub")?.as_str()? == leaf.subject && kind(claims) == Some(wanted);
        let begun = seconds(claims, "iat").is_some_and(|begin| when.is_after(begin));
        let end = seconds(claims, "exp").filter(|end| when.is_before(*end))?;
        (same && begun).then_some(end.min(giver_ends))
    };
    texts.into_iter().find_map(|text| valid(walk, text)).ok_or(missing)
}
