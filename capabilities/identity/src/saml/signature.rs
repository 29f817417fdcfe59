//! Which signatures of XML are believed, and what they cover.

use bergshamra::{
    VerifyResult,
    c14n::{C14nMode, canonicalize_doc},
    core::algorithm,
    dsig::verify::{verify_all_document_with_source, verify_document_with_source},
    xml::{NodeSet, uppsala},
};
use roxmltree::Node;

use super::{
    Certificate, DSIG, Refusal, SIGNATURES,
    response::{child, parse, parse_many},
};

const DIGESTS: [&str; 3] = [algorithm::SHA256, algorithm::SHA384, algorithm::SHA512];
const TRANSFORMS: [&str; 2] = [algorithm::ENVELOPED_SIGNATURE, algorithm::EXC_C14N];

/// Verifies every signature of the answer with the provider's certificates and gives the canonical text of the
/// assertion, as it was digested. The signature of the whole answer is optional in SPID, that of the assertion is not.
pub(crate) fn signed_text(
    xml: &str,
    response_id: &str,
    assertion_id: &str,
    certificates: &[Certificate],
) -> Result<String, Refusal> {
    check_methods(xml, response_id, assertion_id)?;
    let document = uppsala::parse(xml).map_err(|_| Refusal::NotXml)?;
    let context = Certificate::verifier(certificates);
    let results = verify_all_document_with_source(&context, &document, Some(xml)).map_err(|_| Refusal::Signature)?;
    let uri = format!("#{assertion_id}");
    let mut covered = None;
    for result in &results {
        let VerifyResult::Valid { references, .. } = result else { return Err(Refusal::Signature) };
        let [reference] = references.as_slice() else { return Err(Refusal::Signature) };
        if !reference.digest_verified {
            return Err(Refusal::Signature);
        }
        if reference.uri == uri {
            covered = reference.resolved_node;
        }
    }
    canonical(&document, covered.ok_or(Refusal::Unsigned)?)
}

/// Verifies the signature that the root bears itself and gives the canonical text of all else in it. Signatures further inside
/// (a provider's, in the list that a registry signed) are not asked.
pub(crate) fn signed_root(xml: &str, certificates: &[Certificate]) -> Result<String, Refusal> {
    let plain = parse_many(xml)?;
    let root = plain.root_element();
    let id = root.attribute("ID").filter(|id| !id.is_empty()).ok_or(Refusal::Unsigned)?;
    let first = root.descendants().find(|node| node.has_tag_name((DSIG, "Signature"))).ok_or(Refusal::Unsigned)?;
    if first.parent() != Some(root) {
        return Err(Refusal::Unsigned);
    }
    check_signature(first, id)?;
    let document = uppsala::parse(xml).map_err(|_| Refusal::NotXml)?;
    let context = Certificate::verifier(certificates);
    // The library verifies the first signature in document order: the one that was just looked at.
    let result = verify_document_with_source(&context, &document, Some(xml)).map_err(|_| Refusal::Signature)?;
    let VerifyResult::Valid { references, .. } = result else { return Err(Refusal::Signature) };
    let [reference] = references.as_slice() else { return Err(Refusal::Signature) };
    let node = reference.resolved_node.filter(|_| reference.digest_verified && reference.uri == format!("#{id}"));
    let text = canonical(&document, node.ok_or(Refusal::Signature)?)?;
    // What is read on is the root and nothing else that bore its name.
    let same = parse_many(&text)?.root_element().attribute("ID") == Some(id);
    if same { Ok(text) } else { Err(Refusal::Signature) }
}

/// The canonical text of an element without its signature, which does not cover itself: nothing in there is believed.
fn canonical(document: &uppsala::Document, node: uppsala::NodeId) -> Result<String, Refusal> {
    let subtree = NodeSet::tree_without_comments(node, document);
    let bytes = canonicalize_doc(document, C14nMode::Exclusive, Some(&subtree), &[] as &[&str])
        .map_err(|_| Refusal::Signature)?;
    let mut text = String::from_utf8(bytes).map_err(|_| Refusal::NotXml)?;
    let own = child(parse_many(&text)?.root_element(), DSIG, "Signature").map(|signature| signature.range());
    text.replace_range(own.ok_or(Refusal::Unsigned)?, "");
    Ok(text)
}

/// Each signature must sit directly in the element that it refers to, and use nothing but what the profile allows.
/// The shape was compared before, so every place below exists exactly as often as it may.
fn check_methods(xml: &str, response_id: &str, assertion_id: &str) -> Result<(), Refusal> {
    let document = parse(xml)?;
    let mut assertion_signed = false;
    for signature in document.descendants().filter(|node| node.has_tag_name((DSIG, "Signature"))) {
        let parent = signature.parent().and_then(|parent| parent.attribute("ID")).unwrap_or_default();
        check_signature(signature, parent)?;
        if parent != response_id && parent != assertion_id {
            return Err(Refusal::Shape("a Signature stands in an odd place".to_owned()));
        }
        assertion_signed |= parent == assertion_id;
    }
    if assertion_signed { Ok(()) } else { Err(Refusal::Unsigned) }
}

fn check_signature(signature: Node, parent_id: &str) -> Result<(), Refusal> {
    let info = child(signature, DSIG, "SignedInfo");
    let reference = info.and_then(|info| child(info, DSIG, "Reference"));
    let of = |node: Option<Node>, name| {
        let found = node.and_then(|node| child(node, DSIG, name));
        found.and_then(|node| node.attribute("Algorithm")).unwrap_or_default().to_owned()
    };
    let transforms = reference.and_then(|node| child(node, DSIG, "Transforms"));
    let steps: Vec<_> =
        transforms.iter().flat_map(Node::children).filter_map(|step| step.attribute("Algorithm")).collect();
    let uri = reference.and_then(|node| node.attribute("URI")).unwrap_or_default();
    let rules = [
        (of(info, "CanonicalizationMethod") == algorithm::EXC_C14N, "CanonicalizationMethod"),
        (SIGNATURES.contains(&of(info, "SignatureMethod").as_str()), "SignatureMethod"),
        (DIGESTS.contains(&of(reference, "DigestMethod").as_str()), "DigestMethod"),
        (steps == TRANSFORMS, "Transforms"),
        (uri.strip_prefix('#') == Some(parent_id), "Reference"),
    ];
    match rules.into_iter().find(|(holds, _)| !holds) {
        Some((_, what)) => Err(Refusal::Algorithm(what.to_owned())),
        None => Ok(()),
    }
}
