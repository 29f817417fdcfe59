//! The card of services (CNS): a certificate that a person's card shows in a TLS handshake, at a port of its own.
//!
//! The handshake proves that the card holds its key, and nothing more: whoever shows what we do not believe shall read why.
//! So the whole certificate is examined when it is shown ([`Cards::examine`]), and there is no other way to a [`Holder`]. The port
//! has no pages and no cookies: it leads back to the pages with a one-time code, which opens a session only to the browser that
//! set out.

mod door;
mod holder;
mod issuers;

use std::{
    net::SocketAddr,
    path::PathBuf,
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use base::Timestamp;
use jiff::SignedDuration;
use rustls::{
    ServerConfig,
    pki_types::{CertificateDer, PrivateKeyDer, UnixTime, pem::PemObject as _},
};

use web::Mode;

pub use door::CardDoor;
pub(crate) use holder::Holder;

use crate::{
    declared::{Cns, Declared},
    federation::FederationError,
};
use issuers::{Issuers, Lists};

/// What stands for it where a provider is named.
pub(crate) const ID: &str = "cns";
/// Where a card is shown, behind the address of the port.
pub(crate) const SHOW: &str = "/accesso/cns/carta";
/// A card and a secret number: the highest level.
pub(crate) const LEVEL: u8 = 3;

/// Why a card opens nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum CardRefusal {
    #[error("no certificate was shown")]
    Nothing,
    #[error("not issued by anybody who is believed")]
    Issuer,
    #[error("expired, or not valid yet")]
    Expired,
    #[error("revoked")]
    Revoked,
    #[error("there is no fresh list of revoked cards of its issuer")]
    Unchecked,
    #[error("its number is none that can be looked up among revoked ones")]
    Serial,
    #[error("not for showing who somebody is, or not under a policy that is asked for")]
    Purpose,
    #[error("its subject has no sound fiscal code")]
    Code,
    #[error("no such request, or it expired or was answered before")]
    Request,
}

impl CardRefusal {
    /// Whether an issuer who is believed signed the card: what else is shown anybody can make.
    pub(crate) const fn is_of_an_issuer(self) -> bool {
        matches!(self, Self::Revoked | Self::Serial | Self::Code)
    }

    /// As an address names it.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Nothing => "nessuna",
            Self::Issuer => "ente",
            Self::Expired => "validita",
            Self::Revoked => "revocata",
            Self::Unchecked | Self::Serial => "controllo",
            Self::Purpose => "uso",
            Self::Code => "codice",
            Self::Request => "richiesta",
        }
    }

    /// The words for a person.
    pub(crate) fn advice(word: &str) -> &'static str {
        match word {
            "nessuna" => "identity.refused.card_nothing",
            "ente" => "identity.refused.card_issuer",
            "validita" => "identity.refused.card_expired",
            "revocata" => "identity.refused.card_revoked",
            "controllo" => "identity.refused.card_unchecked",
            "uso" => "identity.refused.card_purpose",
            "codice" => "identity.refused.card_code",
            _ => "identity.refused.expired",
        }
    }
}

/// What is wrong without policies.
pub(crate) const NO_POLICIES: &str = "Senza, qualunque certificato client di quegli emittenti entra come carta di livello 3: indica quelle delle CNS, \
     come \"1.3.76.16.2.1\"";

/// How the door of cards stands.
pub(crate) struct Standing {
    /// How many are believed.
    pub(crate) issuers: usize,
    /// Whose lists of revoked cards are missing or too old, by name.
    pub(crate) stale: Vec<String>,
    /// The files that cannot be used, in Italian.
    pub(crate) troubles: Vec<String>,
    /// Whether no policies are declared.
    pub(crate) any_policy: bool,
}

/// Who is believed, and where cards are shown.
pub(crate) struct Cards {
    pub(crate) listen: SocketAddr,
    pub(crate) public_url: String,
    tls: (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>),
    places: (PathBuf, PathBuf),
    fresh: SignedDuration,
    policies: Vec<String>,
    known: RwLock<Issuers>,
}

impl Cards {
    /// As the file declares them.
    ///
    /// # Errors
    /// [`FederationError`], in Italian: a file that cannot be used, or policies that production wants and are not there.
    pub(crate) fn enter(declared: &Declared, cns: &Cns, mode: Mode) -> Result<Self, FederationError> {
        let told = FederationError::Metadata;
        if cns.policies.is_empty() {
            if mode == Mode::Production {
                return Err(told(format!("[cns]: in produzione serve policies. {NO_POLICIES}")));
            }
            tracing::warn!(
                "any certificate for clients of the issuers of cards opens the door: no policies are declared"
            );
        }
        let certificate = declared.text(&cns.certificate).map_err(told)?;
        let wrong = |file: PathBuf| FederationError::Metadata(format!("{}: non è PEM utilizzabile", file.display()));
        let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(certificate.as_bytes()).collect();
        let chain = chain.ok().filter(|chain| !chain.is_empty());
        let chain = chain.ok_or_else(|| wrong(declared.place(&cns.certificate)))?;
        let key = declared.text(&cns.key).map_err(told)?;
        let key = PrivateKeyDer::from_pem_slice(key.as_bytes()).map_err(|_| wrong(declared.place(&cns.key)))?;
        let places = (declared.place(&cns.issuers), declared.place(&cns.revocations));
        let known = Issuers::read(&places.0, &places.1).map_err(told)?;
        if known.names.is_empty() && known.troubles.is_empty() {
            return Err(told(format!("{}: non c’è nessun certificato di emittente", places.0.display())));
        }
        for trouble in &known.troubles {
            tracing::error!(trouble, "a file about cards is left out");
        }
        let cards = Self {
            listen: cns.listen,
            public_url: cns.public_url.clone(),
            tls: (chain, key),
            known: RwLock::new(known),
            places,
            fresh: SignedDuration::from_hours(cns.fresh_hours.into()),
            policies: cns.policies.clone(),
        };
        cards.config().map_err(told)?;
        Ok(cards)
    }

    /// Reads issuers and lists again if a file changed; whether one did. What can be read holds from now on, whatever is broken
    /// beside it.
    ///
    /// # Errors
    /// In Italian: the files and what is wrong with them. Where a folder cannot be read at all, what was known goes on.
    pub(crate) fn reread(&self) -> Result<bool, String> {
        let stamps = issuers::stamps(&self.places.0, &self.places.1)?;
        let changed = self.known.read().unwrap_or_else(PoisonError::into_inner).stamps != stamps;
        if changed {
            let read = Issuers::read(&self.places.0, &self.places.1)?;
            *self.known.write().unwrap_or_else(PoisonError::into_inner) = read;
        }
        let troubles = self.known.read().unwrap_or_else(PoisonError::into_inner).troubles.join("; ");
        if troubles.is_empty() { Ok(changed) } else { Err(troubles) }
    }

    /// Who holds the card that showed these certificates, the card's own first.
    ///
    /// # Errors
    /// [`CardRefusal`].
    pub(crate) fn examine(&self, shown: &[Vec<u8>], now: Timestamp) -> Result<Holder, CardRefusal> {
        let (own, others) = shown.split_first().ok_or(CardRefusal::Nothing)?;
        let (verifier, lists) = {
            let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
            (known.verifier.clone(), known.lists.clone())
        };
        let others: Vec<_> = others.iter().take(4).map(|one| CertificateDer::from(one.as_slice())).collect();
        let second = u64::try_from(now.as_second()).unwrap_or_default();
        let at = UnixTime::since_unix_epoch(Duration::from_secs(second));
        verifier
            .ok_or(CardRefusal::Issuer)?
            .verify_client_cert(&CertificateDer::from(own.as_slice()), &others, at)
            .map_err(|error| issuers::why(&error))?;
        if !shown.iter().take(5).all(|one| holder::can_be_looked_up(one)) {
            return Err(CardRefusal::Serial);
        }
        // Without any list the library looks at none: that there is a fresh one is asked here.
        if !self.is_checked(own, &lists, now)
            || !lists.iter().any(|list| holder::issuer(own).as_ref() == Some(&list.issuer))
        {
            return Err(CardRefusal::Unchecked);
        }
        if !shown.iter().skip(1).take(4).all(|between| self.is_checked(between, &lists, now)) {
            return Err(CardRefusal::Unchecked);
        }
        holder::read(own, &self.policies)
    }

    /// Whether all lists of its issuer are of these days.
    fn is_checked(&self, certificate: &[u8], lists: &Lists, now: Timestamp) -> bool {
        let Some(issuer) = holder::issuer(certificate) else { return false };
        let oldest = now.as_second().saturating_sub(self.fresh.as_secs());
        lists.iter().filter(|list| list.issuer == issuer).all(|list| oldest <= list.made_at)
    }

    /// How things stand, for who looks after them.
    pub(crate) fn standing(&self, now: Timestamp) -> Standing {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        let oldest = now.as_second().saturating_sub(self.fresh.as_secs());
        let holds = |list: &issuers::List| oldest <= list.made_at && now.as_second() < list.ends_at;
        let of = |name: &Vec<u8>| known.lists.iter().filter(|list| list.issuer == *name).collect::<Vec<_>>();
        let fresh = |lists: Vec<&issuers::List>| !lists.is_empty() && lists.into_iter().all(holds);
        let stale = known.names.iter().filter(|name| !fresh(of(name))).map(|name| holder::readable(name));
        Standing {
            issuers: known.names.len(),
            stale: stale.collect(),
            troubles: known.troubles.clone(),
            any_policy: self.policies.is_empty(),
        }
    }

    /// TLS as this port speaks it. It asks for a certificate of the issuers known at the start, and takes a handshake without.
    fn config(&self) -> Result<ServerConfig, String> {
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        let subjects = known.verifier.as_ref().map_or(Vec::new(), |verifier| verifier.root_hint_subjects().to_vec());
        drop(known);
        let asking = Arc::new(door::Asking::new(subjects, &provider));
        let (chain, key) = (self.tls.0.clone(), self.tls.1.clone_key());
        let told = |error: rustls::Error| format!("[cns]: certificato e chiave non si possono usare: {error}");
        let builder =
            ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().map_err(told)?;
        let mut config = builder.with_client_cert_verifier(asking).with_single_cert(chain, key).map_err(told)?;
        // Each card is shown anew: nothing of an earlier handshake is taken up again.
        config.session_storage = Arc::new(rustls::server::NoServerSessionStorage {});
        config.send_tls13_tickets = 0;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(config)
    }
}
