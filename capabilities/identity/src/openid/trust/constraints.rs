//! What superiors demand of the chain itself (OpenID Federation 1.0, 6.2).

use serde_json::{Map, Value};

use super::TrustError;

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
    if let Some(longest) = constraints.get("max_path_length") {
        let Some(longest) = longest.as_u64() else { return refused("max_path_length is no number") };
        if u64::try_from(between).unwrap_or(u64::MAX) > longest {
            return refused("the chain is too long");
        }
    }
    let Some(naming) = constraints.get("naming_constraints") else { return Ok(()) };
    let list = |name: &str| naming.get(name).map(|list| list.as_array().cloned().unwrap_or_default());
    for entity in below {
        let Some(host) = host(entity) else { return refused("a name has no host") };
        let matches = |list: &Vec<Value>| list.iter().filter_map(Value::as_str).any(|rule| is_within(&host, rule));
        if list("permitted").is_some_and(|permitted| !matches(&permitted)) {
            return refused("a name is not permitted");
        }
        if list("excluded").is_some_and(|excluded| matches(&excluded)) {
            return refused("a name is excluded");
        }
    }
    Ok(())
}

/// The kinds of entity that those above allow; `None` when nobody says.
pub(crate) fn allows(constraints: &Map<String, Value>, kind: &str) -> bool {
    let allowed = constraints.get("allowed_entity_types").or_else(|| constraints.get("allowed_leaf_entity_types"));
    allowed.is_none_or(|kinds| kinds.as_array().is_some_and(|kinds| kinds.iter().any(|one| one.as_str() == Some(kind))))
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
        assert!(!held(&json!({"max_path_length": "molto"}), &[], 0));
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
    }
}
