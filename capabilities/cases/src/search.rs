use base::fold;

use crate::payload::Submitted;

/// What an officer may look a case up by: name, fiscal code, protocol number, service; folded like the query.
#[must_use]
pub fn searchable(submitted: &Submitted) -> String {
    let protocol = &submitted.protocol;
    let parts = [
        submitted.applicant.name.as_str(),
        &submitted.applicant.fiscal_code,
        &protocol.to_string(),
        &protocol.number.to_string(),
        &submitted.service_name,
    ];
    fold(&parts.join(" "))
}
