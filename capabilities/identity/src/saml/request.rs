use std::io::{Read as _, Write as _};

use base::{Timestamp, escape_xml as escape};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use flate2::{Compression, read::DeflateDecoder, write::DeflateEncoder};
use web::percent;

use super::{
    ASSERTION, Certificate, ENTITY, KeyError, PROTOCOL, RSA_SHA256, Signer, TRANSIENT, codec::unpercent, level_class,
    level_of,
};

/// A request is about 1 kB; what inflates beyond this is a bomb.
const LARGEST: u64 = 16 * 1024;

/// The request to identify somebody, sent through the browser to an identity provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AuthnRequest {
    /// Names the request; the answer must repeat it.
    pub(crate) id: String,
    /// When it was made.
    pub(crate) issued_at: Timestamp,
    /// Entity ID of the provider, or the address of its single sign-on service.
    pub(crate) destination: String,
    /// Our entity ID.
    pub(crate) issuer: String,
    /// The least level of e-ID, 1 to 3.
    pub(crate) level: u8,
}

/// Why a request that reached the demonstration provider is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum RequestError {
    /// Not the four parameters of the redirect binding, once each.
    #[error("the query is not a signed SAML request")]
    Query,
    /// Not signed by the service provider, or not with RSA-SHA256.
    #[error("the signature of the request is wrong")]
    Signature,
    /// Not a SAML request of this profile.
    #[error("the request is not an AuthnRequest of the SPID profile")]
    Message,
}

impl AuthnRequest {
    /// The message. From level 2 on the person must prove the identity anew (ForceAuthn).
    pub(crate) fn to_xml(&self) -> String {
        let Self { id, issued_at, level, .. } = self;
        let (destination, issuer) = (escape(&self.destination), escape(&self.issuer));
        let force = if *level >= 2 { r#" ForceAuthn="true""# } else { "" };
        let class = level_class(*level);
        format!(
            r#"<samlp:AuthnRequest xmlns:samlp="{PROTOCOL}" xmlns:saml="{ASSERTION}" ID="{id}" Version="2.0" IssueInstant="{issued_at:.0}" Destination="{destination}"{force} AssertionConsumerServiceIndex="0" AttributeConsumingServiceIndex="0"><saml:Issuer Format="{ENTITY}" NameQualifier="{issuer}">{issuer}</saml:Issuer><samlp:NameIDPolicy Format="{TRANSIENT}"/><samlp:RequestedAuthnContext Comparison="minimum"><saml:AuthnContextClassRef>{class}</saml:AuthnContextClassRef></samlp:RequestedAuthnContext></samlp:AuthnRequest>"#
        )
    }

    /// The signed query that carries it (SAML bindings, 3.4: DEFLATE, base64, percent-encoding, signature last).
    pub(crate) fn to_query(&self, relay_state: &str, signer: &Signer) -> Result<String, KeyError> {
        let message = STANDARD.encode(deflate(self.to_xml().as_bytes()));
        let (message, relay, algorithm) = (percent(&message), percent(relay_state), percent(RSA_SHA256));
        let signed = format!("SAMLRequest={message}&RelayState={relay}&SigAlg={algorithm}");
        let signature = STANDARD.encode(signer.sign_octets(signed.as_bytes())?);
        Ok(format!("{signed}&Signature={}", percent(&signature)))
    }

    fn from_xml(xml: &str) -> Option<Self> {
        let document = roxmltree::Document::parse(xml).ok()?;
        let root = document.root_element();
        if !root.has_tag_name((PROTOCOL, "AuthnRequest")) {
            return None;
        }
        let find = |name| root.descendants().find(|node| node.has_tag_name((ASSERTION, name)))?.text();
        Some(Self {
            id: root.attribute("ID")?.to_owned(),
            issued_at: root.attribute("IssueInstant")?.parse().ok()?,
            destination: root.attribute("Destination")?.to_owned(),
            issuer: find("Issuer")?.to_owned(),
            level: level_of(find("AuthnContextClassRef")?)?,
        })
    }
}

/// A request as the demonstration provider received it.
#[derive(Debug)]
pub(crate) struct SignedQuery {
    /// The verified message.
    pub(crate) request: AuthnRequest,
    /// To be given back with the answer.
    pub(crate) relay_state: String,
}

impl SignedQuery {
    /// Reads and verifies a query, over the very octets that were sent.
    pub(crate) fn read(query: &str, sender: &Certificate) -> Result<Self, RequestError> {
        let raw = |name| one(query, name).ok_or(RequestError::Query);
        let decoded = |name| raw(name).and_then(|text| unpercent(text).ok_or(RequestError::Query));
        let octets =
            format!("SAMLRequest={}&RelayState={}&SigAlg={}", raw("SAMLRequest")?, raw("RelayState")?, raw("SigAlg")?);
        let signature = STANDARD.decode(decoded("Signature")?).map_err(|_| RequestError::Query)?;
        if decoded("SigAlg")? != RSA_SHA256 || !sender.verifies(octets.as_bytes(), &signature) {
            return Err(RequestError::Signature);
        }
        let message = STANDARD.decode(decoded("SAMLRequest")?).map_err(|_| RequestError::Query)?;
        let request = inflate(&message).and_then(|xml| AuthnRequest::from_xml(&xml)).ok_or(RequestError::Message)?;
        Ok(Self { request, relay_state: decoded("RelayState")? })
    }
}

/// The raw value of a parameter that occurs exactly once.
fn one<'a>(query: &'a str, name: &str) -> Option<&'a str> {
    let mut values = query.split('&').filter_map(|pair| pair.split_once('=')).filter(|(key, _)| *key == name);
    let (_, value) = values.next()?;
    values.next().is_none().then_some(value)
}

fn deflate(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    let written = encoder.write_all(bytes).and_then(|()| encoder.finish());
    written.expect("a Vec takes all that is written to it")
}

fn inflate(bytes: &[u8]) -> Option<String> {
    let mut text = String::new();
    let read = DeflateDecoder::new(bytes).take(LARGEST + 1).read_to_string(&mut text).ok()?;
    (read as u64 <= LARGEST).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request() -> AuthnRequest {
        AuthnRequest {
            id: "_1".to_owned(),
            issued_at: "2026-03-02T09:00:00Z".parse().unwrap(),
            destination: "https://idp.example/sso?a=1&b=2".to_owned(),
            issuer: "https://sportello.example".to_owned(),
            level: 2,
        }
    }

    fn signer() -> (tempfile::TempDir, Signer) {
        let folder = tempfile::tempdir().unwrap();
        let signer = Signer::open_or_create(folder.path(), "sp", "Prova").unwrap();
        (folder, signer)
    }

    #[test]
    fn says_what_the_profile_wants() {
        let xml = request().to_xml();
        for part in [
            r#"IssueInstant="2026-03-02T09:00:00Z""#,
            r#"ForceAuthn="true""#,
            r#"NameQualifier="https://sportello.example""#,
            r#"Destination="https://idp.example/sso?a=1&amp;b=2""#,
            r#"<samlp:NameIDPolicy Format="urn:oasis:names:tc:SAML:2.0:nameid-format:transient"/>"#,
            r#"Comparison="minimum""#,
            "https://www.spid.gov.it/SpidL2",
        ] {
            assert!(xml.contains(part), "{part} in {xml}");
        }
        assert!(!AuthnRequest { level: 1, ..request() }.to_xml().contains("ForceAuthn"));
    }

    #[test]
    fn travels_signed_and_is_read_back() {
        let (_folder, signer) = signer();
        let query = request().to_query("r 1", &signer).unwrap();
        let read = SignedQuery::read(&query, signer.certificate()).unwrap();
        assert_eq!((read.request, read.relay_state.as_str()), (request(), "r 1"));
    }

    #[test]
    fn altered_doubled_or_foreign_requests_are_refused() {
        let (_folder, signer) = signer();
        let query = request().to_query("r", &signer).unwrap();
        let refusal = |query: &str| SignedQuery::read(query, signer.certificate()).unwrap_err();
        assert_eq!(refusal(&query.replace("RelayState=r", "RelayState=s")), RequestError::Signature);
        assert_eq!(refusal(&query.replace("rsa-sha256", "rsa-sha1")), RequestError::Signature);
        assert_eq!(refusal(&format!("{query}&RelayState=r")), RequestError::Query);
        assert_eq!(refusal("SAMLRequest=x"), RequestError::Query);
        let (_other_folder, other) = self::signer();
        let foreign = request().to_query("r", &other).unwrap();
        assert_eq!(refusal(&foreign), RequestError::Signature);
    }

    #[test]
    fn a_bomb_is_not_inflated() {
        assert_eq!(inflate(&deflate(&vec![b' '; 10 << 20])), None);
        assert_eq!(inflate(&deflate(b"<a/>")).as_deref(), Some("<a/>"));
    }
}
