//! What the program asks others for, over HTTP: bounded in size and time, no redirections, over TLS. Where federations are asked stands
//! in statements that others wrote, so none of it may lead into the house, nor to another service of somebody: port 443 of public
//! addresses and nothing else. Whom the administrator named himself may stand in the house. A demonstration may ask its own machine,
//! too, at any port.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    path::Path,
    sync::Arc,
    time::Duration,
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use ureq::{
    Agent, Error, RequestBuilder,
    config::Config,
    http::Uri,
    tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem},
    unversioned::{
        resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver},
        transport::{DefaultConnector, NextTimeout},
    },
};

use super::jose::LARGEST;

/// For one question and its answer, name and connection included.
const PATIENCE: Duration = Duration::from_secs(5);
const CONNECT: Duration = Duration::from_secs(3);
const HTTPS: u16 = 443;

/// A question to another machine.
#[derive(Debug, Clone, Copy)]
pub struct Call<'a> {
    /// Where.
    pub url: &'a str,
    /// A token that allows it.
    pub bearer: Option<&'a str>,
    /// Our name and the secret that we share with whoever is asked (RFC 6749, 2.3.1).
    pub basic: Option<(&'a str, &'a str)>,
    /// Fields of a form; without them it is a GET.
    pub form: Option<&'a [(&'a str, &'a str)]>,
}

impl<'a> Call<'a> {
    /// A plain question.
    #[must_use]
    pub fn to(url: &'a str) -> Self {
        Self { url, bearer: None, basic: None, form: None }
    }

    /// A form to send there.
    #[must_use]
    pub fn form(url: &'a str, fields: &'a [(&'a str, &'a str)]) -> Self {
        Self { form: Some(fields), ..Self::to(url) }
    }

    /// What the header `Authorization` says, if there is one.
    fn authorization(&self) -> Option<String> {
        let bearer = || self.bearer.map(|token| format!("Bearer {token}"));
        let form = |text: &str| web::percent(text).replace("%20", "+");
        let basic = |(name, secret): (&str, &str)| {
            format!("Basic {}", STANDARD.encode(format!("{}:{}", form(name), form(secret))))
        };
        self.basic.map(basic).or_else(bearer)
    }
}

/// What came back, if it came back whole.
#[derive(Debug, Clone)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// The body, as text.
    pub body: String,
}

/// Why nothing came back that can be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct WireError(pub String);

/// The way to other machines.
pub trait Wire: Send + Sync {
    /// Asks, and waits for the answer. It blocks.
    ///
    /// # Errors
    /// [`WireError`]: no answer, one that is too large or too slow, or the address is not allowed.
    fn send(&self, call: &Call) -> Result<Reply, WireError>;
}

/// Which machines may be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Port 443 of public addresses, over TLS: where to ask is somebody else's word.
    World,
    /// Any machine, over TLS: the administrator said where to ask.
    Named,
    /// As the world, and the own machine besides: for demonstrations.
    Machine,
}

impl Reach {
    /// Whether nothing is asked but over TLS.
    fn tls_only(self) -> bool {
        self != Self::Machine
    }

    /// Whether an address may be asked.
    fn covers(self, tls: bool, address: SocketAddr) -> bool {
        let ip = address.ip().to_canonical();
        match self {
            Self::Named => tls && is_somebody(ip),
            _ if tls && address.port() == HTTPS && is_public(ip) => true,
            _ => self == Self::Machine && ip.is_loopback(),
        }
    }
}

/// The real one.
pub struct HttpWire {
    agent: Agent,
    reach: Reach,
}

impl HttpWire {
    /// `roots` holds the authorities (PEM) by which servers are believed; without it TLS is refused.
    ///
    /// # Errors
    /// In Italian: the file that cannot be read.
    pub fn new(reach: Reach, roots: Option<&Path>) -> Result<Self, String> {
        let mut tls = TlsConfig::builder()
            .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()));
        tls = tls.root_certs(RootCerts::new_with_certs(&roots.map_or(Ok(Vec::new()), certificates)?));
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .https_only(reach.tls_only())
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_global(Some(PATIENCE))
            .timeout_connect(Some(CONNECT))
            .max_idle_connections(0)
            .proxy(None)
            .tls_config(tls.build())
            .build();
        let names = Names { reach, usual: DefaultResolver::default() };
        Ok(Self { agent: Agent::with_parts(config, DefaultConnector::default(), names), reach })
    }
}

impl Wire for HttpWire {
    fn send(&self, call: &Call) -> Result<Reply, WireError> {
        let told = |error: Error| WireError(error.to_string());
        let uri: Uri = call.url.parse().map_err(|_| WireError("is no address".to_owned()))?;
        if self.reach.tls_only() && uri.scheme_str() != Some("https") {
            return Err(WireError("only https is asked".to_owned()));
        }
        if self.reach == Reach::World && uri.port_u16().is_some_and(|port| port != HTTPS) {
            return Err(WireError("only port 443 is asked".to_owned()));
        }
        // Who hides a name and a password in an address means something else than he shows.
        if uri.authority().is_some_and(|authority| authority.as_str().contains('@')) {
            return Err(WireError("is no plain address".to_owned()));
        }
        let authorization = call.authorization().map(|value| ("authorization", value));
        let answer = match call.form {
            None => with(self.agent.get(uri), authorization).call(),
            Some(fields) => with(self.agent.post(uri), authorization).send_form(fields.iter().copied()),
        };
        let mut answer = answer.map_err(told)?;
        let limit = u64::try_from(LARGEST).unwrap_or(u64::MAX);
        let body = answer.body_mut().with_config().limit(limit).read_to_string().map_err(told)?;
        Ok(Reply { status: answer.status().as_u16(), body })
    }
}

fn with<B>(request: RequestBuilder<B>, header: Option<(&str, String)>) -> RequestBuilder<B> {
    header.into_iter().fold(request, |request, (name, value)| request.header(name, value))
}

fn certificates(file: &Path) -> Result<Vec<Certificate<'static>>, String> {
    let told = |why: &dyn std::fmt::Display| format!("non posso leggere le autorità in {}: {why}", file.display());
    let pem = std::fs::read(file).map_err(|error| told(&error))?;
    let mut read = Vec::new();
    for item in parse_pem(&pem) {
        if let PemItem::Certificate(certificate) = item.map_err(|error| told(&error))? {
            read.push(certificate);
        }
    }
    if read.is_empty() { Err(told(&"non c’è nessun certificato")) } else { Ok(read) }
}

/// Names as the system knows them, where their addresses may be asked. The address that was looked at is the one
/// that is asked: a name that changes meanwhile leads nowhere else.
#[derive(Debug)]
struct Names {
    reach: Reach,
    usual: DefaultResolver,
}

impl Resolver for Names {
    fn resolve(&self, uri: &Uri, config: &Config, timeout: NextTimeout) -> Result<ResolvedSocketAddrs, Error> {
        let found = self.usual.resolve(uri, config, timeout)?;
        let tls = uri.scheme_str() == Some("https");
        if found.iter().any(|address| !self.reach.covers(tls, *address)) {
            return Err(Error::HostNotFound);
        }
        Ok(found)
    }
}

/// Whether an address can be a server's at all: no cloud's metadata (link-local), nobody, everybody.
fn is_somebody(address: IpAddr) -> bool {
    let link_local = match address {
        IpAddr::V4(address) => address.is_link_local() || address.is_broadcast() || address.octets()[0] == 0,
        IpAddr::V6(address) => address.is_unicast_link_local(),
    };
    !(link_local || address.is_unspecified() || address.is_multicast())
}

/// Whether an address is one of the whole network, and of no house (RFC 6890).
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let of_house = address.is_private() || address.is_loopback() || address.is_link_local();
    let nowhere = address.is_unspecified() || address.is_multicast() || address.is_broadcast() || a == 0 || a >= 240;
    let shared = a == 100 && (64..128).contains(&b);
    let tests = address.is_documentation() || (a == 198 && (18..20).contains(&b)) || (a, b, c) == (192, 0, 0);
    !(of_house || nowhere || shared || tests)
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    if let Some(inner) = address.to_ipv4_mapped() {
        return is_public_v4(inner);
    }
    let [first, second, ..] = address.segments();
    // 2000::/3 is all that was ever given out; within it, tunnels into IPv4 and examples.
    (0x2000..0x4000).contains(&first) && first != 0x2002 && !(first == 0x2001 && (second < 0x0200 || second == 0x0db8))
}

#[cfg(test)]
mod tests {
    use std::{
        io::{Read as _, Write as _},
        net::TcpListener,
        thread,
        time::Instant,
    };

    use super::*;

    /// A server that reads one question and writes `answer`, then whatever `more` writes.
    fn server(answer: &str, more: fn(&mut std::net::TcpStream)) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let (address, answer) = (listener.local_addr().unwrap(), answer.to_owned());
        thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut question = [0; 4096];
            let _ = stream.read(&mut question);
            let _ = stream.write_all(answer.as_bytes());
            more(&mut stream);
        });
        format!("http://{address}/")
    }

    fn get(url: &str) -> Result<Reply, WireError> {
        HttpWire::new(Reach::Machine, None).unwrap().send(&Call::to(url))
    }

    #[test]
    fn an_answer_comes_back_whatever_its_status() {
        let url = server("HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno", |_| ());
        let reply = get(&url).unwrap();
        assert_eq!((reply.status, reply.body.as_str()), (404, "no"));
    }

    #[test]
    fn nobody_is_followed_elsewhere() {
        let url = server("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n", |_| ());
        assert_eq!(get(&url).unwrap().status, 302);
    }

    #[test]
    fn what_is_too_large_is_not_read_to_its_end() {
        let url = server("HTTP/1.1 200 OK\r\n\r\n", |stream| while stream.write_all(&[b'a'; 65_536]).is_ok() {});
        assert!(get(&url).is_err());
    }

    #[test]
    fn an_answer_that_never_ends_is_left() {
        let url = server("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", |stream| {
            // A byte now and then, as somebody would who wants to hold us.
            let mut end = [0; 1];
            stream.set_read_timeout(Some(Duration::from_millis(100))).unwrap();
            while stream.write_all(b"a").is_ok() && !matches!(stream.read(&mut end), Ok(0)) {}
        });
        let begun = Instant::now();
        assert!(get(&url).is_err());
        assert!(begun.elapsed() < PATIENCE * 2, "{:?}", begun.elapsed());
    }

    #[test]
    fn production_asks_public_addresses_over_tls_and_nobody_else() {
        let wire = HttpWire::new(Reach::World, None).unwrap();
        let asked = |url: &str| wire.send(&Call::to(url)).unwrap_err().to_string();
        assert!(asked("http://example.com/").contains("https"));
        assert!(asked("https://utente@example.com/").contains("plain"));
        assert!(asked("https://example.com:8443/").contains("port 443"));
        assert!(asked("nulla").contains("https"));
        for house in [
            "https://127.0.0.1/",
            "https://localhost/",
            "https://10.0.0.1/",
            "https://[::1]/",
            "https://169.254.169.254/",
        ] {
            assert!(asked(house).contains("host not found"), "{house}: {}", asked(house));
        }
    }

    #[test]
    fn a_demonstration_asks_its_own_machine_besides() {
        for (reach, tls, address, may) in [
            (Reach::World, true, "8.8.8.8:443", true),
            (Reach::World, true, "8.8.8.8:8443", false),
            (Reach::World, false, "8.8.8.8:443", false),
            (Reach::World, true, "127.0.0.1:443", false),
            (Reach::Machine, true, "8.8.8.8:443", true),
            (Reach::Machine, true, "8.8.8.8:22", false),
            (Reach::Machine, false, "8.8.8.8:80", false),
            (Reach::Machine, false, "127.0.0.1:37621", true),
            (Reach::Machine, false, "[::1]:37621", true),
            (Reach::Machine, false, "[::ffff:127.0.0.1]:37621", true),
            (Reach::Machine, false, "10.0.0.1:80", false),
            (Reach::Machine, true, "169.254.169.254:443", false),
            (Reach::Named, true, "10.0.0.1:8443", true),
            (Reach::Named, true, "127.0.0.1:8443", true),
            (Reach::Named, true, "8.8.8.8:443", true),
            (Reach::Named, false, "10.0.0.1:80", false),
            (Reach::Named, true, "169.254.169.254:443", false),
            (Reach::Named, true, "[::ffff:169.254.169.254]:443", false),
            (Reach::Named, true, "[fe80::1]:443", false),
            (Reach::Named, true, "0.0.0.0:443", false),
        ] {
            assert_eq!(reach.covers(tls, address.parse().unwrap()), may, "{reach:?} {tls} {address}");
        }
        let wire = HttpWire::new(Reach::Machine, None).unwrap();
        let call = Call::to("http://10.255.255.1:8080/");
        assert!(wire.send(&call).unwrap_err().to_string().contains("host not found"));
    }

    #[test]
    fn addresses_of_a_house_are_known() {
        for text in ["8.8.8.8", "2001:4860:4860::8888", "193.206.135.0"] {
            assert!(is_public(text.parse().unwrap()), "{text}");
        }
        for text in [
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "127.0.0.1",
            "169.254.169.254",
            "172.16.0.1",
            "192.0.0.8",
            "192.168.1.1",
        ]
        .into_iter()
        .chain(["198.18.0.1", "224.0.0.1", "255.255.255.255", "::", "::1", "::ffff:127.0.0.1", "fc00::1", "fe80::1"])
        .chain(["2001:db8::1", "2002:7f00:1::", "64:ff9b::7f00:1", "ff02::1"])
        {
            assert!(!is_public(text.parse().unwrap()), "{text}");
        }
    }
}
