use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex},
};

use identity::{Call, Reply, Wire, WireError};
use serde_json::{Value, json};

use super::words::{Key, challenge, encrypt, half, is_signed, read};
use crate::house::PUBLIC;

pub const ANCHOR: &str = "https://ancora.example";
pub const MIDDLE: &str = "https://intermedio.example";
pub const OP: &str = "https://op.example";
pub const ALTRO: &str = "https://altro.example";
/// 2026-11-21T09:00:00Z, when every test begins.
pub const NOW: i64 = 1_795_251_600;
pub const DAY: i64 = 86_400;

/// A signed text before it is signed. What a test changes, it changes here.
pub struct Draft {
    pub header: Value,
    pub claims: Value,
    /// Who signs.
    pub key: Arc<Key>,
    /// Instead of all that.
    pub text: Option<String>,
}

type Change = Box<dyn Fn(&mut Draft) + Send>;
type Replace = Box<dyn Fn() -> Result<Reply, WireError> + Send>;

/// A federation in memory: an anchor, an intermediate, a provider below each.
#[derive(Default)]
pub struct Net {
    keys: BTreeMap<&'static str, Arc<Key>>,
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    changes: BTreeMap<String, Change>,
    replaced: BTreeMap<String, Replace>,
    asked: Vec<String>,
    own: Value,
    codes: BTreeMap<String, Value>,
    tokens: BTreeMap<String, Value>,
    proofs: BTreeSet<String>,
    revoked: Vec<String>,
    issued: usize,
}

impl Net {
    pub fn new() -> Arc<Self> {
        let names = ["ancora", "intermedio", "op", "op-core", "altro", "altro-core", "attaccante"];
        let keys = names.into_iter().map(|name| (name, Arc::new(Key::new(name)))).collect();
        Arc::new(Self { keys, ..Self::default() })
    }

    pub fn key(&self, name: &str) -> Arc<Key> {
        Arc::clone(&self.keys[name])
    }

    pub fn anchor_keys(&self) -> String {
        self.key("ancora").set().to_string()
    }

    /// From now on the document of this name is another.
    pub fn change(&self, document: &str, change: impl Fn(&mut Draft) + Send + 'static) {
        self.inner.lock().unwrap().changes.insert(document.to_owned(), Box::new(change));
    }

    /// From now on this answers there.
    pub fn replace(&self, url: &str, answer: impl Fn() -> Result<Reply, WireError> + Send + 'static) {
        self.inner.lock().unwrap().replaced.insert(url.to_owned(), Box::new(answer));
    }

    /// As it was at first.
    pub fn restore(&self) {
        let mut inner = self.inner.lock().unwrap();
        inner.changes.clear();
        inner.replaced.clear();
    }

    pub fn asked(&self) -> Vec<String> {
        self.inner.lock().unwrap().asked.clone()
    }

    pub fn revoked(&self) -> Vec<String> {
        self.inner.lock().unwrap().revoked.clone()
    }

    /// What the provider does with a browser that comes with a request of ours: checks it, and sends it back with a code.
    pub fn authorize(&self, location: &str) -> String {
        let code = self.grant(location);
        let state = super::net::field(&object(location).1, "state");
        super::answered(&code, &state, OP)
    }

    /// A code for a request of ours.
    pub fn grant(&self, location: &str) -> String {
        let (text, request) = object(location);
        let mut inner = self.inner.lock().unwrap();
        assert!(is_signed(&text, &inner.own), "the request is signed with our key");
        inner.issued += 1;
        let code = format!("codice-{}", inner.issued);
        inner.codes.insert(code.clone(), request);
        code
    }

    /// As the provider must know us to talk to us.
    pub fn learn(&self, configuration: &str) {
        let (_, claims) = read(configuration);
        self.inner.lock().unwrap().own = claims["metadata"]["openid_relying_party"]["jwks"].clone();
    }

    fn signed(inner: &Inner, name: &str, mut draft: Draft) -> String {
        if let Some(change) = inner.changes.get(name) {
            change(&mut draft);
        }
        draft.text.clone().unwrap_or_else(|| draft.key.sign(&draft.header, &draft.claims))
    }

    fn statement(&self, inner: &Inner, name: &str, (key, claims): (&str, Value)) -> String {
        let key = self.key(key);
        let header = json!({"alg": "ES256", "kid": key.kid, "typ": "entity-statement+jwt"});
        let mut claims = claims;
        claims["iat"] = (NOW - 60).into();
        claims["exp"] = (NOW + 30 * DAY).into();
        Self::signed(inner, name, Draft { header, claims, key, text: None })
    }

    fn of_itself(&self, inner: &Inner, name: &str) -> String {
        let entity = format!("https://{name}.example");
        let mut claims = json!({"iss": entity, "sub": entity, "jwks": self.key(name).set()});
        let federation = json!({"federation_entity": {
            "organization_name": format!("Gestore {name}"),
            "federation_fetch_endpoint": format!("{entity}/fetch"),
            "federation_list_endpoint": format!("{entity}/list"),
        }});
        claims["metadata"] = federation;
        match name {
            "ancora" => claims["constraints"] = json!({"max_path_length": 3}),
            "attaccante" => {}
            "intermedio" => claims["authority_hints"] = json!([ANCHOR]),
            _ => {
                claims["authority_hints"] = json!([if name == "op" { ANCHOR } else { MIDDLE }]);
                claims["metadata"]["openid_provider"] = self.provider(name);
            }
        }
        self.statement(inner, name, (name, claims))
    }

    fn provider(&self, name: &str) -> Value {
        let at = |place: &str| format!("https://{name}.example/{place}");
        json!({
            "issuer": format!("https://{name}.example"),
            "authorization_endpoint": at("authorize"),
            "token_endpoint": at("token"),
            "userinfo_endpoint": at("userinfo"),
            "revocation_endpoint": at("revoke"),
            "code_challenge_methods_supported": ["S256"],
            "response_types_supported": ["code"],
            "token_endpoint_auth_methods_supported": ["private_key_jwt"],
            "request_object_signing_alg_values_supported": ["RS256", "ES256"],
            "jwks": self.key(&format!("{name}-core")).set(),
        })
    }

    fn about(&self, inner: &Inner, issuer: &str, subject: &str) -> Option<String> {
        let name = subject.strip_prefix("https://")?.strip_suffix(".example")?;
        let known = matches!((issuer, name), ("ancora", "intermedio" | "op") | ("intermedio", "altro"));
        let key = self.keys.get(name).filter(|_| known || inner.changes.contains_key(&format!("{issuer}/{name}")))?;
        let claims = json!({
            "iss": format!("https://{issuer}.example"),
            "sub": subject,
            "jwks": key.set(),
            "metadata_policy": {"openid_provider": {"response_types_supported": {"value": ["code"]}}},
        });
        Some(self.statement(inner, &format!("{issuer}/{name}"), (issuer, claims)))
    }

    /// `private_key_jwt`: of us, for this endpoint, once.
    fn is_us(inner: &mut Inner, url: &str, form: &BTreeMap<&str, &str>) -> bool {
        let proof = form["client_assertion"];
        let (_, claims) = read(proof);
        let fresh = inner.proofs.insert(claims["jti"].as_str().unwrap().to_owned());
        let ours = claims["iss"] == PUBLIC && claims["sub"] == PUBLIC && claims["aud"] == json!([url]);
        fresh && ours && is_signed(proof, &inner.own)
    }

    fn tokens(&self, inner: &mut Inner, url: &str, form: &BTreeMap<&str, &str>) -> Option<String> {
        let request = inner.codes.remove(form["code"])?;
        if !Self::is_us(inner, url, form) || request["code_challenge"] != challenge(form["code_verifier"]) {
            return None;
        }
        if request["redirect_uri"] != form["redirect_uri"] || form["grant_type"] != "authorization_code" {
            return None;
        }
        let access = format!("gettone-{}", inner.issued);
        inner.tokens.insert(access.clone(), request.clone());
        let key = self.key("op-core");
        let claims = json!({
            "iss": OP, "sub": "persona-1", "aud": [PUBLIC], "nonce": request["nonce"], "acr": request["acr_values"],
            "at_hash": half(&access), "c_hash": half(form["code"]), "iat": NOW, "exp": NOW + 300, "jti": access,
        });
        let header = json!({"alg": "ES256", "kid": key.kid});
        let id_token = Self::signed(inner, "id_token", Draft { header, claims, key, text: None });
        let mut tokens =
            json!({"access_token": access, "token_type": "Bearer", "expires_in": 300, "id_token": id_token});
        if inner.changes.contains_key("tokens") {
            let mut draft = Draft { header: json!({}), claims: tokens, key: self.key("op"), text: None };
            inner.changes["tokens"](&mut draft);
            tokens = draft.claims;
        }
        Some(tokens.to_string())
    }

    fn userinfo(&self, inner: &Inner, bearer: &str) -> Option<String> {
        inner.tokens.get(bearer)?;
        let key = self.key("op-core");
        let claims = json!({
            "iss": OP, "sub": "persona-1", "aud": PUBLIC, "given_name": "Anna", "family_name": "Bianchi", "birthdate": "1990-08-09",
            "https://attributes.eid.gov.it/fiscal_number": "TINIT-BNCNNA90M49Z404C", "email": "anna@prova.example",
            "iat": NOW, "exp": NOW + 300,
        });
        let header = json!({"alg": "ES256", "kid": key.kid});
        let signed = Self::signed(inner, "userinfo", Draft { header, claims, key, text: None });
        let whole = encrypt(&signed, &inner.own);
        let draft = Draft { header: json!({}), claims: json!(signed), key: self.key("op"), text: Some(whole) };
        Some(Self::signed(inner, "sealed", draft))
    }
}

impl Wire for Net {
    fn send(&self, call: &Call) -> Result<Reply, WireError> {
        let mut inner = self.inner.lock().unwrap();
        inner.asked.push(call.url.to_owned());
        if let Some(replace) = inner.replaced.get(call.url) {
            return replace();
        }
        let rest = call.url.strip_prefix("https://").ok_or(WireError("no such host".to_owned()))?;
        let (host, place) = rest.split_once('/').unwrap_or((rest, ""));
        let name = host.strip_suffix(".example").ok_or(WireError("no such host".to_owned()))?.to_owned();
        let form: BTreeMap<_, _> = call.form.unwrap_or_default().iter().copied().collect();
        let body = match place.split('?').next().unwrap_or_default() {
            _ if name == "fuori" => return Err(WireError("timed out".to_owned())),
            ".well-known/openid-federation" if self.keys.contains_key(name.as_str()) => {
                Some(self.of_itself(&inner, &name))
            }
            "fetch" => {
                let subject = web_decode(place.split("sub=").nth(1).unwrap_or_default());
                self.about(&inner, &name, &subject)
            }
            "list" => Some(json!([OP, ALTRO]).to_string()),
            "token" if name == "op" => self.tokens(&mut inner, call.url, &form),
            "userinfo" if name == "op" => self.userinfo(&inner, call.bearer.unwrap_or_default()),
            "revoke" if name == "op" && Self::is_us(&mut inner, call.url, &form) => {
                inner.revoked.push(form["token"].to_owned());
                Some(String::new())
            }
            _ => None,
        };
        Ok(body.map_or(Reply { status: 404, body: "{}".to_owned() }, |body| Reply { status: 200, body }))
    }
}

/// The request that an address carries, as text and as claims.
pub fn object(location: &str) -> (String, Value) {
    let text = location.split("request=").nth(1).and_then(|rest| rest.split('&').next()).unwrap().to_owned();
    let claims = read(&text).1;
    (text, claims)
}

pub fn field(claims: &Value, name: &str) -> String {
    claims[name].as_str().unwrap_or_else(|| panic!("no {name} in {claims}")).to_owned()
}

fn web_decode(text: &str) -> String {
    text.replace("%3A", ":").replace("%2F", "/")
}
