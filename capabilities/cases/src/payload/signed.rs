use base::Timestamp;
use serde::{Deserialize, Serialize};

/// In `submitted`: the text that others signed beside the applicant, and their signatures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signed {
    /// The whole text that was shown to who signed, in Italian.
    pub text: String,
    /// SHA-256 of the text, hexadecimal: what each signature is of.
    pub digest: String,
    /// When the applicant confirmed the application: before all signatures.
    pub confirmed_at: Timestamp,
    /// The level of the applicant's e-ID at that moment.
    pub level: u8,
    /// Who signed, in the order in which they did.
    pub signatures: Vec<Signature>,
}

/// One signature beside the applicant's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signature {
    /// Fiscal code.
    pub fiscal_code: String,
    /// Given name and surname, as the e-ID gave them.
    pub name: String,
    /// As what they signed, in Italian: "l’altro genitore".
    pub role: String,
    /// When.
    pub at: Timestamp,
    /// The level of the e-ID.
    pub level: u8,
    /// The digest of what was signed.
    pub digest: String,
}
