//! The card of services, shown over TLS at a port of its own: who comes in, and which cards open nothing.

use std::{net::TcpListener, path::Path};

use axum::http::StatusCode;
use base::Clock as _;
use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, CustomExtension, DnType,
    ExtendedKeyUsagePurpose, IsCa, Issuer, KeyIdMethod, KeyPair, KeyUsagePurpose, RevokedCertParams, SanType,
    SerialNumber, date_time_ymd,
};
use ureq::{
    Agent,
    tls::{Certificate, ClientCert, PrivateKey, RootCerts, TlsConfig},
};

use crate::house::{Browser, House, PUBLIC, encode};

const CODE: &str = "BNCNNA90M49Z404C";
const COMMON: &str = "BNCNNA90M49Z404C/7420019000000001.Qm9sbGlubw==";

/// Somebody who issues cards, and lists of those that are revoked.
struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pem: String,
}

/// What a card's certificate says.
struct Card {
    common: String,
    more: Vec<(Vec<u64>, String)>,
    uses: Vec<ExtendedKeyUsagePurpose>,
    key: Vec<KeyUsagePurpose>,
    years: (i32, i32),
    serial: Vec<u8>,
    ca: bool,
    policy: bool,
}

impl Card {
    fn good() -> Self {
        Self {
            common: COMMON.to_owned(),
            more: vec![(vec![2, 5, 4, 42], "Anna".to_owned()), (vec![2, 5, 4, 4], "Bianchi".to_owned())],
            uses: vec![ExtendedKeyUsagePurpose::ClientAuth],
            key: vec![KeyUsagePurpose::DigitalSignature],
            years: (2024, 2030),
            serial: vec![7],
            ca: false,
            policy: false,
        }
    }

    fn with(change: impl FnOnce(&mut Self)) -> Self {
        let mut card = Self::good();
        change(&mut card);
        card
    }
}

/// A card in a reader.
type Held = Option<(Vec<u8>, Vec<u8>)>;

impl Authority {
    fn new(name: &str) -> Self {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        (params.not_before, params.not_after) = (date_time_ymd(2020, 1, 1), date_time_ymd(2050, 1, 1));
        let pair = KeyPair::generate().unwrap();
        let pem = params.self_signed(&pair).unwrap().pem();
        Self { issuer: Issuer::new(params, pair), pem }
    }

    fn issue(&self, card: &Card) -> Held {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, card.common.as_str());
        for (id, value) in &card.more {
            params.distinguished_name.push(DnType::CustomDnType(id.clone()), value.as_str());
        }
        params.extended_key_usages.clone_from(&card.uses);
        params.key_usages.clone_from(&card.key);
        params.serial_number = Some(SerialNumber::from(card.serial.clone()));
        params.is_ca = if card.ca { IsCa::Ca(BasicConstraints::Unconstrained) } else { IsCa::ExplicitNoCa };
        (params.not_before, params.not_after) = (date_time_ymd(card.years.0, 1, 1), date_time_ymd(card.years.1, 1, 1));
        if card.policy {
            // One policy: 1.3.76.16.2.1.
            let one = vec![0x30, 0x09, 0x30, 0x07, 0x06, 0x05, 0x2b, 76, 16, 2, 1];
            params.custom_extensions.push(CustomExtension::from_oid_content(&[2, 5, 29, 32], one));
        }
        let pair = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&pair, &self.issuer).unwrap();
        Some((certificate.der().to_vec(), pair.serialize_pem().into_bytes()))
    }

    /// The list of revoked cards of a day, with an end.
    fn list(&self, (made, ends): ((i32, u8, u8), (i32, u8, u8)), revoked: &[u64]) -> String {
        let day = |(year, month, day)| date_time_ymd(year, month, day);
        let gone = |serial: &u64| RevokedCertParams {
            serial_number: SerialNumber::from(*serial),
            revocation_time: day(made),
            reason_code: None,
            invalidity_date: None,
        };
        let list = CertificateRevocationListParams {
            this_update: day(made),
            next_update: day(ends),
            crl_number: SerialNumber::from(1_u64),
            issuing_distribution_point: None,
            revoked_certs: revoked.iter().map(gone).collect(),
            key_identifier_method: KeyIdMethod::Sha256,
        };
        list.signed_by(&self.issuer).unwrap().pem().unwrap()
    }
}

const BROKEN: &str = "-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n";
const FRESH: ((i32, u8, u8), (i32, u8, u8)) = ((2026, 11, 21), (2026, 11, 28));

/// A house with a door for cards.
struct Office {
    house: House,
    authority: Authority,
    server: Vec<u8>,
}

impl Office {
    async fn new(more: &str) -> Self {
        let (authority, listener) =
            (Authority::new("Ente emittente di prova"), TcpListener::bind("127.0.0.1:0").unwrap());
        let address = listener.local_addr().unwrap();
        let mut params = CertificateParams::default();
        params.subject_alt_names = vec![SanType::IpAddress(address.ip())];
        (params.not_before, params.not_after) = (date_time_ymd(2020, 1, 1), date_time_ymd(2050, 1, 1));
        let pair = KeyPair::generate().unwrap();
        let server = params.self_signed(&pair).unwrap();
        let organisation = organisation!();
        let declared = format!(
            r#"
            {organisation}
            [cns]
            listen = "{address}"
            public_url = "https://{address}"
            certificate = "porta.crt"
            key = "porta.key"
            issuers = "emittenti"
            revocations = "revoche"
            {more}
            "#
        );
        let house = House::declared(&declared, |folder| {
            std::fs::create_dir(folder.join("emittenti")).unwrap();
            std::fs::create_dir(folder.join("revoche")).unwrap();
            let write = |file: &str, text: &str| std::fs::write(folder.join(file), text).unwrap();
            write("porta.crt", &server.pem());
            write("porta.key", &pair.serialize_pem());
            write("emittenti/prova.pem", &authority.pem);
            write("revoche/prova.crl", &authority.list(FRESH, &[66]));
            write("revoche/rotta.crl", BROKEN);
        })
        .await;
        house.show_cards(listener);
        Self { house, authority, server: server.der().to_vec() }
    }

    fn folder(&self) -> &Path {
        self.house.folder()
    }

    /// Shows a card at an address; gives where it leads, and whether a cookie came along.
    async fn show(&self, held: &Held, location: &str) -> (u16, String) {
        let mut tls = TlsConfig::builder()
            .unversioned_rustls_crypto_provider(std::sync::Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
            .root_certs(RootCerts::new_with_certs(&[Certificate::from_der(&self.server).to_owned()]));
        if let Some((certificate, key)) = held {
            let chain = [Certificate::from_der(certificate).to_owned()];
            let key = PrivateKey::from_pem(key).unwrap();
            tls = tls.client_cert(Some(ClientCert::new_with_certs(&chain, key)));
        }
        let config =
            Agent::config_builder().http_status_as_error(false).max_redirects(0).max_redirects_will_error(false);
        let agent: Agent = config.proxy(None).tls_config(tls.build()).build().into();
        let location = location.to_owned();
        let answer = tokio::task::spawn_blocking(move || agent.get(&location).call()).await.unwrap().unwrap();
        assert!(answer.headers().get("set-cookie").is_none(), "the port of cards knows no cookies");
        assert_eq!(
            answer.headers().get("connection").map(|told| told.as_bytes()),
            Some(&b"close"[..]),
            "one card each"
        );
        let place = answer.headers().get("location").map_or("", |place| place.to_str().unwrap()).to_owned();
        (answer.status().as_u16(), place.replace(PUBLIC, ""))
    }

    /// From our page to the port of cards.
    async fn start(&self, browser: &mut Browser<'_>, back: &str) -> String {
        let started = browser.get(&format!("/accesso/cns/avvia?ritorno={}", encode(back))).await;
        assert_eq!(started.status, StatusCode::FOUND, "{}", started.body);
        started.location
    }
}

#[tokio::test]
async fn a_person_comes_in_with_a_card() {
    let office = Office::new("").await;
    let mut browser = office.house.browser();
    let page = browser.get("/accesso?ritorno=/prova").await.body;
    assert!(
        page.contains("Carta nazionale dei servizi (CNS)") && page.contains("/accesso/cns/avvia?idp=cns"),
        "{page}"
    );
    let location = office.start(&mut browser, "/prova").await;
    assert!(location.contains("/accesso/cns/carta?stato="), "{location}");
    let card = office.authority.issue(&Card::good());
    let (status, place) = office.show(&card, &location).await;
    assert_eq!(status, 303);
    assert!(place.starts_with("/accesso/fine?codice="), "{place}");
    assert_eq!(browser.get(&place).await.location, "/prova");
    assert!(browser.get("/prova").await.body.starts_with("Anna Bianchi BNCNNA90M49Z404C livello 3"));
    assert!(browser.get("/profilo").await.body.contains("CNS, livello 3"));
    let register = office.house.register().await;
    assert!(register.contains("request ") && register.contains(" accepted MII"), "{register}");

    // A card without a name: the one by which the person is known.
    let nameless = office.authority.issue(&Card::with(|card| card.more.clear()));
    let location = office.start(&mut browser, "/prova").await;
    let (_, place) = office.show(&nameless, &location).await;
    browser.get(&place).await;
    assert!(browser.get("/prova").await.body.starts_with("Anna Bianchi"));
    assert_eq!(browser.post("/esci", &[]).await.location, "/esci/fatto");
}

#[tokio::test]
async fn each_card_is_an_identity_of_its_own_and_a_shown_card_is_shown_once() {
    let office = Office::new("").await;
    let other = Card::with(|card| card.common = COMMON.replace('/', "/9"));
    for (card, known) in [(Card::good(), 1), (Card::good(), 1), (other, 2)] {
        let held = office.authority.issue(&card);
        let mut browser = office.house.browser();
        let location = office.start(&mut browser, "/prova").await;
        let (_, place) = office.show(&held, &location).await;
        assert_eq!(browser.get(&place).await.location, "/prova");
        assert_eq!(office.house.count("SELECT count(*) AS n FROM identity_pairs").await, known, "{}", card.common);
    }
}

/// Cards that must open nothing, and the word for why.
fn worthless(own: &Authority, other: &Authority) -> Vec<(&'static str, Held, &'static str)> {
    let card = |change: &dyn Fn(&mut Card)| own.issue(&Card::with(change));
    let servers = vec![ExtendedKeyUsagePurpose::ServerAuth];
    let documents = vec![KeyUsagePurpose::ContentCommitment];
    vec![
        ("no card", None, "nessuna"),
        ("another issuer of the same name", other.issue(&Card::good()), "ente"),
        ("expired", card(&|card| card.years = (2020, 2025)), "validita"),
        ("not yet valid", card(&|card| card.years = (2027, 2030)), "validita"),
        ("revoked", card(&|card| card.serial = vec![66]), "revocata"),
        ("number zero", card(&|card| card.serial = vec![0]), "controllo"),
        ("a number of 21 octets", card(&|card| card.serial = vec![7; 21]), "controllo"),
        ("for anything", card(&|card| card.uses.clear()), "uso"),
        ("for servers", card(&|card| card.uses.clone_from(&servers)), "uso"),
        ("for documents", card(&|card| card.key.clone_from(&documents)), "uso"),
        ("without use", card(&|card| card.key.clear()), "uso"),
        ("wrong check character", card(&|card| card.common = COMMON.replace("404C", "404X")), "codice"),
        ("small letters", card(&|card| card.common = COMMON.to_lowercase()), "codice"),
        ("no code", card(&|card| "Anna Bianchi".clone_into(&mut card.common)), "codice"),
        ("two codes", card(&|card| card.more.push(serial("TINIT-DOOVEA69R54H501Y"))), "codice"),
    ]
}

/// The serial number of a subject.
fn serial(text: &str) -> (Vec<u64>, String) {
    (vec![2, 5, 4, 5], text.to_owned())
}

#[tokio::test]
async fn cards_that_prove_nothing_open_nothing_and_people_read_why() {
    let office = Office::new("").await;
    let (own, other) = (&office.authority, Authority::new("Ente emittente di prova"));
    let mut browser = office.house.browser();
    let location = office.start(&mut browser, "/prova").await;
    for (name, held, word) in worthless(own, &other) {
        let (status, place) = office.show(&held, &location).await;
        assert_eq!((status, place.as_str()), (303, format!("/accesso/cns/esito?motivo={word}").as_str()), "{name}");
        let page = browser.get(&place).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN);
        let told = match word {
            "nessuna" => "non ci ha mostrato nessuna carta",
            "ente" => "non è stata rilasciata da un ente",
            "validita" => "è scaduto, oppure non è ancora valido",
            "controllo" => "non possiamo controllare",
            "revocata" => "è stato revocato o sospeso",
            "uso" => "forse è quello per firmare",
            _ => "non c’è un codice fiscale valido",
        };
        assert!(page.body.contains(told), "{name}: {}", page.body);
    }
    let kept = "SELECT count(*) AS n FROM identity_messages WHERE direction = 'response'";
    assert_eq!(office.house.count(kept).await, 5, "of what our issuers signed only some are kept of each request");
    let strays = office.house.strays().await;
    assert!(
        strays.contains("cns ") && strays.contains("not issued by anybody") && !strays.contains("revoked"),
        "{strays}"
    );
    // An issuer's own certificate is no card.
    let (_, place) = office.show(&own.issue(&Card::with(|card| card.ca = true)), &location).await;
    assert!(place.starts_with("/accesso/cns/esito"), "{place}");
    // What was refused did not use the request up; what is accepted does.
    let good = own.issue(&Card::with(|card| {
        card.common = "Anna Bianchi".to_owned();
        card.more.push(serial(&format!("TINIT-{CODE}")));
    }));
    let (_, place) = office.show(&good, &location).await;
    assert!(place.starts_with("/accesso/fine?codice="), "{place}");
    assert_eq!(office.show(&good, &location).await.1, "/accesso/cns/esito?motivo=richiesta");
}

#[tokio::test]
async fn without_a_fresh_list_of_revoked_cards_nobody_comes_in() {
    let office = Office::new("fresh_hours = 36").await;
    let (own, other) = (&office.authority, Authority::new("Ente emittente di prova"));
    let card = own.issue(&Card::good());
    let mut browser = office.house.browser();
    let file = office.folder().join("revoche/prova.crl");
    std::fs::remove_file(office.folder().join("revoche/rotta.crl")).unwrap();
    let days = |made, ends| ((2026, 11, made), (2026, 11, ends));
    for (name, list) in [
        ("too old, though it says that it holds", Some(own.list(days(19, 28), &[]))),
        ("past its own end", Some(own.list(days(20, 21), &[]))),
        ("of somebody else", Some(other.list(FRESH, &[]))),
        ("none", None),
    ] {
        match list {
            Some(list) => std::fs::write(&file, list).unwrap(),
            None => std::fs::remove_file(&file).unwrap(),
        }
        office.house.reread().await;
        let location = office.start(&mut browser, "/prova").await;
        let (_, place) = office.show(&card, &location).await;
        assert_eq!(place, "/accesso/cns/esito?motivo=controllo", "{name}");
    }
    std::fs::write(&file, own.list(FRESH, &[7])).unwrap();
    office.house.reread().await;
    let location = office.start(&mut browser, "/prova").await;
    assert_eq!(office.show(&card, &location).await.1, "/accesso/cns/esito?motivo=revocata", "the new list is read");
    std::fs::write(&file, BROKEN).unwrap();
    office.house.reread().await;
    assert_eq!(
        office.show(&card, &location).await.1,
        "/accesso/cns/esito?motivo=controllo",
        "a broken list is no list, whatever was known before"
    );
}

#[tokio::test]
async fn of_the_lists_of_an_issuer_the_newest_that_it_signed_counts() {
    let office = Office::new("").await;
    let (own, other) = (&office.authority, Authority::new("Ente emittente di prova"));
    let card = own.issue(&Card::good());
    let mut browser = office.house.browser();
    let days = |made| ((2026, 11, made), (2026, 11, 28));
    // By name the first file comes before the other.
    for (name, first, second, word) in [
        ("revoked since", own.list(days(20), &[]), own.list(days(21), &[7]), Some("revocata")),
        ("not suspended any more", own.list(days(20), &[7]), own.list(days(21), &[]), None),
        (
            "a newer one that somebody else signed",
            other.list(days(21), &[]),
            own.list(days(20), &[7]),
            Some("revocata"),
        ),
        ("the same, and the card is good", other.list(days(21), &[7]), own.list(days(20), &[]), None),
    ] {
        std::fs::write(office.folder().join("revoche/a.crl"), first).unwrap();
        std::fs::write(office.folder().join("revoche/prova.crl"), second).unwrap();
        office.house.reread().await;
        let location = office.start(&mut browser, "/prova").await;
        let (_, place) = office.show(&card, &location).await;
        match word {
            Some(word) => assert_eq!(place, format!("/accesso/cns/esito?motivo={word}"), "{name}"),
            None => assert!(place.starts_with("/accesso/fine?codice="), "{name}: {place}"),
        }
    }
}

#[tokio::test]
async fn a_broken_file_keeps_nobody_who_was_taken_out_and_shuts_out_nobody_else() {
    let office = Office::new("").await;
    let (own, second) = (&office.authority, Authority::new("Secondo emittente"));
    let write = |file: &str, text: &str| std::fs::write(office.folder().join(file), text).unwrap();
    write("emittenti/secondo.pem", &second.pem);
    write("revoche/secondo.crl", &second.list(FRESH, &[]));
    let mut browser = office.house.browser();
    let cards = [own.issue(&Card::good()), second.issue(&Card::good())];
    let mut outcomes = async || {
        office.house.reread().await;
        let mut words = Vec::new();
        for card in &cards {
            let location = office.start(&mut browser, "/prova").await;
            let place = office.show(card, &location).await.1;
            words.push(place.split_once("motivo=").map_or("entra".to_owned(), |(_, word)| word.to_owned()));
        }
        words
    };
    assert_eq!(outcomes().await, ["entra", "entra"], "a broken list lies beside them from the start");
    write("revoche/secondo.crl", BROKEN);
    assert_eq!(outcomes().await, ["entra", "controllo"]);
    write("revoche/secondo.crl", &second.list(FRESH, &[]));
    write("emittenti/secondo.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
    assert_eq!(outcomes().await, ["entra", "ente"]);
    write("emittenti/secondo.pem", &second.pem);
    std::fs::remove_file(office.folder().join("emittenti/prova.pem")).unwrap();
    assert_eq!(outcomes().await, ["ente", "entra"], "who was taken out is out at once");
    std::fs::remove_file(office.folder().join("emittenti/secondo.pem")).unwrap();
    assert_eq!(outcomes().await, ["ente", "ente"], "nobody is left");
}

#[tokio::test]
async fn a_start_with_nothing_but_broken_files_goes_on_without_cards() {
    let office = Office::new("").await;
    std::fs::write(office.folder().join("emittenti/prova.pem"), "-----BEGIN CERTIFICATE-----\nAAAA\n").unwrap();
    let start = || {
        let declared = identity::Declared::read(&office.folder().join("identity.toml")).unwrap();
        let pages = web::Settings::new(PUBLIC, web::Mode::Demo);
        identity::examine(declared, &office.folder().join("keys"), &pages, office.house.clock.now())
    };
    let told = start().unwrap();
    assert!(told.iter().any(|one| one.text.contains("prova.pem")), "{told:?}");
    std::fs::remove_file(office.folder().join("emittenti/prova.pem")).unwrap();
    let refused = start().unwrap_err().to_string();
    assert!(refused.contains("non c’è nessun certificato di emittente"), "an empty folder is a mistake: {refused}");
}

#[tokio::test]
async fn whoever_looks_after_cards_reads_what_is_missing() {
    let office = Office::new("").await;
    let findings = || {
        let declared = identity::Declared::read(&office.folder().join("identity.toml")).unwrap();
        let pages = web::Settings::new(PUBLIC, web::Mode::Demo);
        let keys = office.folder().join("keys");
        let all = identity::examine(declared, &keys, &pages, office.house.clock.now()).unwrap();
        let told = all.iter().map(|one| format!("{:?} {}", one.standing, one.text));
        told.filter(|told| told.contains("CNS")).collect::<Vec<_>>().join("\n")
    };
    let told = findings();
    assert!(told.contains("Missing CNS: manca policies in [cns], e la produzione non parte"), "{told}");
    assert!(told.contains("Missing CNS: ") && told.contains("rotta.crl: "), "{told}");
    assert!(!told.contains("lista di revoca utilizzabile e recente"), "{told}");
    std::fs::remove_file(office.folder().join("revoche/rotta.crl")).unwrap();
    std::fs::remove_file(office.folder().join("revoche/prova.crl")).unwrap();
    let file = office.folder().join("identity.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, format!("{text}\n    policies = [\"1.3.76.16.2.1\"]\n")).unwrap();
    let told = findings();
    assert_eq!(told.lines().count(), 1, "{told}");
    assert!(told.contains("di CN=Ente emittente di prova non c’è una lista di revoca"), "{told}");
    std::fs::write(office.folder().join("revoche/prova.crl"), office.authority.list(FRESH, &[])).unwrap();
    let told = findings();
    assert!(told.starts_with("Good CNS: 1 emittenti") && told.lines().count() == 1, "{told}");
}

#[tokio::test]
async fn a_card_opens_the_browser_that_set_out_and_no_other() {
    let office = Office::new("").await;
    let card = office.authority.issue(&Card::good());
    let (mut attacker, mut victim) = (office.house.browser(), office.house.browser());
    // The attacker sends somebody with a card to the attacker's own request.
    let location = office.start(&mut attacker, "/prova").await;
    office.start(&mut victim, "/prova").await;
    let (_, place) = office.show(&card, &location).await;
    let refused = victim.get(&place).await;
    assert!(refused.body.contains("in un altro browser"), "{}", refused.body);
    assert_eq!(attacker.get("/prova").await.status, StatusCode::SEE_OTHER, "the code is not the attacker's to know");

    for state in ["", "x", "0000000000000000000000000000000000000000000000000000000000000000"] {
        let unknown = location.split("?stato=").next().unwrap();
        let place = office.show(&card, &format!("{unknown}?stato={state}")).await.1;
        assert_eq!(place, "/accesso/cns/esito?motivo=richiesta");
    }
    let location = office.start(&mut victim, "/prova").await;
    office.house.pass(601);
    assert_eq!(office.show(&card, &location).await.1, "/accesso/cns/esito?motivo=richiesta", "too late");
    let elsewhere = location.replace("/accesso/cns/carta", "/accesso");
    assert_eq!(office.show(&card, &elsewhere).await.0, 404, "the port has one address");
    let forged = victim.get("/accesso/cns/esito?motivo=%3Cscript%3E").await;
    assert!(forged.body.contains("scaduta") && !forged.body.contains("<script>%"), "{}", forged.body);
}

#[tokio::test]
async fn where_policies_are_asked_for_a_card_bears_one() {
    let office = Office::new("policies = [\"1.3.76.16.2.1\"]").await;
    let mut browser = office.house.browser();
    let location = office.start(&mut browser, "/prova").await;
    let without = office.authority.issue(&Card::good());
    assert_eq!(office.show(&without, &location).await.1, "/accesso/cns/esito?motivo=uso");
    let with = office.authority.issue(&Card::with(|card| card.policy = true));
    assert!(office.show(&with, &location).await.1.starts_with("/accesso/fine?codice="));
}
