use base::{Timestamp, escape_xml as escape};

use super::{
    ASSERTION, Certificate, ENTITY, KeyError, PROTOCOL, Signer, TRANSIENT, level_class, level_of,
    redirect::{self, Parameter, QueryError},
};

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
    /// Index of the set of attributes, in our metadata.
    pub(crate) attribute_set: usize,
}

/// Why a request that reached the demonstration provider is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum RequestError {
    /// The query that carries it, or its signature.
    #[error(transparent)]
    Query(#[from] QueryError),
    /// Not a SAML request of this profile.
    #[error("the request is not an AuthnRequest of the SPID profile")]
    Message,
}

impl AuthnRequest {
    /// The message, without a signature of its own. From level 2 on the person must prove the identity anew (ForceAuthn).
    pub(crate) fn to_xml(&self) -> String {
        self.with_signature("")
    }

    fn with_signature(&self, signature: &str) -> String {
        let Self { id, issued_at, level, attribute_set, .. } = self;
        let (destination, issuer) = (escape(&self.destination), escape(&self.issuer));
        let force = if *level >= 2 { r#" ForceAuthn="true""# } else { "" };
        let class = level_class(*level);
        format!(
            r#"<samlp:AuthnRequest xmlns:samlp="{PROTOCOL}" xmlns:saml="{ASSERTION}" ID="{id}" Version="2.0" IssueInstant="{issued_at:.0}" Destination="{destination}"{force} AssertionConsumerServiceIndex="0" AttributeConsumingServiceIndex="{attribute_set}"><saml:Issuer Format="{ENTITY}" NameQualifier="{issuer}">{issuer}</saml:Issuer>{signature}<samlp:NameIDPolicy Format="{TRANSIENT}"/><samlp:RequestedAuthnContext Comparison="minimum"><saml:AuthnContextClassRef>{class}</saml:AuthnContextClassRef></samlp:RequestedAuthnContext></samlp:AuthnRequest>"#
        )
    }

    /// The signed query that carries it.
    pub(crate) fn to_query(&self, relay_state: &str, signer: &Signer) -> Result<String, KeyError> {
        redirect::sign(Parameter::Request, &self.to_xml(), Some(relay_state), signer)
    }

    /// The signed message that a form carries (SAML bindings, 3.5).
    pub(crate) fn to_signed_xml(&self, signer: &Signer) -> Result<String, KeyError> {
        signer.sign_xml(&self.with_signature(&signer.template(&self.id)))
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
            attribute_set: root.attribute("AttributeConsumingServiceIndex")?.parse().ok()?,
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
        let carried = redirect::read(Parameter::Request, query, std::slice::from_ref(sender))?;
        let request = AuthnRequest::from_xml(&carried.xml).ok_or(RequestError::Message)?;
        Ok(Self { request, relay_state: carried.relay_state.ok_or(QueryError::Shape)? })
    }
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
            attribute_set: 1,
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
            r#"AttributeConsumingServiceIndex="1""#,
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
        assert_eq!(refusal(&query.replace("RelayState=r", "RelayState=s")), RequestError::Query(QueryError::Signature));
        assert_eq!(refusal(&query.replace("rsa-sha256", "rsa-sha1")), RequestError::Query(QueryError::Signature));
        assert_eq!(refusal(&format!("{query}&RelayState=r")), RequestError::Query(QueryError::Shape));
        assert_eq!(refusal("SAMLRequest=x"), RequestError::Query(QueryError::Shape));
        let (_other_folder, other) = self::signer();
        let foreign = request().to_query("r", &other).unwrap();
        assert_eq!(refusal(&foreign), RequestError::Query(QueryError::Signature));
    }
}
