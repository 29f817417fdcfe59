//! Single logout (SAML profiles, 4.4): our wish that a provider end its session, the provider's wish that we end ours,
//! and the answers.

#[cfg(test)]
pub(super) mod attacks;

use base::{Timestamp, escape_xml as escape};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use jiff::SignedDuration;
use roxmltree::Node;

use super::{
    ASSERTION, Certificate, ENTITY, KeyError, PROTOCOL, Refusal, SUCCESS, Signer, TRANSIENT,
    redirect::{self, Parameter},
    response::{checks, child, grammar, parse, refuse_markup, trimmed},
    signature,
};

/// How old a message may be when it arrives.
const FRESH: SignedDuration = SignedDuration::from_mins(5);
/// Such messages are about 2 kB.
const LARGEST: usize = 32 * 1024;

/// "End this person's session."
pub(crate) struct LogoutRequest<'a> {
    pub(crate) id: String,
    pub(crate) issued_at: Timestamp,
    pub(crate) destination: &'a str,
    /// Our entity ID.
    pub(crate) issuer: &'a str,
    /// The provider's name for the person, as it came with the login.
    pub(crate) name_id: &'a str,
    pub(crate) name_qualifier: &'a str,
    pub(crate) session_index: &'a str,
}

/// "It is ended", to a provider that wished so.
pub(crate) struct LogoutAnswer<'a> {
    pub(crate) id: String,
    pub(crate) issued_at: Timestamp,
    pub(crate) destination: &'a str,
    /// Our entity ID.
    pub(crate) issuer: &'a str,
    pub(crate) in_response_to: &'a str,
}

impl LogoutRequest<'_> {
    /// The message with this signature in it; without any in the query of an address.
    fn to_xml(&self, signature: &str) -> String {
        let Self { id, issued_at, .. } = self;
        let (destination, issuer) = (escape(self.destination), escape(self.issuer));
        let (name, qualifier, index) = (escape(self.name_id), escape(self.name_qualifier), escape(self.session_index));
        let end = issued_at.saturating_add(FRESH).unwrap_or(Timestamp::MAX);
        format!(
            r#"<samlp:LogoutRequest xmlns:samlp="{PROTOCOL}" xmlns:saml="{ASSERTION}" ID="{id}" Version="2.0" IssueInstant="{issued_at:.0}" Destination="{destination}" NotOnOrAfter="{end:.0}"><saml:Issuer Format="{ENTITY}" NameQualifier="{issuer}">{issuer}</saml:Issuer>{signature}<saml:NameID Format="{TRANSIENT}" NameQualifier="{qualifier}">{name}</saml:NameID><samlp:SessionIndex>{index}</samlp:SessionIndex></samlp:LogoutRequest>"#
        )
    }

    /// The message and the signed query that carries it.
    pub(crate) fn to_query(&self, signer: &Signer) -> Result<(String, String), KeyError> {
        let xml = self.to_xml("");
        let query = redirect::sign(Parameter::Request, &xml, None, signer)?;
        Ok((xml, query))
    }

    /// The signed message that a form carries.
    pub(crate) fn to_signed_xml(&self, signer: &Signer) -> Result<String, KeyError> {
        signer.sign_xml(&self.to_xml(&signer.template(&self.id)))
    }
}

impl LogoutAnswer<'_> {
    fn to_xml(&self, signature: &str) -> String {
        let Self { id, issued_at, .. } = self;
        let (destination, issuer, request) =
            (escape(self.destination), escape(self.issuer), escape(self.in_response_to));
        format!(
            r#"<samlp:LogoutResponse xmlns:samlp="{PROTOCOL}" xmlns:saml="{ASSERTION}" ID="{id}" Version="2.0" IssueInstant="{issued_at:.0}" Destination="{destination}" InResponseTo="{request}"><saml:Issuer Format="{ENTITY}" NameQualifier="{issuer}">{issuer}</saml:Issuer>{signature}<samlp:Status><samlp:StatusCode Value="{SUCCESS}"/></samlp:Status></samlp:LogoutResponse>"#
        )
    }

    /// The message and the signed query that carries it.
    pub(crate) fn to_query(&self, relay: Option<&str>, signer: &Signer) -> Result<(String, String), KeyError> {
        let xml = self.to_xml("");
        let query = redirect::sign(Parameter::Response, &xml, relay, signer)?;
        Ok((xml, query))
    }

    /// The signed message that a form carries.
    pub(crate) fn to_signed_xml(&self, signer: &Signer) -> Result<String, KeyError> {
        signer.sign_xml(&self.to_xml(&signer.template(&self.id)))
    }
}

/// A message about logout as it arrived, of which nothing is believed yet.
pub(crate) struct Incoming {
    parameter: Parameter,
    /// The text, without a signature when the query carries that.
    pub(crate) xml: String,
    /// The query, when the message came in one.
    query: Option<String>,
    relay_state: Option<String>,
    /// Who says to have sent it: whose certificates to ask.
    pub(crate) issuer: String,
}

/// A message about logout whose signature holds.
#[derive(Debug)]
pub(crate) struct Received {
    /// A wish, or the answer to ours.
    pub(crate) parameter: Parameter,
    pub(crate) id: String,
    /// Of an answer: what it answers.
    pub(crate) in_response_to: String,
    /// Of an answer: whether the session is ended.
    pub(crate) success: bool,
    /// Of a wish: the provider's name for the person.
    pub(crate) name_id: String,
    pub(crate) relay_state: Option<String>,
}

impl Incoming {
    /// A message in the query of an address.
    pub(crate) fn from_query(query: &str) -> Result<Self, Refusal> {
        let found = [Parameter::Request, Parameter::Response].into_iter();
        let mut found = found.filter_map(|parameter| Some((parameter, redirect::peek(parameter, query)?)));
        let (parameter, xml) = found.next().ok_or(Refusal::NotXml)?;
        Self::new(parameter, xml, Some(query.to_owned()), None)
    }

    /// A message in a form.
    pub(crate) fn from_form(parameter: Parameter, message: &str, relay_state: &str) -> Result<Self, Refusal> {
        if message.len() > LARGEST {
            return Err(Refusal::TooLarge);
        }
        let plain: String = message.split_ascii_whitespace().collect();
        let bytes = STANDARD.decode(plain).map_err(|_| Refusal::NotXml)?;
        let xml = String::from_utf8(bytes).map_err(|_| Refusal::NotXml)?;
        let relay_state = Some(relay_state).filter(|state| !state.is_empty()).map(str::to_owned);
        Self::new(parameter, xml, None, relay_state)
    }

    fn new(
        parameter: Parameter,
        xml: String,
        query: Option<String>,
        relay_state: Option<String>,
    ) -> Result<Self, Refusal> {
        refuse_markup(&xml)?;
        let document = parse(&xml)?;
        let root = document.root_element();
        grammar::check(root, shape(parameter))?;
        let issuer = issuer(root);
        Ok(Self { parameter, query, relay_state, issuer, xml })
    }

    /// Verifies the message: signed by the provider, for this address, just now.
    pub(crate) fn verify(
        &self,
        certificates: &[Certificate],
        address: &str,
        (now, skew): (Timestamp, SignedDuration),
    ) -> Result<Received, Refusal> {
        let (xml, relay_state) = match &self.query {
            Some(query) => {
                let carried = redirect::read(self.parameter, query, certificates).map_err(|_| Refusal::Signature)?;
                (carried.xml, carried.relay_state)
            }
            None => (signature::signed_root(&self.xml, certificates)?, self.relay_state.clone()),
        };
        let document = parse(&xml)?;
        let root = document.root_element();
        grammar::check(root, shape(self.parameter))?;
        // Whose certificates were asked is who must have written it.
        if issuer(root) != self.issuer {
            return Err(Refusal::Issuer);
        }
        check(root, address, (now, skew))?;
        Ok(self.received(root, relay_state))
    }

    fn received(&self, root: Node, relay_state: Option<String>) -> Received {
        let text = |name| root.attribute(name).unwrap_or_default().to_owned();
        let status = child(root, PROTOCOL, "Status").and_then(|status| child(status, PROTOCOL, "StatusCode"));
        Received {
            parameter: self.parameter,
            id: text("ID"),
            in_response_to: text("InResponseTo"),
            success: status.and_then(|code| code.attribute("Value")) == Some(SUCCESS),
            name_id: child(root, ASSERTION, "NameID").map(trimmed).unwrap_or_default(),
            relay_state,
        }
    }
}

fn issuer(root: Node) -> String {
    child(root, ASSERTION, "Issuer").map(trimmed).unwrap_or_default()
}

fn shape(parameter: Parameter) -> &'static grammar::Element {
    match parameter {
        Parameter::Request => &grammar::LOGOUT_REQUEST,
        Parameter::Response => &grammar::LOGOUT_RESPONSE,
    }
}

fn check(root: Node, address: &str, (now, skew): (Timestamp, SignedDuration)) -> Result<(), Refusal> {
    if root.attribute("Version") != Some("2.0") {
        return Err(Refusal::Version);
    }
    if root.attribute("Destination") != Some(address) {
        return Err(Refusal::Destination);
    }
    let issued = checks::instant(root.attribute("IssueInstant")).ok_or(Refusal::Time("IssueInstant"))?;
    let age = now.duration_since(issued);
    if age < -skew || age > FRESH + skew {
        return Err(Refusal::Time("IssueInstant"));
    }
    match root.attribute("NotOnOrAfter") {
        None => Ok(()),
        Some(text) => {
            let end = checks::instant(Some(text)).ok_or(Refusal::Time("NotOnOrAfter"))?;
            if now.duration_since(end) < skew { Ok(()) } else { Err(Refusal::Time("NotOnOrAfter")) }
        }
    }
}
