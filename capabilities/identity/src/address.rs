use std::convert::Infallible;

use axum::{extract::FromRequestParts, http::request::Parts};
use sha2::{Digest, Sha256};
use web::Visit;

/// Where a request comes from ([`web::Facts::address`]), as far as it counts as one place ([`web::network`]).
#[derive(Debug, Clone)]
pub(crate) struct Address(String);

impl<S: Sync> FromRequestParts<S> for Address {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get::<Visit>().map_or_else(|| Self("unknown".to_owned()), Self::of_visit))
    }
}

impl Address {
    /// Of a request.
    pub(crate) fn of_visit(visit: &Visit) -> Self {
        Self(visit.address.map(web::network).map_or_else(|| "unknown".to_owned(), |address| address.to_string()))
    }

    /// Of a connection that no frame looked at.
    pub(crate) fn of(address: std::net::IpAddr) -> Self {
        Self(web::network(address).to_string())
    }

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
