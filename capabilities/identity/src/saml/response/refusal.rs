/// Why an answer of an identity provider is not believed. Kept in the register of messages; the person reads that
/// the login failed, and for [`Refusal::Status`] the words that SPID prescribes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refusal {
    #[error("larger than any real answer")]
    TooLarge,
    #[error("not base64 of XML")]
    NotXml,
    #[error("holds a DOCTYPE, a comment, a CDATA section or a processing instruction")]
    Markup,
    #[error("not of the allowed shape: {0}")]
    Shape(String),
    #[error("signed or digested in a way that is not allowed: {0}")]
    Algorithm(String),
    #[error("the assertion is not signed")]
    Unsigned,
    #[error("the signature does not hold with the provider's certificate")]
    Signature,
    #[error("another version of SAML")]
    Version,
    #[error("answers another request")]
    InResponseTo,
    #[error("was sent to another address")]
    Destination,
    #[error("comes from another provider")]
    Issuer,
    #[error("times are missing, malformed, past or future: {0}")]
    Time(&'static str),
    #[error("the subject is not confirmed as bearer for us: {0}")]
    Subject(&'static str),
    #[error("is meant for another audience")]
    Audience,
    #[error("the level of the e-ID is lower than asked or unknown")]
    Level,
    #[error("the provider did not identify the person (anomaly {0:?})")]
    Status(Option<u8>),
    #[error("the attribute {0} is missing, doubled or malformed")]
    Attribute(&'static str),
    #[error("the person has no Italian fiscal code")]
    NoFiscalCode,
    #[error("this message was used before")]
    Replayed,
    #[error("no such request, or it expired or was answered before")]
    UnknownRequest,
}
