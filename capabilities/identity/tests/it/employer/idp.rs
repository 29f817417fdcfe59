//! An administration's own provider, in memory: it gives codes to browsers and tokens to whoever proves to be us.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use identity::{Call, Reply, Wire, WireError};
use serde_json::{Value, json};

use crate::{
    house::PUBLIC,
    openid::{
        NOW,
        words::{Key, challenge, half, is_signed, read},
    },
};

pub const ISSUER: &str = "https://accesso.example/ente";
pub const SECRET: &str = "un-segreto-di-prova";

/// A token before it is signed. What a test changes, it changes here.
pub struct Draft {
    pub header: Value,
    pub claims: Value,
    /// Instead of all that.
    pub text: Option<String>,
}

pub type Change = Box<dyn Fn(&mut Draft) + Send>;

pub struct Idp {
    inner: Mutex<Inner>,
}

struct Inner {
    key: Arc<Key>,
    /// What it says of who sits there, in the token and beside it.
    told: Value,
    beside: Value,
    configuration: Value,
    change: Option<Change>,
    codes: BTreeMap<String, BTreeMap<String, String>>,
    asked: Vec<String>,
    silent: bool,
    issued: usize,
    /// Our public keys, where we sign.
    ours: Option<Value>,
}

impl Idp {
    pub fn new() -> Arc<Self> {
        let at = |place: &str| format!("{ISSUER}/{place}");
        let configuration = json!({
            "issuer": ISSUER,
            "authorization_endpoint": at("authorize"),
            "token_endpoint": at("token"),
            "userinfo_endpoint": at("userinfo"),
            "end_session_endpoint": at("logout"),
            "jwks_uri": at("jwks"),
            "authorization_response_iss_parameter_supported": true,
            "code_challenge_methods_supported": ["S256"],
        });
        let told = json!({
            "sub": "u-17", "preferred_username": "Ada.Prova", "name": "Ada  Prova", "groups": ["famiglie", "posta"],
            "auth_time": NOW - 3_600, "sid": "s-1",
        });
        Arc::new(Self {
            inner: Mutex::new(Inner {
                key: Arc::new(Key::new("ente-1")),
                told,
                beside: json!({"sub": "u-17"}),
                configuration,
                change: None,
                codes: BTreeMap::new(),
                asked: Vec::new(),
                silent: false,
                issued: 0,
                ours: None,
            }),
        })
    }

    fn with<T>(&self, act: impl FnOnce(&mut Inner) -> T) -> T {
        act(&mut self.inner.lock().unwrap())
    }

    /// From now on it says this of who sits there; nothing where the value is null.
    pub fn tell(&self, name: &str, value: Value) {
        self.with(|inner| match value.is_null() {
            true => drop(inner.told.as_object_mut().unwrap().remove(name)),
            false => inner.told[name] = value,
        });
    }

    /// The same beside the token, to who shows it.
    pub fn tell_beside(&self, name: &str, value: Value) {
        self.with(|inner| inner.beside[name] = value);
    }

    /// From now on its configuration says this.
    pub fn configure(&self, name: &str, value: Value) {
        self.with(|inner| inner.configuration[name] = value);
    }

    /// From now on the tokens are others.
    pub fn change(&self, change: impl Fn(&mut Draft) + Send + 'static) {
        self.with(|inner| inner.change = Some(Box::new(change)));
    }

    pub fn unchanged(&self) {
        self.with(|inner| inner.change = None);
    }

    pub fn renew_key(&self, kid: &str) {
        self.with(|inner| inner.key = Arc::new(Key::new(kid)));
    }

    pub fn fall_silent(&self) {
        self.with(|inner| inner.silent = true);
    }

    /// We sign, with these.
    pub fn learn(&self, keys: Value) {
        self.with(|inner| inner.ours = Some(keys));
    }

    pub fn key(&self) -> Arc<Key> {
        self.with(|inner| Arc::clone(&inner.key))
    }

    pub fn asked(&self) -> Vec<String> {
        self.with(|inner| inner.asked.clone())
    }

    /// What it does with a browser that comes: lets who sits there in, and sends them back.
    pub fn authorize(&self, location: &str) -> String {
        let request = pairs(location);
        self.with(|inner| {
            inner.issued += 1;
            let code = format!("codice-{}", inner.issued);
            let state = request["state"].clone();
            inner.codes.insert(code.clone(), request);
            format!(
                "{PUBLIC}/ufficio/accesso/ente/ritorno?code={code}&state={state}&iss={}",
                crate::house::encode(ISSUER)
            )
        })
    }

    /// That somebody left.
    pub fn goodbye(&self, change: impl FnOnce(&mut Value, &mut Value)) -> String {
        let mut header = json!({"alg": "ES256", "kid": self.key().kid, "typ": "logout+jwt"});
        let mut claims = json!({
            "iss": ISSUER, "aud": "sportello", "iat": NOW, "exp": NOW + 120, "jti": "addio-1", "sub": "u-17", "sid": "s-1",
            "events": {"http://schemas.openid.net/event/backchannel-logout": {}},
        });
        change(&mut header, &mut claims);
        self.key().sign(&header, &claims)
    }
}

impl Inner {
    fn is_us(&self, call: &Call, form: &BTreeMap<&str, &str>) -> bool {
        match &self.ours {
            Some(keys) => form.get("client_assertion").is_some_and(|proof| {
                let claims = read(proof).1;
                claims["iss"] == "sportello" && claims["aud"] == json!([call.url]) && is_signed(proof, keys)
            }),
            None if call.basic.is_some() => call.basic == Some(("sportello", SECRET)),
            None => form.get("client_id") == Some(&"sportello") && form.get("client_secret") == Some(&SECRET),
        }
    }

    fn tokens(&mut self, call: &Call) -> Option<String> {
        let form: BTreeMap<_, _> = call.form.unwrap_or_default().iter().copied().collect();
        let request = self.codes.remove(form["code"])?;
        let fits = request["code_challenge"] == challenge(form["code_verifier"])
            && request["redirect_uri"] == form["redirect_uri"]
            && form["grant_type"] == "authorization_code";
        if !fits || !self.is_us(call, &form) {
            return None;
        }
        let access = format!("gettone-{}", self.issued);
        let mut claims = self.told.clone();
        for (name, value) in [
            ("iss", json!(ISSUER)),
            ("aud", json!("sportello")),
            ("nonce", json!(request["nonce"])),
            ("at_hash", json!(half(&access))),
            ("iat", json!(NOW)),
            ("exp", json!(NOW + 300)),
        ] {
            claims[name] = value;
        }
        let header = json!({"alg": "ES256", "kid": self.key.kid, "typ": "JWT"});
        let mut draft = Draft { header, claims, text: None };
        if let Some(change) = &self.change {
            change(&mut draft);
        }
        let id_token = draft.text.unwrap_or_else(|| self.key.sign(&draft.header, &draft.claims));
        Some(json!({"access_token": access, "token_type": "Bearer", "id_token": id_token}).to_string())
    }
}

impl Wire for Idp {
    fn send(&self, call: &Call) -> Result<Reply, WireError> {
        self.with(|inner| {
            inner.asked.push(call.url.to_owned());
            if inner.silent {
                return Err(WireError("timed out".to_owned()));
            }
            let body = match call.url.strip_prefix(ISSUER).unwrap_or_default() {
                "/.well-known/openid-configuration" => Some(inner.configuration.to_string()),
                "/jwks" => Some(inner.key.set().to_string()),
                "/token" => inner.tokens(call),
                "/userinfo" => call.bearer.map(|_| inner.beside.to_string()),
                _ => None,
            };
            Ok(body.map_or(Reply { status: 400, body: "{}".to_owned() }, |body| Reply { status: 200, body }))
        })
    }
}

/// What an address asks for.
pub fn pairs(location: &str) -> BTreeMap<String, String> {
    let query = location.split_once('?').map_or("", |(_, query)| query);
    let pair = |pair: &str| {
        let (name, value) = pair.split_once('=').unwrap();
        (name.to_owned(), value.replace("%3A", ":").replace("%2F", "/").replace("%20", " ").replace('+', " "))
    };
    query.split('&').map(pair).collect()
}
