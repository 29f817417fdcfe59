//! The port at which cards are shown. It has one address, no pages and no cookies.

use std::{net::SocketAddr, sync::Arc};

use axum::{
    Extension, Router,
    extract::{ConnectInfo, Query, State},
    http::{HeaderName, HeaderValue, StatusCode, header},
    middleware::map_response,
    response::{IntoResponse, Response},
    routing::get,
};
use base::{PersonName, Timestamp, new_id};
use jiff::SignedDuration;
use rustls::{
    DigitallySignedStruct, DistinguishedName, Error, ServerConfig, SignatureScheme,
    client::danger::HandshakeSignatureValid,
    crypto::{CryptoProvider, WebPkiSupportedAlgorithms, verify_tls12_signature, verify_tls13_signature},
    pki_types::{CertificateDer, UnixTime},
    server::danger::{ClientCertVerified, ClientCertVerifier},
};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use web::{Shown, Web};

use super::{CardRefusal, Cards, Holder, ID, LEVEL, SHOW};
use crate::{
    Identity,
    address::Address,
    register::Stray,
    saml::Claims,
    store::{
        logins::{self, Login, MessageRow},
        people,
    },
};

/// Time to put the card in and type its number.
const PATIENCE: SignedDuration = SignedDuration::from_mins(10);
/// Refused cards for one request that are kept.
const MOST_KEPT: i64 = 5;

/// A port of its own, for whoever runs the program to open.
pub struct CardDoor {
    /// Where it listens.
    pub listen: SocketAddr,
    /// How it speaks TLS.
    pub tls: Arc<ServerConfig>,
    /// What it answers.
    pub router: Router,
}

impl Identity {
    /// The port at which cards are shown, if `identity.toml` declares one.
    ///
    /// # Errors
    /// In Italian: our certificate cannot be used.
    pub fn card_door(&self, web: &Web) -> Result<Option<CardDoor>, String> {
        let Some(cards) = &self.0.cards else { return Ok(None) };
        let router = Router::new().route(SHOW, get(show)).with_state((self.clone(), web.clone()));
        let router = router.layer(map_response(last));
        Ok(Some(CardDoor { listen: cards.listen, tls: Arc::new(cards.config()?), router }))
    }
}

/// The next person at this computer shows a card of their own: no connection serves two.
async fn last(mut answer: Response) -> Response {
    answer.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    answer
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    stato: String,
}

/// `GET /accesso/cns/carta`: a card is shown. Whatever comes of it, the way leads back to the pages.
async fn show(
    State((identity, web)): State<(Identity, Web)>,
    Query(asked): Query<Asked>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    Extension(Shown(shown)): Extension<Shown>,
) -> Response {
    let Some(cards) = &identity.0.cards else { return StatusCode::NOT_FOUND.into_response() };
    let address = Address::of(peer.ip()).digest(&identity.0.address_secret);
    let visit =
        Showing { cards, web: &web, state: &asked.stato, shown: &shown, address: &address, now: web.clock().now() };
    match visit.outcome().await {
        Ok(place) => back(&web, &place),
        Err(error) => {
            tracing::error!(%error, "a card was shown, and the database did not take it");
            back(&web, "/accesso/cns/esito?motivo=richiesta")
        }
    }
}

fn back(web: &Web, place: &str) -> Response {
    let location = format!("{}{place}", web.settings().public_url);
    let headers = [
        (header::LOCATION, location.as_str()),
        (header::CACHE_CONTROL, "no-store"),
        (HeaderName::from_static("referrer-policy"), "no-referrer"),
    ];
    (StatusCode::SEE_OTHER, headers).into_response()
}

/// A card that is being shown.
struct Showing<'a> {
    cards: &'a Cards,
    web: &'a Web,
    state: &'a str,
    shown: &'a [Vec<u8>],
    address: &'a str,
    now: Timestamp,
}

impl Showing<'_> {
    /// Where the browser goes on.
    async fn outcome(&self) -> database::Result<String> {
        let since = self.now.saturating_sub(PATIENCE).unwrap_or(Timestamp::MIN);
        let login = logins::waiting(&mut self.web.database().read().await?, self.state, since).await?;
        let Some(login) = login.filter(|login| login.provider == ID) else {
            return Ok(refused(CardRefusal::Request));
        };
        let outcome = match self.cards.examine(self.shown, self.now) {
            Ok(holder) => self.put_aside(&login, holder).await?,
            Err(refusal) => Err(refusal),
        };
        match outcome {
            Ok(code) => Ok(format!("/accesso/fine?codice={code}")),
            Err(refusal) => {
                tracing::warn!(%refusal, "a card was refused");
                if !refusal.is_of_an_issuer() {
                    let message = self.shown.first().map_or(&[][..], Vec::as_slice);
                    let (request_id, outcome) = (&login.request_id, &refusal.to_string());
                    Stray { door: ID, request_id, message, outcome }.note(self.web, self.now).await?;
                    return Ok(refused(refusal));
                }
                let mut tx = self.web.database().begin().await?;
                if logins::answers_to(&mut tx, &login.request_id).await? < MOST_KEPT {
                    self.note(&mut tx, &login, &refusal.to_string()).await?;
                    tx.commit().await?;
                }
                Ok(refused(refusal))
            }
        }
    }

    /// Who holds it, under a one-time code for the page that begins the session in the browser that set out.
    async fn put_aside(&self, login: &Login, holder: Holder) -> database::Result<Result<String, CardRefusal>> {
        let mut tx = self.web.database().begin().await?;
        let code = hex::encode(self.web.chance().bytes::<32>());
        // Where a card does not say a name, the one by which the person is known here; else the code stands for it.
        let known = people::name_of(&mut tx, holder.fiscal_code.as_str()).await?;
        let nameless = || PersonName { surname: holder.fiscal_code.to_string(), given: "CNS".to_owned() };
        let claims = Claims {
            assertion_id: format!("cns {}", login.request_id),
            ends_at: self.now,
            level: LEVEL,
            name_id: holder.digest,
            session_index: None,
            name: holder.name.or(known).unwrap_or_else(nameless),
            fiscal_code: holder.fiscal_code,
            name_qualifier: None,
            spid_code: Some(holder.account),
            born: None,
            email: None,
            token: None,
        };
        let digest = hex::encode(Sha256::digest(&code));
        if !logins::answer(&mut tx, &login.request_id, &digest, &claims, self.now).await? {
            return Ok(Err(CardRefusal::Request));
        }
        self.note(&mut tx, login, "accepted").await?;
        tx.commit().await?;
        Ok(Ok(code))
    }

    /// Into the register of messages: the certificate, and what became of it.
    async fn note(&self, tx: &mut database::Tx, login: &Login, outcome: &str) -> database::Result<()> {
        use base64::{Engine as _, engine::general_purpose::STANDARD};
        let row = MessageRow {
            id: new_id(self.web.clock(), self.web.chance()),
            at: self.now,
            direction: "response",
            provider: ID,
            request_id: &login.request_id,
            message: &self.shown.first().map(|own| STANDARD.encode(own)).unwrap_or_default(),
            outcome,
            address: self.address,
        };
        logins::register(tx, &row).await
    }
}

fn refused(refusal: CardRefusal) -> String {
    format!("/accesso/cns/esito?motivo={}", refusal.word())
}

/// Asks for a certificate, and takes any whose key is held: what it is worth is examined when it is read, so that people learn
/// what is wrong with their card. A handshake that fails would tell them nothing.
#[derive(Debug)]
pub(super) struct Asking {
    subjects: Vec<DistinguishedName>,
    algorithms: WebPkiSupportedAlgorithms,
}

impl Asking {
    pub(super) fn new(subjects: Vec<DistinguishedName>, provider: &CryptoProvider) -> Self {
        Self { subjects, algorithms: provider.signature_verification_algorithms }
    }
}

impl ClientCertVerifier for Asking {
    fn client_auth_mandatory(&self) -> bool {
        false
    }

    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &self.subjects
    }

    fn verify_client_cert(
        &self,
        _: &CertificateDer,
        _: &[CertificateDer],
        _: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        Ok(ClientCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, certificate, signed, &self.algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signed, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}
