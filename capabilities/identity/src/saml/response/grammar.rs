//! The whitelist of shapes. Whatever is not written here (Extensions, Advice, a second Assertion, an Object in a
//! signature, EncryptedAssertion, …) is refused before any cryptography.

use roxmltree::Node;

use super::{
    super::{ASSERTION, DSIG, PROTOCOL},
    refusal::Refusal,
};

/// The shape of an element.
pub(in crate::saml) struct Element {
    namespace: &'static str,
    name: &'static str,
    /// Attributes that must be there.
    required: &'static [&'static str],
    /// Attributes that may be there.
    optional: &'static [&'static str],
    content: Content,
}

enum Content {
    /// Text without elements, perhaps empty.
    Text,
    /// Elements, with the least and the greatest number of each.
    Elements(&'static [(&'static Element, usize, usize)]),
}

const XSI: &str = "http://www.w3.org/2001/XMLSchema-instance";
const EXC_C14N: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
const EMPTY: Content = Content::Elements(&[]);

const fn saml(
    name: &'static str,
    required: &'static [&'static str],
    optional: &'static [&'static str],
    content: Content,
) -> Element {
    Element { namespace: ASSERTION, name, required, optional, content }
}

const fn samlp(
    name: &'static str,
    required: &'static [&'static str],
    optional: &'static [&'static str],
    content: Content,
) -> Element {
    Element { namespace: PROTOCOL, name, required, optional, content }
}

const fn ds(name: &'static str, required: &'static [&'static str], content: Content) -> Element {
    Element { namespace: DSIG, name, required, optional: &[], content }
}

/// A whole answer.
pub(super) static RESPONSE: Element = samlp(
    "Response",
    &["ID", "Version", "IssueInstant", "Destination", "InResponseTo"],
    &["Consent"],
    Content::Elements(&[(&ISSUER, 1, 1), (&SIGNATURE, 0, 1), (&STATUS, 1, 1), (&ASSERTION_SHAPE, 0, 1)]),
);

/// An assertion, in its place or as canonicalised for its signature (which then is no longer in it).
pub(super) static ASSERTION_SHAPE: Element = saml(
    "Assertion",
    &["ID", "Version", "IssueInstant"],
    &[],
    Content::Elements(&[
        (&ISSUER, 1, 1),
        (&SIGNATURE, 0, 1),
        (&SUBJECT, 1, 1),
        (&CONDITIONS, 1, 1),
        (&AUTHN_STATEMENT, 1, 1),
        (&ATTRIBUTE_STATEMENT, 1, 1),
    ]),
);

/// The wish of a provider to end a session.
pub(in crate::saml) static LOGOUT_REQUEST: Element = samlp(
    "LogoutRequest",
    &["ID", "Version", "IssueInstant", "Destination"],
    &["NotOnOrAfter", "Reason", "Consent"],
    Content::Elements(&[(&ISSUER, 1, 1), (&SIGNATURE, 0, 1), (&LOGOUT_NAME, 1, 1), (&SESSION_INDEX, 0, 20)]),
);

/// The answer to our wish.
pub(in crate::saml) static LOGOUT_RESPONSE: Element = samlp(
    "LogoutResponse",
    &["ID", "Version", "IssueInstant", "Destination", "InResponseTo"],
    &["Consent"],
    Content::Elements(&[(&ISSUER, 1, 1), (&SIGNATURE, 0, 1), (&STATUS, 1, 1)]),
);

static LOGOUT_NAME: Element = saml("NameID", &[], &["Format", "NameQualifier", "SPNameQualifier"], Content::Text);
static SESSION_INDEX: Element = samlp("SessionIndex", &[], &[], Content::Text);

static ISSUER: Element = saml("Issuer", &[], &["Format", "NameQualifier"], Content::Text);

static STATUS: Element = samlp("Status", &[], &[], Content::Elements(&[(&STATUS_CODE, 1, 1), (&STATUS_MESSAGE, 0, 1)]));
static STATUS_CODE: Element = samlp("StatusCode", &["Value"], &[], Content::Elements(&[(&SECOND_CODE, 0, 1)]));
static SECOND_CODE: Element = samlp("StatusCode", &["Value"], &[], EMPTY);
static STATUS_MESSAGE: Element = samlp("StatusMessage", &[], &[], Content::Text);

static SUBJECT: Element = saml("Subject", &[], &[], Content::Elements(&[(&NAME_ID, 1, 1), (&CONFIRMATION, 1, 1)]));
static NAME_ID: Element = saml("NameID", &["Format", "NameQualifier"], &["SPNameQualifier"], Content::Text);
static CONFIRMATION: Element =
    saml("SubjectConfirmation", &["Method"], &[], Content::Elements(&[(&CONFIRMATION_DATA, 1, 1)]));
static CONFIRMATION_DATA: Element =
    saml("SubjectConfirmationData", &["Recipient", "InResponseTo", "NotOnOrAfter"], &["Address"], EMPTY);

static CONDITIONS: Element =
    saml("Conditions", &["NotBefore", "NotOnOrAfter"], &[], Content::Elements(&[(&RESTRICTION, 1, 1)]));
static RESTRICTION: Element = saml("AudienceRestriction", &[], &[], Content::Elements(&[(&AUDIENCE, 1, 1)]));
static AUDIENCE: Element = saml("Audience", &[], &[], Content::Text);

static AUTHN_STATEMENT: Element = saml(
    "AuthnStatement",
    &["AuthnInstant"],
    &["SessionIndex", "SessionNotOnOrAfter"],
    Content::Elements(&[(&LOCALITY, 0, 1), (&AUTHN_CONTEXT, 1, 1)]),
);
static LOCALITY: Element = saml("SubjectLocality", &[], &["Address", "DNSName"], EMPTY);
static AUTHN_CONTEXT: Element = saml("AuthnContext", &[], &[], Content::Elements(&[(&CLASS, 1, 1)]));
static CLASS: Element = saml("AuthnContextClassRef", &[], &[], Content::Text);

static ATTRIBUTE_STATEMENT: Element = saml("AttributeStatement", &[], &[], Content::Elements(&[(&ATTRIBUTE, 1, 40)]));
static ATTRIBUTE: Element =
    saml("Attribute", &["Name"], &["NameFormat", "FriendlyName"], Content::Elements(&[(&ATTRIBUTE_VALUE, 1, 1)]));
static ATTRIBUTE_VALUE: Element = saml("AttributeValue", &[], &["xsi:type"], Content::Text);

static SIGNATURE: Element =
    ds("Signature", &[], Content::Elements(&[(&SIGNED_INFO, 1, 1), (&SIGNATURE_VALUE, 1, 1), (&KEY_INFO, 0, 1)]));
static SIGNED_INFO: Element =
    ds("SignedInfo", &[], Content::Elements(&[(&C14N_METHOD, 1, 1), (&SIGNATURE_METHOD, 1, 1), (&REFERENCE, 1, 1)]));
static C14N_METHOD: Element = ds("CanonicalizationMethod", &["Algorithm"], EMPTY);
static SIGNATURE_METHOD: Element = ds("SignatureMethod", &["Algorithm"], EMPTY);
static REFERENCE: Element =
    ds("Reference", &["URI"], Content::Elements(&[(&TRANSFORMS, 1, 1), (&DIGEST_METHOD, 1, 1), (&DIGEST_VALUE, 1, 1)]));
static TRANSFORMS: Element = ds("Transforms", &[], Content::Elements(&[(&TRANSFORM, 2, 2)]));
static TRANSFORM: Element = ds("Transform", &["Algorithm"], Content::Elements(&[(&INCLUSIVE_NAMESPACES, 0, 1)]));
static INCLUSIVE_NAMESPACES: Element = Element {
    namespace: EXC_C14N,
    name: "InclusiveNamespaces",
    required: &["PrefixList"],
    optional: &[],
    content: EMPTY,
};
static DIGEST_METHOD: Element = ds("DigestMethod", &["Algorithm"], EMPTY);
static DIGEST_VALUE: Element = ds("DigestValue", &[], Content::Text);
static SIGNATURE_VALUE: Element = ds("SignatureValue", &[], Content::Text);
static KEY_INFO: Element = ds("KeyInfo", &[], Content::Elements(&[(&X509_DATA, 0, 1)]));
static X509_DATA: Element = ds("X509Data", &[], Content::Elements(&[(&X509_CERTIFICATE, 0, 3)]));
static X509_CERTIFICATE: Element = ds("X509Certificate", &[], Content::Text);

/// Compares an element and all within it with `shape`.
pub(in crate::saml) fn check(node: Node, shape: &'static Element) -> Result<(), Refusal> {
    if !node.has_tag_name((shape.namespace, shape.name)) {
        return Err(wrong(node, "is not expected here"));
    }
    check_attributes(node, shape)?;
    match &shape.content {
        Content::Text if node.children().all(|child| child.is_text()) => Ok(()),
        Content::Text => Err(wrong(node, "may hold text only")),
        Content::Elements(allowed) => check_elements(node, allowed),
    }
}

fn check_attributes(node: Node, shape: &Element) -> Result<(), Refusal> {
    let known = |attribute: &roxmltree::Attribute| match attribute.namespace() {
        None => shape.required.contains(&attribute.name()) || shape.optional.contains(&attribute.name()),
        Some(XSI) => attribute.name() == "type" && shape.optional.contains(&"xsi:type"),
        Some(_) => false,
    };
    if !node.attributes().all(|attribute| known(&attribute)) {
        return Err(wrong(node, "has an attribute that is not expected"));
    }
    let filled = |name: &&str| node.attribute(*name).is_some_and(|value| !value.trim().is_empty());
    if shape.required.iter().all(filled) { Ok(()) } else { Err(wrong(node, "lacks an attribute")) }
}

fn check_elements(node: Node, allowed: &'static [(&'static Element, usize, usize)]) -> Result<(), Refusal> {
    let mut found = vec![0; allowed.len()];
    for child in node.children() {
        if child.is_text() && child.text().unwrap_or_default().trim().is_empty() {
            continue;
        }
        let place = allowed.iter().position(|(shape, ..)| child.has_tag_name((shape.namespace, shape.name)));
        let place = place.ok_or_else(|| wrong(node, "holds something that is not expected"))?;
        found[place] += 1;
        check(child, allowed[place].0)?;
    }
    let counted = allowed.iter().zip(found).all(|((_, least, most), count)| (*least..=*most).contains(&count));
    if counted { Ok(()) } else { Err(wrong(node, "lacks an element or has one too many")) }
}

fn wrong(node: Node, what: &str) -> Refusal {
    let name: String = node.tag_name().name().chars().take(40).collect();
    Refusal::Shape(format!("{name} {what}"))
}
