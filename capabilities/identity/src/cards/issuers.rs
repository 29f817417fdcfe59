use std::{
    collections::BTreeSet,
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
use x509_parser::{parse_x509_certificate, prelude::FromDer as _, revocation_list::CertificateRevocationList};

use super::{CardRefusal, holder};

/// A file changed when its stamp did.
pub(super) type Stamp = (PathBuf, Option<SystemTime>, u64);
pub(super) type Lists = Arc<Vec<List>>;

/// The extension by which a list says of which part of the cards it speaks (issuing distribution point).
const SCOPE: &str = "2.5.29.28";

/// A list of revoked cards, as far as its age goes.
#[derive(Debug, Clone)]
pub(super) struct List {
    /// Who made it, as certificates name it.
    pub(super) issuer: Vec<u8>,
    /// Of which part of its issuer's cards it speaks; of all when absent.
    scope: Option<Vec<u8>>,
    /// Seconds since 1970.
    pub(super) made_at: i64,
    pub(super) ends_at: i64,
}

/// Who issues cards, and which are revoked.
pub(super) struct Issuers {
    pub(super) stamps: Vec<Stamp>,
    /// Absent when nobody is believed.
    pub(super) verifier: Option<Arc<dyn ClientCertVerifier>>,
    /// Names of issuers.
    pub(super) names: Vec<Vec<u8>>,
    pub(super) lists: Lists,
    /// The files that cannot be used, in Italian. What else there is holds: a broken file keeps nobody who was taken out, and shuts
    /// out nobody but whom it was about.
    pub(super) troubles: Vec<String>,
}

type ReadList = (List, CertificateRevocationListDer<'static>);

impl Issuers {
    /// Reads both folders, as they are now.
    ///
    /// # Errors
    /// In Italian: a folder that cannot be read at all.
    pub(super) fn read(issuers: &Path, revocations: &Path) -> Result<Self, String> {
        let stamps = stamps(issuers, revocations)?;
        let (mut certificates, mut lists, mut troubles) = (Vec::new(), Vec::new(), Vec::new());
        for file in files(issuers)? {
            match read_issuers(&file) {
                Ok(read) => certificates.extend(read),
                Err(told) => troubles.push(told),
            }
        }
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(certificates.iter().cloned());
        let roots = Arc::new(roots);
        for file in files(revocations)?.into_iter().filter(|_| !certificates.is_empty()) {
            for read in read_lists(&file, &roots, &certificates) {
                match read {
                    Ok(read) => lists.push(read),
                    Err(told) => troubles.push(told),
                }
            }
        }
        let (lists, all) = newest(lists).into_iter().unzip();
        let names = certificates.iter().filter_map(|one| holder::subject(one)).collect::<BTreeSet<_>>();
        let verifier = match verifier(&roots, all) {
            Ok(verifier) => Some(verifier),
            Err(VerifierBuilderError::NoRootAnchors) => None,
            Err(error) => {
                troubles.push(format!("{}: {error}", revocations.display()));
                None
            }
        };
        Ok(Self { stamps, verifier, names: names.into_iter().collect(), lists: Arc::new(lists), troubles })
    }
}

fn read_issuers(file: &Path) -> Result<Vec<CertificateDer<'static>>, String> {
    let told = || format!("{}: non è un certificato utilizzabile", file.display());
    let read = contents(file, |pem| CertificateDer::pem_slice_iter(pem).collect(), CertificateDer::from)?;
    for certificate in &read {
        let (_, parsed) = parse_x509_certificate(certificate).map_err(|_| told())?;
        if !parsed.is_ca() {
            return Err(format!("{}: non è il certificato di un emittente", file.display()));
        }
        RootCertStore::empty().add(certificate.clone()).map_err(|_| told())?;
    }
    if read.is_empty() { Err(told()) } else { Ok(read) }
}

/// The lists in a file, each with its age; or what is wrong with it.
fn read_lists(
    file: &Path,
    roots: &Arc<RootCertStore>,
    certificates: &[CertificateDer],
) -> Vec<Result<ReadList, String>> {
    let read = |pem: &[u8]| CertificateRevocationListDer::pem_slice_iter(pem).collect();
    let told = |why: &str| format!("{}: non è una lista di revoca utilizzabile ({why})", file.display());
    match contents(file, read, CertificateRevocationListDer::from) {
        Ok(all) if all.is_empty() => vec![Err(told("non ce n’è nessuna"))],
        Ok(all) => all.into_iter().map(|der| read_list(der, roots, certificates).map_err(told)).collect(),
        Err(told) => vec![Err(told)],
    }
}

fn read_list(
    der: CertificateRevocationListDer<'static>,
    roots: &Arc<RootCertStore>,
    certificates: &[CertificateDer],
) -> Result<ReadList, &'static str> {
    let form = "serve X.509, versione 2";
    let (_, parsed) = CertificateRevocationList::from_der(&der).map_err(|_| form)?;
    // Cards are looked up by the octets of their numbers: one that is written otherwise would not be found.
    if !parsed.iter_revoked_certificates().all(|revoked| holder::is_plain(revoked.raw_serial())) {
        return Err("un numero di serie non è scritto come si deve");
    }
    let scope = parsed.extensions().iter().find(|one| one.oid.to_id_string() == SCOPE);
    let list = List {
        issuer: parsed.issuer().as_raw().to_vec(),
        scope: scope.map(|scope| scope.value.to_vec()),
        made_at: parsed.last_update().timestamp(),
        ends_at: parsed.next_update().ok_or(form)?.timestamp(),
    };
    // Who made it may stand between a card and whom we believe: then its signature is looked at with the card.
    let makers: Vec<_> = certificates.iter().filter_map(|one| parse_x509_certificate(one).ok()).collect();
    let mut makers = makers.iter().filter(|(_, one)| one.subject().as_raw() == list.issuer).peekable();
    if makers.peek().is_some() && !makers.any(|(_, one)| parsed.verify_signature(one.public_key()).is_ok()) {
        return Err("la firma non è del suo emittente");
    }
    verifier(roots, vec![der.clone()]).map_err(|_| form)?;
    Ok((list, der))
}

/// Of each issuer, and of each part of its cards, the list that was made last: the library asks the first that it finds.
fn newest(mut lists: Vec<ReadList>) -> Vec<ReadList> {
    lists.sort_by_key(|(list, _)| std::cmp::Reverse(list.made_at));
    let mut seen = BTreeSet::new();
    lists.retain(|(list, _)| seen.insert((list.issuer.clone(), list.scope.clone())));
    lists
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
