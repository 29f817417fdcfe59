//! What is missing before the federations take us: for whoever prepares the entry, before anybody else looks.

use std::path::Path;

use base::{Timestamp, rome_date};
use web::Settings as Pages;

use crate::{
    Declared, Identity, Settings, SetupError,
    cards::{self, Cards},
    federation::{Federation, Kind},
    openid::{self, Member, OpenFederation, When, staff::StaffProvider},
    saml,
};

/// How many days before its end a certificate is told.
const SOON_DAYS: i64 = 60;

/// How one thing stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// As it must be.
    Good,
    /// It works; somebody should look at it.
    Warning,
    /// The federation, or people, will be refused.
    Missing,
}

/// One thing that was looked at, in Italian.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// How it stands.
    pub standing: Standing,
    /// What it is and, if it is not good, how to mend it.
    pub text: String,
}

impl Finding {
    /// A thing and how it stands.
    pub fn new(standing: Standing, text: impl Into<String>) -> Self {
        Self { standing, text: text.into() }
    }
}

/// Looks at everything that can be known on this machine. Keys that are missing are made, as at a first start: their
/// certificates go into the metadata that are handed in.
///
/// # Errors
/// [`SetupError`], when the program could not start with these settings at all.
pub fn examine(declared: Declared, keys: &Path, pages: &Pages, now: Timestamp) -> Result<Vec<Finding>, SetupError> {
    let mut settings = Settings::new(keys, rome_date(now));
    settings.declared = Some(declared);
    let identity = Identity::new(settings, pages)?;
    let mut findings = vec![address(&pages.public_url)];
    for federation in &identity.0.federations {
        findings.extend(of_federation(&identity, federation, now));
    }
    if let Some(member) = &identity.0.openid {
        findings.extend(of_member(member, When { now, skew: identity.0.skew }));
    }
    findings.extend(identity.0.staff.iter().flat_map(|staff| of_staff(staff, &pages.public_url, now)));
    findings.extend(identity.0.cards.iter().flat_map(|cards| of_cards(cards, now)));
    let by_openid = |kind| identity.0.openid.iter().flat_map(|member| &member.federations).any(|one| one.kind == kind);
    for (kind, name) in [(Kind::Spid, "SPID"), (Kind::Cie, "CIE")] {
        if identity.federation(kind).is_none() && !by_openid(kind) {
            let text = format!("{name}: non è configurata. Per usarla aggiungi la sezione [{}]", name.to_lowercase());
            findings.push(Finding::new(Standing::Warning, text));
        }
    }
    Ok(findings)
}

/// Production of SPID takes no port and no test host.
fn address(url: &str) -> Finding {
    let host = url.strip_prefix("https://");
    match host {
        Some(host) if !host.contains(':') && host.contains('.') => {
            Finding::new(Standing::Good, format!("indirizzo pubblico: {url}"))
        }
        _ => Finding::new(
            Standing::Missing,
            format!(
                "indirizzo pubblico {url}: deve essere https, senza porta, con un nome di dominio. Correggi public_url"
            ),
        ),
    }
}

fn of_federation(identity: &Identity, federation: &Federation, now: Timestamp) -> Vec<Finding> {
    let name = match federation.kind {
        Kind::Spid => "SPID",
        Kind::Cie => "CIE",
    };
    let mut findings = vec![Finding::new(Standing::Good, format!("{name}: entityID {}", federation.entity_id))];
    findings.push(document(identity, federation, name));
    findings.extend(federation.keys.iter().enumerate().map(|(place, _)| certificate(federation, place, name, now)));
    if federation.keys.len() == 1 {
        let text = format!("{name}: c’è una sola chiave. Prima che scada, aggiungine una seconda in keys");
        findings.push(Finding::new(Standing::Good, text));
    }
    // What cannot be read now is told, also where the start went on with nothing.
    findings.extend(federation.reread().err().map(|why| Finding::new(Standing::Missing, format!("{name}: {why}"))));
    let unusable = federation.unusable().into_iter();
    findings.extend(unusable.map(|why| Finding::new(Standing::Warning, format!("{name}: non si può usare: {why}"))));
    findings.push(providers(federation, name, now));
    findings.extend(federation.eidas.as_deref().map(|node| eidas(federation, node, now)));
    findings
}

/// Whether the administration's own provider answers; what must be entered there.
fn of_staff(staff: &StaffProvider, public_url: &str, now: Timestamp) -> Vec<Finding> {
    let name = &staff.issuer;
    let looked = match staff.look(now) {
        Ok(()) => Finding::new(Standing::Good, format!("personale: {name} risponde, con le sue chiavi")),
        Err(why) => Finding::new(Standing::Missing, format!("personale: {why}")),
    };
    let key = match staff.published() {
        Some(_) => format!("; chiave con cui ci firmiamo (private_key_jwt): {public_url}{}", openid::staff::KEYS),
        None => String::new(),
    };
    let text = format!(
        "personale: da registrare presso {name}: ritorno {}; uscita avvisata (backchannel) {public_url}{}; dopo l’uscita \
         {public_url}/esci/fatto{key}",
        staff.redirect_uri(),
        openid::staff::LEFT
    );
    vec![looked, Finding::new(Standing::Good, text)]
}

fn of_cards(cards: &Cards, now: Timestamp) -> Vec<Finding> {
    let cards::Standing { issuers, stale, troubles, any_policy } = cards.standing(now);
    let missing = |text| Finding::new(Standing::Missing, text);
    let mut findings: Vec<_> = troubles.iter().map(|told| missing(format!("CNS: {told}"))).collect();
    if any_policy {
        findings
            .push(missing(format!("CNS: manca policies in [cns], e la produzione non parte. {}", cards::NO_POLICIES)));
    }
    findings.extend(stale.iter().map(|name| {
        missing(format!(
            "CNS: di {name} non c’è una lista di revoca utilizzabile e recente: le sue carte sono rifiutate. Aggiorna la cartella \
             revocations"
        ))
    }));
    if findings.is_empty() {
        let text = format!("CNS: {issuers} emittenti con liste di revoca recenti, a {}", cards.public_url);
        findings.push(Finding::new(Standing::Good, text));
    }
    findings
}

/// What we publish for OpenID Connect, and what the federations answer now: the only part that asks other machines.
fn of_member(member: &Member, when: When) -> Vec<Finding> {
    let document = match openid::entity::configuration(member, when.now) {
        Ok(text) => {
            let text = format!("configurazione firmata ({} byte), pubblicata a {}", text.len(), openid::WELL_KNOWN);
            Finding::new(Standing::Good, format!("OpenID Connect: client_id {}, {text}", member.client_id))
        }
        Err(error) => {
            Finding::new(Standing::Missing, format!("OpenID Connect: la configurazione non si può firmare: {error}"))
        }
    };
    let of_federations = member.federations.iter().flat_map(|one| of_open_federation(member, one, when));
    [document].into_iter().chain(of_federations).collect()
}

fn of_open_federation(member: &Member, federation: &OpenFederation, when: When) -> Vec<Finding> {
    let name = &federation.anchor.name;
    let mut findings = vec![match federation.anchor.keys {
        Some(_) => Finding::new(Standing::Good, format!("{name}: le sue chiavi sono dichiarate")),
        None => Finding::new(
            Standing::Missing,
            format!(
                "{name}: è creduto sulla parola. Indica le sue chiavi in trust_anchor_keys: la produzione le pretende"
            ),
        ),
    }];
    let looked = federation.look(member, when);
    let troubles = looked.troubles.iter().map(|told| Finding::new(Standing::Missing, format!("{name}: {told}")));
    findings.extend(troubles);
    if !looked.answered {
        return findings; // what went wrong stands there already; of us and of providers nothing was told
    }
    findings.push(match looked.unknown_here {
        None => Finding::new(Standing::Good, format!("{name}: ci conosce con la chiave che firma oggi")),
        Some(why) => Finding::new(
            Standing::Missing,
            format!("{name}: non ci conosce come siamo ({why}). Registra lì l’indirizzo {}", member.client_id),
        ),
    });
    let names: Vec<_> = federation.providers(when.now).iter().map(|provider| provider.name.clone()).collect();
    findings.push(if names.is_empty() {
        let text = "non garantisce per nessun gestore, e nessuno può entrare. Se non ne elenca, scrivi i loro indirizzi in providers";
        Finding::new(Standing::Missing, format!("{name}: {text}"))
    } else {
        Finding::new(Standing::Good, format!("{name}: gestori per cui garantisce: {}", names.join(", ")))
    });
    findings
}

fn document(identity: &Identity, federation: &Federation, name: &str) -> Finding {
    let place = federation.kind.metadata_path();
    match saml::metadata(federation, &identity.0.consumer_url, &identity.0.logout_url) {
        Ok(xml) => {
            let sets = federation.sets.len();
            let text = format!(
                "{name}: metadata firmati ({} byte, {sets} gruppi di attributi), pubblicati a {place}",
                xml.len()
            );
            Finding::new(Standing::Good, text)
        }
        Err(error) => Finding::new(Standing::Missing, format!("{name}: i metadata non si possono firmare: {error}")),
    }
}

/// CIE takes the same profile.
fn certificate(federation: &Federation, place: usize, name: &str, now: Timestamp) -> Finding {
    let (certificate, ipa_code) = (federation.keys[place].certificate(), &federation.organisation.ipa_code);
    let flaws_at = |at| saml::flaws(certificate, &federation.entity_id, ipa_code, at);
    let which = if place == 0 { "che firma".to_owned() } else { format!("di riserva n. {place}") };
    let flaws = flaws_at(now);
    if !flaws.is_empty() {
        let text = format!("{name}: certificato {which}: {}", flaws.join("; "));
        return Finding::new(Standing::Missing, text);
    }
    let soon = now.saturating_add(jiff::SignedDuration::from_hours(24 * SOON_DAYS)).unwrap_or(Timestamp::MAX);
    match flaws_at(soon).first() {
        Some(_) => Finding::new(
            Standing::Warning,
            format!(
                "{name}: il certificato {which} scade entro {SOON_DAYS} giorni: aggiungi una seconda chiave in keys"
            ),
        ),
        None => Finding::new(Standing::Good, format!("{name}: il certificato {which} rispetta l’Avviso 29 v3")),
    }
}

fn eidas(federation: &Federation, node: &str, now: Timestamp) -> Finding {
    if federation.providers(now).iter().any(|provider| federation.is_eidas(provider)) {
        return Finding::new(Standing::Good, format!("eIDAS: nodo {node}"));
    }
    let text = format!("eIDAS: mancano i metadata del nodo {node}. Aggiungili ai file indicati in providers");
    Finding::new(Standing::Missing, text)
}

fn providers(federation: &Federation, name: &str, now: Timestamp) -> Finding {
    let names: Vec<_> = federation.providers(now).iter().map(|provider| provider.name.clone()).collect();
    if names.is_empty() {
        let text = format!("{name}: nessun gestore ha metadata validi oggi. Aggiorna i file indicati in providers");
        return Finding::new(Standing::Missing, text);
    }
    let listed = names.join(", ");
    if federation.trusts_registry() {
        return Finding::new(Standing::Good, format!("{name}: gestori, con la firma del registro: {listed}"));
    }
    let text = format!(
        "{name}: gestori: {listed}. La firma dei loro metadata non è controllata: indica il certificato del registro in registry"
    );
    Finding::new(Standing::Warning, text)
}
