use super::element;
use crate::declared::{Organisation, Technical};

/// The extensions of the ministry of the interior.
pub(super) const NAMESPACE: &str = r#"xmlns:cie="https://www.cartaidentita.interno.gov.it/saml-extensions""#;

/// The administration, and its technical partner if it has one.
pub(super) fn contacts(office: &Organisation, partner: Option<&Technical>) -> String {
    let Organisation { name, ipa_code, fiscal_code, municipality, province, email, phone, .. } = office;
    let extensions = [
        "<cie:Public/>".to_owned(),
        element("cie:IPACode", Some(ipa_code)),
        element("cie:FiscalCode", fiscal_code.as_deref()),
        element("cie:Municipality", Some(municipality)),
        element("cie:Province", Some(province)),
        element("cie:Country", Some("IT")),
    ];
    let administrative = contact("administrative", &extensions.concat(), [name, email], Some(phone));
    administrative + &partner.map(technical).unwrap_or_default()
}

fn technical(partner: &Technical) -> String {
    let Technical { company, email, phone, municipality, vat_number } = partner;
    let extensions = [
        "<cie:Private/>".to_owned(),
        element("cie:VATNumber", vat_number.as_deref()),
        element("cie:Municipality", Some(municipality)),
        element("cie:Country", Some("IT")),
    ];
    contact("technical", &extensions.concat(), [company, email], phone.as_deref())
}

fn contact(kind: &str, extensions: &str, [company, email]: [&String; 2], phone: Option<&str>) -> String {
    let reached = [
        element("md:Company", Some(company)),
        element("md:EmailAddress", Some(email)),
        element("md:TelephoneNumber", phone),
    ];
    format!(
        r#"<md:ContactPerson contactType="{kind}"><md:Extensions>{extensions}</md:Extensions>{}</md:ContactPerson>"#,
        reached.concat()
    )
}
