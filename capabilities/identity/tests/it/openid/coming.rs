//! The way in and out, as it should be.

use axum::http::StatusCode;
use identity::Reply as Answer;
use serde_json::json;

use super::{
    DECLARED, come_back, enter, house,
    net::{ALTRO, ANCHOR, NOW, Net, OP, field, object},
    start,
    words::{is_signed, read},
};
use crate::house::{House, PUBLIC};

pub async fn known(net: &Net, house: &House) {
    net.learn(&house.browser().get("/.well-known/openid-federation").await.body);
}

#[tokio::test]
async fn a_person_comes_in_with_cie_and_everything_is_written_down() {
    let net = Net::new();
    let house = house(&net).await;
    known(&net, &house).await;
    let mut browser = house.browser();
    let page = browser.get("/accesso?ritorno=/prova").await;
    assert!(page.body.contains("Carta d’identità elettronica (CIE)"), "{}", page.body);
    assert!(
        page.body.contains("/accesso/oidc/avvia?idp=https%3A%2F%2Fop.example&#38;ritorno=%2Fprova"),
        "{}",
        page.body
    );
    enter(&net, &mut browser).await;
    assert!(browser.get("/prova").await.body.starts_with("Anna Bianchi BNCNNA90M49Z404C livello 2"));
    assert!(browser.get("/profilo").await.body.contains("Gestore op, livello 2"));

    let register = house.register().await;
    let lines: Vec<_> = register.lines().collect();
    let [request, response] = lines.as_slice() else { panic!("{register}") };
    assert!(request.starts_with("request ") && request.contains(" sent ey"), "{request}");
    assert!(response.starts_with("response ") && response.contains(" accepted {"), "{response}");
    assert!(response.contains("\"id_token\":\"ey") && response.contains("\"userinfo\":\"ey"), "{response}");
    assert!(
        !register.contains("codice-1") && !register.contains("gettone-1\""),
        "nothing that opens anything: {register}"
    );
    let stored = house.count("SELECT count(*) AS n FROM web_sessions WHERE data LIKE '%gettone%'").await;
    assert_eq!(stored, 0, "the token that ends the session elsewhere is sealed");
}

#[tokio::test]
async fn what_we_say_of_ourselves_is_what_federations_want_to_read() {
    let net = Net::new();
    let house = house(&net).await;
    let text = house.browser().get("/.well-known/openid-federation").await.body;
    let (header, claims) = read(&text);
    assert_eq!((&header["typ"], &header["alg"]), (&json!("entity-statement+jwt"), &json!("RS256")));
    assert!(is_signed(&text, &claims["jwks"]), "with a key of its own");
    assert_eq!((&claims["iss"], &claims["sub"]), (&json!(PUBLIC), &json!(PUBLIC)));
    assert_eq!((&claims["iat"], &claims["exp"]), (&json!(NOW), &json!(NOW + 86_400)));
    assert_eq!(claims["authority_hints"], json!([ANCHOR]));
    let party = &claims["metadata"]["openid_relying_party"];
    assert_eq!(party["redirect_uris"], json!([format!("{PUBLIC}/accesso/oidc/ritorno")]));
    assert_eq!(party["client_registration_types"], json!(["automatic"]));
    assert_eq!(party["token_endpoint_auth_method"], "private_key_jwt");
    let keys = party["jwks"]["keys"].as_array().unwrap();
    let uses: Vec<_> = keys.iter().map(|key| key["use"].as_str().unwrap()).collect();
    assert_eq!(uses, ["sig", "enc"], "separate keys");
    let all: std::collections::BTreeSet<_> =
        keys.iter().chain(claims["jwks"]["keys"].as_array().unwrap()).map(|key| key["kid"].to_string()).collect();
    assert_eq!(all.len(), 3, "the federation's is a third");
    assert!(!text.contains("\"d\"") && keys.iter().all(|key| key.get("d").is_none() && key.get("p").is_none()));
    assert_eq!(claims["metadata"]["federation_entity"]["contacts"], json!(["spid@prova.example"]));
}

#[tokio::test]
async fn what_we_know_of_a_provider_is_told_with_its_proof_and_of_nobody_else() {
    let net = Net::new();
    let house = house(&net).await;
    let mut browser = house.browser();
    let ask = |name: &str| {
        format!("/accesso/oidc/risolvi?sub=https%3A%2F%2F{name}.example&trust_anchor=https%3A%2F%2Fancora.example")
    };
    let told = browser.get(&ask("altro")).await;
    let (header, claims) = read(&told.body);
    assert_eq!((&header["typ"], &claims["sub"]), (&json!("resolve-response+jwt"), &json!(ALTRO)));
    assert_eq!(claims["trust_chain"].as_array().unwrap().len(), 4, "its own, two of superiors, the anchor's own");
    assert_eq!(claims["metadata"]["openid_provider"]["issuer"], ALTRO);
    let before = net.asked().len();
    for unknown in
        [ask("intermedio"), ask("fuori"), ask("op").replace("ancora", "altra"), "/accesso/oidc/risolvi".to_owned()]
    {
        assert_eq!(browser.get(&unknown).await.status, StatusCode::NOT_FOUND, "{unknown}");
    }
    assert_eq!(net.asked().len(), before, "nobody is asked for a stranger");
}

#[tokio::test]
async fn marks_that_the_federation_gives_us_are_shown() {
    let net = Net::new();
    net.change("ancora/localhost", |_| ());
    let house = house(&net).await;
    let mark = json!({"id": "https://ancora.example/rp/public", "trust_mark": "ey.ey.x"});
    let own = read(&house.browser().get("/.well-known/openid-federation").await.body).1["jwks"].clone();
    let key = net.key("ancora");
    net.replace(&format!("{ANCHOR}/fetch?sub=http%3A%2F%2Flocalhost%3A8080"), move || {
        let claims = json!({
            "iss": ANCHOR, "sub": PUBLIC, "iat": NOW, "exp": NOW + 90_000, "jwks": own, "trust_marks": [mark],
        });
        let header = json!({"alg": "ES256", "kid": key.kid, "typ": "entity-statement+jwt"});
        Ok(Answer { status: 200, body: key.sign(&header, &claims) })
    });
    house.pass(3_700);
    house.look().await;
    let claims = read(&house.browser().get("/.well-known/openid-federation").await.body).1;
    assert_eq!(claims["trust_marks"][0]["id"], "https://ancora.example/rp/public");
}

#[tokio::test]
async fn a_request_says_the_same_inside_and_outside_and_nothing_that_an_address_adds() {
    let net = Net::new();
    let house = house(&net).await;
    let mut browser = house.browser();
    for (back, level) in [("/servizi/bonus/domanda", 3), ("/servizi/altro", 2), ("/prova", 2)] {
        let smuggled =
            format!("{back}&redirect_uri=https://attaccante.example/&nonce=1&state=2&acr_values=x&livello=1");
        let path = format!("/accesso/oidc/avvia?idp=https%3A%2F%2Fop.example&ritorno={smuggled}");
        let started = browser.get(&path).await;
        assert_eq!(started.status, StatusCode::FOUND, "{}", started.body);
        assert!(started.location.starts_with("https://op.example/authorize?client_id="), "{}", started.location);
        let (_, request) = object(&started.location);
        let outside = |name: &str| {
            let value = started.location.split(&format!("{name}=")).nth(1).unwrap().split('&').next().unwrap();
            value.replace("%3A", ":").replace("%2F", "/")
        };
        for name in ["client_id", "response_type", "scope", "code_challenge", "code_challenge_method"] {
            assert_eq!(field(&request, name), outside(name));
        }
        assert_eq!(field(&request, "redirect_uri"), format!("{PUBLIC}/accesso/oidc/ritorno"));
        assert_eq!(field(&request, "acr_values"), format!("https://www.spid.gov.it/SpidL{level}"));
        assert_eq!((request["aud"].clone(), field(&request, "iss")), (json!([OP]), PUBLIC.to_owned()));
        assert_eq!(
            (field(&request, "code_challenge_method"), field(&request, "prompt")),
            ("S256".to_owned(), "consent login".to_owned())
        );
        assert!(field(&request, "state").len() >= 32 && field(&request, "nonce").len() >= 32);
        assert!(request.get("sub").is_none(), "or it could be taken for a proof of who we are");
        assert!(!started.location.contains("attaccante"));
    }
    let (one, other) = (start(&mut browser, OP, "/prova").await, start(&mut browser, OP, "/prova").await);
    for name in ["state", "nonce", "code_challenge", "jti"] {
        assert_ne!(field(&object(&one.location).1, name), field(&object(&other.location).1, name), "{name}");
    }
}

#[tokio::test]
async fn leaving_here_ends_the_session_at_the_provider() {
    let net = Net::new();
    let house = house(&net).await;
    known(&net, &house).await;
    let mut browser = house.browser();
    enter(&net, &mut browser).await;
    let out = browser.post("/esci", &[]).await;
    assert_eq!(out.location, "/esci/fatto?gestore=si");
    assert!(browser.get(&out.location).await.body.contains("e dal gestore della tua identità"));
    assert_eq!(net.revoked(), ["gettone-1"]);
    assert_eq!(browser.get("/prova").await.status, StatusCode::SEE_OTHER);
    assert!(house.register().await.contains("logout-request"));

    enter(&net, &mut browser).await;
    net.replace("https://op.example/revoke", || Ok(Answer { status: 503, body: String::new() }));
    assert_eq!(browser.post("/esci", &[]).await.location, "/esci/fatto?gestore=no");
    assert_eq!(browser.get("/prova").await.status, StatusCode::SEE_OTHER, "here it is over in any case");
}

#[tokio::test]
async fn who_leaves_a_provider_for_whom_nobody_vouches_any_more_is_out_here_and_reads_that_it_was_not_told() {
    let net = Net::new();
    let house = house(&net).await;
    known(&net, &house).await;
    let mut browser = house.browser();
    enter(&net, &mut browser).await;
    let kept = browser.jar.clone();
    net.replace(&format!("{ANCHOR}/fetch?sub=https%3A%2F%2Fop.example"), || {
        Ok(Answer { status: 404, body: String::new() })
    });
    for _ in 0..3 {
        house.pass(1_201);
        assert_eq!(browser.get("/prova").await.status, StatusCode::OK, "an hour in which somebody is there");
    }
    house.look().await;
    let out = browser.post("/esci", &[]).await;
    assert_eq!(out.location, "/esci/fatto?gestore=no");
    assert!(browser.get(&out.location).await.body.contains("non ha confermato di averti fatto uscire"));
    assert_eq!(net.revoked(), Vec::<String>::new(), "who is not trusted is not asked");
    browser.jar = kept;
    assert_eq!(browser.get("/prova").await.status, StatusCode::SEE_OTHER, "the old cookie opens nothing");
}

#[tokio::test]
async fn a_provider_that_is_out_of_order_is_said_to_be() {
    let net = Net::new();
    let house = house(&net).await;
    known(&net, &house).await;
    let mut browser = house.browser();
    for place in ["token", "userinfo"] {
        net.replace(&format!("{OP}/{place}"), || Ok(Answer { status: 500, body: "<html>".to_owned() }));
        let refused = come_back(&net, &mut browser).await;
        assert_eq!(refused.status, StatusCode::BAD_GATEWAY);
        assert!(refused.body.contains("non risponde come dovrebbe"), "{}", refused.body);
        net.restore();
    }
    enter(&net, &mut browser).await;
}

#[tokio::test]
async fn spid_tells_its_code_and_cie_needs_none() {
    let net = Net::new();
    let house = House::openid(&net, &DECLARED.replace("cie-oidc", "spid-oidc")).await;
    known(&net, &house).await;
    let mut browser = house.browser();
    assert!(browser.get("/accesso").await.body.contains(">SPID<"));
    let without = come_back(&net, &mut browser).await;
    assert_eq!(without.status, StatusCode::FORBIDDEN);
    net.change("userinfo", |draft| draft.claims["https://attributes.eid.gov.it/spid_code"] = json!("PROV0000000001"));
    enter(&net, &mut browser).await;
    assert_eq!(house.count("SELECT count(*) AS n FROM identity_pairs WHERE spid_code = 'PROV0000000001'").await, 1);
}

#[tokio::test]
async fn without_names_everybody_whom_the_anchor_lists_can_be_chosen() {
    let net = Net::new();
    let listed = DECLARED.replace("providers = [\"https://op.example\", \"https://altro.example\"]", "");
    let house = House::openid(&net, &listed).await;
    let page = house.browser().get("/accesso").await.body;
    assert!(page.contains("Gestore op") && page.contains("Gestore altro"), "{page}");
    assert!(net.asked().contains(&format!("{ANCHOR}/list?entity_type=openid_provider")));
    assert!(!ALTRO.is_empty());
}
