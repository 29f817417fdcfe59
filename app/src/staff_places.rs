//! What `[staff]` in `identity.toml` promises of offices and roles, held to those that there are.

use catalogue::Offer;

/// Groups of the administration's own provider that lead to an office or bring a role that there is not, in Italian.
pub fn unknown(declared: &identity::Declared, offer: &Offer) -> Vec<String> {
    let mut told = Vec::new();
    for (office, roles) in declared.staff_places() {
        if !offer.offices.contains_key(office) {
            told.push(format!("[[staff.groups]]: l’ufficio «{office}» non è in content/offices.toml"));
        }
        let unknown = roles.into_iter().filter(|role| !offer.policy.roles.contains_key(*role));
        told.extend(unknown.map(|role| format!("[[staff.groups]]: l’incarico «{role}» non è in content/roles.toml")));
    }
    told
}
