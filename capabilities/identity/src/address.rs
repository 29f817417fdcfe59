use std::{convert::Infallible, net::SocketAddr};

use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::request::Parts,
};
use sha2::{Digest, Sha256};

/// Where a request comes from, as the connection says. Headers such as `X-Forwarded-For` are anybody's words and are
/// not read here: a proxy that is trusted has to be configured where connections are accepted.
#[derive(Debug, Clone)]
pub(crate) struct Address(String);

impl<S: Sync> FromRequestParts<S> for Address {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        Ok(Self(peer.map_or_else(|| "unknown".to_owned(), |ConnectInfo(peer)| peer.ip().to_string())))
    }
}

impl Address {
    /// The address as tables keep it: enough to see that two requests come from one place, too little to list places.
    /// `secret` is ours alone: without it the few billion addresses could simply be tried.
    pub(crate) fn digest(&self, secret: &[u8]) -> String {
        let mut hash = Sha256::new();
        hash.update(b"sportello/address/v1\n");
        hash.update(secret);
        hash.update(self.0.as_bytes());
        hex::encode(&hash.finalize()[..16])
    }
}
