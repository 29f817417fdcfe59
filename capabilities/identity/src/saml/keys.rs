use std::{io, path::Path};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bergshamra::{DsigContext, Key, KeyUsage, KeysManager, crypto, keys::loader};

use super::{RSA_SHA256, certificate::CertificateOwner};
use crate::key_file;

/// Why a key or certificate cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The file cannot be read or written.
    #[error("{file}: {error}")]
    File {
        /// Which file.
        file: String,
        /// What the system says.
        error: io::Error,
    },
    /// The key or certificate is not what it should be: RSA of 2048 bits or more, PEM, PKCS#8.
    #[error("unusable key or certificate: {0}")]
    Unusable(String),
}

/// The certificate of an identity provider, from its metadata: the only key with which its answers are verified.
#[derive(Clone)]
pub struct Certificate {
    der: Vec<u8>,
    key: Key,
}

impl std::fmt::Debug for Certificate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Certificate").field("bytes", &self.der.len()).finish_non_exhaustive()
    }
}

impl Certificate {
    /// Reads the first X.509 certificate of a text in PEM, wherever its lines are broken.
    ///
    /// # Errors
    /// [`KeyError::Unusable`] when there is none, or it holds a key that is not RSA.
    pub fn from_pem(pem: &str) -> Result<Self, KeyError> {
        let begun = pem.split_once("-----BEGIN CERTIFICATE-----").map(|(_, rest)| rest);
        let body = begun.and_then(|rest| rest.split_once("-----END CERTIFICATE-----")).map(|(body, _)| body);
        Self::from_base64(body.ok_or_else(|| unusable("there is no BEGIN CERTIFICATE and END CERTIFICATE"))?)
    }

    /// Reads a certificate as metadata show it: base64 without the lines around it.
    pub(super) fn from_base64(text: &str) -> Result<Self, KeyError> {
        let body: String = text.split_ascii_whitespace().collect();
        let der = STANDARD.decode(body).map_err(unusable)?;
        let mut key = loader::load_x509_cert_der(&der).map_err(unusable)?;
        if key.algorithm_name() != "RSA" {
            return Err(KeyError::Unusable(format!("SPID signs with RSA, this is {}", key.algorithm_name())));
        }
        key.usage = KeyUsage::Verify;
        Ok(Self { der, key })
    }

    /// Its bytes.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// The certificate as metadata and signatures show it.
    #[must_use]
    pub fn base64(&self) -> String {
        STANDARD.encode(&self.der)
    }

    /// Whether `signature` over `octets` (redirect binding) was made with this algorithm and this certificate's key.
    pub(super) fn verifies(&self, algorithm: &str, octets: &[u8], signature: &[u8]) -> bool {
        let verify = || -> Result<bool, bergshamra::Error> {
            let Some(key) = self.key.software_key()? else { return Ok(false) };
            crypto::sign::from_uri(algorithm)?.verify(&key, octets, signature)
        };
        verify().unwrap_or(false)
    }

    /// What verifying needs: these keys and no other, whatever the message brings along.
    #[must_use]
    pub fn verifier(certificates: &[Self]) -> DsigContext {
        let mut keys = KeysManager::new();
        keys.add_keys(certificates.iter().map(|certificate| certificate.key.clone()));
        DsigContext::new(keys).with_trusted_keys_only(true).with_strict_verification(true)
    }
}

/// A private RSA key with its certificate: ours as service provider, or that of the demonstration identity provider.
pub struct Signer {
    key: Key,
    certificate: Certificate,
}

impl std::fmt::Debug for Signer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Signer").field("certificate", &self.certificate).finish_non_exhaustive()
    }
}

impl Signer {
    /// Reads `NAME.key` and `NAME.crt` in `folder`; makes them at the first start, the key readable by nobody else.
    ///
    /// # Errors
    /// [`KeyError`] when the files cannot be read or written, or hold something else.
    pub fn open_or_create(folder: &Path, name: &str, common_name: &str) -> Result<Self, KeyError> {
        Self::open_or_certify(folder, name, &CertificateOwner::Anybody(common_name))
    }

    /// [`Self::open_or_create`] with a certificate made out as `owner` wants it.
    pub(crate) fn open_or_certify(folder: &Path, name: &str, owner: &CertificateOwner) -> Result<Self, KeyError> {
        let (key_file, certificate_file) = (folder.join(format!("{name}.key")), folder.join(format!("{name}.crt")));
        key_file::once(&key_file, || {
            let (key, certificate) = owner.generate()?;
            // The certificate first, also on the disk: a key without certificate would be taken for complete at the next start.
            key_file::write(&certificate_file, &certificate, 0o644)?;
            key_file::write(&key_file, &key, 0o600)
        })?;
        Self::from_pem(&key_file::read(&key_file)?, &key_file::read(&certificate_file)?)
    }

    /// A signer from a PKCS#8 key and its certificate, both PEM.
    ///
    /// # Errors
    /// [`KeyError::Unusable`] when they are something else, or do not belong together.
    pub fn from_pem(key: &str, certificate: &str) -> Result<Self, KeyError> {
        let certificate = Certificate::from_pem(certificate)?;
        let mut key = loader::load_rsa_private_pem(key.trim().as_bytes()).map_err(unusable)?;
        key.usage = KeyUsage::Sign;
        let signer = Self { key, certificate };
        let text = b"does the key belong to the certificate?";
        if !signer.certificate.verifies(RSA_SHA256, text, &signer.sign_octets(text)?) {
            return Err(KeyError::Unusable("the key is not that of the certificate".to_owned()));
        }
        Ok(signer)
    }

    /// The public half.
    #[must_use]
    pub fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// RSA-SHA256 over the octets of a query (SAML bindings, 3.4.4.1).
    pub(super) fn sign_octets(&self, octets: &[u8]) -> Result<Vec<u8>, KeyError> {
        let key = self.key.software_key().map_err(unusable)?;
        let key = key.ok_or_else(|| KeyError::Unusable("the private key is not in software".to_owned()))?;
        let algorithm = crypto::sign::from_uri(RSA_SHA256).map_err(unusable)?;
        algorithm.sign(&key, octets).map_err(unusable)
    }

    /// A secret for another purpose, the same as long as the key is the same: RSA PKCS#1 v1.5 signs one text in one way.
    pub(crate) fn derive_secret(&self, purpose: &str) -> Result<Vec<u8>, KeyError> {
        self.sign_octets(purpose.as_bytes())
    }

    /// Fills in the one empty signature of `xml`: a `ds:Signature` whose digests and value are empty.
    ///
    /// # Errors
    /// [`KeyError::Unusable`] when there is none, or the key cannot sign.
    pub fn sign_xml(&self, xml: &str) -> Result<String, KeyError> {
        let mut keys = KeysManager::new();
        keys.add_key(self.key.clone());
        bergshamra::sign(&DsigContext::new(keys), xml).map_err(unusable)
    }

    /// An empty enveloped signature for the element whose ID is `id`.
    pub(crate) fn template(&self, id: &str) -> String {
        let certificate = self.certificate.base64();
        format!(
            r##"<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignedInfo><ds:CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/><ds:SignatureMethod Algorithm="{RSA_SHA256}"/><ds:Reference URI="#{id}"><ds:Transforms><ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"/><ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/></ds:Transforms><ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><ds:DigestValue></ds:DigestValue></ds:Reference></ds:SignedInfo><ds:SignatureValue></ds:SignatureValue><ds:KeyInfo><ds:X509Data><ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></ds:Signature>"##
        )
    }
}

pub(super) fn unusable(error: impl std::fmt::Display) -> KeyError {
    KeyError::Unusable(error.to_string())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn made(name: &str) -> (String, String) {
        CertificateOwner::Anybody(name).generate().unwrap()
    }

    #[test]
    fn two_first_starts_at_once_share_one_pair() {
        let folder = tempfile::tempdir().unwrap();
        let open = || Signer::open_or_create(folder.path(), "seal", "Prova").unwrap();
        let (one, other) = std::thread::scope(|scope| {
            let beside = scope.spawn(open);
            (open(), beside.join().unwrap())
        });
        assert_eq!(one.certificate().der(), other.certificate().der());
    }

    #[test]
    fn a_key_of_another_certificate_is_refused() {
        let [(key, _), (_, certificate)] = [made("Una"), made("Altra")];
        let refused = Signer::from_pem(&key, &certificate).unwrap_err();
        assert!(refused.to_string().contains("not that of the certificate"), "{refused}");
    }

    #[test]
    fn a_certificate_is_read_wherever_its_lines_are_broken() {
        let (_, pem) = made("Prova");
        let own = Certificate::from_pem(&pem).unwrap();
        for width in [64, 76, 10_000] {
            let text = own.base64();
            let lines: Vec<_> = text.as_bytes().chunks(width).map(|line| std::str::from_utf8(line).unwrap()).collect();
            let body = lines.join("\r\n");
            let around = format!("Registro\n-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----\n{pem}");
            assert_eq!(Certificate::from_pem(&around).unwrap().der(), own.der(), "{width}");
        }
    }

    #[test]
    fn keys_are_made_once_and_are_private() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let first = Signer::open_or_create(folder.path(), "idp", "Prova").unwrap();
        let second = Signer::open_or_create(folder.path(), "idp", "Prova").unwrap();
        assert_eq!(first.certificate.der, second.certificate.der);
        let mode = fs::metadata(folder.path().join("idp.key")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);

        let signature = first.sign_octets(b"a").unwrap();
        assert!(second.certificate.verifies(RSA_SHA256, b"a", &signature));
        assert!(!second.certificate.verifies(RSA_SHA256, b"b", &signature));
        assert!(!second.certificate.verifies(RSA_SHA256, b"a", b"short"));
    }

    #[test]
    fn rubbish_is_refused_with_its_file() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("sp.key"), "x").unwrap();
        let error = Signer::open_or_create(folder.path(), "sp", "Prova").unwrap_err();
        assert!(error.to_string().contains("sp.crt"), "{error}");
        fs::write(folder.path().join("sp.crt"), "x").unwrap();
        assert!(matches!(Signer::open_or_create(folder.path(), "sp", "Prova"), Err(KeyError::Unusable(_))));
    }
}
