//! What superiors demand of the chain itself (OpenID Federation 1.0, 6.2).

use serde_json::{Map, Value};

use super::{TrustError, statement::Statement};

/// The constraints that a statement holds, of the form that the standard gives them. What cannot be read is never left out: it was
/// meant to forbid something.
///
/// # Errors
/// [`TrustError::Constraint`].
pub(crate) fn of(statement: &Statement) -> Result<Option<&Map<String, Value>>, TrustError> {
    let Some(value) = statement.body.get("constraints") else { return Ok(None) };
    let refused = |why| TrustError::Constraint(statement.issuer.clone(), why);
    let constraints = value.as_object().ok_or_else(|| refused("constraints are not of their form"))?;
    let has = |name: &str, fits: fn(&Value) -> bool| constraints.get(name).is_none_or(fits);
    let kinds = ["allowed_entity_types", "allowed_leaf_entity_types"];
    if !has("max_path_length", Value::is_u64) {
        return Err(refused("max_path_length is no number"));
    }
    if !kinds.into_iter().all(|name| has(name, is_list)) {
        return Err(refused("kinds of entity are not of their form"));
    }
    let naming = |value: &Value| {
        let lists = ["permitted", "excluded"];
        value.as_object().is_some_and(|naming| lists.iter().all(|name| naming.get(*name).is_none_or(is_list)))
    };
    if !has("naming_constraints", naming) {
        return Err(refused("naming_constraints are not of their form"));
    }
    Ok(Some(constraints))
}

/// How many an anchor allows between itself and those at the end of chains: none, if it does not say.
///
/// # Errors
/// [`TrustError::Constraint`], when it says so in a way that cannot be read.
pub(crate) fn deepest(anchor: &Statement) -> Result<usize, TrustError> {
    let allowed = of(anchor)?.and_then(|constraints| constraints.get("max_path_length")?.as_u64());
    Ok(usize::try_from(allowed.unwrap_or(0)).unwrap_or(usize::MAX))
}

fn is_list(value: &Value) -> bool {
    value.as_array().is_some_and(|list| list.iter().all(Value::is_string))
}

/// Holds a chain to the constraints of one of those above. `below` are the names of all entities below, the leaf first;
/// `between` is how many stand between the leaf and who constrains.
///
/// # Errors
/// [`TrustError::Constraint`].
pub(crate) fn hold(
    who: &str,
    constraints: &Map<String, Value>,
    below: &[&str],
    between: usize,
) -> Result<(), TrustError> {
    let refused = |why| Err(TrustError::Constraint(who.to_owned(), why));
    let longest = constraints.get("max_path_length").and_then(Value::as_u64);
    if longest.is_some_and(|longest| longest < u64::try_from(between).unwrap_or(u64::MAX)) {
        return refused("the chain is too long");
    }
    let Some(naming) = constraints.get("naming_constraints") else { return Ok(()) };
    for entity in below {
        let Some(host) = host(entity) else { return refused("a name has no host") };
        let matches = |list: &Value| {
            list.as_array().into_iter().flatten().filter_map(Value::as_str).any(|rule| is_within(&host, rule))
        };
        if naming.get("permitted").is_some_and(|permitted| !matches(permitted)) {
            return refused("a name is not permitted");
        }
        if naming.get("excluded").is_some_and(matches) {
            return refused("a name is excluded");
        }
    }
    Ok(())
}

/// Whether those above allow this kind of entity, in today's word or in that of drafts.
pub(crate) fn allows(constraints: &Map<String, Value>, kind: &str) -> bool {
    let names =
        |kinds: &Value| kinds.as_array().is_some_and(|kinds| kinds.iter().any(|one| one.as_str() == Some(kind)));
    let words = ["allowed_entity_types", "allowed_leaf_entity_types"];
    words.into_iter().all(|word| constraints.get(word).is_none_or(names))
}

/// RFC 5280, 4.2.1.10: `host.example` is that host alone, `.example` every host below.
fn is_within(host: &str, rule: &str) -> bool {
    // Examples of the profile write an address where the standard writes a host.
    let rule = rule.trim_start_matches("https://").trim_end_matches('/').to_ascii_lowercase();
    if rule.starts_with('.') { host.ends_with(&rule) && host.len() > rule.len() } else { host == rule }
}

fn host(entity: &str) -> Option<String> {
    let rest = entity.strip_prefix("https://").or_else(|| entity.strip_prefix("http://"))?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.rsplit_once(':').map_or(authority, |(host, _)| host);
    (!host.is_empty() && !authority.contains('@')).then(|| host.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn held(constraints: &Value, below: &[&str], between: usize) -> bool {
        hold("https://ancora.example", constraints.as_object().unwrap(), below, between).is_ok()
    }

    #[test]
    fn chains_are_held_to_their_length() {
        for (longest, between, holds) in [(0, 0, true), (0, 1, false), (1, 1, true), (1, 2, false)] {
            assert_eq!(held(&json!({"max_path_length": longest}), &[], between), holds, "{longest} {between}");
        }
    }

    #[test]
    fn names_are_held_to_what_is_permitted() {
        let rules = json!({"naming_constraints": {"permitted": ["https://.gov.example", "op.example"], "excluded": ["no.gov.example"]}});
        for (name, holds) in [
            ("https://a.gov.example/x", true),
            ("https://OP.example:8443/oidc", true),
            ("https://gov.example", false),
            ("https://agov.example", false),
            ("https://a.gov.example.attaccante.example", false),
            ("https://a.gov.example@attaccante.example", false),
            ("https://no.gov.example", false),
            ("nulla", false),
        ] {
            assert_eq!(held(&rules, &[name], 0), holds, "{name}");
        }
    }

    #[test]
    fn kinds_are_held_to_what_is_allowed() {
        let rules = json!({"allowed_entity_types": ["openid_relying_party"]});
        assert!(!allows(rules.as_object().unwrap(), "openid_provider"));
        assert!(allows(rules.as_object().unwrap(), "openid_relying_party"));
        assert!(allows(&Map::new(), "openid_provider"));
        let both = json!({"allowed_entity_types": ["a"], "allowed_leaf_entity_types": ["b"]});
        assert!(!allows(both.as_object().unwrap(), "a"));
    }
}
