//! From `identity.toml` to a member of federations.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use serde_json::{Value, json};

use super::{
    HttpWire, Member, OpenFederation, Reach, Sought, Wire,
    jose::{JwkSet, Jws},
    member::{Keys, Places, Secret},
    trust::Anchor,
};
use crate::{
    declared::{Declared, OpenId, OpenIdFederation, OpenIdKind},
    federation::{FederationError, Kind, Site},
};

/// Where Debian keeps the authorities that the system believes.
const AUTHORITIES: &str = "/etc/ssl/certs/ca-certificates.crt";

/// What stands beside the file.
pub(crate) struct Around {
    /// Whether this is no demonstration.
    pub(crate) strict: bool,
    pub(crate) wire: Option<Arc<dyn Wire>>,
    /// Known to nobody else.
    pub(crate) secret: Vec<u8>,
}

/// Our place there, if the file declares one.
///
/// # Errors
/// [`FederationError`]: a file or key that cannot be used, or something that production refuses.
pub(crate) fn enter(declared: &Declared, site: &Site, around: &Around) -> Result<Option<Member>, FederationError> {
    let Some(openid) = &declared.openid else { return Ok(None) };
    let told = FederationError::Metadata;
    let client_id = openid.client_id.clone().unwrap_or_else(|| site.public_url.to_owned());
    if client_id.trim_end_matches('/') != site.public_url {
        return Err(told(format!(
            "openid.client_id = \"{client_id}\": deve essere l’indirizzo pubblico, {}, con o senza / in fondo",
            site.public_url
        )));
    }
    if around.strict {
        refuse_loose(openid, site.public_url).map_err(told)?;
    }
    let federations =
        openid.federations.iter().map(|one| federation(declared, one)).collect::<Result<_, _>>().map_err(told)?;
    let marks = openid.trust_marks.iter().map(|file| mark(declared, file)).collect::<Result<_, _>>().map_err(told)?;
    let wire = match &around.wire {
        Some(wire) => Arc::clone(wire),
        None => {
            let reach = if around.strict { Reach::World } else { Reach::Machine };
            let authorities = authorities(declared, openid.authorities.as_deref());
            Arc::new(HttpWire::new(reach, authorities.as_deref()).map_err(told)?)
        }
    };
    Ok(Some(Member {
        client_id,
        public_url: site.public_url.to_owned(),
        organisation: declared.organisation.clone(),
        logo: openid.logo.clone(),
        keys: Keys::open(site.keys, &openid.keys)?,
        hints: openid.authority_hints.clone(),
        marks,
        federations,
        wire,
        strict: around.strict,
        arriving: Places::default(),
        leaving: Places::default(),
        secret: Secret::new(&around.secret),
    }))
}

/// What may be tried on one machine and nowhere else.
fn refuse_loose(openid: &OpenId, public_url: &str) -> Result<(), String> {
    let names = || {
        let named = openid.federations.iter().flat_map(|one| one.providers.iter().chain([&one.trust_anchor]));
        named.chain(&openid.authority_hints).map(String::as_str)
    };
    for name in names().chain([public_url]) {
        if !name.starts_with("https://") {
            return Err(format!("[openid]: in produzione serve https, non {name}"));
        }
    }
    if let Some(odd) = names().find(|name| has_another_port(name)) {
        return Err(format!("[openid]: in produzione si chiede solo alla porta 443, non a {odd}"));
    }
    match openid.federations.iter().find(|one| one.trust_anchor_keys.is_none()) {
        Some(loose) => Err(format!(
            "[openid]: in produzione le chiavi di {} vanno dichiarate: scarica il suo insieme di chiavi, confrontalo per un’altra via e \
             indicalo in trust_anchor_keys",
            loose.trust_anchor
        )),
        None => Ok(()),
    }
}

fn has_another_port(name: &str) -> bool {
    name.parse::<axum::http::Uri>().is_ok_and(|uri| uri.port_u16().is_some_and(|port| port != 443))
}

fn federation(declared: &Declared, one: &OpenIdFederation) -> Result<OpenFederation, String> {
    let keys = one.trust_anchor_keys.as_deref().map(|file| {
        let told = |why: &dyn std::fmt::Display| format!("{}: {why}", declared.place(file).display());
        let text = declared.text(file)?;
        let set: Value = serde_json::from_str(&text).map_err(|error| told(&error))?;
        // A set, or the list inside it.
        let set = if set.is_array() { json!({"keys": set}) } else { set };
        JwkSet::read(&set).map_err(|error| told(&error))
    });
    let kind = match one.kind {
        OpenIdKind::Cie => Kind::Cie,
        OpenIdKind::Spid => Kind::Spid,
    };
    let anchor = Anchor { name: one.trust_anchor.clone(), keys: keys.transpose()? };
    let found = Sought {
        named: one.providers.clone(),
        marks: one.required_trust_marks.clone(),
        intermediates: one.intermediates.into(),
    };
    Ok(OpenFederation::new(kind, anchor, found))
}

/// A mark as it stands among what we say of ourselves: what kind it is, it says itself.
fn mark(declared: &Declared, file: &Path) -> Result<Value, String> {
    let text = declared.text(file)?;
    let wrong = |why: &dyn std::fmt::Display| format!("{}: non è un trust mark: {why}", declared.place(file).display());
    let jws = Jws::read(text.trim_ascii()).map_err(|error| wrong(&error))?;
    let names = ["trust_mark_type", "trust_mark_id", "id"];
    let id = names.iter().find_map(|name| jws.unverified().get(*name)).and_then(Value::as_str);
    let id = id.ok_or_else(|| wrong(&"non dice di che tipo è"))?;
    Ok(json!({"id": id, "trust_mark_type": id, "trust_mark": text.trim_ascii()}))
}

/// The file with those who are believed about servers: the one that is named, or the system's.
pub(super) fn authorities(declared: &Declared, named: Option<&Path>) -> Option<PathBuf> {
    let usual = || Some(PathBuf::from(AUTHORITIES)).filter(|file| file.exists());
    named.map(|file| declared.place(file)).or_else(usual)
}
