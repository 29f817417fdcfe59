use super::element;
use crate::declared::Organisation;

/// The extensions of SPID (AgID, Avviso 29 v3).
pub(super) const NAMESPACE: &str = r#"xmlns:spid="https://spid.gov.it/saml-extensions""#;

/// A public service provider is written to at one place.
pub(super) fn contacts(office: &Organisation) -> String {
    let Organisation { name, ipa_code, fiscal_code, email, phone, .. } = office;
    let (ipa, fiscal) = (element("spid:IPACode", Some(ipa_code)), element("spid:FiscalCode", fiscal_code.as_deref()));
    let reached = [("md:Company", name), ("md:EmailAddress", email), ("md:TelephoneNumber", phone)];
    let reached: String = reached.iter().map(|(tag, text)| element(tag, Some(text))).collect();
    format!(
        r#"<md:ContactPerson contactType="other"><md:Extensions>{ipa}{fiscal}<spid:Public/></md:Extensions>{reached}</md:ContactPerson>"#
    )
}
