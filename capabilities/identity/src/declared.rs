//! `identity.toml`: who we are in the federations of SPID and CIE. Whoever reads its mistakes administers the program, so
//! they are told in Italian, all at once.

mod attributes;
mod file;
mod mistakes;
mod staff;

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

pub(crate) use attributes::{AttributeSet, EIDAS_MINIMUM, EIDAS_SETS};
pub(crate) use file::{Binding, Cns, Membership, OpenId, OpenIdFederation, OpenIdKind, Organisation, Technical};

pub(crate) use staff::{Staff, StaffClaims, StaffGroup, TwoProofs};

use crate::Certificate;

/// What the file says, with its own places resolved.
#[derive(Debug, Clone)]
pub struct Declared {
    pub(crate) organisation: Organisation,
    pub(crate) spid: Option<Membership>,
    pub(crate) cie: Option<Membership>,
    pub(crate) openid: Option<OpenId>,
    pub(crate) cns: Option<Cns>,
    pub(crate) staff: Option<Staff>,
    /// Against which the file's own paths are understood.
    folder: PathBuf,
}

/// Why `identity.toml` is not taken, in Italian: every reason on a line.
#[derive(Debug, thiserror::Error)]
#[error("{}", .0.join("\n"))]
pub struct Mistakes(pub Vec<String>);

impl Declared {
    /// Reads the file.
    ///
    /// # Errors
    /// [`Mistakes`]: all that has to be mended.
    pub fn read(path: &Path) -> Result<Self, Mistakes> {
        let file = path.display();
        let text = fs::read_to_string(path);
        let text = text.map_err(|error| Mistakes(vec![format!("non posso leggere {file}: {error}")]))?;
        let folder = path.parent().unwrap_or(Path::new("")).to_owned();
        let told = |mistakes: Vec<String>| Mistakes(mistakes.iter().map(|one| format!("{file}: {one}")).collect());
        Self::parse(&text, folder).map_err(told)
    }

    fn parse(text: &str, folder: PathBuf) -> Result<Self, Vec<String>> {
        let mut file: file::File = toml::from_str(text).map_err(|error| vec![error.to_string()])?;
        complete(&mut file);
        let mistakes = mistakes::of(&file);
        let file::File { organisation, spid, cie, openid, cns, staff } = file;
        if !mistakes.is_empty() {
            return Err(mistakes);
        }
        Ok(Self { organisation, spid, cie, openid, cns, staff, folder })
    }

    /// The services that attribute sets name, for whoever knows which there are.
    #[must_use]
    pub fn services(&self) -> Vec<&str> {
        let spid = self.spid.iter().flat_map(|spid| &spid.attributes);
        let cie = self.cie.iter().flat_map(|cie| &cie.attributes);
        spid.chain(cie).flat_map(|set| &set.services).map(String::as_str).collect()
    }

    /// The offices that groups of the administration's own provider lead to, each with the roles that they bring, for whoever
    /// knows which there are.
    #[must_use]
    pub fn staff_places(&self) -> BTreeMap<&str, Vec<&str>> {
        self.staff.as_ref().map(Staff::places).unwrap_or_default()
    }

    /// The administration's own provider, by which officials come in, if one is declared.
    #[must_use]
    pub fn staff_issuer(&self) -> Option<&str> {
        self.staff.as_ref().map(|staff| staff.issuer.as_str())
    }

    /// The certificates with which a registry signs, from their files.
    pub(crate) fn registry(&self, files: &[PathBuf]) -> Result<Vec<Certificate>, String> {
        let read = |file: &PathBuf| {
            let path = self.folder.join(file);
            let told = |error: &dyn std::fmt::Display| format!("non posso leggere {}: {error}", path.display());
            let pem = fs::read_to_string(&path).map_err(|error| told(&error))?;
            Certificate::from_pem(&pem).map_err(|error| told(&error))
        };
        files.iter().map(read).collect()
    }

    /// A text that lies beside the file.
    pub(crate) fn text(&self, file: &Path) -> Result<String, String> {
        let path = self.folder.join(file);
        fs::read_to_string(&path).map_err(|error| format!("non posso leggere {}: {error}", path.display()))
    }

    /// Where something lies that is named in the file.
    pub(crate) fn place(&self, file: &Path) -> PathBuf {
        self.folder.join(file)
    }

    /// Where metadata of providers lie.
    pub(crate) fn places(&self, places: &[PathBuf]) -> Vec<PathBuf> {
        places.iter().map(|place| self.folder.join(place)).collect()
    }
}

/// What need not be written.
fn complete(file: &mut file::File) {
    for (name, member) in [("spid", &mut file.spid), ("cie", &mut file.cie)] {
        let Some(member) = member else { continue };
        if member.keys.is_empty() {
            member.keys.push(name.to_owned());
        }
        if member.attributes.is_empty() && name == "cie" {
            member.attributes.push(attributes::one_of_cie());
        }
    }
    if let Some(openid) = &mut file.openid {
        if openid.keys.is_empty() {
            openid.keys.push("oidc".to_owned());
        }
        if openid.authority_hints.is_empty() {
            openid.authority_hints = openid.federations.iter().map(|one| one.trust_anchor.clone()).collect();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"
        [organisation]
        name = "Comune di Esempio"
        url = "https://www.comune.esempio.example"
        ipa_code = "c_x000"
        locality = "Esempio"
        municipality = "H501"
        province = "RM"
        email = "spid@comune.esempio.example"
        phone = "+390600000000"

        [spid]
        providers = ["idp"]
        [[spid.attributes]]
        name = "Servizi"
        ask = ["spidCode", "name", "familyName", "fiscalNumber"]
        [[spid.attributes]]
        name = "Prestazioni"
        services = ["assegno-unico"]
        ask = ["spidCode", "name", "familyName", "fiscalNumber", "email"]

        [cie]
        providers = ["cie.xml"]

        [openid]
        [[openid.federations]]
        kind = "cie-oidc"
        trust_anchor = "https://ancora.example"
        trust_anchor_keys = "ancora.json"
        providers = ["https://op.example"]

        [staff]
        issuer = "https://accesso.comune.esempio.example"
        client_id = "sportello"
        [[staff.groups]]
        group = "famiglie"
        office = "famiglia"
        roles = ["operator"]
    "#;

    fn mistakes(from: &str, to: &str) -> String {
        assert!(GOOD.contains(from), "{from}");
        Declared::parse(&GOOD.replacen(from, to, 1), PathBuf::from("/etc")).unwrap_err().join("\n")
    }

    #[test]
    fn a_sound_file_is_read() {
        let declared = Declared::parse(GOOD, PathBuf::from("/etc")).unwrap();
        let spid = declared.spid.as_ref().unwrap();
        assert_eq!((spid.keys.as_slice(), spid.binding), (["spid".to_owned()].as_slice(), Binding::Redirect));
        assert_eq!(declared.places(&spid.providers), [PathBuf::from("/etc/idp")]);
        let cie = declared.cie.as_ref().unwrap();
        assert_eq!(cie.keys, ["cie"]);
        assert_eq!(cie.attributes[0].ask, ["name", "familyName", "dateOfBirth", "fiscalNumber"]);
        assert_eq!(declared.services(), ["assegno-unico"]);
        let openid = declared.openid.as_ref().unwrap();
        assert_eq!(
            (openid.keys.as_slice(), openid.federations[0].kind),
            (["oidc".to_owned()].as_slice(), OpenIdKind::Cie)
        );
        assert_eq!(openid.authority_hints, ["https://ancora.example"]);
        let staff = declared.staff.as_ref().unwrap();
        assert_eq!((staff.claims.account.as_str(), staff.passwords), ("preferred_username", true));
        assert_eq!(declared.staff_places(), BTreeMap::from([("famiglia", vec!["operator"])]));
    }

    #[test]
    fn each_mistake_is_told() {
        for (from, to, told) in [
            ("+390600000000", "06 0000 0000", "telefono"),
            ("spid@comune.esempio.example", "spid", "posta elettronica"),
            ("c_x000", "C X", "codice IPA"),
            ("https://www", "www", "url"),
            ("\"email\"]", "\"posta\"]", "posta"),
            ("\"email\"]", "\"name\"]", "due volte"),
            ("\"fiscalNumber\"]", "\"email\"]", "fiscalNumber"),
            ("\"H501\"", "\"Roma\"", "Belfiore"),
            ("\"RM\"", "\"Roma\"", "provincia"),
            ("[\"idp\"]", "[]", "providers"),
            ("name = \"Prestazioni\"\n        services = [\"assegno-unico\"]", "name = \"Prestazioni\"", "services"),
            ("[cie]", "[cie]\n        keys = [\"../x\"]", "keys"),
            ("[cie]", "[cie]\n        entity_id = \"x\"", "entity_id"),
            ("[cie]", "[cie]\n        altro = 1", "altro"),
            ("province = \"RM\"", "", "province"),
            ("[openid]", "[openid]\n        keys = [\"A b\"]", "openid.keys"),
            ("\"cie-oidc\"", "\"cie\"", "cie-oidc"),
            ("\"https://ancora.example\"", "\"ancora\"", "trust_anchor"),
            ("\"https://op.example\"", "\"https://op.example/#x\"", "providers"),
            ("[openid]", "[openid]\n        logo = \"logo.svg\"", "openid.logo"),
            ("\"https://accesso.comune.esempio.example\"", "\"accesso\"", "staff.issuer"),
            ("client_id = \"sportello\"", "client_id = \" \"", "staff.client_id"),
            ("roles = [\"operator\"]", "roles = []", "incarico"),
            ("group = \"famiglie\"", "group = \"\"", "senza nome"),
            ("client_id = \"sportello\"", "client_id = \"sportello\"\n        scope = [\"due parole\"]", "staff.scope"),
            ("[[staff.groups]]", "[[staff.groups]]\n        altro = 1", "altro"),
        ] {
            let text = mistakes(from, to);
            assert!(text.contains(told), "{told}: {text}");
        }
    }
}
