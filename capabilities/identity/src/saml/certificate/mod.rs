//! Certificates that we make for ourselves.

mod profile;

use base::Date;
use rcgen::{
    CertificateParams, CustomExtension, DnType, KeyPair, KeyUsagePurpose, PKCS_RSA_SHA256, RsaKeySize, date_time_ymd,
};

pub(crate) use profile::flaws;

use super::{KeyError, keys::unusable};

/// How long a certificate of ours is made out for.
const YEARS: i32 = 5;
/// `uri`: the entity ID (X.520).
const URI: [u64; 4] = [2, 5, 4, 83];
/// `organizationIdentifier` (X.520).
const ORGANISATION_IDENTIFIER: [u64; 4] = [2, 5, 4, 97];
const BASIC_CONSTRAINTS: [u64; 4] = [2, 5, 29, 19];
const CERTIFICATE_POLICIES: [u64; 4] = [2, 5, 29, 32];

/// To whom a certificate is made out.
pub(crate) enum CertificateOwner<'a> {
    /// Somebody of this name, for the seal of demonstrations and the demonstration provider.
    Anybody(&'a str),
    /// A public service provider, as SPID wants it (AgID, Avviso 29 v3).
    Member(FederationMember<'a>),
}

/// A public service provider in its certificate.
pub(crate) struct FederationMember<'a> {
    /// Name of the administration: CN and O.
    pub(crate) name: &'a str,
    /// Its entity ID.
    pub(crate) entity_id: &'a str,
    /// Its code in the index of administrations.
    pub(crate) ipa_code: &'a str,
    /// Where it has its seat: L.
    pub(crate) locality: &'a str,
    /// First day of validity, from midnight of Greenwich.
    pub(crate) from: Date,
}

impl CertificateOwner<'_> {
    /// A new RSA key and its self-signed certificate, PEM.
    pub(super) fn generate(&self) -> Result<(String, String), KeyError> {
        let (size, params) = match self {
            // The least that is taken anywhere, and quick to make at the first start.
            Self::Anybody(name) => (RsaKeySize::_2048, plain(name)),
            Self::Member(member) => (RsaKeySize::_3072, member.params()),
        };
        let pair = KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, size).map_err(unusable)?;
        let certificate = params.self_signed(&pair).map_err(unusable)?;
        Ok((pair.serialize_pem(), certificate.pem()))
    }
}

/// Validity is not checked by either side (certificates are taken from metadata), so the years are fixed.
fn plain(common_name: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, common_name);
    params.distinguished_name.push(DnType::CountryName, "IT");
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature, KeyUsagePurpose::ContentCommitment];
    (params.not_before, params.not_after) = (date_time_ymd(2020, 1, 1), date_time_ymd(2050, 1, 1));
    params
}

impl FederationMember<'_> {
    fn params(&self) -> CertificateParams {
        let mut params = CertificateParams::default();
        for (kind, value) in [
            (DnType::CommonName, self.name.to_owned()),
            (DnType::OrganizationName, self.name.to_owned()),
            (DnType::CustomDnType(URI.to_vec()), self.entity_id.to_owned()),
            (DnType::CustomDnType(ORGANISATION_IDENTIFIER.to_vec()), format!("PA:IT-{}", self.ipa_code)),
            (DnType::CountryName, "IT".to_owned()),
            (DnType::LocalityName, self.locality.to_owned()),
        ] {
            params.distinguished_name.push(kind, value);
        }
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature, KeyUsagePurpose::ContentCommitment];
        let extension = |oid: &[u64], content| CustomExtension::from_oid_content(oid, content);
        params.custom_extensions = vec![
            // `CA:FALSE`, which is the default of an empty sequence; not critical.
            extension(&BASIC_CONSTRAINTS, vec![0x30, 0x00]),
            extension(&CERTIFICATE_POLICIES, policies()),
        ];
        let (year, month, day) = (self.from.year(), self.from.month(), self.from.day());
        params.not_before = date_time_ymd(year.into(), month.unsigned_abs(), day.unsigned_abs());
        params.not_after = date_time_ymd(i32::from(year) + YEARS, month.unsigned_abs(), day.unsigned_abs().min(28));
        params
    }
}

/// "Issued as AgID says" (1.3.76.16.6) and "public service provider" (1.3.76.16.4.2.1), each with its notice.
fn policies() -> Vec<u8> {
    let policy = |oid: &[u8], notice: &str| {
        let text = der(0x30, &der(0x0c, notice.as_bytes()));
        // id-qt-unotice, 1.3.6.1.5.5.7.2.2 (RFC 5280, 4.2.1.4).
        let qualifier = der(0x30, &[der(0x06, &[0x2b, 6, 1, 5, 5, 7, 2, 2]), text].concat());
        der(0x30, &[der(0x06, oid), der(0x30, &qualifier)].concat())
    };
    let both = [policy(&[0x2b, 76, 16, 6], "agIDcert"), policy(&[0x2b, 76, 16, 4, 2, 1], "cert_SP_Pub")].concat();
    der(0x30, &both)
}

/// A value of less than 128 bytes with its tag and length.
fn der(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = u8::try_from(content.len()).expect("policies are some dozens of bytes");
    debug_assert!(length < 0x80, "longer lengths take more than one byte");
    [&[tag, length], content].concat()
}
