//! Whom the federation vouches for, and whom it must not seem to vouch for.

use std::sync::Arc;

use identity::{Reply, WireError};
use serde_json::{Value, json};

use super::{
    DECLARED, house,
    net::{ALTRO, ANCHOR, DAY, Draft, MIDDLE, NOW, Net, OP},
    words::encode,
};
use crate::house::House;

/// Whether a provider can be chosen.
pub async fn offers(house: &House, name: &str) -> bool {
    house.browser().get("/accesso").await.body.contains(&format!("idp=https%3A%2F%2F{name}.example"))
}

/// A federation that is in order, and what changes in it for a while.
struct Trial {
    net: Arc<Net>,
    house: House,
}

impl Trial {
    async fn new() -> Self {
        let net = Net::new();
        let house = house(&net).await;
        Self { net, house }
    }

    /// With this change, this provider is not offered, whereas without it is.
    async fn keeps_out(&self, provider: &str, document: &str, change: impl Fn(&mut Draft) + Send + 'static) {
        assert!(offers(&self.house, provider).await, "{document}: without the change it is there");
        self.net.change(document, change);
        self.look_again().await;
        assert!(!offers(&self.house, provider).await, "{document}");
        self.net.restore();
        self.look_again().await;
    }

    async fn look_again(&self) {
        self.house.pass(3_601);
        self.house.look().await;
    }
}

pub fn set(name: &'static str, value: Value) -> impl Fn(&mut Draft) + Send {
    move |draft| draft.claims[name] = value.clone()
}

#[tokio::test]
async fn who_stands_below_the_anchor_or_below_an_intermediate_is_offered() {
    let net = Net::new();
    let house = house(&net).await;
    assert!(offers(&house, "op").await && offers(&house, "altro").await);
    assert!(!offers(&house, "intermedio").await);
    let before = net.asked().len();
    house.browser().get("/accesso").await;
    super::start(&mut house.browser(), OP, "/prova").await;
    house.pass(100);
    house.look().await;
    assert_eq!(net.asked().len(), before, "nobody is asked in a person's request, nor before it is time");
}

#[tokio::test]
async fn an_anchor_is_known_by_its_declared_key_alone() {
    let net = Net::new();
    let attacker = net.key("attaccante");
    net.change("ancora", move |draft| {
        draft.key = attacker.clone();
        draft.header["kid"] = json!("attaccante");
        draft.claims["jwks"] = attacker.set();
    });
    let house = house(&net).await;
    assert!(!offers(&house, "op").await && !offers(&house, "altro").await);
}

#[tokio::test]
async fn another_anchor_vouches_for_nobody() {
    let net = Net::new();
    let own = json!(["https://attaccante.example"]);
    net.change("op", set("authority_hints", own));
    // It says of itself whatever it likes, and of the provider that it knows it.
    net.change("attaccante/op", |_| ());
    let house = house(&net).await;
    assert!(!offers(&house, "op").await && offers(&house, "altro").await);
    assert!(net.asked().contains(&"https://attaccante.example/fetch?sub=https%3A%2F%2Fop.example".to_owned()));
}

#[tokio::test]
async fn an_anchor_s_key_under_its_name_is_not_enough() {
    let net = Net::new();
    let attacker = net.key("attaccante");
    net.change("ancora", move |draft| {
        draft.key = attacker.clone();
        draft.claims["jwks"] = json!({"keys": [attacker.public_as("ancora")]});
    });
    let house = house(&net).await;
    assert!(!offers(&house, "op").await);
}

#[tokio::test]
async fn statements_hold_in_their_time_for_their_subject_and_as_what_they_are() {
    let trial = Trial::new().await;
    for document in ["op", "ancora/op"] {
        trial.keeps_out("op", document, set("exp", json!(NOW - 600))).await;
        trial.keeps_out("op", document, set("iat", json!(NOW + 40 * DAY))).await;
        trial.keeps_out("op", document, set("sub", json!(ALTRO))).await;
        trial.keeps_out("op", document, set("iss", json!(MIDDLE))).await;
        trial.keeps_out("op", document, set("crit", json!(["nuovo"]))).await;
        trial.keeps_out("op", document, |draft| draft.header["typ"] = json!("JWT")).await;
        trial.keeps_out("op", document, |draft| drop(draft.claims.as_object_mut().unwrap().remove("exp"))).await;
    }
}

#[tokio::test]
async fn keys_are_those_that_the_superior_knows() {
    let trial = Trial::new().await;
    let attacker = trial.net.key("attaccante");
    // Somebody who holds the provider's address and none of its keys says he is the provider.
    let own = attacker.clone();
    let pretend = move |draft: &mut Draft| {
        draft.key = own.clone();
        draft.header["kid"] = json!("attaccante");
        draft.claims["jwks"] = own.set();
    };
    trial.keeps_out("op", "op", pretend).await;
    let own = attacker.clone();
    let renamed = move |draft: &mut Draft| {
        draft.key = own.clone();
        draft.claims["jwks"] = json!({"keys": [own.public_as("op")]});
    };
    trial.keeps_out("op", "op", renamed).await;
    // Metadata that nobody signed.
    trial
        .keeps_out("op", "op", |draft| {
            let signed = draft.key.sign(&draft.header, &draft.claims);
            draft.claims["metadata"]["openid_provider"]["token_endpoint"] = json!("https://attaccante.example/token");
            let parts: Vec<_> = signed.split('.').collect();
            draft.text = Some([parts[0], &encode(draft.claims.to_string()), parts[2]].join("."));
        })
        .await;
    // A statement about it that its superior did not sign.
    let own = attacker.clone();
    trial
        .keeps_out("op", "ancora/op", move |draft| {
            draft.key = own.clone();
            draft.header["kid"] = json!("attaccante");
        })
        .await;
    let own = attacker.clone();
    trial.keeps_out("op", "ancora/op", move |draft| draft.key = own.clone()).await;
    // An intermediate that names a key of somebody else beside its own, and lets him speak of providers.
    let (net, own) = (Net::new(), attacker.clone());
    net.change("intermedio", move |draft| {
        let both = json!([draft.key.public(), own.public()]);
        draft.claims["jwks"]["keys"] = both;
    });
    let own = attacker;
    net.change("intermedio/altro", move |draft| {
        draft.key = own.clone();
        draft.header["kid"] = json!("attaccante");
    });
    let house = house(&net).await;
    assert!(!offers(&house, "altro").await && offers(&house, "op").await);
}

#[tokio::test]
async fn policies_and_constraints_of_superiors_are_obeyed() {
    let trial = Trial::new().await;
    let policy =
        |policy: Value| move |draft: &mut Draft| draft.claims["metadata_policy"]["openid_provider"] = policy.clone();
    trial.keeps_out("op", "ancora/op", policy(json!({"issuer": {"one_of": [ALTRO]}}))).await;
    trial.keeps_out("op", "ancora/op", policy(json!({"jwks": {"value": null}}))).await;
    trial.keeps_out("op", "ancora/op", policy(json!({"code_challenge_methods_supported": {"value": ["plain"]}}))).await;
    trial
        .keeps_out(
            "op",
            "ancora/op",
            policy(json!({"token_endpoint_auth_methods_supported": {"value": ["client_secret_basic"]}})),
        )
        .await;
    trial.keeps_out("op", "ancora/op", policy(json!({"tos_uri": {"essential": true}}))).await;
    trial.keeps_out("op", "ancora/op", |draft| draft.claims["metadata_policy_crit"] = json!(["regexp"])).await;
    trial
        .keeps_out("altro", "ancora/intermedio", policy(json!({"response_types_supported": {"value": ["token"]}})))
        .await;
    trial.keeps_out("altro", "ancora/intermedio", set("constraints", json!({"max_path_length": 0}))).await;
    trial.keeps_out("altro", "ancora", set("constraints", json!({"max_path_length": 0}))).await;
    let naming = json!({"naming_constraints": {"permitted": ["op.example", "ancora.example"]}});
    trial.keeps_out("altro", "ancora/intermedio", set("constraints", naming)).await;
    let kinds = json!({"allowed_entity_types": ["openid_relying_party"]});
    trial.keeps_out("op", "ancora/op", set("constraints", kinds)).await;
}

#[tokio::test]
async fn what_a_superior_demands_in_a_way_that_cannot_be_read_is_never_left_out() {
    let trial = Trial::new().await;
    for odd in
        [json!("nessuno"), json!(null), json!([]), json!({"max_path_length": -1}), json!({"max_path_length": "3"})]
    {
        trial.keeps_out("op", "ancora/op", set("constraints", odd.clone())).await;
        trial.keeps_out("op", "ancora", set("constraints", odd)).await;
    }
    for odd in [
        json!({"naming_constraints": "op.example"}),
        json!({"naming_constraints": {"excluded": "op.example"}}),
        json!({"naming_constraints": {"excluded": [["op.example"]]}}),
        json!({"naming_constraints": {"permitted": ["op.example", 1]}}),
        json!({"allowed_entity_types": "openid_provider"}),
        json!({"allowed_leaf_entity_types": ["openid_relying_party"], "allowed_entity_types": ["openid_provider"]}),
    ] {
        trial.keeps_out("op", "ancora/op", set("constraints", odd)).await;
    }
    for odd in [json!("regexp"), json!(null), json!({"regexp": true})] {
        trial.keeps_out("op", "ancora/op", set("metadata_policy_crit", odd)).await;
    }
    for (name, odd) in
        [("metadata_policy", json!("x")), ("metadata", json!("x")), ("metadata", json!({"openid_provider": []}))]
    {
        trial.keeps_out("op", "ancora/op", set(name, odd)).await;
    }
}

#[tokio::test]
async fn nobody_stands_between_a_provider_and_the_anchor_unless_both_sides_say_so() {
    let trial = Trial::new().await;
    trial.keeps_out("altro", "ancora", |draft| drop(draft.claims.as_object_mut().unwrap().remove("constraints"))).await;
    trial.keeps_out("altro", "ancora", set("constraints", json!({}))).await;
    let net = Net::new();
    let house = House::openid(&net, &DECLARED.replace("intermediates = 3", "")).await;
    assert!(
        offers(&house, "op").await && !offers(&house, "altro").await,
        "the anchor allows it, and the file does not"
    );
}

#[tokio::test]
async fn a_superior_s_word_goes_before_the_provider_s_own() {
    let net = Net::new();
    net.change("ancora/op", |draft| {
        draft.claims["metadata"] = json!({"openid_provider": {"authorization_endpoint": "https://op.example/nuovo"}});
    });
    let house = house(&net).await;
    let started = super::start(&mut house.browser(), OP, "/prova").await;
    assert!(started.location.starts_with("https://op.example/nuovo?"), "{}", started.location);
}

#[tokio::test]
async fn a_provider_speaks_in_its_own_name_and_leads_nowhere_else() {
    let trial = Trial::new().await;
    let own = |name: &'static str, value: Value| {
        move |draft: &mut Draft| draft.claims["metadata"]["openid_provider"][name] = value.clone()
    };
    trial.keeps_out("op", "op", own("issuer", json!(ALTRO))).await;
    trial.keeps_out("op", "op", own("authorization_endpoint", json!("javascript:alert(1)"))).await;
    trial.keeps_out("op", "op", own("token_endpoint", json!("file:///etc/passwd"))).await;
    trial.keeps_out("op", "op", own("jwks", json!({"keys": []}))).await;
    trial
        .keeps_out("op", "op", |draft| {
            let both =
                json!([draft.claims["metadata"]["openid_provider"]["jwks"]["keys"][0], draft.key.public_as("op-core")]);
            draft.claims["metadata"]["openid_provider"]["jwks"]["keys"] = both;
        })
        .await;
    trial
        .keeps_out("op", "op", |draft| {
            drop(draft.claims["metadata"].as_object_mut().unwrap().remove("openid_provider"))
        })
        .await;
}

#[tokio::test]
async fn ways_that_turn_in_circles_or_never_end_are_left() {
    let net = Net::new();
    net.change("op", set("authority_hints", json!([OP, MIDDLE])));
    net.change("intermedio", set("authority_hints", json!([MIDDLE, OP, ALTRO])));
    net.change("intermedio/op", |_| ());
    net.change("altro", set("authority_hints", json!([MIDDLE])));
    net.change("op/intermedio", |_| ());
    net.change("altro/intermedio", |_| ());
    let house = house(&net).await;
    assert!(!offers(&house, "op").await && !offers(&house, "altro").await);
    assert!(net.asked().len() < 60, "{}", net.asked().len());

    // Hundreds of superiors, each of whom is far away.
    let many: Vec<_> = (0..500).map(|n| format!("https://lontano{n}.example")).collect();
    let before = net.asked().len();
    net.restore();
    net.change("op", set("authority_hints", json!(many)));
    house.pass(121);
    house.look().await;
    assert!(!offers(&house, "op").await && offers(&house, "altro").await);
    assert!(net.asked().len() - before < 60, "{}", net.asked().len() - before);
}

#[tokio::test]
async fn chains_that_are_too_long_are_left() {
    let net = Net::new();
    // Five stand between the provider and the anchor, all in order.
    let key = net.key("intermedio");
    for place in 0..5 {
        let (name, above) =
            (format!("https://gradino{place}.example"), format!("https://gradino{}.example", place + 1));
        let above = if place == 4 { ANCHOR.to_owned() } else { above };
        let below = if place == 0 { OP.to_owned() } else { format!("https://gradino{}.example", place - 1) };
        let below_key = if place == 0 { net.key("op") } else { key.clone() };
        let times = json!({"iat": NOW, "exp": NOW + 9_000});
        let sign = |key: std::sync::Arc<super::words::Key>, mut claims: Value| {
            claims.as_object_mut().unwrap().extend(times.as_object().unwrap().clone());
            let text = key.sign(&json!({"alg": "ES256", "kid": key.kid, "typ": "entity-statement+jwt"}), &claims);
            move || Ok(Reply { status: 200, body: text.clone() })
        };
        let own = json!({"iss": name, "sub": name, "jwks": key.set(), "authority_hints": [above],
            "metadata": {"federation_entity": {"federation_fetch_endpoint": format!("{name}/fetch")}}});
        net.replace(&format!("{name}/.well-known/openid-federation"), sign(key.clone(), own));
        let about = json!({"iss": name, "sub": below, "jwks": below_key.set()});
        let subject = below.replace(':', "%3A").replace('/', "%2F");
        net.replace(&format!("{name}/fetch?sub={subject}"), sign(key.clone(), about));
        if place == 4 {
            let about = json!({"iss": ANCHOR, "sub": name, "jwks": key.set()});
            let subject = name.replace(':', "%3A").replace('/', "%2F");
            net.replace(&format!("{ANCHOR}/fetch?sub={subject}"), sign(net.key("ancora"), about));
        }
    }
    net.change("op", set("authority_hints", json!(["https://gradino0.example"])));
    let house = house(&net).await;
    assert!(!offers(&house, "op").await);
    net.change("op", set("authority_hints", json!(["https://gradino2.example"])));
    let (key, op) = (net.key("intermedio"), net.key("op"));
    let about = json!({"iss": "https://gradino2.example", "sub": OP, "jwks": op.set(), "iat": NOW, "exp": NOW + 9_000});
    let text = key.sign(&json!({"alg": "ES256", "kid": key.kid, "typ": "entity-statement+jwt"}), &about);
    net.replace("https://gradino2.example/fetch?sub=https%3A%2F%2Fop.example", move || {
        Ok(Reply { status: 200, body: text.clone() })
    });
    house.pass(121);
    house.look().await;
    assert!(offers(&house, "op").await, "three are allowed");
}

#[tokio::test]
async fn where_a_trust_mark_is_wanted_it_is_of_this_provider_and_of_somebody_entrusted() {
    let wanted = "https://ancora.example/op/public";
    let declared = format!("{DECLARED}\n    required_trust_marks = [\"{wanted}\"]\n");
    let net = Net::new();
    let house = House::openid(&net, &declared).await;
    assert!(!offers(&house, "op").await, "without a mark");
    let mark = |net: &Net, key: &str, issuer: &str, subject: &str, change: Value| {
        let mut claims = json!({"iss": issuer, "sub": subject, "id": wanted, "iat": NOW, "exp": NOW + 90_000});
        claims.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        let key = net.key(key);
        let text = key.sign(&json!({"alg": "ES256", "kid": key.kid, "typ": "trust-mark+jwt"}), &claims);
        json!([{"id": wanted, "trust_mark": text}])
    };
    for (name, entrusted, marks, offered) in [
        ("the anchor's", json!(null), mark(&net, "ancora", ANCHOR, OP, json!({})), true),
        ("another provider's", json!(null), mark(&net, "ancora", ANCHOR, ALTRO, json!({})), false),
        ("an attacker's", json!(null), mark(&net, "attaccante", ANCHOR, OP, json!({})), false),
        ("its own", json!(null), mark(&net, "op", OP, OP, json!({})), false),
        ("expired", json!(null), mark(&net, "ancora", ANCHOR, OP, json!({"exp": NOW - 900})), false),
        ("without an end", json!(null), mark(&net, "ancora", ANCHOR, OP, json!({"exp": null})), false),
        ("of another kind", json!(null), mark(&net, "ancora", ANCHOR, OP, json!({"id": "altro"})), false),
        ("an entrusted one's", json!([MIDDLE]), mark(&net, "intermedio", MIDDLE, OP, json!({})), true),
        ("one who is not entrusted", json!([]), mark(&net, "intermedio", MIDDLE, OP, json!({})), false),
        ("the anchor's, who entrusted another", json!([MIDDLE]), mark(&net, "ancora", ANCHOR, OP, json!({})), false),
    ] {
        net.restore();
        net.change("ancora", move |draft| {
            if !entrusted.is_null() {
                draft.claims["trust_mark_issuers"] = json!({wanted: entrusted});
            }
        });
        net.change("op", set("trust_marks", marks));
        house.pass(121);
        house.look().await;
        assert_eq!(offers(&house, "op").await, offered, "{name}");
    }
    // Who gave it and is silent did not take it back.
    net.restore();
    net.change("ancora", move |draft| draft.claims["trust_mark_issuers"] = json!({wanted: [MIDDLE]}));
    net.change("op", set("trust_marks", mark(&net, "intermedio", MIDDLE, OP, json!({}))));
    house.pass(121);
    house.look().await;
    assert!(offers(&house, "op").await);
    net.replace(&format!("{MIDDLE}/.well-known/openid-federation"), || Err(WireError("timed out".to_owned())));
    house.pass(3_601);
    house.look().await;
    assert!(offers(&house, "op").await);
    // Its end is the end of the trust.
    net.restore();
    net.change("op", set("trust_marks", mark(&net, "ancora", ANCHOR, OP, json!({"exp": NOW + 10_800}))));
    house.pass(121);
    house.look().await;
    assert!(offers(&house, "op").await);
    house.pass(10_800);
    assert!(!offers(&house, "op").await);
}
