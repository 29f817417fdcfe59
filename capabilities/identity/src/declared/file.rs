use std::{net::SocketAddr, path::PathBuf};

use serde::Deserialize;

use super::{attributes::AttributeSet, staff::Staff};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub(super) organisation: Organisation,
    pub(super) spid: Option<Membership>,
    pub(super) cie: Option<Membership>,
    pub(super) openid: Option<OpenId>,
    pub(super) cns: Option<Cns>,
    pub(super) staff: Option<Staff>,
}

/// The administration, as all federations know it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Organisation {
    /// Name in the index of administrations (IPA).
    pub(crate) name: String,
    /// As people know it; the name when absent.
    pub(crate) display_name: Option<String>,
    /// Its site.
    pub(crate) url: String,
    /// Its code in the index of administrations.
    pub(crate) ipa_code: String,
    /// Its fiscal code.
    pub(crate) fiscal_code: Option<String>,
    /// Where it has its seat, by name.
    pub(crate) locality: String,
    /// The same by its Belfiore code, such as `H501`.
    pub(crate) municipality: String,
    /// Two letters.
    pub(crate) province: String,
    /// Who is written to about the federation.
    pub(crate) email: String,
    /// Who is called: `+39` and no blanks.
    pub(crate) phone: String,
}

/// Our place in one federation.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Membership {
    /// Our name there. When absent: for SPID the public address, for CIE the address of our metadata.
    pub(crate) entity_id: Option<String>,
    /// Files or folders with the metadata of providers.
    pub(crate) providers: Vec<PathBuf>,
    /// Certificates of the registry that signs them; unsigned metadata are taken when there is none.
    #[serde(default)]
    pub(crate) registry: Vec<PathBuf>,
    /// Pairs of key and certificate in the folder of keys. The first signs; all stand in our metadata. Named after the
    /// federation when absent.
    #[serde(default)]
    pub(crate) keys: Vec<String>,
    /// How requests travel where the provider takes both ways.
    #[serde(default)]
    pub(crate) binding: Binding,
    /// What is asked for; CIE tells the same whatever is asked.
    #[serde(default)]
    pub(crate) attributes: Vec<AttributeSet>,
    /// Entity ID of the Italian node of eIDAS, if its metadata are among those of `providers`: through it come people with the
    /// e-ID of another country. SPID only.
    pub(crate) eidas: Option<String>,
    /// Who runs the program, if not the administration itself; CIE wants to know.
    pub(crate) technical: Option<Technical>,
}

/// Our place among providers that speak OpenID Connect.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OpenId {
    /// Our name there; the public address when absent.
    pub(crate) client_id: Option<String>,
    /// Names of keys: of each there are three, `NAME-federation.key`, `NAME-sig.key`, `NAME-enc.key`. The first are used, all
    /// are published.
    #[serde(default)]
    pub(crate) keys: Vec<String>,
    /// Who vouches for us; the anchors when absent.
    #[serde(default)]
    pub(crate) authority_hints: Vec<String>,
    /// Files with the trust marks that we were given, one signed text each.
    #[serde(default)]
    pub(crate) trust_marks: Vec<PathBuf>,
    /// Address of our picture (SVG).
    pub(crate) logo: Option<String>,
    /// File with the authorities (PEM) by which other machines are believed over TLS; the system's when absent.
    pub(crate) authorities: Option<PathBuf>,
    /// In which federations.
    pub(crate) federations: Vec<OpenIdFederation>,
}

/// A federation behind an anchor.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OpenIdFederation {
    pub(crate) kind: OpenIdKind,
    /// Its name.
    pub(crate) trust_anchor: String,
    /// File with its public keys (a JWK set). Without it the anchor is believed at its word; production refuses that.
    pub(crate) trust_anchor_keys: Option<PathBuf>,
    /// Names of providers; those that the anchor lists when absent.
    #[serde(default)]
    pub(crate) providers: Vec<String>,
    /// How many may stand between a provider and the anchor, if the anchor allows as many. In SPID and CIE none do.
    #[serde(default)]
    pub(crate) intermediates: u8,
    /// Trust marks that a provider must bear.
    #[serde(default)]
    pub(crate) required_trust_marks: Vec<String>,
}

/// Which rules a federation of OpenID Connect follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub(crate) enum OpenIdKind {
    #[serde(rename = "cie-oidc")]
    Cie,
    #[serde(rename = "spid-oidc")]
    Spid,
}

/// The door of the card of services (CNS): a port of its own, at which a card shows its certificate.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Cns {
    /// Where it listens.
    pub(crate) listen: SocketAddr,
    /// How people reach it, without a final slash: https, and no proxy that ends TLS in between.
    pub(crate) public_url: String,
    /// Our certificate for TLS with those behind it, and its key (PEM).
    pub(crate) certificate: PathBuf,
    pub(crate) key: PathBuf,
    /// Folder with the certificates of those who issue cards (PEM or DER).
    pub(crate) issuers: PathBuf,
    /// Folder with their lists of revoked cards (PEM or DER).
    pub(crate) revocations: PathBuf,
    /// A list that is older is not believed.
    #[serde(default = "two_days")]
    pub(crate) fresh_hours: u32,
    /// Policies of which a card's certificate must bear one; none is asked for when empty.
    #[serde(default)]
    pub(crate) policies: Vec<String>,
}

fn two_days() -> u32 {
    48
}

/// A technical partner.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Technical {
    pub(crate) company: String,
    pub(crate) email: String,
    pub(crate) phone: Option<String>,
    /// Belfiore code.
    pub(crate) municipality: String,
    /// `partita IVA`, with the country before it: `IT` and eleven digits.
    pub(crate) vat_number: Option<String>,
}

/// How a request travels through the browser.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Binding {
    /// In an address: nobody has to press a button.
    #[default]
    Redirect,
    /// In a form.
    Post,
}
