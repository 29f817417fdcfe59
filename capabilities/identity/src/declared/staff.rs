use std::{collections::BTreeMap, path::PathBuf};

use serde::Deserialize;

/// The administration's own identity provider, by which officials come in (OpenID Connect Core 1.0).
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Staff {
    /// Its name, exactly as it tells it; its configuration is looked up below.
    pub(crate) issuer: String,
    /// As officials know it; that of the administration when absent.
    pub(crate) name: Option<String>,
    /// Our name there.
    pub(crate) client_id: String,
    /// File with the secret that we share with it. Without it we sign with `staff-sig.key` in the folder of keys.
    pub(crate) client_secret: Option<PathBuf>,
    /// What we ask it to tell, beside `openid`.
    #[serde(default = "usual_scope")]
    pub(crate) scope: Vec<String>,
    /// Whether accounts with a password of their own come in beside it.
    #[serde(default = "yes")]
    pub(crate) passwords: bool,
    /// File with the authorities (PEM) by which it is believed over TLS; the system's when absent.
    pub(crate) authorities: Option<PathBuf>,
    /// Where it says what.
    #[serde(default)]
    pub(crate) claims: StaffClaims,
    /// By what it says that somebody proved twice who they are.
    #[serde(default)]
    pub(crate) two_proofs: TwoProofs,
    /// What groups there are worth here.
    #[serde(default)]
    pub(crate) groups: Vec<StaffGroup>,
}

/// The claims in which the provider says what we need.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct StaffClaims {
    /// Account: nobody but the administration may be able to change it.
    pub(crate) account: String,
    /// Name and surname.
    pub(crate) name: String,
    /// Groups: a list of words, or one. A dot leads into a claim: `realm_access.roles`.
    pub(crate) groups: String,
    /// The official's own fiscal code, if it is told.
    pub(crate) fiscal_code: Option<String>,
}

impl Default for StaffClaims {
    fn default() -> Self {
        let text = str::to_owned;
        Self { account: text("preferred_username"), name: text("name"), groups: text("groups"), fiscal_code: None }
    }
}

/// One of these values is enough.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct TwoProofs {
    /// Of `acr`, how sure the login was.
    pub(crate) acr: Vec<String>,
    /// Of `amr`, by what it was done (RFC 8176).
    pub(crate) amr: Vec<String>,
}

/// What belonging to a group brings.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct StaffGroup {
    /// As the provider says it.
    pub(crate) group: String,
    /// As in `content/offices.toml`.
    pub(crate) office: String,
    /// As in `content/roles.toml`.
    pub(crate) roles: Vec<String>,
}

impl Staff {
    /// Offices and roles that groups name, for whoever knows which there are.
    pub(crate) fn places(&self) -> BTreeMap<&str, Vec<&str>> {
        let mut places: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for group in &self.groups {
            places.entry(&group.office).or_default().extend(group.roles.iter().map(String::as_str));
        }
        places
    }
}

fn usual_scope() -> Vec<String> {
    ["profile", "groups"].map(str::to_owned).to_vec()
}

fn yes() -> bool {
    true
}
