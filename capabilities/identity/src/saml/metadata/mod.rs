//! Our metadata as a service provider: who we are, our certificates, where answers go, what we ask for. One document for
//! each federation, because each has its own extensions and refuses the other's.

mod cie;
mod spid;

use std::fmt::Write as _;

use base::escape_xml as escape;

use super::{HTTP_POST, HTTP_REDIRECT, KeyError, METADATA, PROTOCOL, Signer, TRANSIENT};
use crate::{
    declared::{AttributeSet, EIDAS_SETS, Organisation},
    federation::{Federation, Kind},
};

/// The signed document for a federation.
pub(crate) fn metadata(federation: &Federation, consumer_url: &str, logout_url: &str) -> Result<String, KeyError> {
    let (id, signer) = ("_metadata", federation.signer());
    let (entity, signature) = (escape(&federation.entity_id), signer.template(id));
    let role = role(federation, &escape(consumer_url), &escape(logout_url));
    let organisation = organisation(&federation.organisation);
    let (namespace, contacts) = match federation.kind {
        Kind::Spid => (spid::NAMESPACE, spid::contacts(&federation.organisation)),
        Kind::Cie => (cie::NAMESPACE, cie::contacts(&federation.organisation, federation.technical.as_ref())),
    };
    signer.sign_xml(&format!(
        r#"<md:EntityDescriptor xmlns:md="{METADATA}" xmlns:ds="http://www.w3.org/2000/09/xmldsig#" {namespace} ID="{id}" entityID="{entity}">{signature}{role}{organisation}{contacts}</md:EntityDescriptor>"#
    ))
}

fn role(federation: &Federation, consumer: &str, logout: &str) -> String {
    let keys: String = federation.keys.iter().map(key).collect();
    let own = federation.sets.iter().enumerate();
    let own = own.map(|(index, AttributeSet { name, ask, .. })| attribute_set(index, name, ask));
    let eidas = EIDAS_SETS.iter().filter(|_| federation.eidas.is_some());
    let eidas = eidas.map(|(index, name, ask)| attribute_set(*index, name, ask));
    let sets: String = own.chain(eidas).collect();
    format!(
        r#"<md:SPSSODescriptor protocolSupportEnumeration="{PROTOCOL}" AuthnRequestsSigned="true" WantAssertionsSigned="true">{keys}<md:SingleLogoutService Binding="{HTTP_REDIRECT}" Location="{logout}"/><md:SingleLogoutService Binding="{HTTP_POST}" Location="{logout}"/><md:NameIDFormat>{TRANSIENT}</md:NameIDFormat><md:AssertionConsumerService index="0" isDefault="true" Binding="{HTTP_POST}" Location="{consumer}"/>{sets}</md:SPSSODescriptor>"#
    )
}

/// All our keys, also the one that will sign tomorrow: providers must know it before.
fn key(signer: &Signer) -> String {
    let certificate = signer.certificate().base64();
    format!(
        r#"<md:KeyDescriptor use="signing"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>"#
    )
}

fn attribute_set<T: AsRef<str>>(index: usize, name: &str, ask: &[T]) -> String {
    let mut xml = format!(
        r#"<md:AttributeConsumingService index="{index}"><md:ServiceName xml:lang="it">{}</md:ServiceName>"#,
        escape(name)
    );
    for name in ask {
        let _written = write!(xml, r#"<md:RequestedAttribute Name="{}" isRequired="true"/>"#, escape(name.as_ref()));
    }
    xml + "</md:AttributeConsumingService>"
}

fn organisation(office: &Organisation) -> String {
    let (name, url) = (escape(&office.name), escape(&office.url));
    let known = escape(office.display_name.as_ref().unwrap_or(&office.name));
    format!(
        r#"<md:Organization><md:OrganizationName xml:lang="it">{name}</md:OrganizationName><md:OrganizationDisplayName xml:lang="it">{known}</md:OrganizationDisplayName><md:OrganizationURL xml:lang="it">{url}</md:OrganizationURL></md:Organization>"#
    )
}

/// An element with text, if there is any.
fn element(name: &str, text: Option<&str>) -> String {
    text.map(|text| format!("<{name}>{}</{name}>", escape(text))).unwrap_or_default()
}
