//! Accepts connections for the router and limits the time of each request head.
//!
//! A head must arrive within a limit, counted from the start of the connection or from the head's first byte.
//! A connection may be idle for longer. A request has its own limit (`middleware`). A client that reads nothing
//! of its response for a while is disconnected.

use std::{
    io,
    net::SocketAddr,
    pin::{Pin, pin},
    sync::{
        Arc,
        atomic::{AtomicU8, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};

use axum::{Extension, Router, body::Body, extract::ConnectInfo, http::StatusCode};
use hyper::{Request, body::Incoming, server::conn::http1, service::Service};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::{TcpListener, TcpStream},
    sync::watch,
    time::{Instant, Sleep},
};

/// How long a connection may be idle: longer than common proxies keep theirs.
const IDLE: Duration = Duration::from_secs(90);

/// How long a client may read nothing while data is waiting for it.
const PATIENCE: Duration = Duration::from_secs(30);

/// Serves connections until the server stops, then finishes the requests that are running.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    head: Duration,
    closing: watch::Receiver<bool>,
) {
    serve_with(listener, router, head, PATIENCE, closing).await;
}

/// Like [`serve`], with another patience.
async fn serve_with(
    listener: TcpListener,
    router: Router,
    head: Duration,
    patience: Duration,
    mut closing: watch::Receiver<bool>,
) {
    // Each open connection holds a receiver.
    let under_way = watch::Sender::new(());
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(head.max(IDLE));
    loop {
        let (stream, address) = tokio::select! {
            accepted = accept(&listener) => accepted,
            () = super::stopped(&mut closing) => break,
        };
        let state = Arc::new(AtomicU8::new(HEAD));
        let clocked = Clocked {
            stream,
            state: Arc::clone(&state),
            head,
            late: Box::pin(tokio::time::sleep(head)),
            patience,
            stuck: None,
        };
        let answers = TowerToHyperService::new(router.clone().layer(from(address)));
        let answers = Answers { answers, state };
        let connection = http.serve_connection(TokioIo::new(clocked), answers).with_upgrades();
        let (mut closing, held) = (closing.clone(), under_way.subscribe());
        tokio::spawn(async move {
            let mut connection = pin!(connection);
            // Broken connections are normal and ignored.
            tokio::select! {
                _broken = connection.as_mut() => {}
                () = super::stopped(&mut closing) => {
                    connection.as_mut().graceful_shutdown();
                    let _broken = connection.await;
                }
            }
            drop(held);
        });
    }
    drop(listener);
    under_way.closed().await;
}

fn from(address: SocketAddr) -> Extension<ConnectInfo<SocketAddr>> {
    Extension(ConnectInfo(address))
}

/// Accepts the next connection. If file descriptors run out, waits and retries.
async fn accept(listener: &TcpListener) -> (TcpStream, SocketAddr) {
    loop {
        match listener.accept().await {
            Ok(accepted) => return accepted,
            Err(error) => {
                use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
                let one = [ConnectionAborted, ConnectionRefused, ConnectionReset];
                if !one.contains(&error.kind()) {
                    tracing::warn!(%error, "cannot take a connection");
                    tokio::time::sleep(Duration::from_millis(200)).await;
                }
            }
        }
    }
}

/// Reading a head.
const HEAD: u8 = 0;
/// The head has arrived, and the request is running.
const ASKED: u8 = 1;
/// The response is ready. The next bytes start another head.
const ANSWERED: u8 = 2;
/// The connection has switched to another protocol.
const UPGRADED: u8 = 3;

/// The router, which records the state of its connection.
struct Answers {
    answers: TowerToHyperService<Router>,
    state: Arc<AtomicU8>,
}

impl Service<Request<Incoming>> for Answers {
    type Response = axum::http::Response<Body>;
    type Error = std::convert::Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>> + Send>>;

    fn call(&self, request: Request<Incoming>) -> Self::Future {
        self.state.store(ASKED, Ordering::Release);
        let (state, answer) = (Arc::clone(&self.state), self.answers.call(request));
        Box::pin(async move {
            let answer = answer.await?;
            let upgraded = answer.status() == StatusCode::SWITCHING_PROTOCOLS;
            state.store(if upgraded { UPGRADED } else { ANSWERED }, Ordering::Release);
            Ok(answer)
        })
    }
}

/// A connection that limits the time for a head and for a client that does not read.
struct Clocked {
    stream: TcpStream,
    state: Arc<AtomicU8>,
    head: Duration,
    late: Pin<Box<Sleep>>,
    patience: Duration,
    /// Ends the connection if the client keeps reading nothing.
    stuck: Option<Pin<Box<Sleep>>>,
}

impl Clocked {
    /// Passes on the result of a write, or times out if the client has read nothing for too long.
    fn sent<T>(
        &mut self,
        context: &mut Context<'_>,
        sent: Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        if sent.is_ready() {
            self.stuck = None;
            return sent;
        }
        let patience = self.patience;
        let stuck = self.stuck.get_or_insert_with(|| Box::pin(tokio::time::sleep(patience)));
        match stuck.as_mut().poll(context) {
            Poll::Ready(()) => Poll::Ready(Err(io::ErrorKind::TimedOut.into())),
            Poll::Pending => Poll::Pending,
        }
    }
}

impl AsyncRead for Clocked {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(context, buffer);
        let came = buffer.filled().len() > before;
        if came && self.state.load(Ordering::Acquire) == ANSWERED {
            self.state.store(HEAD, Ordering::Release);
            let until = Instant::now() + self.head;
            self.late.as_mut().reset(until);
        }
        let reading = self.state.load(Ordering::Acquire) == HEAD;
        if reading && self.late.as_mut().poll(context).is_ready() {
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        }
        read
    }
}

impl AsyncWrite for Clocked {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let sent = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.sent(context, sent)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let sent = Pin::new(&mut self.stream).poll_write_vectored(context, bytes);
        self.sent(context, sent)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use axum::routing::get;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    #[tokio::test]
    async fn who_takes_nothing_is_given_up() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        // More than the buffers between client and server can store.
        let router = Router::new().route("/", get(|| async { vec![b'x'; 64 << 20] }));
        let (stop, closing) = watch::channel(false);
        let second = Duration::from_secs(1);
        let serving = tokio::spawn(serve_with(listener, router, second, second / 4, closing));
        let mut deaf = TcpStream::connect(address).await.unwrap();
        deaf.write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
        let mut begun = [0; 15];
        deaf.read_exact(&mut begun).await.unwrap();
        assert_eq!(&begun, b"HTTP/1.1 200 OK");
        // The server runs until everything it has begun is finished.
        stop.send(true).unwrap();
        serving.await.unwrap();
    }
}
