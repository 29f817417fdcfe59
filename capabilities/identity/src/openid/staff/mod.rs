//! The administration's own identity provider, by plain OpenID Connect: no federation vouches for it, the administrator named it.
//!
//! Where it is asked stands in its own configuration (OpenID Connect Discovery), looked up beside the pages. What it says of an
//! official is held to everything, as what others say of citizens; which office and roles that is worth, `identity.toml` says.

mod arrival;
mod discovery;
mod leaving;
mod place;

use std::sync::{Arc, PoisonError, RwLock};

use aws_lc_rs::digest;
use base::Timestamp;
use jiff::SignedDuration;
use serde_json::{Value, json};

pub(crate) use arrival::{Arrival, Arrived};
pub(crate) use discovery::Endpoints;
pub(crate) use place::{Employee, NotPlaced};

use super::{
    HttpWire, Reach, Wire,
    enter::{Around, authorities},
    jose::{OwnKey, Use, encode},
    member::{Places, Secret},
};
use crate::{
    declared::{Declared, Staff, StaffClaims, StaffGroup, TwoProofs},
    federation::{FederationError, Site},
};

/// Where answers arrive.
pub(crate) const CALLBACK: &str = "/ufficio/accesso/ente/ritorno";
/// Where it tells that somebody left (OpenID Connect Back-Channel Logout 1.0).
pub(crate) const LEFT: &str = "/ufficio/accesso/ente/fuori";
/// Where our public key is read.
pub(crate) const KEYS: &str = "/ufficio/accesso/ente/chiavi.json";
/// What is known of it is looked up again after this.
const FRESH: SignedDuration = SignedDuration::from_hours(1);
/// After a failure.
const AGAIN: SignedDuration = SignedDuration::from_mins(2);
/// A key that we do not know makes us look again, not more often than this.
const KEYS_AGAIN: SignedDuration = SignedDuration::from_secs(30);
/// Who can guess a shorter secret can be us.
const SHORTEST_SECRET: usize = 16;

/// The provider, and how we talk to it.
pub(crate) struct StaffProvider {
    pub(crate) issuer: String,
    /// As officials know it.
    pub(crate) name: String,
    /// Whether passwords of our own open beside it.
    pub(crate) passwords: bool,
    /// For logins that wait for it.
    pub(crate) arriving: Places,
    client_id: String,
    public_url: String,
    own: Authentication,
    scope: String,
    claims: StaffClaims,
    two_proofs: TwoProofs,
    groups: Vec<StaffGroup>,
    wire: Arc<dyn Wire>,
    secret: Secret,
    strict: bool,
    known: RwLock<Known>,
}

/// How we prove there who we are.
enum Authentication {
    Secret(String),
    Key(Box<OwnKey>),
}

#[derive(Default)]
struct Known {
    endpoints: Option<Arc<Endpoints>>,
    /// When to look again; never looked when absent.
    next_at: Option<Timestamp>,
    looked_at: Option<Timestamp>,
}

impl StaffProvider {
    /// As the file declares it.
    ///
    /// # Errors
    /// [`FederationError`]: a file or key that cannot be used, or something that production refuses.
    pub(crate) fn enter(declared: &Declared, site: &Site, around: &Around) -> Result<Option<Self>, FederationError> {
        let Some(staff) = &declared.staff else { return Ok(None) };
        let told = FederationError::Metadata;
        if around.strict && !staff.issuer.starts_with("https://") {
            return Err(told(format!("[staff]: in produzione serve https, non {}", staff.issuer)));
        }
        let own = match &staff.client_secret {
            Some(file) => Authentication::Secret(shared(&declared.text(file).map_err(told)?).map_err(told)?),
            None => Authentication::Key(Box::new(OwnKey::open_or_create(site.keys, "staff-sig")?)),
        };
        let wire = match &around.wire {
            Some(wire) => Arc::clone(wire),
            None => named(declared, staff, around.strict).map_err(told)?,
        };
        let scope = ["openid"].into_iter().chain(staff.scope.iter().map(String::as_str));
        Ok(Some(Self {
            issuer: staff.issuer.clone(),
            name: staff.name.clone().unwrap_or_else(|| declared.organisation.name.clone()),
            passwords: staff.passwords,
            arriving: Places::default(),
            client_id: staff.client_id.clone(),
            public_url: site.public_url.to_owned(),
            own,
            scope: scope.collect::<Vec<_>>().join(" "),
            claims: staff.claims.clone(),
            two_proofs: staff.two_proofs.clone(),
            groups: staff.groups.clone(),
            wire,
            secret: Secret::new(&around.secret),
            strict: around.strict,
            known: RwLock::default(),
        }))
    }

    /// Where it is asked, if that was found out.
    pub(crate) fn endpoints(&self) -> Option<Arc<Endpoints>> {
        self.known.read().unwrap_or_else(PoisonError::into_inner).endpoints.clone()
    }

    /// Whether it is time to look it up.
    pub(crate) fn is_due(&self, now: Timestamp) -> bool {
        self.known.read().unwrap_or_else(PoisonError::into_inner).next_at.is_none_or(|next| next <= now)
    }

    /// Looks its configuration and keys up. What was known stays if it does not answer. It blocks.
    ///
    /// # Errors
    /// What is wrong, in Italian.
    pub(crate) fn look(&self, now: Timestamp) -> Result<(), String> {
        let found = Endpoints::ask(&*self.wire, &self.issuer, self.strict);
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        let wait = if found.is_ok() { FRESH } else { AGAIN };
        known.next_at = now.saturating_add(wait).ok();
        known.looked_at = Some(now);
        known.endpoints = Some(Arc::new(found?));
        Ok(())
    }

    /// The keys of `endpoints`, looked up anew because one is missing there, unless that was done just now. It blocks.
    fn newer_keys(&self, now: Timestamp) -> Option<Arc<Endpoints>> {
        let looked = self.known.read().unwrap_or_else(PoisonError::into_inner).looked_at;
        if looked.is_some_and(|looked| now.duration_since(looked) < KEYS_AGAIN) {
            return None;
        }
        self.look(now).ok().and_then(|()| self.endpoints())
    }

    /// What a login in the table calls it; no provider of citizens is called so.
    pub(crate) fn mark(&self) -> String {
        format!("ente {}", self.issuer)
    }

    /// Where it sends browsers back.
    pub(crate) fn redirect_uri(&self) -> String {
        format!("{}{CALLBACK}", self.public_url)
    }

    /// Our public key, for the provider; nothing where a secret is shared.
    pub(crate) fn published(&self) -> Option<Value> {
        match &self.own {
            Authentication::Secret(_) => None,
            Authentication::Key(key) => Some(json!({"keys": [key.public(Use::Signing)]})),
        }
    }

    /// The address that carries a browser there. `anew`: whoever sits there proves again who they are.
    pub(crate) fn departure(&self, endpoints: &Endpoints, state: &str, language: &str, anew: bool) -> String {
        let challenge = encode(digest::digest(&digest::SHA256, self.secret.derived("verifier", state).as_bytes()));
        let (redirect, nonce) = (self.redirect_uri(), self.secret.derived("nonce", state));
        let mut pairs = vec![
            ("response_type", "code"),
            ("client_id", self.client_id.as_str()),
            ("redirect_uri", redirect.as_str()),
            ("scope", self.scope.as_str()),
            ("state", state),
            ("nonce", nonce.as_str()),
            ("code_challenge", challenge.as_str()),
            ("code_challenge_method", "S256"),
            ("ui_locales", language),
        ];
        if anew {
            pairs.extend([("prompt", "login"), ("max_age", "0")]);
        }
        endpoints.authorization_with(&pairs)
    }
}

fn shared(text: &str) -> Result<String, String> {
    let secret = text.trim().to_owned();
    if secret.len() < SHORTEST_SECRET {
        return Err(format!("staff.client_secret: il segreto ha meno di {SHORTEST_SECRET} caratteri"));
    }
    Ok(secret)
}

fn named(declared: &Declared, staff: &Staff, strict: bool) -> Result<Arc<dyn Wire>, String> {
    let reach = if strict { Reach::Named } else { Reach::Machine };
    let authorities = authorities(declared, staff.authorities.as_deref());
    Ok(Arc::new(HttpWire::new(reach, authorities.as_deref())?))
}
