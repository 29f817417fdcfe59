//! The seal of the administration: XAdES baseline B (ETSI EN 319 132-1), enveloped, as the last element of the root.

use std::{path::Path, sync::Arc};

use base::Timestamp;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use identity::{Certificate, KeyError, Signer};
use roxmltree::{Document, Node};
use sha2::{Digest, Sha256};

const DSIG: &str = "http://www.w3.org/2000/09/xmldsig#";
const XADES: &str = "http://uri.etsi.org/01903/v1.3.2#";
const SIGNED_PROPERTIES: &str = "http://uri.etsi.org/01903#SignedProperties";
const EXC_C14N: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
const RSA_SHA256: &str = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
const SHA256: &str = "http://www.w3.org/2001/04/xmlenc#sha256";
/// A file of this room is at most some megabytes; anything larger is not ours.
const LARGEST: usize = 64 << 20;

/// What a seal is kept in: its key and its certificate (PEM).
pub const SEAL_FILES: [&str; 2] = ["seal.key", "seal.crt"];

/// The key and certificate with which the administration seals what its registers say. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Seal(Arc<Signer>);

/// Why a sealed file is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SealError {
    /// Not XML, too large, or with a document type.
    NotXml,
    /// The signature is missing, doubled, elsewhere, or of another kind than the one that we make.
    Shape,
    /// It names another certificate.
    OtherCertificate,
    /// The document is not what was signed.
    Changed,
}

impl Seal {
    /// Reads [`SEAL_FILES`] in `folder`; makes them at the first start, for the demonstration. A real seal
    /// (qualified, of the administration) is put there by hand.
    ///
    /// # Errors
    /// [`KeyError`] when the files cannot be read or written, or hold something else.
    pub fn open_or_create(folder: &Path, administration: &str) -> Result<Self, KeyError> {
        Ok(Self(Arc::new(Signer::open_or_create(folder, "seal", administration)?)))
    }

    /// The public half.
    #[must_use]
    pub fn certificate(&self) -> &Certificate {
        self.0.certificate()
    }

    /// Seals a document: `xml` ends with the closing tag of its root, before which the signature is put. `at` is the
    /// signing time, which the signature states and nobody vouches for (level B).
    ///
    /// # Errors
    /// [`KeyError::Unusable`] when the key cannot sign.
    pub fn sign(&self, xml: &str, at: Timestamp) -> Result<String, KeyError> {
        let end = xml.rfind("</").ok_or_else(|| KeyError::Unusable("the document has no closing tag".to_owned()))?;
        let (before, closing) = xml.split_at(end);
        self.0.sign_xml(&format!("{before}{}{closing}", self.template(at)))
    }

    fn template(&self, at: Timestamp) -> String {
        let certificate = self.certificate();
        let digest = STANDARD.encode(Sha256::digest(certificate.der()));
        let method = format!(r#"<ds:DigestMethod Algorithm="{SHA256}"/>"#);
        let exclusive = format!(r#"<ds:Transform Algorithm="{EXC_C14N}"/>"#);
        let references = format!(
            r##"<ds:Reference Id="documento" URI=""><ds:Transforms><ds:Transform Algorithm="{ENVELOPED}"/>{exclusive}</ds:Transforms>{method}<ds:DigestValue></ds:DigestValue></ds:Reference><ds:Reference URI="#proprieta" Type="{SIGNED_PROPERTIES}"><ds:Transforms>{exclusive}</ds:Transforms>{method}<ds:DigestValue></ds:DigestValue></ds:Reference>"##
        );
        let properties = format!(
            r##"<xades:QualifyingProperties xmlns:xades="{XADES}" Target="#firma"><xades:SignedProperties Id="proprieta"><xades:SignedSignatureProperties><xades:SigningTime>{at:.0}</xades:SigningTime><xades:SigningCertificateV2><xades:Cert><xades:CertDigest>{method}<ds:DigestValue>{digest}</ds:DigestValue></xades:CertDigest></xades:Cert></xades:SigningCertificateV2></xades:SignedSignatureProperties><xades:SignedDataObjectProperties><xades:DataObjectFormat ObjectReference="#documento"><xades:MimeType>application/xml</xades:MimeType></xades:DataObjectFormat></xades:SignedDataObjectProperties></xades:SignedProperties></xades:QualifyingProperties>"##
        );
        format!(
            r#"<ds:Signature xmlns:ds="{DSIG}" Id="firma"><ds:SignedInfo><ds:CanonicalizationMethod Algorithm="{EXC_C14N}"/><ds:SignatureMethod Algorithm="{RSA_SHA256}"/>{references}</ds:SignedInfo><ds:SignatureValue></ds:SignatureValue><ds:KeyInfo><ds:X509Data><ds:X509Certificate>{}</ds:X509Certificate></ds:X509Data></ds:KeyInfo><ds:Object>{properties}</ds:Object></ds:Signature>"#,
            certificate.base64()
        )
    }
}

/// Whether `xml` is a document with our kind of seal, made with `trusted`, and nothing in it was changed.
///
/// # Errors
/// [`SealError`]: the first reason not to accept it.
pub fn check(xml: &str, trusted: &Certificate) -> Result<(), SealError> {
    if LARGEST < xml.len() {
        return Err(SealError::NotXml);
    }
    let document = Document::parse(xml).map_err(|_| SealError::NotXml)?;
    check_shape(&document, trusted)?;
    // The library's own strictness knows enveloped signatures alone: XAdES also signs properties inside the signature.
    // Where both references lead was compared above.
    let verifier = Certificate::verifier(std::slice::from_ref(trusted)).with_strict_verification(false);
    match bergshamra::verify(&verifier, xml) {
        Ok(bergshamra::VerifyResult::Valid { references, .. })
            if references.len() == 2 && references.iter().all(|one| one.digest_verified) =>
        {
            Ok(())
        }
        _ => Err(SealError::Changed),
    }
}

/// A verifier believes what a signature says that it covers: here it must say exactly what ours says.
fn check_shape(document: &Document, trusted: &Certificate) -> Result<(), SealError> {
    let root = document.root_element();
    let signatures = document.descendants().filter(|node| node.has_tag_name((DSIG, "Signature"))).count();
    let last = root.children().rfind(Node::is_element);
    let signature = last.filter(|last| signatures == 1 && last.has_tag_name((DSIG, "Signature")));
    let signature = signature.ok_or(SealError::Shape)?;
    let info = child(signature, DSIG, "SignedInfo").ok_or(SealError::Shape)?;
    if algorithm(info, "CanonicalizationMethod") != EXC_C14N || algorithm(info, "SignatureMethod") != RSA_SHA256 {
        return Err(SealError::Shape);
    }
    let references: Vec<_> = info.children().filter(|node| node.has_tag_name((DSIG, "Reference"))).collect();
    let [whole, properties] = references.as_slice() else { return Err(SealError::Shape) };
    check_reference(*whole, "", &[ENVELOPED, EXC_C14N])?;
    check_reference(*properties, "#proprieta", &[EXC_C14N])?;
    let named: Vec<_> = document.descendants().filter(|node| node.attribute("Id") == Some("proprieta")).collect();
    let [signed] = named.as_slice() else { return Err(SealError::Shape) };
    let qualifying = signed.parent().filter(|node| node.has_tag_name((XADES, "QualifyingProperties")));
    let object = qualifying.and_then(|node| node.parent()).filter(|node| node.has_tag_name((DSIG, "Object")));
    let inside = object.and_then(|node| node.parent()) == Some(signature) && signature.attribute("Id") == Some("firma");
    let target = qualifying.and_then(|node| node.attribute("Target")) == Some("#firma");
    if !signed.has_tag_name((XADES, "SignedProperties")) || !inside || !target {
        return Err(SealError::Shape);
    }
    let digest = signed.descendants().find(|node| node.has_tag_name((XADES, "CertDigest")));
    let digest = digest.and_then(|node| child(node, DSIG, "DigestValue")).and_then(|node| node.text());
    match digest == Some(STANDARD.encode(Sha256::digest(trusted.der())).as_str()) {
        true => Ok(()),
        false => Err(SealError::OtherCertificate),
    }
}

fn check_reference(reference: Node, uri: &str, transforms: &[&str]) -> Result<(), SealError> {
    let steps = child(reference, DSIG, "Transforms");
    let steps: Vec<_> = steps.iter().flat_map(Node::children).filter_map(|step| step.attribute("Algorithm")).collect();
    let sound = reference.attribute("URI") == Some(uri)
        && steps == transforms
        && algorithm(reference, "DigestMethod") == SHA256;
    if sound { Ok(()) } else { Err(SealError::Shape) }
}

fn child<'a, 'i>(node: Node<'a, 'i>, namespace: &str, name: &str) -> Option<Node<'a, 'i>> {
    node.children().find(|node| node.has_tag_name((namespace, name)))
}

fn algorithm<'a>(node: Node<'a, '_>, name: &str) -> &'a str {
    child(node, DSIG, name).and_then(|node| node.attribute("Algorithm")).unwrap_or_default()
}
