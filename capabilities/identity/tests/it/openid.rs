//! OpenID Connect behind a federation: the way in, and everything that must not be one. The federation is played in memory.

mod attacks;
mod coming;
mod net;
mod silence;
mod tokens;
mod trust;
pub mod words;

pub use net::{NOW, Net};

use std::sync::Arc;

use crate::house::{Browser, House, PUBLIC, Reply, encode};
use net::OP;

/// Who we are where the anchor is pinned and two providers are named.
pub const DECLARED: &str = concat!(
    organisation!(),
    r#"
    [openid]
    [[openid.federations]]
    kind = "cie-oidc"
    trust_anchor = "https://ancora.example"
    trust_anchor_keys = "ancora.json"
    providers = ["https://op.example", "https://altro.example"]
    intermediates = 3
"#
);

async fn house(net: &Arc<Net>) -> House {
    House::openid(net, DECLARED).await
}

/// From our page to the provider's.
async fn start(browser: &mut Browser<'_>, provider: &str, back: &str) -> Reply {
    browser.get(&format!("/accesso/oidc/avvia?idp={}&ritorno={}", encode(provider), encode(back))).await
}

/// The whole way to the page that begins a session, or to a refusal.
async fn come_back(net: &Net, browser: &mut Browser<'_>) -> Reply {
    let started = start(browser, OP, "/prova").await;
    let answer = net.authorize(&started.location);
    browser.get(&answer).await
}

/// Where a provider's answer leads.
fn answered(code: &str, state: &str, issuer: &str) -> String {
    format!("{PUBLIC}/accesso/oidc/ritorno?code={code}&state={state}&iss={}", encode(issuer))
}

async fn enter(net: &Net, browser: &mut Browser<'_>) {
    let accepted = come_back(net, browser).await;
    assert!(accepted.location.starts_with("/accesso/fine?codice="), "{} {}", accepted.status, accepted.body);
    assert_eq!(browser.get(&accepted.location).await.location, "/prova");
}
