//! Wraps every request: id, time limit, log line, caught panics, security headers.

use std::{
    future::{Future, poll_fn},
    net::SocketAddr,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::pin,
    sync::{
        Arc, LazyLock, OnceLock,
        atomic::{AtomicU64, Ordering},
    },
    task::Poll,
    time::{Duration, Instant},
};

use axum::{
    extract::{ConnectInfo, MatchedPath, Request, State},
    http::{HeaderName, HeaderValue, header},
    middleware::Next,
    response::Response,
};

use super::{
    HttpSettings,
    address::{Client, client},
    errors::Refusal,
    faults,
    media::JSON,
    request::{self as incoming, known},
};
use crate::{
    base::Error,
    storage::{commit_tracking::keeping, wait_time::timed},
};

/// The id of a request, in its extensions, its response header and the log.
#[derive(Debug, Clone)]
pub(super) struct RequestId(pub(super) String);

/// Details for the log line, as far as handlers have recorded them.
#[derive(Debug, Clone, Default)]
pub(super) struct LogDetails {
    /// The caller's account.
    pub(super) account: Arc<OnceLock<String>>,
    /// The operation's name.
    pub(super) operation: Arc<OnceLock<String>>,
}

/// The first error code of a refused request, in the extensions of the response.
#[derive(Debug, Clone)]
pub(super) struct Refused(pub(super) String);

/// The header with the request id.
pub(super) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The header with the durations of a request.
const SERVER_TIMING: HeaderName = HeaderName::from_static("server-timing");

/// Security headers of every response. The page sets its own policy.
const HEADERS: [(HeaderName, &str); 6] = [
    (header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

/// The outermost layer.
pub(super) async fn guard(
    State(settings): State<Arc<HttpSettings>>,
    mut request: Request,
    next: Next,
) -> Response {
    let started = Instant::now();
    let id = next_id();
    let noted = LogDetails::default();
    request.extensions_mut().insert(noted.clone());
    request.extensions_mut().insert(RequestId(id.clone()));
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip());
    let address = peer.map(|peer| client(request.headers(), peer, &settings.proxies));
    request.extensions_mut().insert(Client(address));
    let address = address.map(tracing::field::display);
    let method = known(request.method());
    // The route and not the address, because the address is the client's text.
    let path = request.extensions().get::<MatchedPath>().cloned();
    let path = path.as_ref().map_or("unknown", MatchedPath::as_str);
    let refuse = |lang, error| Refusal { error, lang, request_id: id.clone() }.response(JSON);
    let lang = incoming::lang(request.headers());

    let work = keeping(tokio::time::timeout(settings.timeout, caught(next.run(request))));
    let ((answered, keeps), waited) = if settings.server_timing {
        let (answered, waited) = timed(work).await;
        (answered, Some(waited))
    } else {
        (work.await, None)
    };
    let mut response = match answered {
        Ok(Ok(response)) => response,
        Ok(Err(cause)) => refuse(lang, Error::internal(cause)),
        Err(_) => refuse(lang, overdue(keeps)),
    };
    seal(&mut response, &id);
    if let Some(waited) = waited {
        tell_time(&mut response, started.elapsed(), waited);
    }
    let status = response.status().as_u16();
    let duration_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    let refused = response.extensions().get::<Refused>().map(|refused| refused.0.as_str());
    let LogDetails { account, operation } = &noted;
    let (account, operation) = (account.get(), operation.get());
    macro_rules! line {
        ($level:ident, $what:literal) => {
            tracing::$level!(
                method,
                path,
                status,
                duration_ms,
                request_id = id,
                address,
                account,
                operation,
                refused,
                $what
            )
        };
    }
    let probe = matches!(path, "/healthz" | "/readyz");
    match (status, refused) {
        (500.., _) => line!(warn, "request failed"),
        (_, Some(_)) => line!(info, "request refused"),
        (200, None) if probe => line!(debug, "request"),
        (_, None) => line!(info, "request"),
    }
    response
}

/// The error of a request that exceeded its time limit. `keeps`: it had begun a commit.
pub(super) fn overdue(keeps: bool) -> Error {
    if keeps {
        return faults::stopped_while_storing();
    }
    faults::stopped()
}

fn seal(response: &mut Response, id: &str) {
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    if let Ok(value) = HeaderValue::from_str(id) {
        headers.insert(REQUEST_ID, value);
    }
}

/// `Server-Timing: total;dur=12.3, db;dur=8.1`, in milliseconds.
fn tell_time(response: &mut Response, total: Duration, waited: Duration) {
    let dur = |time: Duration| time.as_secs_f64() * 1_000.0;
    let told = format!("total;dur={:.1}, db;dur={:.1}", dur(total), dur(waited));
    if let Ok(value) = HeaderValue::from_str(&told) {
        response.headers_mut().insert(SERVER_TIMING, value);
    }
}

/// Returns a future's output, or the message of its panic.
pub(super) async fn caught<T>(future: impl Future<Output = T>) -> Result<T, String> {
    let mut future = pin!(future);
    poll_fn(|context| match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(context))) {
        Ok(polled) => polled.map(Ok),
        Err(payload) => {
            let text = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
            let text = text.or_else(|| payload.downcast_ref::<String>().cloned());
            Poll::Ready(Err(format!("panic: {}", text.unwrap_or_default())))
        }
    })
    .await
}

/// A counter after a random number per process, so that ids of two runs do not mix in one log.
fn next_id() -> String {
    static PROCESS: LazyLock<u32> = LazyLock::new(rand::random);
    static COUNT: AtomicU64 = AtomicU64::new(1);
    format!("{:08x}-{}", *PROCESS, COUNT.fetch_add(1, Ordering::Relaxed))
}
