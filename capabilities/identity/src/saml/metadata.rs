use base::escape_xml as escape;

use super::{KeyError, Signer, TRANSIENT};

/// What we ask every provider for, in the names of SPID; the order is that of the page that explains it.
const ATTRIBUTES: [&str; 9] =
    ["spidCode", "name", "familyName", "fiscalNumber", "dateOfBirth", "placeOfBirth", "gender", "email", "mobilePhone"];

/// Our signed metadata as a service provider: who we are, our certificate, where answers go, what we ask for.
/// The federation's registration data (IPA code, contacts, single logout) come with the registration itself.
pub(crate) fn metadata(entity_id: &str, consumer_url: &str, name: &str, signer: &Signer) -> Result<String, KeyError> {
    let id = "_metadata";
    let (entity, consumer, name) = (escape(entity_id), escape(consumer_url), escape(name));
    let (signature, certificate) = (signer.template(id), signer.certificate().base64());
    let attributes: String =
        ATTRIBUTES.iter().map(|name| format!(r#"<md:RequestedAttribute Name="{name}" isRequired="true"/>"#)).collect();
    let xml = format!(
        r#"<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:ds="http://www.w3.org/2000/09/xmldsig#" ID="{id}" entityID="{entity}">{signature}<md:SPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol" AuthnRequestsSigned="true" WantAssertionsSigned="true"><md:KeyDescriptor use="signing"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor><md:NameIDFormat>{TRANSIENT}</md:NameIDFormat><md:AssertionConsumerService index="0" isDefault="true" Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="{consumer}"/><md:AttributeConsumingService index="0"><md:ServiceName xml:lang="it">{name}</md:ServiceName>{attributes}</md:AttributeConsumingService></md:SPSSODescriptor><md:Organization><md:OrganizationName xml:lang="it">{name}</md:OrganizationName><md:OrganizationDisplayName xml:lang="it">{name}</md:OrganizationDisplayName><md:OrganizationURL xml:lang="it">{entity}</md:OrganizationURL></md:Organization></md:EntityDescriptor>"#
    );
    signer.sign_xml(&xml)
}
