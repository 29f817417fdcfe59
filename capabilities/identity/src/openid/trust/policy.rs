//! What superiors demand of the metadata of those below them (OpenID Federation 1.0, 6.1): policies are joined from the anchor
//! downwards, each may only narrow, and then applied.

use serde_json::{Map, Value};

use super::TrustError;

/// In the order in which they are applied.
const OPERATORS: [&str; 7] = ["value", "add", "default", "one_of", "subset_of", "superset_of", "essential"];

type Object = Map<String, Value>;

/// The policies of a chain, joined: kind of entity, parameter, operator.
#[derive(Debug, Default)]
pub(crate) struct Policy(Object);

impl Policy {
    /// Joins the policy of the next one below.
    ///
    /// # Errors
    /// [`TrustError::Policy`] when the two contradict one another, or want an operator that is not known here.
    pub(crate) fn join(&mut self, statement: &Object) -> Result<(), TrustError> {
        let known = |name: &Value| name.as_str().is_some_and(|name| OPERATORS.contains(&name));
        if let Some(critical) = statement.get("metadata_policy_crit") {
            let critical = critical.as_array().ok_or_else(|| refused("metadata_policy_crit is not of its form"))?;
            if !critical.iter().all(known) {
                return Err(refused("an operator that must be understood is not known here"));
            }
        }
        let Some(policy) = statement.get("metadata_policy") else { return Ok(()) };
        for (kind, parameters) in object(policy)? {
            let own = entry(&mut self.0, kind);
            for (parameter, operators) in object(parameters)? {
                let own = entry(own, parameter);
                for (operator, value) in object(operators)? {
                    let joined = match own.get(operator) {
                        None => value.clone(),
                        Some(before) => join_one(operator, before, value).ok_or_else(|| {
                            refused(&format!("{kind} {parameter} {operator}: superiors contradict one another"))
                        })?,
                    };
                    own.insert(operator.clone(), joined);
                }
            }
        }
        Ok(())
    }

    /// Applies them to the metadata of one kind of entity.
    ///
    /// # Errors
    /// [`TrustError::Policy`] when the metadata do not follow.
    pub(crate) fn apply(&self, kind: &str, metadata: &mut Object) -> Result<(), TrustError> {
        let Some(parameters) = self.0.get(kind).and_then(Value::as_object) else { return Ok(()) };
        for (parameter, operators) in parameters {
            for operator in OPERATORS {
                let Some(value) = operators.get(operator) else { continue };
                let told = || refused(&format!("{parameter} {operator}"));
                apply_one(metadata, parameter, operator, value).ok_or_else(told)?;
            }
        }
        Ok(())
    }
}

/// 6.1.3.1: how two superiors' words for one operator become one; `None` when they cannot.
fn join_one(operator: &str, before: &Value, value: &Value) -> Option<Value> {
    match operator {
        "value" | "default" => (before == value).then(|| value.clone()),
        "add" | "superset_of" => {
            let mut all = before.as_array()?.clone();
            all.extend(
                value.as_array()?.iter().filter(|one| !before.as_array().is_some_and(|b| b.contains(one))).cloned(),
            );
            Some(all.into())
        }
        "one_of" => Some(common(before, value)?).filter(|both| !both.is_empty()).map(Value::from),
        "subset_of" => Some(common(before, value)?.into()),
        "essential" => Some((before.as_bool()? || value.as_bool()?).into()),
        // It is not applied; joining it is nobody's matter.
        _ => Some(value.clone()),
    }
}

/// `None` when the metadata do not follow.
fn apply_one(metadata: &mut Object, parameter: &str, operator: &str, value: &Value) -> Option<()> {
    let present = metadata.get(parameter).cloned();
    match (operator, present) {
        ("value", _) if value.is_null() => drop(metadata.remove(parameter)),
        ("value", _) => put(metadata, parameter, value.clone()),
        ("add", present) => {
            let mut all = present.as_ref().map_or(Some(Vec::new()), |present| items(parameter, present))?;
            all.extend(value.as_array()?.iter().filter(|one| !all.contains(one)).cloned().collect::<Vec<_>>());
            put(metadata, parameter, written(parameter, all)?);
        }
        ("default", None) => put(metadata, parameter, value.clone()),
        ("one_of", Some(present)) => return value.as_array()?.contains(&present).then_some(()),
        ("subset_of", Some(present)) => {
            let allowed = value.as_array()?;
            let kept: Vec<_> = items(parameter, &present)?.into_iter().filter(|one| allowed.contains(one)).collect();
            if kept.is_empty() {
                metadata.remove(parameter);
            } else {
                put(metadata, parameter, written(parameter, kept)?);
            }
        }
        ("superset_of", Some(present)) => {
            let has = items(parameter, &present)?;
            return value.as_array()?.iter().all(|one| has.contains(one)).then_some(());
        }
        ("essential", None) => return (!value.as_bool()?).then_some(()),
        _ => {}
    }
    Some(())
}

fn put(metadata: &mut Object, parameter: &str, value: Value) {
    metadata.insert(parameter.to_owned(), value);
}

/// The parts of a list; a scope is a list that is written with blanks.
fn items(parameter: &str, value: &Value) -> Option<Vec<Value>> {
    match value {
        Value::Array(items) => Some(items.clone()),
        Value::String(text) if parameter == "scope" => Some(text.split_ascii_whitespace().map(Value::from).collect()),
        _ => None,
    }
}

fn written(parameter: &str, items: Vec<Value>) -> Option<Value> {
    if parameter != "scope" {
        return Some(items.into());
    }
    let words = items.iter().map(Value::as_str).collect::<Option<Vec<_>>>()?;
    Some(words.join(" ").into())
}

fn common(one: &Value, other: &Value) -> Option<Vec<Value>> {
    let other = other.as_array()?;
    Some(one.as_array()?.iter().filter(|value| other.contains(value)).cloned().collect())
}

fn object(value: &Value) -> Result<&Object, TrustError> {
    value.as_object().ok_or_else(|| refused("it is not of its form"))
}

/// The object of this name, made if it is missing.
fn entry<'a>(object: &'a mut Object, name: &str) -> &'a mut Object {
    let inner = object.entry(name).or_insert_with(|| Object::new().into());
    if !inner.is_object() {
        *inner = Object::new().into();
    }
    inner.as_object_mut().expect("it was just made an object")
}

fn refused(why: &str) -> TrustError {
    TrustError::Policy(why.to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn outcome(policies: &[Value], metadata: Value) -> Result<Value, TrustError> {
        let mut policy = Policy::default();
        for one in policies {
            policy.join(json!({"metadata_policy": {"openid_provider": one}}).as_object().unwrap())?;
        }
        let mut metadata = metadata.as_object().unwrap().clone();
        policy.apply("openid_provider", &mut metadata)?;
        Ok(metadata.into())
    }

    #[test]
    fn each_operator_does_what_the_standard_says() {
        for (policy, metadata, result) in [
            (json!({"a": {"value": 1}}), json!({"a": 2}), json!({"a": 1})),
            (json!({"a": {"value": null}}), json!({"a": 2}), json!({})),
            (json!({"a": {"add": ["x", "y"]}}), json!({"a": ["x"]}), json!({"a": ["x", "y"]})),
            (json!({"a": {"add": ["x"]}}), json!({}), json!({"a": ["x"]})),
            (json!({"a": {"default": 1}}), json!({}), json!({"a": 1})),
            (json!({"a": {"default": 1}}), json!({"a": 2}), json!({"a": 2})),
            (json!({"a": {"one_of": [1, 2]}}), json!({"a": 2}), json!({"a": 2})),
            (json!({"a": {"one_of": [1, 2]}}), json!({}), json!({})),
            (json!({"a": {"subset_of": ["x", "y"]}}), json!({"a": ["x", "z"]}), json!({"a": ["x"]})),
            (json!({"a": {"subset_of": ["x"]}}), json!({"a": ["z"]}), json!({})),
            (json!({"a": {"superset_of": ["x"]}}), json!({"a": ["z", "x"]}), json!({"a": ["z", "x"]})),
            (json!({"scope": {"subset_of": ["openid"]}}), json!({"scope": "openid email"}), json!({"scope": "openid"})),
            (json!({"a": {"nuovo": 1}}), json!({"a": 2}), json!({"a": 2})),
        ] {
            assert_eq!(outcome(std::slice::from_ref(&policy), metadata).unwrap(), result, "{policy}");
        }
    }

    #[test]
    fn metadata_that_a_policy_forbids_are_refused() {
        for (policy, metadata) in [
            (json!({"a": {"one_of": [1]}}), json!({"a": 2})),
            (json!({"a": {"superset_of": ["x"]}}), json!({"a": ["y"]})),
            (json!({"a": {"essential": true}}), json!({})),
            (json!({"a": {"subset_of": ["x"], "essential": true}}), json!({"a": ["y"]})),
            (json!({"a": {"value": 3, "one_of": [1]}}), json!({})),
            (json!({"a": {"subset_of": ["x"]}}), json!({"a": "x"})),
            (json!({"a": {"add": "x"}}), json!({})),
            (json!({"a": 1}), json!({})),
        ] {
            assert!(outcome(std::slice::from_ref(&policy), metadata).is_err(), "{policy}");
        }
    }

    #[test]
    fn whoever_is_below_may_narrow_and_not_widen() {
        let narrow =
            |one: Value, other: Value, metadata: Value| outcome(&[json!({"a": one}), json!({"a": other})], metadata);
        let both =
            narrow(json!({"subset_of": ["x", "y"]}), json!({"subset_of": ["y", "z"]}), json!({"a": ["x", "y", "z"]}));
        assert_eq!(both.unwrap(), json!({"a": ["y"]}));
        let both = narrow(json!({"one_of": [1, 2]}), json!({"one_of": [2, 3]}), json!({"a": 2}));
        assert_eq!(both.unwrap(), json!({"a": 2}));
        let both = narrow(json!({"superset_of": ["x"]}), json!({"superset_of": ["y"]}), json!({"a": ["x"]}));
        assert!(both.is_err());
        let both = narrow(json!({"essential": true}), json!({"essential": false}), json!({}));
        assert!(both.is_err());
        for (one, other) in [
            (json!({"value": 1}), json!({"value": 2})),
            (json!({"default": 1}), json!({"default": 2})),
            (json!({"one_of": [1]}), json!({"one_of": [2]})),
        ] {
            assert!(narrow(one, other, json!({"a": 1})).is_err());
        }
    }

    #[test]
    fn an_operator_that_must_be_understood_and_is_not_ends_it() {
        let statement = json!({"metadata_policy_crit": ["regexp"], "metadata_policy": {}});
        assert!(Policy::default().join(statement.as_object().unwrap()).is_err());
        for odd in [json!("regexp"), json!(null), json!({"value": true}), json!([["value"]])] {
            let statement = json!({"metadata_policy_crit": odd});
            assert!(Policy::default().join(statement.as_object().unwrap()).is_err(), "{odd}");
        }
        let statement = json!({"metadata_policy_crit": ["value"], "metadata_policy": {}});
        assert!(Policy::default().join(statement.as_object().unwrap()).is_ok());
    }
}
