use serde_json::{Map, Value};

use super::{
    jose::{JwkSet, Jws},
    trust::{TrustError, Trusted, Walk},
};

/// What an identity provider is called in its metadata.
pub(crate) const KIND: &str = "openid_provider";
/// Longer names are a mistake.
const LONGEST_NAME: usize = 80;

/// An identity provider that speaks OpenID Connect, as the federation vouches for it.
#[derive(Debug, Clone)]
pub(crate) struct OpenProvider {
    /// Its name in the federation, in addresses and in tables.
    pub(crate) id: String,
    /// As people know it.
    pub(crate) name: String,
    pub(crate) authorization: String,
    pub(crate) token: String,
    pub(crate) userinfo: String,
    pub(crate) revocation: Option<String>,
    /// With which it signs what it says of people.
    pub(crate) keys: JwkSet,
    /// What holds of it after all policies, and the statements that show it.
    pub(crate) metadata: Map<String, Value>,
    pub(crate) chain: Vec<String>,
    /// Who stands in that chain, from itself to the anchor.
    pub(crate) path: Vec<String>,
    /// Seconds since 1970; after this the federation does not vouch for it any more.
    pub(crate) ends_at: i64,
}

impl OpenProvider {
    /// As its metadata have it after all policies.
    ///
    /// # Errors
    /// [`TrustError`]: it cannot do what we need, or its keys cannot be had.
    pub(crate) fn read(trusted: &Trusted, walk: &mut Walk, strict: bool) -> Result<Self, TrustError> {
        let id = trusted.path.first().cloned().unwrap_or_default();
        let wrong = |what: &str| TrustError::Policy(format!("{id}: {what}"));
        let metadata = trusted.metadata.get(KIND).and_then(Value::as_object).ok_or_else(|| wrong("is no provider"))?;
        // Whoever may call himself otherwise in his answers could speak in another's name.
        if metadata.get("issuer").and_then(Value::as_str) != Some(&id) {
            return Err(wrong("issues under another name"));
        }
        for (name, needed) in [
            ("code_challenge_methods_supported", "S256"),
            ("token_endpoint_auth_methods_supported", "private_key_jwt"),
            ("request_object_signing_alg_values_supported", "RS256"),
            ("response_types_supported", "code"),
        ] {
            let listed = metadata.get(name).and_then(Value::as_array);
            if listed.is_some_and(|values| !values.iter().any(|value| value.as_str() == Some(needed))) {
                return Err(wrong(&format!("{name} lacks {needed}")));
            }
        }
        let address = |name: &str| {
            let found = metadata.get(name).and_then(Value::as_str).filter(|address| is_safe(address, strict));
            found.map(str::to_owned).ok_or_else(|| wrong(&format!("has no usable {name}")))
        };
        Ok(Self {
            name: name(trusted, metadata).unwrap_or_else(|| id.clone()),
            authorization: address("authorization_endpoint")?,
            token: address("token_endpoint")?,
            userinfo: address("userinfo_endpoint")?,
            revocation: address("revocation_endpoint").ok(),
            keys: keys(&id, metadata, trusted, walk)?,
            metadata: trusted.metadata.clone(),
            chain: trusted.chain.clone(),
            path: trusted.path.clone(),
            ends_at: trusted.ends_at,
            id,
        })
    }
}

/// In the metadata themselves, or at a signed address, or at a plain one: the surest that there is.
fn keys(id: &str, metadata: &Map<String, Value>, trusted: &Trusted, walk: &mut Walk) -> Result<JwkSet, TrustError> {
    let told = |error: &dyn std::fmt::Display| TrustError::Policy(format!("{id}: its keys: {error}"));
    if let Some(inline) = metadata.get("jwks") {
        return JwkSet::read(inline).map_err(|error| told(&error));
    }
    let address = |name: &str| metadata.get(name).and_then(Value::as_str);
    if let Some(url) = address("signed_jwks_uri") {
        let text = walk.get(url)?;
        let jws =
            Jws::read(text.trim_ascii()).and_then(|jws| jws.of_type("jwk-set+jwt")).map_err(|error| told(&error))?;
        let claims = jws.verify(&trusted.keys).map_err(|error| told(&error))?;
        return JwkSet::read(&Value::Object(claims.clone())).map_err(|error| told(&error));
    }
    let url = address("jwks_uri").ok_or_else(|| told(&"there are none"))?;
    let text = walk.get(url)?;
    let set: Value = serde_json::from_str(&text).map_err(|error| told(&error))?;
    JwkSet::read(&set).map_err(|error| told(&error))
}

fn name(trusted: &Trusted, metadata: &Map<String, Value>) -> Option<String> {
    let federation = trusted.metadata.get("federation_entity").and_then(Value::as_object);
    let names = [metadata.get("organization_name"), federation.and_then(|entity| entity.get("organization_name"))];
    let clean = |value: &Value| {
        let words: Vec<&str> = value.as_str()?.split_whitespace().collect();
        let name = words.join(" ");
        (!name.is_empty() && name.chars().count() <= LONGEST_NAME).then_some(name)
    };
    names.into_iter().flatten().find_map(clean)
}

/// Nothing that a header or a page could read as something else; in production over TLS only.
pub(crate) fn is_safe(address: &str, strict: bool) -> bool {
    let plain = |c: char| c.is_ascii_graphic() && !"\"'<>\\#".contains(c);
    let host = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://").filter(|_| !strict));
    host.is_some_and(|host| !host.is_empty() && !host.starts_with('/')) && address.chars().all(plain)
}
