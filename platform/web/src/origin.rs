//! Where a request comes from.

use std::net::{IpAddr, SocketAddr};

use axum::{extract::ConnectInfo, http::request::Parts};

const FORWARDED: &str = "x-forwarded-for";

/// The address from which a request comes: the connection's; behind a proxy that is trusted, the last one of
/// `X-Forwarded-For` that is not a trusted proxy's, since what stands before it is anybody's words. `None` when the server does
/// not say.
pub(crate) fn address(parts: &Parts, trusted: &[IpAddr]) -> Option<IpAddr> {
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>()?.0.ip().to_canonical();
    if !trusted.contains(&peer) {
        return Some(peer);
    }
    let values = parts.headers.get_all(FORWARDED).iter().filter_map(|value| value.to_str().ok());
    let told: Vec<&str> = values.flat_map(|value| value.split(',')).map(str::trim).collect();
    let read = told.into_iter().rev().map(|address| address.parse().map(|address: IpAddr| address.to_canonical()));
    // What cannot be read was not written by a proxy of ours: the proxy itself stands for it.
    let mut ours = read.map_while(Result::ok);
    Some(ours.find(|address| !trusted.contains(address)).unwrap_or(peer))
}

/// What counts as one place: an address of IPv4, and of IPv6 the network with the 64 bits behind it, all of which its holder
/// may use.
#[must_use]
pub fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(whole) => IpAddr::from((u128::from(whole) >> 64 << 64).to_be_bytes()),
        short @ IpAddr::V4(_) => short,
    }
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;

    fn from(peer: [u8; 4], forwarded: &[&str]) -> String {
        let mut request = Request::new(());
        request.extensions_mut().insert(ConnectInfo(SocketAddr::from((peer, 40_000))));
        for value in forwarded {
            request.headers_mut().append(FORWARDED, value.parse().unwrap());
        }
        let trusted = [[10, 0, 0, 1].into(), [10, 0, 0, 2].into()];
        address(&request.into_parts().0, &trusted).unwrap().to_string()
    }

    #[test]
    fn only_a_trusted_proxy_is_believed_and_only_what_it_added_itself() {
        assert_eq!(from([192, 0, 2, 9], &["198.51.100.1"]), "192.0.2.9", "anybody can write a header");
        assert_eq!(from([10, 0, 0, 1], &["198.51.100.1"]), "198.51.100.1");
        assert_eq!(from([10, 0, 0, 1], &["203.0.113.7, 198.51.100.1"]), "198.51.100.1", "the first one is invented");
        assert_eq!(from([10, 0, 0, 1], &["203.0.113.7", "198.51.100.1, 10.0.0.2"]), "198.51.100.1", "two proxies");
        assert_eq!(from([10, 0, 0, 1], &["198.51.100.1, who"]), "10.0.0.1");
        assert_eq!(from([10, 0, 0, 1], &["::ffff:198.51.100.1"]), "198.51.100.1");
        assert_eq!(from([10, 0, 0, 1], &[]), "10.0.0.1");
    }

    #[test]
    fn whoever_has_an_address_of_ipv6_has_all_behind_it() {
        let at = |address: &str| network(address.parse().unwrap());
        assert_eq!(at("2001:db8:1:2::1"), at("2001:db8:1:2:ffff::9"));
        assert_ne!(at("2001:db8:1:2::1"), at("2001:db8:1:3::1"));
        assert_eq!(at("::ffff:192.0.2.1"), at("192.0.2.1"));
    }
}
