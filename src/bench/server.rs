//! The measured servers, each in its own process so that its CPU time can be read.
//!
//! Owns both ends: the work of the child process, and how the run starts, reads and ends it.

use std::{net::SocketAddr, process::Stdio, time::Duration};

use anyhow::{Context, Result, bail};
use clap::ValueEnum;
use rust_decimal::Decimal;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
};

use super::{
    accounts::{self, BenchUser},
    load::loaded,
    process, yardstick,
};
use crate::{
    app::{self, told},
    config::Settings,
};

/// One of the two servers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum BenchServer {
    /// The real one.
    Ours,
    /// Bare handlers with hand-written SQL.
    Yardstick,
}

impl BenchServer {
    /// Its name in messages and as an argument.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Ours => "ours",
            Self::Yardstick => "yardstick",
        }
    }
}

/// A server under measurement.
#[derive(Clone)]
pub(super) struct Target {
    /// Which of the two servers.
    pub(super) part: BenchServer,
    /// Its address.
    pub(super) address: SocketAddr,
    /// The access tokens of manager, salesperson and administrator. The yardstick ignores them.
    pub(super) tokens: [String; 3],
}

impl Target {
    /// The access token of a person.
    pub(super) fn token(&self, person: BenchUser) -> &str {
        let [manager, salesperson, administrator] = &self.tokens;
        match person {
            BenchUser::Manager => manager,
            BenchUser::Salesperson => salesperson,
            BenchUser::Administrator => administrator,
        }
    }
}

/// The child process: serves on a loopback port until its input ends. Calls `ready` with the address and the
/// access tokens of all persons.
pub async fn serve(
    part: BenchServer,
    settings: Settings,
    ready: impl FnOnce(&str) -> Result<()>,
) -> Result<()> {
    let mut settings = settings;
    settings.listen = ([127, 0, 0, 1], 0).into();
    settings.auth.access_ttl = Duration::from_hours(24);
    let served = async {
        let server = app::open_server(&settings).await?;
        let company = &server.company;
        let world = loaded(company).await.map_err(told)?;
        match part {
            BenchServer::Ours => {
                let mut tokens = Vec::new();
                for person in BenchUser::ALL {
                    tokens.push(accounts::sign_in(company, person).await.map_err(told)?);
                }
                let tokens = tokens.join(" ");
                let listener = app::listen(&settings).await?;
                let http = app::http_settings(&settings)?;
                app::serve(&server, &settings, listener, http, |address| {
                    ready(&format!("{address} {tokens}"))
                })
                .await
            }
            BenchServer::Yardstick => {
                yardstick::serve(&company.database, world, settings.listen, |address| {
                    ready(&format!("{address} - - -"))
                })
                .await
            }
        }
    };
    // If the run is killed, our input closes. So no server is left behind.
    let left =
        tokio::task::spawn_blocking(|| std::io::copy(&mut std::io::stdin(), &mut std::io::sink()));
    tokio::select! {
        served = served => served,
        _ = left => Ok(()),
    }
}

/// A serving child process.
pub(super) struct ServerProcess {
    pub(super) target: Target,
    child: Child,
}

impl ServerProcess {
    /// Starts this program as a child process on the settings' database.
    ///
    /// The child logs only warnings, because the yardstick has no log. It ends when this value is dropped.
    pub(super) async fn start(part: BenchServer, settings: &Settings) -> Result<Self> {
        let mut child = Command::new(std::env::current_exe()?)
            .args(["bench", "serve", part.name()])
            // A variable, because the URL may contain a password and arguments are visible to everyone.
            .env("TRADEWIND_DATABASE_URL", settings.database_url.expose())
            .env("TRADEWIND_LOG_FILTER", "warn")
            .env(
                "TRADEWIND_DATABASE_MAX_CONNECTIONS",
                settings.database.max_connections.to_string(),
            )
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let out = child.stdout.take().context("the child has no output")?;
        let mut line = String::new();
        BufReader::new(out).read_line(&mut line).await?;
        let told: Vec<_> = line.split_whitespace().collect();
        let [address, tokens @ ..] = told.as_slice() else {
            bail!("the {} server did not start", part.name());
        };
        let [manager, salesperson, administrator] = tokens else {
            bail!("the {} server did not sign in", part.name());
        };
        let tokens = [manager, salesperson, administrator].map(|token| (*token).to_owned());
        let target = Target { part, address: address.parse()?, tokens };
        Ok(Self { target, child })
    }

    /// The number of its process. None if it has ended.
    pub(super) fn process(&self) -> Option<u32> {
        self.child.id()
    }

    /// The memory in use and the part that is not mapped files, in MiB. None if it cannot be read.
    pub(super) fn memory(&self) -> Option<(Decimal, Decimal)> {
        process::memory(&[self.process()?])
    }
}
