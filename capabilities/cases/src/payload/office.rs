//! What acts about the office of a case say.

use base::Date;
use protocol::Protocol;
use serde::{Deserialize, Serialize};

/// `passed-on`: the office that a case came to by mistake passes it on to the competent one (art. 18-bis c. 2
/// L. 241/1990).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PassedOn {
    /// Identifier of the office that had it.
    pub from: String,
    /// Its name.
    pub from_name: String,
    /// Identifier of the office that has it from now on.
    pub to: String,
    /// Its name.
    pub to_name: String,
    /// Who answers for the proceeding there (art. 5).
    pub responsible: String,
    /// Why, in the officer's words.
    pub reason: String,
    /// The last day of the term from now on, by the holidays of the receiving office.
    pub due: Date,
    /// Whether the term began anew with the receipt; not where somebody had already worked on the case.
    pub anew: bool,
    /// Its number in the register of the office that had it: outgoing.
    pub sent: Option<Protocol>,
    /// Its number in the register of the receiving office: incoming.
    pub received: Option<Protocol>,
}
