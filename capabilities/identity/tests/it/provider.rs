//! An identity provider of a federation, as far as tests need one: its metadata, its answers, its wishes to end sessions.

use std::io::Read as _;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use identity::Signer;

use crate::house::PUBLIC;

const SAML: &str =
    "xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\"";
const SUCCESS: &str =
    "<samlp:Status><samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:Success\"/></samlp:Status>";

pub struct Provider {
    pub entity_id: &'static str,
    signer: Signer,
    _folder: tempfile::TempDir,
}

/// What an answer says.
pub struct Told<'a> {
    pub request: &'a str,
    pub at: &'a str,
    pub until: &'a str,
    pub audience: &'a str,
    pub level: u8,
    /// Whether the provider keeps a session of its own.
    pub session: bool,
    pub attributes: &'a [(&'a str, &'a str)],
}

impl Provider {
    pub fn new(entity_id: &'static str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let signer = Signer::open_or_create(folder.path(), "idp", "Gestore di prova").unwrap();
        Self { entity_id, signer, _folder: folder }
    }

    pub fn metadata(&self, name: &str, bindings: &[&str]) -> String {
        self.metadata_with(&[self], name, bindings)
    }

    /// With the keys of others too, as while a key is being replaced.
    pub fn metadata_with(&self, signers: &[&Self], name: &str, bindings: &[&str]) -> String {
        let id = self.entity_id;
        let key = |one: &&Self| {
            let key = one.signer.certificate().base64();
            format!(
                "<md:KeyDescriptor use=\"signing\"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>{key}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>"
            )
        };
        let keys: String = signers.iter().map(key).collect();
        let at = |service, path| -> String {
            let one = |way: &&str| {
                let binding = format!("urn:oasis:names:tc:SAML:2.0:bindings:{way}");
                format!("<md:{service} Binding=\"{binding}\" Location=\"{id}/{path}\"/>")
            };
            bindings.iter().map(one).collect()
        };
        let (out, on) = (at("SingleLogoutService", "slo"), at("SingleSignOnService", "sso"));
        format!(
            "<md:EntityDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\" xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\" entityID=\"{id}\"><md:IDPSSODescriptor>{keys}{out}{on}</md:IDPSSODescriptor><md:Organization><md:OrganizationDisplayName xml:lang=\"it\">{name}</md:OrganizationDisplayName></md:Organization></md:EntityDescriptor>"
        )
    }

    /// The signed answer, as the browser posts it.
    pub fn answer(&self, told: &Told) -> String {
        let Told { request, at, until, audience, level, session, attributes } = told;
        let (id, acs, signature) =
            (self.entity_id, format!("{PUBLIC}/accesso/saml/acs"), signature(&format!("_a{request}")));
        let index = if *session { " SessionIndex=\"_indice\"" } else { "" };
        let attribute = |(name, value): &(&str, &str)| {
            format!(
                "<saml:Attribute Name=\"{name}\"><saml:AttributeValue>{value}</saml:AttributeValue></saml:Attribute>"
            )
        };
        let attributes: String = attributes.iter().map(attribute).collect();
        let issuer =
            format!("<saml:Issuer Format=\"urn:oasis:names:tc:SAML:2.0:nameid-format:entity\">{id}</saml:Issuer>");
        let xml = format!(
            "<samlp:Response {SAML} ID=\"_r{request}\" Version=\"2.0\" IssueInstant=\"{at}\" Destination=\"{acs}\" InResponseTo=\"{request}\">{issuer}{SUCCESS}<saml:Assertion ID=\"_a{request}\" Version=\"2.0\" IssueInstant=\"{at}\">{issuer}{signature}<saml:Subject><saml:NameID Format=\"urn:oasis:names:tc:SAML:2.0:nameid-format:transient\" NameQualifier=\"{id}\">_nome{request}</saml:NameID><saml:SubjectConfirmation Method=\"urn:oasis:names:tc:SAML:2.0:cm:bearer\"><saml:SubjectConfirmationData Recipient=\"{acs}\" InResponseTo=\"{request}\" NotOnOrAfter=\"{until}\"/></saml:SubjectConfirmation></saml:Subject><saml:Conditions NotBefore=\"{at}\" NotOnOrAfter=\"{until}\"><saml:AudienceRestriction><saml:Audience>{audience}</saml:Audience></saml:AudienceRestriction></saml:Conditions><saml:AuthnStatement AuthnInstant=\"{at}\"{index}><saml:AuthnContext><saml:AuthnContextClassRef>https://www.spid.gov.it/SpidL{level}</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement><saml:AttributeStatement>{attributes}</saml:AttributeStatement></saml:Assertion></samlp:Response>"
        );
        self.signed(&xml)
    }

    /// "I did not identify the person", with the number of SPID's table of anomalies.
    pub fn anomaly(&self, request: &str, at: &str, number: u8) -> String {
        STANDARD.encode(self.refusal((request, at, number), ""))
    }

    /// The same, signed.
    pub fn signed_anomaly(&self, request: &str, at: &str, number: u8) -> String {
        self.signed(&self.refusal((request, at, number), &signature(&format!("_r{request}"))))
    }

    fn refusal(&self, (request, at, number): (&str, &str, u8), signature: &str) -> String {
        let (id, acs) = (self.entity_id, format!("{PUBLIC}/accesso/saml/acs"));
        let status = "urn:oasis:names:tc:SAML:2.0:status";
        format!(
            "<samlp:Response {SAML} ID=\"_r{request}\" Version=\"2.0\" IssueInstant=\"{at}\" Destination=\"{acs}\" InResponseTo=\"{request}\"><saml:Issuer>{id}</saml:Issuer>{signature}<samlp:Status><samlp:StatusCode Value=\"{status}:Responder\"><samlp:StatusCode Value=\"{status}:AuthnFailed\"/></samlp:StatusCode><samlp:StatusMessage>ErrorCode nr{number}</samlp:StatusMessage></samlp:Status></samlp:Response>"
        )
    }

    /// "End the session of the person whom I called so."
    pub fn wish(&self, name_id: &str, at: &str) -> String {
        let (id, here) = (self.entity_id, format!("{PUBLIC}/accesso/saml/uscita"));
        let signature = signature("_voglio");
        self.signed(&format!(
            "<samlp:LogoutRequest {SAML} ID=\"_voglio\" Version=\"2.0\" IssueInstant=\"{at}\" Destination=\"{here}\"><saml:Issuer>{id}</saml:Issuer>{signature}<saml:NameID NameQualifier=\"{id}\">{name_id}</saml:NameID></samlp:LogoutRequest>"
        ))
    }

    /// "I ended it."
    pub fn ended(&self, request: &str, at: &str) -> String {
        let (id, here) = (self.entity_id, format!("{PUBLIC}/accesso/saml/uscita"));
        let signature = signature("_fatto");
        self.signed(&format!(
            "<samlp:LogoutResponse {SAML} ID=\"_fatto\" Version=\"2.0\" IssueInstant=\"{at}\" Destination=\"{here}\" InResponseTo=\"{request}\"><saml:Issuer>{id}</saml:Issuer>{signature}{SUCCESS}</samlp:LogoutResponse>"
        ))
    }

    fn signed(&self, xml: &str) -> String {
        STANDARD.encode(self.signer.sign_xml(xml).unwrap())
    }
}

fn signature(id: &str) -> String {
    format!(
        "<ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"><ds:SignedInfo><ds:CanonicalizationMethod Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"/><ds:SignatureMethod Algorithm=\"http://www.w3.org/2001/04/xmldsig-more#rsa-sha256\"/><ds:Reference URI=\"#{id}\"><ds:Transforms><ds:Transform Algorithm=\"http://www.w3.org/2000/09/xmldsig#enveloped-signature\"/><ds:Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"/></ds:Transforms><ds:DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"/><ds:DigestValue></ds:DigestValue></ds:Reference></ds:SignedInfo><ds:SignatureValue></ds:SignatureValue></ds:Signature>"
    )
}

/// The message in the query of an address.
pub fn carried(address: &str, parameter: &str) -> String {
    let start = format!("{parameter}=");
    let query = address.split_once('?').unwrap().1;
    let value = query.split('&').find_map(|pair| pair.strip_prefix(&start)).unwrap_or_else(|| panic!("{address}"));
    let value = value.replace("%2B", "+").replace("%2F", "/").replace("%3D", "=");
    let mut xml = String::new();
    flate2::read::DeflateDecoder::new(STANDARD.decode(value).unwrap().as_slice()).read_to_string(&mut xml).unwrap();
    xml
}

/// The value of an attribute of the first element.
pub fn attribute<'a>(xml: &'a str, name: &str) -> &'a str {
    let start = format!(" {name}=\"");
    xml.split_once(&start).unwrap_or_else(|| panic!("{name} in {xml}")).1.split('"').next().unwrap()
}
