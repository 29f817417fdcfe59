//! Messages in the query of an address (SAML bindings, 3.4): DEFLATE, base64, percent-encoding, signature last.

use std::io::{Read as _, Write as _};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use flate2::{Compression, read::DeflateDecoder, write::DeflateEncoder};
use web::percent;

use super::{Certificate, KeyError, RSA_SHA256, SIGNATURES, Signer, codec::unpercent};

/// A request is about 1 kB; what inflates beyond this is a bomb.
const LARGEST: u64 = 16 * 1024;

/// The parameter that carries a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Parameter {
    /// `SAMLRequest`.
    Request,
    /// `SAMLResponse`.
    Response,
}

impl Parameter {
    /// Its name, in queries and in forms.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Request => "SAMLRequest",
            Self::Response => "SAMLResponse",
        }
    }
}

/// A message whose signature holds.
#[derive(Debug)]
pub(crate) struct Carried {
    pub(crate) xml: String,
    /// To be given back with the answer.
    pub(crate) relay_state: Option<String>,
}

/// Why a query is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum QueryError {
    /// Not the parameters of the redirect binding, once each.
    #[error("the query is not a signed SAML message")]
    Shape,
    /// Not signed by the one who should have, or not with an algorithm that is allowed.
    #[error("the signature of the query is wrong")]
    Signature,
}

/// The signed query that carries `xml`.
pub(crate) fn sign(
    parameter: Parameter,
    xml: &str,
    relay_state: Option<&str>,
    signer: &Signer,
) -> Result<String, KeyError> {
    let (name, message) = (parameter.name(), STANDARD.encode(deflate(xml.as_bytes())));
    let relay = relay_state.map(|state| format!("&RelayState={}", percent(state))).unwrap_or_default();
    let signed = format!("{name}={}{relay}&SigAlg={}", percent(&message), percent(RSA_SHA256));
    let signature = STANDARD.encode(signer.sign_octets(signed.as_bytes())?);
    Ok(format!("{signed}&Signature={}", percent(&signature)))
}

/// Where a browser is led with `query`.
pub(crate) fn address(location: &str, query: &str) -> String {
    let joint = if location.contains('?') { '&' } else { '?' };
    format!("{location}{joint}{query}")
}

/// Reads and verifies a query, over the very octets that were sent.
pub(crate) fn read(parameter: Parameter, query: &str, senders: &[Certificate]) -> Result<Carried, QueryError> {
    let raw = |name| one(query, name);
    let decoded = |name| raw(name)?.map(|text| unpercent(text).ok_or(QueryError::Shape)).transpose();
    let needed = |name| raw(name)?.ok_or(QueryError::Shape);
    let relay = raw("RelayState")?.map(|state| format!("&RelayState={state}")).unwrap_or_default();
    let octets = format!("{0}={1}{relay}&SigAlg={2}", parameter.name(), needed(parameter.name())?, needed("SigAlg")?);
    let algorithm = decoded("SigAlg")?.ok_or(QueryError::Shape)?;
    let signature = STANDARD.decode(decoded("Signature")?.ok_or(QueryError::Shape)?).map_err(|_| QueryError::Shape)?;
    let genuine = |sender: &Certificate| sender.verifies(&algorithm, octets.as_bytes(), &signature);
    if !SIGNATURES.contains(&algorithm.as_str()) || !senders.iter().any(genuine) {
        return Err(QueryError::Signature);
    }
    let message = decoded(parameter.name())?.ok_or(QueryError::Shape)?;
    let message = STANDARD.decode(message).map_err(|_| QueryError::Shape)?;
    Ok(Carried { xml: inflate(&message).ok_or(QueryError::Shape)?, relay_state: decoded("RelayState")? })
}

/// The message of a query, of which nothing is believed yet: to find out whose signature it should bear.
pub(crate) fn peek(parameter: Parameter, query: &str) -> Option<String> {
    let message = unpercent(one(query, parameter.name()).ok()??)?;
    inflate(&STANDARD.decode(message).ok()?)
}

/// The raw value of a parameter that occurs at most once.
fn one<'a>(query: &'a str, name: &str) -> Result<Option<&'a str>, QueryError> {
    let mut values = query.split('&').filter_map(|pair| pair.split_once('=')).filter(|(key, _)| *key == name);
    let first = values.next().map(|(_, value)| value);
    if values.next().is_some() { Err(QueryError::Shape) } else { Ok(first) }
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

    #[test]
    fn a_bomb_is_not_inflated() {
        assert_eq!(inflate(&deflate(&vec![b' '; 10 << 20])), None);
        assert_eq!(inflate(&deflate(b"<a/>")).as_deref(), Some("<a/>"));
    }

    #[test]
    fn messages_travel_signed_with_and_without_state() {
        let folder = tempfile::tempdir().unwrap();
        let signer = Signer::open_or_create(folder.path(), "sp", "Prova").unwrap();
        let certificates = [signer.certificate().clone()];
        for state in [None, Some("r 1")] {
            let query = sign(Parameter::Response, "<a/>", state, &signer).unwrap();
            let carried = read(Parameter::Response, &query, &certificates).unwrap();
            assert_eq!((carried.xml.as_str(), carried.relay_state.as_deref()), ("<a/>", state));
            assert_eq!(peek(Parameter::Response, &query).as_deref(), Some("<a/>"));
            assert_eq!(read(Parameter::Request, &query, &certificates).unwrap_err(), QueryError::Shape);
            assert_eq!(read(Parameter::Response, &query, &[]).unwrap_err(), QueryError::Signature);
        }
    }

    #[test]
    fn a_state_that_was_added_or_taken_away_breaks_the_signature() {
        let folder = tempfile::tempdir().unwrap();
        let signer = Signer::open_or_create(folder.path(), "sp", "Prova").unwrap();
        let certificates = [signer.certificate().clone()];
        let bare = sign(Parameter::Request, "<a/>", None, &signer).unwrap();
        let added = format!("{bare}&RelayState=x");
        assert_eq!(read(Parameter::Request, &added, &certificates).unwrap_err(), QueryError::Signature);
        let full = sign(Parameter::Request, "<a/>", Some("x"), &signer).unwrap();
        let taken = full.replace("&RelayState=x", "");
        assert_eq!(read(Parameter::Request, &taken, &certificates).unwrap_err(), QueryError::Signature);
        let doubled = format!("{full}&RelayState=y");
        assert_eq!(read(Parameter::Request, &doubled, &certificates).unwrap_err(), QueryError::Shape);
    }
}
