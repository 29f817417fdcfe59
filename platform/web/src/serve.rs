use std::{convert::Infallible, io, pin::pin, sync::Arc, time::Duration};

use axum::{
    Router,
    body::Body,
    extract::{ConnectInfo, Request},
};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use rustls::ServerConfig;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
    sync::{Semaphore, watch},
    time::{sleep, timeout},
};
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt;

use crate::linger::{Lingering, Patience};

#[derive(Clone, Copy)]
struct Limits {
    /// Connections at the same time; more wait in the queue of the operating system.
    connections: usize,
    /// Time for the headers of a request, and for the next request on a connection that stays open.
    headers: Duration,
    /// A connection is closed after this time, between two requests: slow readers do not hold it for ever.
    lifetime: Duration,
    /// How much is read of a body that was refused, so that its sender gets to read the answer.
    patience: Patience,
    /// Time to finish what is under way when the program stops or a connection has lived long enough.
    drain: Duration,
}

const LIMITS: Limits = Limits {
    connections: 2048,
    headers: Duration::from_secs(10),
    lifetime: Duration::from_secs(300),
    patience: Patience { bytes: 512 << 20, time: Duration::from_secs(30) },
    drain: Duration::from_secs(10),
};

/// The certificates that somebody showed in a TLS handshake, their own first (DER): an extension of each request. That they
/// hold the first one's key is proved; nothing else is.
#[derive(Debug, Clone, Default)]
pub struct Shown(pub Arc<Vec<Vec<u8>>>);

/// Who is at the other end of a connection.
struct Peer {
    address: Option<std::net::SocketAddr>,
    shown: Option<Shown>,
}

/// Serves `router` until `shutdown` is done, then finishes the requests under way, for ten seconds at most.
///
/// `axum::serve` has no time-outs: idle, slow and never-ending connections would hold it for ever.
///
/// # Errors
/// When the listener cannot accept any more.
pub async fn serve(listener: TcpListener, router: Router, shutdown: impl Future<Output = ()>) -> io::Result<()> {
    serve_within(LIMITS, listener, None, router, shutdown).await
}

/// [`serve`], over TLS. Each request carries what was [`Shown`].
///
/// # Errors
/// When the listener cannot accept any more.
pub async fn serve_tls(
    listener: TcpListener,
    config: Arc<ServerConfig>,
    router: Router,
    shutdown: impl Future<Output = ()>,
) -> io::Result<()> {
    serve_within(LIMITS, listener, Some(TlsAcceptor::from(config)), router, shutdown).await
}

async fn serve_within(
    limits: Limits,
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    router: Router,
    shutdown: impl Future<Output = ()>,
) -> io::Result<()> {
    let places = Arc::new(Semaphore::new(limits.connections));
    let (stop, stopping) = watch::channel(false);
    let mut shutdown = pin!(shutdown);
    loop {
        let accepted = tokio::select! {
            () = &mut shutdown => break,
            accepted = accept(&listener, &places) => accepted,
        };
        let Some((stream, place)) = accepted? else { continue };
        let (router, tls, stopping) = (router.clone(), tls.clone(), stopping.clone());
        tokio::spawn(async move {
            let _ = stream.set_nodelay(true);
            let address = stream.peer_addr().ok();
            match tls {
                None => connection(limits, stream, Peer { address, shown: None }, router, stopping).await,
                Some(tls) => secured(limits, (tls, stream), address, router, stopping).await,
            }
            drop(place);
        });
    }
    drop(listener);
    // Nobody listens only when no connection is open.
    let _ = stop.send(true);
    drop(stopping);
    let _ = timeout(limits.drain, stop.closed()).await;
    Ok(())
}

/// The next connection, once there is a place for it; `None` when that one broke before we got it.
async fn accept(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> io::Result<Option<(TcpStream, tokio::sync::OwnedSemaphorePermit)>> {
    let place = Arc::clone(places).acquire_owned().await.map_err(io::Error::other)?;
    match listener.accept().await {
        Ok((stream, _)) => Ok(Some((stream, place))),
        Err(error) if broken(&error) => Ok(None),
        Err(error) => {
            // Too many open files, usually: connections that end soon will free some.
            tracing::error!(%error, "no connection can be accepted");
            sleep(Duration::from_secs(1)).await;
            Ok(None)
        }
    }
}

fn broken(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

/// A connection that begins with a handshake; who takes long over it is cut like who takes long over headers.
async fn secured(
    limits: Limits,
    (tls, stream): (TlsAcceptor, TcpStream),
    address: Option<std::net::SocketAddr>,
    router: Router,
    stopping: watch::Receiver<bool>,
) {
    match timeout(limits.headers, tls.accept(stream)).await {
        Ok(Ok(stream)) => {
            let certificates = stream.get_ref().1.peer_certificates().unwrap_or_default();
            let shown = Shown(Arc::new(certificates.iter().map(|one| one.to_vec()).collect()));
            connection(limits, stream, Peer { address, shown: Some(shown) }, router, stopping).await;
        }
        Ok(Err(error)) => tracing::debug!(%error, "a handshake ended early"),
        Err(_) => {}
    }
}

async fn connection(
    limits: Limits,
    stream: impl AsyncRead + AsyncWrite + Unpin,
    peer: Peer,
    router: Router,
    mut stopping: watch::Receiver<bool>,
) {
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let body = |body| Body::new(Lingering::new(body, limits.patience));
        let (router, mut request): (Router, Request) = (router.clone(), request.map(body));
        if let Some(address) = peer.address {
            request.extensions_mut().insert(ConnectInfo(address)); // rooms slow down guessing by address
        }
        if let Some(shown) = peer.shown.clone() {
            request.extensions_mut().insert(shown);
        }
        async move { Ok::<_, Infallible>(router.oneshot(request).await.unwrap_or_else(|never| match never {})) }
    });
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(limits.headers).max_headers(100).max_buf_size(64 * 1024);
    let mut served = pin!(builder.serve_connection(TokioIo::new(stream), service));
    tokio::select! {
        outcome = served.as_mut() => return ended(outcome),
        _ = stopping.wait_for(|stop| *stop) => {}
        () = sleep(limits.lifetime) => {}
    }
    served.as_mut().graceful_shutdown();
    if let Ok(outcome) = timeout(limits.drain, served).await {
        ended(outcome);
    }
}

/// Visitors who go away or send nonsense are everyday matters.
fn ended(outcome: hyper::Result<()>) {
    if let Err(error) = outcome {
        tracing::debug!(%error, "a connection ended early");
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use axum::routing::{get, post};
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        sync::oneshot,
        task::JoinHandle,
    };

    use super::*;

    const SHORT: Limits = Limits {
        connections: 2,
        headers: Duration::from_millis(200),
        lifetime: Duration::from_secs(5),
        patience: Patience { bytes: 1 << 20, time: Duration::from_millis(200) },
        drain: Duration::from_millis(500),
    };

    async fn start(limits: Limits) -> (TcpStream, oneshot::Sender<()>, JoinHandle<io::Result<()>>) {
        let router = Router::new()
            .route("/", get(async || "eccomi"))
            .route(
                "/piano",
                get(async || {
                    sleep(Duration::from_millis(200)).await;
                    "finito"
                }),
            )
            .route("/corpo", post(async |_: String| "letto"))
            .route("/rifiuta", post(async || "rifiutato"));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let server = tokio::spawn(async move {
            serve_within(limits, listener, None, router, async {
                let _ = stopped.await;
            })
            .await
        });
        (TcpStream::connect(address).await.unwrap(), stop, server)
    }

    /// All that comes until the server closes, within two seconds.
    async fn rest(stream: &mut TcpStream) -> String {
        let mut bytes = Vec::new();
        timeout(Duration::from_secs(2), stream.read_to_end(&mut bytes)).await.expect("the server closes").unwrap();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    #[tokio::test]
    async fn idle_and_slow_headers_are_cut() {
        for sent in ["", "GET / HTTP/1.1\r\nHost: x\r\nX-Slow"] {
            let (mut stream, _stop, _server) = start(SHORT).await;
            stream.write_all(sent.as_bytes()).await.unwrap();
            rest(&mut stream).await;
        }
    }

    /// A server that speaks TLS, with a certificate that nobody asks about.
    async fn start_tls() -> (TcpStream, oneshot::Sender<()>) {
        let own = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let key = rustls::pki_types::PrivateKeyDer::try_from(own.signing_key.serialize_der()).unwrap();
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
        let config = config.with_no_client_auth().with_single_cert(vec![own.cert.der().clone()], key).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        tokio::spawn(async move {
            let end = async {
                let _ = stopped.await;
            };
            serve_within(SHORT, listener, Some(acceptor), Router::new(), end).await
        });
        (TcpStream::connect(address).await.unwrap(), stop)
    }

    #[tokio::test]
    async fn a_handshake_that_does_not_end_or_is_none_is_cut() {
        let (mut silent, _stop) = start_tls().await;
        assert_eq!(rest(&mut silent).await, "");
        let (mut plain, _stop) = start_tls().await;
        plain.write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
        assert!(!rest(&mut plain).await.contains("HTTP"));
    }

    #[tokio::test]
    async fn a_connection_does_not_live_for_ever() {
        let (mut stream, _stop, _server) = start(Limits { lifetime: Duration::from_millis(100), ..SHORT }).await;
        stream.write_all(b"POST /corpo HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nx").await.unwrap();
        rest(&mut stream).await;
    }

    #[tokio::test]
    async fn what_is_under_way_is_finished_before_the_program_stops() {
        let (mut stream, stop, server) = start(SHORT).await;
        stream.write_all(b"GET /piano HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
        sleep(Duration::from_millis(50)).await;
        stop.send(()).unwrap();
        assert!(rest(&mut stream).await.ends_with("finito"));
        server.await.unwrap().unwrap();
    }

    #[tokio::test]
    async fn who_does_not_finish_is_left_behind() {
        let limits = Limits { headers: Duration::from_secs(60), ..SHORT };
        let (mut stream, stop, server) = start(limits).await;
        stream.write_all(b"POST /corpo HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nx").await.unwrap();
        sleep(Duration::from_millis(50)).await;
        let began = Instant::now();
        stop.send(()).unwrap();
        server.await.unwrap().unwrap();
        assert!(began.elapsed() < Duration::from_secs(2));
    }

    /// Sends a request whose body is refused unread; gives the answer, and how much was sent before the cut.
    async fn refused(length: usize, pause: Duration) -> (String, usize) {
        let (stream, _stop, _server) = start(SHORT).await;
        let (mut reading, mut writing) = stream.into_split();
        let head =
            format!("POST /rifiuta HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n");
        writing.write_all(head.as_bytes()).await.unwrap();
        let mut sent = 0;
        while sent < length && writing.write_all(&[b'x'; 1024]).await.is_ok() {
            sent += 1024;
            if !pause.is_zero() {
                sleep(pause).await;
            }
        }
        let mut answer = Vec::new();
        // After a cut the rest of the answer may be lost: what counts is what was read before.
        drop(timeout(Duration::from_secs(2), reading.read_to_end(&mut answer)).await.expect("the server closes"));
        (String::from_utf8_lossy(&answer).into_owned(), sent)
    }

    #[tokio::test]
    async fn who_sends_what_nobody_wants_can_finish_and_read_the_answer() {
        let (answer, sent) = refused(1 << 20, Duration::ZERO).await;
        assert!(answer.ends_with("rifiutato") && sent == 1 << 20, "{sent}: {answer}");
    }

    #[tokio::test]
    async fn who_sends_for_ever_what_nobody_wants_is_cut_by_time_and_by_size() {
        let began = Instant::now();
        let (_, slow) = refused(64 << 10, Duration::from_millis(50)).await;
        assert!(slow < 64 << 10 && began.elapsed() < Duration::from_secs(2), "{slow} in {:?}", began.elapsed());
        let (_, fast) = refused(64 << 20, Duration::ZERO).await;
        assert!(fast < 64 << 20, "{fast}");
    }

    #[tokio::test]
    async fn beyond_the_limit_visitors_wait_for_a_place() {
        let (mut first, _stop, _server) =
            start(Limits { connections: 1, headers: Duration::from_millis(300), ..SHORT }).await;
        let mut second = TcpStream::connect(first.peer_addr().unwrap()).await.unwrap();
        second.write_all(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await.unwrap();
        let began = Instant::now();
        assert!(rest(&mut second).await.ends_with("eccomi"));
        assert!(began.elapsed() > Duration::from_millis(200), "the second was served while the first held the place");
        rest(&mut first).await;
    }
}
