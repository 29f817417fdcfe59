//! Who is at the counter, and whose things they see there, as this room needs it.

use acts::Actor;
use mandates::Capacity;

/// Whose things are shown and written: of who is logged in, or of the person for whom they act.
pub struct Applicant {
    /// Fiscal code.
    pub fiscal_code: String,
    /// Given name and surname.
    pub name: String,
    /// The one who acts, with for whom.
    pub actor: Actor,
}

impl From<&Capacity> for Applicant {
    fn from(capacity: &Capacity) -> Self {
        let principal = capacity.principal();
        let (fiscal_code, name) = (principal.fiscal_code.clone(), principal.name.clone());
        Self { fiscal_code, name, actor: capacity.actor().clone() }
    }
}
