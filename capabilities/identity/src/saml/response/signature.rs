use bergshamra::{
    VerifyResult,
    c14n::{C14nMode, canonicalize_doc},
    core::algorithm,
    dsig::verify::verify_all_document_with_source,
    xml::{NodeSet, uppsala},
};
use roxmltree::Node;

use super::{super::Certificate, super::DSIG, Refusal, child, parse};

const SIGNATURES: [&str; 3] = [algorithm::RSA_SHA256, algorithm::RSA_SHA384, algorithm::RSA_SHA512];
const DIGESTS: [&str; 3] = [algorithm::SHA256, algorithm::SHA384, algorithm::SHA512];
const TRANSFORMS: [&str; 2] = [algorithm::ENVELOPED_SIGNATURE, algorithm::EXC_C14N];

/// Verifies every signature of the answer with the provider's certificates and gives the canonical text of the
/// assertion, as it was digested. The signature of the whole answer is optional in SPID, that of the assertion is not.
pub(super) fn signed_text(
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
    let node = covered.ok_or(Refusal::Unsigned)?;
    let subtree = NodeSet::tree_without_comments(node, &document);
    let bytes = canonicalize_doc(&document, C14nMode::Exclusive, Some(&subtree), &[] as &[&str])
        .map_err(|_| Refusal::Signature)?;
    String::from_utf8(bytes).map_err(|_| Refusal::NotXml)
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
