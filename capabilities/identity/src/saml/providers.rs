//! Metadata of identity providers: one provider, or the list of a registry.

use base::Timestamp;
use roxmltree::Node;

use super::{
    Certificate, DSIG, HTTP_POST, HTTP_REDIRECT, METADATA,
    response::{checks, child, parse_many, trimmed},
    signature,
};

/// The list of all providers with their pictures is some hundred kB.
const LARGEST: usize = 8 * 1024 * 1024;
const XML: &str = "http://www.w3.org/XML/1998/namespace";

/// An identity provider, as its metadata describe it.
#[derive(Debug, Clone)]
pub(crate) struct Provider {
    /// Its name in addresses and tables: the entity ID; the demonstration provider has a short one.
    pub(crate) id: String,
    /// As people know it.
    pub(crate) name: String,
    /// Entity ID.
    pub(crate) entity_id: String,
    /// Where requests to identify somebody go.
    pub(crate) sign_on: Endpoints,
    /// Where requests to end a session go.
    pub(crate) logout: Endpoints,
    /// The certificates that may sign its answers: two while a key is being replaced.
    pub(crate) certificates: Vec<Certificate>,
    /// After this its metadata are worth nothing.
    pub(crate) valid_until: Option<Timestamp>,
}

impl Provider {
    /// Whether its metadata still hold.
    pub(crate) fn is_valid(&self, now: Timestamp) -> bool {
        self.valid_until.is_none_or(|end| now < end)
    }
}

/// The addresses of a service, by the way in which messages travel.
#[derive(Debug, Clone, Default)]
pub(crate) struct Endpoints {
    pub(crate) redirect: Option<Endpoint>,
    pub(crate) post: Option<Endpoint>,
}

/// An address of a provider.
#[derive(Debug, Clone)]
pub(crate) struct Endpoint {
    pub(crate) location: String,
    /// Where answers go, when elsewhere.
    response_location: Option<String>,
}

impl Endpoint {
    pub(crate) fn new(location: impl Into<String>) -> Self {
        Self { location: location.into(), response_location: None }
    }

    /// Where answers to the provider's own requests go.
    pub(crate) fn for_answers(&self) -> &str {
        self.response_location.as_deref().unwrap_or(&self.location)
    }
}

/// The providers that a file of metadata describes. With `registry`, the whole file must be signed with one of its
/// certificates, and only what is signed is read.
///
/// # Errors
/// In Italian: why the file is not taken.
pub(crate) fn read_providers(xml: &str, registry: &[Certificate]) -> Result<Described, String> {
    if xml.len() > LARGEST {
        return Err("è troppo grande per essere un file di metadata".to_owned());
    }
    let signed = if registry.is_empty() {
        None
    } else {
        let told = |refusal| format!("la firma del registro non è valida ({refusal})");
        Some(signature::signed_root(xml, registry).map_err(told)?)
    };
    let document = parse_many(signed.as_deref().unwrap_or(xml)).map_err(|_| "non è XML ben formato".to_owned())?;
    let mut described = Described::default();
    gather(document.root_element(), None, &mut described)?;
    match (described.providers.is_empty(), described.unusable.first()) {
        (true, Some(why)) => Err(why.clone()),
        (true, None) => Err("non descrive nessun gestore di identità (IDPSSODescriptor)".to_owned()),
        (false, _) => Ok(described),
    }
}

/// What a file of metadata says.
#[derive(Debug, Default)]
pub(crate) struct Described {
    pub(crate) providers: Vec<Provider>,
    /// Why others, which it describes too, cannot be used, in Italian: one of a list does not close the door of all.
    pub(crate) unusable: Vec<String>,
}

/// Lists may hold lists; what a list says of its end holds for all in it.
fn gather(node: Node, until: Option<Timestamp>, described: &mut Described) -> Result<(), String> {
    let own = match node.attribute("validUntil") {
        Some(text) => Some(checks::instant(Some(text)).ok_or_else(|| format!("validUntil=\"{text}\" non è una data"))?),
        None => None,
    };
    let until = [until, own].into_iter().flatten().min();
    if node.has_tag_name((METADATA, "EntitiesDescriptor")) {
        return node.children().try_for_each(|child| gather(child, until, described));
    }
    if node.has_tag_name((METADATA, "EntityDescriptor"))
        && let Some(role) = child(node, METADATA, "IDPSSODescriptor")
    {
        match provider(node, role, until) {
            Ok(provider) => described.providers.push(provider),
            Err(why) => described.unusable.push(why),
        }
    }
    Ok(())
}

fn provider(entity: Node, role: Node, valid_until: Option<Timestamp>) -> Result<Provider, String> {
    let entity_id = entity.attribute("entityID").filter(|id| !id.is_empty());
    let entity_id = entity_id.ok_or("un gestore non ha entityID")?.to_owned();
    let provider = Provider {
        name: display_name(entity).unwrap_or_else(|| entity_id.clone()),
        sign_on: endpoints(role, "SingleSignOnService"),
        logout: endpoints(role, "SingleLogoutService"),
        certificates: certificates(role),
        id: entity_id.clone(),
        entity_id,
        valid_until,
    };
    if provider.certificates.is_empty() {
        return Err(format!("{} non ha nessun certificato RSA di firma", provider.entity_id));
    }
    if provider.sign_on.redirect.is_none() && provider.sign_on.post.is_none() {
        return Err(format!("{} non ha nessun indirizzo di accesso Redirect o POST in https", provider.entity_id));
    }
    Ok(provider)
}

fn display_name(entity: Node) -> Option<String> {
    let organisation = child(entity, METADATA, "Organization")?;
    let named = |tag| {
        let mut names: Vec<_> =
            organisation.children().filter(|node: &Node| node.has_tag_name((METADATA, tag))).collect();
        names.sort_by_key(|node| node.attribute((XML, "lang")) != Some("it"));
        // Names in the registry are broken over lines, and one was an address.
        let mut names = names.into_iter().map(|node| trimmed(node).split_whitespace().collect::<Vec<_>>().join(" "));
        names.find(|name| !name.is_empty() && !name.starts_with("http"))
    };
    named("OrganizationDisplayName").or_else(|| named("OrganizationName"))
}

fn endpoints(role: Node, name: &str) -> Endpoints {
    let services = || role.children().filter(|node: &Node| node.has_tag_name((METADATA, name)));
    let over = |binding| {
        let mut found = services().filter(|node| node.attribute("Binding") == Some(binding));
        found.find_map(|node| endpoint(node))
    };
    Endpoints { redirect: over(HTTP_REDIRECT), post: over(HTTP_POST) }
}

fn endpoint(node: Node) -> Option<Endpoint> {
    let address = |name| node.attribute(name).map(str::trim).filter(|address| is_safe(address)).map(str::to_owned);
    Some(Endpoint { location: address("Location")?, response_location: address("ResponseLocation") })
}

/// People are led over TLS only; nothing that a header or a page could read as something else.
fn is_safe(address: &str) -> bool {
    let plain = |c: char| c.is_ascii_graphic() && !"\"'<>\\".contains(c);
    address.starts_with("https://") && address.chars().all(plain) && !address.contains('#')
}

/// Those for signing, or for any use. Others than RSA cannot sign for SPID.
fn certificates(role: Node) -> Vec<Certificate> {
    let keys = role.children().filter(|node| node.has_tag_name((METADATA, "KeyDescriptor")));
    let signing = keys.filter(|node| node.attribute("use").is_none_or(|purpose| purpose == "signing"));
    let texts = signing.flat_map(|node| node.descendants().collect::<Vec<_>>());
    let texts = texts.filter(|node| node.has_tag_name((DSIG, "X509Certificate"))).map(trimmed);
    texts.filter_map(|text| Certificate::from_base64(&text).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::saml::Signer;

    fn signer(name: &str) -> (tempfile::TempDir, Signer) {
        let folder = tempfile::tempdir().unwrap();
        let signer = Signer::open_or_create(folder.path(), name, "Prova").unwrap();
        (folder, signer)
    }

    fn entity(id: &str, signature: &str, certificate: &str) -> String {
        format!(
            r#"<md:EntityDescriptor xmlns:md="{METADATA}" xmlns:ds="{DSIG}" ID="_{id}" entityID="https://{id}.example">{signature}<md:IDPSSODescriptor protocolSupportEnumeration="x"><md:KeyDescriptor use="signing"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor><md:SingleLogoutService Binding="{HTTP_REDIRECT}" Location="https://{id}.example/slo" ResponseLocation="https://{id}.example/slo/r"/><md:SingleSignOnService Binding="{HTTP_POST}" Location="https://{id}.example/sso"/><md:SingleSignOnService Binding="{HTTP_REDIRECT}" Location="http://{id}.example/sso"/></md:IDPSSODescriptor><md:Organization><md:OrganizationName xml:lang="it">{id} S.p.A.</md:OrganizationName><md:OrganizationDisplayName xml:lang="en">{id} ID</md:OrganizationDisplayName><md:OrganizationDisplayName xml:lang="it">{id}
 <!-- x -->Identità</md:OrganizationDisplayName></md:Organization></md:EntityDescriptor>"#
        )
    }

    fn list(content: &str, signature: &str) -> String {
        format!(
            r#"<md:EntitiesDescriptor xmlns:md="{METADATA}" ID="_lista" validUntil="2030-01-01T00:00:00Z">{signature}{content}</md:EntitiesDescriptor>"#
        )
    }

    #[test]
    fn one_provider_is_read() {
        let (_folder, idp) = signer("idp");
        let providers = read_providers(&entity("uno", "", &idp.certificate().base64()), &[]).unwrap().providers;
        let [provider] = providers.as_slice() else { panic!("one") };
        assert_eq!((provider.name.as_str(), provider.entity_id.as_str()), ("uno Identità", "https://uno.example"));
        assert!(provider.sign_on.redirect.is_none(), "nobody is led there without TLS");
        assert_eq!(provider.sign_on.post.as_ref().unwrap().location, "https://uno.example/sso");
        assert_eq!(provider.logout.redirect.as_ref().unwrap().for_answers(), "https://uno.example/slo/r");
        assert!(provider.is_valid("2099-01-01T00:00:00Z".parse().unwrap()));
    }

    #[test]
    fn the_list_of_a_registry_is_read_where_the_registry_signed_it() {
        let ((_a, idp), (_b, registry), (_c, stranger)) = (signer("idp"), signer("reg"), signer("other"));
        let (own, trusted) = (idp.certificate().base64(), [registry.certificate().clone()]);
        let inner = idp.sign_xml(&entity("uno", &idp.template("_uno"), &own)).unwrap();
        let content = format!("{inner}{}", entity("due", "", &own));
        let signed = registry.sign_xml(&list(&content, &registry.template("_lista"))).unwrap();
        let providers = read_providers(&signed, &trusted).unwrap().providers;
        assert_eq!(providers.len(), 2);
        assert!(!providers[0].is_valid("2030-01-01T00:00:00Z".parse().unwrap()), "the list's end is each one's");

        let altered = signed.replace("due.example/sso", "attaccante.example/sso");
        assert!(read_providers(&altered, &trusted).unwrap_err().contains("firma"));
        let foreign = stranger.sign_xml(&list(&content, &stranger.template("_lista"))).unwrap();
        assert!(read_providers(&foreign, &trusted).is_err());
        assert!(read_providers(&list(&content, ""), &trusted).is_err(), "the inner signature is not the registry's");
        let smuggled = entity("tre", "", &own);
        let inside =
            signed.replacen("</ds:Signature>", &format!("<ds:Object>{smuggled}</ds:Object></ds:Signature>"), 1);
        let known = read_providers(&inside, &trusted).map(|described| described.providers.len());
        assert!(known.is_err() || known == Ok(2), "what stands in a signature is not signed");
    }

    #[test]
    fn one_that_cannot_be_used_does_not_close_the_door_of_the_others() {
        let (_folder, idp) = signer("idp");
        let content = format!("{}{}", entity("uno", "", "AAAA"), entity("due", "", &idp.certificate().base64()));
        let described = read_providers(&list(&content, ""), &[]).unwrap();
        assert_eq!(described.providers.len(), 1);
        assert!(described.unusable[0].contains("https://uno.example non ha nessun certificato"));
    }

    #[test]
    fn what_describes_no_usable_provider_is_refused() {
        let (_folder, idp) = signer("idp");
        let good = entity("uno", "", &idp.certificate().base64());
        for (bad, told) in [
            (entity("uno", "", "AAAA"), "certificato"),
            (good.replace("https://uno.example/sso", "javascript:alert(1)//"), "indirizzo"),
            (good.replace("IDPSSODescriptor", "SPSSODescriptor"), "nessun gestore"),
            (good.replace("entityID=\"https://uno.example\"", "entityID=\"\""), "entityID"),
            (list(&good, "").replace("2030-01-01T00:00:00Z", "domani"), "validUntil"),
            (format!("<!DOCTYPE x [<!ENTITY a \"b\">]>{good}"), "XML"),
            ("x".to_owned(), "XML"),
        ] {
            let refusal = read_providers(&bad, &[]).unwrap_err();
            assert!(refusal.contains(told), "{told}: {refusal}");
        }
    }
}
