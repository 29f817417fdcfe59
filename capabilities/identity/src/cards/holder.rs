use base::{FiscalCode, PersonName};
use sha2::{Digest, Sha256};
use x509_parser::{
    certificate::X509Certificate, extensions::ParsedExtension, parse_x509_certificate, prelude::FromDer as _,
    x509::X509Name,
};

use super::CardRefusal;

const COMMON_NAME: &str = "2.5.4.3";
const SERIAL_NUMBER: &str = "2.5.4.5";
const SURNAME: &str = "2.5.4.4";
const GIVEN_NAME: &str = "2.5.4.42";

/// Who holds a card, as its certificate says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Holder {
    pub(crate) fiscal_code: FiscalCode,
    /// Not every card says it.
    pub(crate) name: Option<PersonName>,
    /// SHA-256 of the certificate.
    pub(crate) digest: String,
    /// Names this card among all: digest of who issued it and of its common name, which holds its number; a renewed card is
    /// another one.
    pub(crate) account: String,
}

/// The name of who issued a certificate, as it stands there.
pub(super) fn issuer(certificate: &[u8]) -> Option<Vec<u8>> {
    let (_, parsed) = parse_x509_certificate(certificate).ok()?;
    Some(parsed.issuer().as_raw().to_vec())
}

/// Whose certificate it is, as it stands there.
pub(super) fn subject(certificate: &[u8]) -> Option<Vec<u8>> {
    let (_, parsed) = parse_x509_certificate(certificate).ok()?;
    Some(parsed.subject().as_raw().to_vec())
}

/// A name as people read it.
pub(super) fn readable(name: &[u8]) -> String {
    X509Name::from_der(name).map_or_else(|_| hex::encode(name), |(_, name)| name.to_string())
}

/// Whether a certificate can be found in a list of revoked ones: its number is as RFC 5280 (4.1.2.2) wants it, positive and of
/// twenty octets at most.
pub(super) fn can_be_looked_up(certificate: &[u8]) -> bool {
    let Ok((_, parsed)) = parse_x509_certificate(certificate) else { return false };
    let serial = parsed.raw_serial();
    let value = serial.strip_prefix(&[0]).unwrap_or(serial);
    is_plain(serial) && (1..=20).contains(&value.len())
}

/// Whether a number is written in the only way that DER has for it, and is not below zero.
pub(super) fn is_plain(serial: &[u8]) -> bool {
    match serial {
        [] => false,
        [0, second, ..] => 0x80 <= *second,
        [first, ..] => *first < 0x80,
    }
}

/// Reads a certificate whose signatures, times and revocation were examined.
pub(super) fn read(certificate: &[u8], policies: &[String]) -> Result<Holder, CardRefusal> {
    let (_, parsed) = parse_x509_certificate(certificate).map_err(|_| CardRefusal::Issuer)?;
    if !is_for_showing(&parsed) || !is_under(&parsed, policies) {
        return Err(CardRefusal::Purpose);
    }
    let subject = parsed.subject();
    Ok(Holder {
        fiscal_code: fiscal_code(subject).ok_or(CardRefusal::Code)?,
        name: name(subject),
        digest: hex::encode(Sha256::digest(certificate)),
        account: account(&parsed),
    })
}

fn account(certificate: &X509Certificate) -> String {
    let name = only(certificate.subject(), COMMON_NAME).flatten().unwrap_or_default();
    let serial = certificate.raw_serial();
    let told = Sha256::new().chain_update("sportello/cards/v1\n").chain_update(certificate.issuer().as_raw());
    let told = if name.contains('/') { told.chain_update(name) } else { told.chain_update(serial) };
    hex::encode(told.finalize())
}

/// For showing who somebody is, said expressly: a certificate for signing documents, or for anything, is none.
fn is_for_showing(certificate: &X509Certificate) -> bool {
    let clients = certificate.extended_key_usage().ok().flatten().is_some_and(|uses| uses.value.client_auth);
    let signs = certificate.key_usage().ok().flatten().is_some_and(|uses| uses.value.digital_signature());
    clients && signs && !certificate.is_ca()
}

fn is_under(certificate: &X509Certificate, policies: &[String]) -> bool {
    let borne = certificate.extensions().iter().filter_map(|extension| match extension.parsed_extension() {
        ParsedExtension::CertificatePolicies(list) => Some(list),
        _ => None,
    });
    let mut borne = borne.flatten().map(|policy| policy.policy_id.to_id_string());
    policies.is_empty() || borne.any(|policy| policies.contains(&policy))
}

/// `CODE/number.digest` in the common name; where that has no stroke, the serial number of the subject. Where both say a code,
/// they must say the same.
fn fiscal_code(subject: &X509Name) -> Option<FiscalCode> {
    let common = match only(subject, COMMON_NAME)? {
        Some(text) => text.split_once('/').map(|(code, _)| code.to_owned()),
        None => None,
    };
    let serial = only(subject, SERIAL_NUMBER)?.map(|text| text.strip_prefix("TINIT-").unwrap_or(&text).to_owned());
    let exact = |text: &str| text.parse::<FiscalCode>().ok().filter(|code| code.as_str() == text);
    match (common, serial) {
        (Some(common), serial) => {
            let code = exact(&common)?;
            let same = serial.and_then(|serial| exact(&serial)).is_none_or(|other| other == code);
            same.then_some(code)
        }
        (None, Some(serial)) => exact(&serial),
        (None, None) => None,
    }
}

fn name(subject: &X509Name) -> Option<PersonName> {
    let text = |id| only(subject, id).flatten().map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    Some(PersonName { surname: text(SURNAME)?, given: text(GIVEN_NAME)? })
}

/// The value of an attribute that stands there at most once; `None` when it stands there more often, or is no text.
fn only(subject: &X509Name, id: &str) -> Option<Option<String>> {
    let mut all = subject.iter_attributes().filter(|one| one.attr_type().to_id_string() == id);
    let Some(first) = all.next() else { return Some(None) };
    if all.next().is_some() {
        return None;
    }
    first.as_str().ok().map(|text| Some(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_written_in_one_way() {
        for good in [&[0][..], &[1], &[0x7f], &[0, 0x80], &[0, 0xff, 1], &[1, 0]] {
            assert!(is_plain(good), "{good:?}");
        }
        // Nothing, below zero, an octet too many.
        for bad in [&[][..], &[0x80], &[0xff, 1], &[0, 0], &[0, 0x7f], &[0, 0, 0x80]] {
            assert!(!is_plain(bad), "{bad:?}");
        }
    }
}
