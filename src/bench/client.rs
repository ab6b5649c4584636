//! The client: keep-alive connections that each send requests one after the other for a while.
//!
//! Knows HTTP and time. The workload decides what is sent and what is a correct response.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use http_body_util::{BodyExt, Full};
use hyper::{
    Request,
    body::Bytes,
    client::conn::http1::{self, SendRequest},
    header,
};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

pub(super) use super::server::Target;
use super::{accounts::Person, data::World, server::Part, workload::Workload};
use crate::demo::random::Random;

/// Durations of the requests of one measurement, in microseconds.
#[derive(Debug, Clone, Default)]
pub(super) struct Taken {
    /// Ascending.
    pub(super) micros: Vec<u64>,
    /// Duration of the whole measurement.
    pub(super) all: Duration,
}

struct Connection {
    bearer: String,
    sender: SendRequest<Full<Bytes>>,
}

impl Connection {
    async fn open(target: &Target, person: Person) -> Result<Self> {
        let stream = TcpStream::connect(target.address).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
        // The task ends with the sender.
        drop(tokio::spawn(connection));
        Ok(Self { bearer: format!("Bearer {}", target.token(person)), sender })
    }

    async fn ask(&mut self, path: &str, body: String) -> Result<Bytes> {
        let request = Request::post(path)
            .header(header::HOST, "localhost")
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::ACCEPT, "application/json")
            .header(header::AUTHORIZATION, &self.bearer)
            .body(Full::new(Bytes::from(body)))?;
        self.sender.ready().await?;
        let response = self.sender.send_request(request).await?;
        let status = response.status();
        let body = response.into_body().collect().await?.to_bytes();
        if !status.is_success() {
            let shown: String = String::from_utf8_lossy(&body).chars().take(500).collect();
            bail!("status {status}: {shown}");
        }
        Ok(body)
    }
}

/// One connection per person, for requests of mixed workloads.
pub(super) struct Mixed {
    manager: Connection,
    salesperson: Connection,
}

impl Mixed {
    pub(super) async fn open(target: &Target) -> Result<Self> {
        Ok(Self {
            manager: Connection::open(target, Person::Manager).await?,
            salesperson: Connection::open(target, Person::Salesperson).await?,
        })
    }

    /// Sends the next request of a workload and checks the response.
    pub(super) async fn ask(
        &mut self,
        workload: Workload,
        part: Part,
        world: World,
        random: &mut Random,
        unique: &str,
    ) -> Result<()> {
        let connection = match workload.person() {
            Person::Manager => &mut self.manager,
            Person::Salesperson => &mut self.salesperson,
        };
        let (path, body) = workload.draw(world, random, unique).of(part);
        checked(workload, world, part, connection.ask(path, body).await?).map(|_body| ())
    }
}

/// Sends one request and returns the checked response.
pub(super) async fn once(
    target: &Target,
    workload: Workload,
    world: World,
    seed: u64,
    unique: &str,
) -> Result<Bytes> {
    let mut connection = Connection::open(target, workload.person()).await?;
    let asked = workload.draw(world, &mut Random::new(seed), unique);
    let (path, body) = asked.of(target.part);
    checked(workload, world, target.part, connection.ask(path, body).await?)
}

fn checked(workload: Workload, world: World, part: Part, body: Bytes) -> Result<Bytes> {
    let body = without_extensions(body);
    if !workload.accepts(&body, world) {
        let shown: String = String::from_utf8_lossy(&body).chars().take(500).collect();
        bail!("{} of {}: a wrong answer: {shown}", workload.name(), part.name());
    }
    Ok(body)
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
    target: &Target,
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
        let target = target.clone();
        let unique = format!("{unique}-{number}");
        tasks.spawn(async move {
            let mut random = Random::new(seed ^ (u64::from(number) << 32));
            let mut connection = Connection::open(&target, workload.person()).await?;
            let mut micros = Vec::new();
            while started.elapsed() < time {
                let asked = workload.draw(world, &mut random, &unique);
                let (path, body) = asked.of(target.part);
                let sent = Instant::now();
                let body = connection.ask(path, body).await?;
                let took = sent.elapsed().as_micros();
                checked(workload, world, target.part, body)?;
                micros.push(u64::try_from(took).unwrap_or(u64::MAX));
            }
            anyhow::Ok(micros)
        });
    }
    let mut taken = Taken::default();
    while let Some(done) = tasks.join_next().await {
        let micros = done?.with_context(|| format!("{} failed", workload.name()))?;
        taken.micros.extend(micros);
    }
    taken.all = started.elapsed();
    taken.micros.sort_unstable();
    Ok(taken)
}
