//! What SPID wants of the certificate of a public service provider (AgID, Avviso 29 v3), in words for whoever has to mend
//! one.

use base::Timestamp;
use x509_parser::{
    certificate::X509Certificate,
    extensions::{KeyUsage, ParsedExtension},
    oid_registry::asn1_rs::oid,
    parse_x509_certificate,
    public_key::PublicKey,
};

use super::super::Certificate;

/// `digitalSignature` and `nonRepudiation`, and no other use.
const USES: u16 = 0b11;
const SIZES: [usize; 3] = [2048, 3072, 4096];
const POLICIES: [&str; 2] = ["1.3.76.16.6", "1.3.76.16.4.2.1"];
const DIGESTS: [(&str, &str); 2] =
    [("1.2.840.113549.1.1.11", "SHA-256 con RSA"), ("1.2.840.113549.1.1.13", "SHA-512 con RSA")];
/// A person's names have no place in the certificate of an office.
const FORBIDDEN: [(&str, &str); 5] = [
    ("2.5.4.42", "givenName"),
    ("2.5.4.4", "surname"),
    ("2.5.4.65", "pseudonym"),
    ("2.5.4.43", "initials"),
    ("2.5.4.41", "name"),
];

/// Everything in which `certificate` differs from the profile, in Italian.
pub(crate) fn flaws(certificate: &Certificate, entity_id: &str, ipa_code: &str, now: Timestamp) -> Vec<String> {
    let Ok((_, parsed)) = parse_x509_certificate(certificate.der()) else {
        return vec!["non è un certificato X.509 leggibile".to_owned()];
    };
    let mut flaws = subject(&parsed, entity_id, ipa_code);
    flaws.extend(key(&parsed));
    flaws.extend(extensions(&parsed));
    flaws.extend(validity(&parsed, now));
    flaws
}

fn subject(certificate: &X509Certificate, entity_id: &str, ipa_code: &str) -> Vec<String> {
    let values = |id: &str| -> Vec<&str> {
        let all = certificate.subject().iter_attributes();
        all.filter(|one| one.attr_type().to_id_string() == id).filter_map(|one| one.as_str().ok()).collect()
    };
    let wanted = [
        ("2.5.4.3", "CN", None),
        ("2.5.4.10", "O", None),
        ("2.5.4.7", "L", None),
        ("2.5.4.6", "C", Some("IT".to_owned())),
        ("2.5.4.83", "uri", Some(entity_id.to_owned())),
        ("2.5.4.97", "organizationIdentifier", Some(format!("PA:IT-{ipa_code}"))),
    ];
    let mut flaws = Vec::new();
    for (id, name, value) in wanted {
        match (values(id).as_slice(), value) {
            ([], _) => flaws.push(format!("nel soggetto manca {name} ({id})")),
            ([found], Some(value)) if *found != value => {
                flaws.push(format!("nel soggetto {name} è «{found}», deve essere «{value}»"));
            }
            ([found], None) if found.trim().is_empty() => flaws.push(format!("nel soggetto {name} è vuoto")),
            ([_], _) => {}
            _ => flaws.push(format!("nel soggetto {name} compare più volte")),
        }
    }
    let forbidden = FORBIDDEN.iter().filter(|(id, _)| !values(id).is_empty());
    flaws.extend(forbidden.map(|(_, name)| format!("il soggetto contiene {name}, che non è ammesso")));
    flaws
}

fn key(certificate: &X509Certificate) -> Vec<String> {
    let mut flaws = Vec::new();
    match certificate.public_key().parsed() {
        Ok(PublicKey::RSA(key)) if SIZES.contains(&key.key_size()) => {}
        Ok(PublicKey::RSA(key)) => {
            flaws.push(format!("la chiave RSA è di {} bit: deve essere di 2048, 3072 o 4096", key.key_size()));
        }
        _ => flaws.push("la chiave non è RSA".to_owned()),
    }
    let algorithm = certificate.signature_algorithm.algorithm.to_id_string();
    if !DIGESTS.iter().any(|(id, _)| *id == algorithm) {
        let allowed = DIGESTS.map(|(_, name)| name).join(" o ");
        flaws.push(format!("è firmato con l’algoritmo {algorithm}: serve {allowed}"));
    }
    flaws
}

fn extensions(certificate: &X509Certificate) -> Vec<String> {
    let mut flaws = Vec::new();
    let find = |id| certificate.extensions().iter().find(|extension| extension.oid == id);
    let constraints = find(oid!(2.5.29.19)).map(|found| (found.critical, found.parsed_extension()));
    match constraints {
        Some((false, ParsedExtension::BasicConstraints(held))) if !held.ca => {}
        _ => flaws.push("basicConstraints deve esserci, non critica, con CA:FALSE".to_owned()),
    }
    match find(oid!(2.5.29.15)).map(|found| (found.critical, found.parsed_extension())) {
        Some((true, ParsedExtension::KeyUsage(KeyUsage { flags: USES }))) => {}
        _ => flaws.push(
            "keyUsage deve esserci, critica, con digitalSignature e nonRepudiation e nessun altro uso".to_owned(),
        ),
    }
    let named: Vec<_> = match find(oid!(2.5.29.32)).map(|found| (found.critical, found.parsed_extension())) {
        Some((false, ParsedExtension::CertificatePolicies(policies))) => {
            policies.iter().map(|policy| policy.policy_id.to_id_string()).collect()
        }
        _ => Vec::new(),
    };
    let missing = POLICIES.iter().filter(|policy| !named.iter().any(|name| name == *policy));
    flaws.extend(missing.map(|policy| format!("certificatePolicies, non critica, deve contenere {policy}")));
    flaws
}

fn validity(certificate: &X509Certificate, now: Timestamp) -> Vec<String> {
    let (begin, end) = (certificate.validity().not_before.timestamp(), certificate.validity().not_after.timestamp());
    let day = |second| {
        Timestamp::from_second(second).map_or_else(|_| second.to_string(), |at| at.strftime("%d/%m/%Y").to_string())
    };
    let mut flaws = Vec::new();
    if now.as_second() < begin {
        flaws.push(format!("vale solo dal {}", day(begin)));
    }
    if end <= now.as_second() {
        flaws.push(format!("è scaduto il {}", day(end)));
    }
    flaws
}

#[cfg(test)]
mod tests {
    use super::{
        super::{CertificateOwner, FederationMember},
        *,
    };

    fn made(owner: &CertificateOwner) -> Certificate {
        Certificate::from_pem(&owner.generate().unwrap().1).unwrap()
    }

    fn member<'a>() -> CertificateOwner<'a> {
        CertificateOwner::Member(FederationMember {
            name: "Comune di Esempio",
            entity_id: "https://sportello.example",
            ipa_code: "c_x000",
            locality: "Esempio",
            from: "2026-02-28".parse().unwrap(),
        })
    }

    fn flaws_on(certificate: &Certificate, day: &str) -> Vec<String> {
        let at = format!("{day}T12:00:00Z").parse().unwrap();
        flaws(certificate, "https://sportello.example", "c_x000", at)
    }

    #[test]
    fn what_we_make_fits() {
        let certificate = made(&member());
        assert_eq!(flaws_on(&certificate, "2026-03-02"), Vec::<String>::new());
        assert!(flaws_on(&certificate, "2031-03-02")[0].contains("scaduto il 28/02/2031"));
        assert!(flaws_on(&certificate, "2026-02-01")[0].contains("vale solo dal 28/02/2026"));
        let other = flaws(&certificate, "https://altro.example", "c_y", "2026-03-02T12:00:00Z".parse().unwrap());
        assert_eq!(other.len(), 2, "{other:?}");
    }

    #[test]
    fn what_fits_nothing_is_told_piece_by_piece() {
        let flaws = flaws_on(&made(&CertificateOwner::Anybody("Prova")), "2026-03-02").join("\n");
        for told in ["manca O", "manca L", "manca uri", "organizationIdentifier", "basicConstraints", "1.3.76.16.6"] {
            assert!(flaws.contains(told), "{told}: {flaws}");
        }
        assert!(!flaws.contains("manca CN") && !flaws.contains("keyUsage"), "{flaws}");
    }
}
