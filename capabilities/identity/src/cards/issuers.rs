use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    time::SystemTime,
};

use rustls::{
    CertificateError, Error, RootCertStore,
    pki_types::{CertificateDer, CertificateRevocationListDer, pem::PemObject as _},
    server::{VerifierBuilderError, WebPkiClientVerifier, danger::ClientCertVerifier},
};
use x509_parser::{prelude::FromDer as _, revocation_list::CertificateRevocationList};

use super::CardRefusal;

/// A file changed when its stamp did.
pub(super) type Stamp = (PathBuf, Option<SystemTime>, u64);
pub(super) type Lists = Arc<Vec<List>>;

/// A list of revoked cards, as far as its age goes.
#[derive(Debug, Clone)]
pub(super) struct List {
    /// Who made it, as certificates name it.
    pub(super) issuer: Vec<u8>,
    /// Seconds since 1970.
    pub(super) made_at: i64,
    pub(super) ends_at: i64,
}

/// Who issues cards, and which are revoked.
pub(super) struct Issuers {
    pub(super) stamps: Vec<Stamp>,
    pub(super) verifier: Arc<dyn ClientCertVerifier>,
    /// Names of issuers.
    pub(super) names: Vec<Vec<u8>>,
    pub(super) lists: Lists,
}

/// What a list that cannot be used does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Broken {
    /// It is told and left out: at the start, cards of its issuer are refused and everything else goes on.
    LeftOut,
    /// What was known before goes on.
    Refused,
}

impl Issuers {
    /// Reads both folders.
    ///
    /// # Errors
    /// In Italian: the file and what is wrong with it.
    pub(super) fn read(issuers: &Path, revocations: &Path, broken: Broken) -> Result<Self, String> {
        let stamps = stamps(issuers, revocations)?;
        let (mut roots, mut names) = (RootCertStore::empty(), Vec::new());
        for file in files(issuers)? {
            let told = || format!("{}: non è un certificato utilizzabile", file.display());
            for certificate in
                contents(&file, |pem| CertificateDer::pem_slice_iter(pem).collect(), CertificateDer::from)?
            {
                let (_, parsed) = x509_parser::parse_x509_certificate(&certificate).map_err(|_| told())?;
                if !parsed.is_ca() {
                    return Err(format!("{}: non è il certificato di un emittente", file.display()));
                }
                names.push(parsed.subject().as_raw().to_vec());
                roots.add(certificate).map_err(|_| told())?;
            }
        }
        if names.is_empty() {
            return Err(format!("{}: non c’è nessun certificato di emittente", issuers.display()));
        }
        let roots = Arc::new(roots);
        let (mut lists, mut all) = (Vec::new(), Vec::new());
        for file in files(revocations)? {
            match read_lists(&file, &roots) {
                Ok(read) => {
                    for (list, der) in read {
                        lists.push(list);
                        all.push(der);
                    }
                }
                Err(told) if broken == Broken::LeftOut => tracing::error!(told, "a list of revoked cards is left out"),
                Err(told) => return Err(told),
            }
        }
        let verifier = verifier(&roots, all).map_err(|error| format!("{}: {error}", revocations.display()))?;
        Ok(Self { stamps, verifier, names, lists: Arc::new(lists) })
    }
}

/// The lists in a file, each with its age and each one that the library reads.
fn read_lists(
    file: &Path,
    roots: &Arc<RootCertStore>,
) -> Result<Vec<(List, CertificateRevocationListDer<'static>)>, String> {
    let told = || format!("{}: non è una lista di revoca utilizzabile (X.509, versione 2)", file.display());
    let read = |pem: &[u8]| CertificateRevocationListDer::pem_slice_iter(pem).collect();
    let mut lists = Vec::new();
    for der in contents(file, read, CertificateRevocationListDer::from)? {
        let (_, parsed) = CertificateRevocationList::from_der(&der).map_err(|_| told())?;
        let list = List {
            issuer: parsed.issuer().as_raw().to_vec(),
            made_at: parsed.last_update().timestamp(),
            ends_at: parsed.next_update().ok_or_else(told)?.timestamp(),
        };
        verifier(roots, vec![der.clone()]).map_err(|_| told())?;
        lists.push((list, der));
    }
    Ok(lists)
}

fn verifier(
    roots: &Arc<RootCertStore>,
    lists: Vec<CertificateRevocationListDer<'static>>,
) -> Result<Arc<dyn ClientCertVerifier>, VerifierBuilderError> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder = WebPkiClientVerifier::builder_with_provider(Arc::clone(roots), provider);
    builder.with_crls(lists).enforce_revocation_expiration().build()
}

/// The files of both folders, and when they changed.
pub(super) fn stamps(issuers: &Path, revocations: &Path) -> Result<Vec<Stamp>, String> {
    let all = [files(issuers)?, files(revocations)?].concat();
    let stamp = |file: PathBuf| {
        let facts = fs::metadata(&file).ok();
        let size = facts.as_ref().map_or(0, fs::Metadata::len);
        (file, facts.and_then(|facts| facts.modified().ok()), size)
    };
    Ok(all.into_iter().map(stamp).collect())
}

/// What a handshake's own words mean for a person.
pub(super) fn why(error: &Error) -> CardRefusal {
    let error = match error {
        Error::InvalidCertificate(error) => error,
        // A list that its issuer did not sign, say.
        Error::InvalidCertRevocationList(_) => return CardRefusal::Unchecked,
        _ => return CardRefusal::Issuer,
    };
    match error {
        CertificateError::Expired
        | CertificateError::ExpiredContext { .. }
        | CertificateError::NotValidYet
        | CertificateError::NotValidYetContext { .. } => CardRefusal::Expired,
        CertificateError::Revoked => CardRefusal::Revoked,
        CertificateError::UnknownRevocationStatus
        | CertificateError::ExpiredRevocationList
        | CertificateError::ExpiredRevocationListContext { .. } => CardRefusal::Unchecked,
        CertificateError::InvalidPurpose | CertificateError::InvalidPurposeContext { .. } => CardRefusal::Purpose,
        _ => CardRefusal::Issuer,
    }
}

fn files(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let told = |error: std::io::Error| format!("non posso leggere {}: {error}", folder.display());
    let known = |path: &PathBuf| {
        let kind = path.extension().and_then(|kind| kind.to_str()).unwrap_or_default();
        ["pem", "crt", "cer", "der", "crl"].contains(&kind)
    };
    let entries = fs::read_dir(folder).map_err(told)?;
    let mut inside =
        entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<Vec<_>, _>>().map_err(told)?;
    inside.retain(known);
    inside.sort();
    Ok(inside)
}

/// What a file holds: texts in PEM, or one in DER.
fn contents<T>(
    file: &Path,
    pem: impl Fn(&[u8]) -> Result<Vec<T>, rustls::pki_types::pem::Error>,
    der: impl Fn(Vec<u8>) -> T,
) -> Result<Vec<T>, String> {
    let bytes = fs::read(file).map_err(|error| format!("non posso leggere {}: {error}", file.display()))?;
    if !bytes.windows(11).any(|part| part == b"-----BEGIN ") {
        return Ok(vec![der(bytes)]);
    }
    pem(&bytes).map_err(|error| format!("{}: {error}", file.display()))
}
