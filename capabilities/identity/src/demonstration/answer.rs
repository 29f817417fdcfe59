use base::{Sex, Timestamp, escape_xml as escape};
use jiff::SignedDuration;

use super::DemoPerson;
use crate::{
    KeyError,
    saml::{ASSERTION, AuthnRequest, BEARER, ENTITY, PROTOCOL, SUCCESS, Signer, TRANSIENT, level_class},
};

const VALIDITY: SignedDuration = SignedDuration::from_mins(5);
const AUTHN_FAILED: &str = "urn:oasis:names:tc:SAML:2.0:status:AuthnFailed";
const RESPONDER: &str = "urn:oasis:names:tc:SAML:2.0:status:Responder";

/// What an answer is made of.
pub(crate) struct Answer<'a> {
    pub(crate) request: &'a AuthnRequest,
    /// Entity ID of the provider.
    pub(crate) issuer: &'a str,
    pub(crate) consumer_url: &'a str,
    /// Sixteen unpredictable bytes.
    pub(crate) seed: [u8; 16],
    pub(crate) now: Timestamp,
}

impl Answer<'_> {
    /// "This is the person", signed.
    pub(crate) fn identified(&self, person: &DemoPerson, level: u8, signer: &Signer) -> Result<String, KeyError> {
        signer.sign_xml(&self.unsigned(person, level, signer))
    }

    /// The same before it is signed.
    pub(crate) fn unsigned(&self, person: &DemoPerson, level: u8, signer: &Signer) -> String {
        let status = format!(r#"<samlp:Status><samlp:StatusCode Value="{SUCCESS}"/></samlp:Status>"#);
        let assertion = self.assertion(person, level, signer);
        self.response(&format!("{status}{assertion}"))
    }

    /// "The person gave up" (SPID anomaly 25); such answers hold nothing worth a signature.
    pub(crate) fn cancelled(&self) -> String {
        self.response(&format!(
            r#"<samlp:Status><samlp:StatusCode Value="{RESPONDER}"><samlp:StatusCode Value="{AUTHN_FAILED}"/></samlp:StatusCode><samlp:StatusMessage>ErrorCode nr25</samlp:StatusMessage></samlp:Status>"#
        ))
    }

    fn response(&self, content: &str) -> String {
        let Self { now, request, .. } = self;
        let (id, consumer, issuer) = (hex::encode(self.seed), escape(self.consumer_url), escape(self.issuer));
        let in_response_to = escape(&request.id);
        format!(
            r#"<samlp:Response xmlns:samlp="{PROTOCOL}" xmlns:saml="{ASSERTION}" ID="_r{id}" Version="2.0" IssueInstant="{now:.0}" Destination="{consumer}" InResponseTo="{in_response_to}"><saml:Issuer Format="{ENTITY}">{issuer}</saml:Issuer>{content}</samlp:Response>"#
        )
    }

    fn assertion(&self, person: &DemoPerson, level: u8, signer: &Signer) -> String {
        let Self { now, request, .. } = self;
        let id = format!("_a{}", hex::encode(self.seed));
        let (consumer, issuer, audience) = (escape(self.consumer_url), escape(self.issuer), escape(&request.issuer));
        let (in_response_to, name_id) = (escape(&request.id), hex::encode(self.seed));
        let end = now.saturating_add(VALIDITY).unwrap_or(Timestamp::MAX);
        let (signature, class, attributes) = (signer.template(&id), level_class(level), attributes(person));
        format!(
            r#"<saml:Assertion ID="{id}" Version="2.0" IssueInstant="{now:.0}"><saml:Issuer Format="{ENTITY}">{issuer}</saml:Issuer>{signature}<saml:Subject><saml:NameID Format="{TRANSIENT}" NameQualifier="{issuer}">_n{name_id}</saml:NameID><saml:SubjectConfirmation Method="{BEARER}"><saml:SubjectConfirmationData Recipient="{consumer}" InResponseTo="{in_response_to}" NotOnOrAfter="{end:.0}"/></saml:SubjectConfirmation></saml:Subject><saml:Conditions NotBefore="{now:.0}" NotOnOrAfter="{end:.0}"><saml:AudienceRestriction><saml:Audience>{audience}</saml:Audience></saml:AudienceRestriction></saml:Conditions><saml:AuthnStatement AuthnInstant="{now:.0}" SessionIndex="_s{name_id}"><saml:AuthnContext><saml:AuthnContextClassRef>{class}</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement><saml:AttributeStatement>{attributes}</saml:AttributeStatement></saml:Assertion>"#
        )
    }
}

fn attributes(person: &DemoPerson) -> String {
    let code = person.fiscal_code.as_str();
    let gender = match person.sex {
        Sex::F => "F",
        Sex::M => "M",
    };
    let values = [
        ("spidCode", format!("DEMO{code}")),
        ("fiscalNumber", format!("TINIT-{code}")),
        ("name", person.name.given.clone()),
        ("familyName", person.name.surname.clone()),
        ("dateOfBirth", person.born.to_string()),
        ("placeOfBirth", person.birthplace.clone()),
        ("gender", gender.to_owned()),
    ];
    let attribute = |(name, value): (&str, String)| {
        let value = escape(&value);
        format!(r#"<saml:Attribute Name="{name}"><saml:AttributeValue>{value}</saml:AttributeValue></saml:Attribute>"#)
    };
    values.into_iter().map(attribute).collect()
}
