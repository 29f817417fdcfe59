//! SAML 2.0 as SPID profiles it (AgID, "Regole tecniche SPID" and its notices): what we send and what we accept.
//!
//! Generic SAML libraries accept far more than the profile allows, and every surplus was once an attack. Here the
//! order is fixed: bound the size, refuse markup that SAML does not need, compare the shape with a whitelist, verify
//! the signature with the provider's configured certificate, and read only the canonical text of the element that the
//! signature covers. bergshamra does canonicalisation and signatures, and is asked nothing else.

use bergshamra::core::algorithm;

mod certificate;
mod codec;
mod keys;
mod logout;
mod metadata;
#[cfg(test)]
mod mutations;
mod providers;
pub(crate) mod redirect;
mod request;
mod response;
mod signature;

pub(crate) use certificate::{CertificateOwner, FederationMember, flaws};
pub use keys::{Certificate, KeyError, Signer};
pub(crate) use logout::{Incoming, LogoutAnswer, LogoutRequest, Received};
pub(crate) use metadata::metadata;
pub(crate) use providers::{Described, Endpoint, Endpoints, Provider, read_providers};
pub(crate) use request::{AuthnRequest, SignedQuery};
pub(crate) use response::{Claims, Expected, Message, Refusal};

/// Namespace of messages.
pub(crate) const PROTOCOL: &str = "urn:oasis:names:tc:SAML:2.0:protocol";
/// Namespace of assertions.
pub(crate) const ASSERTION: &str = "urn:oasis:names:tc:SAML:2.0:assertion";
/// Namespace of XML signatures.
pub(crate) const DSIG: &str = "http://www.w3.org/2000/09/xmldsig#";
/// Format of an issuer's name.
pub(crate) const ENTITY: &str = "urn:oasis:names:tc:SAML:2.0:nameid-format:entity";
/// Format of a person's name that changes at each login.
pub(crate) const TRANSIENT: &str = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient";
/// The person is who brings the assertion.
pub(crate) const BEARER: &str = "urn:oasis:names:tc:SAML:2.0:cm:bearer";
/// The status of a login that went well.
pub(crate) const SUCCESS: &str = "urn:oasis:names:tc:SAML:2.0:status:Success";
/// The only signature that we make.
pub(crate) const RSA_SHA256: &str = algorithm::RSA_SHA256;
/// The signatures that we take.
pub(crate) const SIGNATURES: [&str; 3] = [algorithm::RSA_SHA256, algorithm::RSA_SHA384, algorithm::RSA_SHA512];
/// Namespace of metadata.
pub(crate) const METADATA: &str = "urn:oasis:names:tc:SAML:2.0:metadata";
/// A message in the query of an address.
pub(crate) const HTTP_REDIRECT: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect";
/// A message in a form.
pub(crate) const HTTP_POST: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST";

/// The name of an e-ID level (1 to 3) in SPID and CIE.
pub(crate) fn level_class(level: u8) -> String {
    format!("https://www.spid.gov.it/SpidL{level}")
}

/// The inverse of [`level_class`].
pub(crate) fn level_of(class: &str) -> Option<u8> {
    (1..=3).find(|level| level_class(*level) == class)
}
