use std::{path::Path, sync::Arc};

use aws_lc_rs::hmac;
use base::Timestamp;
use serde_json::{Value, json};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::{
    CALLBACK, OpenFederation, OpenProvider, Wire,
    jose::{JwkSet, OwnKey, Use, encode},
};
use crate::{KeyError, declared::Organisation};

/// Logins that wait for a provider at the same time, and as many who leave; more are told to come back, so that a provider that hangs
/// takes no more than its share of the program.
const MOST_WAITING: usize = 64;

/// Who we are for providers that speak OpenID Connect: one entity, in one federation or in several.
pub(crate) struct Member {
    /// Our name: the public address.
    pub(crate) client_id: String,
    pub(crate) public_url: String,
    pub(crate) organisation: Organisation,
    pub(crate) logo: Option<String>,
    pub(crate) keys: Keys,
    /// Who vouches for us.
    pub(crate) hints: Vec<String>,
    /// Trust marks as declared.
    pub(crate) marks: Vec<Value>,
    pub(crate) federations: Vec<OpenFederation>,
    pub(crate) wire: Arc<dyn Wire>,
    /// Whether this is no demonstration.
    pub(crate) strict: bool,
    /// For logins that wait for a provider.
    pub(crate) arriving: Places,
    /// For sessions that are ended at a provider.
    pub(crate) leaving: Places,
    pub(crate) secret: Secret,
}

/// Our keys: of each kind the first is used, the others are published because they will be, or were.
pub(crate) struct Keys {
    /// Sign who we are.
    pub(crate) federation: Vec<OwnKey>,
    /// Sign requests, and prove us where tokens are given out.
    pub(crate) signing: Vec<OwnKey>,
    /// Decrypt what is said of people.
    pub(crate) encryption: Vec<OwnKey>,
}

impl Keys {
    /// Opens them, or makes them: three files for each name.
    ///
    /// # Errors
    /// [`KeyError`].
    pub(crate) fn open(folder: &Path, names: &[String]) -> Result<Self, KeyError> {
        let all = |purpose: &str| {
            let open = |name: &String| OwnKey::open_or_create(folder, &format!("{name}-{purpose}"));
            names.iter().map(open).collect::<Result<Vec<_>, _>>()
        };
        Ok(Self { federation: all("federation")?, signing: all("sig")?, encryption: all("enc")? })
    }

    /// Those that providers use: to believe our requests, and to encrypt for us.
    pub(crate) fn published(&self) -> Value {
        let signing = self.signing.iter().map(|key| key.public(Use::Signing));
        let encryption = self.encryption.iter().map(|key| key.public(Use::Encryption));
        json!({"keys": signing.chain(encryption).collect::<Vec<_>>()})
    }

    /// Those of the federation.
    pub(crate) fn of_federation(&self) -> Value {
        json!({"keys": self.federation.iter().map(|key| key.public(Use::Signing)).collect::<Vec<_>>()})
    }

    pub(crate) fn signer(&self) -> &OwnKey {
        self.signing.first().expect("a member is made with at least one key")
    }

    pub(crate) fn federation_signer(&self) -> &OwnKey {
        self.federation.first().expect("a member is made with at least one key")
    }
}

/// Known to nobody else: what a login must know again is made of it.
pub(crate) struct Secret(hmac::Key);

impl Secret {
    pub(crate) fn new(bytes: &[u8]) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, bytes))
    }

    /// What a login must know again and nobody else may: made of its state, so that no table holds it.
    pub(crate) fn derived(&self, purpose: &str, state: &str) -> String {
        encode(hmac::sign(&self.0, format!("{purpose}\n{state}").as_bytes()))
    }
}

/// Places for work that waits for other machines. Whoever has one keeps it until the work is done, also when the person who wanted it
/// has left.
#[derive(Clone)]
pub(crate) struct Places(Arc<Semaphore>);

impl Default for Places {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(MOST_WAITING)))
    }
}

impl Places {
    /// A place to take along into the work; `None` when all are taken.
    pub(crate) fn take(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.0).try_acquire_owned().ok()
    }
}

impl Member {
    /// With which key we prove who we are, and under which name.
    pub(crate) fn signs(&self) -> (&OwnKey, &str) {
        (self.keys.signer(), &self.client_id)
    }

    /// Where answers arrive.
    pub(crate) fn redirect_uri(&self) -> String {
        format!("{}{CALLBACK}", self.public_url)
    }

    /// A provider and its federation, while the federation vouches for it.
    pub(crate) fn provider(&self, id: &str, now: Timestamp) -> Option<(&OpenFederation, Arc<OpenProvider>)> {
        let of = |one: &OpenFederation| one.providers(now).into_iter().find(|provider| provider.id == id);
        self.federations.iter().find_map(|federation| Some((federation, of(federation)?)))
    }

    /// The key with which we sign who we are, as others must know it.
    pub(crate) fn signing_set(&self) -> JwkSet {
        let own = json!({"keys": [self.keys.federation_signer().public(Use::Signing)]});
        JwkSet::read(&own).expect("our own key is one that can be read")
    }
}
