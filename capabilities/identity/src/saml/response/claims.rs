use std::collections::BTreeMap;

use base::{Date, FiscalCode, PersonName, Timestamp};
use roxmltree::Node;
use serde::{Deserialize, Serialize};

use super::{
    super::{ASSERTION, level_of},
    Refusal, checks, child, trimmed,
};
use crate::federation::Kind;

/// What a verified assertion says of a person, and what the register of logins keeps of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Claims {
    /// Used once only.
    pub(crate) assertion_id: String,
    /// After this the assertion is worth nothing, and its ID may be forgotten.
    pub(crate) ends_at: Timestamp,
    /// The level at which the person was identified.
    pub(crate) level: u8,
    /// The provider's name for the person, this time.
    pub(crate) name_id: String,
    /// Names the session at the provider, for logout.
    pub(crate) session_index: Option<String>,
    /// `fiscalNumber` without its prefix.
    pub(crate) fiscal_code: FiscalCode,
    /// `name` and `familyName`.
    pub(crate) name: PersonName,
    /// The provider that qualifies that name, for logout.
    #[serde(default)]
    pub(crate) name_qualifier: Option<String>,
    /// `spidCode`: the person's account at the provider; CIE has none.
    pub(crate) spid_code: Option<String>,
    /// `dateOfBirth`.
    pub(crate) born: Option<Date>,
    /// `email`, as the person gave it to the provider.
    pub(crate) email: Option<String>,
    /// The token that ends the session at a provider of OpenID Connect, sealed.
    #[serde(default)]
    pub(crate) token: Option<String>,
}

impl Claims {
    pub(super) fn read(assertion: Node, kind: Kind) -> Result<Self, Refusal> {
        let attributes = attributes(assertion)?;
        let some = |name: &'static str| attributes.get(name).filter(|value| !value.is_empty());
        let needed = |name: &'static str| some(name).cloned().ok_or(Refusal::Attribute(name));
        let at = |path: &[&str]| path.iter().try_fold(assertion, |node, name| child(node, ASSERTION, name));
        let (statement, name) = (at(&["AuthnStatement"]), at(&["Subject", "NameID"]));
        let class = at(&["AuthnStatement", "AuthnContext", "AuthnContextClassRef"]).map(trimmed).unwrap_or_default();
        let end = at(&["Conditions"]).and_then(|node| checks::instant(node.attribute("NotOnOrAfter")));
        Ok(Self {
            assertion_id: assertion.attribute("ID").unwrap_or_default().to_owned(),
            ends_at: end.ok_or(Refusal::Time("Conditions NotOnOrAfter"))?,
            level: level_of(&class).ok_or(Refusal::Level)?,
            name_id: name.map(trimmed).unwrap_or_default(),
            session_index: statement.and_then(|node| node.attribute("SessionIndex")).map(ToOwned::to_owned),
            fiscal_code: fiscal_code(some("fiscalNumber").ok_or(Refusal::NoFiscalCode)?)?,
            name: PersonName { surname: needed("familyName")?, given: needed("name")? },
            name_qualifier: name.and_then(|node| node.attribute("NameQualifier")).map(ToOwned::to_owned),
            spid_code: match kind {
                Kind::Spid => Some(needed("spidCode")?),
                Kind::Cie => some("spidCode").cloned(),
            },
            born: some("dateOfBirth")
                .map(|text| text.parse().map_err(|_| Refusal::Attribute("dateOfBirth")))
                .transpose()?,
            email: some("email").cloned(),
            token: None,
        })
    }
}

/// `TINIT-` and the code, exactly: no blanks inside, no lower case, nothing after it.
fn fiscal_code(text: &str) -> Result<FiscalCode, Refusal> {
    let wrong = Refusal::Attribute("fiscalNumber");
    let plain = text.strip_prefix("TINIT-").ok_or(wrong.clone())?;
    let code: FiscalCode = plain.parse().map_err(|_| wrong.clone())?;
    if code.as_str() == plain { Ok(code) } else { Err(wrong) }
}

fn attributes(assertion: Node) -> Result<BTreeMap<String, String>, Refusal> {
    let statement = child(assertion, ASSERTION, "AttributeStatement");
    let mut found = BTreeMap::new();
    for attribute in statement.iter().flat_map(Node::children).filter(Node::is_element) {
        let name = attribute.attribute("Name").unwrap_or_default().to_owned();
        let value = child(attribute, ASSERTION, "AttributeValue").map(trimmed).unwrap_or_default();
        if found.insert(name, value).is_some() {
            return Err(Refusal::Attribute("twice"));
        }
    }
    Ok(found)
}
