//! Providers of SPID and CIE that files describe.

use std::fs;

use axum::http::StatusCode;
use base64::{Engine as _, engine::general_purpose::STANDARD};

use crate::{
    house::{Browser, CIE, EIDAS, House, PUBLIC, Reply, SPID, encode},
    provider::{Provider, Told, attribute, carried},
};

const AT: &str = "2026-11-21T09:00:00Z";
const UNTIL: &str = "2026-11-21T09:05:00Z";
const PERSON: [(&str, &str); 4] = [
    ("name", "Anna"),
    ("familyName", "Bianchi"),
    ("dateOfBirth", "1990-08-09"),
    ("fiscalNumber", "TINIT-BNCNNA90M49Z404C"),
];

fn spid_attributes() -> Vec<(&'static str, &'static str)> {
    [&PERSON[..], &[("spidCode", "PROV001")]].concat()
}

async fn start(browser: &mut Browser<'_>, provider: &Provider, back: &str) -> Reply {
    browser.get(&format!("/accesso/saml/avvia?idp={}&ritorno={}", encode(provider.entity_id), encode(back))).await
}

/// Our name for CIE.
pub const CIE_AUDIENCE: &str = "http://localhost:8080/accesso/cie/metadata";

/// The whole way in with a provider, up to what answers at its end.
pub async fn finish(browser: &mut Browser<'_>, provider: &Provider, audience: &str) -> Reply {
    let (_, finished) = arrive(browser, provider, audience, false).await;
    finished
}

/// The whole way in with a provider; gives the ID of the request, after which the provider calls the person.
pub async fn enter(browser: &mut Browser<'_>, provider: &Provider, audience: &str, session: bool) -> String {
    let (request, finished) = arrive(browser, provider, audience, session).await;
    assert_eq!(finished.location, "/prova", "{}", finished.body);
    request
}

async fn arrive(browser: &mut Browser<'_>, provider: &Provider, audience: &str, session: bool) -> (String, Reply) {
    let started = start(browser, provider, "/prova").await;
    let xml = carried(&started.location, "SAMLRequest");
    let request = attribute(&xml, "ID").to_owned();
    let attributes = if audience == PUBLIC { spid_attributes() } else { PERSON.to_vec() };
    let told = Told { request: &request, at: AT, until: UNTIL, audience, level: 2, session, attributes: &attributes };
    let accepted = browser.deliver(&provider.answer(&told)).await;
    assert_eq!(accepted.status, StatusCode::SEE_OTHER, "{}", accepted.body);
    let finished = browser.get(&accepted.location).await;
    (request, finished)
}

#[tokio::test]
async fn people_choose_among_the_providers_of_both_federations() {
    let house = House::federated().await;
    let mut browser = house.browser();
    let page = browser.get("/accesso?ritorno=/prova").await;
    for words in ["<h2>SPID</h2>", "Entra con Prova ID", "Carta d’identità elettronica (CIE)", "Entra con CIE<"] {
        assert!(page.body.contains(words), "{words} in {}", page.body);
    }
    assert!(!page.body.contains("si potranno usare quando"));
}

#[tokio::test]
async fn a_person_comes_in_with_spid() {
    let house = House::federated().await;
    let mut browser = house.browser();
    enter(&mut browser, &house.spid, PUBLIC, false).await;
    let page = browser.get("/prova").await;
    assert_eq!(page.body, "Anna Bianchi BNCNNA90M49Z404C livello 2 []");
    let profile = browser.get("/profilo").await;
    assert!(profile.body.contains("Prova ID, livello 2"), "{}", profile.body);
    assert_eq!(house.count("SELECT count(*) AS n FROM identity_pairs WHERE spid_code = 'PROV001'").await, 1);
}

/// The words of AgID's table of anomalies, for those that a person can cause.
#[tokio::test]
async fn anomalies_are_told_in_the_official_words() {
    let house = House::federated().await;
    let mut browser = house.browser();
    for (number, words) in [
        (19, "Autenticazione fallita per ripetuta sottomissione di credenziali errate"),
        (20, "Utente privo di credenziali compatibili con il livello di autenticazione richiesto"),
        (21, "Timeout durante l’autenticazione utente"),
        (22, "L’utente nega il consenso all’invio di dati al fornitore del servizio"),
        (23, "Utente con identità sospesa/revocata o con credenziali bloccate"),
        (25, "Processo di autenticazione annullato dall’utente"),
        (30, "L’identità digitale utilizzata non è un’identità digitale del tipo atteso"),
        (8, "non ha superato i nostri controlli"),
    ] {
        let started = start(&mut browser, &house.spid, "/prova").await;
        let xml = carried(&started.location, "SAMLRequest");
        let told = browser.deliver(&house.spid.anomaly(attribute(&xml, "ID"), AT, number)).await;
        assert_eq!(told.status, StatusCode::FORBIDDEN, "{number}");
        assert!(told.body.contains(words), "{number}: {}", told.body);
        // Nobody signed it.
        let noted = format!("SELECT count(*) AS n FROM identity_strays WHERE outcome LIKE '%Some({number})%'");
        assert_eq!(house.count(&noted).await, 1, "{number}");
    }
}

#[tokio::test]
async fn a_refusal_that_its_provider_signed_is_part_of_the_register() {
    let house = House::federated().await;
    let mut browser = house.browser();
    let other = Provider::new(SPID);
    for (provider, signed) in [(&house.spid, 1), (&other, 0)] {
        let started = start(&mut browser, &house.spid, "/prova").await;
        let xml = carried(&started.location, "SAMLRequest");
        let told = browser.deliver(&provider.signed_anomaly(attribute(&xml, "ID"), AT, 25)).await;
        assert!(told.body.contains("Processo di autenticazione annullato dall’utente"), "{}", told.body);
        let responses = "SELECT count(*) AS n FROM identity_messages WHERE outcome LIKE '%Some(25)%'";
        assert_eq!(house.count(responses).await, signed);
        house.execute("DELETE FROM identity_messages").await;
        assert_eq!(house.strays().await.lines().count(), 1 - usize::try_from(signed).unwrap());
    }
}

#[tokio::test]
async fn the_state_that_comes_back_leads_nowhere() {
    let house = House::federated().await;
    let mut browser = house.browser();
    let started = start(&mut browser, &house.spid, "/prova").await;
    let xml = carried(&started.location, "SAMLRequest");
    let (request, attributes) = (attribute(&xml, "ID"), spid_attributes());
    let told =
        Told { request, at: AT, until: UNTIL, audience: PUBLIC, level: 2, session: false, attributes: &attributes };
    let answer = house.spid.answer(&told);
    let fields = [("SAMLResponse", answer.as_str()), ("RelayState", "https://attaccante.example/")];
    let accepted = browser.post_across("/accesso/saml/acs", &fields).await;
    assert!(accepted.location.starts_with("/accesso/fine?codice="), "{}", accepted.location);
    assert_eq!(browser.get(&accepted.location).await.location, "/prova");
}

#[tokio::test]
async fn both_keys_of_a_provider_are_taken_while_one_is_being_replaced() {
    let house = House::federated().await;
    let (next, mut browser) = (Provider::new(SPID), house.browser());
    let both = house.spid.metadata_with(&[&house.spid, &next], "Prova ID", &["HTTP-Redirect"]);
    fs::write(house.folder().join("idp/spid.xml"), both).unwrap();
    house.reread().await;
    enter(&mut browser, &house.spid, PUBLIC, false).await;
    enter(&mut browser, &next, PUBLIC, false).await;
    fs::write(house.folder().join("idp/spid.xml"), next.metadata("Prova ID", &["HTTP-Redirect"])).unwrap();
    house.reread().await;
    enter(&mut browser, &next, PUBLIC, false).await;
    let started = start(&mut browser, &house.spid, "/prova").await;
    let xml = carried(&started.location, "SAMLRequest");
    let (request, attributes) = (attribute(&xml, "ID"), spid_attributes());
    let told =
        Told { request, at: AT, until: UNTIL, audience: PUBLIC, level: 2, session: false, attributes: &attributes };
    let old = browser.deliver(&house.spid.answer(&told)).await;
    assert_eq!(old.status, StatusCode::FORBIDDEN, "the old key opens nothing any more");
}

#[tokio::test]
async fn through_eidas_come_people_who_have_a_fiscal_code() {
    let house = House::federated().await;
    let (node, mut browser) = (Provider::new(EIDAS), house.browser());
    fs::write(house.folder().join("idp/eidas.xml"), node.metadata("Nodo eIDAS", &["HTTP-Redirect"])).unwrap();
    house.reread().await;
    let page = browser.get("/accesso").await;
    assert!(page.body.contains("Entra con eIDAS"), "{}", page.body);
    let own = browser.get("/accesso/saml/metadata").await.body;
    assert!(own.contains("index=\"99\"") && own.contains("eIDAS Natural Person Full Attribute Set"), "{own}");

    let started = start(&mut browser, &node, "/servizi/bonus").await;
    let xml = carried(&started.location, "SAMLRequest");
    assert_eq!(attribute(&xml, "AttributeConsumingServiceIndex"), "99", "whatever the service is");
    let request = attribute(&xml, "ID");
    let foreign = [("spidCode", "ES/IT/1"), ("name", "Ana"), ("familyName", "Prueba"), ("dateOfBirth", "1990-08-09")];
    let told = Told { request, at: AT, until: UNTIL, audience: PUBLIC, level: 3, session: false, attributes: &foreign };
    let refused = browser.deliver(&node.answer(&told)).await;
    assert!(refused.body.contains("senza il codice fiscale italiano"), "{}", refused.body);
    enter(&mut browser, &node, PUBLIC, false).await;
}

#[tokio::test]
async fn a_person_comes_in_with_cie_which_knows_no_spid_code() {
    let house = House::federated().await;
    let mut browser = house.browser();
    enter(&mut browser, &house.cie, &format!("{PUBLIC}/accesso/cie/metadata"), false).await;
    assert!(browser.get("/prova").await.body.starts_with("Anna Bianchi"));
    assert_eq!(house.count("SELECT count(*) AS n FROM identity_pairs WHERE spid_code = ''").await, 1);
}

#[tokio::test]
async fn what_is_meant_for_one_federation_is_not_taken_in_the_other() {
    let house = House::federated().await;
    let mut browser = house.browser();
    for (provider, audience) in
        [(&house.spid, format!("{PUBLIC}/accesso/cie/metadata")), (&house.cie, PUBLIC.to_owned())]
    {
        let started = start(&mut browser, provider, "/prova").await;
        let xml = carried(&started.location, "SAMLRequest");
        let (request, attributes) = (attribute(&xml, "ID"), spid_attributes());
        let told = Told {
            request,
            at: AT,
            until: UNTIL,
            audience: &audience,
            level: 2,
            session: false,
            attributes: &attributes,
        };
        assert_eq!(browser.deliver(&provider.answer(&told)).await.status, StatusCode::FORBIDDEN);
    }
    // SPID without its code is no SPID.
    let started = start(&mut browser, &house.spid, "/prova").await;
    let xml = carried(&started.location, "SAMLRequest");
    let request = attribute(&xml, "ID");
    let told = Told { request, at: AT, until: UNTIL, audience: PUBLIC, level: 2, session: false, attributes: &PERSON };
    assert_eq!(browser.deliver(&house.spid.answer(&told)).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_service_says_which_level_and_which_attributes_are_asked() {
    let house = House::federated().await;
    let mut browser = house.browser();
    for (back, level, set) in [("/servizi/bonus/domanda", 3, 1), ("/servizi/altro", 2, 0), ("/prova", 2, 0)] {
        let started = start(&mut browser, &house.spid, back).await;
        let xml = carried(&started.location, "SAMLRequest");
        assert!(xml.contains(&format!("SpidL{level}<")), "{back}: {xml}");
        assert_eq!(attribute(&xml, "AttributeConsumingServiceIndex"), set.to_string(), "{back}");
    }
    let weaker = browser.get(&format!("/accesso/saml/avvia?idp={}&livello=1&ritorno=/prova", encode(SPID))).await;
    assert!(carried(&weaker.location, "SAMLRequest").contains("SpidL2<"), "a password alone opens nothing here");
    let asked = format!("/accesso/saml/avvia?idp={}&livello=3&ritorno=/servizi/altro", encode(SPID));
    let stronger = browser.get(&asked).await;
    assert!(carried(&stronger.location, "SAMLRequest").contains("SpidL3<"), "a page may ask for more");
}

#[tokio::test]
async fn a_provider_that_takes_forms_gets_a_page_with_a_button() {
    let house = House::federated().await;
    let only_forms = house.spid.metadata("Prova ID", &["HTTP-POST"]);
    fs::write(house.folder().join("idp/spid.xml"), only_forms).unwrap();
    house.reread().await;
    let mut browser = house.browser();
    let page = start(&mut browser, &house.spid, "/prova").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains(&format!("action=\"{SPID}/sso\"")), "{}", page.body);
    let xml = String::from_utf8(STANDARD.decode(page.hidden("SAMLRequest")).unwrap()).unwrap();
    assert!(xml.contains("<ds:SignatureValue>") && !page.hidden("RelayState").is_empty(), "{xml}");
    let request = attribute(&xml, "ID");
    let attributes = spid_attributes();
    let told =
        Told { request, at: AT, until: UNTIL, audience: PUBLIC, level: 2, session: false, attributes: &attributes };
    assert_eq!(browser.deliver(&house.spid.answer(&told)).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn metadata_of_providers_are_read_again_when_they_change() {
    let house = House::federated().await;
    let mut browser = house.browser();
    fs::write(
        house.folder().join("idp/due.xml"),
        Provider::new("https://due.example").metadata("Due ID", &["HTTP-Redirect"]),
    )
    .unwrap();
    assert!(!browser.get("/accesso").await.body.contains("Due ID"));
    house.reread().await;
    assert!(browser.get("/accesso").await.body.contains("Due ID"));

    fs::write(house.folder().join("idp/due.xml"), "<rotto").unwrap();
    house.reread().await;
    assert!(browser.get("/accesso").await.body.contains("Due ID"), "what was known stays");

    let ended = Provider::new("https://due.example").metadata("Due ID", &["HTTP-Redirect"]);
    let ended = ended.replacen("entityID", "validUntil=\"2026-11-21T09:00:00Z\" entityID", 1);
    fs::write(house.folder().join("idp/due.xml"), ended).unwrap();
    house.reread().await;
    assert!(
        !browser.get("/accesso").await.body.contains("Due ID"),
        "nobody is led to who is no longer in the federation"
    );
    assert_eq!(browser.get("/accesso/saml/avvia?idp=https%3A%2F%2Fdue.example").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn each_federation_has_its_own_document_with_all_our_keys() {
    let house = House::federated().await;
    let mut browser = house.browser();
    let spid = browser.get("/accesso/saml/metadata").await.body;
    assert_eq!(spid.matches("<md:KeyDescriptor use=\"signing\">").count(), 2, "the one that signs and the next");
    assert!(spid.contains("<spid:IPACode>c_x000</spid:IPACode>") && !spid.contains("cie:"));
    assert!(spid.contains("<md:AttributeConsumingService index=\"1\">") && spid.contains("/accesso/saml/uscita"));
    let cie = browser.get("/accesso/cie/metadata").await.body;
    assert!(cie.contains("<cie:Municipality>H501</cie:Municipality>") && !cie.contains("spid:"));
    assert!(cie.contains(&format!("entityID=\"{PUBLIC}/accesso/cie/metadata\"")));
    assert_eq!(cie.matches("<md:RequestedAttribute").count(), 4);
}

#[tokio::test]
async fn leaving_here_leads_to_the_provider_that_keeps_a_session() {
    let house = House::federated().await;
    let mut browser = house.browser();
    let name = format!("_nome{}", enter(&mut browser, &house.spid, PUBLIC, true).await);
    let out = browser.post("/esci", &[]).await;
    assert_eq!(out.status, StatusCode::OK);
    assert!(out.body.contains("Esci anche da Prova ID"), "{}", out.body);
    let address = out.refresh.strip_prefix("0; url=").unwrap();
    let wish = carried(address, "SAMLRequest");
    assert!(address.starts_with(&format!("{SPID}/slo?SAMLRequest=")));
    assert!(wish.contains(&name) && wish.contains("<samlp:SessionIndex>_indice<"), "{wish}");
    assert_eq!(browser.get("/prova").await.status, StatusCode::SEE_OTHER, "here it is over already");

    let ended = house.spid.ended(attribute(&wish, "ID"), AT);
    let told = browser.post_across("/accesso/saml/uscita", &[("SAMLResponse", &ended)]).await;
    assert_eq!(told.location, "/esci/fatto?gestore=si");
    assert!(browser.get(&told.location).await.body.contains("e dal gestore della tua identità"));
    let again = browser.post_across("/accesso/saml/uscita", &[("SAMLResponse", &ended)]).await;
    assert_eq!(again.status, StatusCode::BAD_REQUEST, "an answer is taken once");
}

#[tokio::test]
async fn leaving_here_is_told_to_be_half_of_it_where_the_provider_is_not_there_any_more() {
    let house = House::federated().await;
    let mut browser = house.browser();
    enter(&mut browser, &house.spid, PUBLIC, true).await;
    std::fs::remove_file(house.folder().join("idp/spid.xml")).unwrap();
    std::fs::write(house.folder().join("idp/altro.xml"), Provider::new(CIE).metadata("Altro", &["HTTP-Redirect"]))
        .unwrap();
    house.reread().await;
    assert_eq!(browser.post("/esci", &[]).await.location, "/esci/fatto?gestore=no");
    assert_eq!(browser.get("/prova").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn leaving_here_is_the_end_where_the_provider_keeps_nothing() {
    let house = House::federated().await;
    let mut browser = house.browser();
    enter(&mut browser, &house.spid, PUBLIC, false).await;
    assert_eq!(browser.post("/esci", &[]).await.location, "/esci/fatto");
    assert_eq!(house.count("SELECT count(*) AS n FROM identity_logouts").await, 0);
}

#[tokio::test]
async fn a_provider_ends_the_session_that_it_opened_and_no_other() {
    let house = House::federated().await;
    let (mut shared, mut own) = (house.browser(), house.browser());
    let request = enter(&mut shared, &house.spid, PUBLIC, true).await;
    enter(&mut own, &house.spid, PUBLIC, true).await;
    // It comes from the provider's site, without our cookies.
    let mut provider = house.browser();
    let wish = house.spid.wish(&format!("_nome{request}"), AT);
    let fields = [("SAMLRequest", wish.as_str()), ("RelayState", "stato")];
    let answer = provider.post_across("/accesso/saml/uscita", &fields).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    assert!(answer.body.contains(&format!("action=\"{SPID}/slo\"")), "by the way that it came: {}", answer.body);
    assert_eq!(answer.hidden("RelayState"), "stato");
    let told = String::from_utf8(STANDARD.decode(answer.hidden("SAMLResponse")).unwrap()).unwrap();
    assert!(told.contains("InResponseTo=\"_voglio\"") && told.contains("status:Success") && told.contains("<ds:"));

    assert_eq!(shared.get("/prova").await.status, StatusCode::SEE_OTHER);
    assert_eq!(own.get("/prova").await.status, StatusCode::OK, "another login of the same person goes on");
    let noted = "SELECT count(*) AS n FROM identity_messages WHERE direction LIKE 'logout-%'";
    assert_eq!(house.count(noted).await, 2);

    assert_eq!(
        provider.post_across("/accesso/saml/uscita", &fields).await.status,
        StatusCode::BAD_REQUEST,
        "a wish is taken once"
    );
    assert_eq!(house.count(noted).await, 2);
}

#[tokio::test]
async fn nobody_else_ends_a_session() {
    let house = House::federated().await;
    let mut browser = house.browser();
    let request = enter(&mut browser, &house.spid, PUBLIC, true).await;
    let name = format!("_nome{request}");
    let stranger = Provider::new(SPID);
    let late = house.spid.wish(&name, "2026-11-21T08:50:00Z");
    let unknown = Provider::new("https://altro.example").wish(&name, AT);
    // CIE is a provider of ours too and gets its answer, by the only way that it takes; but it did not open this session.
    for (wish, status) in [
        (stranger.wish(&name, AT), StatusCode::BAD_REQUEST),
        (late, StatusCode::BAD_REQUEST),
        (unknown, StatusCode::BAD_REQUEST),
        (house.cie.wish(&name, AT), StatusCode::FOUND),
        ("PHg+".to_owned(), StatusCode::BAD_REQUEST),
    ] {
        assert_eq!(browser.post_across("/accesso/saml/uscita", &[("SAMLRequest", &wish)]).await.status, status);
    }
    assert_eq!(browser.get("/accesso/saml/uscita?SAMLRequest=x").await.status, StatusCode::BAD_REQUEST);
    assert_eq!(browser.get("/prova").await.status, StatusCode::OK);
    assert_eq!(CIE, house.cie.entity_id);
}
