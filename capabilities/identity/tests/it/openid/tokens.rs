//! What a provider must say, signed by itself and meant for us: everything else is refused, and written down.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::{
    come_back,
    coming::known,
    enter, house,
    net::{Draft, NOW, Net},
    words::{decode, encode, encrypt, sign_shared},
};

/// A change, and what the register says of the answer.
type Attack = (&'static str, Box<dyn Fn(&mut Draft) + Send>, &'static str);

fn attack(name: &'static str, change: impl Fn(&mut Draft) + Send + 'static, told: &'static str) -> Attack {
    (name, Box::new(change), told)
}

fn claim(name: &'static str, value: Value, told: &'static str) -> Attack {
    attack(name, move |draft| draft.claims[name] = value.clone(), told)
}

fn without(name: &'static str, told: &'static str) -> Attack {
    attack(name, move |draft| drop(draft.claims.as_object_mut().unwrap().remove(name)), told)
}

fn header(name: &'static str, value: Value, told: &'static str) -> Attack {
    attack(name, move |draft| draft.header[name] = value.clone(), told)
}

/// Each is refused, and afterwards the way is open as before.
async fn refused(net: std::sync::Arc<Net>, document: &str, attacks: Vec<Attack>) {
    let house = house(&net).await;
    known(&net, &house).await;
    let mut browser = house.browser();
    for (name, change, told) in attacks {
        net.change(document, change);
        let answer = come_back(&net, &mut browser).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{document} {name}: {} {}", answer.location, answer.body);
        let register = house.register().await;
        let last = register.lines().rfind(|line| line.starts_with("response")).unwrap().to_owned();
        assert!(last.contains(told), "{document} {name}: {told}: {last}");
        net.restore();
        house.execute("DELETE FROM identity_messages").await;
    }
    assert_eq!(browser.get("/prova").await.status, StatusCode::SEE_OTHER, "nobody came in");
    enter(&net, &mut browser).await;
}

#[tokio::test]
async fn an_id_token_says_exactly_what_was_asked() {
    let long_ago = NOW - 700;
    refused(
        Net::new(),
        "id_token",
        vec![
            claim("iss", json!("https://altro.example"), "id_token says something else than expected: iss"),
            without("iss", "expected: iss"),
            claim("aud", json!(["https://altro-cliente.example"]), "expected: aud"),
            claim("aud", json!("https://altro-cliente.example"), "expected: aud"),
            claim("aud", json!(["http://localhost:8080", "https://altro-cliente.example"]), "expected: aud"),
            claim("aud", json!([]), "expected: aud"),
            without("aud", "expected: aud"),
            claim("azp", json!("https://altro-cliente.example"), "expected: azp"),
            claim("nonce", json!("00000000000000000000000000000000"), "expected: nonce"),
            without("nonce", "expected: nonce"),
            claim("exp", json!(long_ago), "expected: exp"),
            claim("exp", json!("domani"), "expected: exp"),
            without("exp", "expected: exp"),
            claim("iat", json!(NOW + 700), "expected: iat"),
            claim("iat", json!(long_ago), "expected: iat"),
            without("iat", "expected: iat"),
            claim("nbf", json!(NOW + 700), "expected: nbf"),
            claim("at_hash", json!("AAAAAAAAAAAAAAAAAAAAAA"), "expected: at_hash"),
            without("at_hash", "expected: at_hash"),
            claim("c_hash", json!("AAAAAAAAAAAAAAAAAAAAAA"), "expected: c_hash"),
            claim("acr", json!("https://www.spid.gov.it/SpidL1"), "level of the e-ID is lower"),
            claim("acr", json!("https://www.spid.gov.it/SpidL9"), "level of the e-ID is lower"),
            without("acr", "level of the e-ID is lower"),
            claim("sub", json!(""), "expected: sub"),
            without("sub", "expected: sub"),
        ],
    )
    .await;
}

#[tokio::test]
async fn an_id_token_is_signed_with_the_provider_s_own_key_and_a_sound_algorithm() {
    let net = Net::new();
    let (attacker, federation, other) = (net.key("attaccante"), net.key("op"), net.key("altro-core"));
    let (own, public) = (net.key("op-core"), net.key("op-core").public().to_string());
    let point = net.key("op-core").set().to_string();
    let unsigned = |draft: &mut Draft, alg: &str| {
        let header = encode(json!({"alg": alg, "kid": "op-core"}).to_string());
        draft.text = Some(format!("{header}.{}.", encode(draft.claims.to_string())));
    };
    let signed_by = |key: &std::sync::Arc<super::words::Key>, kid: &'static str| {
        let key = key.clone();
        move |draft: &mut Draft| {
            draft.key = key.clone();
            draft.header["kid"] = json!(kid);
        }
    };
    let shared = move |secret: String| {
        move |draft: &mut Draft| {
            let header = json!({"alg": "HS256", "kid": "op-core"});
            draft.text = Some(sign_shared(secret.as_bytes(), &header, &draft.claims));
        }
    };
    let twice = move |draft: &mut Draft| {
        let header = encode(r#"{"alg":"ES256","kid":"attaccante","kid":"op-core"}"#);
        let signed = own.sign(&draft.header, &draft.claims);
        let rest = signed.split_once('.').unwrap().1.to_owned();
        draft.text = Some(format!("{header}.{rest}"));
    };
    let attacks = vec![
        attack("none", move |draft| unsigned(draft, "none"), "algorithm none is not allowed"),
        attack("None", move |draft| unsigned(draft, "None"), "algorithm None is not allowed"),
        attack("no signature", move |draft| unsigned(draft, "ES256"), "signature does not hold"),
        attack("HS256 with the public key", shared(public), "algorithm HS256 is not allowed"),
        attack("HS256 with the set", shared(point), "algorithm HS256 is not allowed"),
        attack("another algorithm", |draft| draft.header["alg"] = json!("RS256"), "signature does not hold"),
        attack("another's key under its name", signed_by(&attacker, "op-core"), "signature does not hold"),
        attack("an unknown name", signed_by(&attacker, "attaccante"), "has the name \"attaccante\""),
        attack("another provider's key", signed_by(&other, "altro-core"), "has the name \"altro-core\""),
        attack("the federation's key", signed_by(&federation, "op"), "has the name \"op\""),
        attack("no name", |draft| drop(draft.header.as_object_mut().unwrap().remove("kid")), "has the name \"\""),
        attack("two names", twice, "header cannot be read"),
        header("jwk", attacker.public(), "brings along a key"),
        header("jku", json!("https://attaccante.example/jwks.json"), "brings along a key"),
        header("x5u", json!("https://attaccante.example/x5u"), "brings along a key"),
        header("crit", json!(["b64"]), "something that must be understood"),
        header("b64", json!(false), "something that must be understood"),
        header("typ", json!("entity-statement+jwt"), "of another type"),
        header("typ", json!("at+jwt"), "of another type"),
        attack("four parts", |draft| draft.text = Some("a.b.c.d".to_owned()), "not in compact form"),
        attack("too large", |draft| draft.text = Some("a".repeat(300_000)), "larger than any real one"),
        attack(
            "altered",
            |draft| {
                let signed = draft.key.sign(&draft.header, &draft.claims);
                let mut parts: Vec<_> = signed.split('.').map(str::to_owned).collect();
                draft.claims["sub"] = json!("altra");
                parts[1] = encode(draft.claims.to_string());
                draft.text = Some(parts.join("."));
            },
            "signature does not hold",
        ),
    ];
    refused(net, "id_token", attacks).await;
}

#[tokio::test]
async fn what_is_said_of_a_person_is_signed_and_of_the_same_person() {
    let net = Net::new();
    let (attacker, number) = (net.key("attaccante"), "https://attributes.eid.gov.it/fiscal_number");
    let attacks = vec![
        claim("sub", json!("persona-2"), "userinfo says something else than expected: sub"),
        without("sub", "expected: sub"),
        claim("iss", json!("https://altro.example"), "expected: iss"),
        claim("aud", json!("https://altro-cliente.example"), "expected: aud"),
        claim("exp", json!(NOW - 700), "expected: exp"),
        claim("exp", json!("domani"), "expected: exp"),
        without("iss", "expected: iss"),
        without("aud", "expected: aud"),
        without("exp", "expected: exp"),
        without(number, "no Italian fiscal code"),
        claim(number, json!("BNCNNA90M49Z404C"), "fiscal_number is missing or malformed"),
        claim(number, json!("TINIT-BNCNNA90M49Z404X"), "fiscal_number is missing or malformed"),
        claim(number, json!("TINIT-bncnna90m49z404c"), "fiscal_number is missing or malformed"),
        without("given_name", "given_name is missing"),
        claim("family_name", json!("  "), "family_name is missing"),
        claim("birthdate", json!("ieri"), "birthdate is missing or malformed"),
        attack("another's key", move |draft| draft.key = attacker.clone(), "signature does not hold"),
        attack(
            "none",
            |draft| {
                let header = encode(json!({"alg": "none"}).to_string());
                draft.text = Some(format!("{header}.{}.", encode(draft.claims.to_string())));
            },
            "algorithm none is not allowed",
        ),
        attack("plain", |draft| draft.text = Some(draft.claims.to_string()), "not in compact form"),
    ];
    refused(net, "userinfo", attacks).await;
}

#[tokio::test]
async fn what_is_said_of_a_person_is_encrypted_for_us() {
    let net = Net::new();
    let foreign = foreign_keys();
    let attacks = vec![
        attack(
            "signed only",
            |draft| draft.text = Some(draft.claims.as_str().unwrap().to_owned()),
            "not in compact form",
        ),
        attack(
            "altered",
            |draft| {
                let whole = draft.text.take().unwrap();
                let mut parts: Vec<_> = whole.split('.').map(str::to_owned).collect();
                parts[3] = format!("AAAA{}", &parts[3][4..]);
                draft.text = Some(parts.join("."));
            },
            "cannot be decrypted",
        ),
        attack(
            "a shorter proof",
            |draft| {
                let whole = draft.text.take().unwrap();
                let mut parts: Vec<_> = whole.split('.').map(str::to_owned).collect();
                parts[4] = encode(&decode(&parts[4])[..16]);
                draft.text = Some(parts.join("."));
            },
            "cannot be decrypted",
        ),
        attack(
            "another algorithm",
            |draft| {
                let whole = draft.text.take().unwrap();
                let rest = whole.split_once('.').unwrap().1.to_owned();
                draft.text = Some(format!("{}.{rest}", encode(r#"{"alg":"RSA1_5","enc":"A256CBC-HS512"}"#)));
            },
            "algorithm RSA1_5 is not allowed",
        ),
        attack(
            "compressed",
            |draft| {
                let whole = draft.text.take().unwrap();
                let rest = whole.split_once('.').unwrap().1.to_owned();
                draft.text =
                    Some(format!("{}.{rest}", encode(r#"{"alg":"RSA-OAEP","enc":"A256CBC-HS512","zip":"DEF"}"#)));
            },
            "zip",
        ),
        attack(
            "for another",
            move |draft| draft.text = Some(encrypt(draft.claims.as_str().unwrap(), &foreign)),
            "no key of its issuer",
        ),
    ];
    refused(net, "sealed", attacks).await;
}

/// Somebody else's key for encryption.
fn foreign_keys() -> Value {
    use aws_lc_rs::{
        rsa::KeySize,
        signature::{KeyPair as _, RsaKeyPair},
    };
    let pair = RsaKeyPair::generate(KeySize::Rsa2048).unwrap();
    let (n, e) = (pair.public_key().modulus(), pair.public_key().exponent());
    let (n, e) = (encode(n.big_endian_without_leading_zero()), encode(e.big_endian_without_leading_zero()));
    json!({"keys": [{"kty": "RSA", "use": "enc", "kid": "altrui", "n": n, "e": e}]})
}

#[tokio::test]
async fn a_token_of_another_kind_is_no_token() {
    let net = Net::new();
    let house = house(&net).await;
    known(&net, &house).await;
    let mut browser = house.browser();
    for (name, value) in [
        ("token_type", json!("mac")),
        ("access_token", json!("")),
        ("access_token", json!("a\nb")),
        ("id_token", json!(1)),
    ] {
        net.change("tokens", move |draft| draft.claims[name] = value.clone());
        let answer = come_back(&net, &mut browser).await;
        assert_eq!(answer.status, StatusCode::BAD_GATEWAY, "{name}");
    }
}
