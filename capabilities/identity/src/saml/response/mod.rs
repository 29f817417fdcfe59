//! The answer of an identity provider: read, compared with what was asked, and believed only where signed.

#[cfg(test)]
pub(super) mod attacks;
pub(super) mod checks;
mod claims;
pub(super) mod grammar;
mod refusal;

use base::Timestamp;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use jiff::SignedDuration;
use roxmltree::{Document, Node, ParsingOptions};

pub(crate) use claims::Claims;
pub(crate) use refusal::Refusal;

use super::{ASSERTION, Certificate, ENTITY, PROTOCOL, SUCCESS, signature};
use crate::federation::Kind;

/// Answers of real providers are about 10 kB; base64 of a larger one is not even decoded.
const LARGEST: usize = 96 * 1024;
const MOST_NODES: u32 = 2_000;

/// What the answer must agree with.
pub(crate) struct Expected<'a> {
    /// The federation whose rules hold.
    pub(crate) kind: Kind,
    /// Entity ID of the provider that was asked.
    pub(crate) provider: &'a str,
    /// Its certificates, from its metadata.
    pub(crate) certificates: &'a [Certificate],
    /// Our entity ID.
    pub(crate) audience: &'a str,
    /// The address at which the answer arrived.
    pub(crate) consumer_url: &'a str,
    /// ID of the request.
    pub(crate) request_id: &'a str,
    /// When it was made.
    pub(crate) requested_at: Timestamp,
    /// The level that was asked for.
    pub(crate) level: u8,
    /// The present.
    pub(crate) now: Timestamp,
    /// How far the clocks of the two sides may differ.
    pub(crate) skew: SignedDuration,
}

/// An answer whose shape is allowed and of which nothing is believed yet.
#[derive(Debug)]
pub(crate) struct Message {
    /// The text as it arrived.
    pub(crate) xml: String,
    /// ID of the response.
    pub(crate) id: String,
    /// The request that it claims to answer.
    pub(crate) in_response_to: String,
    issued_at: String,
    version: String,
    destination: String,
    issuer: String,
    issuer_format: Option<String>,
    statuses: Vec<String>,
    status_message: Option<String>,
    assertion_id: Option<String>,
}

impl Message {
    /// Decodes a posted `SAMLResponse` and compares its shape with the whitelist, before any cryptography.
    pub(crate) fn read(posted: &str) -> Result<Self, Refusal> {
        if posted.len() > LARGEST {
            return Err(Refusal::TooLarge);
        }
        let plain: String = posted.split_ascii_whitespace().collect();
        let bytes = STANDARD.decode(plain).map_err(|_| Refusal::NotXml)?;
        Self::from_xml(String::from_utf8(bytes).map_err(|_| Refusal::NotXml)?)
    }

    fn from_xml(xml: String) -> Result<Self, Refusal> {
        refuse_markup(&xml)?;
        let document = parse(&xml)?;
        let root = document.root_element();
        grammar::check(root, &grammar::RESPONSE)?;
        refuse_doubled_ids(root)?;
        let text = |name| root.attribute(name).unwrap_or_default().to_owned();
        let issuer = child(root, ASSERTION, "Issuer");
        let status = child(root, PROTOCOL, "Status");
        let codes = status.iter().flat_map(Node::descendants).filter_map(|node| node.attribute("Value"));
        let message = Self {
            id: text("ID"),
            in_response_to: text("InResponseTo"),
            issued_at: text("IssueInstant"),
            version: text("Version"),
            destination: text("Destination"),
            issuer: issuer.map(trimmed).unwrap_or_default(),
            issuer_format: issuer.and_then(|node| node.attribute("Format")).map(ToOwned::to_owned),
            statuses: codes.map(ToOwned::to_owned).collect(),
            status_message: status.and_then(|node| child(node, PROTOCOL, "StatusMessage")).map(trimmed),
            assertion_id: child(root, ASSERTION, "Assertion").and_then(|node| node.attribute("ID")).map(str::to_owned),
            xml: String::new(),
        };
        Ok(Self { xml, ..message })
    }

    /// Verifies the answer against what was asked and gives what the signed assertion says of the person.
    pub(crate) fn verify(&self, expected: &Expected) -> Result<Claims, Refusal> {
        self.check_envelope(expected)?;
        let assertion_id = self.assertion_id.as_deref().ok_or(Refusal::Shape("there is no Assertion".to_owned()))?;
        let signed = signature::signed_text(&self.xml, &self.id, assertion_id, expected.certificates)?;
        // From here on only the canonical text of the signed element is read: nothing that stood beside it, wherever
        // it had been moved, can be mistaken for it.
        let document = parse(&signed)?;
        let assertion = document.root_element();
        grammar::check(assertion, &grammar::ASSERTION_SHAPE)?;
        checks::check_assertion(assertion, expected)?;
        Claims::read(assertion, expected.kind)
    }

    /// Whether one of these keys signed it, whatever it says: then its provider vouches for it, and nobody else made it up.
    pub(crate) fn is_signed_by(&self, certificates: &[Certificate]) -> bool {
        match self.assertion_id.as_deref() {
            Some(id) => signature::signed_text(&self.xml, &self.id, id, certificates).is_ok(),
            None => signature::signed_root(&self.xml, certificates).is_ok(),
        }
    }

    fn check_envelope(&self, expected: &Expected) -> Result<(), Refusal> {
        let format_allowed = self.issuer_format.as_deref().is_none_or(|format| format == ENTITY);
        let rules = [
            (self.version == "2.0", Refusal::Version),
            (self.in_response_to == expected.request_id, Refusal::InResponseTo),
            (self.destination == expected.consumer_url, Refusal::Destination),
            (self.issuer == expected.provider && format_allowed, Refusal::Issuer),
        ];
        if let Some((_, refusal)) = rules.into_iter().find(|(holds, _)| !holds) {
            return Err(refusal);
        }
        checks::issued_in_time(&self.issued_at, expected)?;
        if self.statuses.first().map(String::as_str) != Some(SUCCESS) || self.statuses.len() != 1 {
            return Err(Refusal::Status(self.error_number()));
        }
        Ok(())
    }

    /// `ErrorCode nr25` in the status message (SPID, table of anomalies).
    fn error_number(&self) -> Option<u8> {
        let message = self.status_message.as_deref()?;
        message.split("ErrorCode nr").nth(1)?.split_whitespace().next()?.parse().ok()
    }
}

/// SAML needs no DOCTYPE, comment, CDATA section or processing instruction; each was once a way to make two readers
/// see two texts. After the XML declaration, `<!` and `<?` can be nothing else.
pub(super) fn refuse_markup(xml: &str) -> Result<(), Refusal> {
    let body = match xml.strip_prefix("<?xml") {
        Some(rest) => rest.split_once("?>").ok_or(Refusal::NotXml)?.1,
        None => xml,
    };
    if body.contains("<!") || body.contains("<?") { Err(Refusal::Markup) } else { Ok(()) }
}

pub(super) fn parse(xml: &str) -> Result<Document<'_>, Refusal> {
    parse_bounded(xml, MOST_NODES)
}

/// A whole registry of providers is larger than a message; it comes from a file of ours.
pub(super) fn parse_many(xml: &str) -> Result<Document<'_>, Refusal> {
    parse_bounded(xml, u32::MAX)
}

fn parse_bounded(xml: &str, nodes_limit: u32) -> Result<Document<'_>, Refusal> {
    let options = ParsingOptions { allow_dtd: false, nodes_limit, ..ParsingOptions::default() };
    Document::parse_with_options(xml, options).map_err(|_| Refusal::NotXml)
}

fn refuse_doubled_ids(root: Node) -> Result<(), Refusal> {
    let mut ids: Vec<_> = root.descendants().filter_map(|node| node.attribute("ID")).collect();
    ids.sort_unstable();
    let fit =
        |id: &&str| !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte));
    let sound = ids.iter().all(fit) && ids.windows(2).all(|pair| pair[0] != pair[1]);
    if sound { Ok(()) } else { Err(Refusal::Shape("IDs are doubled, empty or odd".to_owned())) }
}

pub(super) fn child<'a, 'input>(node: Node<'a, 'input>, namespace: &str, name: &str) -> Option<Node<'a, 'input>> {
    node.children().find(|child| child.has_tag_name((namespace, name)))
}

/// All of an element's text, whatever number of pieces the reader makes of it.
pub(super) fn trimmed(node: Node) -> String {
    let whole: String = node.children().filter(Node::is_text).filter_map(|piece| piece.text()).collect();
    whole.trim().to_owned()
}
