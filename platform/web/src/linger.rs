use std::{
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use axum::body::{Bytes, HttpBody};
use http_body_util::BodyExt;
use hyper::body::{Frame, Incoming, SizeHint};
use tokio::time::timeout;

/// How much of a body that nobody wants is read on and thrown away.
#[derive(Clone, Copy)]
pub(crate) struct Patience {
    /// Bytes.
    pub(crate) bytes: u64,
    /// Time in all; a sender who is slower is cut off.
    pub(crate) time: Duration,
}

/// A request's body. Dropped before its end, it is read on for a while and thrown away.
///
/// A server that answers and closes while the visitor is still sending resets the connection, and the visitor loses the
/// answer (RFC 9112, section 9.6). Most browsers read the answer only once everything is sent.
pub(crate) struct Lingering {
    body: Option<Incoming>,
    patience: Patience,
}

impl Lingering {
    pub(crate) fn new(body: Incoming, patience: Patience) -> Self {
        Self { body: Some(body), patience }
    }
}

impl HttpBody for Lingering {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        self.body.as_mut().map_or(Poll::Ready(None), |body| Pin::new(body).poll_frame(context))
    }

    fn is_end_stream(&self) -> bool {
        self.body.as_ref().is_none_or(Incoming::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.body.as_ref().map_or_else(|| SizeHint::with_exact(0), Incoming::size_hint)
    }
}

impl Drop for Lingering {
    fn drop(&mut self) {
        let unfinished = self.body.take().filter(|body| !body.is_end_stream());
        // Without a runtime the program is ending, and with it the connection.
        if let (Some(body), Ok(runtime)) = (unfinished, tokio::runtime::Handle::try_current()) {
            runtime.spawn(timeout(self.patience.time, throw_away(body, self.patience.bytes)));
        }
    }
}

async fn throw_away(mut body: Incoming, bytes: u64) {
    let mut left = bytes;
    while let Some(Ok(frame)) = body.frame().await {
        let read = frame.data_ref().map_or(0, Bytes::len);
        let Some(less) = left.checked_sub(read as u64) else { return };
        left = less;
    }
}
