use super::{
    attributes::{self, AttributeSet},
    file::{Cns, File, Membership, OpenId, Organisation, Technical},
    staff::Staff,
};

/// From here on indices in our metadata belong to eIDAS.
const MOST_SETS: usize = attributes::EIDAS_MINIMUM;

/// Between a provider and its anchor.
const MOST_BETWEEN: u8 = 3;

/// Everything that the federations would refuse, each with its mend.
pub(super) fn of(file: &File) -> Vec<String> {
    let mut found = organisation(&file.organisation);
    if let Some(spid) = &file.spid {
        found.extend(membership("spid", spid));
        found.extend(sets("spid", &spid.attributes, &attributes::SPID, &attributes::NEEDED_OF_SPID));
    }
    if let Some(cie) = &file.cie {
        found.extend(membership("cie", cie));
        found.extend(sets("cie", &cie.attributes, &attributes::CIE, &attributes::CIE));
        if cie.eidas.is_some() {
            found.push("cie.eidas: il nodo eIDAS è un gestore di SPID, sposta la riga in [spid]".to_owned());
        }
    }
    found.extend(file.openid.iter().flat_map(openid));
    found.extend(file.cns.iter().flat_map(cns));
    found.extend(file.staff.iter().flat_map(staff));
    found
}

fn staff(staff: &Staff) -> Vec<String> {
    let word = |text: &String| !text.is_empty() && text.chars().all(|c| c.is_ascii_graphic() && c != '"' && c != '\\');
    let told = |text: &str| !text.trim().is_empty();
    let claims = &staff.claims;
    let named = [&claims.account, &claims.name, &claims.groups].into_iter().chain(&claims.fiscal_code);
    broken([
        (
            is_entity(&staff.issuer),
            format!("staff.issuer = \"{}\": serve un url che comincia con https://", staff.issuer),
        ),
        (word(&staff.client_id), "staff.client_id: serve il nome con cui il sistema di accesso ti conosce".to_owned()),
        (staff.scope.iter().all(word), "staff.scope: servono parole senza spazi, come \"profile\"".to_owned()),
        (named.into_iter().all(|name| told(name)), "staff.claims: un nome è vuoto".to_owned()),
        (
            !staff.groups.is_empty(),
            "[staff]: manca [[staff.groups]], i gruppi da cui vengono ufficio e incarichi: senza, nessuno entra"
                .to_owned(),
        ),
        (
            staff.groups.iter().all(|group| told(&group.group) && told(&group.office)),
            "[[staff.groups]]: un gruppo o un ufficio è senza nome".to_owned(),
        ),
        (
            staff.groups.iter().all(|group| !group.roles.is_empty()),
            "[[staff.groups]]: a un gruppo manca almeno un incarico in roles".to_owned(),
        ),
    ])
}

fn cns(cns: &Cns) -> Vec<String> {
    let url = &cns.public_url;
    let dotted = |text: &String| text.split('.').count() > 1 && text.split('.').all(|part| part.parse::<u64>().is_ok());
    broken([
        (
            url.starts_with("https://") && is_entity(url) && !url.ends_with('/'),
            format!("cns.public_url = \"{url}\": serve un url che comincia con https://, senza / in fondo"),
        ),
        (cns.fresh_hours > 0, "cns.fresh_hours = 0: nessuna lista sarebbe abbastanza recente".to_owned()),
        (
            cns.policies.iter().all(dotted),
            "cns.policies: servono numeri separati da punti, come \"1.3.76.16.2.1\"".to_owned(),
        ),
    ])
}

fn openid(openid: &OpenId) -> Vec<String> {
    let named = |key: &String| !key.is_empty() && key.chars().all(is_plain);
    let told = |key: &str, name: &str| format!("{key} = \"{name}\": serve un url che comincia con https://");
    let mut found = broken([
        (
            !openid.federations.is_empty(),
            "[openid]: manca [[openid.federations]], la federazione da cui entrare".to_owned(),
        ),
        (
            openid.keys.iter().all(named),
            "openid.keys: servono uno o più nomi di chiave, in minuscolo, come \"oidc\"".to_owned(),
        ),
    ]);
    let far = openid.federations.iter().filter(|one| MOST_BETWEEN < one.intermediates);
    found.extend(
        far.map(|one| format!("openid.federations.intermediates = {}: al massimo {MOST_BETWEEN}", one.intermediates)),
    );
    let anchors = openid.federations.iter().map(|one| ("openid.federations.trust_anchor", &one.trust_anchor));
    let providers =
        openid.federations.iter().flat_map(|one| &one.providers).map(|one| ("openid.federations.providers", one));
    let hints = openid.authority_hints.iter().map(|one| ("openid.authority_hints", one));
    let own = openid.client_id.iter().map(|one| ("openid.client_id", one));
    let logo = openid.logo.iter().map(|one| ("openid.logo", one));
    for (key, name) in anchors.chain(providers).chain(hints).chain(own).chain(logo) {
        if !is_entity(name) {
            found.push(told(key, name));
        }
    }
    found
}

/// A name in a federation; plain http is for trying on one machine, and production refuses it later.
fn is_entity(name: &str) -> bool {
    let host = name.strip_prefix("https://").or_else(|| name.strip_prefix("http://"));
    let plain = |c: char| c.is_ascii_graphic() && !"#?\"'<>\\".contains(c);
    host.is_some_and(|host| !host.is_empty() && !host.starts_with('/')) && name.chars().all(plain)
}

fn is_plain(c: char) -> bool {
    c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'
}

/// The sentences whose condition does not hold.
fn broken<const N: usize>(rules: [(bool, String); N]) -> Vec<String> {
    rules.into_iter().filter(|(holds, _)| !holds).map(|(_, told)| told).collect()
}

fn organisation(office: &Organisation) -> Vec<String> {
    let Organisation { name, url, ipa_code, locality, municipality, province, email, phone, .. } = office;
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    let ipa = (1..=16).contains(&ipa_code.len()) && ipa_code.chars().all(plain);
    broken([
        (!name.trim().is_empty(), "organisation.name è vuoto: scrivi il nome che l’ente ha in IPA".to_owned()),
        (!locality.trim().is_empty(), "organisation.locality è vuoto: scrivi il comune della sede".to_owned()),
        (is_address(url), format!("organisation.url = \"{url}\": serve un url che comincia con https://")),
        (ipa, format!("organisation.ipa_code = \"{ipa_code}\": non è un codice IPA (come c_h501)")),
        (is_belfiore(municipality), wrong_municipality("organisation", municipality)),
        (
            province.len() == 2 && province.chars().all(|c| c.is_ascii_uppercase()),
            format!("organisation.province = \"{province}\": serve la sigla della provincia (come RM)"),
        ),
        (base::is_email(email), wrong_email("organisation", email)),
        (is_phone(phone), wrong_phone("organisation", phone)),
    ])
}

fn technical(section: &str, partner: &Technical) -> Vec<String> {
    let Technical { company, email, phone, municipality, .. } = partner;
    let section = format!("{section}.technical");
    broken([
        (!company.trim().is_empty(), format!("{section}.company è vuoto: scrivi il nome del partner tecnico")),
        (base::is_email(email), wrong_email(&section, email)),
        (phone.as_deref().is_none_or(is_phone), wrong_phone(&section, phone.as_deref().unwrap_or(""))),
        (is_belfiore(municipality), wrong_municipality(&section, municipality)),
    ])
}

fn membership(section: &str, member: &Membership) -> Vec<String> {
    let named = |key: &String| !key.is_empty() && key.chars().all(is_plain);
    let entity = member.entity_id.as_deref().unwrap_or("https://");
    let mut found = broken([
        (
            !member.providers.is_empty(),
            format!("{section}.providers è vuoto: indica i file o le cartelle con i metadata dei gestori"),
        ),
        (
            !member.keys.is_empty() && member.keys.iter().all(named),
            format!("{section}.keys: servono uno o più nomi di chiave, in minuscolo, come \"{section}\""),
        ),
        (
            entity.starts_with("https://") || entity.starts_with("http://localhost"),
            format!("{section}.entity_id = \"{entity}\": serve un url che comincia con https://"),
        ),
    ]);
    found.extend(member.technical.iter().flat_map(|partner| technical(section, partner)));
    found
}

fn sets(section: &str, sets: &[AttributeSet], known: &[&str], needed: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    if sets.len() > MOST_SETS {
        found.push(format!("[[{section}.attributes]]: i gruppi sono più di {MOST_SETS}"));
    }
    if sets.is_empty() {
        found.push(format!("manca [[{section}.attributes]]: indica quali attributi chiedere"));
    }
    for (place, set) in sets.iter().enumerate() {
        let name = &set.name;
        let told = |what: String| format!("[[{section}.attributes]] «{name}»: {what}");
        let unknown = set.ask.iter().filter(|one| !known.contains(&one.as_str()));
        found.extend(unknown.map(|one| told(format!("l’attributo {one} non esiste"))));
        let missing = needed.iter().filter(|one| !set.ask.iter().any(|asked| asked == *one));
        found.extend(missing.map(|one| told(format!("manca {one}, senza il quale nessuno può entrare"))));
        let twice = set.ask.iter().enumerate().filter(|(at, one)| set.ask[..*at].contains(one));
        found.extend(twice.map(|(_, one)| told(format!("{one} è scritto due volte"))));
        if name.trim().is_empty() {
            found.push(told("name è vuoto".to_owned()));
        }
        if place > 0 && set.services.is_empty() {
            found.push(told("solo il primo gruppo vale per tutti gli altri: indica services".to_owned()));
        }
    }
    found
}

fn wrong_email(section: &str, email: &str) -> String {
    format!("{section}.email = \"{email}\": non è un indirizzo di posta elettronica")
}

fn wrong_phone(section: &str, phone: &str) -> String {
    format!("{section}.phone = \"{phone}\": scrivi il telefono senza spazi, con +39 davanti")
}

fn wrong_municipality(section: &str, code: &str) -> String {
    format!("{section}.municipality = \"{code}\": serve il codice Belfiore (come H501)")
}

fn is_phone(text: &str) -> bool {
    text.strip_prefix("+39").is_some_and(|rest| rest.len() >= 5 && rest.bytes().all(|byte| byte.is_ascii_digit()))
}

/// A letter and three digits.
fn is_belfiore(text: &str) -> bool {
    let (letter, digits) = text.split_at_checked(1).unwrap_or_default();
    letter.chars().all(|c| c.is_ascii_uppercase())
        && digits.len() == 3
        && digits.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_address(text: &str) -> bool {
    text.strip_prefix("https://").is_some_and(|host| host.contains('.') && !host.contains(char::is_whitespace))
}
