//! The client: keep-alive connections that each send requests one after the other for a while.
//!
//! Knows HTTP and time. The workload decides what is sent and what is a correct response.

use std::{
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use http_body_util::{BodyExt, Full};
use hyper::{
    HeaderMap, Request,
    body::Bytes,
    client::conn::http1::{self, SendRequest},
    header::{self, HeaderValue},
};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use super::{
    accounts::BenchUser,
    data::World,
    server::{BenchServer, Target},
    workload::{BenchRequest, Workload},
};
use crate::demo::random::Random;

/// A server under measurement: where it is, what it is sent, and when its answer is right.
pub(super) trait Measured: Send + Sync {
    /// Its name in messages.
    fn name(&self) -> &'static str;
    /// Its address.
    fn address(&self) -> SocketAddr;
    /// Whether it is asked a workload.
    fn takes(&self, workload: Workload) -> bool;
    /// The headers of every request that a person sends.
    fn headers(&self, person: BenchUser) -> Result<HeaderMap>;
    /// Path and body of a request.
    fn request(&self, workload: Workload, asked: &BenchRequest) -> Result<(&str, String)>;
    /// Returns the answer if it is right.
    fn checked(&self, workload: Workload, world: World, body: Bytes) -> Result<Bytes>;
}

impl Measured for Target {
    fn name(&self) -> &'static str {
        self.part.name()
    }

    fn address(&self) -> SocketAddr {
        self.address
    }

    fn takes(&self, _workload: Workload) -> bool {
        true
    }

    fn headers(&self, person: BenchUser) -> Result<HeaderMap> {
        let mut headers = json_headers(HeaderValue::from_static("localhost"));
        let bearer = HeaderValue::try_from(format!("Bearer {}", self.token(person)))?;
        headers.insert(header::AUTHORIZATION, bearer);
        Ok(headers)
    }

    fn request(&self, _workload: Workload, asked: &BenchRequest) -> Result<(&str, String)> {
        Ok(asked.of(self.part))
    }

    fn checked(&self, workload: Workload, world: World, body: Bytes) -> Result<Bytes> {
        checked(workload, world, self.part, body)
    }
}

/// The headers of a request to a host that sends JSON and expects JSON.
pub(super) fn json_headers(host: HeaderValue) -> HeaderMap {
    let json = HeaderValue::from_static("application/json");
    HeaderMap::from_iter([
        (header::HOST, host),
        (header::CONTENT_TYPE, json.clone()),
        (header::ACCEPT, json),
    ])
}

/// Durations of the requests of one measurement, in microseconds.
#[derive(Debug, Clone, Default)]
pub(super) struct Taken {
    /// Ascending.
    pub(super) micros: Vec<u64>,
    /// Duration of the whole measurement.
    pub(super) all: Duration,
}

/// A kept-alive connection of one person.
pub(super) struct Connection {
    headers: HeaderMap,
    sender: SendRequest<Full<Bytes>>,
}

impl Connection {
    pub(super) async fn open(target: &dyn Measured, person: BenchUser) -> Result<Self> {
        let headers = target.headers(person)?;
        let stream = TcpStream::connect(target.address()).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
        // The task ends with the sender.
        drop(tokio::spawn(connection));
        Ok(Self { headers, sender })
    }

    /// Sends a request and returns the body of its answer.
    pub(super) async fn ask(&mut self, path: &str, body: String) -> Result<Bytes> {
        let mut request = Request::post(path).body(Full::new(Bytes::from(body)))?;
        *request.headers_mut() = self.headers.clone();
        self.sender.ready().await?;
        let response = self.sender.send_request(request).await?;
        let status = response.status();
        let body = response.into_body().collect().await?.to_bytes();
        if !status.is_success() {
            bail!("status {status}: {}", shown(&body));
        }
        Ok(body)
    }
}

/// One connection per person, for requests of mixed workloads.
pub(super) struct Mixed(Vec<(BenchUser, Connection)>);

impl Mixed {
    pub(super) async fn open(target: &Target) -> Result<Self> {
        let mut all = Vec::new();
        for person in BenchUser::ALL {
            all.push((person, Connection::open(target, person).await?));
        }
        Ok(Self(all))
    }

    /// Sends the next request of a workload and checks the response.
    pub(super) async fn ask(
        &mut self,
        workload: Workload,
        part: BenchServer,
        world: World,
        random: &mut Random,
        unique: &str,
    ) -> Result<()> {
        let person = workload.person();
        let theirs = self.0.iter_mut().find(|(whose, _)| *whose == person);
        let (_, connection) = theirs.context("there is no such connection")?;
        let (path, body) = workload.draw(world, random, unique).of(part);
        checked(workload, world, part, connection.ask(path, body).await?).map(|_body| ())
    }
}

/// Sends one request and returns the checked response.
pub(super) async fn once(
    target: &dyn Measured,
    workload: Workload,
    world: World,
    seed: u64,
    unique: &str,
) -> Result<Bytes> {
    let mut connection = Connection::open(target, workload.person()).await?;
    let asked = workload.draw(world, &mut Random::new(seed), unique);
    let (path, body) = target.request(workload, &asked)?;
    target.checked(workload, world, connection.ask(path, body).await?)
}

fn checked(workload: Workload, world: World, part: BenchServer, body: Bytes) -> Result<Bytes> {
    let body = without_extensions(body);
    if !workload.accepts(&body, world) {
        bail!("{} of {}: a wrong answer: {}", workload.name(), part.name(), shown(&body));
    }
    Ok(body)
}

/// The beginning of a body, for messages.
pub(super) fn shown(body: &[u8]) -> String {
    String::from_utf8_lossy(body).chars().take(500).collect()
}

/// Removes `extensions` from a body; only our server adds them.
fn without_extensions(body: Bytes) -> Bytes {
    const MEMBER: &[u8] = b",\"extensions\":{";
    // It is short and at the end.
    let from = body.len().saturating_sub(400);
    match body[from..].windows(MEMBER.len()).rposition(|window| window == MEMBER) {
        Some(at) => [&body[..from + at], b"}"].concat().into(),
        None => body,
    }
}

/// Sends requests from several connections until the time is over. `seed` determines the requests.
pub(super) async fn measure(
    target: &Arc<dyn Measured>,
    workload: Workload,
    world: World,
    connections: u32,
    time: Duration,
    seed: u64,
    unique: &str,
) -> Result<Taken> {
    let mut tasks = tokio::task::JoinSet::new();
    let started = Instant::now();
    for number in 0..connections {
        let target = Arc::clone(target);
        let unique = format!("{unique}-{number}");
        tasks.spawn(async move {
            let mut random = Random::new(seed ^ (u64::from(number) << 32));
            let mut connection = Connection::open(target.as_ref(), workload.person()).await?;
            let mut micros = Vec::new();
            while started.elapsed() < time {
                let asked = workload.draw(world, &mut random, &unique);
                let (path, body) = target.request(workload, &asked)?;
                let sent = Instant::now();
                let body = connection.ask(path, body).await?;
                let took = sent.elapsed().as_micros();
                target.checked(workload, world, body)?;
                micros.push(u64::try_from(took).unwrap_or(u64::MAX));
            }
            anyhow::Ok(micros)
        });
    }
    let mut taken = Taken::default();
    while let Some(done) = tasks.join_next().await {
        let micros =
            done?.with_context(|| format!("{} of {} failed", workload.name(), target.name()))?;
        taken.micros.extend(micros);
    }
    taken.all = started.elapsed();
    taken.micros.sort_unstable();
    Ok(taken)
}
